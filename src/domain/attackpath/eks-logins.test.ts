import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { iam, resource, role, SEEN, user } from '../privilege/aws/iam-principal.test-sample.ts';
import { NO_CLOUD_IDENTITIES } from '../privilege/cloud-identity.ts';
import type { EstateResource } from '../risk/estate.ts';
import { awsFacts } from './aws-search.test-sample.ts';
import { awsSteps } from './aws-steps.ts';
import { type ClusterFacts, clusterSteps } from './cluster-steps.ts';
import { heldStates } from './path-world.ts';

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
const entering = inCluster('cluster-role', 'rbac.authorization.k8s.io/ClusterRole//entering', {
  objectKind: 'ClusterRole',
  namespace: '',
  name: 'entering',
  rules: [{ verbs: ['create'], groups: [''], resources: ['pods/exec'], names: [], paths: [] }],
  aggregates: [],
});
const operator = inCluster('workload', 'apps/Deployment/shop/operator', {
  objectKind: 'Deployment',
  namespace: 'shop',
  name: 'operator',
  serviceAccount: 'operator',
  containers: [],
  mountsToken: false,
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

/** What somebody does who holds the role `ops`, or another principal. */
function found(
  aws: readonly EstateResource[],
  inside: readonly EstateResource[] | null = null,
  held = role('ops', trust, []),
) {
  const given = inside === null ? [] : clusterSteps(described(inside));
  const facts = awsFacts([held, ...aws], {
    held: [held.key],
    given,
    eks: {
      clusters: inside === null ? [] : [described(inside)],
      estateOf: inside === null ? new Map() : new Map([[cluster().key, 'k8s:shop']]),
    },
  });
  const { steps, untold } = awsSteps(facts);
  const reached = heldStates([...facts.given, ...steps]).map(({ asset }) => asset);
  return {
    untold,
    logins: steps.filter(({ rule }) => rule === 'cluster-login'),
    rights: given.filter(({ from }) => from.asset.includes('/rbac.authorization.k8s.io/')),
    reached: reached.filter((asset) => /\/(?:cluster-admin|secrets)$/.test(asset)).sort(),
  };
}

const logins = (...of: Parameters<typeof found>) => found(...of).logins;

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
    const { logins: steps, reached } = found(aws, inside);
    expect(reached).toEqual([asset]);
    expect(steps).toHaveLength(1);
    expect(steps[0]?.assumptions).toEqual([]);
    expect(steps[0]?.technique).toBe('T1078.004');
    expect(steps[0]?.evidence[0]?.at).toBe(SEEN);
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
    const steps = logins(
      [cluster(null), entry(), policies('AmazonEKSClusterAdminPolicy')],
      [awsAuth([MASTERS])],
    );
    expect(steps.map(({ kind }) => kind).sort()).toEqual(['access-policy', 'aws-auth']);
    for (const { assumptions } of steps)
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
      'by a group that is bound to a role which nobody described',
      [cluster(), entry({ kubernetesGroups: ['deployers'] })],
      [binding(GROUP, 'other')],
    ],
    [
      'by a group that is bound in a namespace where the privileged account runs in no pod that it may enter',
      [cluster(), entry({ kubernetesGroups: ['deployers'] })],
      [binding(GROUP, 'entering', 'RoleBinding'), entering, strongAccount],
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
      'by the line of nodes, whatever everybody may who logs in',
      [cluster()],
      [awsAuth([line(['system:nodes'])]), binding({ objectKind: 'Group', name: 'system:authenticated' })],
    ],
    [
      'by what is told of no region where two regions have such a cluster',
      [
        cluster(),
        {
          ...cluster(),
          key: cluster().key.replace('eu-west-1', 'us-east-1'),
          region: 'us-east-1',
        },
        policies('AmazonEKSAdminPolicy', undefined, {}, { region: null }),
      ],
      [],
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
    expect(found(aws, inside)).toMatchObject({ logins: [], reached: [] });
  });
});

