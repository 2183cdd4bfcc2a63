import { asObject, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { CoverageObservation, FindingObservation, Observation } from '#domain/finding/observation.ts';
import type { EntryKey } from '#domain/ports/entry-memory.ts';
import type { ReadContext, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { RememberedEntries } from '../reading/remembered-entries.ts';
import { mapMisconfiguration } from './map-misconfiguration.ts';
import { mapSecret } from './map-secret.ts';
import { mapVulnerability } from './map-vulnerability.ts';
import {
  isResultPath,
  RECORD_LISTS,
  type ReportOutline,
  readOutline,
  recordPaths,
  resourcePathOf,
  resultPathOf,
} from './report-outline.ts';
import { describeScan, type ReportScan } from './report-scan.ts';
import { contextOfClusterResult, contextOfResult, type ResultContext } from './result-context.ts';

/** Reads a report of Trivy, entry by entry. */
export async function* readTrivy(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const outline = await readOutline(input);
  const scan = describeScan(outline, context);
  yield { kind: 'scan', scan: scan.description };
  if (outline.shape === 'null') return;
  if (scan.builtFrom !== null) yield { kind: 'beside', observations: [scan.builtFrom] };
  const contexts = new ResultContexts(outline, scan);
  const remembered = new RememberedEntries(context.memory, ({ pattern, path, parents }) => {
    const list = listOf(pattern);
    return list === MODIFIED ? null : contexts.textOf(list, path, parents);
  });
  const options = { ...recordPaths(outline.shape), recall: remembered.recall };
  for await (const event of sliceJson(input.open(), options)) {
    if (event.kind === 'close') {
      const observations = contexts.observationsAtEnd(event.path, event.value, event.parents);
      if (observations.length > 0) yield { kind: 'beside', observations };
      continue;
    }
    const list = listOf(event.pattern);
    if (list === MODIFIED) {
      const modified =
        event.kind === 'element' ? mapModified(event.value, contexts.of(event.path, event.parents)) : null;
      if (modified !== null) yield { kind: 'beside', observations: [modified] };
      continue;
    }
    if (event.kind === 'bad') {
      yield {
        kind: 'reject',
        at: event.path,
        code: 'too_large',
        message: `An entry of ${list} is ${event.message}.`,
      };
      continue;
    }
    yield readRecord(list, event.path, event.value, contexts.of(event.path, event.parents), remembered.key);
  }
}

type RecordList = (typeof RECORD_LISTS)[number];

const MODIFIED = 'ExperimentalModifiedFindings';

function listOf(pattern: number): RecordList {
  return RECORD_LISTS[pattern % RECORD_LISTS.length] as RecordList;
}

function readRecord(
  list: keyof typeof MAPPINGS,
  at: string,
  value: JsonValue,
  result: ResultContext,
  key: EntryKey | null,
): ReportItem {
  const record = asObject(value);
  if (record === undefined)
    return { kind: 'reject', at, code: 'wrong_type', message: `An object was expected in ${list}.` };
  const finding = MAPPINGS[list](record, result);
  if (typeof finding === 'string')
    return { kind: 'reject', at, code: 'missing_field', message: `In an entry of ${list} ${finding}.` };
  return { kind: 'record', at, observations: [finding], key };
}

const MAPPINGS = {
  Vulnerabilities: mapVulnerability,
  Misconfigurations: mapMisconfiguration,
  Secrets: mapSecret,
};
const MAPPING_OF_TYPE: ReadonlyMap<
  string | undefined,
  (record: JsonObject, result: ResultContext) => FindingObservation | string
> = new Map([
  ['vulnerability', mapVulnerability],
  ['misconfiguration', mapMisconfiguration],
  ['secret', mapSecret],
]);

/**
 * A finding that Trivy left out of its lists: ignored by a file of the project, or ruled out by a VEX
 * document. It is no entry in the report's count.
 */
function mapModified(value: JsonValue, result: ResultContext): FindingObservation | null {
  const modified = asObject(value);
  const record = asObject(modified?.['Finding']);
  const map = MAPPING_OF_TYPE.get(asText(modified?.['Type']));
  const finding = record === undefined ? undefined : map?.(record, result);
  if (finding === undefined || typeof finding === 'string') return null;
  const status = asText(modified?.['Status']);
  const reason =
    asText(modified?.['Statement']) ?? `${status ?? 'ignored'} in ${asText(modified?.['Source']) ?? 'Trivy'}`;
  switch (status) {
    case 'not_affected':
    case 'fixed':
      return { ...finding, state: { is: 'ended', why: reason, passed: false } };
    case 'affected':
    case 'under_investigation':
      return finding;
    default:
      return { ...finding, state: { is: 'suppressed', reason } };
  }
}

const CLASSES: ReadonlyMap<string, string> = new Map([
  ['os-pkgs', 'os-packages'],
  ['lang-pkgs', 'libraries'],
  ['config', 'configuration'],
  ['secret', 'secrets'],
]);

/** The context of the result that is being read; it changes once per result, not once per entry. */
class ResultContexts {
  readonly #outline: ReportOutline;
  readonly #scan: ReportScan;
  #result: JsonObject | null = null;
  #context: ResultContext | null = null;
  readonly #texts = new Map<RecordList, string>();
  /** Images of the object of the cluster that is being read, by reference. */
  readonly #images = new Map<string, Observation>();

  constructor(outline: ReportOutline, scan: ReportScan) {
    this.#outline = outline;
    this.#scan = scan;
  }

  /** Of an entry: its result is the second last of the containers around it. */
  of(path: string, parents: readonly JsonObject[]): ResultContext {
    const result = parents.at(-2) as JsonObject;
    if (this.#context === null || result !== this.#result) {
      this.#result = result;
      this.#context = this.#describe(resultPathOf(path), result, parents.at(-4));
      this.#texts.clear();
    }
    return this.#context;
  }

  /** Everything that an entry of this list is read with, as one text. */
  textOf(list: RecordList, path: string, parents: readonly JsonObject[]): string {
    const context = this.of(path, parents);
    let text = this.#texts.get(list);
    if (text === undefined) {
      text = JSON.stringify([list, context]);
      this.#texts.set(list, text);
    }
    return text;
  }

  /** What the end of a result or of an object of the cluster tells: that it was looked at, and what it runs. */
  observationsAtEnd(path: string, value: JsonObject, parents: readonly JsonObject[]): readonly Observation[] {
    if (isResultPath(path)) {
      const context = this.#describe(path, value, parents.at(-2));
      const { kubernetes, resource } = context;
      if (kubernetes !== null && resource.kind === 'image') {
        this.#images.set(resource.reference, {
          kind: 'relation',
          relation: 'runs-image',
          from: kubernetes,
          to: resource,
        });
      }
      return coverageOf(context);
    }
    if (this.#scan.cluster === undefined || path === '') return [];
    const relations = [...this.#images.values()];
    this.#images.clear();
    return relations;
  }

  #describe(path: string, result: JsonObject, object: JsonObject | undefined): ResultContext {
    const header = this.#outline.headers?.get(path) ?? result;
    if (this.#scan.cluster === undefined) return contextOfResult(header, this.#scan);
    const objectHeader = this.#outline.headers?.get(resourcePathOf(path) ?? '') ?? object ?? {};
    return contextOfClusterResult(header, objectHeader, this.#scan.cluster);
  }
}

function coverageOf({ cover, resultClass }: ResultContext): readonly CoverageObservation[] {
  const findingClass = CLASSES.get(resultClass);
  if (cover === undefined && findingClass === undefined) return [];
  return [{ kind: 'coverage', cover, findingClass }];
}
