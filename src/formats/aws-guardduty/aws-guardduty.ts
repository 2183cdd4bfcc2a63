import { asArray, asObject, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readHead } from '../reading/describe-head.ts';
import { isGuardDutyFinding, mapFinding } from './map-finding.ts';

/** Findings of Amazon GuardDuty in its own shape: the API's answer, exports, and events of EventBridge. */
export const awsGuardDuty: ReportFormat = {
  id: 'aws-guardduty',
  title: 'Amazon GuardDuty',
  command: 'aws guardduty get-findings --detector-id ID --finding-ids ID… > guardduty.json',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  if (Array.isArray(head.json)) return isGuardDutyFinding(withoutEvent(head.json[0]));
  const report = asObject(head.json);
  if (report === undefined) return false;
  return isGuardDutyFinding(withoutEvent(report)) || isGuardDutyFinding(withoutEvent(findingsOf(report)[0]));
}

function findingsOf(report: JsonObject): readonly unknown[] {
  return asArray(report['Findings'] ?? report['findings']);
}

/** An EventBridge event holds the finding in `detail`. */
function withoutEvent(value: unknown): JsonObject | undefined {
  const object = asObject(value);
  return asObject(object?.['detail-type'] === undefined ? undefined : object['detail']) ?? object;
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const head = await readHead(input);
  const isLines = head.shape === 'json-lines';
  yield { kind: 'scan', scan: { tool: 'guardduty', time: null, scope: { is: 'events' }, coverage: 'none' } };
  const patterns = isLines ? [''] : Array.isArray(head.json) ? ['*'] : ['Findings.*', 'findings.*'];
  for await (const event of sliceJson(input.open(), { patterns, documents: isLines })) {
    if (event.kind === 'bad')
      yield { kind: 'reject', at: event.path, code: 'not_json', message: event.message };
    else if (event.kind === 'element' && isLines) yield* readLine(event.value, event.path);
    else if (event.kind === 'element') yield readFinding(event.value, event.path);
    // Without a list the document itself is one finding, or an event around one.
    else if (event.depth === 0 && isGuardDutyFinding(withoutEvent(event.value)))
      yield readFinding(event.value, 'finding');
  }
}

/** A line holds a finding, an event around one, or a page of them. */
function* readLine(value: unknown, at: string): Generator<ReportItem> {
  const page = findingsOf(asObject(value) ?? {});
  if (page.length === 0) yield readFinding(value, at);
  for (const [index, finding] of page.entries()) yield readFinding(finding, `${at}[${index}]`);
}

function readFinding(value: unknown, at: string): ReportItem {
  const finding = withoutEvent(value);
  if (finding === undefined)
    return {
      kind: 'reject',
      at,
      code: 'wrong_type',
      message: 'Expected a GuardDuty finding, found no object.',
    };
  const mapped = mapFinding(finding);
  return 'reject' in mapped
    ? { kind: 'reject', at, code: 'missing_field', message: mapped.reject }
    : { kind: 'record', at, observations: [mapped.signal] };
}
