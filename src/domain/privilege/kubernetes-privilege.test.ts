import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { sampleCover, sampleObject, sampleWorkload } from '../exposure/kubernetes-estate.test-sample.ts';
import { KubernetesEstate } from '../exposure/kubernetes-estate.ts';
import type { EstateResource } from '../risk/estate.ts';
import { kubernetesPrivilege } from './kubernetes-privilege.ts';

const LOOKED = sampleCover(
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ServiceAccount',
  'Namespace',
);
const NAMESPACE = sampleObject(
  'namespace',
  'Namespace',
  '',
  'shop',
  {},
  { 'pod-security.kubernetes.io/enforce': 'baseline' },
);
const RBAC = 'rbac.authorization.k8s.io';

function account(name = 'web', facts: JsonObject = {}, namespace = 'shop'): EstateResource {
  return sampleObject('service-account', 'ServiceAccount', namespace, name, facts);
}

function rule(verbs: string[], group: string, resources: string[], names: string[] = []): JsonObject {
  return { verbs, groups: [group], resources, names };
}

function clusterRole(rules: JsonObject[]): EstateResource {
  return sampleObject('cluster-role', 'ClusterRole', '', 'r', { rules });
}

function clusterBinding(
  subject: JsonObject,
  role: JsonObject = { objectKind: 'ClusterRole', name: 'r' },
): EstateResource {
  return sampleObject('cluster-role-binding', 'ClusterRoleBinding', '', 'b', { role, subjects: [subject] });
}

function binding(subject: JsonObject, name = 'b', namespace = 'shop'): EstateResource {
  return sampleObject('role-binding', 'RoleBinding', namespace, name, {
    role: { objectKind: 'ClusterRole', name: 'r' },
    subjects: [subject],
  });
}

const WEB: JsonObject = { objectKind: 'ServiceAccount', namespace: 'shop', name: 'web' };

function judgementOf(resource: EstateResource, ...others: readonly EstateResource[]) {
  return kubernetesPrivilege(new KubernetesEstate([resource, ...others])).get(resource.key);
}

function verdictOf(resource: EstateResource, ...others: readonly EstateResource[]) {
  return judgementOf(resource, ...others)?.verdict;
}

