import { counted } from '#base/text.ts';
import { type Certainty, NO, UNDECIDED, weaker } from '../privilege/aws/certainty.ts';
import type { JudgedClass } from '../privilege/aws/iam-index.ts';
import { BACKUP_VAULT, TABLE } from '../resource/facts/aws-facts.ts';
import { readFacts } from '../resource/facts/fact-shape.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { administratorOf } from './administrator.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { drivenBy, queueState } from './aws-queue-steps.ts';
import { type AwsSearch, underConditions } from './aws-search.ts';
import type { StoreHolder } from './aws-store-policies.ts';
import { configurationOf } from './credential-steps.ts';
import { configuredGate } from './gate.ts';
import type { State } from './state.ts';
import { shownName } from './step-text.ts';

/** What data of a type is read with. */
const READ_BY: Readonly<Record<string, string>> = {
  's3-bucket': 's3:GetObject',
  secret: 'secretsmanager:GetSecretValue',
  'dynamodb-table': 'dynamodb:Scan',
  'efs-file-system': 'elasticfilesystem:ClientMount',
};

/** What a message is sent with. */
const SENT_BY: Readonly<Record<string, string>> = {
  'sqs-queue': 'sqs:SendMessage',
  'sns-topic': 'sns:Publish',
};

/** What shows the configuration of a type, with the credentials that somebody wrote into it; one of them is enough. */
const CONFIGURATION_BY: Readonly<Record<string, readonly string[]>> = {
  'lambda-function': ['lambda:GetFunctionConfiguration', 'lambda:GetFunction', 'lambda:ListFunctions'],
  'codebuild-project': ['codebuild:BatchGetProjects'],
  'ecs-task-definition': ['ecs:DescribeTaskDefinition'],
  'ec2-instance': ['ec2:DescribeInstanceAttribute'],
  'beanstalk-environment': ['elasticbeanstalk:DescribeConfigurationSettings'],
  'cloudformation-stack': ['cloudformation:GetTemplate', 'cloudformation:DescribeStacks'],
  'glue-job': ['glue:GetJob', 'glue:GetJobs'],
};

/** What copies a whole database out: all of each line, the first on the database itself (attack-paths §3.4, data export). */
const COPIED_BY: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'rds-instance': [
    ['rds:CreateDBSnapshot', 'rds:ModifyDBSnapshotAttribute'],
    ['rds:CreateDBSnapshot', 'rds:RestoreDBInstanceFromDBSnapshot', 'rds:ModifyDBInstance'],
  ],
  'rds-snapshot': [
    ['rds:ModifyDBSnapshotAttribute'],
    ['rds:RestoreDBInstanceFromDBSnapshot', 'rds:ModifyDBInstance'],
  ],
  'dynamodb-table': [['dynamodb:ExportTableToPointInTime']],
};

/** Machines on which one command runs code: what it needs of the machine, and the right. */
const COMMANDED_BY = ['ssm:StartSession', 'ssm:SendCommand'] as const;

/** Workloads that take a replaced image, from one repository. */
const RUNNERS_MAX = 16;

type Rights = AttackStep['evidence'];

/** What a principal does with data, configurations, images and machines by rights of its own. */
export function awsDataSteps(search: AwsSearch, number: number, rights: Rights): void {
  readsData(search, number, rights);
  readsConfigurations(search, number, rights);
  copiesData(search, number, rights);
  writesData(search, number, rights);
  pushesImages(search, number, rights);
  commandsMachines(search, number, rights);
  invokesFunctions(search, number, rights);
  sendsMessages(search, number, rights);
  deletesBackups(search, number, rights);
}

/** How certainly a class may take an action on each resource of a type; null where no statement allows it at all. */
export function levelsOf(of: JudgedClass, type: string, action: string): ArrayLike<number> | null {
  const lower = action.toLowerCase();
  if (!of.of.mayAllow(lower)) return null;
  const list =
    type in READ_BY || type in SENT_BY || type === 'backup-vault'
      ? of.account.stores(type).list
      : of.account.workloads(type).list;
  return of.of.vector(lower, list).levels;
}

interface Allowed {
  readonly resource: EstateResource;
  readonly certainty: Certainty;
}

/** Resources of a type on which a right is certain enough for a step. */
function allowedOn(search: AwsSearch, number: number, type: string, action: string): readonly Allowed[] {
  const { class: of } = search.judged(number);
  const resources = of.account.estate.ofType(type);
  const levels = resources.length === 0 ? null : levelsOf(of, type, action);
  if (levels === null) return [];
  return resources.flatMap((resource, place) => {
    const certainty = (levels[place] ?? NO) as Certainty;
    return certainty > UNDECIDED ? [{ resource, certainty }] : [];
  });
}

