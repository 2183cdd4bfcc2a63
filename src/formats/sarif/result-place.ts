import { asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import type { Location, Place } from '#domain/finding/observation.ts';
import { type PathRoots, sourcePath } from '../reading/source-path.ts';

/** Where a result points, as far as it says. */
export interface ResultLocation {
  /** Relative to the root of the repository where one is known; empty where the result names no file. */
  readonly path: string;
  readonly line: number | undefined;
  /** The flagged text (`region.snippet`). */
  readonly snippet: string | undefined;
  /** The name of the thing in the file (`logicalLocations`). */
  readonly logicalName: string | undefined;
}

/** Files of a run by their index: results may refer to them instead of spelling the path. */
export type ArtifactList = readonly (
  | { readonly uri: string; readonly uriBaseId: string | undefined }
  | undefined
)[];

const LARGEST_LINE = 2 ** 31 - 1;
const LONGEST_TEXT = 4_000;
const MOST_LOCATIONS = 20;

/** The location of one entry of `locations`. */
export function readLocation(
  location: JsonObject,
  artifacts: ArtifactList,
  roots: PathRoots,
): ResultLocation {
  const physical = asObject(location['physicalLocation']);
  const artifact = asObject(physical?.['artifactLocation']);
  const index = artifact?.['index'];
  const listed = typeof index === 'number' ? artifacts[index] : undefined;
  const uri = asText(artifact?.['uri']) ?? listed?.uri;
  const uriBaseId = asText(artifact?.['uriBaseId']) ?? listed?.uriBaseId;
  const region = asObject(physical?.['region']);
  const line = region?.['startLine'];
  const logical = asObjects(location['logicalLocations'])[0];
  return {
    path: uri === undefined ? '' : sourcePath(uri, uriBaseId, roots),
    line:
      typeof line === 'number' && Number.isInteger(line) && line > 0 && line <= LARGEST_LINE
        ? line
        : undefined,
    snippet: asText(at(region, 'snippet', 'text'))?.slice(0, LONGEST_TEXT),
    logicalName: asText(logical?.['fullyQualifiedName']) ?? asText(logical?.['name']),
  };
}

export const NOWHERE: ResultLocation = {
  path: '',
  line: undefined,
  snippet: undefined,
  logicalName: undefined,
};

/** All places of a result for people to see; the first of them is the one that the identity is made of. */
export function shownLocations(locations: readonly ResultLocation[]): readonly Location[] {
  return locations
    .slice(0, MOST_LOCATIONS)
    .flatMap((each) => (each.path === '' ? [] : [{ path: each.path, line: each.line }]));
}

/** Semgrep prints this instead of a fingerprint, and instead of the flagged text, to who is not signed in. */
const WITHHELD = 'requires login';

/** Keys of fingerprints that say where something stands, or hash the whole file. */
const NOT_OF_THE_RESULT = /file.?hash|column|line.?number/i;

/**
 * The place of a result in code (design: identity, place): the tool's own fingerprint of that result, else its
 * `primaryLocationLineHash`, else the flagged text, else the message. `shared` holds the fingerprints that stand
 * under more than one rule of the run.
 */
export function codePlace(
  result: JsonObject,
  location: ResultLocation,
  message: string | undefined,
  shared: ReadonlySet<string>,
): Place {
  const flagged = location.snippet?.trim();
  return {
    is: 'code',
    path: location.path,
    toolFingerprint:
      ownFingerprint(result['fingerprints'], shared) ?? lineHash(result['partialFingerprints']),
    flaggedText: flagged === '' || flagged === WITHHELD ? undefined : flagged,
    message,
    line: location.line,
  };
}

/** The fingerprint of a result that could tell it from others: the first by key that is no constant. */
export function ownFingerprint(fingerprints: unknown, shared: ReadonlySet<string>): string | undefined {
  const object = asObject(fingerprints);
  if (object === undefined) return undefined;
  for (const key of Object.keys(object).sort()) {
    const value = asText(object[key]);
    if (value !== undefined && value !== WITHHELD && !NOT_OF_THE_RESULT.test(key) && !shared.has(value))
      return value.slice(0, LONGEST_TEXT);
  }
  return undefined;
}

function lineHash(partialFingerprints: unknown): string | undefined {
  const object = asObject(partialFingerprints);
  if (object === undefined) return undefined;
  for (const [key, value] of Object.entries(object)) {
    // Versions of one fingerprint are told apart by a suffix: `primaryLocationLineHash/v1`.
    if (key === 'primaryLocationLineHash' || key.startsWith('primaryLocationLineHash/'))
      return asText(value)?.slice(0, LONGEST_TEXT);
  }
  return undefined;
}