describe('who logs in as a user or group has what bindings give to it', () => {
  const IN_GROUP = [cluster(), entry({ kubernetesGroups: ['deployers'] })];
  test.each<[string, readonly EstateResource[], string, string]>([
    [
      'the secrets of the cluster',
      [binding(GROUP, 'secrets'), secretReader],
      'k8s:shop/secrets',
      'Group deployers reads the secrets of cluster shop: ClusterRoleBinding ops lets Group deployers read secrets in the whole cluster',
    ],
    [
      'a privileged account of the namespace in which it may do everything',
      [binding(GROUP, 'cluster-admin', 'RoleBinding'), strongAccount],
      AT_SHOP,
      'Group deployers administers cluster shop: RoleBinding shop/ops lets Group deployers do everything in the namespace shop, and so act as shop/operator, which is P0',
    ],
    [
      'a privileged account of pods that it may enter',
      [binding(GROUP, 'entering', 'RoleBinding'), entering, strongAccount, operator],
      AT_SHOP,
      'Group deployers administers cluster shop: RoleBinding shop/ops lets Group deployers execute commands in pods in the namespace shop, and so act as shop/operator, which is P0',
    ],
  ])('%s', (_what, inside, asset, sentence) => {
    const { reached, rights } = found(IN_GROUP, inside);
    expect(reached).toEqual([asset]);
    expect(rights.map((step) => step.sentence)).toEqual([sentence]);
  });

  test('of what leads to one thing the strongest, of each binding', () => {
    const both = {
      ...entering,
      facts: {
        ...entering.facts,
        rules: [...(entering.facts['rules'] as []), ...(secretReader.facts['rules'] as [])],
      },
    };
    const other = { ...binding(GROUP), key: 'k8s:shop/other' };
    const [rule] = [{ verbs: ['impersonate'], groups: [''], resources: ['users'], names: [], paths: [] }];
    const stronger = {
      ...entering,
      facts: { ...entering.facts, rules: [...(entering.facts['rules'] as []), rule] },
    };
    const strongest = found(IN_GROUP, [binding(GROUP, 'entering'), stronger]).rights;
    expect(strongest.map((step) => step.rule)).toEqual(['cluster-rights']);
    const { rights } = found(IN_GROUP, [binding(GROUP, 'entering'), both, other]);
    expect(rights.map(({ rule }) => rule).sort()).toEqual([
      'cluster-rights',
      'cluster-secrets',
      'cluster-takeover',
    ]);
  });

  test.each([
    ['system:nodes', 'Group'],
    ['system:serviceaccounts', 'Group'],
    ['system:serviceaccounts:shop', 'Group'],
    ['system:serviceaccount:shop:web', 'User'],
    ['system:node:a', 'User'],
    ['system:anonymous', 'User'],
    ['system:unauthenticated', 'Group'],
    ['', 'Group'],
    ['deployers', 'ServiceAccount'],
  ])('but %s as a %s, which no login from outside is', (name, objectKind) => {
    expect(found([cluster()], [binding({ objectKind, name })]).rights).toEqual([]);
  });
});

describe('what entries let somebody do that nobody told', () => {
  const DESCRIBE = 'aws eks describe-access-entry';
  const LIST = 'aws eks list-associated-access-policies';
  const told = (...commands: readonly string[]) => [
    `What ops may do in cluster shop is not told, though access entries let them in: ${commands.join(', ')}.`,
  ];
  test.each<[string, readonly EstateResource[], readonly string[]]>([
    ['is all of it where they were listed alone', [cluster(), listed([OPS])], told(DESCRIBE, LIST)],
    ['is their policies', [cluster(), entry()], told(LIST)],
    [
      'is their policies where Terraform tells one',
      [cluster(), entry(), policies('AmazonEKSViewPolicy', undefined, { IsPart: true })],
      told(LIST),
    ],
    ['is their groups', [cluster(), policies(null)], told(DESCRIBE)],
    [
      'is what its groups may do where nobody described the cluster',
      [cluster(), entry({ kubernetesGroups: ['deployers'] }), policies(null)],
      told('kubectl get roles,rolebindings,clusterroles,clusterrolebindings -A -o json'),
    ],
    ['is nothing where both were asked for', [cluster(), listed([OPS]), entry(), policies(null)], []],
    ['is nothing of others', [cluster(), listed([iam('role', 'x')])], []],
    ['is nothing of machines', [cluster(), listed([OPS]), entry({ type: 'EC2_LINUX' })], []],
    ['is nothing of who was taken out', [cluster(), listed([]), entry()], []],
    ['is nothing where entries do not count', [cluster('CONFIG_MAP'), listed([OPS])], []],
  ])('%s', (_what, aws, expected) => {
    expect(found(aws)).toMatchObject({ untold: expected, logins: [] });
  });

  test('is one sentence of a cluster, however many there are', () => {
    const many = ['a', 'b', 'c'].map((name) => role(name, trust, []));
    const { untold } = awsSteps(
      awsFacts([...many, cluster(), listed(many.map(({ key }) => key.slice('aws:'.length)))], {
        held: many.map(({ key }) => key),
        eks: { clusters: [], estateOf: new Map() },
      }),
    );
    expect(untold).toEqual([
      `What a and 2 others may do in cluster shop is not told, though access entries let them in: ${DESCRIBE}, ${LIST}.`,
    ]);
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
    const { logins: steps, rights } = found(
      [cluster(), entry({ kubernetesGroups: ['deployers'] })],
      [binding(GROUP)],
    );
    expect(steps.map(({ sentence }) => sentence)).toEqual([
      'ops logs in to cluster shop as Group deployers: its access entry lets it in',
    ]);
    expect(steps[0]?.gates.map(({ sentence }) => sentence)).toEqual([
      `take ops out of its groups in cluster shop: aws eks update-access-entry --cluster-name shop --principal-arn ${OPS} --kubernetes-groups '[]'`,
      `let ops into cluster shop no more: aws eks delete-access-entry --cluster-name shop --principal-arn ${OPS}`,
    ]);
    expect(rights).toMatchObject([
      {
        rule: 'cluster-rights',
        sentence:
          'Group deployers administers cluster shop: ClusterRoleBinding ops lets Group deployers do everything in the whole cluster',
        gates: [
          { is: 'statement', sentence: 'take Group deployers out of ClusterRoleBinding ops of cluster shop' },
        ],
        evidence: [{ sentence: expect.stringContaining('lets Group deployers do everything') }],
      },
    ]);
  });

  test('is of a user that its entry has to go', () => {
    const [step] = logins(
      [cluster(), entry({ username: 'jo' })],
      [binding({ objectKind: 'User', name: 'jo' })],
    );
    expect(step?.gates.map(({ sentence }) => sentence)).toEqual([
      `let ops into cluster shop no more: aws eks delete-access-entry --cluster-name shop --principal-arn ${OPS}`,
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
