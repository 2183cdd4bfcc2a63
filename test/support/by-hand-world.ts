import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { JsonObject, JsonValue } from '../../src/base/json-value.ts';

/**
 * Worlds that are written by hand, a file for each account: file names of answers of the AWS CLI (and other reports) with what
 * each holds. They are laid out as a person has them on disk: a folder for each account, in it one for each region.
 */
export interface WorldFolder {
  readonly root: string;
  readonly files: readonly string[];
  remove(): Promise<void>;
}

export async function layOut(world: string, accounts: readonly string[]): Promise<WorldFolder> {
  const root = await mkdtemp(join(tmpdir(), 'by hand '));
  const files: string[] = [];
  for (const account of accounts) {
    const answers = JSON.parse(await readFile(join(world, `${account}.json`), 'utf8')) as JsonObject;
    for (const [name, answer] of Object.entries(answers) as [string, JsonValue][]) {
      const path = join(root, account, name);
      files.push(path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, typeof answer === 'string' ? answer : JSON.stringify(asAnswered(answer)));
    }
  }
  return { root, files, remove: () => rm(root, { recursive: true }) };
}

/** Members in which the CLI prints a policy as text. */
const POLICY_TEXTS = new Set(['Policy', 'ResourcePolicy', 'Content', 'policyText', 'AccessPolicies']);

function asAnswered(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(asAnswered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, each]) => [
      member,
      POLICY_TEXTS.has(member) && (each as JsonObject | null)?.['Statement'] !== undefined
        ? JSON.stringify(each)
        : asAnswered(each as JsonValue),
    ]),
  );
}

/** The rows of a Markdown table, cell by cell. */
export async function tableRows(file: string): Promise<readonly (readonly string[])[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`|`$/g, '')),
    );
}
