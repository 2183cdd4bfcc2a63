import { parseInstant } from '#base/instant.ts';
import { asNumber, asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { FindingObservation, ObservedState, VectorClaim } from '#domain/finding/observation.ts';
import { OPEN } from '#domain/finding/observation.ts';
import { placeOfPackage } from '#domain/package/package-name.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { inspectorDistribution, inspectorPackage } from '../reading/aws/inspector-package.ts';
import { codeFinding } from '../reading/code-finding.ts';
import { cwesOf } from '../reading/cwe-numbers.ts';
import { ratingProvider } from '../reading/distribution.ts';
import { postureFinding } from '../reading/posture-finding.ts';
import type { EntryReading } from '../reading/read-entries.ts';
import { type FoundResource, resourcesOf, toldOf } from './found-resource.ts';

const PACKAGES_MAX = 200;
const REFERENCES_MAX = 5;
const ADVICE_MAX = 4_000;

/** What a finding says: a package with a flaw, a port that can be reached, or a weakness in a function's code. */
export function mapFinding(finding: JsonObject): EntryReading {
  const found = resourcesOf(finding);
  if (found.length === 0) return 'resources with an id were expected';
  const told = found.flatMap(toldOf);
  const details = asObject(finding.packageVulnerabilityDetails);
  if (details !== undefined) {
    const id = asText(details.vulnerabilityId);
    if (id === undefined) return 'a text in packageVulnerabilityDetails.vulnerabilityId was expected';
    return [...found.flatMap((each) => inPackages(finding, details, id, each)), ...told];
  }
  const code = asObject(finding.codeVulnerabilityDetails);
  if (code !== undefined) return [...found.map((each) => inCode(finding, code, each)), ...told];
  const title = asText(finding.title);
  if (title === undefined) return 'a text in title was expected';
  return [
    ...found.map(({ resource, type }) =>
      postureFinding({
        tool: 'inspector',
        // Security Hub names it so too.
        check: title,
        resource,
        resourceKind: type,
        title,
        severity: severityOfWord(asText(finding.severity)),
        description: asText(finding.description),
        fix: adviceOf(finding),
        references: adviceAt(finding),
        state: stateOf(finding),
      }),
    ),
    ...told,
  ];
}

function inPackages(
  finding: JsonObject,
  details: JsonObject,
  id: string,
  { resource, raw, platform }: FoundResource,
): readonly FindingObservation[] {
  const related = asTexts(details.relatedVulnerabilities).slice(0, 20);
  const packages = asObjects(details.vulnerablePackages).slice(0, PACKAGES_MAX);
  const [tag] = resource.kind === 'image' ? (resource.tags ?? []) : [];
  return (packages.length === 0 ? [{} as JsonObject] : packages).map((each) => {
    const name = asText(each.name);
    const fixedIn = asText(each.fixedInVersion);
    const isFixed = fixedIn !== undefined && fixedIn !== 'NotAvailable';
    const hasRelease = asText(each.release) !== undefined;
    const named =
      name === undefined ? null : inspectorPackage(name, asText(each.packageManager), platform, hasRelease);
    const isSystem = named?.isSystem ?? true;
    return {
      kind: 'finding',
      type: isSystem ? 'infrastructure_vulnerability' : 'library_vulnerability',
      subject: { is: 'advisory', id, ...(related.length > 0 && { aliases: related }) },
      resource,
      place: named === null ? { is: 'none' } : placeOfPackage(named),
      state: stateOf(finding),
      title: asText(finding.title) ?? id,
      severity: severityOfWord(asText(finding.severity)),
      vectors: vectorsOf(details),
      description: asText(finding.description),
      fix: isFixed ? fixedIn : undefined,
      fixable: isFixed ? true : fixableOf(finding),
      references: [asText(details.sourceUrl), ...asTexts(details.referenceUrls)]
        .flatMap((url) => url ?? [])
        .slice(0, REFERENCES_MAX),
      locations: [
        {
          version: versionOf(each),
          path: asText(each.filePath),
          tag: tag?.slice(tag.lastIndexOf(':') + 1),
          digest: asText(at(raw, 'details', 'awsEcrContainerImage', 'imageHash')),
        },
      ],
      distribution: isSystem ? inspectorDistribution(platform) : undefined,
      publishedAt: parseInstant(details.vendorCreatedAt) ?? undefined,
      exploit:
        finding.exploitAvailable === 'YES'
          ? {
              kind: 'exploit_published',
              sentence: `Inspector says that an exploit for ${id.slice(0, 100)} is available.`,
            }
          : undefined,
      findingClass: isSystem ? 'os-packages' : 'libraries',
    } satisfies FindingObservation;
  });
}

function fixableOf(finding: JsonObject): boolean | undefined {
  const word = asText(finding.fixAvailable);
  return word === 'YES' || word === 'PARTIAL' ? true : word === 'NO' ? false : undefined;
}

function versionOf(vulnerable: JsonObject): string | undefined {
  const version = asText(vulnerable.version);
  if (version === undefined) return undefined;
  const epoch = asNumber(vulnerable.epoch) ?? 0;
  const release = asText(vulnerable.release);
  return `${epoch === 0 ? '' : `${epoch}:`}${version}${release === undefined ? '' : `-${release}`}`;
}

/** `source` of a vector is NVD, GITHUB, DEBIAN_CVE…; the adjusted one is Inspector's word about the resource. */
function vectorsOf(details: JsonObject): readonly VectorClaim[] {
  const claims = new Map<string, VectorClaim>();
  for (const cvss of asObjects(details.cvss).slice(0, 20)) {
    const vector = asText(cvss.scoringVector);
    if (vector === undefined) continue;
    const provider = providerOf(asText(cvss.source));
    claims.set(`${provider} ${vector}`, { provider, vector, word: null });
  }
  const word = severityOfWord(asText(details.vendorSeverity));
  const provider = providerOf(asText(details.source));
  if (word !== null) claims.set(`${provider} word`, { provider, vector: null, word });
  return [...claims.values()];
}

function providerOf(source: string | undefined): string {
  return ratingProvider((source ?? '').replace(/_(?:CVE|LINUX)$/, ''), undefined, 'inspector');
}

function inCode(finding: JsonObject, code: JsonObject, { resource }: FoundResource): FindingObservation {
  const path = asText(at(code, 'filePath', 'filePath')) ?? asText(at(code, 'filePath', 'fileName')) ?? '';
  const message = asText(finding.description);
  return {
    ...codeFinding({
      tool: 'inspector',
      check: asText(code.detectorId) ?? asText(code.detectorName) ?? 'code',
      path,
      line: asNumber(at(code, 'filePath', 'startLine')),
      severity: severityOfWord(asText(finding.severity)),
      title: asText(finding.title),
      description: message,
      references: [...asTexts(code.referenceUrls), ...adviceAt(finding)].slice(0, REFERENCES_MAX),
      cwes: cwesOf(asTexts(code.cwes)),
      message,
      fix: adviceOf(finding),
      state: stateOf(finding),
    }),
    resource,
  };
}

function adviceAt(finding: JsonObject): readonly string[] {
  return asTexts(at(finding, 'remediation', 'recommendation', 'Url'));
}

/** What to do about a port or a line of code; of packages the version that fixes them says more. */
function adviceOf(finding: JsonObject): string | undefined {
  const text = asText(at(finding, 'remediation', 'recommendation', 'text'));
  return text === 'None Provided' ? undefined : text?.slice(0, ADVICE_MAX);
}

function stateOf(finding: JsonObject): ObservedState {
  switch (asText(finding.status)) {
    case 'CLOSED':
      return { is: 'ended', why: 'Inspector closed the finding.', passed: false };
    case 'SUPPRESSED':
      return { is: 'suppressed', reason: 'suppressed in Inspector' };
    default:
      return OPEN;
  }
}
