import type { JsonObject } from '#base/json-value.ts';
import { allow, document, iam, resource, role, user } from '../privilege/aws/iam-principal.test-sample.ts';
import {
  bucket,
  credential,
  data,
  database,
  EC2,
  EVERYTHING,
  flaw,
  hidden,
  LAMBDA,
  type Lab,
  lambda,
  machine,
  NETWORK,
  PEERED,
  profiled,
  reads,
  regional,
  rule,
  runningTask,
  type Scenario,
  securityGroup,
  service,
  starts,
  TASKS,
  task,
} from './path-world.labs.test-sample.ts';

const OPEN_WEB = securityGroup('sg-web', [rule(80, '0.0.0.0/0')]);
const OPEN_SSH = securityGroup('sg-web', [rule(22, '0.0.0.0/0')]);
const secret = regional('secret', 'secretsmanager', 'secret:final-AbCdEf', { Name: 'final' });
const proxy = machine('i-proxy', { role: 'proxy', tokens: 'optional' });
const proxyRole = role('proxy', EC2, [reads(data)], profiled('proxy'));
const breach: Lab = {
  resources: [...NETWORK, OPEN_WEB, proxy, proxyRole, data],
  weaknesses: [flaw('ssrf', proxy)],
  sensitive: [data.key],
};

const solus = user('solus', [allow(['lambda:GetFunction', 'lambda:ListFunctions'])]);
const wrex = user('wrex', [allow('ec2:DescribeInstances')]);
const shepard = user('shepard', EVERYTHING);
const gateway = machine('i-gateway', { role: 'gateway', tokens: 'optional' });
const paid = lambda('paid', 'paid');
const ssrf: Lab = {
  resources: [
    ...NETWORK,
    OPEN_WEB,
    solus,
    wrex,
    shepard,
    paid,
    role('paid', LAMBDA, []),
    gateway,
    role('gateway', EC2, [reads(hidden)], profiled('gateway')),
    hidden,
  ],
  weaknesses: [flaw('ssrf', gateway)],
  credentials: [starts(solus), credential(paid, wrex), credential(hidden, shepard)],
};

const web = machine('i-web', { role: 'web' });
const config = bucket('private-config');
const shop = database('shop');
const DB_GROUP = securityGroup('sg-db', [rule(5432, 'sg-web')]);
const webRole = role('web', EC2, [reads(config)], profiled('web'));
const rce: Lab = {
  resources: [...NETWORK, OPEN_WEB, DB_GROUP, web, webRole, config, shop],
  weaknesses: [flaw('exec', web)],
  credentials: [credential(config, shop, { name: 'A login' })],
  sensitive: [shop.key],
};

const host = machine('i-host', { role: 'host', groups: ['sg-host'] });
const website = service('website');
const takeover = (definition: JsonObject): Lab => ({
  resources: [
    ...NETWORK,
    OPEN_WEB,
    securityGroup('sg-host', []),
    host,
    role('host', EC2, [allow('ecs:UpdateContainerInstancesState')], profiled('host')),
    regional('ecs-container-instance', 'ecs', 'container-instance/lab/1', {
      containerInstanceArn: 'arn:aws:ecs:eu-west-1:111111111111:container-instance/lab/1',
      ec2InstanceId: 'i-host',
      status: 'ACTIVE',
    }),
    ...runningTask('website'),
    website,
    task('website', null, definition),
    service('vault'),
    task('vault', 'vault'),
    role('vault', TASKS, [allow('secretsmanager:GetSecretValue')]),
    secret,
  ],
  weaknesses: [flaw('exec', website, false)],
  sensitive: [secret.key],
});
const SOCKET: JsonObject = {
  containerDefinitions: [{ name: 'website', mountPoints: [{ sourceVolume: 'docker' }] }],
  volumes: [{ name: 'docker', host: { sourcePath: '/var/run/docker.sock' } }],
};