describe('a service account with a role in the whole cluster', () => {
  it.each([
    { title: 'everything', rules: [rule(['*'], '*', ['*'])], state: 'yes', level: 'P0' },
    { title: 'everything of one name', rules: [rule(['*'], '*', ['*'], ['x'])], state: 'no' },
    { title: 'every verb on harmless things', rules: [rule(['*'], '', ['configmaps'])], state: 'no' },
    {
      title: 'bind and bindings',
      rules: [rule(['bind'], RBAC, ['clusterroles']), rule(['create'], RBAC, ['clusterrolebindings'])],
      state: 'yes',
      level: 'P1',
    },
    {
      title: 'bind cluster-admin by name',
      rules: [
        rule(['bind'], RBAC, ['clusterroles'], ['cluster-admin']),
        rule(['create'], RBAC, ['rolebindings']),
      ],
      state: 'yes',
      level: 'P1',
    },
    {
      title: 'bind another role by name',
      rules: [rule(['bind'], RBAC, ['clusterroles'], ['view']), rule(['create'], RBAC, ['rolebindings'])],
      state: 'no',
    },
    { title: 'bindings without bind', rules: [rule(['create'], RBAC, ['clusterrolebindings'])], state: 'no' },
    {
      title: 'escalate',
      rules: [rule(['escalate', 'update'], RBAC, ['clusterroles'])],
      state: 'yes',
      level: 'P1',
    },
    { title: 'impersonate users', rules: [rule(['impersonate'], '', ['users'])], state: 'yes', level: 'P1' },
    {
      title: 'impersonate administrators',
      rules: [rule(['impersonate'], '', ['groups'], ['system:masters'])],
      state: 'yes',
      level: 'P1',
    },
    {
      title: 'impersonate a harmless group',
      rules: [rule(['impersonate'], '', ['groups'], ['viewers'])],
      state: 'no',
    },
    { title: 'tokens', rules: [rule(['create'], '', ['serviceaccounts/token'])], state: 'yes', level: 'P2' },
    { title: 'deployments', rules: [rule(['patch'], 'apps', ['deployments'])], state: 'yes', level: 'P2' },
    {
      title: 'deployments of another group',
      rules: [rule(['patch'], 'example.com', ['deployments'])],
      state: 'no',
    },
    { title: 'commands in pods', rules: [rule(['create'], '', ['pods/exec'])], state: 'yes', level: 'P2' },
    {
      title: 'every subresource called exec',
      rules: [rule(['create'], '', ['*/exec'])],
      state: 'yes',
      level: 'P2',
    },
    { title: 'kubelets', rules: [rule(['get'], '', ['nodes/proxy'])], state: 'yes', level: 'P2' },
    {
      title: 'webhooks',
      rules: [rule(['update'], 'admissionregistration.k8s.io', ['mutatingwebhookconfigurations'])],
      state: 'yes',
      level: 'P2',
    },
    {
      title: 'certificates',
      rules: [
        rule(['update'], 'certificates.k8s.io', ['certificatesigningrequests/approval']),
        rule(['create'], 'certificates.k8s.io', ['certificatesigningrequests']),
        rule(['approve'], 'certificates.k8s.io', ['signers'], ['kubernetes.io/kube-apiserver-client']),
      ],
      state: 'yes',
      level: 'P2',
    },
    {
      title: 'certificates of nodes',
      rules: [
        rule(['update'], 'certificates.k8s.io', ['certificatesigningrequests/approval']),
        rule(['create'], 'certificates.k8s.io', ['certificatesigningrequests']),
        rule(
          ['approve'],
          'certificates.k8s.io',
          ['signers'],
          ['kubernetes.io/kube-apiserver-client-kubelet'],
        ),
      ],
      state: 'yes',
      level: 'P2',
    },
    {
      title: 'webhooks that only look',
      rules: [rule(['patch'], 'admissionregistration.k8s.io', ['validatingwebhookconfigurations'])],
      state: 'yes',
      level: 'P3',
    },
    { title: 'nodes to change', rules: [rule(['patch'], '', ['nodes'])], state: 'no', level: 'P4' },
    { title: 'secrets', rules: [rule(['list'], '', ['secrets'])], state: 'yes', level: 'P3' },
    { title: 'one secret', rules: [rule(['get'], '', ['secrets'], ['tls'])], state: 'no' },
    { title: 'pods to read', rules: [rule(['get', 'list', 'watch'], '', ['pods'])], state: 'no' },
  ])('$title', ({ rules, state, level }) => {
    const role = clusterRole(rules);
    const bound = clusterBinding(WEB);
    const verdict = verdictOf(account(), role, bound, NAMESPACE, ...LOOKED);
    expect(verdict?.state).toBe(state);
    if (level !== undefined) expect(verdict?.evidence[0]?.sentence).toContain(`(${level})`);
    for (const resource of [account(), role, bound, sampleWorkload()]) {
      const all = [account(), role, bound, sampleWorkload()].filter(({ key }) => key !== resource.key);
      const privilege = judgementOf(resource, ...all, NAMESPACE, ...LOOKED)?.privilege;
      expect(privilege?.level).toBe(level ?? 'none');
      if (level !== undefined) expect(privilege?.reasons[0]).not.toMatch(/^(?:Deployment|Service)/);
    }
    expect(verdictOf(role, bound, account(), ...LOOKED)?.state).toBe(state);
    expect(verdictOf(bound, role, account(), ...LOOKED)?.state).toBe(state);
    expect(verdictOf(sampleWorkload(), account(), role, bound, NAMESPACE, ...LOOKED)?.state).toBe(state);
  });

  it.each([
    { title: 'by its name', subject: WEB, state: 'yes' },
    {
      title: 'as a user',
      subject: { objectKind: 'User', name: 'system:serviceaccount:shop:web' },
      state: 'yes',
    },
    {
      title: 'by its namespace',
      subject: { objectKind: 'Group', name: 'system:serviceaccounts:shop' },
      state: 'yes',
    },
    {
      title: 'by all accounts',
      subject: { objectKind: 'Group', name: 'system:serviceaccounts' },
      state: 'yes',
    },
    { title: 'by everybody', subject: { objectKind: 'Group', name: 'system:authenticated' }, state: 'yes' },
    { title: 'as another account', subject: { ...WEB, name: 'other' }, state: 'no' },
    { title: 'as a namesake elsewhere', subject: { ...WEB, namespace: 'other' }, state: 'no' },
    { title: 'as a user of that name', subject: { objectKind: 'User', name: 'web' }, state: 'no' },
  ])('bound $title', ({ subject, state }) => {
    expect(
      verdictOf(
        account(),
        clusterBinding(subject, { objectKind: 'ClusterRole', name: 'cluster-admin' }),
        ...LOOKED,
      )?.state,
    ).toBe(state);
  });
});

