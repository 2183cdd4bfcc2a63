import { InboxError } from '#base/inbox-error.ts';
import { asObject, asText, type JsonObject, at as memberAt } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ScanDescription } from '#domain/scan/scan-description.ts';
import { readHead } from '../reading/describe-head.ts';
import { isOfProwler, productOf, providerOf } from './event-product.ts';
import { clusterOf } from './event-resource.ts';
import { isDetection, mapEvent } from './map-event.ts';

/** Events of the Open Cybersecurity Schema Framework: Prowler's, and those of Security Hub and Security Lake. */
export const ocsf: ReportFormat = {
  id: 'ocsf',
  title: 'OCSF (Prowler 3 to 5, AWS Security Hub, Security Lake)',
  command: 'prowler aws --output-formats json-ocsf',
  claims,
  read,
};

/** Every event has these numbers. */
const CLASSIFIERS = ['class_uid', 'category_uid', 'type_uid', 'activity_id', 'severity_id'];

function claims(head: ReportHead): boolean {
  const event = asObject(Array.isArray(head.json) ? head.json[0] : head.json);
  if (event === undefined) return false;
  const found = CLASSIFIERS.filter((member) => typeof event[member] === 'number').length;
  // An event that breaks before its class is still one, and can then be refused for what is broken.
  return (
    found >= 2 || (found === 1 && ['"class_uid"', '"category_uid"'].every((name) => head.text.includes(name)))
  );
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const head = await readHead(input);
  const isArray = Array.isArray(head.json);
  const isLines = head.shape === 'json-lines';
  let opened: string | undefined;
  for await (const event of sliceJson(input.open(), { patterns: [isArray ? '*' : ''], documents: isLines })) {
    if (event.kind === 'close') continue;
    const at = event.path === '' ? 'event' : event.path;
    if (event.kind === 'bad') {
      if (!isArray && !isLines)
        throw new InboxError('report_broken', `The file is one OCSF event that is ${event.message}.`);
      yield {
        kind: 'reject',
        at,
        code: 'not_json',
        message: `An event was expected, found a value that is ${event.message}.`,
      };
      continue;
    }
    const value = asObject(event.value);
    if (value === undefined) {
      yield {
        kind: 'reject',
        at,
        code: 'wrong_type',
        message: 'An event was expected to be an object; another kind of value was found.',
      };
      continue;
    }
    const scan = describeScan(value);
    const key = JSON.stringify(scan);
    if (key !== opened) yield { kind: 'scan', scan };
    opened = key;
    yield readEvent(at, value);
  }
}

/** Prowler writes a whole scan with what passed; all other products a stream that is never known to be complete. */
function describeScan(event: JsonObject): ScanDescription {
  const tool = productOf(event);
  if (isOfProwler(event)) {
    const scope =
      providerOf(event) === 'kubernetes'
        ? ({ is: 'cluster', cluster: clusterOf(event) } as const)
        : ({ is: 'posture' } as const);
    return {
      tool,
      toolVersion: asText(memberAt(event, 'metadata', 'product', 'version')),
      time: null,
      scope,
      coverage: 'listed-if-passes',
    };
  }
  const isFinding = event['category_uid'] === 2 && !isDetection(event);
  return { tool, time: null, scope: { is: isFinding ? 'feed' : 'events' }, coverage: 'none' };
}

function readEvent(at: string, event: JsonObject): ReportItem {
  const mapped = mapEvent(event);
  if ('missing' in mapped)
    return {
      kind: 'reject',
      at,
      code: 'missing_field',
      message: `An event of this class needs "${mapped.missing}"; it is absent or holds nothing that can be read.`,
    };
  return { kind: 'record', at, observations: mapped.observations };
}
