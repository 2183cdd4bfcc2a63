import { asObject, asText } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstEntry, jsonEntries } from '../reading/json-entries.ts';
import { mapRequest } from './map-request.ts';

/** Logs of AWS WAF: requests that a rule took for an attack. */
export const awsWaf: ReportFormat = {
  id: 'aws-waf',
  title: 'AWS WAF logs',
  command: 'aws s3 cp --recursive s3://aws-waf-logs-NAME/AWSLogs/ waf-logs/',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const record = firstEntry(head, []);
  return (
    asText(record?.webaclId) !== undefined &&
    asText(record?.action) !== undefined &&
    (asObject(record?.httpRequest) !== undefined || asText(record?.terminatingRuleId) !== undefined)
  );
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield { kind: 'scan', scan: { tool: 'aws-waf', time: null, scope: { is: 'events' }, coverage: 'none' } };
  for await (const entry of jsonEntries(input, [], 'a record of AWS WAF', 'silent'))
    yield entry.kind === 'reject' ? entry : mapRequest(entry.value, entry.at);
}
