import { InboxError } from '#base/inbox-error.ts';
import { asObject, asText, asTexts, type JsonObject, type JsonValue } from '#base/json-value.ts';
import { splitPackageName } from '#domain/package/package-name.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { firstEntry, jsonEntries } from '../reading/json-entries.ts';
import { advisoryInAddress, packageFindings } from '../reading/library-finding.ts';
import { mapNpmAdvisory, npmVectors, UNNAMED_PACKAGES } from '../reading/npm-advisory.ts';
import { type EntryReading, noObject, toItem } from '../reading/read-entries.ts';
import { packagesScan } from '../reading/scans.ts';

/** JSON lines of Yarn's audit: Yarn 1, and Yarn 4. */
export const yarnAudit: ReportFormat = {
  id: 'yarn-audit',
  title: 'yarn audit',
  command: 'yarn npm audit --all --recursive --json > yarn-audit.jsonl',
  claims,
  read,
};

const NOUN = 'a line of the audit';
const TYPES: ReadonlySet<string> = new Set([
  'auditAdvisory',
  'auditSummary',
  'auditAction',
  'info',
  'warning',
  'error',
]);
const VERSIONS_MAX = 3;

function claims(head: ReportHead): boolean {
  const line = firstEntry(head, []);
  if (line === undefined || Array.isArray(head.json)) return false;
  return (
    (TYPES.has(asText(line.type) ?? '') && line.data !== undefined && Object.keys(line).length === 2) ||
    isOfYarn4(line)
  );
}

function isOfYarn4(line: JsonObject): boolean {
  const children = asObject(line.children);
  return asText(line.value) !== undefined && children !== undefined && 'Tree Versions' in children;
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const end = await readEnd(input);
  // Yarn 4 writes no end: a run that was stopped looks like one that found nothing more.
  yield packagesScan('yarn-audit', context, {}, end.isSummed ? 'all' : 'none');
  for await (const line of jsonEntries(input, [], NOUN, 'silent')) {
    if (line.kind === 'reject') yield line;
    else if (line.value.type === 'auditAdvisory') yield toItem(line.at, NOUN, mapOfYarn1(line.value));
    else if (line.value.type === undefined) yield toItem(line.at, NOUN, mapOfYarn4(line.value));
    else if (!TYPES.has(asText(line.value.type) ?? '')) yield noObject(line.at, NOUN);
  }
  if (end.error !== undefined && !end.isSummed)
    throw new InboxError('report_broken', `yarn audit failed: ${end.error}`);
}

/** Whether Yarn 1 came to its end, and what it says went wrong. */
async function readEnd(
  input: ReportInput,
): Promise<{ readonly isSummed: boolean; readonly error: string | undefined }> {
  let isSummed = false;
  let error: string | undefined;
  for await (const line of jsonEntries(input, [], NOUN, 'silent')) {
    if (line.kind === 'reject') continue;
    if (line.value.type === 'auditSummary') isSummed = true;
    if (line.value.type === 'error') error ??= (asText(line.value.data) ?? 'no reason is told').slice(0, 300);
  }
  return { isSummed, error };
}

function mapOfYarn1(line: JsonObject): EntryReading {
  const advisory = asObject(asObject(line.data)?.advisory);
  return advisory === undefined
    ? 'an object in data.advisory was expected'
    : mapNpmAdvisory(advisory, 'yarn-audit');
}

/** A line of Yarn 4. A package that is only deprecated has no flaw: its entry has no finding. */
function mapOfYarn4(line: JsonObject): EntryReading {
  const name = asText(line.value);
  const children = asObject(line.children);
  if (name === undefined || children === undefined)
    return 'a text in value and an object in children were expected';
  if (asText(children.ID)?.endsWith('(deprecation)') === true) return [];
  const url = asText(children.URL);
  const ghsa = advisoryInAddress(url);
  const own = ghsa ?? npmNumber(children.ID);
  if (own === undefined) return 'an ID was expected';
  return packageFindings({
    resource: UNNAMED_PACKAGES,
    ids: [own],
    package: splitPackageName('npm', name),
    title: asText(children.Issue),
    severity: severityOfWord(asText(children.Severity)),
    vectors: npmVectors({ severity: children.Severity }, ghsa, 'yarn-audit'),
    references: url === undefined ? [] : [url],
    locations: asTexts(children['Tree Versions'])
      .slice(0, VERSIONS_MAX)
      .map((version) => ({ version })),
  });
}

function npmNumber(id: JsonValue | undefined): string | undefined {
  return typeof id === 'number' || (typeof id === 'string' && /^\d{1,12}$/.test(id))
    ? `npm:${id}`
    : undefined;
}
