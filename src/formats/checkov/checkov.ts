import { asArray, asNumber, asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { Observation } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstCharacter } from '../reading/first-character.ts';
import { noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { sourceFiles } from '../reading/source-file.ts';
import { type CheckContext, mapCheck, type Outcome } from './map-check.ts';

/** JSON reports of Checkov: what files of infrastructure ask for, secrets and packages in them. */
export const checkov: ReportFormat = {
  id: 'checkov',
  title: 'Checkov (JSON)',
  command: 'checkov --directory . --output json > checkov.json',
  claims,
  read,
};

const NOUN = 'a check';
/** In the order of the patterns. */
const LISTS: readonly (readonly [list: string, outcome: Outcome])[] = [
  ['failed_checks', 'failed'],
  ['passed_checks', 'passed'],
  ['skipped_checks', 'skipped'],
];

function claims(head: ReportHead): boolean {
  const report = asObject(Array.isArray(head.json) ? head.json[0] : head.json);
  if (report === undefined || head.shape !== 'json') return false;
  if (asText(report.check_type) !== undefined && asObject(report.results) !== undefined) return true;
  // Where it found nothing to check it writes the summary alone.
  return asText(report.checkov_version) !== undefined && asNumber(report.failed) !== undefined;
}

/** One report, or a list of one per framework. Only failed checks are entries; the others tell what was looked at. */
async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const isList = (await firstCharacter(input)) === '[';
  const lists = LISTS.map(([list]) => `${isList ? '*.' : ''}results.${list}`);
  const { root, headers } = await readSurroundings(input, lists);
  const reports = isList
    ? [...headers].flatMap(([path, each]) => (/^\[\d+\]$/.test(path) ? [each] : []))
    : [root];
  const frameworks = reports.flatMap((report) => asText(report.check_type) ?? []);
  yield {
    kind: 'scan',
    scan: {
      tool: 'checkov',
      toolVersion: reports
        .map((report) => asText(at(report, 'summary', 'checkov_version')) ?? asText(report.checkov_version))
        .find((version) => version !== undefined),
      time: null,
      scope: { is: 'code', repository: null },
      // A file that could not be parsed was not looked at.
      coverage: hasErrors(reports, headers) ? 'none' : 'listed',
    },
  };
  const pathOf = sourceFiles(context);
  const frameworkOf = (path: string) =>
    asText((isList ? headers.get(path.slice(0, path.indexOf(']') + 1)) : root)?.check_type) ?? '';
  for await (const event of sliceJson(input.open(), { patterns: lists.map((list) => `${list}.*`) })) {
    if (event.kind === 'close') continue;
    const [, outcome] = LISTS[event.pattern] as (typeof LISTS)[number];
    const check = event.kind === 'element' ? asObject(event.value) : undefined;
    const how: CheckContext = { outcome, framework: frameworkOf(event.path), pathOf };
    if (outcome !== 'failed') {
      const reading = check === undefined ? '' : mapCheck(check, how);
      if (typeof reading !== 'string') yield { kind: 'beside', observations: reading };
    } else if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    else
      yield check === undefined ? noObject(event.path, NOUN) : toItem(event.path, NOUN, mapCheck(check, how));
  }
  const covers = [...new Set(frameworks)].map((cover): Observation => ({ kind: 'coverage', cover }));
  if (covers.length > 0) yield { kind: 'beside', observations: covers };
}

function hasErrors(reports: readonly JsonObject[], headers: ReadonlyMap<string, JsonObject>): boolean {
  return (
    reports.some((report) => (asNumber(at(report, 'summary', 'parsing_errors')) ?? 0) > 0) ||
    [...headers.values()].some((header) => asArray(header.parsing_errors).length > 0)
  );
}
