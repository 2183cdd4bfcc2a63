import { asArray, asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { csvTable, readTable } from '../reading/csv-table.ts';
import { readHead } from '../reading/describe-head.ts';
import { readEntries } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';
import { COLUMNS, keptOfRow } from './kept-row.ts';
import { mapKept } from './map-kept.ts';

/** What DefectDojo keeps, as its API lists it or its pages export it (*CSV Export*): findings with what people decided, noted and promised. */
export const defectDojo: ReportFormat = {
  id: 'defectdojo',
  title: 'DefectDojo findings with their decisions (API, CSV)',
  command:
    'curl -H "Authorization: Token KEY" "https://HOST/api/v2/findings/?related_fields=true&limit=1000&offset=0" > defectdojo.json',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  if (csvTable(head, COLUMNS) !== null) return true;
  const page = asObject(head.json);
  if (page?.count === undefined || !Array.isArray(page.results)) return false;
  const [first] = asObjects(asArray(page.results).slice(0, 1));
  return first !== undefined && isFinding(first);
}

function isFinding(entry: JsonObject): boolean {
  return (
    asText(entry.numerical_severity) !== undefined &&
    entry.risk_accepted !== undefined &&
    entry.false_p !== undefined &&
    entry.found_by !== undefined
  );
}

const NOUN = 'a finding';

/** An export of many products, or a page of one: only what carries its own end closes. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield feedScan('defectdojo');
  if (csvTable(await readHead(input), COLUMNS) === null)
    yield* readEntries(input, { patterns: ['results.*'] }, NOUN, mapKept);
  else yield* readTable(input, COLUMNS, NOUN, (row) => mapKept(keptOfRow(row)));
}
