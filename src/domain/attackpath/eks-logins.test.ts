import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { iam, resource, role, SEEN, user } from '../privilege/aws/iam-principal.test-sample.ts';
import { NO_CLOUD_IDENTITIES } from '../privilege/cloud-identity.ts';
import type { EstateResource } from '../risk/estate.ts';
import { awsFacts } from './aws-search.test-sample.ts';
import { awsSteps } from './aws-steps.ts';
import type { ClusterFacts } from './cluster-steps.ts';

const ARN = 'arn:aws:eks:eu-west-1:111111111111:cluster/shop';
const OPS = iam('role', 'ops');
const POLICY = 'arn:aws:eks::aws:cluster-access-policy';
const REGION = { region: 'eu-west-1' };
const trust = { Service: 'ec2.amazonaws.com' };

const cluster = (mode: string | null = 'API_AND_CONFIG_MAP') =>
  resource(
    'eks-cluster',
    ARN,
    { name: 'shop', arn: ARN, ...(mode === null ? {} : { accessConfig: { authenticationMode: mode } }) },
    REGION,
  );

const link = (type: string, facts: JsonObject, more: Partial<EstateResource> = {}) =>
  resource(
    type,
    `${type}/shop/${more.name ?? ''}${facts['principalArn'] ?? ''}`,
    { clusterName: 'shop', ...facts },
    { ...REGION, ...more },
  );
const entry = (facts: JsonObject = {}, more: Partial<EstateResource> = {}) =>
  link('eks-access-entry', { principalArn: OPS, type: 'STANDARD', ...facts }, more);
const listed = (principalArns: readonly string[], seenAt = SEEN) =>
  link('eks-access-entry-list', { principalArns: [...principalArns] }, { seenAt });
const policies = (
  policy: string | null,
  scope: JsonObject = { type: 'cluster' },
  more: JsonObject = {},
  about: Partial<EstateResource> = {},
) =>
  link(
    'eks-access-policies',
    {
      principalArn: OPS,
      associatedAccessPolicies:
        policy === null ? [] : [{ policyArn: `${POLICY}/${policy}`, accessScope: scope }],
      ...more,
    },
    about,
  );

const inCluster = (type: string, path: string, facts: JsonObject): EstateResource => ({
  ...resource(type, path, facts, { account: null, provenance: 'kubernetes' }),
  key: `k8s:shop/${path}`,
});
const binding = (subject: JsonObject, of = 'cluster-admin', objectKind = 'ClusterRoleBinding') =>
  inCluster(
    objectKind === 'RoleBinding' ? 'role-binding' : 'cluster-role-binding',
    `rbac.authorization.k8s.io/${objectKind}//ops`,
    {
      objectKind,
      namespace: objectKind === 'RoleBinding' ? 'shop' : '',
      name: 'ops',
      role: { objectKind: 'ClusterRole', name: of },
      subjects: [{ namespace: '', ...subject }],
    },
  );
const viewer = inCluster('cluster-role', 'rbac.authorization.k8s.io/ClusterRole//view', {
  objectKind: 'ClusterRole',
  namespace: '',
  name: 'view',
  rules: [{ verbs: ['get'], groups: [''], resources: ['pods'], names: [], paths: [] }],
  aggregates: [],
});
const secretReader = inCluster('cluster-role', 'rbac.authorization.k8s.io/ClusterRole//secrets', {
  objectKind: 'ClusterRole',
  namespace: '',
  name: 'secrets',
  rules: [{ verbs: ['get'], groups: [''], resources: ['secrets'], names: [], paths: [] }],
  aggregates: [],
});
/** A service account of the namespace that administers the cluster. */
const strongAccount = {
  ...binding({ objectKind: 'ServiceAccount', namespace: 'shop', name: 'operator' }),
  key: 'k8s:shop/rbac.authorization.k8s.io/ClusterRoleBinding//operator',
};
const GROUP = { objectKind: 'Group', name: 'deployers' };
const awsAuth = (logins: readonly JsonObject[], name = 'aws-auth', namespace = 'kube-system') =>
  inCluster('config-map', `/ConfigMap/${namespace}/${name}`, {
    objectKind: 'ConfigMap',
    namespace,
    name,
    logins: [...logins],
  });
