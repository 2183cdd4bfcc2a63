import { basename, dirname } from 'node:path';
import { asObject, asText, parseJson } from '#base/json-value.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { isAwsRegion } from '#domain/resource/aws-region.ts';
import type { ImportOptions } from './import-options.ts';

/** Account, region and repository that a file is about, as far as the folders around it tell; null where they do not. */
export interface FolderPlace {
  readonly account: string | null;
  readonly region: string | null;
  /** `github.com/acme/shop`. */
  readonly repository: string | null;
}

const IDENTITY = /(?:^|[^a-z])get-caller-identity(?:\.json)?$/i;
/** Hosts of repositories, below which checkouts lie in folders of the owner and the name. */
const HOSTS = /^(?:git|github|gitlab|bitbucket|codeberg)(?:\.[a-z0-9-]+){1,5}$/i;
const ANSWER_BYTES_MAX = 64 * 1024;

/**
 * The folder contract of inventories (attack-paths §1.5): `sts-get-caller-identity.json` names the account of
 * all that lies in its folder or below it, the nearest one counts; a folder named like a region names the region; folders
 * `github.com/acme/shop`, as checkouts lie below a host's name, name the repository.
 * The same within an archive.
 */
export class FolderPlaces {
  readonly #accounts = new Map<string, string>();

  /** Takes note of a file that is the answer of `aws sts get-caller-identity`; looks at no other. */
  async learn(input: ReportInput): Promise<void> {
    const parts = partsOf(input.name);
    if (!isIdentityAnswer(parts.at(-1) ?? '')) return;
    const account = await accountIn(input);
    if (account !== null) this.#accounts.set(folderOf(parts), account);
  }

  placeOf(name: string): FolderPlace {
    const parts = partsOf(name);
    const folders = parts.slice(0, -1);
    let account: string | null = null;
    for (let depth = folders.length; depth >= 0 && account === null; depth--)
      account = this.#accounts.get(folders.slice(0, depth).join('/')) ?? null;
    return {
      account,
      region: folders.findLast(isAwsRegion) ?? null,
      repository: repositoryAt(folders),
    };
  }
}

/**
 * Where the answer that tells the account of a file may lie that is asked for by itself: its folder, and the one above where
 * that is one of a region. None for that answer itself.
 */
export function foldersOfAccount(path: string): readonly string[] {
  if (isIdentityAnswer(basename(path))) return [];
  const folder = dirname(path);
  return isAwsRegion(basename(folder)) ? [folder, dirname(folder)] : [folder];
}

/** Flags override what folders say. */
export function optionsAt(name: string, options: ImportOptions, places: FolderPlaces): ImportOptions {
  const { account, region, repository } = places.placeOf(name);
  return {
    ...options,
    account: options.account ?? account,
    region: options.region ?? region,
    scope:
      repository === null || options.scope['repository'] !== undefined
        ? options.scope
        : { ...options.scope, repository },
  };
}

/** `src/github.com/acme/shop/docs`: the nearest host with two folders below it. */
function repositoryAt(folders: readonly string[]): string | null {
  const host = folders.findLastIndex((folder) => HOSTS.test(folder));
  const [owner, name] = host < 0 ? [] : folders.slice(host + 1);
  return owner === undefined || name === undefined ? null : `${folders[host]}/${owner}/${name}`;
}

/** Files that may hold such an answer by their name: itself, or an archive. */
export function mayNameAccount(name: string): boolean {
  return isIdentityAnswer(basename(name)) || /\.(?:zip|tar|tgz|tar\.(?:gz|zst))$/i.test(name);
}

/** Whether a file is called like the answer of `aws sts get-caller-identity`. */
export function isIdentityAnswer(fileName: string): boolean {
  return IDENTITY.test(fileName);
}

function partsOf(name: string): readonly string[] {
  return name.split(/[/\\!]/).filter((part) => part !== '.');
}

function folderOf(parts: readonly string[]): string {
  return parts.slice(0, -1).join('/');
}

/** Null for what is no such answer: the reading of the file says what is wrong with it. */
async function accountIn(input: ReportInput): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input.open()) {
    length += chunk.length;
    if (length > ANSWER_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  let answer: ReturnType<typeof asObject>;
  try {
    answer = asObject(parseJson(Buffer.concat(chunks).toString('utf8')));
  } catch {
    return null;
  }
  const account = asText(answer?.['Account']);
  return account !== undefined &&
    /^\d{12}$/.test(account) &&
    asText(answer?.['Arn'])?.startsWith('arn:') === true
    ? account
    : null;
}
