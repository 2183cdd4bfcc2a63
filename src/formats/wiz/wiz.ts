import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { csvTable, readTable } from '../reading/csv-table.ts';
import { readHead } from '../reading/describe-head.ts';
import { feedScan } from '../reading/scans.ts';
import { ISSUE_COLUMNS, mapIssue } from './map-issue.ts';
import { mapVulnerability, VULNERABILITY_COLUMNS } from './map-vulnerability.ts';

/** Tables of Wiz: its issues, and its findings of vulnerabilities. */
export const wiz: ReportFormat = {
  id: 'wiz',
  title: 'Wiz (issues and vulnerability findings, CSV)',
  command: 'in Wiz: Issues (or Vulnerability Findings), Export, CSV',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  return csvTable(head, [...ISSUE_COLUMNS, ...VULNERABILITY_COLUMNS]) !== null;
}

/** What was chosen for the export, so only what carries its own end closes. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield feedScan('wiz');
  const hasVulnerabilities = csvTable(await readHead(input), VULNERABILITY_COLUMNS) !== null;
  yield* hasVulnerabilities
    ? readTable(input, VULNERABILITY_COLUMNS, 'a vulnerability', mapVulnerability)
    : readTable(input, ISSUE_COLUMNS, 'an issue', mapIssue);
}
