import { compareBytes } from '#base/compare.ts';
import { HOUR_MS, type Instant, MINUTE_MS } from '#base/instant.ts';
import { asText, at, type JsonObject } from '#base/json-value.ts';
import { addToList } from '#base/list-map.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Severity } from '#domain/severity/severity.ts';
import { type ApiCall, parameter } from './api-call.ts';

/** A call with whose credentials it was made, and when. */
export interface DatedCall {
  readonly call: ApiCall;
  readonly at: Instant;
  readonly actor: ResourceDescription;
  /** One and the same for one principal. */
  readonly actorName: string;
}

/** A way of attack that only several calls of one principal give away. */
interface Sequence {
  readonly id: string;
  readonly title: string;
  readonly attack: string;
  readonly severity: Severity;
  /** Within which time all of them are made. */
  readonly withinMs: number;
  /** What a call adds to what was done; undefined where it is no part of the sequence. Calls that add the same count once. */
  readonly step: (dated: DatedCall) => string | undefined;
  /** So many different steps are needed. */
  readonly atLeast: number;
  /** The call that has to come after them; absent where the steps say it all. */
  readonly end?: ((dated: DatedCall) => boolean) | undefined;
}

/** Calls that ask who and what there is in an account. Tools that manage things ask for single ones by their names. */
const LISTINGS = new Set([
  'iam:ListUsers',
  'iam:ListRoles',
  'iam:ListGroups',
  'iam:ListPolicies',
  'iam:GetAccountAuthorizationDetails',
  'iam:GetAccountSummary',
  'iam:GetCredentialReport',
  'iam:SimulatePrincipalPolicy',
  's3:ListBuckets',
  'secretsmanager:ListSecrets',
  'ssm:DescribeParameters',
  'lambda:ListFunctions20150331',
  'lambda:ListFunctions',
  'ec2:DescribeInstances',
  'ec2:DescribeSnapshots',
  'rds:DescribeDBInstances',
  'organizations:DescribeOrganization',
  'organizations:ListAccounts',
  'cloudtrail:DescribeTrails',
  'guardduty:ListDetectors',
]);

/** Calls by which somebody gains rights (attack-paths §3.4). */
const ESCALATIONS = new Set([
  'iam:CreatePolicyVersion',
  'iam:SetDefaultPolicyVersion',
  'iam:AttachUserPolicy',
  'iam:AttachGroupPolicy',
  'iam:AttachRolePolicy',
  'iam:PutUserPolicy',
  'iam:PutGroupPolicy',
  'iam:PutRolePolicy',
  'iam:AddUserToGroup',
  'iam:UpdateAssumeRolePolicy',
  'iam:CreateAccessKey',
  'iam:CreateLoginProfile',
  'iam:UpdateLoginProfile',
  'iam:DeleteUserPermissionsBoundary',
  'iam:DeleteRolePermissionsBoundary',
]);

const nameOf = ({ call }: DatedCall) => `${call.service}:${call.name}`;
const listing = (dated: DatedCall) => (LISTINGS.has(nameOf(dated)) ? nameOf(dated) : undefined);
const SES = new Set([
  'ses:GetAccount',
  'ses:ListIdentities',
  'ses:GetSendQuota',
  'ses:GetAccountSendingEnabled',
]);

/** In the words of Stratus Red Team, where it has them; each is told apart from ordinary work by how many different things it does. */
export const SEQUENCES: readonly Sequence[] = [
  {
    id: 'enumerate-then-escalate',
    title: 'A principal looked over the account and then went for more rights',
    attack: 'T1078.004',
    severity: 'high',
    withinMs: HOUR_MS,
    atLeast: 3,
    step: listing,
    end: (dated) => ESCALATIONS.has(nameOf(dated)),
  },
  {
    id: 'aws.discovery.ec2-enumerate-from-instance',
    title: 'The role of an instance looked over the account',
    attack: 'T1580',
    severity: 'high',
    withinMs: 10 * MINUTE_MS,
    atLeast: 4,
    step: (dated) => (isOfInstance(dated) ? listing(dated) : undefined),
  },
  {
    id: 'aws.credential-access.secretsmanager-retrieve-secrets',
    title: 'Many secrets were read one after the other',
    attack: 'T1555.006',
    severity: 'high',
    withinMs: 10 * MINUTE_MS,
    atLeast: 15,
    step: (dated) =>
      nameOf(dated) === 'secretsmanager:GetSecretValue' ? parameter(dated.call, 'secretId') : undefined,
  },
  {
    id: 'aws.discovery.ses-enumerate',
    title: 'It was tried out how much mail the account may send',
    attack: 'T1580',
    severity: 'medium',
    withinMs: 10 * MINUTE_MS,
    atLeast: 3,
    step: (dated) => (SES.has(nameOf(dated)) ? nameOf(dated) : undefined),
  },
  {
    id: 'permission-probing',
    title: 'Many different calls were refused: somebody tries out what credentials may do',
    attack: 'T1087.004',
    severity: 'medium',
    withinMs: 10 * MINUTE_MS,
    atLeast: 15,
    step: (dated) => (isRefused(dated) ? nameOf(dated) : undefined),
  },
];

