import type { JsonObject } from '#base/json-value.ts';
import { allow, document, iam, resource, role, user } from '../privilege/aws/iam-principal.test-sample.ts';
import { type CloudIdentities, NO_CLOUD_IDENTITIES } from '../privilege/cloud-identity.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { Credential } from './path-facts.ts';
import {
  bucket,
  credential,
  data,
  database,
  EC2,
  EVERYTHING,
  flaw,
  hidden,
  type Lab,
  machine,
  NETWORK,
  profiled,
  reads,
  regional,
  rule,
  securityGroup,
  starts,
} from './path-world.labs.test-sample.ts';

const OPEN_WEB = securityGroup('sg-web', [rule(443, '0.0.0.0/0')]);
const web = machine('i-web', { role: 'web' });
const webRole = (statements: readonly JsonObject[]) => role('web', EC2, statements, profiled('web'));
const admin = user('admin', EVERYTHING);

/** A public machine with a flaw of software of this name, and what its role may do. */
const machineWith = (
  software: string,
  statements: readonly JsonObject[],
  ...others: readonly EstateResource[]
): Lab => ({
  resources: [...NETWORK, OPEN_WEB, web, webRole(statements), ...others],
  weaknesses: [{ ...flaw('exec', web, false), name: `CVE-2026-1 in ${software}` }],
});

const withKey = (statements: readonly JsonObject[], ...others: readonly EstateResource[]): Lab => {
  const who = user('starting', statements);
  return { resources: [who, ...others], credentials: [starts(who)] };
};

const opened = (name: string, action: string, more: JsonObject = {}): EstateResource => ({
  ...bucket(name),
  facts: {
    Name: name,
    PublicAccessBlock: OPEN,
    Policy: document({
      Effect: 'Allow',
      Principal: '*',
      Action: action,
      Resource: `arn:aws:s3:::${name}/*`,
      ...more,
    }),
  },
});
const OPEN: JsonObject = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const accountBlock = resource('s3-account-public-access-block', 'arn:aws:s3:::account', {
  PublicAccessBlock: OPEN,
});
const readable = opened('reports', 's3:GetObject');
const site = { ...bucket('site'), facts: { ...bucket('site').facts, Website: true } };

const publicDatabase = database('shop', {
  PubliclyAccessible: true,
  DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-a' }] },
});
const shop = database('shop');
const CLOSED_DB = securityGroup('sg-db', []);
const COPIES = [allow(['rds:CreateDBSnapshot', 'rds:ModifyDBSnapshotAttribute'])];
const copied = regional('rds-snapshot', 'rds', 'snapshot:shop-copy', {
  DBSnapshotIdentifier: 'shop-copy',
  DBInstanceIdentifier: 'shop',
  Restore: ['all'],
});

const trusting = (trust: JsonObject, statements: readonly JsonObject[]) => role('open', trust, statements);
const github = role('deployer', {}, EVERYTHING, {
  AssumeRolePolicyDocument: document({
    Effect: 'Allow',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: iam('oidc-provider', 'token.actions.githubusercontent.com') },
    Condition: { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } },
  }),
});
const inRepository = (opens: EstateResource): Credential => ({
  ...credential('public repository', opens),
  isLeaked: false,
});

const CLUSTER = 'k8s:shop';
export const inCluster = (type: string, path: string, facts: object, tags = {}): EstateResource => ({
  key: `${CLUSTER}/${path}`,
  type,
  name: path.slice(path.lastIndexOf('/') + 1),
  account: null,
  region: null,
  tags,
  facts: facts as EstateResource['facts'],
  seenAt: 0,
  provenance: 'kubernetes',
});
export const CONTAINER = {
  name: 'main',
  image: 'shop',
  privileged: false,
  runsAsRoot: null,
  addedCapabilities: [],
  ports: [],
};
export const pod = (name: string, more: object = {}, tags = {}) =>
  inCluster(
    'workload',
    `apps/Deployment/shop/${name}`,
    {
      objectKind: 'Deployment',
      namespace: 'shop',
      name,
      replicas: 1,
      podLabels: {},
      serviceAccount: name,
      mountsToken: null,
      hostNetwork: false,
      hostPid: false,
      hostIpc: false,
      hostPaths: [],
      containers: [CONTAINER],
      ...more,
    },
    tags,
  );
export const account = (name: string, more: object = {}) =>
  inCluster('service-account', `/ServiceAccount/shop/${name}`, {
    objectKind: 'ServiceAccount',
    namespace: 'shop',
    name,
    mountsToken: null,
    cloudIdentities: [],
    hasTokenSecret: false,
    ...more,
  });
