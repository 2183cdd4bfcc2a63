import { InboxError } from '#base/inbox-error.ts';
import type { JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstCharacter } from '../reading/first-character.ts';

/** What a report says around its records. */
export interface ReportOutline {
  readonly shape: 'object' | 'list' | 'null';
  readonly isCluster: boolean;
  /** Members of the report itself; empty for a list. */
  readonly root: JsonObject;
  /** The first result, as the report states it before its records. */
  readonly firstResult: JsonObject;
  /** Headers of results and resources by their path, only where they stand behind their records. */
  readonly headers: ReadonlyMap<string, JsonObject> | null;
}

/** The lists of a result that hold entries, in the order of `RECORD_PATTERNS`. */
export const RECORD_LISTS = [
  'Vulnerabilities',
  'Misconfigurations',
  'Secrets',
  'ExperimentalModifiedFindings',
] as const;

const UNREAD_LISTS = ['Packages', 'Licenses', 'CustomResources'] as const;
const OBJECT_RESULTS = [
  'Results.*',
  'Resources.*.Results.*',
  'Findings.*.Results.*',
  'Vulnerabilities.*.Results.*',
  'Misconfigurations.*.Results.*',
];
const LIST_RESULTS = ['*'];
const CLUSTER_LIST = /^(?:Resources|Findings|Vulnerabilities|Misconfigurations)\[/;
const HEADERS_MAX = 500_000;

/** Where the entries of a report stand; `patterns[i]` is of the list `RECORD_LISTS[i % 4]`. */
export function recordPaths(shape: 'object' | 'list'): {
  readonly patterns: readonly string[];
  readonly skip: readonly string[];
} {
  const results = shape === 'list' ? LIST_RESULTS : OBJECT_RESULTS;
  return {
    patterns: results.flatMap((result) => RECORD_LISTS.map((list) => `${result}.${list}.*`)),
    skip: results.flatMap((result) => UNREAD_LISTS.map((list) => `${result}.${list}`)),
  };
}

/**
 * Reads what stands around the records: up to the first of them, where the report is in Trivy's own
 * order (names before lists); through the whole report, where its keys were sorted.
 */
export async function readOutline(input: ReportInput): Promise<ReportOutline> {
  const shape = await shapeOf(input);
  if (shape === 'null') return { shape, isCluster: false, root: {}, firstResult: {}, headers: null };
  const { patterns, skip } = recordPaths(shape);
  let root: JsonObject = {};
  let firstResult: JsonObject | null = null;
  let isCluster = false;
  for await (const event of sliceJson(input.open(), { patterns, skip, ignoresRest: true })) {
    if (event.kind === 'bad') continue;
    isCluster ||= CLUSTER_LIST.test(event.path);
    if (event.kind === 'element') {
      root = event.parents[0] as JsonObject;
      const result = event.parents.at(-2) as JsonObject;
      if (!isInOrder(shape, root, result)) return readWholeOutline(input, shape);
      return { shape, isCluster, root, firstResult: firstResult ?? result, headers: null };
    }
    if (event.depth === 0) root = event.value;
    else if (isResultPath(event.path)) firstResult ??= event.value;
  }
  return {
    shape,
    isCluster: isCluster || 'ClusterName' in root,
    root,
    firstResult: firstResult ?? {},
    headers: null,
  };
}

/** True for the path of a result, `Results[2]` or `[2]`, or of a resource's, `Resources[1].Results[2]`. */
export function isResultPath(path: string): boolean {
  return /(?:^|Results)\[\d+\]$/.test(path);
}

/**
 * Trivy writes these names first. Whether others stand before the entries cannot be told from what was
 * read with them: a small report is read as a whole.
 */
function isInOrder(shape: 'object' | 'list', root: JsonObject, result: JsonObject): boolean {
  if (firstKey(result) !== 'Target') return false;
  const first = firstKey(root);
  return shape === 'list' || first === 'SchemaVersion' || first === 'ClusterName';
}

function firstKey(object: JsonObject): string | undefined {
  for (const key in object) return key;
  return undefined;
}

async function readWholeOutline(input: ReportInput, shape: 'object' | 'list'): Promise<ReportOutline> {
  const { patterns, skip } = recordPaths(shape);
  const headers = new Map<string, JsonObject>();
  let root: JsonObject = {};
  let firstResult: JsonObject | null = null;
  let isCluster = false;
  const lists = patterns.map((pattern) => pattern.slice(0, -2));
  // Patterns that nothing matches make the slicer walk to the results without building their entries.
  const walk = lists.map((list) => `${list.slice(0, list.lastIndexOf('.'))}.\0`);
  for await (const event of sliceJson(input.open(), {
    patterns: walk,
    skip: [...skip, ...lists],
    ignoresRest: true,
  })) {
    if (event.kind !== 'close') continue;
    isCluster ||= CLUSTER_LIST.test(event.path);
    if (event.depth === 0) root = event.value;
    else headers.set(event.path, event.value);
    if (isResultPath(event.path)) firstResult ??= event.value;
    if (headers.size > HEADERS_MAX)
      throw new InboxError(
        'too_large',
        `The report has more than ${HEADERS_MAX} results and sorted keys; write it without sorting and import that.`,
      );
  }
  return { shape, isCluster, root, firstResult: firstResult ?? {}, headers };
}

async function shapeOf(input: ReportInput): Promise<'object' | 'list' | 'null'> {
  const first = await firstCharacter(input);
  if (first === '')
    throw new InboxError('report_empty', 'The file is empty; a report of Trivy was expected.');
  return first === '{' ? 'object' : first === '[' ? 'list' : 'null';
}

/** `Results[2]` for `Results[2].Secrets[0]`. */
export function resultPathOf(recordPath: string): string {
  return recordPath.slice(0, Math.max(0, recordPath.lastIndexOf('.')));
}

/** `Resources[1]` for `Resources[1].Results[2]`; undefined where the result is of no resource. */
export function resourcePathOf(resultPath: string): string | undefined {
  const dot = resultPath.lastIndexOf('.');
  return dot < 0 ? undefined : resultPath.slice(0, dot);
}
