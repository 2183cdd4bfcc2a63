import { describe, expect, test } from 'vitest';
import {
  type AssociatedRole,
  type CloudIdentities,
  type CloudIdentity,
  NO_CLOUD_IDENTITIES,
} from '../privilege/cloud-identity.ts';
import type { EstateResource } from '../risk/estate.ts';
import { type Arrival, clusterSteps } from './cluster-steps.ts';

const ESTATE = 'k8s:shop';
const resource = (type: string, path: string, facts: object): EstateResource => ({
  key: `${ESTATE}/${path}`,
  type,
  name: path.slice(path.lastIndexOf('/') + 1),
  account: null,
  region: null,
  tags: {},
  facts: facts as EstateResource['facts'],
  seenAt: 0,
  provenance: 'kubernetes',
});

const container = (more: object = {}) => ({
  name: 'main',
  image: 'shop',
  privileged: false,
  runsAsRoot: null,
  addedCapabilities: [],
  ports: [],
  ...more,
});
const web = (more: object = {}) =>
  resource('workload', 'apps/Deployment/shop/web', {
    objectKind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    replicas: 2,
    podLabels: {},
    serviceAccount: 'web',
    mountsToken: null,
    hostNetwork: false,
    hostPid: false,
    hostIpc: false,
    hostPaths: [],
    containers: [container()],
    ...more,
  });
const agent = resource('workload', 'apps/DaemonSet/ops/agent', {
  ...web().facts,
  objectKind: 'DaemonSet',
  namespace: 'ops',
  name: 'agent',
  serviceAccount: 'agent',
});
const account = (name: string, more: object = {}) =>
  resource('service-account', `/ServiceAccount/${name.replace('/', '/')}`, {
    objectKind: 'ServiceAccount',
    namespace: name.split('/')[0],
    name: name.split('/')[1],
    mountsToken: null,
    cloudIdentities: [],
    hasTokenSecret: false,
    ...more,
  });
const role = (rules: readonly object[]) =>
  resource('cluster-role', 'rbac.authorization.k8s.io/ClusterRole//given', {
    objectKind: 'ClusterRole',
    namespace: '',
    name: 'given',
    rules,
    aggregates: [],
  });
const binding = (name: string) =>
  resource('cluster-role-binding', 'rbac.authorization.k8s.io/ClusterRoleBinding//given', {
    objectKind: 'ClusterRoleBinding',
    namespace: '',
    name: 'given',
    role: { objectKind: 'ClusterRole', name: 'given' },
    subjects: [{ objectKind: 'ServiceAccount', namespace: name.split('/')[0], name: name.split('/')[1] }],
  });
const rule = (verbs: string, resources: string, groups = '') => ({
  verbs: verbs.split(' '),
  groups: [groups],
  resources: [resources],
  names: [],
  paths: [],
});
const node = (name: string) =>
  resource('node', `/Node//${name}`, { objectKind: 'Node', namespace: '', name, labels: {} });

const whole = (resources: readonly EstateResource[], cloud: CloudIdentities = NO_CLOUD_IDENTITIES) =>
  clusterSteps({
    estate: ESTATE,
    resources,
    cloud,
    about: { production: 'yes', evidence: [], name: 'cluster shop' },
  });
const steps = (resources: readonly EstateResource[], cloud: CloudIdentities = NO_CLOUD_IDENTITIES) =>
  whole(resources, cloud).map(
    ({ rule: id, from, to }) => `${id}: ${short(from.asset)} > ${to.capability} ${short(to.asset)}`,
  );

