import { asObject, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { Observation } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readHead } from '../reading/describe-head.ts';
import { isTemplate, readTemplate } from './arm-template.ts';
import { emptyListOf, listingOf, memberListing } from './azure-listing.ts';
import { isArmId, mapAzureObject } from './map-azure-object.ts';
import { entraTypeOf, groupOfFile, mapEntraObject } from './map-entra-object.ts';
import { mapSqlLabel } from './map-sql-label.ts';
import { isSubscriptionEntry, mapSubscriptionEntry } from './map-subscription.ts';

/** Resources of Azure: rows of the Resource Graph, lists of ARM and of `az`, principals of Microsoft Graph. */
export const azureResourceGraph: ReportFormat = {
  id: 'azure-resource-graph',
  title: 'Azure Resource Graph, az … list, Azure Resource Manager',
  command: 'az graph query -q "resources" --first 1000 -o json > azure-resources.json',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const json = head.json;
  if (Array.isArray(json))
    return json.length === 0
      ? groupOfFile(head.name) !== undefined || emptyListOf(head.name) !== null
      : isOurs(asObject(json[0]));
  const report = asObject(json);
  if (report === undefined) return false;
  if (isTemplate(head)) return true;
  if (Array.isArray(report['data']) && COUNTS.some((member) => report[member] !== undefined)) {
    const [first] = report['data'];
    return first === undefined ? report['total_records'] !== undefined : isOurs(asObject(first));
  }
  if (Array.isArray(report['value'])) return isOurs(asObject(report['value'][0]));
  return isOurs(report);
}

/** Beside the rows of an answer of the Resource Graph. */
const COUNTS = ['count', 'total_records', 'totalRecords', 'skip_token', '$skipToken', 'resultTruncated'];

function isOurs(object: JsonObject | undefined): boolean {
  if (object === undefined) return false;
  const type = asText(object['type'])?.toLowerCase();
  if (isArmId(object['id']))
    // Assessments and alerts are findings, which formats of their own read.
    return type === undefined || !/^microsoft\.(?:security|policyinsights|advisor)\//.test(type);
  return isSubscriptionEntry(object) || entraTypeOf(object) !== null;
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const head = await readHead(input);
  const { json, shape } = head;
  yield {
    kind: 'scan',
    scan: { tool: 'azure', time: null, scope: { is: 'inventory' }, coverage: 'listed' },
  };
  if (isTemplate(head)) {
    yield* readTemplate(input, context);
    return;
  }
  const empty = Array.isArray(json) && json.length === 0 ? emptyListOf(input.name) : null;
  if (empty !== null) {
    yield { kind: 'beside', observations: [empty] };
    return;
  }
  const list = Array.isArray(json) ? '' : LISTS.find((key) => Array.isArray(asObject(json)?.[key]));
  const group = groupOfFile(input.name);
  const pattern = list === undefined ? '' : list === '' ? '*' : `${list}.*`;
  const seen = new Map<string, Set<string>>();
  let isPartial = false;
  for await (const event of sliceJson(input.open(), {
    patterns: [pattern],
    documents: shape === 'json-lines',
  })) {
    if (event.kind === 'bad') {
      yield {
        kind: 'reject',
        at: event.path,
        code: 'not_json',
        message: `Expected a resource: ${event.message}.`,
      };
      continue;
    }
    if (event.kind === 'close') {
      // The last page alone names no next one.
      if (event.depth === 0) isPartial = hasMore(event.value);
      continue;
    }
    const item = readEntry(event.value, event.path, group);
    if (item.kind === 'record') remember(item.observations, seen);
    yield item;
  }
  // One object, or lines of them, may be anything that somebody asked for.
  if (list === undefined || isPartial) return;
  if (group !== undefined) {
    yield { kind: 'beside', observations: memberListing(group) };
    return;
  }
  const observations = [...seen].flatMap(([account, types]) =>
    [...types].sort().map((type) => listingOf(account, type)),
  );
  if (observations.length > 0) yield { kind: 'beside', observations };
}

const LISTS = ['data', 'value'] as const;

function hasMore(answer: JsonObject): boolean {
  const { count, total_records: total } = answer;
  return (
    ['nextLink', '@odata.nextLink', 'skip_token', '$skipToken'].some(
      (member) => asText(answer[member]) !== undefined,
    ) ||
    answer['resultTruncated'] === 'true' ||
    (typeof count === 'number' && typeof total === 'number' && total > count)
  );
}

function readEntry(
  value: JsonValue,
  at: string,
  group: string | undefined,
): ReportItem & { readonly kind: 'record' | 'reject' } {
  const object = asObject(value);
  if (object === undefined)
    return {
      kind: 'reject',
      at,
      code: 'wrong_type',
      message: 'Expected a resource, found another JSON value.',
    };
  const observations =
    mapSqlLabel(object) ??
    mapAzureObject(object) ??
    mapEntraObject(object, group) ??
    mapSubscriptionEntry(object);
  return observations === null
    ? {
        kind: 'reject',
        at,
        code: 'missing_field',
        message: 'Expected "id" of a resource of Azure; keep the column id in the query.',
      }
    : { kind: 'record', at, observations };
}

function remember(observations: readonly Observation[], seen: Map<string, Set<string>>): void {
  for (const observation of observations) {
    // What a list only names, it does not describe.
    if (observation.kind !== 'resource' || observation.account === undefined) continue;
    if (Object.keys(observation.facts).length === 0) continue;
    const types = seen.get(observation.account) ?? new Set();
    seen.set(observation.account, types.add(observation.type));
  }
}
