import { describe, expect, it } from 'vitest';
import type { AccessRule } from '../resource/facts/kubernetes-facts.ts';
import { abilitiesOf } from './kubernetes-access.ts';

const VERBS = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'bind',
  'escalate',
  'impersonate',
  'approve',
  '*',
];

/** Group and resource, as a role spells them. */
const RESOURCES = [
  ...['pods', 'replicationcontrollers', 'pods/exec', 'pods/attach', 'pods/ephemeralcontainers', 'pods/log'],
  ...[
    '*/exec',
    'pods/portforward',
    'podtemplates',
    'secrets',
    'configmaps',
    'nodes',
    'nodes/proxy',
    'namespaces',
  ],
  ...['services/proxy', 'serviceaccounts', 'serviceaccounts/token', 'users', 'groups', 'uids', '*'],
  ...[
    'apps/deployments',
    'apps/statefulsets',
    'apps/daemonsets',
    'apps/replicasets',
    'apps/controllerrevisions',
  ],
  ...['batch/jobs', 'batch/cronjobs', 'networking.k8s.io/networkpolicies', 'networking.k8s.io/ingresses'],
  ...['admissionregistration.k8s.io/mutatingwebhookconfigurations'],
  ...['admissionregistration.k8s.io/validatingwebhookconfigurations'],
  ...['rbac.authorization.k8s.io/roles', 'rbac.authorization.k8s.io/clusterroles'],
  ...['rbac.authorization.k8s.io/rolebindings', 'rbac.authorization.k8s.io/clusterrolebindings'],
  ...[
    'certificates.k8s.io/certificatesigningrequests',
    'certificates.k8s.io/certificatesigningrequests/approval',
  ],
  ...['certificates.k8s.io/signers', '*/*'],
];

function rule(verb: string | readonly string[], spelled: string, ...names: string[]): AccessRule {
  const [, group = '', resource = spelled] =
    /^([a-z0-9]+(?:\.[a-z0-9.]+)|apps|batch)\/(.+)$/.exec(spelled) ?? [];
  const verbs = typeof verb === 'string' ? [verb] : verb;
  if (spelled === '*/*') return { verbs, groups: ['*'], resources: ['*'], names, paths: [] };
  return { verbs, groups: [group], resources: [resource], names, paths: [] };
}

function told(...rules: readonly AccessRule[]): string {
  return abilitiesOf(rules)
    .map(({ level, can, takes }) => `${level} ${can} [${takes}]`)
    .join('; ');
}

describe('what a rule of a role lets its holder do', () => {
  it.each(RESOURCES)('%s', (resource) => {
    const byAbility = Map.groupBy(VERBS, (verb) => told(rule(verb, resource)));
    const lines = [...byAbility].map(
      ([abilities, verbs]) => `${verbs.join(', ')}: ${abilities || 'nothing'}`,
    );
    expect(lines.join('\n')).toMatchSnapshot();
  });
});

const RBAC = 'rbac.authorization.k8s.io';
const CSR = 'certificates.k8s.io';

describe('what takes several rights', () => {
  it.each<[title: string, able: string, ...AccessRule[]]>([
    ...(['clusterrolebindings', 'rolebindings'] as const).flatMap((bindings) =>
      ['create', 'update', 'patch'].map((verb): [string, string, ...AccessRule[]] => [
        `${verb} ${bindings}`,
        'P1 bind any role to itself [accounts]',
        rule('bind', `${RBAC}/clusterroles`),
        rule(verb, `${RBAC}/${bindings}`),
      ]),
    ),
    [
      'a binding to the role of administrators',
      'P1 bind any role to itself [accounts]',
      rule('bind', `${RBAC}/clusterroles`, 'cluster-admin'),
      rule('create', `${RBAC}/clusterrolebindings`),
    ],
    [
      'a binding to another',
      '',
      rule('bind', `${RBAC}/clusterroles`, 'view'),
      rule('create', `${RBAC}/rolebindings`),
    ],
    [
      'a binding that is deleted',
      '',
      rule('bind', `${RBAC}/clusterroles`),
      rule('delete', `${RBAC}/rolebindings`),
    ],
    ...['roles', 'clusterroles'].flatMap((roles) =>
      ['update', 'patch'].map((verb): [string, string, ...AccessRule[]] => [
        `${verb} ${roles} and escalate`,
        'P1 write rights into roles that it does not have (escalate) [accounts]',
        rule(['escalate', verb], `${RBAC}/${roles}`),
      ]),
    ),
    [
      'roles of one kind, rights of the other',
      '',
      rule('escalate', `${RBAC}/roles`),
      rule('update', `${RBAC}/clusterroles`),
    ],
    [
      'the group of administrators',
      'P1 impersonate users or groups [nothing]',
      rule('impersonate', 'groups', 'system:masters'),
    ],
    ['another group', '', rule('impersonate', 'groups', 'viewers')],
    ['one user', '', rule('impersonate', 'users', 'ada')],
    ['one secret', '', rule(['get', 'list'], 'secrets', 'tls')],
    ...[
      'kubernetes.io/kube-apiserver-client',
      'kubernetes.io/kube-apiserver-client-kubelet',
      'kubernetes.io/*',
    ].flatMap((signer) =>
      ['update', 'patch'].map((verb): [string, string, ...AccessRule[]] => [
        `certificates of ${signer} (${verb})`,
        'P2 sign client certificates [nothing]',
        rule(verb, `${CSR}/certificatesigningrequests/approval`),
        rule('create', `${CSR}/certificatesigningrequests`),
        rule('approve', `${CSR}/signers`, signer),
      ]),
    ),
    [
      'certificates of a server',
      '',
      rule('update', `${CSR}/certificatesigningrequests/approval`),
      rule('create', `${CSR}/certificatesigningrequests`),
      rule('approve', `${CSR}/signers`, 'kubernetes.io/kubelet-serving'),
    ],
    [
      'certificates that nobody asks for',
      '',
      rule('update', `${CSR}/certificatesigningrequests/approval`),
      rule('approve', `${CSR}/signers`),
    ],
    [
      'everything, of which the rest is told no more',
      'P0 do everything [accounts]',
      rule('*', '*/*'),
      rule('get', 'secrets'),
    ],
    ['everything of one name', '', rule('*', '*/*', 'x')],
    ['nothing', ''],
  ])('%s', (_, able, ...rules) => {
    expect(told(...rules)).toBe(able);
  });
});
