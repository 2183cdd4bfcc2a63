import { asArray, asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { UnreadElement } from '#base/unread-element.ts';
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

const CHECK = /"check_id"\s*:\s*"([^"\\]*)"/g;
const FINGERPRINT = /"fingerprint"\s*:\s*"([^"\\]*)"/g;

/** What stands around the results, and the fingerprints that stand under more than one rule: constants, not identities. */
async function readAround(
  input: ReportInput,
): Promise<{ readonly root: JsonObject; readonly shared: ReadonlySet<string> }> {
  const ruleOf = new Map<string, string>();
  const shared = new Set<string>();
  let root: JsonObject = {};
  const note = ({ rule, fingerprint }: ResultNames) => {
    if (fingerprint === undefined) return;
    const known = ruleOf.get(fingerprint);
    if (known === undefined) ruleOf.set(fingerprint, rule);
    else if (known !== rule) shared.add(fingerprint);
  };
  const recall = (element: UnreadElement) => {
    const names = namesIn(element.text);
    if (names !== null) note(names);
    return names !== null;
  };
  for await (const event of sliceJson(input.open(), {
    patterns: ['results.*'],
    skip: SKIP,
    recall,
    ignoresRest: true,
  })) {
    if (event.kind === 'close' && event.depth === 0) root = event.value;
    if (event.kind === 'element')
      note({
        rule: asText(at(event.value, 'check_id')) ?? '',
        fingerprint: asText(at(event.value, 'extra', 'fingerprint')),
      });
  }
  return { root, shared };
}

interface ResultNames {
  readonly rule: string;
  readonly fingerprint: string | undefined;
}

/**
 * The rule and the fingerprint of a result by how nearly all of them are written, once each and without escapes; null
 * where it has to be parsed. Inside of another text their quotes would be escaped.
 */
function namesIn(text: string): ResultNames | null {
  const [rule, ...rules] = text.matchAll(CHECK);
  const [fingerprint, ...fingerprints] = text.matchAll(FINGERPRINT);
  if (rule?.[1] === undefined || fingerprint?.[1] === undefined) return null;
  return rules.length > 0 || fingerprints.length > 0 ? null : { rule: rule[1], fingerprint: fingerprint[1] };
}
