import { parseInstant } from '#base/instant.ts';
import { asNumber, asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import {
  type FindingObservation,
  type ObservedState,
  OPEN,
  type VectorClaim,
} from '#domain/finding/observation.ts';
import { packageTypeOfEcosystem } from '#domain/package/package-ecosystem.ts';
import { splitPackageName } from '#domain/package/package-name.ts';
import type { ArtifactDescription } from '#domain/resource/resource-description.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { codeFinding, iacFinding } from '../reading/code-finding.ts';
import { cwesOf } from '../reading/cwe-numbers.ts';
import { ratingProvider } from '../reading/distribution.ts';
import { packageFindings } from '../reading/library-finding.ts';

/** The word in ids such as `SNYK-PYTHON-PILLOW-6219984` where it is no ecosystem's own name. */
const ECOSYSTEMS: ReadonlyMap<string, string> = new Map([
  ['JS', 'npm'],
  ['JAVA', 'maven'],
  ['DOTNET', 'nuget'],
  ['PHP', 'composer'],
  ['RUBY', 'gem'],
  ['UNMANAGED', 'generic'],
]);

/** What an issue says; a sentence where it lacks what it needs. A licence is no finding. */
export function mapIssue(issue: JsonObject): readonly FindingObservation[] | string {
  const attributes = asObject(issue.attributes) ?? {};
  const key = asText(attributes.key);
  if (key === undefined) return 'a text in attributes.key was expected';
  const project = asText(at(issue, 'relationships', 'scan_item', 'data', 'id'));
  const resource: ArtifactDescription = {
    kind: 'artifact',
    name: project === undefined ? null : `snyk project ${project}`,
  };
  const places = asObjects(attributes.coordinates).flatMap((each) => asObjects(each.representations));
  switch (attributes.type) {
    case 'package_vulnerability':
      return places.flatMap((place) => inPackage(attributes, key, place, resource));
    case 'code':
      return places.flatMap((place) => inFile(attributes, key, place, resource));
    case 'config':
      return places.flatMap((place) => inConfiguration(attributes, key, place, resource));
    default:
      return [];
  }
}

function sharedOf(attributes: JsonObject, resource: ArtifactDescription) {
  return {
    resource,
    title: asText(attributes.title),
    severity: severityOfWord(asText(attributes.effective_severity_level)),
    description: asText(attributes.description),
    state: stateOf(attributes),
  };
}

function inPackage(
  attributes: JsonObject,
  key: string,
  place: JsonObject,
  resource: ArtifactDescription,
): readonly FindingObservation[] {
  const name = asText(at(place, 'dependency', 'package_name'));
  if (name === undefined) return [];
  const ids = asObjects(attributes.problems)
    .filter((problem) => problem.type !== 'weakness')
    .flatMap((problem) => asText(problem.id) ?? [])
    .filter((id) => !id.startsWith('CWE-'));
  const word = /^SNYK-([A-Z]+)/.exec([key, ...ids].find((id) => id.startsWith('SNYK-')) ?? '')?.[1];
  const type = ECOSYSTEMS.get(word ?? '') ?? packageTypeOfEcosystem(word);
  return packageFindings({
    ...sharedOf(attributes, resource),
    ids: [key, ...ids],
    package: splitPackageName(type, name),
    vectors: vectorsOf(attributes),
    locations: [{ version: asText(at(place, 'dependency', 'package_version')) }],
    exploit: exploitOf(attributes),
    publishedAt: parseInstant(at(asObjects(attributes.problems)[0], 'disclosed_at')),
  });
}

function vectorsOf(attributes: JsonObject): readonly VectorClaim[] {
  return asObjects(attributes.severities)
    .slice(0, 20)
    .flatMap((rating): VectorClaim[] => {
      const vector = asText(rating.vector);
      const provider = ratingProvider(asText(rating.source) ?? '', undefined, 'snyk');
      return vector === undefined ? [] : [{ provider, vector, word: severityOfWord(asText(rating.level)) }];
    });
}

const PUBLISHED: ReadonlySet<string> = new Set(['high', 'mature', 'functional', 'proof of concept']);

/** The highest maturity of any version of CVSS. */
function exploitOf(attributes: JsonObject): FindingObservation['exploit'] {
  const levels = asObjects(at(attributes, 'exploit_details', 'maturity_levels')).flatMap(
    (each) => asText(each.level)?.slice(0, 40) ?? [],
  );
  const attacked = levels.find((level) => level.toLowerCase() === 'attacked');
  if (attacked !== undefined)
    return { kind: 'known_exploited', sentence: `Snyk says of its exploit: ${attacked}.` };
  const published = levels.find((level) => PUBLISHED.has(level.toLowerCase()));
  return published === undefined
    ? undefined
    : { kind: 'exploit_published', sentence: `Snyk says of its exploit: ${published}.` };
}

function inFile(
  attributes: JsonObject,
  key: string,
  place: JsonObject,
  resource: ArtifactDescription,
): readonly FindingObservation[] {
  const source = asObject(place.sourceLocation);
  const path = asText(source?.file);
  if (path === undefined) return [];
  const cwes = cwesOf(asObjects(attributes.classes).flatMap((each) => asText(each.id) ?? []));
  return [
    codeFinding({
      ...sharedOf(attributes, resource),
      tool: 'snyk-code',
      check: asText(asObjects(attributes.problems)[0]?.id) ?? key,
      path,
      line: asNumber(at(source, 'region', 'start', 'line')),
      cwes,
      toolFingerprint: key,
      message: asText(attributes.title),
      resource,
    }),
  ];
}

function inConfiguration(
  attributes: JsonObject,
  key: string,
  place: JsonObject,
  resource: ArtifactDescription,
): readonly FindingObservation[] {
  const path = asText(at(place, 'sourceLocation', 'file')) ?? asText(place.resourcePath) ?? '';
  return [
    iacFinding({
      ...sharedOf(attributes, resource),
      tool: 'snyk-iac',
      check: asText(asObjects(attributes.problems)[0]?.id) ?? key,
      path,
      line: asNumber(at(place, 'sourceLocation', 'region', 'start', 'line')),
      address: asText(place.resourcePath),
      message: asText(attributes.title),
    }),
  ];
}

function stateOf(attributes: JsonObject): ObservedState {
  if (attributes.status === 'resolved')
    return { is: 'ended', why: 'Snyk says that it is resolved.', passed: false };
  return attributes.ignored === true ? { is: 'suppressed', reason: 'ignored in Snyk' } : OPEN;
}
