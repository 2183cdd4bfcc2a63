import { asArray, asNumber, asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { iacFinding } from '../reading/code-finding.ts';
import { lineNumber } from '../reading/line-number.ts';
import { type EntryReading, readEntries } from '../reading/read-entries.ts';
import { codeScan } from '../reading/scans.ts';
import { sourceFiles } from '../reading/source-file.ts';

/** JSON reports of tfsec: what Terraform asks for. */
export const tfsec: ReportFormat = {
  id: 'tfsec',
  title: 'tfsec (JSON)',
  command: 'tfsec --format json --out tfsec.json .',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  if (report === undefined) return false;
  // What it writes when it found nothing.
  if (report.results === null) return Object.keys(report).length === 1;
  const first = asObject(asArray(report.results)[0]);
  return asText(first?.rule_id) !== undefined && asText(at(first?.location, 'filename')) !== undefined;
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  yield codeScan('tfsec');
  const pathOf = sourceFiles(context);
  yield* readEntries(input, { patterns: ['results.*'] }, 'a result', (result) => mapResult(result, pathOf));
}

function mapResult(result: JsonObject, pathOf: (path: string | undefined) => string): EntryReading {
  const check = asText(result.rule_id);
  if (check === undefined) return 'a text in rule_id was expected';
  const path = asText(at(result, 'location', 'filename'));
  if (path === undefined) return 'a text in location.filename was expected';
  const description = asText(result.description);
  const address = (asText(result.resource) ?? resourceIn(description))?.replaceAll(':', '.');
  const link = asText(result.link);
  return [
    iacFinding({
      tool: 'tfsec',
      check,
      path: pathOf(path),
      line: lineNumber(at(result, 'location', 'start_line')),
      severity: severityOfWord(asText(result.severity)),
      title: asText(result.rule_description) ?? description,
      description: [description, asText(result.impact)].filter((text) => text !== undefined).join('\n\n'),
      fix: asText(result.resolution),
      references: link === undefined ? asTexts(result.links) : [link],
      address,
      resourceKind: address?.split('.', 30).find((part) => /^[a-z][a-z0-9]*_\w+$/.test(part)),
      message: description,
      state: stateOf(result.status),
    }),
  ];
}

/** Older versions name it in the text alone: `Resource 'module.a:aws_s3_bucket.b' defines …`. */
function resourceIn(description: string | undefined): string | undefined {
  return /^Resource '([^']{1,1000})'/.exec(description ?? '')?.[1];
}

/** A word, or the number that older versions write; a legacy report has neither and tells failures alone. */
function stateOf(status: unknown): ObservedState {
  const number = asNumber(status);
  if (status === 'passed' || number === 1) return { is: 'ended', why: 'passed', passed: true };
  if (status === 'ignored' || number === 2) return { is: 'suppressed', reason: 'ignored in tfsec' };
  return OPEN;
}
