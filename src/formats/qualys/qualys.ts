import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { csvTable, readTable } from '../reading/csv-table.ts';
import { firstCharacter } from '../reading/first-character.ts';
import { feedScan } from '../reading/scans.ts';
import { COLUMNS, mapRow } from './map-row.ts';
import { readQualysXml } from './read-qualys-xml.ts';

/** Reports of Qualys on hosts: asset data in XML and as a table, and tables of VMDR. */
export const qualys: ReportFormat = {
  id: 'qualys',
  title: 'Qualys (asset data report, VMDR)',
  command: 'in Qualys: Reports, New, Scan Report, format XML or CSV',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  if (head.shape === 'xml') return head.root?.name === 'ASSET_DATA_REPORT';
  return csvTable(head, COLUMNS) !== null;
}

/** What a template left out is not told, so only what carries its own end closes. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  if ((await firstCharacter(input)) === '<') yield* readQualysXml(input);
  else {
    yield feedScan('qualys');
    yield* readTable(input, COLUMNS, 'a vulnerability', mapRow);
  }
}