/** What grants a right to data: rights of the principal, the policy of the store, or, across accounts, both. */
interface AllowedInto extends Allowed {
  readonly by: 'rights' | 'policy' | 'both';
}

/** The same of stores of data, which have policies of their own: these may refuse whoever has the right, and grant it to whoever has not. */
function allowedInto(
  search: AwsSearch,
  number: number,
  type: string,
  action: string,
): readonly AllowedInto[] {
  const policies = search.storePolicies(type);
  const judged = search.judged(number);
  const { caller } = judged.principal;
  const answered = (resource: EstateResource, by: AllowedInto['by']): readonly AllowedInto[] => {
    const holder = policies.holderOf(resource) as StoreHolder;
    const ask = () => search.index.certaintyOn(judged, action, targetArn(resource), holder, by);
    const certainty =
      by === 'rights' && holder.isImpersonal
        ? search.once(`${judged.class.number} ${action} ${resource.key}`, ask)
        : ask();
    return certainty > UNDECIDED ? [{ resource, certainty, by }] : [];
  };
  const byRights = allowedOn(search, number, type, action).flatMap((allowed): readonly AllowedInto[] =>
    policies.holderOf(allowed.resource)?.refuses === true
      ? answered(allowed.resource, 'rights')
      : [{ ...allowed, by: 'rights' }],
  );
  return [
    ...byRights,
    ...policies.namingInAllow(caller).flatMap((resource) => {
      if (search.isOpen(resource.key)) return [];
      const granted = answered(resource, 'policy');
      return granted.length === 0 && resource.account !== caller.account
        ? answered(resource, 'both')
        : granted;
    }),
  ];
}

/**
 * What whoever administers an account reads in other accounts: data whose policy names somebody of the account, or all of
 * it, as an administrator becomes whom it names and gives it the right.
 */
export function administratorReads(search: AwsSearch, account: string): void {
  const holding = search.places;
  for (const [type, action] of Object.entries(READ_BY)) {
    const policies = search.storePolicies(type);
    for (const number of search.principalsOf(account)) {
      const judged = search.judged(number);
      const { caller, isServiceLinked } = judged.principal;
      if (caller.kind === 'group' || isServiceLinked) continue;
      for (const resource of policies.namingInAllow(caller)) {
        const isElsewhere = resource.account !== account && !search.isOpen(resource.key);
        if (!isElsewhere || !(search.facts.wanted.has(resource.key) || holding.has(resource.key))) continue;
        const certainty = search.index.certaintyOn(
          search.index.raised(judged),
          action,
          targetArn(resource),
          policies.holderOf(resource) as StoreHolder,
          'both',
        );
        if (certainty <= UNDECIDED) continue;
        const name = shownName(resource.name);
        search.add(
          'reads-data',
          administratorOf(`aws:${account}`),
          { asset: resource.key, family: 'datastore', capability: 'read' },
          {
            sentence: `An administrator of ${search.accountName(account)} can become ${search.nameOf(number)}, which the policy of ${name} lets read it (${action})`,
            gates: [policyGate(search, number, resource)],
            evidence: [evidence(`The policy of ${resource.name} as it was described.`, resource)],
            ...underConditions(certainty),
          },
        );
      }
    }
  }
}

function targetArn({ key, type }: EstateResource): string {
  const arn = key.slice('aws:'.length);
  return type === 's3-bucket' ? `${arn}/~` : arn;
}

function readsData(search: AwsSearch, number: number, rights: Rights): void {
  const holding = search.places;
  for (const [type, action] of Object.entries(READ_BY))
    for (const { resource, certainty, by } of allowedInto(search, number, type, action)) {
      if (!search.facts.wanted.has(resource.key) && !holding.has(resource.key)) continue;
      const name = shownName(resource.name);
      const under = underConditions(certainty);
      search.add(
        'reads-data',
        search.stateOf(number),
        { asset: resource.key, family: 'datastore', capability: 'read' },
        {
          sentence: `${search.nameOf(number)} may read ${name} (${action})`,
          gates: [
            ...(by === 'policy'
              ? []
              : [rightGate(search, number, `reads ${resource.key}`, `the right to read ${name}`)]),
            ...(by === 'rights' ? [] : [policyGate(search, number, resource)]),
          ],
          evidence:
            by === 'policy'
              ? [evidence(`The policy of ${resource.name} as it was described.`, resource)]
              : rights,
          ...under,
          assumptions: [
            ...(under.assumptions ?? []),
            ...(type === 's3-bucket'
              ? ['If a key of KMS encrypts the bucket, it lets the same principal decrypt.']
              : []),
            ...(type === 'dynamodb-table' && namesKey(resource)
              ? ['The key of KMS that encrypts the table lets the same principal decrypt.']
              : []),
          ],
        },
      );
    }
}

