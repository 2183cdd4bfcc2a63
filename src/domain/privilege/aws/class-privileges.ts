import { type ActionSet, actionSet } from './action-catalogue.ts';
import { CERTAIN, type Certainty, NO, UNDECIDED, weaker } from './certainty.ts';
import { ESCALATION_METHODS } from './escalation-method.ts';
import type { IamAccount } from './iam-account.ts';
import type { PrincipalClass } from './principal-class.ts';

/** A privilege that a class has by its own policies, and how certainly. */
export interface OwnPrivilege {
  readonly level: 'P3' | 'P4';
  /** A sentence without a subject: `may read every secret`. */
  readonly reason: string;
  readonly certainty: Certainty;
  /** The commands that would decide, where they are known. */
  readonly missing?: readonly string[];
}

/** What somebody may read, store by store. */
export interface Readable {
  /** Certainties for the account's stores of a type; null where nothing allows it. */
  readonly levels: (type: string, action: string) => ArrayLike<number> | null;
  /** What would settle the certainty of one of them. */
  readonly missing: (action: string, place: number) => string | undefined;
  /** Stores of other accounts. */
  readonly elsewhere: readonly {
    readonly account: string;
    readonly type: string;
    readonly place: number;
    readonly certainty: Certainty;
  }[];
}

interface Line {
  readonly level: 'P3' | 'P4';
  readonly reason: string;
  /** All of them, on every resource of their types. */
  readonly actions: readonly string[];
  readonly needed: ActionSet;
}

function line(level: Line['level'], reason: string, ...actions: readonly string[]): Line {
  return {
    level,
    reason,
    actions: actions.map((action) => action.toLowerCase()),
    needed: actionSet(actions),
  };
}

const WHAT: Readonly<Record<string, string>> = {
  bucket: 'may open every bucket to itself',
  key: 'may give itself every key',
  secret: 'may open every secret to itself',
  repository: 'may open every image repository to itself',
  queue: 'may open every queue to itself',
  topic: 'may open every topic to itself',
  database: 'may copy or take over every database',
  volume: 'may copy every volume out of the account',
  table: 'may export every DynamoDB table',
};

/** Privileges over data and the control plane (attack-paths §3.3), strongest first. */
const LINES: readonly Line[] = [
  line('P3', 'may read every object in S3', 's3:GetObject'),
  line('P3', 'may read every secret', 'secretsmanager:GetSecretValue'),
  line('P3', 'may read every parameter', 'ssm:GetParameter'),
  line('P3', 'may read every parameter', 'ssm:GetParameters'),
  line('P3', 'may read every parameter', 'ssm:GetParametersByPath'),
  line('P3', 'may read every DynamoDB table', 'dynamodb:Scan'),
  line('P3', 'may read every DynamoDB table', 'dynamodb:Query'),
  line('P3', 'may decrypt with every key', 'kms:Decrypt'),
  ...ESCALATION_METHODS.flatMap(({ target, requires }) =>
    target.startsWith('data:')
      ? [
          line(
            'P3',
            WHAT[target.slice(5)] ?? 'may open data to itself',
            ...requires.map(({ action }) => action),
          ),
        ]
      : [],
  ),
  ...ESCALATION_METHODS.flatMap(({ target, requires }) =>
    target === 'cluster'
      ? [
          line(
            'P4',
            'may make itself administrator of every EKS cluster',
            ...requires.map(({ action }) => action),
          ),
        ]
      : [],
  ),
  line('P4', 'may pass every role to services', 'iam:PassRole'),
  line('P4', 'may make users', 'iam:CreateUser'),
  line('P4', 'may make roles', 'iam:CreateRole'),
  line('P4', 'may delete roles and users', 'iam:DeleteRole', 'iam:DeleteUser'),
  line(
    'P4',
    'may change the policies of the organisation',
    'organizations:AttachPolicy',
    'organizations:UpdatePolicy',
  ),
  line('P4', 'may deploy every application', 'codedeploy:CreateDeployment'),
  line('P4', 'may change what every pipeline deploys', 'codepipeline:UpdatePipeline'),
  line('P4', 'may destroy every key', 'kms:ScheduleKeyDeletion'),
  line('P4', 'may stop the audit trail', 'cloudtrail:StopLogging'),
  line('P4', 'may stop the audit trail', 'cloudtrail:DeleteTrail'),
  line('P4', 'may stop the recording of changes', 'config:StopConfigurationRecorder'),
  line('P4', 'may switch off threat detection', 'guardduty:DeleteDetector'),
  line(
    'P4',
    'may change the network',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:CreateRoute',
    'ec2:AttachInternetGateway',
  ),
];

/** Copies of one database or table are enough: all of it leaves at once. */
const SOME = ESCALATION_METHODS.flatMap(({ target, requires }) => {
  const reason =
    target === 'data:database' ? 'may copy or take over a database' : 'may export a DynamoDB table';
  if (target !== 'data:database' && target !== 'data:table') return [];
  const actions = requires.map(({ action }) => action);
  return [{ every: WHAT[target.slice(5)] as string, reason, actions, needed: actionSet(actions) }];
});

