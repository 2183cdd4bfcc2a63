import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { csvTable, readTable } from '../reading/csv-table.ts';
import { firstCharacter } from '../reading/first-character.ts';
import { feedScan } from '../reading/scans.ts';
import { COLUMNS, mapRow } from './map-row.ts';
import { readOpenVasXml } from './read-openvas-xml.ts';

/** Reports of OpenVAS and Greenbone, in XML and as a table: what was found on hosts. */
export const openvas: ReportFormat = {
  id: 'openvas',
  title: 'OpenVAS and Greenbone (XML, CSV)',
  command:
    'gvm-cli socket --xml \'<get_reports report_id="ID" details="1" ignore_pagination="1"/>\' > openvas.xml',
  claims,
  read,
};

/** Other tools have a root of that name too: Greenbone's says its format or its protocol. */
const REPORT = /<report[^>]{0,300}\sformat_id=|<(?:gmp|omp)>|<nvt\s+oid=/;

function claims(head: ReportHead): boolean {
  if (head.shape === 'xml')
    return (
      head.root?.name === 'get_reports_response' || (head.root?.name === 'report' && REPORT.test(head.text))
    );
  return csvTable(head, COLUMNS) !== null;
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  if ((await firstCharacter(input)) === '<') yield* readOpenVasXml(input);
  else {
    yield feedScan('openvas');
    yield* readTable(input, COLUMNS, 'a result', mapRow);
  }
}
