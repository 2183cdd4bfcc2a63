import { sliceJson } from '#base/json-slicer.ts';
import { asArray, asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readEntries } from '../reading/read-entries.ts';
import { codeScan } from '../reading/scans.ts';
import { sourceFiles } from '../reading/source-file.ts';
import { mapResult } from './map-result.ts';

/** JSON reports of Semgrep: code, and packages of its supply-chain rules. */
export const semgrep: ReportFormat = {
  id: 'semgrep',
  title: 'Semgrep (JSON)',
  command: 'semgrep scan --json --output semgrep.json',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  if (report === undefined) return false;
  const first = asObject(asArray(report.results)[0]);
  if (first !== undefined) return asText(first.check_id) !== undefined && asObject(first.extra) !== undefined;
  if (!Array.isArray(report.errors) || 'metrics' in report) return false;
  // A clean report, or one that lists more files than the head holds.
  return Array.isArray(at(report, 'paths', 'scanned')) || Array.isArray(report.results);
}

const SKIP = ['paths', 'time', 'skipped_rules', 'explanations', 'rules_by_engine'];

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { root, shared } = await readAround(input);
  // A rule or file that failed was not looked at; a file that was parsed in part is a warning.
  const failed = asObjects(root.errors).some((error) => asText(error.level)?.toLowerCase() === 'error');
  yield codeScan('semgrep', { toolVersion: asText(root.version) }, !failed);
  const pathOf = sourceFiles(context);
  yield* readEntries(input, { patterns: ['results.*'], skip: SKIP }, 'a result', (result) =>
    mapResult(result, { pathOf, shared }),
  );
}

const RESULT_PATH = /^results\[\d+\]$/;

/** What stands around the results, and the fingerprints that stand under more than one rule: constants, not identities. */
async function readAround(
  input: ReportInput,
): Promise<{ readonly root: JsonObject; readonly shared: ReadonlySet<string> }> {
  const ruleOf = new Map<string, string>();
  const shared = new Set<string>();
  let root: JsonObject = {};
  let fingerprint: string | undefined;
  for await (const event of sliceJson(input.open(), {
    patterns: ['results.*.extra.fingerprint'],
    skip: [...SKIP, ...['metadata', 'metavars', 'lines', 'message'].map((key) => `results.*.extra.${key}`)],
  })) {
    if (event.kind === 'element') fingerprint = asText(event.value);
    if (event.kind !== 'close') continue;
    if (event.depth === 0) root = event.value;
    if (!RESULT_PATH.test(event.path) || fingerprint === undefined) continue;
    const rule = asText(event.value.check_id) ?? '';
    const known = ruleOf.get(fingerprint);
    if (known === undefined) ruleOf.set(fingerprint, rule);
    else if (known !== rule) shared.add(fingerprint);
    fingerprint = undefined;
  }
  return { root, shared };
}
