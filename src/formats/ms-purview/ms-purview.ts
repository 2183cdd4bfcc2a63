import {
  asArray,
  asNumber,
  asObject,
  asObjects,
  asText,
  at,
  type JsonObject,
  type JsonValue,
} from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import { oneLine } from '#base/text.ts';
import type {
  FormatsKept,
  ReadContext,
  ReportFormat,
  ReportHead,
  ReportItem,
} from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readHead } from '../reading/describe-head.ts';
import { assetData, assetOf } from './asset-data.ts';

/** Assets of the data map of Microsoft Purview: what stores hold, as scans classified it and people labelled it. */
export const msPurview: ReportFormat = {
  id: 'ms-purview',
  title: 'Microsoft Purview data map (search answers, entities), sensitivity labels',
  command:
    'az rest --method post --url "https://ACCOUNT.purview.azure.com/datamap/api/search/query?api-version=2023-09-01" --resource https://purview.azure.net --body \'{"keywords":null,"limit":1000}\' > purview-assets.json',
  memory: { restore: restoreLabels, tell: tellLabels },
  claims,
  read,
};

/** Where the lists of an answer stand: of a search, of entities, of the columns that entities refer to. */
const LISTS = ['value', 'entities'] as const;

function claims(head: ReportHead): boolean {
  if (Array.isArray(head.json)) return isAnswer(asObject(head.json[0])) || isEntry(asObject(head.json[0]));
  return isAnswer(asObject(head.json)) || isEntry(asObject(head.json));
}

function isAnswer(object: JsonObject | undefined): boolean {
  if (object === undefined) return false;
  if (Array.isArray(object['value']) && '@search.count' in object) return true;
  if (isListOfLabels(object)) return true;
  const first = LISTS.map((list) => asObject(asArray(object[list])[0])).find((each) => each !== undefined);
  return isEntry(first) || isEntry(asObject(object['entity'])) || isEmptyBulk(object);
}

function isEmptyBulk(object: JsonObject): boolean {
  return Array.isArray(object['entities']) && asObject(object['referredEntities']) !== undefined;
}

