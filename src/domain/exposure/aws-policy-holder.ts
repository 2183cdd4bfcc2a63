import { grantStatements } from '../privilege/aws/key-grants.ts';
import { called, calledFirst } from '../resource/called.ts';
import { POLICY_HOLDER, type PolicyHolderFacts } from '../resource/facts/aws-facts.ts';
import type { PolicyFacts } from '../resource/facts/fact-shape.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Audience, isCloudflare, isPublic } from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import { ignoredPrincipals } from './aws-ignored-principals.ts';
import { passedOnTo } from './aws-passed-on.ts';
import { openingsOf, type PolicyOpening } from './aws-policy-exposure.ts';
import { policyQuestion } from './aws-policy-question.ts';
import { POLICY_SERVICES, type PolicyService } from './aws-policy-services.ts';
import { closedWay, openWay, unsettledWay } from './aws-way-in.ts';
import { labelText } from './corporate-network.ts';
import type { ExposureRecord } from './exposure-record.ts';

/** How the policy of a queue, topic, secret, key or repository opens it: one record for each action. */
export function exposeByPolicy(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const service = POLICY_SERVICES[resource.type] as PolicyService;
  const facts = estate.facts(POLICY_HOLDER, resource);
  const records = judgePolicy(
    estate,
    resource,
    withGrants(facts),
    service,
    `the policy of ${resource.name}: ${service.call(resource)}`,
    (facts.Grants ?? []).length > 0 ? 'The policy with the grants' : 'The policy',
  );
  switch (resource.type) {
    case 'efs-file-system':
      return insideNetwork(resource, records);
    case 'sqs-queue':
      return [...records, ...throughApis(estate, resource)];
    default:
      return records;
  }
}

/** An API that puts what it is asked into a queue (attack-paths §2.6); nobody tells which of the calls of a queue it makes. */
function throughApis(estate: AwsEstate, queue: EstateResource): readonly ExposureRecord[] {
  return passedOnTo(
    estate,
    queue,
    [queue.key.replace(/^aws:/, '')],
    (front) => `calls of ${front.resource.name}`,
  );
}

/** The policy of a key with its grants (attack-paths §2.4); undefined where nobody described the policy, whatever was granted. */
function withGrants(facts: PolicyHolderFacts): PolicyFacts | undefined {
  const granted = grantStatements(facts);
  const { Policy } = facts;
  return Policy === undefined || granted.length === 0
    ? Policy
    : { ...Policy, Statement: [...Policy.Statement, ...granted] };
}

/** Whatever its policy says, only networks that reach its mount targets reach a file system (attack-paths §2.5). */
function insideNetwork(
  resource: EstateResource,
  records: readonly ExposureRecord[],
): readonly ExposureRecord[] {
  const said = evidence(
    `The mount targets of ${called(resource)} have no address on the internet; only its networks reach them.`,
    resource,
  );
  return records.map((way) => {
    if (way.verdict === 'unknown') return closedWay([said]);
    return isPublic(way.audience) && way.verdict === 'yes'
      ? { ...way, audience: 'corp', evidence: [...way.evidence, said] }
      : way;
  });
}

/** What a policy says about these actions; `missing` is what would supply one that nobody described. */
export function judgePolicy(
  estate: AwsEstate,
  resource: EstateResource,
  policy: PolicyFacts | undefined,
  { actions, unsigned }: Pick<PolicyService, 'actions' | 'unsigned'>,
  missing: string,
  by = 'The policy',
): readonly ExposureRecord[] {
  if (policy === undefined) return [unsettledWay([missing])];
  const { openings, undecided, denials, deputies } = openingsOf(
    policy,
    actions,
    unsigned,
    policyQuestion(estate, resource),
  );
  const ownRanges = ({ audience, sources }: PolicyOpening): string =>
    audience === 'corp' && sources !== undefined ? labelText(estate.networks, sources) : '';
  const confused = deputies.map((service) =>
    evidence(
      `${service} may use ${called(resource)} whoever it works for, as no aws:SourceAccount or aws:SourceArn is asked for. Others may get at it through the service (a confused deputy); public it is not by that.`,
      resource,
    ),
  );
  const records: ExposureRecord[] = openings.map((opening) =>
    openWay(
      {
        surface: opening.action,
        audience: opening.audience,
        auth: asksAccount(opening.audience) ? 'iam' : 'none',
        gates: opening.gates,
      },
      evidence(
        `${by} of ${called(resource)} lets ${audienceText(opening)}${ownRanges(opening)} take ${actionsOf(openings, opening.audience)}.`,
        resource,
      ),
    ),
  );
  if (openings.some(({ audience }) => isPublic(audience))) return records;
  if (undecided.length > 0) return [...records, unsettledWay(undecided, confused)];
  const said =
    policy.Statement.length === 0
      ? `${calledFirst(resource)} has no policy.`
      : `${by} of ${called(resource)} gives nothing to everybody.`;
  return [
    ...records,
    closedWay([evidence(said, resource), ...ignoredPrincipals(policy, resource), ...confused], {
      gates: denials,
    }),
  ];
}

function asksAccount(audience: Audience): boolean {
  return audience !== 'internet' && audience !== 'internet-wide';
}

function actionsOf(openings: readonly PolicyOpening[], audience: Audience): string {
  return openings
    .filter((each) => each.audience === audience)
    .map(({ action }) => action)
    .slice(0, 4)
    .join(', ');
}

function audienceText({ audience, sources }: PolicyOpening): string {
  switch (audience) {
    case 'internet':
      return 'everybody';
    case 'internet-wide':
      return 'a large part of the internet';
    case 'any-aws-account':
      return 'every AWS account';
    case 'org':
      return 'an organisation';
    case 'cdn-only':
      return sources !== undefined && isCloudflare(sources) ? 'Cloudflare' : 'CloudFront';
    case 'corp':
      return "the organisation's own ranges";
    default:
      return 'named outsiders';
  }
}
