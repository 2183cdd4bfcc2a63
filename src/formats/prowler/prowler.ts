import { asText, type JsonObject } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ScanDescription } from '#domain/scan/scan-description.ts';
import { csvTable, mayBeTable, readTable } from '../reading/csv-table.ts';
import { readHead } from '../reading/describe-head.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { type EntryReading, readLooseEntries } from '../reading/read-entries.ts';
import { type CheckResult, mapResult, unitOf } from './map-result.ts';
import { resultOfEntry } from './result-of-entry.ts';
import { COLUMNS, resultOfRow } from './result-of-row.ts';

/** Reports of Prowler that are neither OCSF nor ASFF: its tables, and the JSON of versions 2 and 3. */
export const prowler: ReportFormat = {
  id: 'prowler',
  title: 'Prowler (CSV, JSON of versions 2 and 3)',
  command: 'prowler aws --output-formats csv',
  claims,
  read,
};

const NOUN = 'a result of a check';

function claims(head: ReportHead): boolean {
  const entry = firstEntry(head, []);
  return entry === undefined ? csvTable(head, COLUMNS) !== null : isEntry(entry);
}

/** Version 3, and version 2 with its names in words. */
function isEntry(entry: JsonObject): boolean {
  if (asText(entry.CheckID) !== undefined) return asText(entry.FindingUniqueId) !== undefined;
  return asText(entry.Control) !== undefined && 'Account Number' in entry && 'Control ID' in entry;
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  let scan: ScanDescription = scanOf(null);
  let opened: string | null = null;
  const map = (result: CheckResult | string, failing?: ReadonlySet<string>): EntryReading => {
    if (typeof result === 'string') return result;
    scan = scanOf(result);
    return mapResult(result, failing);
  };
  const isTable = mayBeTable(await readHead(input));
  const failing = isTable ? await failingUnits(input) : undefined;
  const items = isTable
    ? readTable(input, COLUMNS, NOUN, (row) => map(resultOfRow(row), failing))
    : readLooseEntries(input, [], NOUN, (entry) => map(resultOfEntry(entry)));
  for await (const item of items) {
    const key = JSON.stringify(scan);
    if (key !== opened) yield { kind: 'scan', scan };
    opened = key;
    yield item;
  }
  if (opened === null) yield { kind: 'scan', scan };
}

/** Each check that ran in an account and region is told, passed or not. */
function scanOf(result: CheckResult | null): ScanDescription {
  return {
    tool: 'prowler',
    toolVersion: result?.toolVersion,
    time: null,
    scope:
      result?.provider === 'kubernetes'
        ? { is: 'cluster', cluster: result.account ?? null }
        : { is: 'posture' },
    coverage: 'listed-if-passes',
  };
}

/** The checks and regions in which a row without a resource failed: what another row passed there is no end of it. */
async function failingUnits(input: ReportInput): Promise<ReadonlySet<string>> {
  const failing = new Set<string>();
  const rows = readTable(input, COLUMNS, NOUN, (row) => {
    const result = resultOfRow(row);
    if (typeof result !== 'string' && result.resourceId === undefined && result.verdict === 'fail')
      failing.add(unitOf(result));
    return [];
  });
  for await (const row of rows) void row;
  return failing;
}
