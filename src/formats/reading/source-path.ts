import { asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import { remembered } from '#base/remembered.ts';
import { percentDecoded } from './percent-text.ts';

/** Directories that paths of a run are relative to, or that can be taken off absolute ones. */
export interface PathRoots {
  readonly bases: JsonObject;
  /** The base id that stands for the root of the repository (`versionControlProvenance[].mappedTo`). */
  readonly repositoryBase: string | undefined;
  /** Absolute directories, each ending in a slash, in the order in which they are tried. */
  readonly directories: readonly string[];
}

const DEEPEST_BASE = 8;

/** `workingDirectories` and `root` (from the person who imports) as the report or the person spells them. */
export function pathRoots(
  bases: JsonObject,
  repositoryBase: string | undefined,
  workingDirectories: readonly string[],
  root: string | null,
): PathRoots {
  const ofBases = Object.keys(bases)
    .map((id) => resolveBase(bases, id))
    .flatMap((base) => (base.directory === null ? [] : [base.directory + base.below]))
    .sort((a, b) => a.length - b.length);
  const ofRepository =
    repositoryBase === undefined
      ? []
      : [resolveBase(bases, repositoryBase)].flatMap((base) =>
          base.directory === null ? [] : [base.directory + base.below],
        );
  const others = [...workingDirectories, ...(root === null ? [] : [root])].map((directory) =>
    asDirectory(plainPath(directory)),
  );
  const directories = [...ofRepository, ...ofBases, ...others].filter(
    (directory) => isAbsolute(directory) && !isTopmost(directory),
  );
  return { bases, repositoryBase, directories: [...new Set(directories)] };
}

/**
 * The path of a file relative to the root of its repository, with slashes (design: identity, resource).
 * It stays absolute where no root is known; addresses of other schemes stay as they are.
 */
export function sourcePath(uri: string, uriBaseId: string | undefined, roots: PathRoots): string {
  const path = plainPath(uri);
  if (isAbsolute(path)) return withoutRoot(path, roots.directories);
  if (uriBaseId === undefined) return path;
  if (uriBaseId === roots.repositoryBase) return path;
  const base = resolveBase(roots.bases, uriBaseId, roots.repositoryBase);
  const below = base.below + path;
  if (base.directory === null) return below;
  const inRepository =
    roots.repositoryBase === undefined
      ? undefined
      : roots.directories.find((directory) => base.directory?.startsWith(directory) ?? false);
  return inRepository === undefined ? below : (base.directory + below).slice(inRepository.length);
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Z]:\//.test(path);
}

interface Base {
  /** The absolute directory that the chain of bases ends in; null where it ends in a name only. */
  readonly directory: string | null;
  /** What lies between that directory and the base. */
  readonly below: string;
}

function resolveBase(bases: JsonObject, id: string, stopAt?: string): Base {
  let below = '';
  let current: string | undefined = id;
  for (let depth = 0; depth < DEEPEST_BASE && current !== undefined && current !== stopAt; depth++) {
    const base = Object.hasOwn(bases, current) ? asObject(bases[current]) : undefined;
    const uri = asText(base?.['uri']);
    if (uri !== undefined) {
      const path = asDirectory(plainPath(uri));
      // A base that other bases stand on is the root; what stands between is part of the path.
      if (isAbsolute(path)) return { directory: path, below };
      below = path + below;
    }
    current = asText(at(base, 'uriBaseId'));
  }
  return { directory: null, below };
}

function withoutRoot(path: string, directories: readonly string[]): string {
  const directory = directories.find((each) => path.startsWith(each));
  return directory === undefined ? path : path.slice(directory.length);
}

function asDirectory(path: string): string {
  return path === '' || path.endsWith('/') ? path : `${path}/`;
}

function isTopmost(directory: string): boolean {
  return directory === '/' || /^[A-Z]:\/$/.test(directory);
}

/** A `file:` address or path of any system with slashes, without host, percent signs decoded. */
const plainPath = remembered(5_000, (uri: string): string => {
  const text = uri.trim();
  const file = /^file:(?:\/\/[^/\\]*)?/i.exec(text);
  if (file === null && /^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return text;
  let path = percentDecoded(file === null ? text : text.slice(file[0].length)).replaceAll('\\', '/');
  if (/^\/[A-Za-z]:\//.test(path)) path = path.slice(1);
  if (/^[a-z]:\//.test(path)) path = path.charAt(0).toUpperCase() + path.slice(1);
  while (path.startsWith('./')) path = path.slice(2);
  return path;
});
