import { parseInstant } from '#base/instant.ts';
import { asArray, asNumber, asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { codeFinding } from '../reading/code-finding.ts';
import { lineNumber } from '../reading/line-number.ts';
import { type EntryReading, readEntries } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { codeScan } from '../reading/scans.ts';
import { sourceFiles } from '../reading/source-file.ts';

/** JSON reports of Bandit: Python code. */
export const bandit: ReportFormat = {
  id: 'bandit',
  title: 'Bandit (JSON)',
  command: 'bandit --recursive . --format json --output bandit.json',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  if (report === undefined || !Array.isArray(report.errors)) return false;
  const first = asObject(asArray(report.results)[0]);
  return asObject(at(report, 'metrics', '_totals')) !== undefined || asText(first?.test_id) !== undefined;
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { root } = await readSurroundings(input, ['results'], ['metrics']);
  // Files that could not be parsed were not looked at.
  yield codeScan('bandit', { time: parseInstant(root.generated_at) }, asArray(root.errors).length === 0);
  const pathOf = sourceFiles(context);
  yield* readEntries(input, { patterns: ['results.*'], skip: ['metrics', 'errors'] }, 'a result', (result) =>
    mapResult(result, pathOf),
  );
}

function mapResult(result: JsonObject, pathOf: (path: string | undefined) => string): EntryReading {
  const check = asText(result.test_id);
  if (check === undefined) return 'a text in test_id was expected';
  const path = asText(result.filename);
  if (path === undefined) return 'a text in filename was expected';
  const message = asText(result.issue_text);
  const cwe = asNumber(at(result, 'issue_cwe', 'id'));
  const line = lineNumber(asArray(result.line_range)[0]) ?? lineNumber(result.line_number);
  const reference = asText(result.more_info);
  return [
    codeFinding({
      tool: 'bandit',
      check,
      cwes: cwe === undefined ? [] : [cwe],
      path: pathOf(path),
      line,
      severity: severityOfWord(asText(result.issue_severity)),
      title: message ?? asText(result.test_name) ?? check,
      description: message,
      flaggedText: flaggedLine(asText(result.code), line),
      message,
      references: reference === undefined ? [] : [reference],
    }),
  ];
}

/** Bandit shows the lines around a result, each behind its number; the flagged one is that of its SARIF report. */
function flaggedLine(code: string | undefined, line: number | undefined): string | undefined {
  if (line === undefined) return undefined;
  return code
    ?.split('\n')
    .find((text) => text.startsWith(`${line} `) || text.startsWith(`${line}\t`))
    ?.slice(String(line).length + 1);
}
