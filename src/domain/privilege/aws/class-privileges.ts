import { type ActionSet, actionSet } from './action-catalogue.ts';
import { CERTAIN, type Certainty, NO, stronger, UNDECIDED, weaker } from './certainty.ts';
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
    /** What would settle it. */
    readonly missing: readonly string[];
  }[];
}

/** Where an inventory describes what a right is about: some of it may be left out of the right. */
interface Stores {
  readonly type: string;
  /** The command that lists all of them. */
  readonly command: string;
}

interface Line {
  readonly level: 'P3' | 'P4';
  readonly reason: string;
  /** All of them, on every resource of their types. */
  readonly actions: readonly string[];
  readonly needed: ActionSet;
  /** What holds data of which this is the right to all, with the one of the actions that is about it. */
  readonly over?: Stores & { readonly action: string; readonly most: string };
}

function line(level: Line['level'], reason: string, ...actions: readonly string[]): Line {
  return {
    level,
    reason,
    actions: actions.map((action) => action.toLowerCase()),
    needed: actionSet(actions),
  };
}

function readLine(reason: string, action: string, type: string, words: string): Line {
  const { command } = OF_TYPE[type] as Stores;
  const over = { type, command, action: action.toLowerCase(), most: mostOf(words) };
  return { ...line('P3', reason, action), over };
}

const OF_TYPE: Readonly<Record<string, Stores>> = Object.fromEntries(
  (
    [
      ['s3-bucket', 'aws s3api list-buckets'],
      ['secret', 'aws secretsmanager list-secrets'],
      ['dynamodb-table', 'aws dynamodb list-tables'],
      ['kms-key', 'aws kms list-keys'],
      ['ecr-repository', 'aws ecr describe-repositories'],
      ['sqs-queue', 'aws sqs list-queues'],
      ['sns-topic', 'aws sns list-topics'],
      ['rds-instance', 'aws rds describe-db-instances'],
    ] as const
  ).map(([type, command]) => [type, { type, command }]),
);

/** A right that opens, takes or copies data: what is said of all of a kind, of most of it and of one. */
interface Taking {
  readonly every: string;
  readonly most: string;
  /** Copies of one are enough: all of it leaves at once. */
  readonly one?: string;
  /** Null where no inventory is read that describes them. */
  readonly type: string | null;
}

function opening(one: string, many: string, type: string): Taking {
  const open = (what: string): string => `may open ${what} to itself`;
  return { every: open(`every ${one}`), most: open(`more than half of the ${many}`), type };
}

/** By the targets of escalation methods. */
const TAKINGS: Readonly<Record<string, Taking>> = {
  bucket: opening('bucket', 'buckets', 's3-bucket'),
  key: {
    every: 'may give itself every key',
    most: 'may give itself more than half of the keys',
    type: 'kms-key',
  },
  secret: opening('secret', 'secrets', 'secret'),
  repository: opening('image repository', 'image repositories', 'ecr-repository'),
  queue: opening('queue', 'queues', 'sqs-queue'),
  topic: opening('topic', 'topics', 'sns-topic'),
  database: {
    every: 'may copy or take over every database',
    most: 'may copy or take over more than half of the databases',
    one: 'may copy or take over a database',
    type: 'rds-instance',
  },
  volume: { every: 'may copy every volume out of the account', most: '', type: null },
  table: {
    every: 'may export every DynamoDB table',
    most: 'may export more than half of the DynamoDB tables',
    one: 'may export a DynamoDB table',
    type: 'dynamodb-table',
  },
};

/** The ways to take data, each with the one of its actions that the database, table or bucket has to be named for. */
const TAKING_LINES: readonly (Line & { readonly taking: Taking })[] = ESCALATION_METHODS.flatMap(
  ({ target, requires }) => {
    if (!target.startsWith('data:')) return [];
    const taking = TAKINGS[target.slice('data:'.length)] as Taking;
    const own = line('P3', taking.every, ...requires.map(({ action }) => action));
    // What comes first makes the copy; what follows is about the copy.
    const [action = ''] = own.actions;
    if (taking.type === null) return { ...own, taking };
    return {
      ...own,
      taking,
      over: { ...(OF_TYPE[taking.type] as Stores), action, most: taking.most },
    };
  },
);