const PLAIN: JsonObject = { containerDefinitions: [{ name: 'website', mountPoints: [] }] };
const withFlawedHost = (lab: Lab): Lab => ({
  ...lab,
  weaknesses: [...(lab.weaknesses ?? []), flaw('root', host, false)],
});

const managed = (id: string) =>
  regional('ssm-managed-instance', 'ssm', `managed-instance/${id}`, { InstanceId: id, PingStatus: 'Online' });

const solo = user('solo', [allow(['codebuild:ListProjects', 'codebuild:BatchGetProjects'])]);
const COPYING = ['rds:CreateDBSnapshot', 'rds:RestoreDBInstanceFromDBSnapshot', 'rds:ModifyDBInstance'];
const calrissian = user('calrissian', [allow(COPYING)]);
const project = regional('codebuild-project', 'codebuild', 'project/build', {
  name: 'build',
  arn: 'arn:aws:codebuild:eu-west-1:111111111111:project/build',
});
const CLOSED_DB = securityGroup('sg-db', []);

const david = user('david', [allow(['rds:RestoreDBInstanceFromDBSnapshot', 'rds:ModifyDBInstance'])]);
const snapshot = regional('rds-snapshot', 'rds', 'snapshot:shop-copy', {
  DBSnapshotIdentifier: 'shop-copy',
  DBInstanceIdentifier: 'shop',
});
const backups = bucket('backups');
const backupMachine = machine('i-backup', { role: 'backup' });
const backupRole = role('backup', EC2, [reads(backups)], profiled('backup'));

const dev = machine('i-dev', { role: 'dev' });
const prod = machine('i-prod', { isPublic: false, groups: ['sg-prod'], subnetId: 'subnet-c', vpc: 'vpc-2' });
const devRole = role('dev', EC2, [allow(['ssm:StartSession', 'ec2:DescribeInstances'])], profiled('dev'));
const PROD_DB = {
  DBSubnetGroup: { VpcId: 'vpc-2', Subnets: [{ SubnetIdentifier: 'subnet-c' }] },
};
const customers = database('customers', PROD_DB);
const peering: Lab = {
  resources: [
    ...PEERED,
    OPEN_SSH,
    securityGroup('sg-prod', [], 'vpc-2'),
    securityGroup('sg-db', [rule(5432, 'sg-prod')], 'vpc-2'),
    dev,
    devRole,
    prod,
    managed('i-prod'),
    customers,
  ],
  credentials: [
    credential('public repository', dev, { name: 'An SSH key' }),
    credential(prod, customers, { name: 'A login' }),
  ],
  sensitive: [customers.key],
};

/** The machine of the first network reaches the database of the second by itself. */
const lateral: Lab = {
  resources: [
    ...PEERED,
    OPEN_WEB,
    securityGroup('sg-db', [rule(5432, '10.0.0.0/16')], 'vpc-2'),
    web,
    role('web', EC2, [], profiled('web')),
    customers,
  ],
  weaknesses: [flaw('exec', web)],
  credentials: [credential(web, customers, { name: 'A login' })],
  sensitive: [customers.key],
};

const inner = machine('i-inner', { isPublic: false, groups: ['sg-inner'], role: 'inner' });
const inside: Lab = {
  resources: [
    ...NETWORK,
    OPEN_WEB,
    securityGroup('sg-inner', [rule(8080, 'sg-web')]),
    web,
    role('web', EC2, [], profiled('web')),
    inner,
    role('inner', EC2, EVERYTHING, profiled('inner')),
  ],
  weaknesses: [flaw('exec', web), flaw('exec', inner, false)],
};