export const granted = (name: string, verbs: string, resources: string, group = '') => [
  inCluster('cluster-role', 'rbac.authorization.k8s.io/ClusterRole//given', {
    objectKind: 'ClusterRole',
    namespace: '',
    name: 'given',
    rules: [{ verbs: verbs.split(' '), groups: [group], resources: [resources], names: [], paths: [] }],
    aggregates: [],
  }),
  inCluster('cluster-role-binding', 'rbac.authorization.k8s.io/ClusterRoleBinding//given', {
    objectKind: 'ClusterRoleBinding',
    namespace: '',
    name: 'given',
    role: { objectKind: 'ClusterRole', name: 'given' },
    subjects: [{ objectKind: 'ServiceAccount', namespace: 'shop', name }],
  }),
];

/** A cluster in which `first` is open to everybody and, where it has a flaw, that of this software. */
export const clusterWith = (
  first: EstateResource,
  software: string | null,
  others: readonly EstateResource[],
  {
    cloud = NO_CLOUD_IDENTITIES,
    aws = [],
  }: { cloud?: CloudIdentities; aws?: readonly EstateResource[] } = {},
): Lab => ({
  resources: aws,
  cluster: {
    estate: CLUSTER,
    resources: [first, ...others],
    cloud,
    about: { production: 'yes', evidence: [], name: 'cluster shop' },
  },
  open: [first.key],
  weaknesses:
    software === null
      ? []
      : [
          {
            ...flaw('exec', first, false),
            name: `CVE-2026-1 in ${software}`,
            flawed: { key: 'image:shop', kind: 'image', name: 'shop' },
          },
        ],
});

const POD_ROLE = iam('role', 'pod');
export const podRole = role('pod', {}, EVERYTHING, {
  AssumeRolePolicyDocument: document({
    Effect: 'Allow',
    Principal: { Federated: iam('oidc-provider', 'oidc.eks.eu-west-1.amazonaws.com/id/ABC') },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: { 'oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub': 'system:serviceaccount:shop:web' },
    },
  }),
});
export const podCloud: CloudIdentities = {
  associated: new Map(),
  roles: new Map([
    [
      POD_ROLE,
      { privilege: { level: 'P0', reasons: [] }, missing: [], trust: null, provenance: 'aws', at: 0 },
    ],
  ]),
};
const inAws = inCluster('node', '/Node//a', {
  objectKind: 'Node',
  namespace: '',
  name: 'a',
  labels: {},
  providerId: 'aws:///eu-west-1a/i-0123456789abcdef0',
});
const nodeMachine = {
  ...machine('i-0123456789abcdef0', { isPublic: false, role: 'node', tokens: 'optional' }),
};
const silent = account('web', { mountsToken: false });