/** Privileges over data and the control plane (attack-paths §3.3), strongest first. */
const LINES: readonly Line[] = [
  readLine('may read every object in S3', 's3:GetObject', 's3-bucket', 'buckets'),
  readLine('may read every secret', 'secretsmanager:GetSecretValue', 'secret', 'secrets'),
  line('P3', 'may read every parameter', 'ssm:GetParameter'),
  line('P3', 'may read every parameter', 'ssm:GetParameters'),
  line('P3', 'may read every parameter', 'ssm:GetParametersByPath'),
  readLine('may read every DynamoDB table', 'dynamodb:Scan', 'dynamodb-table', 'DynamoDB tables'),
  readLine('may read every DynamoDB table', 'dynamodb:Query', 'dynamodb-table', 'DynamoDB tables'),
  readLine('may decrypt with every key', 'kms:Decrypt', 'kms-key', 'keys'),
  ...TAKING_LINES,
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
  const reads = readable ?? ownReadable(of, account);
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
    if (each.over === undefined || certainty === NO) note(level, reason, certainty);
    else noteAll(each, each.over, certainty, { of, account, reads }, note);
  }
  for (const { taking, over, actions, needed } of TAKING_LINES) {
    if (taking.one === undefined || over === undefined || !of.mayAllowAll(needed)) continue;
    const some = someOf(over, { of, account });
    const others = actions.filter((action) => action !== over.action).map((action) => of.any(action));
    const certainty = others.reduce(weaker, some.certainty);
    if (certainty > (found.get(taking.every)?.certainty ?? NO))
      note('P3', taking.one, certainty, some.missing);
  }
  const covered = [...found.values()].some(({ level, certainty }) => level === 'P3' && certainty === CERTAIN);
  if (!covered) {
    for (const [type, action, words] of STORES) noteMost(reads, account, type, action, words, note);
    for (const { account: id, type, place, certainty, missing } of reads.elsewhere) {
      const sensitive = accounts
        .get(id)
        ?.stores(type)
        .sensitive.find((each) => each.place === place);
      if (sensitive !== undefined)
        note(
          'P3',
          `may read ${sensitive.name} of account ${id}, which is tagged as sensitive`,
          certainty,
          missing,
        );
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

/**
 * All of a kind, as far as the estate tells what there is of it: what a right leaves out, by its resources, a Deny or the
 * policy of a store, is not read. Where there is none of it, or nobody described it, the right alone counts.
 */
function noteAll(
  { level, reason }: Line,
  { type, action, most, command }: NonNullable<Line['over']>,
  certainty: Certainty,
  { of, account, reads }: { of: PrincipalClass; account: IamAccount; reads: Readable },
  note: Note,
): void {
  const isRead = STORES.some(([, each]) => each === action);
  // Who may decrypt with whatever key there is counts by that alone (§3.3): keys decide whose they are one by one.
  const levels =
    isRead && type !== 'kms-key'
      ? (reads.levels(type, action) ?? [])
      : of.vector(action, account.workloads(type).list).levels;
  const sorted = Array.from(levels).sort((a, b) => b - a) as Certainty[];
  const all = weaker(certainty, sorted.at(-1) ?? CERTAIN);
  note(
    level,
    reason,
    all,
    sorted.map((_, place) => reads.missing(action, place)),
  );
  if (all === certainty) return;
  if (sorted.length >= STORES_MIN) note(level, most, weaker(certainty, middleOf(sorted)));
  if (!account.estate.isListedEverywhere(type))
    note(level, most, weaker(certainty, UNDECIDED), [restOf(account, command)]);
}

/** One store at least: of those that there are where all of them are known, else of any that there may be. */
function someOf(
  { type, action, command }: NonNullable<Line['over']>,
  { of, account }: { of: PrincipalClass; account: IamAccount },
): { readonly certainty: Certainty; readonly missing: readonly string[] } {
  const any = of.any(action);
  const { list } = account.workloads(type);
  const known = Array.from(of.vector(action, list).levels) as Certainty[];
  if (known.length === 0) return { certainty: any, missing: [] };
  const most = known.reduce(stronger);
  if (most !== NO || account.estate.isListedEverywhere(type)) return { certainty: most, missing: [] };
  return { certainty: weaker(any, UNDECIDED), missing: [restOf(account, command)] };
}

function restOf({ id }: IamAccount, command: string): string {
  return `what else there is of them in ${id}: ${command}`;
}

/** The certainty that more than half of some have, from the most certain down. */
function middleOf(sorted: readonly Certainty[]): Certainty {
  return sorted[Math.floor(sorted.length / 2)] as Certainty;
}

function mostOf(words: string): string {
  return `may read more than half of the ${words}`;
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
  const sorted = Array.from(levels).sort((a, b) => b - a) as Certainty[];
  note(
    'P3',
    mostOf(words),
    middleOf(sorted),
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