/** Microsoft Graph says in its context what a list holds. */
function isListOfLabels(object: JsonObject): boolean {
  return (
    Array.isArray(object['value']) &&
    /sensitivityLabels?(?:\(|$)/i.test(asText(object['@odata.context']) ?? '')
  );
}

function isEntry(entry: JsonObject | undefined): boolean {
  if (entry === undefined) return false;
  const isResult = asText(entry['qualifiedName']) !== undefined && asText(entry['entityType']) !== undefined;
  return (
    isResult ||
    (asText(entry['typeName']) !== undefined &&
      asText(at(entry, 'attributes', 'qualifiedName')) !== undefined)
  );
}

async function* read(input: ReportInput, { kept }: ReadContext): AsyncGenerator<ReportItem> {
  const head = await readHead(input);
  yield {
    kind: 'scan',
    scan: { tool: 'purview', time: null, scope: { is: 'inventory' }, coverage: 'none' },
  };
  const labels = labelsOf(kept);
  const seen = new PageCount();
  const isLines = head.shape === 'json-lines';
  const patterns = isLines
    ? ['']
    : Array.isArray(head.json)
      ? ['*']
      : ['value.*', 'entities.*', 'entity', 'referredEntities.*'];
  let isLone = !isLines && !Array.isArray(head.json);
  for await (const event of sliceJson(input.open(), { patterns, documents: isLines })) {
    if (event.kind === 'bad') {
      isLone = false;
      yield {
        kind: 'reject',
        at: event.path || 'entry',
        code: 'not_json',
        message: `Expected an asset: ${event.message}.`,
      };
    } else if (event.kind === 'element') {
      isLone = false;
      yield* readElement(event.value, event.path || 'entry', labels, seen);
    } else if (event.depth === 0 && !isLines && !Array.isArray(head.json)) {
      // An entity may stand alone.
      if (isLone && isEntry(event.value)) yield* readElement(event.value, 'entry', labels, seen);
      seen.close(event.value);
    }
  }
  const remark = seen.remark();
  if (remark !== null) yield { kind: 'beside', observations: [], remark };
}

/** An asset, or in a file of several answers one of these. */
function* readElement(
  value: JsonValue,
  place: string,
  labels: Map<string, string>,
  seen: PageCount,
): Generator<ReportItem> {
  const object = asObject(value);
  if (object !== undefined && !isEntry(object) && isAnswer(object)) {
    for (const list of LISTS)
      for (const [index, each] of asArray(object[list]).entries())
        yield* readElement(each, `${place}.${list}[${index}]`, labels, seen);
    for (const [guid, each] of Object.entries(asObject(object['referredEntities']) ?? {}))
      yield* readElement(each ?? null, `${place}.referredEntities.${guid}`, labels, seen);
    if (object['entity'] !== undefined) yield* readElement(object['entity'], `${place}.entity`, labels, seen);
    seen.close(object);
    return;
  }
  yield readEntry(object, place, labels, seen);
}

function readEntry(
  object: JsonObject | undefined,
  place: string,
  labels: Map<string, string>,
  seen: PageCount,
): ReportItem {
  if (object === undefined)
    return {
      kind: 'reject',
      at: place,
      code: 'wrong_type',
      message: 'Expected an asset, found another kind of JSON value.',
    };
  const asset = isEntry(object) ? assetOf(object) : null;
  if (asset !== null) {
    seen.add();
    return { kind: 'record', at: place, observations: assetData(asset, labels) };
  }
  if (rememberLabel(object, labels)) return { kind: 'record', at: place, observations: [] };
  return {
    kind: 'reject',
    at: place,
    code: 'missing_field',
    message: 'An asset was expected with "qualifiedName" and "entityType" or "typeName", found none.',
  };
}

/** How much of what a search counts its answers show. */
class PageCount {
  #assets = 0;
  #counted = 0;
  #hasMore = false;

  add(): void {
    this.#assets++;
  }

  close(answer: JsonObject): void {
    this.#counted = Math.max(this.#counted, asNumber(answer['@search.count']) ?? 0);
    if (asText(answer['continuationToken']) !== undefined) this.#hasMore = true;
    else if (answer['@search.count'] !== undefined) this.#hasMore = false;
  }

  /** Null where all of it is there, as far as the answers tell. */
  remark(): string | null {
    if (this.#counted > this.#assets)
      return `These are ${this.#assets} of the ${this.#counted} assets that the search counts: the other pages are to be imported, too, and what they said stands.`;
    return this.#hasMore ? 'The search has more pages: they are to be imported, too.' : null;
  }
}

const KEPT = 'ms-purview';
const LABELS_MAX = 1_000;

/** Labels by their ids, in lower case. Assets name labels by ids alone. */
function labelsOf(kept: FormatsKept | undefined): Map<string, string> {
  const known = kept?.get(KEPT);
  if (known instanceof Map) return known as Map<string, string>;
  const labels = new Map<string, string>();
  kept?.set(KEPT, labels);
  return labels;
}

function restoreLabels(told: JsonValue | null): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [id, name] of Object.entries(asObject(told) ?? {}))
    if (typeof name === 'string') labels.set(id, name);
  return labels;
}

function tellLabels(kept: unknown): JsonValue {
  return kept instanceof Map ? (Object.fromEntries(kept) as JsonObject) : {};
}

/** A label of Microsoft Graph and those below it, under the name of their parent: "Confidential \ Project Falcon". */
function rememberLabel(object: JsonObject, labels: Map<string, string>): boolean {
  const id = asText(object['id'])?.toLowerCase();
  const name = asText(object['displayName']) ?? asText(object['name']);
  if (id === undefined || name === undefined || !/^[0-9a-f-]{36}$/.test(id)) return false;
  // An asset that lost its address is no label.
  if (asText(object['entityType']) !== undefined || asText(object['typeName']) !== undefined) return false;
  const parent = asText(at(object, 'parent', 'displayName')) ?? asText(at(object, 'parent', 'name'));
  const full = oneLine(parent === undefined ? name : `${parent} \\ ${name}`, 100);
  if (labels.size < LABELS_MAX || labels.has(id)) labels.set(id, full);
  for (const below of asObjects(object['sublabels']))
    rememberLabel({ ...below, parent: { name: full } }, labels);
  return true;
}