const line = (groups: readonly string[], arn = OPS, username = 'ops') => ({
  arn,
  username,
  groups: [...groups],
});
const MASTERS = line(['system:masters']);

const described = (resources: readonly EstateResource[]): ClusterFacts => ({
  estate: 'k8s:shop',
  resources,
  cloud: NO_CLOUD_IDENTITIES,
  about: { production: 'yes', evidence: [], name: 'cluster shop' },
});

/** The steps of somebody who holds the role `ops`, or another principal. */
function logins(
  aws: readonly EstateResource[],
  inside: readonly EstateResource[] | null = null,
  held = role('ops', trust, []),
) {
  const { steps } = awsSteps(
    awsFacts([held, ...aws], {
      held: [held.key],
      eks: {
        clusters: inside === null ? [] : [described(inside)],
        estateOf: inside === null ? new Map() : new Map([[cluster().key, 'k8s:shop']]),
      },
    }),
  );
  return steps.filter(({ rule }) => rule === 'cluster-login');
}

const AT_SHOP = 'k8s:shop/cluster-admin';
const AT_ARN = `k8s:${ARN}/cluster-admin`;

describe('a principal administers a cluster of EKS', () => {
  test.each<[string, readonly EstateResource[], readonly EstateResource[] | null, string]>([
    [
      'whose entry has the policy of administrators of clusters',
      [cluster(), entry(), policies('AmazonEKSClusterAdminPolicy')],
      null,
      AT_ARN,
    ],
    [
      'whose entry has the policy of administrators',
      [cluster(), policies('AmazonEKSAdminPolicy')],
      [],
      AT_SHOP,
    ],
    [
      'by an association that Terraform tells',
      [cluster('API'), policies('AmazonEKSClusterAdminPolicy', undefined, { IsPart: true })],
      null,
      AT_ARN,
    ],
    [
      'by an association that Terraform tells, after it was said that there is none',
      [
        cluster(),
        policies('AmazonEKSAdminPolicy', undefined, { IsPart: true }),
        policies(null, undefined, {}, { seenAt: SEEN - 1, name: 'all' }),
      ],
      null,
      AT_ARN,
    ],
    [
      'whose entry puts it into a group that a binding lets do everything',
      [cluster('API'), entry({ kubernetesGroups: ['deployers'] })],
      [binding(GROUP)],
      AT_SHOP,
    ],
    [
      'whose entry calls it as a user whom a binding lets do everything',
      [cluster(), entry({ username: 'jo' })],
      [binding({ objectKind: 'User', name: 'jo' })],
      AT_SHOP,
    ],
    [
      'where a binding lets everybody do everything who logs in',
      [cluster(), entry()],
      [binding({ objectKind: 'Group', name: 'system:authenticated' })],
      AT_SHOP,
    ],
    ['whom the map puts into system:masters', [cluster('CONFIG_MAP')], [awsAuth([MASTERS])], AT_SHOP],
    [
      'whom the map puts into a bound group',
      [cluster()],
      [awsAuth([line(['deployers'])]), binding(GROUP)],
      AT_SHOP,
    ],
    ['whom a list still names', [cluster(), listed([OPS]), policies('AmazonEKSAdminPolicy')], null, AT_ARN],
    [
      'of which an older list did not know',
      [cluster(), listed([], SEEN - 1), policies('AmazonEKSAdminPolicy')],
      null,
      AT_ARN,
    ],
  ])('%s', (_what, aws, inside, asset) => {
    const found = logins(aws, inside);
    expect(found.map(({ to }) => to)).toEqual([{ asset, family: 'account', capability: 'admin' }]);
    expect(found[0]?.assumptions).toEqual([]);
    expect(found[0]?.technique).toBe('T1078.004');
    expect(found[0]?.evidence[0]?.at).toBe(SEEN);
  });

  test('by a line for its role without the path that it has, and none with it', () => {
    const pathed = {
      ...role('ops', trust, []),
      key: `aws:${iam('role', 'team/ops')}`,
      facts: { ...role('ops', trust, []).facts, Arn: iam('role', 'team/ops') },
    };
    const by = (arn: string) => logins([cluster()], [awsAuth([line(['system:masters'], arn)])], pathed);
    expect(by(OPS)).toHaveLength(1);
    expect(by(iam('role', 'team/ops'))).toEqual([]);
    expect(by(iam('role', 'ops', '222222222222'))).toEqual([]);
    expect(by(iam('role', 'other'))).toEqual([]);
  });

  test('as a user by a line for it', () => {
    const jo = user('jo', []);
    const by = (arn: string) => logins([cluster()], [awsAuth([line(['system:masters'], arn)])], jo);
    expect(by(iam('user', 'jo'))).toHaveLength(1);
    expect(by(iam('role', 'jo'))).toEqual([]);
  });

  test('where nobody told the mode by both, and says so', () => {
    const found = logins(
      [cluster(null), entry(), policies('AmazonEKSClusterAdminPolicy')],
      [awsAuth([MASTERS])],
    );
    expect(found.map(({ kind }) => kind).sort()).toEqual(['access-policy', 'aws-auth']);
    for (const { assumptions } of found)
      expect(assumptions).toEqual([
        'Access entries and the map aws-auth both count in cluster shop: its authentication mode is not told.',
      ]);
  });
});

