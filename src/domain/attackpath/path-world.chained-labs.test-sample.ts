import type { JsonObject } from '#base/json-value.ts';
import { allow, document, iam, role, user } from '../privilege/aws/iam-principal.test-sample.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  bucket,
  credential,
  data,
  database,
  EC2,
  EVERYTHING,
  flaw,
  LAMBDA,
  type Lab,
  lambda,
  machine,
  NETWORK,
  profiled,
  reads,
  regional,
  rule,
  type Scenario,
  securityGroup,
  starts,
  TASKS,
  task,
} from './path-world.labs.test-sample.ts';

/** A lab of identities alone: somebody's key leaked, and the account's rights do the rest. */
const from = (who: EstateResource, ...others: readonly EstateResource[]): Lab => ({
  resources: [who, ...others],
  credentials: [starts(who)],
  sensitive: [data.key],
});

const trusts = (name: string): JsonObject => ({ AWS: iam('user', name) });
const managed = (id: string) =>
  regional('ssm-managed-instance', 'ssm', `managed-instance/${id}`, { InstanceId: id, PingStatus: 'Online' });
const OPEN_SSH = securityGroup('sg-web', [rule(22, '0.0.0.0/0')]);
const OPEN_WEB = securityGroup('sg-web', [rule(443, '0.0.0.0/0')]);
const CLOSED = securityGroup('sg-web', [rule(443, '10.0.0.0/8')]);
const cluster = regional('ecs-cluster', 'ecs', 'cluster/lab', {
  clusterArn: 'arn:aws:ecs:eu-west-1:111111111111:cluster/lab',
  clusterName: 'lab',
});

const spot = user('starting', [
  allow('iam:PassRole', { Resource: iam('role', 'target') }),
  allow('ec2:RequestSpotInstances'),
]);
const target = (trust: JsonObject) => role('target', trust, EVERYTHING, profiled('target'));

const host = machine('i-host', { role: 'host' });
const hostRole = (statements: readonly JsonObject[]) => role('host', EC2, statements, profiled('host'));
const REGISTERS = [
  allow(['ecs:RegisterContainerInstance', 'ecs:StartTask', 'ecs:DeregisterContainerInstance']),
  allow('iam:PassRole', { Resource: iam('role', 'target') }),
];
const registering = (statements: readonly JsonObject[]): Lab => ({
  resources: [
    ...NETWORK,
    OPEN_WEB,
    host,
    hostRole(statements),
    role('target', TASKS, EVERYTHING),
    cluster,
    task('app', null),
  ],
  weaknesses: [flaw('exec', host)],
});

const starting = user('starting', [allow('sts:AssumeRole', { Resource: iam('role', 'starting-role') })]);
const startingRole = (...statements: readonly JsonObject[]) =>
  role('starting-role', trusts('starting'), statements);
const onItself = (action: string) => allow(action, { Resource: iam('role', 'starting-role') });

const EXCLUSIVE = 'exclusive-role';
const exclusive = (opens: string, trusted: string): Lab =>
  from(
    user('starting', [allow('sts:AssumeRole', { Resource: iam('role', EXCLUSIVE) })]),
    role(EXCLUSIVE, trusts(trusted), [reads(data)]),
    {
      ...data,
      facts: {
        ...data.facts,
        Policy: document({
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: ['arn:aws:s3:::cardholder-data', 'arn:aws:s3:::cardholder-data/*'],
          Condition: { StringNotEquals: { 'aws:PrincipalArn': iam('role', opens) } },
        }),
      },
    },
  );

