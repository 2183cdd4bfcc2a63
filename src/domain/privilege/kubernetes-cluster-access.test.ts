import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { sampleCover, sampleObject, sampleWorkload } from '../exposure/kubernetes-estate.test-sample.ts';
import { KubernetesEstate } from '../exposure/kubernetes-estate.ts';
import type { EstateResource } from '../risk/estate.ts';
import { kubernetesPrivilege } from './kubernetes-privilege.ts';

const ACCESS = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];
const WEB = { objectKind: 'ServiceAccount', namespace: 'shop', name: 'web' };
const READ_SECRETS = { verbs: ['get'], groups: [''], resources: ['secrets'] };
const EVERYTHING = { verbs: ['*'], groups: ['*'], resources: ['*'] };

const account = (name: string, namespace = 'shop', facts: JsonObject = {}) =>
  sampleObject('service-account', 'ServiceAccount', namespace, name, facts);
const role = (name: string, namespace: string, ...rules: JsonObject[]) =>
  namespace === ''
    ? sampleObject('cluster-role', 'ClusterRole', '', name, { rules })
    : sampleObject('role', 'Role', namespace, name, { rules });
const bind = (subject: JsonObject, to: JsonObject, namespace = '', name = 'b') =>
  namespace === ''
    ? sampleObject('cluster-role-binding', 'ClusterRoleBinding', '', name, { role: to, subjects: [subject] })
    : sampleObject('role-binding', 'RoleBinding', namespace, name, { role: to, subjects: [subject] });
const toRole = (name: string) => ({ objectKind: 'Role', name });
const toClusterRole = (name: string) => ({ objectKind: 'ClusterRole', name });
const ADMIN_ELSEWHERE = [
  account('boss'),
  role('all', '', EVERYTHING),
  bind({ ...WEB, name: 'boss' }, toClusterRole('all'), '', 'of-boss'),
];

/** `P3: why`, `none`, `unknown: what is missing`, of the first resource. */
function told(resources: readonly EstateResource[], covers: readonly string[]): string {
  const estate = new KubernetesEstate([...resources, ...sampleCover(...covers)]);
  const judged = kubernetesPrivilege(estate).get(resources[0]?.key ?? '');
  if (judged?.privilege.level === 'unknown') return `unknown: ${judged.verdict.missing.join('; ')}`;
  return [judged?.privilege.level, ...(judged?.privilege.reasons.slice(0, 1) ?? [])].join(': ');
}

describe('what bindings give', () => {
  it.each<[title: string, told: string, resources: readonly EstateResource[], covers?: readonly string[]]>([
    [
      'a role of the namespace of its binding',
      'P2: may run pods in the namespace shop (RoleBinding shop/b), and so act as shop/boss, which is P0',
      [
        account('web'),
        role('r', 'shop', { verbs: ['create'], groups: [''], resources: ['pods'] }),
        bind(WEB, toRole('r'), 'shop'),
        ...ADMIN_ELSEWHERE,
      ],
    ],
    [
      'not a role of that name in another namespace',
      'unknown: Role r, which is bound to the service account shop/web: kubectl get roles,clusterroles -A -o json',
      [account('web'), role('r', 'other', EVERYTHING), bind(WEB, toRole('r'), 'shop')],
    ],
    [
      'nobody to act as by a right that a namespace has not',
      'none',
      [
        account('web'),
        role('r', 'shop', {
          verbs: ['update'],
          groups: ['networking.k8s.io'],
          resources: ['networkpolicies'],
        }),
        bind(WEB, toRole('r'), 'shop'),
        ...ADMIN_ELSEWHERE,
      ],
    ],
    [
      'nobody to act as by secrets that hold no token',
      'none',
      [account('web'), role('r', 'shop', READ_SECRETS), bind(WEB, toRole('r'), 'shop'), ...ADMIN_ELSEWHERE],
    ],
    [
      'who has a token in a secret',
      'P2: may read secrets in the namespace shop (RoleBinding shop/b), and so act as shop/boss, which is P0',
      [
        account('web'),
        role('r', 'shop', READ_SECRETS),
        bind(WEB, toRole('r'), 'shop'),
        ...ADMIN_ELSEWHERE,
        account('boss', 'shop', { hasTokenSecret: true }),
      ],
    ],
    [
      'nobody to act as by commands where nobody runs',
      'none',
      [
        account('web'),
        role('r', 'shop', { verbs: ['create'], groups: [''], resources: ['pods/exec'] }),
        bind(WEB, toRole('r'), 'shop'),
        ...ADMIN_ELSEWHERE,
      ],
    ],
    [
      'who runs there',
      'P2: may execute commands in pods in the namespace shop (RoleBinding shop/b), and so act as shop/boss, which is P0',
      [
        account('web'),
        role('r', 'shop', { verbs: ['create'], groups: [''], resources: ['pods/exec'] }),
        bind(WEB, toRole('r'), 'shop'),
        ...ADMIN_ELSEWHERE,
        sampleWorkload('boss'),
      ],
    ],
    [
      'nothing by a role without such rights, whatever was not listed',
      'none',
      [role('r', '', { verbs: ['get'], groups: [''], resources: ['pods'] })],
      [],
    ],
    [
      'nobody knows what by a role that is',
      'unknown: roles and bindings of the cluster: kubectl get roles,clusterroles,rolebindings,clusterrolebindings -A -o json',
      [role('r', '', READ_SECRETS)],
      [],
    ],
    ['nobody anything by a role that nothing binds', 'none', [role('r', '', READ_SECRETS)]],
    [
      'an account that nobody described, where accounts were not listed',
      'unknown: service accounts of the namespace shop: kubectl get serviceaccounts -A -o json',
      [sampleWorkload('web')],
    ],
    ['an account that is not there', 'none', [sampleWorkload('web')], [...ACCESS, 'ServiceAccount']],
    [
      'a node the tokens of what runs on all, as far as they read data',
      'P3: keeps the token of DaemonSet shop/agent, whose service account may read secrets in the whole cluster: ClusterRoleBinding b binds ClusterRole r',
      [
        sampleObject('node', 'Node', '', 'n'),
        sampleObject('workload', 'DaemonSet', 'shop', 'agent', { replicas: 1, serviceAccount: 'web' }),
        account('web'),
        role('r', '', READ_SECRETS),
        bind(WEB, toClusterRole('r')),
      ],
      [...ACCESS, 'Node'],
    ],
    [
      'a node the tokens of what runs on all, and takes over the cluster by them',
      'P2: keeps the token of DaemonSet shop/agent, whose service account may do everything in the whole cluster: ClusterRoleBinding b binds ClusterRole all',
      [
        sampleObject('node', 'Node', '', 'n'),
        sampleObject('workload', 'DaemonSet', 'shop', 'agent', { replicas: 1, serviceAccount: 'web' }),
        account('web'),
        role('all', '', EVERYTHING),
        bind(WEB, toClusterRole('all')),
      ],
      [...ACCESS, 'Node'],
    ],
  ])('%s', (_, expected, resources, covers = [...ACCESS, 'Namespace']) => {
    // What may run pods may run privileged ones, unless its namespace forbids them.
    const shop = sampleObject(
      'namespace',
      'Namespace',
      '',
      'shop',
      {},
      { 'pod-security.kubernetes.io/enforce': 'baseline' },
    );
    expect(told([...resources, shop], covers)).toBe(expected);
  });
});