/** Sessions of instances are named after them. */
function isOfInstance({ call }: DatedCall): boolean {
  return /:assumed-role\/[^/]+\/i-[0-9a-f]+$/.test(asText(at(call.event, 'userIdentity', 'arn')) ?? '');
}

function isRefused({ call }: DatedCall): boolean {
  return /^(?:AccessDenied|.*\.?UnauthorizedOperation|.*UnauthorizedAccess)/.test(
    asText(call.event['errorCode']) ?? '',
  );
}

const CALLS_MAX = 200_000;
/** So many calls, the latest, are known to the next import. */
const REMEMBERED_MAX = 5_000;

/** The longest time within which a sequence is made. */
const LONGEST_MS = HOUR_MS;

/** Watches the calls of files that are read together, in whatever order they stand in them. */
export class SequenceWatch {
  readonly #calls = new Map<string, DatedCall[]>();
  /** From when to when the calls of each principal are that no signal was asked for yet. */
  readonly #fresh = new Map<string, { from: Instant; to: Instant }>();
  /** A call that is read again is still one. */
  readonly #ids = new Set<string>();
  #count = 0;

  /** Only calls that some sequence is made of are kept. */
  add(dated: DatedCall): void {
    if (this.#count >= CALLS_MAX) return;
    if (!SEQUENCES.some((each) => each.step(dated) !== undefined || each.end?.(dated) === true)) return;
    const id = asText(dated.call.event['eventID']);
    if (id !== undefined && this.#ids.has(id)) return;
    if (id !== undefined) this.#ids.add(id);
    this.#count++;
    const { actorName, at } = dated;
    addToList(this.#calls, actorName, dated);
    const fresh = this.#fresh.get(actorName);
    this.#fresh.set(actorName, {
      from: Math.min(fresh?.from ?? at, at),
      to: Math.max(fresh?.to ?? at, at),
    });
  }

  /**
   * One signal for each sequence of each principal, at the time of its last call: of those that calls have a part in
   * which were added since this was last asked.
   */
  signals(): readonly SignalObservation[] {
    const fresh = [...this.#fresh].sort(([a], [b]) => compareBytes(a, b));
    this.#fresh.clear();
    return fresh.flatMap(([actorName, { from, to }]) => {
      const calls = this.#calls.get(actorName) ?? [];
      const near = calls.filter(({ at }) => at >= from - LONGEST_MS && at <= to + LONGEST_MS);
      const ordered = near.sort((a, b) => a.at - b.at || compareBytes(nameOf(a), nameOf(b)));
      return SEQUENCES.flatMap((sequence) => signalOf(sequence, ordered) ?? []);
    });
  }

  /** The events that the next import has to know, oldest first, each with what matters of it. */
  latest(): readonly JsonObject[] {
    const all = [...this.#calls.values()].flat().sort((a, b) => a.at - b.at);
    return all.slice(-REMEMBERED_MAX).map(essence);
  }
}

/** Of an event what sequences are told by, and who made it. */
function essence({ call: { event } }: DatedCall): JsonObject {
  const identity = event['userIdentity'];
  const issuer = { arn: at(identity, 'sessionContext', 'sessionIssuer', 'arn') ?? null };
  return {
    eventSource: event['eventSource'] ?? null,
    eventName: event['eventName'] ?? null,
    eventTime: event['eventTime'] ?? null,
    eventID: event['eventID'] ?? null,
    awsRegion: event['awsRegion'] ?? null,
    recipientAccountId: event['recipientAccountId'] ?? null,
    sourceIPAddress: event['sourceIPAddress'] ?? null,
    errorCode: event['errorCode'] ?? null,
    requestParameters: { secretId: at(event['requestParameters'], 'secretId') ?? null },
    userIdentity: {
      type: at(identity, 'type') ?? null,
      arn: at(identity, 'arn') ?? null,
      accountId: at(identity, 'accountId') ?? null,
      sessionContext: { sessionIssuer: issuer },
    },
  };
}

/** The last time that a principal completed a sequence; undefined where it never did. */
function signalOf(sequence: Sequence, calls: readonly DatedCall[]): SignalObservation | undefined {
  const seen = new Map<string, Instant>();
  let count = 0;
  let first: Instant | undefined;
  let last: DatedCall | undefined;
  for (const dated of calls) {
    const step = sequence.step(dated);
    if (step !== undefined) seen.set(step, dated.at);
    const isEnd = sequence.end === undefined ? step !== undefined : sequence.end(dated);
    if (!isEnd) continue;
    const recent = [...seen.values()].filter((at) => at >= dated.at - sequence.withinMs);
    if (recent.length < sequence.atLeast) continue;
    count++;
    first ??= Math.min(...recent);
    last = dated;
  }
  if (last === undefined || first === undefined) return undefined;
  const { call, at, actor } = last;
  return {
    kind: 'signal',
    tool: 'cloudtrail',
    rule: sequence.id,
    title: sequence.title,
    severity: sequence.severity,
    firstAt: first,
    lastAt: at,
    count,
    resources: [actor],
    names: [],
    watches: 'resources',
    account: call.account,
    region: call.region,
    techniques: [sequence.attack],
    sourceAddress: asText(call.event['sourceIPAddress']),
    isAttack: true,
  };
}