const assets = resource('s3-bucket', 'arn:aws:s3:::portal-assets', {
  Name: 'portal-assets',
  Website: true,
  PublicAccessBlock: {
    BlockPublicAcls: false,
    IgnorePublicAcls: false,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  },
  Policy: document({
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::portal-assets/*',
  }),
});
const accountBlock = resource('s3-account-public-access-block', 'arn:aws:s3:::account', {
  PublicAccessBlock: {
    BlockPublicAcls: false,
    IgnorePublicAcls: false,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  },
});

const guest = resource('iam-role', iam('role', 'guest'), {
  Arn: iam('role', 'guest'),
  RoleName: 'guest',
  AssumeRolePolicyDocument: document({
    Effect: 'Allow',
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:pool' },
      'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' },
    },
  }),
  AttachedManagedPolicies: [],
  RolePolicyList: [{ PolicyName: 'inline', PolicyDocument: document(reads(data)) }],
});
const member = resource('iam-role', iam('role', 'guest'), {
  ...guest.facts,
  AssumeRolePolicyDocument: document({
    Effect: 'Allow',
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:pool' },
      'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
    },
  }),
});

const publicLambda = lambda('public', 'public', {
  Url: { FunctionUrl: 'https://x.lambda-url.eu-west-1.on.aws/', AuthType: 'NONE' },
  Policy: document(
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      Resource: `arn:aws:lambda:eu-west-1:111111111111:function:public`,
      Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
    },
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunction',
      Resource: `arn:aws:lambda:eu-west-1:111111111111:function:public`,
      Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
    },
  ),
});
const publicRole = role('public', LAMBDA, EVERYTHING);

const keeper = regional('secret', 'secretsmanager', 'secret:rds-abc', { Name: 'rds-abc' });
const kept = database('shop', {
  MasterUserSecret: { SecretArn: keeper.key.slice(4) },
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-db' }],
});
const keptLogin: Lab = {
  resources: [
    ...NETWORK,
    OPEN_WEB,
    DB_GROUP,
    web,
    role(
      'web',
      EC2,
      [allow('secretsmanager:GetSecretValue', { Resource: keeper.key.slice(4) })],
      profiled('web'),
    ),
    keeper,
    kept,
  ],
  weaknesses: [flaw('exec', web)],
  sensitive: [kept.key],
};

/**
 * Scenarios of public labs (attack-paths §8), rebuilt from what they are about: the estate as its inventory describes it,
 * what scanners find in it, and what whoever starts there gets to. Who starts as a user starts with a key that leaked. Names
 * are our own. These are about machines, networks and data.
 */
export const NETWORK_LABS: Readonly<Record<string, Scenario>> = {
  'cloudgoat cloud_breach_s3': {
    lab: breach,
    expected: [
      'internet: public-endpoint i-proxy, request-forgery i-proxy, metadata-request proxy, reads-data cardholder-data',
    ],
    hardened: {
      ...breach,
      resources: [...NETWORK, OPEN_WEB, machine('i-proxy', { role: 'proxy' }), proxyRole, data],
    },
  },
  'cloudgoat ec2_ssrf': {
    lab: ssrf,
    expected: [
      'internet: public-endpoint i-gateway, request-forgery i-gateway, metadata-request gateway, reads-data secret-bucket, found-credential shepard, administrator account',
    ],
    hardened: { ...ssrf, credentials: (ssrf.credentials ?? []).slice(0, 2) },
  },
  'cloudgoat rce_web_app': {
    lab: rce,
    expected: ['internet: public-endpoint i-web, code-exploit i-web, database-login shop'],
    hardened: { ...rce, resources: rce.resources.map((each) => (each === DB_GROUP ? CLOSED_DB : each)) },
  },
  'cloudgoat ecs_takeover': {
    lab: takeover(SOCKET),
    expected: [
      'internet: public-endpoint website, network-exploit website, container-escape node, node-tasks vault, workload-role vault, reads-data secret:final-AbCdEf'.replace(
        'secret:',
        '',
      ),
    ],
    hardened: takeover(PLAIN),
  },
  'ecs_takeover by a flaw of the machine': {
    lab: withFlawedHost(takeover(PLAIN)),
    expected: [
      'internet: public-endpoint website, network-exploit website, machine-flaw node, node-tasks vault, workload-role vault, reads-data final-AbCdEf',
    ],
    hardened: takeover(PLAIN),
  },
  'cloudgoat codebuild_secrets': {
    lab: {
      resources: [...NETWORK, CLOSED_DB, solo, calrissian, project, shop],
      credentials: [starts(solo), credential(project, calrissian)],
      sensitive: [shop.key],
    },
    expected: [
      'internet: leaked-credential solo, reads-data build#configuration, found-credential calrissian, copies-data shop',
    ],
    hardened: {
      resources: [
        ...NETWORK,
        CLOSED_DB,
        solo,
        user('calrissian', [allow(COPYING.slice(0, 2))]),
        project,
        shop,
      ],
      credentials: [starts(solo), credential(project, calrissian)],
      sensitive: [shop.key],
    },
  },
  'cloudgoat rds_snapshot': {
    lab: {
      resources: [...NETWORK, OPEN_WEB, CLOSED_DB, backupMachine, backupRole, backups, david, shop, snapshot],
      weaknesses: [flaw('exec', backupMachine)],
      credentials: [credential(backups, david)],
      sensitive: [shop.key],
    },
    expected: [
      'internet: public-endpoint i-backup, code-exploit i-backup, workload-role backup, reads-data backups, found-credential david, copies-data shop-copy',
    ],
    hardened: {
      resources: [...NETWORK, OPEN_WEB, CLOSED_DB, backupMachine, backupRole, backups, david, shop],
      weaknesses: [flaw('exec', backupMachine)],
      credentials: [credential(backups, david)],
      sensitive: [shop.key],
    },
  },
  'cloudgoat vpc_peering_overexposed': {
    lab: peering,
    expected: [
      'internet: leaked-credential i-dev, workload-role dev, instance-command i-prod, database-login customers',
    ],
    hardened: {
      ...peering,
      resources: peering.resources.map((each) =>
        each === OPEN_SSH ? securityGroup('sg-web', [rule(22, '10.0.0.0/8')]) : each,
      ),
    },
  },
  'a database of another network that a public machine reaches': {
    lab: lateral,
    expected: ['internet: public-endpoint i-web, code-exploit i-web, database-login customers'],
    hardened: {
      ...lateral,
      resources: lateral.resources
        .filter(({ type }) => type !== 'vpc-peering-connection')
        .map((each) => (each.name === 'rtb-c' ? { ...each, facts: { ...each.facts, Routes: [] } } : each)),
    },
  },
  'a machine inside that a public machine reaches': {
    lab: inside,
    expected: [
      'internet: public-endpoint i-web, code-exploit i-web, network-reach i-inner, network-exploit i-inner, workload-role inner, administrator account',
    ],
    hardened: {
      ...inside,
      resources: inside.resources.map((each) =>
        each.name === 'sg-inner' ? securityGroup('sg-inner', [rule(8080, 'sg-other')]) : each,
      ),
    },
  },
  'cloudgoat static': {
    lab: { resources: [accountBlock, assets], served: [assets.key] },
    expected: ['internet: public-data portal-assets'],
    hardened: { resources: [accountBlock, bucket('portal-assets')], served: [assets.key] },
  },
  'cloudgoat vulnerable_cognito': {
    lab: { resources: [guest, data], sensitive: [data.key] },
    expected: ['internet: open-trust guest, reads-data cardholder-data'],
    hardened: { resources: [member, data], sensitive: [data.key] },
  },
  'pathfinding-labs public-lambda-with-admin': {
    lab: { resources: [publicLambda, publicRole], weaknesses: [flaw('exec', publicLambda)] },
    expected: [
      'internet: public-endpoint public, code-exploit public, workload-role public, administrator account',
    ],
    hardened: {
      resources: [lambda('public', 'public'), publicRole],
      weaknesses: [flaw('exec', publicLambda)],
    },
  },
  'a database whose login RDS keeps in a secret': {
    lab: keptLogin,
    expected: ['internet: public-endpoint i-web, code-exploit i-web, database-login shop'],
    hardened: {
      ...keptLogin,
      resources: keptLogin.resources.map((each) => (each === DB_GROUP ? CLOSED_DB : each)),
    },
  },
};
