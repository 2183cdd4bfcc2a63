import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../risk/estate.ts';
import { refusalOfStrangers } from './api-server.ts';
import { type CloudDoors, NO_CLOUD_DOORS } from './cloud-door.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { risksOf, sampleObject } from './kubernetes-estate.test-sample.ts';

const CAN_READ = sampleObject('cluster-role', 'ClusterRole', '', 'r', {
  rules: [{ verbs: ['get'], groups: [''], resources: ['pods'] }],
});
const binding = (subject: JsonObject, role = 'r'): EstateResource =>
  sampleObject('cluster-role-binding', 'ClusterRoleBinding', '', 'b', {
    role: { objectKind: 'ClusterRole', name: role },
    subjects: [subject],
  });
const ANYBODY = binding({ objectKind: 'User', name: 'system:anonymous' });
const WITH_ACCOUNT = binding({ objectKind: 'Group', name: 'system:authenticated' });
const node = (address: string, providerId = 'gce://p/europe-west1-b/n') =>
  sampleObject('node', 'Node', '', 'n', { providerId, internalAddresses: [address] });
const apiServer = (facts: JsonObject = {}) =>
  sampleObject('pod', 'Pod', 'kube-system', 'kube-apiserver-n', {
    podLabels: { component: 'kube-apiserver' },
    hostNetwork: true,
    ...facts,
  });

const TOLD = { provenance: 'aws-cli', at: 1_790_000_000_000 };
const way = (more: Partial<ExposureRecord>): ExposureRecord => ({
  surface: 'tcp/443',
  audience: 'internet',
  auth: 'iam',
  verdict: 'yes',
  via: [],
  gates: ['cluster'],
  evidence: [{ sentence: 'It answers.', ...TOLD }],
  missing: [],
  ...more,
});
const server = (ways: readonly ExposureRecord[], refusal: string | null = null): CloudDoors => ({
  ...NO_CLOUD_DOORS,
  apiServer: { name: 'EKS cluster shop', ways, refusal, ...TOLD },
});
const machine = (ways: readonly ExposureRecord[]): CloudDoors => ({
  ...NO_CLOUD_DOORS,
  machines: new Map([['gce://p/europe-west1-b/n', { name: 'instance n', ways, ...TOLD }]]),
});

/** `yes internet none`, `unknown: what is missing`, and the chain. */
function told(of: EstateResource, others: readonly EstateResource[], doors: CloudDoors): string {
  const { exposure = [], publiclyAccessible } = risksOf(of, others, { now: TOLD.at, doors }) ?? {};
  const state = publiclyAccessible?.state;
  return [
    state,
    ...exposure.map(({ audience, auth, via, missing }) =>
      [state === 'unknown' ? missing.join('; ') : `${audience} ${auth}`, via.join(' > ')].join(' | '),
    ),
  ].join(': ');
}