describe('a service account with a role in its namespace', () => {
  const admin = account('admin', { hasTokenSecret: true });
  const adminBinding = {
    ...clusterBinding({ ...WEB, name: 'admin' }, { objectKind: 'ClusterRole', name: 'cluster-admin' }),
    key: 'ab',
  };

  it.each([
    {
      title: 'runs pods as the administrator there',
      rules: [rule(['create'], '', ['pods'])],
      with: [admin, adminBinding],
      state: 'yes',
    },
    {
      title: 'runs pods where nobody is privileged',
      rules: [rule(['create'], '', ['pods'])],
      with: [],
      state: 'no',
    },
    {
      title: 'executes commands where the administrator runs',
      rules: [rule(['create'], '', ['pods/exec'])],
      with: [admin, adminBinding, sampleWorkload('admin')],
      state: 'yes',
    },
    {
      title: 'executes commands where the administrator does not run',
      rules: [rule(['create'], '', ['pods/exec'])],
      with: [admin, adminBinding],
      state: 'no',
    },
    {
      title: 'reads the token of the administrator',
      rules: [rule(['get'], '', ['secrets'])],
      with: [admin, adminBinding],
      state: 'yes',
    },
    {
      title: 'reads secrets without tokens',
      rules: [rule(['get'], '', ['secrets'])],
      with: [account('admin'), adminBinding],
      state: 'no',
    },
  ])('$title', ({ rules, with: others, state }) => {
    expect(
      verdictOf(account(), clusterRole(rules), binding(WEB), NAMESPACE, ...others, ...LOOKED)?.state,
    ).toBe(state);
  });

  it('is unknown where the namespace admits privileged pods', () => {
    const open = sampleObject('namespace', 'Namespace', '', 'shop');
    const others = [clusterRole([rule(['create'], '', ['pods'])]), binding(WEB), ...LOOKED];
    expect(verdictOf(account(), open, ...others)).toMatchObject({
      state: 'unknown',
      missing: ['admission policies of the namespace shop; no inventory that is read here tells it'],
    });
  });

  it('is unknown where its rights take the label off the namespace that keeps privileged pods out', () => {
    const pods = rule(['create'], '', ['pods']);
    const relabel = rule(['patch'], '', ['namespaces']);
    const stateBy = (...rules: Parameters<typeof clusterRole>[0]) =>
      verdictOf(account(), NAMESPACE, clusterRole(rules), binding(WEB), ...LOOKED)?.state;
    expect(stateBy(pods)).toBe('no');
    expect(stateBy(pods, relabel)).toBe('unknown');
    expect(stateBy(rule(['*'], '*', ['*']))).toBe('unknown');
  });

  it('follows a chain of accounts', () => {
    const role = clusterRole([rule(['create'], '', ['serviceaccounts/token'])]);
    const first = account('a', {}, 'one');
    const second = account('b', {}, 'two');
    const resources = [
      first,
      second,
      account('c', {}, 'three'),
      role,
      binding({ objectKind: 'ServiceAccount', namespace: 'one', name: 'a' }, 'b1', 'two'),
      binding({ objectKind: 'ServiceAccount', namespace: 'two', name: 'b' }, 'b2', 'three'),
      clusterBinding(
        { objectKind: 'ServiceAccount', namespace: 'three', name: 'c' },
        { objectKind: 'ClusterRole', name: 'cluster-admin' },
      ),
      ...LOOKED,
    ];
    const verdicts = kubernetesPrivilege(new KubernetesEstate(resources));
    expect(verdicts.get(second.key)?.verdict.state).toBe('yes');
    expect(verdicts.get(first.key)?.verdict.state).toBe('yes');
    expect(verdicts.get(first.key)?.verdict.evidence[0]?.sentence).toContain('act as two/b');
  });
});

