import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { csvTable, readTable } from '../reading/csv-table.ts';
import { firstCharacter } from '../reading/first-character.ts';
import { feedScan } from '../reading/scans.ts';
import { COLUMNS, mapRow } from './map-row.ts';
import { readNessusXml } from './read-nessus-xml.ts';

/** What Tenable's scanners found on hosts: files of Nessus, and tables of Nessus, Security Center and Vulnerability Management. */
export const nessus: ReportFormat = {
  id: 'nessus',
  title: 'Nessus and Tenable (.nessus, CSV)',
  command: 'in Nessus: Export, Nessus (or CSV)',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  if (head.shape === 'xml') return head.root?.name === 'NessusClientData_v2';
  return csvTable(head, COLUMNS) !== null;
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  if ((await firstCharacter(input)) === '<') yield* readNessusXml(input);
  else {
    // A table holds what its query or filter left.
    yield feedScan('nessus');
    yield* readTable(input, COLUMNS, 'a finding', mapRow);
  }
}
