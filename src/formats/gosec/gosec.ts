import { asArray, asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import { OPEN } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { codeFinding } from '../reading/code-finding.ts';
import { cwesOf } from '../reading/cwe-numbers.ts';
import { lineNumber } from '../reading/line-number.ts';
import { type EntryReading, readEntries } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { codeScan } from '../reading/scans.ts';
import { sourceFiles } from '../reading/source-file.ts';

/** JSON reports of gosec: Go code. */
export const gosec: ReportFormat = {
  id: 'gosec',
  title: 'gosec (JSON)',
  command: 'gosec -fmt json -out gosec.json ./...',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  if (report === undefined || !('Issues' in report)) return false;
  const first = asObject(asArray(report.Issues)[0]) ?? {};
  return asObject(report.Stats) !== undefined || ('rule_id' in first && 'details' in first);
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { root } = await readSurroundings(input, ['Issues']);
  // Packages that did not compile were not looked at.
  const failed = Object.keys(asObject(root['Golang errors']) ?? {}).length > 0;
  yield codeScan('gosec', { toolVersion: asText(root.GosecVersion) }, !failed);
  const pathOf = sourceFiles(context);
  yield* readEntries(input, { patterns: ['Issues.*'] }, 'an issue', (issue) => mapIssue(issue, pathOf));
}

function mapIssue(issue: JsonObject, pathOf: (path: string | undefined) => string): EntryReading {
  const check = asText(issue.rule_id);
  if (check === undefined) return 'a text in rule_id was expected';
  const path = asText(issue.file);
  if (path === undefined) return 'a text in file was expected';
  const details = asText(issue.details);
  const cwe = asText(at(issue, 'cwe', 'id')) ?? asText(at(issue, 'cwe', 'ID'));
  const suppression = asObject(asArray(issue.suppressions)[0]);
  return [
    codeFinding({
      tool: 'gosec',
      check,
      cwes: cwesOf(cwe === undefined ? [] : [`CWE-${cwe}`]),
      path: pathOf(path),
      line: lineNumber(issue.line),
      severity: severityOfWord(asText(issue.severity)),
      title: details ?? check,
      description: details,
      flaggedText: asText(issue.code),
      message: details,
      fix: asText(issue.autofix),
      state:
        suppression === undefined
          ? OPEN
          : {
              is: 'suppressed',
              reason: (asText(suppression.justification) ?? 'ignored in the source').slice(0, 1_000),
            },
    }),
  ];
}
