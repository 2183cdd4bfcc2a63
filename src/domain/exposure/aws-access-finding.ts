import { dateText, type Instant, parseInstant } from '#base/instant.ts';
import { addToList } from '#base/list-map.ts';
import { awsCall } from '../resource/aws-call.ts';
import { called } from '../resource/called.ts';
import { ACCESS_FINDING, type AccessFindingFacts } from '../resource/facts/aws-facts.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import type { EstateResource } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import { bucketCall } from './aws-bucket-opening.ts';
import type { AwsEstate } from './aws-estate.ts';
import { POLICY_SERVICES } from './aws-policy-services.ts';
import { closedWay, openWay, stateOfWays, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';

/** What Access Analyzer says of a resource, and when it looked. */
interface Proof {
  readonly facts: AccessFindingFacts;
  readonly at: Instant;
  readonly provenance: string;
}

const VIA = ['IAM Access Analyzer'];
const ACTIONS_SAID = 4;

/**
 * Findings of IAM Access Analyzer beside what the descriptions say (attack-paths §2.11): they prove access of a
 * resource whose policy nobody described, and win where they are newer than the description. Either way what
 * contradicts is shown. An archived finding is access that somebody wants; only a resolved one is none.
 */
export function withAccessFindings(
  estate: AwsEstate,
  resource: EstateResource,
  records: readonly ExposureRecord[],
): readonly ExposureRecord[] {
  const proofs = estate.derived(proofsByResource).get(spelledAsKey(resource.key));
  if (proofs === undefined) return records;
  const own = stateOfWays(records);
  const given = proofs.filter(({ facts }) => facts.Status === 'ACTIVE' || facts.Status === 'ARCHIVED');
  const shared = given
    .filter(({ facts }) => facts.IsPublic !== true)
    .map((proof) => provenWay(resource, proof, 'partner', said(resource, proof, 'outsiders that it names')));
  const open = given
    .filter(({ facts }) => facts.IsPublic === true)
    .map((proof) => publicWay(resource, proof, own, records));
  const ended = proofs.filter(({ facts }) => facts.Status === 'RESOLVED' && facts.IsPublic === true);
  const against = open.length > 0 ? [] : ended.filter(({ at }) => at > resource.seenAt);
  const ways =
    own === 'yes' && against.length > 0 ? records.map((way) => doubted(resource, way, against)) : records;
  return own === 'yes' ? [...ways, ...open, ...shared] : [...open, ...ways, ...shared];
}

const proofsByResource = (estate: AwsEstate): ReadonlyMap<string, readonly Proof[]> => {
  const proofs = new Map<string, Proof[]>();
  for (const each of estate.ofType('access-finding')) {
    const { seenAt, provenance } = each;
    const facts = estate.facts(ACCESS_FINDING, each);
    const at = parseInstant(facts.AnalyzedAt) ?? seenAt;
    if (facts.Resource !== undefined)
      addToList(proofs, spelledAsKey(`aws:${facts.Resource}`), { facts, at, provenance });
  }
  return proofs;
};

/** ARNs of snapshots come with an account and without. */
export function spelledAsKey(key: string): string {
  return key.replace(/^(aws:arn:[a-z-]+:ec2:[a-z0-9-]*:)\d{12}(:snapshot\/)/, '$1$2');
}

function publicWay(
  resource: EstateResource,
  proof: Proof,
  own: ReturnType<typeof stateOfWays>,
  records: readonly ExposureRecord[],
): ExposureRecord {
  const { facts, at } = proof;
  const whom = 'everybody';
  const over = { audience: audienceOf(resource, facts), surface: surfaceOf(facts), via: VIA };
  if (own === 'no' && at < resource.seenAt)
    return closedWay(
      [
        said(resource, proof, whom),
        note(proof, `The description of ${called(resource)} is newer, and shows none of it.`),
      ],
      over,
    );
  if (facts.Restriction !== undefined && own === 'no' && isClosedByOrganisation(records))
    return closedWay(
      [
        said(resource, proof, whom),
        note(
          proof,
          'It leaves resource control policies of the organisation out, which let nobody outside in.',
        ),
      ],
      over,
    );
  const outdated = note(
    proof,
    `What was described of ${called(resource)} before says otherwise: describe it again.`,
  );
  if (facts.Restriction !== undefined && own !== 'yes')
    return unsettledWay(
      [own === 'no' ? descriptionOf(resource) : controlsOf(resource)],
      [said(resource, proof, whom), ...(own === 'no' ? [outdated] : [])],
      over,
    );
  const way = provenWay(resource, proof, over.audience, said(resource, proof, whom));
  return own === 'no' ? { ...way, evidence: [...way.evidence, outdated] } : way;
}

/** The analyzer says that such policies are there, and not what they do: by themselves they contradict nothing. */
function isClosedByOrganisation(records: readonly ExposureRecord[]): boolean {
  return records.some(({ gates }) => gates.some((gate) => gate.startsWith('resource control polic')));
}

function controlsOf({ name }: EstateResource): string {
  return `the resource control policies that bind ${name}: aws organizations list-policies --filter RESOURCE_CONTROL_POLICY, and of each aws organizations describe-policy --policy-id ID and ${awsCall('organizations list-targets-for-policy', [['--policy-id', 'ID']], 'ID')}`;
}

/** Organisations bind no other types by their resource control policies. */
function descriptionOf(resource: EstateResource): string {
  const call = POLICY_SERVICES[resource.type]?.call(resource);
  return `the policy of ${called(resource)} as it is now: ${call ?? bucketCall('get-bucket-policy', resource.name)}`;
}

function provenWay(
  { name }: EstateResource,
  { facts }: Proof,
  audience: ExposureRecord['audience'],
  reason: Evidence,
): ExposureRecord {
  return openWay(
    {
      surface: surfaceOf(facts),
      audience,
      auth: audience === 'internet' ? 'none' : 'iam',
      via: VIA,
      gates: [
        `what the policy of ${name} gives ${(facts.Principals ?? []).slice(0, 1).join() || 'outsiders'}`,
      ],
    },
    reason,
  );
}

/** Services that answer requests without a signature; whoever calls the others has an account. */
const UNSIGNED: ReadonlySet<string> = new Set(['s3-bucket', 's3-access-point', 'sqs-queue']);

function audienceOf(
  { type }: EstateResource,
  { Actions = [], Principals = [] }: AccessFindingFacts,
): ExposureRecord['audience'] {
  if (Principals.some((each) => each.includes('AuthenticatedUsers'))) return 'any-aws-account';
  return UNSIGNED.has(type) || Actions.includes('lambda:InvokeFunctionUrl') ? 'internet' : 'any-aws-account';
}

function surfaceOf({ Actions = [] }: AccessFindingFacts): string {
  if (Actions.length === 0) return 'any';
  return `${Actions.slice(0, ACTIONS_SAID).join(', ')}${Actions.length > ACTIONS_SAID ? ', …' : ''}`;
}

function said(resource: EstateResource, proof: Proof, whom: string): Evidence {
  const { facts, at } = proof;
  const archived =
    facts.Status === 'ARCHIVED' ? ' The finding is archived, which does not take the access away.' : '';
  return note(
    proof,
    `IAM Access Analyzer proves that ${called(resource)} is open to ${whom} (${surfaceOf(facts)}), as of ${dateText(at)}.${archived}`,
  );
}

function note({ at, provenance }: Proof, sentence: string): Evidence {
  return { sentence, provenance, at };
}

function doubted(resource: EstateResource, way: ExposureRecord, against: readonly Proof[]): ExposureRecord {
  if (way.verdict !== 'yes' || !isPublic(way.audience)) return way;
  const [proof] = against as [Proof];
  return {
    ...way,
    evidence: [
      ...way.evidence,
      note(
        proof,
        `IAM Access Analyzer resolved its finding on it on ${dateText(proof.at)}, after ${called(resource)} was described: describe it again.`,
      ),
    ],
  };
}