describe('what is missing', () => {
  it.each([
    {
      title: 'the bindings',
      others: sampleCover('ServiceAccount', 'ClusterRoleBinding'),
      missing: 'roles and bindings of the cluster',
    },
    { title: 'the role that is bound', others: [clusterBinding(WEB), ...LOOKED], missing: 'ClusterRole r' },
  ])('keeps an account unknown: $title', ({ others, missing }) => {
    const verdict = verdictOf(account(), ...others);
    expect(verdict?.state).toBe('unknown');
    expect(verdict?.missing.join()).toContain(missing);
  });

  it('is the rights of a cloud identity', () => {
    const identity = 'arn:aws:iam::111111111111:role/web';
    expect(verdictOf(account('web', { cloudIdentities: [identity] }), ...LOOKED)).toMatchObject({
      state: 'unknown',
      missing: [`permissions of ${identity}: aws iam get-account-authorization-details`],
    });
    expect(
      verdictOf(
        sampleWorkload('web', { mountsToken: false }),
        account('web', { cloudIdentities: [identity] }),
        ...LOOKED,
      )?.state,
    ).toBe('unknown');
  });
});

describe('a workload', () => {
  const container = (facts: JsonObject): JsonObject => ({ containers: [{ name: 'web', ...facts }] });

  it.each([
    { title: 'ordinary', facts: {}, state: 'no' },
    { title: 'privileged', facts: container({ privileged: true }), state: 'yes' },
    { title: 'with SYS_ADMIN', facts: container({ addedCapabilities: ['CAP_SYS_ADMIN'] }), state: 'yes' },
    { title: 'with all capabilities', facts: container({ addedCapabilities: ['all'] }), state: 'yes' },
    { title: 'with NET_ADMIN', facts: container({ addedCapabilities: ['NET_ADMIN'] }), state: 'no' },
    { title: 'with SYS_PTRACE alone', facts: container({ addedCapabilities: ['SYS_PTRACE'] }), state: 'no' },
    {
      title: 'with SYS_PTRACE and the processes of the node',
      facts: { ...container({ addedCapabilities: ['SYS_PTRACE'] }), hostPid: true },
      state: 'yes',
    },
    { title: 'with the processes of the node alone', facts: { hostPid: true }, state: 'no' },
    { title: 'with the whole node', facts: { hostPaths: [{ path: '/', writable: false }] }, state: 'yes' },
    {
      title: 'with the whole node, as another user',
      facts: { ...container({ runsAsRoot: false }), hostPaths: [{ path: '/', writable: false }] },
      state: 'unknown',
    },
    {
      title: 'with the runtime’s socket',
      facts: { hostPaths: [{ path: '/var/run/docker.sock', writable: false }] },
      state: 'yes',
    },
    {
      title: 'with the folder of the socket',
      facts: { hostPaths: [{ path: '/run/', writable: false }] },
      state: 'yes',
    },
    {
      title: 'with a folder below /etc to write',
      facts: { hostPaths: [{ path: '/etc/cni/net.d', writable: true }] },
      state: 'yes',
    },
    {
      title: 'with a folder below /etc to read',
      facts: { hostPaths: [{ path: '/etc/ssl/certs', writable: false }] },
      state: 'no',
    },
    {
      title: 'with a way around',
      facts: { hostPaths: [{ path: '/data/../etc/./cron.d', writable: true }] },
      state: 'yes',
    },
    {
      title: 'with logs to read',
      facts: { hostPaths: [{ path: '/var/log', writable: false }] },
      state: 'no',
    },
    {
      title: 'with a folder of its own',
      facts: { hostPaths: [{ path: '/data/web', writable: true }] },
      state: 'no',
    },
    {
      title: 'with a name that begins alike',
      facts: { hostPaths: [{ path: '/etcetera', writable: true }] },
      state: 'no',
    },
  ])('$title', ({ facts, state }) => {
    expect(verdictOf(sampleWorkload('web', facts), account(), ...LOOKED)?.state).toBe(state);
  });

  it.each([
    { title: 'the default', pod: null, own: null, state: 'yes' },
    { title: 'the account says no', pod: null, own: false, state: 'no' },
    { title: 'the pod says no', pod: false, own: true, state: 'no' },
    { title: 'the pod says yes', pod: true, own: false, state: 'yes' },
  ])('gets the token of an administrator or not: $title', ({ pod, own, state }) => {
    const bound = clusterBinding(WEB, { objectKind: 'ClusterRole', name: 'cluster-admin' });
    expect(
      verdictOf(
        sampleWorkload('web', { mountsToken: pod }),
        account('web', { mountsToken: own }),
        bound,
        ...LOOKED,
      )?.state,
    ).toBe(state);
  });
});

