import { parseInstant } from '#base/instant.ts';
import { asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import {
  type FindingObservation,
  type ObservedState,
  OPEN,
  type SignalObservation,
} from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { postureFinding } from '../reading/posture-finding.ts';
import type { EntryReading } from '../reading/read-entries.ts';
import { asTechniques } from '../reading/technique.ts';

/** Categories that are about who may do what. */
const IDENTITY = /(?:^|_)(?:IAM|ROLE|ROLES|SERVICE_ACCOUNT|MFA|API_KEY|NON_ORG_IAM_MEMBER)(?:_|$)/;

/** A finding: a threat is a signal, one with a CVE a flaw of its resource, all else a setting. */
export function mapFinding(finding: JsonObject, beside: JsonObject): EntryReading {
  const category = asText(finding.category);
  if (category === undefined) return 'a text in category was expected';
  const id = asText(finding.resourceName) ?? asText(beside.name);
  if (id === undefined) return 'a text in resourceName was expected';
  const account = projectOf(beside);
  const type = asText(beside.type);
  const resource: ResourceDescription = { kind: 'cloud', provider: 'gcp', id, type, account };
  if (finding.findingClass === 'THREAT') return threat(finding, category, resource, account);
  const shared = {
    title: titleOf(category),
    severity: severityOfWord(asText(finding.severity)),
    description: asText(finding.description) ?? asText(at(finding, 'sourceProperties', 'Explanation')),
    fix: asText(finding.nextSteps) ?? asText(at(finding, 'sourceProperties', 'Recommendation')),
    references: [asText(finding.externalUri)],
    state: stateOf(finding),
  };
  const cve = asText(at(finding, 'vulnerability', 'cve', 'id'));
  const setting = postureFinding({
    tool: 'gcp-scc',
    check: category,
    resource,
    resourceKind: type,
    isIdentity: IDENTITY.test(category),
    ...shared,
  });
  if (PATHS.has(asText(finding.findingClass) ?? '')) return [{ ...setting, ...pathOf(finding, setting) }];
  if (cve === undefined) return [setting];
  return [
    {
      ...setting,
      type: 'infrastructure_vulnerability',
      subject: { is: 'advisory', id: cve },
      title: shared.description?.slice(0, 300) ?? cve,
      findingClass: 'os-packages',
    },
  ];
}

/** Classes of what its simulation of attackers found: what together leads to something valuable, and where many ways meet. */
const PATHS: ReadonlySet<string> = new Set(['TOXIC_COMBINATION', 'CHOKEPOINT']);

/** An attack path of the simulation, about the resource that it names, with how exposed that is. */
function pathOf(
  finding: JsonObject,
  { description }: Pick<FindingObservation, 'description'>,
): Pick<FindingObservation, 'type' | 'description' | 'findingClass'> {
  const score =
    at(finding, 'toxicCombination', 'attackExposureScore') ?? at(finding, 'attackExposure', 'score');
  const exposed = at(finding, 'attackExposure', 'exposedHighValueResourcesCount');
  const told = [
    description,
    typeof score === 'number' ? `Attack exposure score ${score}.` : undefined,
    typeof exposed === 'number' ? `Exposed resources of high value: ${exposed}.` : undefined,
  ].filter((text) => text !== undefined);
  return { type: 'attack_path', description: told.join(' ') || undefined, findingClass: undefined };
}

/** `BUCKET_LOGGING_DISABLED` in words. */
function titleOf(category: string): string {
  const words = category.slice(0, 200).replaceAll('_', ' ');
  return words === words.toUpperCase() ? words.charAt(0) + words.slice(1).toLowerCase() : words;
}

/** `//cloudresourcemanager.googleapis.com/projects/shop`. */
function projectOf(beside: JsonObject): string | undefined {
  const name =
    asText(beside.projectName) ?? asText(beside.project) ?? asText(at(beside, 'gcpMetadata', 'project'));
  return name?.slice(name.lastIndexOf('/') + 1) || undefined;
}

function stateOf(finding: JsonObject): ObservedState {
  if (finding.state === 'INACTIVE')
    return { is: 'ended', why: 'Security Command Center says that it is inactive.', passed: false };
  return finding.mute === 'MUTED' ? { is: 'suppressed', reason: 'muted in Security Command Center' } : OPEN;
}

function threat(
  finding: JsonObject,
  rule: string,
  resource: ResourceDescription,
  account: string | undefined,
): EntryReading {
  const lastAt = parseInstant(finding.eventTime) ?? parseInstant(finding.createTime);
  if (lastAt === null) return 'a time in eventTime was expected';
  const isMuted = finding.mute === 'MUTED';
  const signal: SignalObservation = {
    kind: 'signal',
    externalId: asText(finding.canonicalName) ?? asText(finding.name),
    tool: 'gcp-scc',
    rule,
    title: asText(finding.description) ?? rule,
    severity: severityOfWord(asText(finding.severity)),
    firstAt: Math.min(parseInstant(finding.createTime) ?? lastAt, lastAt),
    lastAt,
    count: 1,
    resources: [resource],
    account,
    techniques: asTechniques([
      ...asTexts(at(finding, 'mitreAttack', 'primaryTechniques')),
      ...asTexts(at(asObject(finding.sourceProperties), 'properties', 'technique')),
    ]),
    isAttack: !isMuted,
    ...(isMuted && { whyNoAttack: 'It is muted in Security Command Center.' }),
  };
  return [signal];
}
