import { parseInstant } from '#base/instant.ts';
import { asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import {
  type FindingObservation,
  type ObservedState,
  OPEN,
  type VectorClaim,
} from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ArtifactDescription } from '#domain/resource/resource-description.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { ratingProvider } from '../reading/distribution.ts';
import { packageFindings } from '../reading/library-finding.ts';
import { type PackageUrl, parsePackageUrl } from '../reading/package-url.ts';
import { readEntries } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';

/** What Dependency-Track exports of a project (file format FPF): flaws of its components, with what people decided. */
export const dependencyTrack: ReportFormat = {
  id: 'dependency-track',
  title: 'Dependency-Track (FPF)',
  command: 'curl -H "X-Api-Key: KEY" https://HOST/api/v1/finding/project/UUID/export > findings.fpf.json',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  return (
    asText(at(report, 'meta', 'application')) === 'Dependency-Track' &&
    asObject(report?.project) !== undefined
  );
}

/** An export holds all findings of its project, suppressed ones too. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const { root } = await readSurroundings(input, ['findings']);
  const resource = artifactOf(asObject(root.project) ?? {});
  yield {
    kind: 'scan',
    scan: {
      tool: 'dependency-track',
      toolVersion: asText(at(root, 'meta', 'version')),
      time: parseInstant(at(root, 'meta', 'timestamp')),
      scope: { is: 'artifact', name: resource.name },
      coverage: resource.name === null ? 'none' : 'all',
    },
  };
  yield* readEntries(input, { patterns: ['findings.*'] }, 'a finding', (entry) => mapEntry(entry, resource));
  yield {
    kind: 'beside',
    observations: ['os-packages', 'libraries'].map((findingClass) => ({ kind: 'coverage', findingClass })),
  };
}

/** A package URL without its version says it everywhere, as in an SBOM; else the name. */
function artifactOf(project: JsonObject): ArtifactDescription {
  const purl = parsePackageUrl(asText(project.purl));
  const name =
    purl === null
      ? asText(project.name)
      : `pkg:${purl.type}/${purl.namespace === '' ? '' : `${purl.namespace}/`}${purl.name}`;
  return { kind: 'artifact', name: name?.slice(0, 1_000) ?? null };
}

function mapEntry(entry: JsonObject, resource: ArtifactDescription): readonly FindingObservation[] | string {
  const found = asObject(entry.vulnerability) ?? {};
  const id = asText(found.vulnId);
  if (id === undefined) return 'a text in vulnerability.vulnId was expected';
  const component = asObject(entry.component) ?? {};
  const named = packageOf(component);
  if (named === null) return 'a purl or a name in component was expected';
  const isOpen = asText(found.severity)?.toUpperCase() !== 'UNASSIGNED';
  const recommendation = asText(found.recommendation);
  const analysis = asObject(entry.analysis) ?? {};
  const state = stateOf(analysis);
  const note = state.is === 'open' ? asText(analysis.details) : undefined;
  const firstSeenAt = parseInstant(at(entry, 'attribution', 'attributedOn')) ?? undefined;
  return packageFindings({
    resource,
    ids: [id, ...aliasesOf(found)],
    package: named,
    title: asText(found.title),
    severity: isOpen ? severityOfWord(asText(found.severity)) : null,
    vectors: vectorsOf(found),
    description: [asText(found.description), note && `Noted in Dependency-Track: ${note}`]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    fix: recommendation,
    references: linksIn(asText(found.references)),
    locations: [{ version: asText(component.version) }],
    publishedAt: parseInstant(found.published),
    state,
  }).map((finding) => (firstSeenAt === undefined ? finding : { ...finding, firstSeenAt }));
}

function packageOf(component: JsonObject): Pick<PackageUrl, 'type' | 'namespace' | 'name'> | null {
  const purl = parsePackageUrl(asText(component.purl));
  if (purl !== null) return purl;
  const name = asText(component.name);
  return name === undefined ? null : { type: 'generic', namespace: asText(component.group) ?? '', name };
}

/** Objects with one id of each database; newer ones repeat them in `allBySource`. */
function aliasesOf(found: JsonObject): readonly string[] {
  return asObjects(found.aliases)
    .slice(0, 20)
    .flatMap((alias) => [alias.cveId, alias.ghsaId, alias.osvId, alias.gsdId, alias.snykId])
    .flatMap((each) => asText(each) ?? []);
}

/** `source` says whose record it is, and so whose vectors these are. */
function vectorsOf(found: JsonObject): readonly VectorClaim[] {
  const provider = ratingProvider(asText(found.source) ?? '', undefined, 'dependency-track');
  return [found.cvssV4Vector, found.cvssV3Vector, found.cvssV2Vector].flatMap((each): VectorClaim[] => {
    const vector = asText(each)?.replace(/^\((.{1,200})\)$/, '$1');
    return vector === undefined ? [] : [{ provider, vector, word: null }];
  });
}

/** Addresses of a list in Markdown. */
function linksIn(markdown: string | undefined): readonly string[] {
  return [...(markdown ?? '').slice(0, 20_000).matchAll(/\((https?:\/\/[^\s()]{1,500})\)/g)].map(
    ([, link]) => link as string,
  );
}

function stateOf(analysis: JsonObject): ObservedState {
  const state = asText(analysis.state);
  const why = [asText(analysis.justification), asText(analysis.details)]
    .flatMap((text) => text ?? [])
    .join(': ')
    .replaceAll('_', ' ')
    .slice(0, 1_000);
  if (state === 'RESOLVED') return { is: 'ended', why: why || 'resolved', passed: false };
  if (state === 'NOT_AFFECTED') return { is: 'ended', why: why || 'not affected', passed: false };
  if (state === 'FALSE_POSITIVE')
    return { is: 'suppressed', reason: why || 'false positive in Dependency-Track' };
  return analysis.isSuppressed === true
    ? { is: 'suppressed', reason: why || 'suppressed in Dependency-Track' }
    : OPEN;
}
