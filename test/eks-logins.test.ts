import { afterEach, beforeEach, expect, test } from 'vitest';
import { tellBlastRadius } from '../src/app/tell-reach.ts';
import { HOUR_MS } from '../src/base/instant.ts';
import type { JsonObject } from '../src/base/json-value.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
let hour = 0;
beforeEach(async () => {
  inbox = await openTestInbox();
  hour = 0;
});
afterEach(() => inbox.close());

const ACCOUNT = { account: '111111111111', region: 'eu-west-1' };
const OPS = 'arn:aws:iam::111111111111:role/team/ops';
const ARN = 'arn:aws:eks:eu-west-1:111111111111:cluster/shop';

function tick(): void {
  inbox.clock.set(START + hour++ * HOUR_MS);
}

/** An answer of the AWS CLI, in a file that is called after its call. */
async function answer(prints: JsonObject, file: string): Promise<void> {
  tick();
  await inbox.importReport(prints, ACCOUNT, file);
}

/** A role that anybody may become, and that may do nothing in its account. */
const role = () =>
  answer(
    {
      UserDetailList: [],
      GroupDetailList: [],
      Policies: [],
      RoleDetailList: [
        {
          RoleName: 'ops',
          Path: '/team/',
          Arn: OPS,
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
          },
          AttachedManagedPolicies: [],
          RolePolicyList: [],
        },
      ],
    },
    'iam-get-account-authorization-details.json',
  );

const cluster = (authenticationMode: string) =>
  answer(
    { cluster: { name: 'shop', arn: ARN, accessConfig: { authenticationMode } } },
    'eks-describe-cluster.json',
  );

const policies = (...names: readonly string[]) =>
  answer(
    {
      clusterName: 'shop',
      principalArn: OPS,
      associatedAccessPolicies: names.map((name) => ({
        policyArn: `arn:aws:eks::aws:cluster-access-policy/${name}`,
        accessScope: { type: 'cluster', namespaces: [] },
      })),
    },
    'eks-list-associated-access-policies-shop.json',
  );

/** What kubectl tells of the cluster, by the name under which somebody knows it. */
async function kubectl(name: string, mapRoles: string): Promise<void> {
  tick();
  await inbox.importReport(
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'kube-system', name: 'aws-auth' },
      data: { mapRoles },
    },
    { scope: { cluster: name } },
    'aws-auth.json',
  );
}

const MASTERS = '- rolearn: arn:aws:iam::111111111111:role/ops\n  groups: [system:masters]\n';

/** Open attack paths as `list` shows them, and where they end. */
async function paths(): Promise<readonly string[]> {
  const issues = await inbox.list({ all: false });
  return issues.filter(({ type }) => type === 'attack_path').map(({ title }) => title);
}

test('a role that an access entry lets into a cluster administers it, until its policy is taken', async () => {
  await role();
  await cluster('API');
  expect(await paths()).toEqual([]);
  await policies('AmazonEKSClusterAdminPolicy');
  expect(await paths()).toEqual([expect.stringContaining('cluster shop')]);
  await policies('AmazonEKSViewPolicy');
  expect(await paths()).toEqual([]);
});

test.each([
  ['its ARN', ARN],
  ['its name', 'shop'],
])(
  'the map aws-auth lets it in, in a cluster that kubectl knows by %s, until its line is taken',
  async (_by, name) => {
    await role();
    await kubectl(name, MASTERS);
    expect(await paths()).toEqual([]);
    await cluster('API_AND_CONFIG_MAP');
    expect(await paths()).toEqual([expect.stringContaining(`cluster ${name}`)]);
    await kubectl(name, '[]');
    expect(await paths()).toEqual([]);
    await kubectl(name, MASTERS);
    await cluster('API');
    expect(await paths()).toEqual([]);
  },
);

test('a group of the cluster that may enter the pods of its operator administers it, until it is taken out', async () => {
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };
  const inShop = (name: string) => ({ metadata: { namespace: 'shop', name } });
  const describe = async (group: string) => {
    tick();
    const items = [
      { apiVersion: 'v1', kind: 'ServiceAccount', ...inShop('operator') },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        ...inShop('operator'),
        spec: {
          template: {
            spec: {
              serviceAccountName: 'operator',
              containers: [{ name: 'main', image: 'registry.example.com/operator:1' }],
            },
          },
        },
      },
      {
        ...rbac,
        kind: 'ClusterRoleBinding',
        metadata: { name: 'operator' },
        roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'operator' }],
      },
      {
        ...rbac,
        kind: 'Role',
        ...inShop('debug'),
        rules: [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] }],
      },
      {
        ...rbac,
        kind: 'RoleBinding',
        ...inShop('debug'),
        roleRef: { kind: 'Role', name: 'debug' },
        subjects: [{ kind: 'Group', name: group }],
      },
    ];
    await inbox.importReport(
      { apiVersion: 'v1', kind: 'List', items },
      { scope: { cluster: 'shop' } },
      'everything.json',
    );
  };
  await role();
  await cluster('API');
  await describe('debuggers');
  expect(await paths()).toEqual([]);
  await answer(
    {
      accessEntry: {
        clusterName: 'shop',
        principalArn: OPS,
        kubernetesGroups: ['debuggers'],
        username: OPS,
        type: 'STANDARD',
      },
    },
    'eks-describe-access-entry-shop.json',
  );
  expect(await paths()).toEqual([expect.stringContaining('cluster shop')]);
  const { notes } = await inbox.ctx.paths.list();
  expect(notes).toEqual([
    'What ops may do in cluster shop is not told, though access entries let them in: aws eks list-associated-access-policies.',
  ]);
  await describe('nobody');
  expect(await paths()).toEqual([]);
});

test('of two clusters of one name nobody knows which one kubectl means', async () => {
  await role();
  await kubectl('shop', MASTERS);
  await cluster('CONFIG_MAP');
  expect(await paths()).toHaveLength(1);
  tick();
  await inbox.importReport(
    { cluster: { name: 'shop', arn: ARN.replace('eu-west-1', 'us-east-1') } },
    { ...ACCOUNT, region: 'us-east-1' },
    'eks-describe-cluster-us.json',
  );
  expect(await paths()).toEqual([]);
  await kubectl(ARN, MASTERS);
  expect(await paths()).toHaveLength(1);
});

test('the cluster of an account and the one that kubectl describes are one', async () => {
  const reached = async () => (await tellBlastRadius(inbox.ctx, { of: `aws:${OPS}` })).radius.sentence;
  await role();
  await answer({ cluster: { name: 'shop', arn: ARN } }, 'eks-describe-cluster.json');
  await policies('AmazonEKSClusterAdminPolicy');
  expect(await reached()).toBe('administers 1 cluster');
  await kubectl('shop', MASTERS);
  expect(await reached()).toBe('administers 1 cluster');
  await kubectl('elsewhere', MASTERS);
  expect(await reached()).toBe('administers 1 cluster');
});