/** Whether a table tells of a key of KMS, which may be one of somebody's own. */
function namesKey({ facts }: EstateResource): boolean {
  const key = readFacts(TABLE, facts).SSEDescription?.KMSMasterKeyArn;
  return key !== undefined && !/(?:^|:)alias\/aws\//.test(key);
}

/** What takes a right away from who has it; `right` tells it apart, `words` name it. */
function rightGate(search: AwsSearch, number: number, right: string, words: string): Gate {
  return configuredGate(
    'statement',
    `${search.stateOf(number).asset} ${right}`,
    `take ${words} from ${search.nameOf(number)}`,
  );
}

/** What takes somebody out of the policy of a store of data. */
function policyGate(search: AwsSearch, number: number, { key, name }: EstateResource): Gate {
  return configuredGate(
    'statement',
    `${key} policy for ${search.stateOf(number).asset}`,
    `take ${search.nameOf(number)} out of the policy of ${shownName(name)}`,
  );
}

function readsConfigurations(search: AwsSearch, number: number, rights: Rights): void {
  const holding = search.places;
  if (holding.size === 0) return;
  for (const [type, actions] of Object.entries(CONFIGURATION_BY))
    for (const action of actions)
      for (const { resource, certainty } of allowedOn(search, number, type, action)) {
        if (!holding.has(resource.key)) continue;
        const name = shownName(resource.name);
        search.add('reads-data', search.stateOf(number), configurationOf(resource.key), {
          kind: 'configuration',
          sentence: `${search.nameOf(number)} may read the configuration of ${name} (${action})`,
          gates: [rightGate(search, number, `${action} ${resource.key}`, `${action} on ${name}`)],
          evidence: rights,
          ...underConditions(certainty),
        });
      }
}

function copiesData(search: AwsSearch, number: number, rights: Rights): void {
  const { class: of } = search.judged(number);
  for (const [type, lines] of Object.entries(COPIED_BY))
    for (const actions of lines) {
      const [first, ...others] = actions as readonly [string, ...string[]];
      for (const { resource, certainty } of allowedOn(search, number, type, first)) {
        if (!search.facts.wanted.has(resource.key)) continue;
        const all = others.reduce(
          (least, action) =>
            of.of.mayAllow(action.toLowerCase()) ? weaker(least, of.of.any(action.toLowerCase())) : NO,
          certainty,
        );
        if (all <= UNDECIDED) continue;
        const name = shownName(resource.name);
        search.add(
          'copies-data',
          search.stateOf(number),
          { asset: resource.key, family: 'datastore', capability: 'read' },
          {
            sentence: `${search.nameOf(number)} may copy ${name} as a whole and read the copy (${actions.join(', ')})`,
            gates: actions.map((action) => rightGate(search, number, action, action)),
            evidence: rights,
            ...underConditions(all),
          },
        );
      }
    }
}

function writesData(search: AwsSearch, number: number, rights: Rights): void {
  if (search.facts.served.size === 0) return;
  for (const { resource, certainty } of allowedOn(search, number, 's3-bucket', 's3:PutObject')) {
    if (!search.facts.served.has(resource.key)) continue;
    const name = shownName(resource.name);
    search.add(
      'writes-data',
      search.stateOf(number),
      { asset: resource.key, family: 'datastore', capability: 'write' },
      {
        sentence: `${search.nameOf(number)} may change what ${name} serves (s3:PutObject)`,
        gates: [rightGate(search, number, `writes ${resource.key}`, `the right to write to ${name}`)],
        evidence: rights,
        ...underConditions(certainty),
      },
    );
  }
}

function pushesImages(search: AwsSearch, number: number, rights: Rights): void {
  const { runners } = search.facts;
  if (runners.size === 0) return;
  for (const { resource, certainty } of allowedOn(search, number, 'ecr-repository', 'ecr:PutImage')) {
    const running = runners.get(imageOf(resource)) ?? [];
    search.leftOut += Math.max(0, running.length - RUNNERS_MAX);
    for (const key of running.slice(0, RUNNERS_MAX)) {
      const name = shownName(resource.name);
      search.add(
        'pushes-image',
        search.stateOf(number),
        { asset: key, family: 'workload', capability: 'exec' },
        {
          sentence: `${search.nameOf(number)} may replace the image ${name}, which ${shownName(search.find(key)?.resource.name ?? key)} runs (ecr:PutImage)`,
          gates: [rightGate(search, number, `pushes ${resource.key}`, `the right to push ${name}`)],
          evidence: rights,
          ...underConditions(certainty),
          assumptions: [
            ...(underConditions(certainty).assumptions ?? []),
            'What runs the image takes the new one when it starts again.',
          ],
        },
      );
    }
  }
}

