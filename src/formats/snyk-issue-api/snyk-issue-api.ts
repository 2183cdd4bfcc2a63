import { asArray, asObject, asObjects, asText, at } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readEntries } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';
import { mapIssue } from './map-issue.ts';

/** Issues that Snyk keeps of projects, as its API gives them out. */
export const snykIssueApi: ReportFormat = {
  id: 'snyk-issue-api',
  title: 'Snyk issues (REST API)',
  command:
    "curl -H 'Authorization: token KEY' 'https://api.snyk.io/rest/orgs/ORG/issues?version=2024-10-15&limit=100'",
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  const [issue] = asObjects(asArray(report?.data).slice(0, 1));
  return (
    asObject(report?.jsonapi) !== undefined &&
    issue?.type === 'issue' &&
    asText(at(issue, 'attributes', 'effective_severity_level')) !== undefined
  );
}

/** One page of many, so only an issue that is resolved closes. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield feedScan('snyk');
  yield* readEntries(input, { patterns: ['data.*'] }, 'an issue', mapIssue);
}