const granted = (reader: string): Lab =>
  from(
    user('starting', [allow('sts:AssumeRole', { Resource: iam('role', EXCLUSIVE) })]),
    role(EXCLUSIVE, trusts('starting'), [allow('s3:ListAllMyBuckets')]),
    {
      ...data,
      facts: {
        ...data.facts,
        Policy: document({
          Effect: 'Allow',
          Principal: { AWS: reader },
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::cardholder-data/*',
        }),
      },
    },
  );

const elsewhere = (reader: string): Lab => {
  const { resources, ...lab } = granted(reader);
  const [who, , store] = resources as readonly [EstateResource, EstateResource, EstateResource];
  return {
    ...lab,
    resources: [
      who,
      role(EXCLUSIVE, trusts('starting'), [reads(data)]),
      { ...store, account: '222222222222' },
      role('owner', LAMBDA, [], {}, '222222222222'),
    ],
  };
};

const direct = user('user1', [reads(data)]);
const indirect = user('user2', [allow('sts:AssumeRole', { Resource: iam('role', 'role3') })]);
const bothWays = (statements: readonly JsonObject[]): Lab => ({
  resources: [direct, indirect, role('role3', trusts('user2'), statements), data],
  credentials: [starts(direct), starts(indirect)],
  sensitive: [data.key],
});

const bot = lambda('acmebot', 'chatbot', {
  Url: { FunctionUrl: 'https://x.lambda-url.eu-west-1.on.aws/', AuthType: 'NONE' },
  Policy: document(
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      Resource: 'arn:aws:lambda:eu-west-1:111111111111:function:acmebot',
      Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
    },
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunction',
      Resource: 'arn:aws:lambda:eu-west-1:111111111111:function:acmebot',
      Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
    },
  ),
});
const chatbot = (actions: readonly string[]): Lab => ({
  resources: [
    bot,
    role('chatbot', LAMBDA, [allow(actions)]),
    lambda('data-processor', 'processor'),
    role('processor', LAMBDA, EVERYTHING),
  ],
  weaknesses: [flaw('exec', bot)],
});

const demo = user('demo', [allow(['ssm:StartSession', 'ec2:DescribeInstances'])]);
const privileged = machine('i-privileged', { role: 'admin-role', isPublic: false });

const ruse = machine('i-ruse', { role: 'ruse' });
const guarded = (id: string): EstateResource => machine(id, { role: 'efs-admin', isPublic: false });
const files = regional('efs-file-system', 'elasticfilesystem', 'file-system/fs-1', {
  FileSystemId: 'fs-1',
  Name: 'cg-admin-files',
});
const efsAttack = (tags: readonly string[]): Lab => ({
  resources: [
    ...NETWORK,
    OPEN_SSH,
    ruse,
    role(
      'ruse',
      EC2,
      [
        allow(['ecs:RegisterTaskDefinition', 'ecs:CreateService', 'ecs:Describe*']),
        allow('iam:PassRole', { Resource: iam('role', 'webapp') }),
      ],
      profiled('ruse'),
    ),
    cluster,
    role('webapp', TASKS, [
      allow(tags),
      allow('ssm:StartSession', { Condition: { StringEquals: { 'aws:ResourceTag/StartSession': 'true' } } }),
    ]),
    guarded('i-admin'),
    managed('i-admin'),
    role('efs-admin', EC2, [allow('elasticfilesystem:ClientMount')], profiled('efs-admin')),
    files,
  ],
  credentials: [credential('public repository', ruse, { name: 'An SSH key' })],
  sensitive: [files.key],
});

const describer = user('start-user', [allow('ec2:DescribeInstanceAttribute')]);
const keeper = machine('i-keeper', { role: 'keeper' });
const reader = lambda('reader', 'reader');
const accountant = user('accountant', [allow('secretsmanager:GetSecretValue')]);
const secret = regional('secret', 'secretsmanager', 'secret:final-AbCdEf', { Name: 'final' });
const dataSecrets = (group: EstateResource): Lab => ({
  resources: [
    ...NETWORK,
    group,
    describer,
    keeper,
    role('keeper', EC2, [allow('lambda:GetFunctionConfiguration')], profiled('keeper')),
    reader,
    role('reader', LAMBDA, []),
    accountant,
    secret,
  ],
  credentials: [
    starts(describer),
    credential(keeper, keeper, { name: 'A password of SSH', on: [] }),
    credential(reader, accountant, { on: [] }),
  ],
  sensitive: [secret.key],
});

const shopper = user('shopper', [allow('sts:AssumeRole', { Resource: iam('role', 'sender') })]);
const sender = role('sender', trusts('shopper'), [allow('sqs:SendMessage')]);
const queue = regional('sqs-queue', 'sqs', 'cash-charging', {
  Arn: 'arn:aws:sqs:eu-west-1:111111111111:cash-charging',
  Name: 'cash-charging',
  Policy: document(),
});
const charger = lambda('charger', 'charger', {
  VpcConfig: { VpcId: 'vpc-1', SubnetIds: ['subnet-b'], SecurityGroupIds: ['sg-fn'] },
});
const drives = regional('event-source-mapping', 'lambda', 'event-source-mapping:m-1', {
  UUID: 'm-1',
  EventSourceArn: 'arn:aws:sqs:eu-west-1:111111111111:cash-charging',
  FunctionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:charger',
  State: 'Enabled',
});
const switchedOff = { ...drives, facts: { ...drives.facts, State: 'Disabled' } };
const ofAnother = {
  ...drives,
  key: `${drives.key}-other`,
  facts: { ...drives.facts, EventSourceArn: 'arn:aws:sqs:eu-west-1:111111111111:other' },
};
const shop = database('shop');
const consumers: readonly EstateResource[] = [
  ...NETWORK,
  securityGroup('sg-fn', []),
  securityGroup('sg-db', [rule(5432, 'sg-fn')]),
  charger,
  role('charger', LAMBDA, []),
  shop,
  drives,
];
const openQueue = (...statements: readonly JsonObject[]): Lab => ({
  resources: [...consumers, { ...queue, facts: { ...queue.facts, Policy: document(...statements) } }],
  weaknesses: [flaw('query', charger)],
  credentials: [credential(charger, shop, { name: 'A login' })],
  sensitive: [shop.key],
});
const sends = (more: JsonObject): JsonObject => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 'sqs:SendMessage',
  Resource: 'arn:aws:sqs:eu-west-1:111111111111:cash-charging',
  ...more,
});

const keptBy = (facts: JsonObject): Lab => ({
  resources: [
    ...NETWORK,
    OPEN_WEB,
    host,
    hostRole([allow(['backup:ListRecoveryPointsByBackupVault', 'backup:DeleteRecoveryPoint'])]),
    regional('backup-vault', 'backup', 'backup-vault:nightly', { BackupVaultName: 'nightly', ...facts }),
  ],
  weaknesses: [flaw('exec', host)],
});

const flagShop = (...links: readonly EstateResource[]): Lab => ({
  resources: [
    ...NETWORK,
    securityGroup('sg-fn', []),
    securityGroup('sg-db', [rule(5432, 'sg-fn')]),
    shopper,
    sender,
    queue,
    charger,
    role('charger', LAMBDA, []),
    shop,
    ...links,
  ],
  weaknesses: [flaw('query', charger)],
  credentials: [starts(shopper), credential(charger, shop, { name: 'A login' })],
  sensitive: [shop.key],
});

/**
 * Scenarios of public labs (attack-paths §8), rebuilt from what they are about; these are longer chains, and labs that try
 * out tools. Who starts as a user starts with a key that leaked. Names are our own.
 */
export const CHAINED_LABS: Readonly<Record<string, Scenario>> = {
  'pathfinding-labs ec2-004 (spot instances)': {
    lab: from(spot, target(EC2)),
    expected: ['internet: leaked-credential starting, iam-escalation target, administrator account'],
    hardened: from(spot, target(LAMBDA)),
  },
  'pathfinding-labs ecs-007': {
    lab: registering(REGISTERS),
    expected: [
      'internet: public-endpoint i-host, code-exploit i-host, workload-role host, iam-escalation target, administrator account',
    ],
    hardened: registering(REGISTERS.slice(0, 1)),
  },
  'pathfinding-labs iam-009': {
    lab: from(starting, startingRole(onItself('iam:AttachRolePolicy'))),
    expected: ['internet: leaked-credential starting, assume-role starting-role, iam-escalation account'],
    hardened: from(starting, startingRole(allow('iam:AttachRolePolicy', { Resource: iam('role', 'other') }))),
  },
  'pathfinding-labs iam-005 to a bucket': {
    lab: from(starting, startingRole(onItself('iam:PutRolePolicy')), data),
    expected: ['internet: leaked-credential starting, assume-role starting-role, iam-escalation account'],
    hardened: from(starting, startingRole(allow('iam:GetRolePolicy')), data),
  },
  'pathfinding-labs exclusive-resource-policy': {
    lab: exclusive(EXCLUSIVE, 'starting'),
    expected: [
      'internet: leaked-credential starting, assume-role exclusive-role, reads-data cardholder-data',
    ],
    hardened: exclusive('somebody-else', 'starting'),
  },
  'pathfinding-labs resource policy instead of rights': {
    lab: granted(iam('role', 'exclusive-role')),
    expected: [
      'internet: leaked-credential starting, assume-role exclusive-role, reads-data cardholder-data',
    ],
    hardened: granted(iam('role', 'somebody-else')),
  },
  'data of another account, whose policy names who has the right here': {
    lab: elsewhere(iam('role', EXCLUSIVE)),
    expected: [
      'internet: leaked-credential starting, assume-role exclusive-role, reads-data cardholder-data',
    ],
    hardened: elsewhere(iam('role', 'somebody-else')),
  },
  'pathfinding-labs ai-chatbot-lambda-pivot': {
    lab: chatbot(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction', 'lambda:ListFunctions']),
    expected: [
      'internet: public-endpoint acmebot, code-exploit acmebot, workload-role chatbot, iam-escalation processor, administrator account',
    ],
    hardened: chatbot(['lambda:ListFunctions']),
  },
  'pathfinding-labs cspm-ec2-001': {
    lab: from(
      demo,
      privileged,
      managed('i-privileged'),
      role('admin-role', EC2, EVERYTHING, profiled('admin-role')),
    ),
    expected: ['internet: leaked-credential demo, iam-escalation admin-role, administrator account'],
    hardened: from(
      demo,
      privileged,
      managed('i-privileged'),
      role('admin-role', EC2, [], profiled('admin-role')),
    ),
  },
  'cloudgoat ecs_efs_attack': {
    lab: efsAttack(['ec2:CreateTags']),
    expected: [
      'internet: leaked-credential i-ruse, workload-role ruse, iam-escalation webapp, iam-escalation efs-admin, reads-data fs-1',
    ],
    hardened: efsAttack(['ec2:DescribeTags']),
  },
  'cloudgoat data_secrets': {
    lab: dataSecrets(OPEN_SSH),
    expected: [
      'internet: leaked-credential start-user, reads-data i-keeper#configuration, remote-login i-keeper, workload-role keeper, reads-data reader#configuration, found-credential accountant, reads-data final-AbCdEf',
    ],
    hardened: dataSecrets(CLOSED),
  },
  'cloudgoat sqs_flag_shop': {
    lab: flagShop(drives),
    expected: [
      'internet: leaked-credential shopper, assume-role sender, sends-message cash-charging, drives-consumer charger, code-exploit shop',
    ],
    hardened: flagShop(switchedOff, ofAnother),
  },
  'a queue that anybody may send to': {
    lab: openQueue(sends({})),
    expected: ['internet: public-data cash-charging, drives-consumer charger, code-exploit shop'],
    hardened: openQueue(sends({ Condition: { StringEquals: { 'aws:PrincipalAccount': '111111111111' } } })),
  },
  'backups that a public machine may delete': {
    lab: keptBy({ NumberOfRecoveryPoints: 12, Locked: false }),
    expected: [
      'internet: public-endpoint i-host, code-exploit i-host, workload-role host, deletes-backups nightly',
    ],
    hardened: keptBy({ NumberOfRecoveryPoints: 12, Locked: true }),
  },
};

/** Two ways to one bucket, one of them over a role. */
export const BOTH_WAYS: Scenario = {
  lab: bothWays([reads(data)]),
  expected: [
    'internet: leaked-credential user1, reads-data cardholder-data',
    'internet: leaked-credential user2, assume-role role3, reads-data cardholder-data',
  ],
  hardened: {
    ...bothWays([]),
    resources: [user('user1', []), indirect, role('role3', trusts('user2'), []), bucket('cardholder-data')],
  },
};