/** What changes the code of something that runs. */
const DEPLOYMENTS: readonly (readonly [type: string, action: string])[] = [
  ['lambda-function', 'lambda:updatefunctioncode'],
  ['cloudformation-stack', 'cloudformation:updatestack'],
  ['codebuild-project', 'codebuild:startbuild'],
  ['app-runner-service', 'apprunner:updateservice'],
  ['state-machine', 'states:updatestatemachine'],
];

/** What holds data, the action that reads it, and its words. */
export const STORES: readonly (readonly [type: string, action: string, words: string])[] = [
  ['s3-bucket', 's3:getobject', 'buckets'],
  ['secret', 'secretsmanager:getsecretvalue', 'secrets'],
  ['dynamodb-table', 'dynamodb:scan', 'DynamoDB tables'],
  ['kms-key', 'kms:decrypt', 'keys'],
  ['dynamodb-table', 'dynamodb:query', 'DynamoDB tables'],
];

/** One of two is no sign of a wide right. */
const STORES_MIN = 3;

/** Takes a privilege, with what would settle it where it is not decided. */
type Note = (
  level: Line['level'],
  reason: string,
  certainty: Certainty,
  missing?: readonly (string | undefined)[],
) => void;

/** The privileges of a class by its own policies, or of somebody in it by what stores of data say too; each reason once. */
export function ownPrivileges(
  of: PrincipalClass,
  account: IamAccount,
  accounts: ReadonlyMap<string, IamAccount>,
  readable: Readable | null = null,
): readonly OwnPrivilege[] {
  const found = new Map<string, OwnPrivilege>();
  const note: Note = (level, reason, certainty, missing = []) => {
    const before = found.get(reason)?.certainty ?? NO;
    if (certainty === NO || certainty < before) return;
    const told = certainty === UNDECIDED ? [...new Set(missing.filter((each) => each !== undefined))] : [];
    found.set(reason, { level, reason, certainty, ...(told.length > 0 ? { missing: told } : {}) });
  };
  for (const each of LINES) {
    if (!of.mayAllowAll(each.needed)) continue;
    const { level, reason, actions } = each;
    let certainty: Certainty = CERTAIN;
    for (const action of actions) {
      certainty = weaker(certainty, of.every(action));
      if (certainty === NO) break;
    }
    note(level, reason, certainty);
  }
  for (const { every, reason, actions, needed } of SOME) {
    if (found.has(every) || !of.mayAllowAll(needed)) continue;
    note('P3', reason, actions.map((action) => of.any(action)).reduce(weaker));
  }
  const covered = [...found.values()].some(({ level, certainty }) => level === 'P3' && certainty === CERTAIN);
  if (!covered) {
    const reads = readable ?? ownReadable(of, account);
    for (const [type, action, words] of STORES) noteMost(reads, account, type, action, words, note);
    for (const { account: id, type, place, certainty } of reads.elsewhere) {
      const sensitive = accounts
        .get(id)
        ?.stores(type)
        .sensitive.find((each) => each.place === place);
      if (sensitive !== undefined)
        note('P3', `may read ${sensitive.name} of account ${id}, which is tagged as sensitive`, certainty);
    }
  }
  for (const [type, action] of DEPLOYMENTS) noteDeployments(of, account, type, action, note);
  return [...found.values()].sort((a, b) => (a.level < b.level ? -1 : a.level > b.level ? 1 : 0));
}

/** What is read by policies of one's own alone. */
function ownReadable(of: PrincipalClass, account: IamAccount): Readable {
  return {
    levels: (type, action) => ownLevels(of, account, type, action),
    missing: () => undefined,
    elsewhere: [],
  };
}

/** What a class reads of its own account by its policies alone; null where none allows it at all. */
export function ownLevels(
  of: PrincipalClass,
  account: IamAccount,
  type: string,
  action: string,
): Uint8Array | null {
  return of.mayAllow(action) ? of.vector(action, account.stores(type).list).levels : null;
}

/** More than half of the stores of a type, though not every one; or one that is tagged as sensitive. */
function noteMost(
  reads: Readable,
  account: IamAccount,
  type: string,
  action: string,
  words: string,
  note: Note,
): void {
  const { list, sensitive } = account.stores(type);
  const levels = list.size === 0 ? null : reads.levels(type, action);
  if (levels === null) return;
  for (const { place, name } of sensitive)
    note('P3', `may read ${name}, which is tagged as sensitive`, levels[place] as Certainty, [
      reads.missing(action, place),
    ]);
  if (list.size < STORES_MIN) return;
  const sorted = Array.from(levels).sort((a, b) => b - a);
  const middle = sorted[Math.floor(list.size / 2)] as Certainty;
  note(
    'P3',
    `may read more than half of the ${words}`,
    middle,
    sorted.map((_, place) => reads.missing(action, place)),
  );
}

/** Deploying into production, by the tags and names of what runs there. */
function noteDeployments(
  of: PrincipalClass,
  account: IamAccount,
  type: string,
  action: string,
  note: (level: 'P4', reason: string, certainty: Certainty) => void,
): void {
  if (!of.mayAllow(action)) return;
  const { resources, list } = account.workloads(type);
  if (resources.length === 0) return;
  const { levels } = of.vector(action, list);
  const place = account.inProduction(type).find((each) => levels[each] !== NO);
  if (place !== undefined)
    note('P4', `may deploy into production: ${resources[place]?.name}`, levels[place] as Certainty);
}