/** The key under which what runs an image of a repository names it: `image:` and its address. */
function imageOf({ key }: EstateResource): string {
  const match = /^aws:arn:([^:]*):ecr:([^:]*):([^:]*):repository\/(.+)$/.exec(key);
  if (match === null) return '';
  const [, partition, region, account, name] = match;
  return `image:${account}.dkr.ecr.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/${name}`;
}

/** Only onto machines where something lies that leads further: whom they run as is a step of its own. */
function commandsMachines(search: AwsSearch, number: number, rights: Rights): void {
  const at = new Set(search.facts.credentials.flatMap(({ on }) => on));
  if (at.size === 0) return;
  const { account } = search.judged(number).class;
  const machines = account.workloads('ec2-instance');
  const managed = account.precondition('ssm-managed', machines)?.levels;
  for (const action of COMMANDED_BY)
    for (const { resource, certainty } of allowedOn(search, number, 'ec2-instance', action)) {
      const place = machines.resources.indexOf(resource);
      const all = weaker(certainty, (managed?.[place] ?? NO) as Certainty);
      if (!at.has(resource.key) || all <= UNDECIDED) continue;
      const name = shownName(resource.name);
      const to: State = { asset: resource.key, family: 'workload', capability: 'exec' };
      search.add('instance-command', search.stateOf(number), to, {
        sentence: `${search.nameOf(number)} may run commands on ${name} (${action})`,
        gates: [rightGate(search, number, `${action} ${resource.key}`, `${action} on ${name}`)],
        evidence: rights,
        ...underConditions(all),
      });
    }
}

/** Only functions of which a flaw is known that gives whoever calls them more. */
function invokesFunctions(search: AwsSearch, number: number, rights: Rights): void {
  for (const { resource, certainty } of allowedOn(
    search,
    number,
    'lambda-function',
    'lambda:InvokeFunction',
  )) {
    if (!search.flawed.has(resource.key)) continue;
    const name = shownName(resource.name);
    search.add(
      'invokes-function',
      search.stateOf(number),
      { asset: resource.key, family: 'workload', capability: 'reach' },
      {
        sentence: `${search.nameOf(number)} may call ${name} with whatever it likes (lambda:InvokeFunction)`,
        gates: [rightGate(search, number, `invokes ${resource.key}`, `the right to call ${name}`)],
        evidence: rights,
        ...underConditions(certainty),
      },
    );
  }
}

/** Only to queues and topics whose messages drive something that has a flaw. */
function sendsMessages(search: AwsSearch, number: number, rights: Rights): void {
  for (const [type, action] of Object.entries(SENT_BY))
    for (const { resource, certainty } of allowedOn(search, number, type, action)) {
      if (drivenBy(search, resource).length === 0) continue;
      const name = shownName(resource.name);
      search.add('sends-message', search.stateOf(number), queueState(resource.key), {
        sentence: `${search.nameOf(number)} may send whatever it likes to ${name} (${action})`,
        gates: [rightGate(search, number, `sends to ${resource.key}`, `the right to send to ${name}`)],
        evidence: rights,
        ...underConditions(certainty),
      });
    }
}

/** Recovery points that no lock keeps: whoever deletes them decides whether there is a way back. */
function deletesBackups(search: AwsSearch, number: number, rights: Rights): void {
  const { account } = search.judged(number).class;
  for (const { resource, certainty } of allowedOn(
    search,
    number,
    'backup-vault',
    'backup:DeleteRecoveryPoint',
  )) {
    const { Locked, NumberOfRecoveryPoints = 0 } = account.estate.facts(BACKUP_VAULT, resource);
    if (Locked !== false || NumberOfRecoveryPoints === 0 || !search.facts.wanted.has(resource.key)) continue;
    const name = shownName(resource.name);
    search.add(
      'deletes-backups',
      search.stateOf(number),
      { asset: resource.key, family: 'datastore', capability: 'write' },
      {
        sentence: `${search.nameOf(number)} may delete the ${counted(NumberOfRecoveryPoints, 'recovery point')} of ${name} (backup:DeleteRecoveryPoint)`,
        gates: [
          rightGate(search, number, `deletes from ${resource.key}`, `the right to delete backups of ${name}`),
          configuredGate('setting', `${resource.key} lock`, `lock the vault ${name}`),
        ],
        evidence: [...rights, evidence(`${resource.name} is not locked.`, resource)],
        ...underConditions(certainty),
      },
    );
  }
}