/** A small world for shapes that no public lab is about, by the name of the shape. */
export const SHAPE_LABS: Readonly<Record<string, Lab>> = {
  'workload-runs-as-admin': machineWith('log4j-core', EVERYTHING),
  'workload-to-data': { ...machineWith('log4j-core', [reads(data)], data), sensitive: [data.key] },
  'edge-appliance': { ...machineWith('PAN-OS', [reads(data)], data), sensitive: [data.key] },
  'ci-server': machineWith('jenkins-core', EVERYTHING),
  'ai-platform': machineWith('ray', EVERYTHING),
  'image-secret': {
    ...machineWith('log4j-core', [], admin),
    credentials: [
      {
        ...credential('public repository', admin),
        kind: 'image',
        place: { key: 'image:shop', kind: 'image', name: 'shop' },
        on: [web.key],
        isLeaked: false,
      },
    ],
  },
  'file-read-to-credential': {
    resources: [...NETWORK, OPEN_WEB, web, webRole([]), admin],
    weaknesses: [flaw('files', web)],
    credentials: [
      { ...credential('public repository', admin), kind: 'image', on: [web.key], isLeaked: false },
    ],
  },
  'bypassed-login-to-database': {
    resources: [
      ...NETWORK,
      OPEN_WEB,
      securityGroup('sg-db', [rule(5432, 'sg-web')]),
      web,
      webRole([]),
      database('members'),
    ],
    weaknesses: [flaw('records', web)],
    credentials: [credential(web, database('members'), { name: 'A login' })],
    sensitive: [database('members').key],
  },
  'state-file-credentials': {
    ...machineWith('log4j-core', [reads(hidden)], hidden, admin),
    credentials: [credential(hidden, admin, { kind: 'terraform-state' })],
  },
  'front-end-secret': {
    resources: [accountBlock, readable, admin],
    credentials: [credential(readable, admin, { kind: 'front-end' })],
  },
  'public-bucket-key-to-admin': {
    resources: [accountBlock, readable, admin],
    credentials: [credential(readable, admin)],
  },
  'insider-repository-secret': {
    resources: [podRole],
    credentials: [inRepository(podRole)],
    lens: 'insider',
  },
  'pipeline-role-open-to-anybody': { resources: [github] },
  'leaked-key-to-site': {
    ...withKey([allow('s3:PutObject', { Resource: 'arn:aws:s3:::site/*' })], site),
    served: [site.key],
  },
  'workload-to-site': {
    ...machineWith('log4j-core', [allow('s3:PutObject', { Resource: 'arn:aws:s3:::site/*' })], site),
    served: [site.key],
  },
  'public-sensitive-data': { resources: [accountBlock, readable], sensitive: [readable.key] },
  'public-production-data': { resources: [accountBlock, readable], production: 'yes' },
  'guessed-login': {
    resources: [...NETWORK, securityGroup('sg-db', [rule(5432, '0.0.0.0/0')]), publicDatabase],
    sensitive: [publicDatabase.key],
  },
  'saas-token': {
    ...machineWith('log4j-core', [reads(data)]),
    resources: [...machineWith('log4j-core', [reads(data)]).resources, data],
    credentials: [credential(data, data, { opens: ['saas:acme.snowflakecomputing.com'] })],
  },
  'guessed-password-leads-on': {
    resources: [
      ...NETWORK,
      securityGroup('sg-web', [rule(3389, '0.0.0.0/0')]),
      { ...web, facts: { ...web.facts, PlatformDetails: 'Windows' } },
      webRole(EVERYTHING),
    ],
  },
  'leaked-login': {
    resources: [...NETWORK, securityGroup('sg-db', [rule(5432, '0.0.0.0/0')]), publicDatabase],
    credentials: [credential('public repository', publicDatabase, { name: 'A login' })],
    sensitive: [publicDatabase.key],
  },
  'storage-token': {
    resources: [admin, data],
    credentials: [credential('public repository', data, { name: 'A signed address', kind: 'storage-token' })],
    sensitive: [data.key],
  },
  'public-snapshot': { resources: [...NETWORK, CLOSED_DB, shop, copied], sensitive: [copied.key] },
  'leaked-key-copies-data': {
    ...withKey(COPIES, ...NETWORK, CLOSED_DB, shop),
    sensitive: [shop.key],
  },
  'workload-copies-database': {
    ...machineWith('log4j-core', COPIES, CLOSED_DB, shop),
    sensitive: [shop.key],
  },
  'role-open-to-any-account': { resources: [trusting({ AWS: '*' }, EVERYTHING)] },
  'vendor-role': { resources: [trusting({ AWS: '333333333333' }, EVERYTHING)], lens: 'vendor' },
  'subdomain-takeover': {
    resources: [],
    dangling: [
      {
        fingerprint: 'dangling',
        issueId: 'issue of dangling',
        resource: { key: 'aws:record', kind: 'cloud', name: 'old.example.com' },
        evidence: [],
      },
    ],
  },
  'pod-to-cluster-admin': clusterWith(pod('web'), 'log4j-core', [
    account('web'),
    ...granted('web', 'create', 'pods'),
  ]),
  'pod-to-cluster-secrets': clusterWith(pod('web'), 'log4j-core', [
    account('web'),
    ...granted('web', 'get list', 'secrets'),
  ]),
  'ingress-takeover': clusterWith(pod('web'), 'ingress-nginx', [
    account('web'),
    ...granted('web', 'get list', 'secrets'),
  ]),
  'open-cluster-console': clusterWith(pod('web', {}, { hands: 'exec' }), null, [
    account('web'),
    ...granted('web', '*', '*', '*'),
  ]),
  'open-control-port': clusterWith(
    pod('web', { mountsToken: false, containers: [{ ...CONTAINER, privileged: true }] }, { hands: 'exec' }),
    null,
    [silent],
  ),
  'container-breakout': clusterWith(
    pod('web', { mountsToken: false, containers: [{ ...CONTAINER, privileged: true }] }),
    'log4j-core',
    [silent],
  ),
  'breakout-to-node': clusterWith(
    pod('web', { mountsToken: false, containers: [{ ...CONTAINER, privileged: true }] }),
    'log4j-core',
    [
      silent,
      pod('agent', { objectKind: 'DaemonSet', replicas: 1 }),
      account('agent'),
      ...granted('agent', '*', '*', '*'),
      inAws,
      inCluster('inventory-coverage', 'coverage Node', { cover: 'Node' }),
    ],
  ),
  'pod-to-cloud-admin': clusterWith(
    pod('web', { mountsToken: false }),
    'log4j-core',
    [account('web', { mountsToken: false, cloudIdentities: [POD_ROLE] })],
    { cloud: podCloud, aws: [podRole] },
  ),
  'pod-to-node-role': clusterWith(pod('web', { mountsToken: false }), 'log4j-core', [silent, inAws], {
    aws: [
      ...NETWORK,
      securityGroup('sg-web', []),
      nodeMachine,
      role('node', EC2, EVERYTHING, profiled('node')),
    ],
  }),
};