describe('a level', () => {
  const ADMIN = { objectKind: 'ClusterRole', name: 'cluster-admin' };
  const of = (subject: JsonObject, rules: JsonObject[]): readonly EstateResource[] => [
    clusterRole(rules),
    clusterBinding(subject),
  ];

  it.each([
    { title: 'P2 by acting as an administrator', others: [], takes: ADMIN, level: 'P2' },
    {
      title: 'P3 by acting as one that reads every secret',
      others: [
        sampleObject('cluster-role', 'ClusterRole', '', 'reader', {
          rules: [rule(['list'], '', ['secrets'])],
        }),
      ],
      takes: { objectKind: 'ClusterRole', name: 'reader' },
      level: 'P3',
    },
  ])('is $title', ({ others, takes, level }) => {
    const bound = { ...clusterBinding({ ...WEB, name: 'other' }, takes), key: 'other-binding' };
    const own = [clusterRole([rule(['create'], '', ['serviceaccounts/token'])]), binding(WEB)];
    const judgement = judgementOf(
      account(),
      account('other'),
      bound,
      ...own,
      ...others,
      NAMESPACE,
      ...LOOKED,
    );
    expect(judgement?.privilege.level).toBe(level);
    expect(judgement?.privilege.reasons[0]).toContain('and so act as shop/other');
  });

  it('of who reads every secret is P2 where one of them is the token of an administrator', () => {
    const admin = account('admin', { hasTokenSecret: true }, 'kube-system');
    const bound = {
      ...clusterBinding({ objectKind: 'ServiceAccount', namespace: 'kube-system', name: 'admin' }, ADMIN),
      key: 'admin-binding',
    };
    const reads = of(WEB, [rule(['list'], '', ['secrets'])]);
    expect(judgementOf(account(), ...reads, admin, bound, ...LOOKED)?.privilege).toEqual({
      level: 'P2',
      reasons: [
        'may read secrets in the whole cluster (ClusterRoleBinding b), and so act as kube-system/admin, which is P0',
        'may read secrets in the whole cluster: ClusterRoleBinding b binds ClusterRole r',
      ],
    });
  });

  it('counts the rules that a role aggregates, which a manifest does not hold', () => {
    const sum = sampleObject('cluster-role', 'ClusterRole', '', 'r', {
      rules: [],
      aggregates: [{ labels: { 'to-r': 'true' }, expressions: [] }],
    });
    const part = (tags: Record<string, string>): EstateResource =>
      sampleObject(
        'cluster-role',
        'ClusterRole',
        '',
        'part',
        { rules: [rule(['bind', 'create'], RBAC, ['*'])] },
        tags,
      );
    const levelWith = (tags: Record<string, string>): string | undefined =>
      judgementOf(account(), sum, part(tags), clusterBinding(WEB), ...LOOKED)?.privilege.level;
    expect(levelWith({ 'to-r': 'true' })).toBe('P1');
    expect(levelWith({ 'to-r': 'false' })).toBe('none');
  });

  it('of a workload names the way out of the container and the service account', () => {
    const bound = clusterBinding(WEB, ADMIN);
    const web = sampleWorkload('web', { containers: [{ name: 'web', privileged: true }] });
    expect(judgementOf(web, account(), bound, ...LOOKED)?.privilege).toEqual({
      level: 'P0',
      reasons: [
        'runs as the service account web, which may do everything in the whole cluster: ClusterRoleBinding b binds ClusterRole cluster-admin',
        'can take over its node and the pods on it: container web is privileged',
      ],
    });
  });

  it('of a node is that of the token that it keeps for certain, and of what is bound to it', () => {
    const node = sampleObject('node', 'Node', '', 'n1');
    const bound = clusterBinding({ ...WEB, name: 'agent' }, ADMIN);
    const agent = (replicas: number, objectKind = 'DaemonSet'): EstateResource =>
      sampleObject('workload', objectKind, 'shop', 'agent', { replicas, serviceAccount: 'agent' });
    const levelWith = (...others: readonly EstateResource[]): string | undefined =>
      judgementOf(node, account('agent'), ...others, ...LOOKED)?.privilege.level;
    expect(levelWith(agent(1), bound)).toBe('P2');
    expect(levelWith(agent(1))).toBe('unknown');
    expect(levelWith(agent(0), bound)).toBe('unknown');
    expect(levelWith(agent(1, 'Deployment'), bound)).toBe('unknown');
    expect(levelWith(clusterBinding({ objectKind: 'Group', name: 'system:nodes' }, ADMIN))).toBe('P0');
    expect(levelWith(clusterBinding({ objectKind: 'User', name: 'system:node:n1' }, ADMIN))).toBe('P0');
    expect(levelWith(clusterBinding({ objectKind: 'User', name: 'system:node:n2' }, ADMIN))).toBe('unknown');
  });

  it('never falls by a further binding', () => {
    const rank = ['P0', 'P1', 'P2', 'P3', 'P4', 'unknown', 'none'];
    const rules = [
      rule(['create'], '', ['pods']),
      rule(['get'], '', ['secrets']),
      rule(['create'], '', ['pods/exec']),
      rule(['*'], '*', ['*']),
      rule(['get'], '', ['configmaps']),
    ];
    const role = (index: number): EstateResource =>
      sampleObject('cluster-role', 'ClusterRole', '', `r${index}`, { rules: [rules[index] ?? {}] });
    const bind = fc
      .record({
        role: fc.nat(rules.length - 1),
        subject: fc.constantFrom('a', 'b', 'c'),
        namespace: fc.constantFrom('', 'shop', 'other'),
      })
      .map(({ role: index, subject, namespace }): EstateResource => {
        const kind = namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding';
        const type = namespace === '' ? 'cluster-role-binding' : 'role-binding';
        return sampleObject(type, kind, namespace, `${subject}${index}`, {
          role: { objectKind: 'ClusterRole', name: `r${index}` },
          subjects: [{ objectKind: 'ServiceAccount', namespace: 'shop', name: subject }],
        });
      });
    const base = [
      ...rules.map((_, index) => role(index)),
      account('b', { hasTokenSecret: true }),
      account('c'),
      sampleWorkload('b'),
      NAMESPACE,
      ...LOOKED,
    ];
    fc.assert(
      fc.property(fc.array(bind, { maxLength: 6 }), bind, (bindings, further) => {
        const before = judgementOf(account('a'), ...base, ...bindings)?.privilege.level ?? '';
        const after = judgementOf(account('a'), ...base, ...bindings, further)?.privilege.level ?? '';
        expect(rank.indexOf(after)).toBeLessThanOrEqual(rank.indexOf(before));
      }),
      { numRuns: 200 },
    );
  });
});