describe('a role for strangers', () => {
  it.each<
    [title: string, told: string, of: EstateResource, others: readonly EstateResource[], doors: CloudDoors]
  >([
    [
      'where the API server answers everybody',
      'yes: internet none | EKS cluster shop > ClusterRoleBinding b',
      ANYBODY,
      [CAN_READ],
      server([way({})]),
    ],
    [
      'where it answers some',
      'no: partner none | EKS cluster shop > ClusterRoleBinding b',
      ANYBODY,
      [CAN_READ],
      server([way({ audience: 'partner' })]),
    ],
    [
      'where it answers some, and nobody told the role',
      'no: partner none | EKS cluster shop > ClusterRoleBinding b',
      ANYBODY,
      [],
      server([way({ audience: 'partner' })]),
    ],
    [
      'where it answers nobody',
      'no: internet none | EKS cluster shop > ClusterRoleBinding b',
      ANYBODY,
      [],
      server([way({ verdict: 'no' })]),
    ],
    [
      'where it answers everybody, and nobody told the role',
      'unknown: ClusterRole r: kubectl get roles,clusterroles -A -o json | EKS cluster shop > ClusterRoleBinding b',
      ANYBODY,
      [],
      server([way({})]),
    ],
    [
      'where the cloud cannot tell',
      'unknown: its ranges | EKS cluster shop > ClusterRoleBinding b',
      ANYBODY,
      [CAN_READ],
      server([way({ verdict: 'unknown', missing: ['its ranges'] })]),
    ],
    [
      'where it answers strangers about its health alone',
      'no: internet none | EKS cluster shop > ClusterRoleBinding b',
      ANYBODY,
      [CAN_READ],
      server([way({})], 'It refuses.'),
    ],
    [
      'by two doors',
      'yes: internet none | EKS cluster shop > DNS endpoint > ClusterRoleBinding b: partner none | EKS cluster shop > ClusterRoleBinding b',
      ANYBODY,
      [CAN_READ],
      server([way({ via: ['DNS endpoint'] }), way({ audience: 'partner' })]),
    ],
    [
      'by a door that asks each for an identity of the cloud, and one for an office',
      'no: internet none | EKS cluster shop > DNS endpoint > ClusterRoleBinding b: partner none | EKS cluster shop > ClusterRoleBinding b',
      ANYBODY,
      [CAN_READ],
      server([way({ via: ['DNS endpoint'], behind: { lets: 'nobody' } }), way({ audience: 'partner' })]),
    ],
    [
      'with a Google account, by a door that asks each whether he may',
      'no: internet iam | EKS cluster shop > DNS endpoint > ClusterRoleBinding b',
      WITH_ACCOUNT,
      [CAN_READ, node('10.0.0.1')],
      server([way({ via: ['DNS endpoint'], behind: { lets: 'nobody' } })]),
    ],
    [
      'with a Google account',
      'yes: any-google-account iam | EKS cluster shop > ClusterRoleBinding b',
      WITH_ACCOUNT,
      [CAN_READ, node('10.0.0.1')],
      server([way({})], 'It refuses.'),
    ],
    [
      'with a Google account, of an office',
      'no: partner iam | EKS cluster shop > ClusterRoleBinding b',
      WITH_ACCOUNT,
      [CAN_READ, node('10.0.0.1')],
      server([way({ audience: 'partner' })]),
    ],
    [
      'of a server that runs on a node',
      'yes: internet none | instance n > Node n > Pod kube-system/kube-apiserver-n > ClusterRoleBinding b',
      ANYBODY,
      [CAN_READ, apiServer(), node('34.1.1.1')],
      machine([way({ surface: 'tcp/6443' })]),
    ],
    [
      'of a server on a node whose firewall is not known',
      "unknown: firewall rules of the nodes' network in the cloud: gcloud asset list --project=PROJECT --content-type=resource --asset-types=compute.googleapis.com/Instance,compute.googleapis.com/Firewall --format=json | Node n at 34.1.1.1 > Pod kube-system/kube-apiserver-n > ClusterRoleBinding b",
      ANYBODY,
      [CAN_READ, apiServer(), node('34.1.1.1')],
      NO_CLOUD_DOORS,
    ],
    [
      'of a server on a node that answers on another port',
      'unknown: whether a load balancer stands before the API server, whose nodes nobody reaches (kubectl cluster-info shows its address); no inventory that is read here tells it | Pod kube-system/kube-apiserver-n > ClusterRoleBinding b',
      ANYBODY,
      [CAN_READ, apiServer(), node('34.1.1.1')],
      machine([way({ surface: 'tcp/22' })]),
    ],
    [
      'of a server that takes no request without a login',
      'no: internet none | Pod kube-system/kube-apiserver-n > ClusterRoleBinding b',
      ANYBODY,
      [CAN_READ, apiServer({ refusesStrangers: true }), node('34.1.1.1')],
      machine([way({})]),
    ],
    [
      'of another pod that is called so',
      'unknown: who reaches the API server of the cluster: aws eks describe-cluster --name NAME, az aks list or gcloud asset list --project=PROJECT --content-type=resource --asset-types=container.googleapis.com/Cluster --format=json, with the name or id of the cluster there as --scope cluster= | API server > ClusterRoleBinding b',
      ANYBODY,
      [CAN_READ, apiServer({ podLabels: {} })],
      NO_CLOUD_DOORS,
    ],
  ])('%s', (_, expected, of, others, doors) => {
    expect(told(of, others, doors)).toBe(expected);
  });

  it.each([
    ['system:public-info-viewer', 'no'],
    ['system:discovery', 'no'],
    ['system:basic-user', 'no'],
    ['kubeadm:bootstrap-signer-clusterinfo', 'no'],
    ['view', 'unknown'],
  ])('that every cluster gives them or not, which nobody listed: %s: %s', (role, state) => {
    const risks = risksOf(binding({ objectKind: 'User', name: 'system:anonymous' }, role), [], {
      doors: server([way({})]),
    });
    expect(risks?.publiclyAccessible.state).toBe(state);
  });

  const stateOf = (of: EstateResource, ...others: readonly EstateResource[]) =>
    risksOf(of, others, { doors: server([way({})]) })?.publiclyAccessible.state;

  it.each<[title: string, state: string, rules: readonly JsonObject[]]>([
    ['asks for health', 'no', [{ verbs: ['get'], paths: ['/healthz', '/livez/*'] }]],
    ['asks for health by its head', 'no', [{ verbs: ['get', 'head'], paths: ['/readyz'] }]],
    [
      'asks for all under the groups',
      'no',
      [{ verbs: ['get'], paths: ['/apis/*', '/api', '/version', '/openapi/v2', '/'] }],
    ],
    ['allows nothing', 'no', []],
    ['asks for measurements too', 'yes', [{ verbs: ['get'], paths: ['/healthz', '/metrics'] }]],
    ['asks for what is called like health', 'yes', [{ verbs: ['get'], paths: ['/healthzz'] }]],
    ['writes to health', 'yes', [{ verbs: ['get', 'post'], paths: ['/healthz'] }]],
    ['has everything', 'yes', [{ verbs: ['*'], paths: ['/healthz'] }]],
    [
      'asks for health and for pods',
      'yes',
      [
        { verbs: ['get'], paths: ['/healthz'] },
        { verbs: ['get'], resources: ['pods'] },
      ],
    ],
    [
      'asks for pods and health in one',
      'yes',
      [{ verbs: ['get'], paths: ['/healthz'], resources: ['pods'] }],
    ],
  ])('that %s: %s', (_, state, rules) => {
    const role = sampleObject('cluster-role', 'ClusterRole', '', 'r', {
      rules: rules.map((rule) => ({ groups: [''], ...rule })),
    });
    expect(stateOf(ANYBODY, role)).toBe(state);
  });

  it('is the one that the binding names, of its kind and its namespace', () => {
    const benign = { rules: [{ verbs: ['get'], paths: ['/healthz'] }] };
    const named = (objectKind: string, namespace: string, name: string, facts: JsonObject) =>
      sampleObject(objectKind === 'Role' ? 'role' : 'cluster-role', objectKind, namespace, name, facts);
    const inShop = sampleObject('role-binding', 'RoleBinding', 'shop', 'b', {
      role: { objectKind: 'Role', name: 'r' },
      subjects: [{ objectKind: 'Group', name: 'system:unauthenticated' }],
    });
    const reads = { rules: [{ verbs: ['get'], groups: [''], resources: ['pods'] }] };
    const others = [
      named('Role', 'other', 'r', benign),
      named('ClusterRole', '', 'r', benign),
      named('Role', 'shop', 'x', benign),
    ];
    expect(stateOf(inShop, ...others, named('Role', 'shop', 'r', reads))).toBe('yes');
    expect(stateOf(inShop, ...others)).toBe('unknown');
    expect(stateOf(inShop, named('Role', 'other', 'r', reads), named('Role', 'shop', 'r', benign))).toBe(
      'no',
    );
    expect(stateOf(ANYBODY, named('Role', '', 'r', benign), named('ClusterRole', '', 'x', benign))).toBe(
      'unknown',
    );
  });

  it('is given to strangers where one of the subjects is one', () => {
    const subjects = (...all: readonly [objectKind: string, name: string][]) => ({
      ...ANYBODY,
      facts: { ...ANYBODY.facts, subjects: all.map(([objectKind, name]) => ({ objectKind, name })) },
    });
    const google = node('10.0.0.1');
    const state = (of: EstateResource, ...more: EstateResource[]) => stateOf(of, CAN_READ, ...more);
    expect(state(subjects(['User', 'anna'], ['User', 'system:anonymous']))).toBe('yes');
    expect(state(subjects(['Group', 'system:anonymous'], ['User', 'system:unauthenticated']))).not.toBe(
      'yes',
    );
    expect(state(subjects(['Group', 'developers']), google)).not.toBe('yes');
    expect(state(subjects(['Group', 'system:authenticated']), google)).toBe('yes');
    expect(
      state(subjects(['Group', 'system:authenticated']), node('10.0.0.1', 'aws:///eu-west-1a/i-1')),
    ).not.toBe('yes');
  });

  it('is as open as the least careful of several API servers, each on its own node', () => {
    const second = sampleObject('node', 'Node', '', 'm', {
      providerId: 'gce://p/z/m',
      internalAddresses: ['34.1.1.2'],
    });
    const careful = apiServer({ refusesStrangers: true });
    const other = sampleObject('pod', 'Pod', 'kube-system', 'kube-apiserver-m', {
      podLabels: { component: 'kube-apiserver' },
      hostNetwork: true,
    });
    const elsewhere = sampleObject('pod', 'Pod', 'shop', 'kube-apiserver-n', {
      podLabels: { component: 'kube-apiserver' },
      hostNetwork: true,
      refusesStrangers: true,
    });
    const doors: CloudDoors = {
      ...NO_CLOUD_DOORS,
      machines: new Map([
        ['gce://p/europe-west1-b/n', { name: 'instance n', ways: [way({ verdict: 'no' })], ...TOLD }],
        ['gce://p/z/m', { name: 'instance m', ways: [way({ surface: 'tcp/6443' })], ...TOLD }],
      ]),
    };
    const state = (...others: readonly EstateResource[]) =>
      risksOf(ANYBODY, [CAN_READ, node('34.1.1.1'), second, ...others], { now: TOLD.at, doors })
        ?.publiclyAccessible.state;
    expect(state(careful, other)).toBe('yes');
    expect(state(careful)).toBe('no');
    expect(state(apiServer())).toBe('unknown');
    expect(state(elsewhere)).toBe('unknown');
  });

  it('are refused by versions and settings of the cloud', () => {
    const isRefused = (type: string, facts: JsonObject) => refusalOfStrangers(type, facts) !== null;
    expect(
      ['1.31', '1.32', '1.40', '2.0', '0.99', 'x', ''].filter((version) =>
        isRefused('eks-cluster', { version }),
      ),
    ).toEqual(['1.32', '1.40', '2.0']);
    expect(isRefused('eks-cluster', {})).toBe(false);
    expect(isRefused('azure-aks-cluster', {})).toBe(true);
    expect(
      ['LIMITED', 'ENABLED'].filter((mode) =>
        isRefused('gcp-gke-cluster', { anonymousAuthenticationConfig: { mode } }),
      ),
    ).toEqual(['LIMITED']);
    expect(isRefused('gcp-gke-cluster', {})).toBe(false);
    expect(isRefused('ec2-instance', { version: '1.32' })).toBe(false);
  });
});
