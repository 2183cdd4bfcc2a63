import {
  asArray,
  asObject,
  asObjects,
  asText,
  at,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '#base/json-value.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstEntry, jsonEntries } from '../reading/json-entries.ts';
import { mapCall } from './map-call.ts';
import { SequenceWatch } from './sequences.ts';

/** Events of AWS CloudTrail: those that our own table of attackers' techniques knows are attacks, no other is. */
export const cloudtrail: ReportFormat = {
  id: 'cloudtrail',
  title: 'AWS CloudTrail events',
  command: 'aws s3 cp --recursive s3://BUCKET/AWSLogs/ACCOUNT/CloudTrail/ cloudtrail/',
  memory: { restore, tell: (kept) => (kept instanceof SequenceWatch ? [...kept.latest()] : []) },
  claims,
  read,
};

/** The calls of earlier imports are nothing new by themselves. */
function restore(told: JsonValue | null): SequenceWatch {
  const watch = new SequenceWatch();
  for (const event of asObjects(told)) mapCall(event, '', watch);
  watch.signals();
  return watch;
}

/** Files in S3, and answers of `aws cloudtrail lookup-events`. */
const PAGES = ['Records', 'Events'];

function claims(head: ReportHead): boolean {
  // A file without events names nothing but its list.
  if (
    Object.keys(asObject(head.json) ?? {}).join() === 'Records' &&
    asArray(at(head.json, 'Records')).length === 0
  )
    return true;
  const event = unwrapped(firstEntry(head, PAGES));
  return (
    event !== undefined &&
    asText(event.eventSource) !== undefined &&
    asText(event.eventName) !== undefined &&
    (asText(event.eventTime) !== undefined || asObject(event.userIdentity) !== undefined)
  );
}

/** `lookup-events` holds the event as JSON in a text, EventBridge in `detail`. */
function unwrapped(entry: JsonObject | undefined): JsonObject | undefined {
  const text = asText(entry?.CloudTrailEvent);
  if (text !== undefined) {
    try {
      return asObject(parseJson(text));
    } catch {
      return undefined;
    }
  }
  return asText(at(entry, 'detail', 'eventName')) === undefined ? entry : asObject(entry?.detail);
}

async function* read(input: ReportInput, { kept }: ReadContext): AsyncGenerator<ReportItem> {
  yield { kind: 'scan', scan: { tool: 'cloudtrail', time: null, scope: { is: 'events' }, coverage: 'none' } };
  const watch = watchOf(kept);
  for await (const entry of jsonEntries(input, PAGES, 'an event of CloudTrail')) {
    if (entry.kind === 'reject') {
      yield entry;
      continue;
    }
    const event = unwrapped(entry.value);
    if (event === undefined) {
      const message = 'Expected an event of CloudTrail, found a text that holds no JSON object.';
      yield { kind: 'reject', at: entry.at, code: 'not_json', message };
    } else yield mapCall(event, entry.at, watch);
  }
  const signals = watch.signals();
  if (signals.length > 0) yield { kind: 'beside', observations: signals };
}

/** Files of CloudTrail hold a few minutes each: what several calls give away is told over all files of an import, and over imports. */
function watchOf(kept: ReadContext['kept']): SequenceWatch {
  const known = kept?.get('cloudtrail');
  if (known instanceof SequenceWatch) return known;
  const watch = new SequenceWatch();
  kept?.set('cloudtrail', watch);
  return watch;
}
