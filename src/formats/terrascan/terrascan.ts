import { parseInstant } from '#base/instant.ts';
import { asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import { type FindingObservation, OPEN } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { iacFinding } from '../reading/code-finding.ts';
import { lineNumber } from '../reading/line-number.ts';
import { noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { codeScan } from '../reading/scans.ts';
import { sourceFiles } from '../reading/source-file.ts';

/** JSON reports of Terrascan: what files of infrastructure ask for. */
export const terrascan: ReportFormat = {
  id: 'terrascan',
  title: 'Terrascan (JSON)',
  command: 'terrascan scan --output json > terrascan.json',
  claims,
  read,
};

const NOUN = 'a violation';
const LISTS = ['results.violations', 'results.skipped_violations'];
const SKIPPED = 1;

function claims(head: ReportHead): boolean {
  const results = asObject(asObject(head.json)?.results);
  if (results === undefined) return false;
  return (
    'violations' in results &&
    ('skipped_violations' in results || asText(asObjects(results.violations)[0]?.rule_id) !== undefined)
  );
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { root, headers } = await readSurroundings(input, LISTS, ['results.passed_rules']);
  const results = headers.get('results') ?? asObject(root.results) ?? {};
  // Kinds of files that are not there are told as errors too; any other error left something out.
  const failed = asObjects(results.scan_errors).some(
    (error) => !/not found|no .{1,60} found/.test(asText(error.errMsg)?.slice(0, 1_000) ?? ''),
  );
  yield codeScan('terrascan', { time: parseInstant(at(results, 'scan_summary', 'scanned_at')) }, !failed);
  const pathOf = sourceFiles(context);
  for await (const event of sliceJson(input.open(), { patterns: LISTS.map((list) => `${list}.*`) })) {
    if (event.kind === 'close') continue;
    const violation = event.kind === 'element' ? asObject(event.value) : undefined;
    if (event.pattern === SKIPPED) {
      const reading = violation === undefined ? '' : mapViolation(violation, pathOf, true);
      if (typeof reading !== 'string') yield { kind: 'beside', observations: reading };
    } else if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    else
      yield violation === undefined
        ? noObject(event.path, NOUN)
        : toItem(event.path, NOUN, mapViolation(violation, pathOf, false));
  }
}

function mapViolation(
  violation: JsonObject,
  pathOf: (path: string | undefined) => string,
  isSkipped: boolean,
): readonly FindingObservation[] | string {
  const check = asText(violation.rule_id);
  if (check === undefined) return 'a text in rule_id was expected';
  const path = asText(violation.file);
  if (path === undefined) return 'a text in file was expected';
  const kind = asText(violation.resource_type);
  const name = asText(violation.resource_name);
  const module = asText(violation.module_name);
  const address = [module === 'root' ? undefined : module, kind, name].filter((part) => part !== undefined);
  const description = asText(violation.description);
  return [
    iacFinding({
      tool: 'terrascan',
      check,
      path: pathOf(path),
      line: lineNumber(violation.line),
      severity: severityOfWord(asText(violation.severity)),
      title: description ?? asText(violation.rule_name),
      description,
      address: name === undefined ? undefined : address.join('.'),
      resourceKind: kind,
      message: description,
      state: isSkipped
        ? {
            is: 'suppressed',
            reason: (asText(violation.skip_comment) ?? 'skipped in Terrascan').slice(0, 1_000),
          }
        : OPEN,
    }),
  ];
}
