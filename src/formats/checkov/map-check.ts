import { parseInstant } from '#base/instant.ts';
import { asArray, asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import { type FindingObservation, type ObservedState, OPEN } from '#domain/finding/observation.ts';
import { packageTypeOfEcosystem } from '#domain/package/package-ecosystem.ts';
import { splitPackageName } from '#domain/package/package-name.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { type CodeResult, codeFinding, iacFinding, secretFinding } from '../reading/code-finding.ts';
import { packageFindings } from '../reading/library-finding.ts';
import { lineNumber } from '../reading/line-number.ts';
import { packageTypeOfFile } from '../reading/lock-files.ts';
import { scannerProvider } from '../reading/scanner-provider.ts';
import { kindInAddress } from '../reading/terraform-address.ts';

/** The list that a check stands in. */
export type Outcome = 'failed' | 'passed' | 'skipped';

/** What checks are read with. */
export interface CheckContext {
  readonly outcome: Outcome;
  /** `terraform`, `kubernetes`, `secrets`, `sca_package`, …: also the unit of coverage. */
  readonly framework: string;
  readonly pathOf: (path: string | undefined) => string;
}

/** A check on a resource, or what it lacks. */
export function mapCheck(record: JsonObject, context: CheckContext): readonly FindingObservation[] | string {
  const check = asText(record.check_id);
  if (check === undefined) return 'a text in check_id was expected';
  const path = fileOf(record, context);
  if (path === undefined) return 'a text in file_path was expected';
  const reference = asText(record.guideline);
  const shared = {
    tool: 'checkov',
    check,
    path,
    line: lineNumber(asArray(record.file_line_range)[0]),
    severity: severityOfWord(asText(record.severity)),
    title: asText(record.check_name),
    description: asText(record.description) ?? asText(record.short_description),
    references: reference === undefined ? [] : [reference],
    state: stateOf(record, context.outcome),
  };
  return readings(record, shared, context.framework).map((finding) => ({
    ...finding,
    cover: context.framework,
  }));
}

function readings(record: JsonObject, shared: CodeResult, framework: string): readonly FindingObservation[] {
  const flaw = asObject(record.vulnerability_details);
  if (flaw !== undefined && framework.startsWith('sca_')) return mapFlaw(flaw, shared);
  const resource = asText(record.resource_address) ?? asText(record.resource);
  if (framework === 'secrets' || shared.check.startsWith('CKV_SECRET_'))
    return [secretFinding({ ...shared, value: plainHash(resource), secretState: 'unknown' })];
  if (framework.startsWith('sast')) return [codeFinding({ ...shared, cwes: [], message: shared.title })];
  // Of a file without resources Checkov repeats the path, as the machine spells it.
  const address =
    resource?.startsWith('/') === true ? resource.slice(resource.lastIndexOf('/') + 1) : resource;
  return [iacFinding({ ...shared, address, resourceKind: kindInAddress(address), message: shared.title })];
}

/** Checkov names a secret by the hash that detect-secrets, which finds it, makes of its value. */
function plainHash(resource: string | undefined): string | undefined {
  return resource !== undefined && /^[0-9a-f]{40}$/.test(resource) ? `sha1:${resource}` : undefined;
}

function mapFlaw(flaw: JsonObject, shared: CodeResult): readonly FindingObservation[] {
  const name = asText(flaw.package_name);
  if (name === undefined) return [];
  const type = packageTypeOfFile(shared.path) ?? packageTypeOfEcosystem(asText(flaw.package_type));
  const vector = asText(flaw.vector);
  const word = severityOfWord(asText(flaw.severity)) ?? shared.severity;
  const fix = asText(at(flaw, 'fix_details', 'lowest_fixed_version')) ?? asText(flaw.lowest_fixed_version);
  const link = asText(flaw.link);
  return packageFindings({
    resource: { kind: 'repository', name: null },
    ids: [asText(flaw.id) ?? shared.check],
    package: splitPackageName(type, name),
    title: shared.title,
    severity: word,
    vectors: vector === undefined ? [] : [{ provider: scannerProvider('checkov'), vector, word }],
    description: asText(flaw.description),
    fix: fix === 'N/A' ? undefined : fix,
    fixable: fix !== undefined && fix !== 'N/A',
    references: link === undefined ? [] : [link],
    locations: [{ path: shared.path, version: asText(flaw.package_version) }],
    publishedAt: parseInstant(flaw.published_date),
    state: shared.state,
  });
}

function stateOf(record: JsonObject, outcome: Outcome): ObservedState {
  if (outcome === 'failed') return OPEN;
  if (outcome === 'passed') return { is: 'ended', why: 'passed', passed: true };
  const comment = asText(at(record, 'check_result', 'suppress_comment'));
  return { is: 'suppressed', reason: (comment ?? 'skipped in Checkov').slice(0, 1_000) };
}

/**
 * The path relative to the root of the repository: the absolute one where `--root` is given, else the one that Checkov
 * makes relative to where it ran; it writes a slash before either.
 */
function fileOf(record: JsonObject, { pathOf }: CheckContext): string | undefined {
  const absolute = pathOf(asText(record.file_abs_path));
  if (absolute !== '' && !absolute.startsWith('/') && !/^[A-Z]:\//.test(absolute)) return absolute;
  const relative = asText(record.repo_file_path) ?? asText(record.file_path);
  return relative === undefined ? undefined : pathOf(relative.replace(/^\/+/, ''));
}
