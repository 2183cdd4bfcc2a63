import { asArray, asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { csvTable, mayBeTable, readTable } from '../reading/csv-table.ts';
import { readHead } from '../reading/describe-head.ts';
import { readEntries } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';
import { mapFinding } from '../reading/written-finding.ts';
import { FIELDS, findingOfObject } from './finding-of-object.ts';
import { COLUMNS, findingOfRow, isKnownColumn } from './finding-of-row.ts';

/** Findings that somebody wrote down for DefectDojo's generic import, in JSON and as a table. */
export const generic: ReportFormat = {
  id: 'generic',
  title: 'Generic findings (DefectDojo, JSON and CSV)',
  command: 'write {"findings":[{"title":"…","severity":"High","description":"…","file_path":"src/a.js"}]}',
  claims,
  read,
};

/** Only what has no other member or column: every tool calls something a finding, with a title and a severity. */
function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  if (report === undefined) {
    return csvTable(head, COLUMNS)?.columns.every(isKnownColumn) ?? false;
  }
  const [first] = asObjects(asArray(report.findings).slice(0, 1));
  return first !== undefined && isGeneric(first);
}

function isGeneric(finding: JsonObject): boolean {
  return (
    asText(finding.title) !== undefined &&
    severityOfWord(asText(finding.severity)) !== null &&
    Object.keys(finding).every((key) => FIELDS.has(key))
  );
}

/** What somebody wrote down, so only what carries its own end closes. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const head = await readHead(input);
  const tool = asText(asObject(head.json)?.type) ?? 'generic';
  yield feedScan(tool);
  if (!mayBeTable(head))
    yield* readEntries(input, { patterns: ['findings.*'] }, 'a finding', (entry) =>
      mapFinding(findingOfObject(entry), tool),
    );
  else yield* readTable(input, COLUMNS, 'a finding', (row) => mapFinding(findingOfRow(row), tool));
}
