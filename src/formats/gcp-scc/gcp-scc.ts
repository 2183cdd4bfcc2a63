import { asObject, asText, type JsonObject } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { readLooseEntries } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';
import { mapFinding } from './map-finding.ts';

/** Findings of Google's Security Command Center: settings, flaws, and threats as signals. */
export const gcpScc: ReportFormat = {
  id: 'gcp-scc',
  title: 'Google Security Command Center',
  command: 'gcloud scc findings list organizations/ID --format json > scc.json',
  claims,
  read,
};

/** Pages of the API, before and since version 2. */
const PAGES = ['listFindingsResults', 'findings'];

function claims(head: ReportHead): boolean {
  const finding = findingOf(firstEntry(head, PAGES));
  return (
    finding !== undefined &&
    asText(finding.category) !== undefined &&
    /(?:^|\/)sources\/[^/]+\/(?:locations\/[^/]+\/)?findings\//.test(asText(finding.name) ?? '')
  );
}

/** A finding stands in `finding` beside its resource, in Pub/Sub too. */
function findingOf(entry: JsonObject | undefined): JsonObject | undefined {
  return asObject(entry?.finding) ?? entry;
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield feedScan('gcp-scc');
  yield* readLooseEntries(input, PAGES, 'a finding', (entry) =>
    mapFinding(findingOf(entry) ?? entry, asObject(entry.resource) ?? {}),
  );
}