describe('nobody administers a cluster of EKS', () => {
  test.each<[string, readonly EstateResource[], readonly EstateResource[]]>([
    [
      'by a policy where entries do not count',
      [cluster('CONFIG_MAP'), entry(), policies('AmazonEKSClusterAdminPolicy')],
      [],
    ],
    [
      'by groups where entries do not count',
      [cluster('CONFIG_MAP'), entry({ kubernetesGroups: ['deployers'] })],
      [binding(GROUP)],
    ],
    ['by the map where it does not count', [cluster('API')], [awsAuth([MASTERS])]],
    ['by the map where an entry counts before it', [cluster(), entry()], [awsAuth([MASTERS])]],
    ['by the map where a listed entry counts before it', [cluster(), listed([OPS])], [awsAuth([MASTERS])]],
    [
      'by a policy for a namespace',
      [cluster(), policies('AmazonEKSClusterAdminPolicy', { type: 'namespace', namespaces: ['shop'] })],
      [],
    ],
    ['by a policy whose scope nobody told', [cluster(), policies('AmazonEKSClusterAdminPolicy', {})], []],
    ['by a policy that lets look', [cluster(), policies('AmazonEKSViewPolicy')], []],
    ['by a policy that has a name like it', [cluster(), policies('AmazonEKSAdminViewPolicy')], []],
    ['by no policy', [cluster(), entry(), policies(null)], []],
    ['by a group that nothing binds', [cluster(), entry({ kubernetesGroups: ['deployers'] })], []],
    [
      'by a group that is bound to little',
      [cluster(), entry({ kubernetesGroups: ['deployers'] })],
      [binding(GROUP, 'view'), viewer],
    ],
    [
      'by a group that is bound in a namespace',
      [cluster(), entry({ kubernetesGroups: ['deployers'] })],
      [binding(GROUP, 'cluster-admin', 'RoleBinding')],
    ],
    [
      'by a group that is bound to reading secrets, which is no administration',
      [cluster(), entry({ kubernetesGroups: ['deployers'] })],
      [binding(GROUP, 'secrets'), secretReader],
    ],
    [
      'by a group that is bound in one namespace, who else is there not asked',
      [cluster(), entry({ kubernetesGroups: ['deployers'] })],
      [binding(GROUP, 'cluster-admin', 'RoleBinding'), strongAccount],
    ],
    [
      'by a group that is called as a user',
      [cluster(), entry({ kubernetesGroups: ['deployers'] })],
      [binding({ ...GROUP, objectKind: 'User' })],
    ],
    [
      'by an entry that names system:masters, which EKS refuses',
      [cluster(), entry({ kubernetesGroups: ['system:masters'] })],
      [],
    ],
    [
      'by the entry of machines',
      [
        cluster(),
        entry({ type: 'EC2_LINUX', kubernetesGroups: ['deployers'] }),
        policies('AmazonEKSAdminPolicy'),
      ],
      [binding(GROUP)],
    ],
    [
      'by the entry of Fargate',
      [cluster(), entry({ type: 'FARGATE_LINUX', kubernetesGroups: ['deployers'] })],
      [binding(GROUP)],
    ],
    [
      'by the line of nodes',
      [cluster()],
      [
        awsAuth([line(['system:bootstrappers', 'system:nodes'], OPS, 'system:node:{{EC2PrivateDNSName}}')]),
        binding({ objectKind: 'Group', name: 'system:nodes' }),
      ],
    ],
    [
      'by another map of the cluster',
      [cluster()],
      [awsAuth([MASTERS], 'other'), awsAuth([MASTERS], 'aws-auth', 'shop')],
    ],
    ['by a line that was taken out', [cluster()], [awsAuth([])]],
    [
      'by an entry that a newer list no longer names',
      [cluster(), listed([]), entry(), policies('AmazonEKSAdminPolicy')],
      [],
    ],
    [
      'by groups of an entry that a newer list no longer names',
      [cluster(), listed([]), entry({ kubernetesGroups: ['deployers'] })],
      [binding(GROUP)],
    ],
    [
      'by an association of Terraform that a newer answer no longer has',
      [
        cluster(),
        policies('AmazonEKSAdminPolicy', undefined, { IsPart: true }),
        policies(null, undefined, {}, { name: 'all' }),
      ],
      [],
    ],
    [
      'by what is told of a cluster of the same name elsewhere',
      [cluster(), policies('AmazonEKSAdminPolicy', undefined, {}, { region: 'us-east-1' })],
      [],
    ],
    [
      'by what is told of another cluster',
      [cluster(), policies('AmazonEKSAdminPolicy', undefined, { clusterName: 'other' })],
      [],
    ],
    [
      'by what is told of somebody else',
      [cluster(), policies('AmazonEKSAdminPolicy', undefined, { principalArn: iam('role', 'x') })],
      [],
    ],
    [
      'by entries of a cluster that nobody described',
      [entry(), policies('AmazonEKSAdminPolicy')],
      [awsAuth([MASTERS])],
    ],
  ])('%s', (_what, aws, inside) => {
    expect(logins(aws, inside)).toEqual([]);
  });
});

