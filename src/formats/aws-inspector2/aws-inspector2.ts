import { asObject, asText, type JsonObject } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { readLooseEntries } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';
import { mapFinding } from './map-finding.ts';

/** Findings of Amazon Inspector as its own API and EventBridge give them out. */
export const awsInspector2: ReportFormat = {
  id: 'aws-inspector2',
  title: 'Amazon Inspector (list-findings, EventBridge)',
  command: 'aws inspector2 list-findings > inspector.json',
  claims,
  read,
};

const PAGES = ['findings'];

function claims(head: ReportHead): boolean {
  const finding = unwrapped(firstEntry(head, PAGES));
  return /^arn:aws[a-z-]*:inspector2:/.test(asText(finding?.findingArn) ?? '');
}

/** EventBridge wraps a finding in `detail`. */
function unwrapped(entry: JsonObject | undefined): JsonObject | undefined {
  return asObject(entry?.detail) ?? entry;
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield feedScan('inspector');
  yield* readLooseEntries(input, PAGES, 'a finding', (entry) => mapFinding(unwrapped(entry) ?? entry));
}
