import { asArray, asObject, asText, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { mapResult } from './map-result.ts';
import { type RunHead, readRunHeads } from './run-head.ts';

/** SARIF 2.1.0: the results of static analysis, one scan per run. */
export const sarif: ReportFormat = {
  id: 'sarif',
  title: 'SARIF 2.1.0 (CodeQL, Semgrep, Checkov, KICS, Trivy, Grype, Gitleaks, ESLint and others)',
  command: 'semgrep scan --sarif --output semgrep.sarif',
  claims,
  read,
};

const RUN_MEMBERS = [
  'tool',
  'results',
  'artifacts',
  'invocations',
  'originalUriBaseIds',
  'versionControlProvenance',
  'automationDetails',
  'columnKind',
];

function claims(head: ReportHead): boolean {
  const log = asObject(head.json);
  if (log === undefined || head.shape !== 'json') return false;
  const namesSchema = asText(log['$schema'])?.toLowerCase().includes('sarif') ?? false;
  if (!Array.isArray(log['runs'])) return namesSchema && asText(log['version']) !== undefined;
  if (namesSchema || (asText(log['version'])?.startsWith('2.1') ?? false)) return true;
  const run = asObject(asArray(log['runs'])[0]);
  return run !== undefined && RUN_MEMBERS.some((member) => Object.hasOwn(run, member));
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { heads, broken } = await readRunHeads(input, context);
  if (heads.length === 0 && broken !== null) throw broken;
  let opened = 0;
  for await (const event of sliceJson(input.open(), { patterns: ['runs.*.results.*'], skip: SKIPPED })) {
    if (event.kind === 'close') continue;
    const index = Number(event.path.slice('runs['.length, event.path.indexOf(']')));
    const run = heads[index];
    if (run === undefined) throw broken;
    for (; opened <= index; opened++) yield { kind: 'scan', scan: (heads[opened] as RunHead).scan };
    if (event.kind === 'bad')
      yield {
        kind: 'reject',
        at: event.path,
        code: 'not_json',
        message: `A result was expected, found a value that is ${event.message}.`,
      };
    else yield readResult(event.path, asObject(event.value), run);
  }
  // A run without results has looked as well.
  for (; opened < heads.length; opened++) yield { kind: 'scan', scan: (heads[opened] as RunHead).scan };
}

const SKIPPED = [
  'tool',
  'artifacts',
  'taxonomies',
  'translations',
  'policies',
  'graphs',
  'logicalLocations',
  'threadFlowLocations',
  'webRequests',
  'webResponses',
  'addresses',
  'properties',
  'invocations',
].map((member) => `runs.*.${member}`);

function readResult(at: string, result: JsonObject | undefined, run: RunHead): ReportItem {
  if (result === undefined)
    return {
      kind: 'reject',
      at,
      code: 'wrong_type',
      message: 'A result was expected to be an object; another kind of value was found.',
    };
  const finding = mapResult(result, run);
  return { kind: 'record', at, observations: finding === null ? [] : [finding] };
}
