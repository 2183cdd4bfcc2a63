import { type Instant, parseInstant } from '#base/instant.ts';
import {
  asArray,
  asObject,
  asText,
  at,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { Observation } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { AWS_KINDS, type AwsKindName } from '../reading/aws/aws-kinds.ts';
import { awsListing } from '../reading/aws/aws-listing.ts';
import type { AwsPlace } from '../reading/aws/describe-aws-resource.ts';
import { readHead } from '../reading/describe-head.ts';
import { mapItem } from './map-item.ts';

/** Configuration items of AWS Config: snapshots and history from S3, answers of the API, events, advanced queries. */
export const awsConfig: ReportFormat = {
  id: 'aws-config',
  title: 'AWS Config',
  command:
    'aws configservice select-resource-config --expression "SELECT * WHERE resourceType LIKE \'AWS::%\'" > aws-config.json',
  claims,
  read,
};

const LISTS = ['configurationItems', 'baseConfigurationItems', 'BaseConfigurationItems', 'Results'] as const;

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  if (report === undefined) return false;
  if (eventItem(report) !== undefined || isItem(report)) return true;
  return LISTS.some((key) => {
    if (!Array.isArray(report[key])) return false;
    const [first] = asArray(report[key]);
    if (key !== 'Results') return first === undefined || isItem(asObject(first) ?? {});
    return (
      typeof first === 'string' &&
      first.startsWith('{') &&
      (first.includes('"configuration') || first.includes('"resource') || first.includes('"arn"'))
    );
  });
}

/** A configuration item has a type and a state, in every one of its spellings. */
function isItem(value: JsonObject): boolean {
  return (
    asText(value['resourceType']) !== undefined &&
    (value['configurationItemStatus'] !== undefined ||
      value['configurationStateId'] !== undefined ||
      value['configurationItemCaptureTime'] !== undefined)
  );
}

/** The item within an event of a rule (JSON as text), of EventBridge or of SNS. */
function eventItem(
  event: JsonObject,
): { readonly item: JsonObject; readonly time: Instant | null } | undefined {
  const message = asText(event['invokingEvent']) ?? asText(event['Message']);
  const body = message === undefined ? asObject(event['detail']) : asObject(parsed(message));
  const item = asObject(body?.['configurationItem']) ?? asObject(at(body, 'configurationItemSummary'));
  if (item === undefined || asText(item['resourceType']) === undefined) return undefined;
  return { item, time: parseInstant(body?.['notificationCreationTime']) };
}

/**
 * A snapshot states no time within; the name under which AWS Config delivers it does:
 * `111111111111_Config_eu-west-1_ConfigSnapshot_20260101T000000Z_….json.gz`. Null under any other name.
 */
function deliveredAt(name: string): Instant | null {
  const [, year, month, day, hour, minute, second] =
    /_ConfigSnapshot_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z[^/\\]{0,200}$/.exec(name.slice(-300)) ?? [];
  return parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { json, shape } = await readHead(input);
  const head = asObject(json) ?? {};
  const place: AwsPlace = { account: context.account ?? undefined, region: context.region ?? undefined };
  // Only a snapshot is delivered whole; history, queries and events hold what was asked for or has changed.
  const isSnapshot = asText(head['configSnapshotId']) !== undefined;
  yield {
    kind: 'scan',
    scan: {
      tool: 'aws-config',
      time: isSnapshot ? deliveredAt(input.name) : (eventItem(head)?.time ?? null),
      scope: { is: 'inventory' },
      coverage: isSnapshot ? 'listed' : 'none',
    },
  };
  const listed = new Map<string, { readonly type: AwsKindName; readonly place: AwsPlace }>();
  for await (const event of sliceJson(input.open(), {
    patterns: LISTS.map((key) => `${key}.*`),
    documents: shape === 'json-lines',
  })) {
    if (event.kind === 'bad') {
      yield { kind: 'reject', at: event.path, code: 'not_json', message: event.message };
      continue;
    }
    if (event.kind === 'close') {
      if (event.depth > 0) continue;
      const item = eventItem(event.value)?.item ?? (isItem(event.value) ? event.value : undefined);
      if (item !== undefined)
        yield readItem(item, event.path === '' ? 'configurationItem' : event.path, place);
      continue;
    }
    const item = asObject(typeof event.value === 'string' ? parsed(event.value) : event.value);
    if (item === undefined) {
      yield {
        kind: 'reject',
        at: event.path,
        code: typeof event.value === 'string' ? 'not_json' : 'wrong_type',
        message: 'Expected a configuration item, found something else.',
      };
      continue;
    }
    const read = readItem(item, event.path, place);
    yield read;
    if (isSnapshot && read.kind === 'record')
      for (const observation of read.observations) remember(observation, listed);
  }
  for (const { type, place: where } of listed.values())
    yield { kind: 'beside', observations: awsListing(type, where) };
}

function readItem(
  item: JsonObject,
  at: string,
  place: AwsPlace,
): ReportItem & { readonly kind: 'record' | 'reject' } {
  const mapped = mapItem(item, place);
  return 'reject' in mapped
    ? { kind: 'reject', at, code: 'missing_field', message: mapped.reject }
    : { kind: 'record', at, observations: mapped.observations };
}

/** A type of which a snapshot holds one resource is recorded, so the snapshot holds all of them. */
function remember(
  observation: Observation,
  listed: Map<string, { readonly type: AwsKindName; readonly place: AwsPlace }>,
): void {
  if (observation.kind !== 'resource' || !Object.hasOwn(AWS_KINDS, observation.type)) return;
  const { account, region } = observation;
  listed.set(`${account}/${region}/${observation.type}`, {
    type: observation.type as AwsKindName,
    place: { account, region },
  });
}