const short = (key: string): string =>
  key.replace(`${ESTATE}/`, '').replace(/^.*\/(ServiceAccount|Deployment|DaemonSet)\//, '');

const TOKEN = 'service-account-token: shop/web > use shop/web';

describe('a workload', () => {
  test('has the token of its service account, unless it or the account says no', () => {
    expect(steps([web(), account('shop/web')])).toEqual([TOKEN]);
    expect(steps([web({ mountsToken: false }), account('shop/web')])).toEqual([]);
    expect(steps([web(), account('shop/web', { mountsToken: false })])).toEqual([]);
    expect(steps([web({ mountsToken: true }), account('shop/web', { mountsToken: false })])).toEqual([TOKEN]);
  });

  test.each([
    ['is privileged', { containers: [container({ privileged: true })] }, true],
    ['may administer the system', { containers: [container({ addedCapabilities: ['SYS_ADMIN'] })] }, true],
    [
      'mounts the socket of the runtime',
      { hostPaths: [{ path: '/var/run/docker.sock', writable: false }] },
      true,
    ],
    ['mounts a harmless folder', { hostPaths: [{ path: '/var/log/shop', writable: true }] }, false],
    [
      'has a capability as somebody else than root',
      { containers: [container({ addedCapabilities: ['SYS_ADMIN'], runsAsRoot: false })] },
      false,
    ],
  ])('that %s breaks out to its node', (_what, more, escapes) => {
    expect(steps([web({ mountsToken: false, ...more })])).toEqual(
      escapes ? ['container-escape: shop/web > root node'] : [],
    );
  });
});

test('each way out of a container is a step of its own, with what closes it and what tells it', () => {
  const out = whole([
    web({
      mountsToken: false,
      containers: [container({ privileged: true })],
      hostPaths: [{ path: '/var/run/docker.sock', writable: false }],
    }),
  ]);
  expect(out.map(({ kind }) => kind).sort()).toEqual(['privileges', 'socket']);
  expect(new Set(out.map(({ gates }) => gates[0]?.id)).size).toBe(2);
});

test('every step of a cluster has what closes it, what tells it, and a technique', () => {
  const everything = [
    web({ hostPaths: [{ path: '/var/run/docker.sock', writable: false }] }),
    account('shop/web'),
    role([rule('*', '*', '*')]),
    binding('shop/web'),
    agent,
    account('ops/agent'),
    node('a'),
    resource('inventory-coverage', 'coverage Node', { cover: 'Node' }),
  ];
  const found = whole(everything);
  expect([...new Set(found.map(({ rule: id }) => id))].sort()).toEqual([
    'cluster-rights',
    'container-escape',
    'node-tokens',
    'service-account-token',
  ]);
  for (const { rule: id, gates, evidence, technique, sentence } of found) {
    expect(gates, id).toMatchObject([{ is: 'setting', sentence: expect.stringMatching(/\S/) }]);
    expect(evidence, id).toMatchObject([
      { sentence: expect.stringMatching(/\.$/), provenance: 'kubernetes', at: 0 },
    ]);
    expect(technique, id).toMatch(/^T\d{4}/);
    expect(sentence, id).not.toBe('');
  }
});

describe('a service account', () => {
  const given = (rules: readonly object[]) => steps([account('shop/web'), role(rules), binding('shop/web')]);

  test.each<[string, readonly object[], readonly string[]]>([
    ['do everything', [rule('*', '*', '*')], ['cluster-rights: shop/web > admin cluster-admin']],
    ['read secrets', [rule('get list', 'secrets')], ['cluster-secrets: shop/web > read secrets']],
    ['run pods', [rule('create', 'pods')], ['cluster-takeover: shop/web > admin cluster-admin']],
    ['read config maps', [rule('get list', 'configmaps')], []],
  ])('that may %s', (_what, rules, expected) => {
    expect(given(rules)).toEqual(expected);
  });
});

/** The attacks of KubeHound that rights give, by its names (attack-paths §4.12). */
test.each<[string, readonly object[], string]>([
  ['POD_CREATE', [rule('create', 'pods')], 'cluster-takeover'],
  ['POD_PATCH', [rule('patch', 'pods')], 'cluster-takeover'],
  ['POD_PATCH of what makes pods', [rule('patch', 'deployments', 'apps')], 'cluster-takeover'],
  ['POD_EXEC', [rule('create', 'pods/exec')], 'cluster-takeover'],
  ['POD_ATTACH', [rule('create', 'pods/attach')], 'cluster-takeover'],
  ['TOKEN_LIST', [rule('list', 'secrets')], 'cluster-secrets'],
  ['TOKEN_BRUTEFORCE', [rule('get', 'secrets')], 'cluster-secrets'],
  ['making tokens', [rule('create', 'serviceaccounts/token')], 'cluster-takeover'],
  ['IDENTITY_IMPERSONATE of people', [rule('impersonate', 'users')], 'cluster-rights'],
  ['IDENTITY_IMPERSONATE of accounts', [rule('impersonate', 'serviceaccounts')], 'cluster-rights'],
  [
    'ROLE_BIND',
    [
      rule('bind', 'clusterroles', 'rbac.authorization.k8s.io'),
      rule('create', 'clusterrolebindings', 'rbac.authorization.k8s.io'),
    ],
    'cluster-rights',
  ],
  ['kubelets', [rule('get', 'nodes/proxy')], 'cluster-takeover'],
  [
    'webhooks',
    [rule('patch', 'mutatingwebhookconfigurations', 'admissionregistration.k8s.io')],
    'cluster-takeover',
  ],
])('%s is a step from the account, and none without its right', (_what, rules, expected) => {
  const given = (each: readonly object[]) =>
    steps([account('shop/web'), role(each), binding('shop/web')]).map((text) => text.split(':')[0]);
  expect(given(rules)).toContain(expected);
  expect(given([])).toEqual([]);
});

/** Its attacks that get out of a container. */
test.each<[string, object]>([
  ['CE_PRIV_MOUNT', { containers: [container({ privileged: true })] }],
  ['CE_NSENTER', { hostPid: true, containers: [container({ privileged: true })] }],
  ['CE_MODULE_LOAD', { containers: [container({ addedCapabilities: ['SYS_MODULE'] })] }],
  ['CE_SYS_PTRACE', { hostPid: true, containers: [container({ addedCapabilities: ['SYS_PTRACE'] })] }],
  ['CE_UMH_CORE_PATTERN', { hostPaths: [{ path: '/proc/sys/kernel', writable: true }] }],
  ['EXPLOIT_CONTAINERD_SOCK', { hostPaths: [{ path: '/run/containerd/containerd.sock', writable: false }] }],
  ['EXPLOIT_HOST_READ', { hostPaths: [{ path: '/var/lib/kubelet', writable: false }] }],
  ['EXPLOIT_HOST_WRITE', { hostPaths: [{ path: '/etc/cron.d', writable: true }] }],
  ['EXPLOIT_HOST_TRAVERSE', { hostPaths: [{ path: '/var/lib/kubelet/pods', writable: false }] }],
])('%s is a step to the node, and none of a hardened pod', (_what, more) => {
  expect(steps([web({ mountsToken: false, ...more })])).toContain('container-escape: shop/web > root node');
  expect(steps([web({ mountsToken: false })])).toEqual([]);
});

describe('CE_VAR_LOG_SYMLINK', () => {
  const OUT = 'container-escape: shop/web > root node';
  const logs = (path = '/var/log', writable = true) => ({ hostPaths: [{ path, writable }] });
  const reads = rule('get', 'pods/log');
  const inNamespace = (namespace: string) =>
    resource('role-binding', `rbac.authorization.k8s.io/RoleBinding/${namespace}/given`, {
      ...binding('shop/web').facts,
      objectKind: 'RoleBinding',
      namespace,
    });

  test.each<[string, readonly EstateResource[]]>([
    ['the folder of logs', [web(logs()), account('shop/web'), role([reads]), binding('shop/web')]],
    ['those of pods', [web(logs('/var/log/pods/')), account('shop/web'), role([reads]), binding('shop/web')]],
    ['a right in its namespace', [web(logs()), account('shop/web'), role([reads]), inNamespace('shop')]],
  ])('is a step to the node by %s', (_what, resources) => {
    expect(steps(resources)).toContain(OUT);
    const step = whole(resources).find(({ kind }) => kind === 'log-link');
    expect(new Set(step?.gates.map(({ id }) => id)).size).toBe(3);
    expect(step?.evidence).toHaveLength(2);
  });

  test.each<[string, readonly EstateResource[]]>([
    [
      'a folder for reading',
      [web(logs('/var/log', false)), account('shop/web'), role([reads]), binding('shop/web')],
    ],
    [
      'a folder of its own',
      [web(logs('/var/log/shop')), account('shop/web'), role([reads]), binding('shop/web')],
    ],
    ['no folder', [web(), account('shop/web'), role([reads]), binding('shop/web')]],
    ['no right', [web(logs()), account('shop/web'), role([rule('list', 'pods/log')]), binding('shop/web')]],
    ['a right of another', [web(logs()), account('shop/web'), role([reads]), binding('shop/other')]],
    ['a right elsewhere', [web(logs()), account('shop/web'), role([reads]), inNamespace('ops')]],
    ['a role that nobody described', [web(logs()), account('shop/web'), binding('shop/web')]],
    [
      'no token',
      [web({ ...logs(), mountsToken: false }), account('shop/web'), role([reads]), binding('shop/web')],
    ],
    [
      'nobody who may write there',
      [
        web({ ...logs(), containers: [container({ runsAsRoot: false })] }),
        account('shop/web'),
        role([reads]),
        binding('shop/web'),
      ],
    ],
  ])('is none with %s', (_what, resources) => {
    expect(steps(resources)).not.toContain(OUT);
  });
});

describe('SHARE_PS_NAMESPACE', () => {
  const pod = (more: object = {}, first: object = {}) =>
    web({
      mountsToken: false,
      containers: [
        container({ name: 'web', image: 'shop/web:1.2', ...first }),
        container({ name: 'agent', image: 'ghcr.io/shop/agent@sha256:aa', privileged: true }),
      ],
      ...more,
    });
  const image = (name: string): Arrival => ({ flawed: { key: `image:${name}`, kind: 'image', name } });
  const WEB = image('docker.io/shop/web');
  const AGENT = image('ghcr.io/shop/agent');
  const ways = (workload: EstateResource, ...arrivals: readonly Arrival[]) =>
    clusterSteps(
      {
        estate: ESTATE,
        resources: [workload],
        cloud: NO_CLOUD_IDENTITIES,
        about: { production: 'yes', evidence: [], name: 'cluster shop' },
      },
      new Map([[workload.key, arrivals]]),
    ).map(({ kind, gates }) => `${kind}: ${gates.map(({ id }) => id.replace(/^.*web /, '')).join(', ')}`);
  const ITSELF = 'privileges: container agent is privileged';

  test('leads from one container to what another of the pod may', () => {
    expect(ways(pod({ sharesProcesses: true }), WEB)).toEqual([
      'shared-processes: container agent is privileged, shared processes',
    ]);
    expect(ways(pod(), WEB)).toEqual([]);
    expect(ways(pod({ sharesProcesses: true }, { runsAsRoot: false }), WEB)).toEqual([]);
  });

  test('is not needed where somebody is in that container, or may be', () => {
    for (const arrivals of [[], [AGENT], [WEB, AGENT], [image('docker.io/shop/unknown')], [{}]])
      expect(ways(pod(), ...arrivals)).toEqual([ITSELF]);
    const alone = web({ mountsToken: false, containers: [container({ privileged: true })] });
    expect(ways(alone, WEB)).toEqual(['privileges: container main is privileged']);
    const files = pod({ hostPaths: [{ path: '/etc', writable: true }] });
    expect(ways(files, WEB)).toEqual([expect.stringMatching(/^privileges: it may write files/)]);
  });
});

/** Its attacks that take what a pod has. */
test.each<[string, readonly EstateResource[], readonly EstateResource[], string]>([
  ['TOKEN_STEAL and IDENTITY_ASSUME', [web()], [web({ mountsToken: false })], TOKEN],
  [
    'PERMISSION_DISCOVER',
    [account('shop/web'), role([rule('*', '*', '*')]), binding('shop/web')],
    [account('shop/web'), role([rule('*', '*', '*')])],
    'cluster-rights: shop/web > admin cluster-admin',
  ],
  [
    'CONTAINER_ATTACH',
    [web({ containers: [container(), container({ name: 'agent', privileged: true })] })],
    [web({ containers: [container(), container({ name: 'agent' })] })],
    'container-escape: shop/web > root node',
  ],
  [
    'VOLUME_DISCOVER and VOLUME_ACCESS',
    [web({ hostPaths: [{ path: '/etc/kubernetes', writable: false }] })],
    [web({ hostPaths: [{ path: '/etc/shop', writable: false }] })],
    'container-escape: shop/web > root node',
  ],
])('%s is a step, and none without what it takes', (_name, resources, hardened, expected) => {
  expect(steps(resources)).toContain(expected);
  expect(steps(hardened)).not.toContain(expected);
});

describe('a node', () => {
  test('keeps the tokens of what runs on every node, where all nodes are known', () => {
    const everywhere = [agent, account('ops/agent', {}), node('a'), node('b'), listed('Node')];
    expect(steps(everywhere)).toContain('node-tokens: node > use ops/agent');
    expect(
      steps(everywhere.filter(({ type }) => type === 'workload' || type === 'service-account')),
    ).not.toContain('node-tokens: node > use ops/agent');
    expect(steps([...everywhere, node('c')])).not.toContain('node-tokens: node > use ops/agent');
  });

  test('keeps none of what may run on some of them: too few, nobody knows how many, or no DaemonSet', () => {
    const on = (more: object) =>
      steps([
        { ...agent, facts: { ...agent.facts, ...more } as EstateResource['facts'] },
        account('ops/agent'),
        node('a'),
        node('b'),
        listed('Node'),
      ]);
    const token = 'node-tokens: node > use ops/agent';
    expect(on({})).toContain(token);
    expect(on({ replicas: 3 })).toContain(token);
    for (const more of [
      { replicas: 1 },
      { replicas: null },
      { objectKind: 'Deployment' },
      { mountsToken: false },
    ])
      expect(on(more), JSON.stringify(more)).not.toContain(token);
  });

  const listed = (cover: string) => resource('inventory-coverage', `coverage ${cover}`, { cover });
});

describe('a role of AWS', () => {
  const ARN = 'arn:aws:iam::111111111111:role/shop';
  const trusting = (subject: string): CloudIdentities => ({
    associated: new Map(),
    roles: new Map([
      [
        ARN,
        {
          privilege: { level: 'P0', reasons: [] },
          missing: [],
          trust: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: {
                  Federated:
                    'arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC',
                },
                Action: 'sts:AssumeRoleWithWebIdentity',
                Condition: { StringEquals: { 'oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub': subject } },
              },
            ],
          },
          provenance: 'aws',
          at: 0,
        },
      ],
    ]),
  });
  const shop = [web({ mountsToken: false }), account('shop/web', { cloudIdentities: [ARN] })];

  test('is what pods of the service account are that it trusts, and what an administrator of the cluster can be', () => {
    expect(steps(shop, trusting('system:serviceaccount:shop:web'))).toEqual([
      `pod-cloud-role: shop/web > use aws:${ARN}`,
      `cluster-cloud-role: cluster-admin > use aws:${ARN}`,
    ]);
  });

  test('is what a pod on the network of its node is too, which Google Cloud takes for the node', () => {
    const rest = { ...(trusting('').roles.get(ARN) as CloudIdentity), client: null };
    const others = new Map([
      [
        'shop/web',
        [
          { ...rest, cloud: 'Google Cloud' as const, key: 'gcp:shop@p', name: 'shop@p' },
          { ...rest, cloud: 'Azure' as const, key: 'azure:shop', name: 'shop' },
        ],
      ],
    ]);
    const cloud = { ...trusting('system:serviceaccount:shop:web'), others };
    const beOf = (hostNetwork: boolean) =>
      whole([web({ mountsToken: false, hostNetwork }), ...shop.slice(1)], cloud).flatMap((each) =>
        each.rule === 'pod-cloud-role' ? [each.to.asset] : [],
      );
    expect(beOf(false).toSorted()).toEqual([`aws:${ARN}`, 'azure:shop', 'gcp:shop@p']);
    expect(beOf(true).toSorted()).toEqual([`aws:${ARN}`, 'azure:shop']);
  });

  test('is taken from one pod, or from its service account', () => {
    const [step] = whole(shop, trusting('system:serviceaccount:shop:web'));
    const [pod, account] = step?.gates ?? [];
    expect(pod?.id).toContain(`${shop[0]?.key} cloud role`);
    expect([pod?.sentence, account?.sentence]).toEqual([
      `give web a service account without the role ${ARN}`,
      `take the role ${ARN} from shop/web`,
    ]);
  });

  test('is what pods of the service account are that names it, where nobody told whom it trusts', () => {
    const { roles } = trusting('system:serviceaccount:ops:agent');
    const untold = new Map([...roles].map(([arn, role]) => [arn, { ...role, trust: null }]));
    expect(steps(shop, { roles: untold, associated: new Map() })).toEqual([
      `pod-cloud-role: shop/web > use aws:${ARN}`,
      `cluster-cloud-role: cluster-admin > use aws:${ARN}`,
    ]);
  });

  test('may be associated with a service account that does not name it', () => {
    const { roles } = trusting('system:serviceaccount:shop:web');
    const unnamed = [web({ mountsToken: false }), account('shop/web')];
    expect(steps(unnamed, { roles, associated: new Map() })).toEqual([]);
    const given = (more: Partial<AssociatedRole>) =>
      new Map([['shop/web', [{ arn: ARN, isThroughAnother: false, isNarrowed: false, ...more }]]]);
    const both = [
      `pod-cloud-role: shop/web > use aws:${ARN}`,
      `cluster-cloud-role: cluster-admin > use aws:${ARN}`,
    ];
    expect(steps(unnamed, { roles, associated: given({}) })).toEqual(both);
    // Within a session policy it is not certain what they may do as the role.
    expect(steps(unnamed, { roles, associated: given({ isNarrowed: true }) })).toEqual([]);
    // A role behind another trusts that one.
    const { roles: foreign } = trusting('system:serviceaccount:ops:agent');
    expect(steps(unnamed, { roles: foreign, associated: given({}) })).toEqual([]);
    expect(steps(unnamed, { roles: foreign, associated: given({ isThroughAnother: true }) })).toEqual(both);
  });

  test('that trusts another, or was not described, is nobody', () => {
    expect(steps(shop, trusting('system:serviceaccount:ops:agent'))).toEqual([]);
    expect(steps(shop)).toEqual([]);
  });

  describe('is what whoever may run or enter pods of its namespace is', () => {
    const strong = account('shop/web', { cloudIdentities: [ARN] });
    const trusted = trusting('system:serviceaccount:shop:web');
    const inRole = (verbs: string, resource: string) => role([rule(verbs, resource)]);
    const inNamespace = (subject: object, namespace = 'shop') =>
      resource('role-binding', `rbac.authorization.k8s.io/RoleBinding/${namespace}/given`, {
        objectKind: 'RoleBinding',
        namespace,
        name: 'given',
        role: { objectKind: 'ClusterRole', name: 'given' },
        subjects: [subject],
      });
    const AGENT = { objectKind: 'ServiceAccount', namespace: 'ops', name: 'agent' };
    const admin = `cluster-cloud-role: cluster-admin > use aws:${ARN}`;
    const found = (...resources: readonly EstateResource[]) =>
      steps([strong, account('ops/agent'), ...resources], trusted).filter((each) => each !== admin);
    const asAgent = `cluster-cloud-role: ops/agent > use aws:${ARN}`;

    test.each<[string, object, string]>([
      ['a service account of another namespace', AGENT, asAgent],
      [
        'all service accounts of another namespace',
        { objectKind: 'Group', namespace: '', name: 'system:serviceaccounts:ops' },
        asAgent,
      ],
      [
        'a group from outside',
        { objectKind: 'Group', namespace: '', name: 'deployers' },
        `cluster-cloud-role: rbac.authorization.k8s.io/Group//deployers > use aws:${ARN}`,
      ],
    ])('%s', (_who, subject, expected) => {
      expect(found(inRole('create', 'pods'), inNamespace(subject))).toEqual([expected]);
    });

    test('by pods of one’s own, by tokens, or by entering one that runs as it', () => {
      expect(found(inRole('create', 'serviceaccounts/token'), inNamespace(AGENT))).toEqual([asAgent]);
      const entering = [inRole('create', 'pods/exec'), inNamespace(AGENT)];
      expect(found(...entering)).toEqual([]);
      const running = web({ mountsToken: false });
      expect(found(running, ...entering)).toEqual([`pod-cloud-role: shop/web > use aws:${ARN}`, asAgent]);
    });

    test('and not by secrets, in another namespace, itself, nor where its role is not described', () => {
      expect(found(inRole('get', 'secrets'), inNamespace(AGENT))).toEqual([]);
      expect(found(inRole('create', 'pods'), inNamespace(AGENT, 'ops'))).toEqual([]);
      const itself = { objectKind: 'ServiceAccount', namespace: 'shop', name: 'web' };
      expect(found(inRole('create', 'pods'), inNamespace(itself))).toEqual([]);
      expect(found(inNamespace(AGENT))).toEqual([]);
    });

    test('over a service account that may do so in a namespace that is not its own', () => {
      const near = { objectKind: 'ServiceAccount', namespace: 'ops', name: 'near' };
      expect(
        found(inRole('create', 'pods'), account('ops/near'), inNamespace(AGENT), inNamespace(near, 'ops')),
      ).toEqual([asAgent, 'cluster-takeover: ops/near > use ops/agent']);
      const inside = { objectKind: 'Group', namespace: '', name: 'system:serviceaccounts:shop' };
      expect(found(inRole('create', 'pods'), account('shop/near'), inNamespace(inside))).toEqual([
        `cluster-cloud-role: shop/near > use aws:${ARN}`,
      ]);
    });

    test('by each subject that the binding names, so that one in a group goes with the group', () => {
      const group = { objectKind: 'Group', namespace: '', name: 'system:serviceaccounts:ops' };
      const given = inNamespace(AGENT);
      const both = { ...given, facts: { ...given.facts, subjects: [AGENT, group] } };
      const found = whole([strong, account('ops/agent'), inRole('create', 'pods'), both], trusted);
      expect(found.slice(0, 2).map(({ gates: [gate] }) => gate?.sentence)).toEqual([
        expect.stringContaining('take ServiceAccount ops/agent out of'),
        expect.stringContaining('take Group system:serviceaccounts:ops out of'),
      ]);
    });

    test('with what takes it away: the subject out of the binding, or the role from the account', () => {
      const [step] = whole(
        [strong, account('ops/agent'), inRole('create', 'pods'), inNamespace(AGENT)],
        trusted,
      );
      expect(step).toMatchObject({
        sentence:
          'ServiceAccount ops/agent may run pods in the namespace shop of cluster shop (RoleBinding shop/given), and so act as the service account shop/web, which is arn:aws:iam::111111111111:role/shop',
        gates: [
          { is: 'statement', sentence: expect.stringContaining('take ServiceAccount ops/agent out of') },
          { is: 'setting', sentence: expect.stringContaining('from shop/web') },
        ],
        evidence: [
          {
            sentence: 'RoleBinding shop/given lets ServiceAccount ops/agent run pods in the namespace shop.',
          },
        ],
      });
    });
  });
});