describe('what is told of it', () => {
  test('is what to do against it, a command that a shell takes as one', () => {
    const [found] = logins([cluster(), policies('AmazonEKSClusterAdminPolicy')]);
    expect(found?.sentence).toBe(
      'ops may do everything in cluster shop: its access entry there has AmazonEKSClusterAdminPolicy',
    );
    expect(found?.gates.map(({ sentence }) => sentence)).toEqual([
      `take AmazonEKSClusterAdminPolicy in cluster shop from ops: aws eks disassociate-access-policy --cluster-name shop --principal-arn ${OPS} --policy-arn ${POLICY}/AmazonEKSClusterAdminPolicy`,
    ]);
  });

  test('is both of what puts somebody into a group and what the group may do', () => {
    const [found] = logins([cluster(), entry({ kubernetesGroups: ['deployers'] })], [binding(GROUP)]);
    expect(found?.sentence).toBe(
      'ops administers cluster shop: its access entry lets it in as Group deployers, and ClusterRoleBinding ops lets Group deployers do everything in the whole cluster',
    );
    expect(found?.gates.map(({ sentence }) => sentence)).toEqual([
      `take ops out of its groups in cluster shop: aws eks update-access-entry --cluster-name shop --principal-arn ${OPS} --kubernetes-groups '[]'`,
      'take Group deployers out of ClusterRoleBinding ops of cluster shop',
    ]);
  });

  test('is the line of the map', () => {
    const [found] = logins([cluster()], [awsAuth([MASTERS])]);
    expect(found?.sentence).toBe(
      'ops may do everything in cluster shop: the map aws-auth puts it into system:masters',
    );
    expect(found?.gates.map(({ sentence }) => sentence)).toEqual([
      'take ops out of the map aws-auth of cluster shop: kubectl edit configmap aws-auth --namespace kube-system',
    ]);
  });

  test('holds no control characters and no second command, whatever things are called', () => {
    const evil = "x'; rm -rf ~ #\u202e\n";
    const bad = { ...cluster(), facts: { name: evil } };
    const [found] = logins([bad, policies('AmazonEKSAdminPolicy', undefined, { clusterName: evil })]);
    expect(found?.sentence).not.toMatch(/[\n\u202e]/);
    expect(found?.gates[0]?.sentence).not.toMatch(/[\n\u202e]/);
    expect(found?.gates[0]?.sentence).toContain("--cluster-name 'x'\\''; rm -rf ~ #");
  });
});
