import type { JsonObject } from '#base/json-value.ts';
import { iam, role } from '../privilege/aws/iam-principal.test-sample.ts';
import { NO_CLOUD_IDENTITIES } from '../privilege/cloud-identity.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  EC2,
  flaw,
  type Lab,
  machine,
  NETWORK,
  profiled,
  regional,
  rule,
  securityGroup,
} from './path-world.labs.test-sample.ts';
import {
  account,
  CONTAINER,
  clusterWith,
  granted,
  inCluster,
  pod,
  podCloud,
  podRole,
} from './path-world.shape-labs.test-sample.ts';
import { PULL_REQUEST } from './path-world.supply-labs.test-sample.ts';

interface ClusterLab {
  readonly lab: Lab;
  readonly expected: readonly string[];
  readonly hardened: Lab;
}

/** Two containers of one pod, of which the first has a flaw and the other is privileged. */
const together = (sharesProcesses: boolean): Lab => {
  const lab = clusterWith(
    pod('web', {
      mountsToken: false,
      containers: [
        { ...CONTAINER, image: 'registry.example.com/shop/web:1' },
        { ...CONTAINER, name: 'agent', image: 'registry.example.com/shop/agent:1', privileged: true },
      ],
      ...(sharesProcesses ? { sharesProcesses } : {}),
    }),
    'log4j-core',
    [account('web')],
  );
  const name = 'registry.example.com/shop/web';
  const flawed = { key: `image:${name}`, kind: 'image', name } as const;
  return { ...lab, weaknesses: (lab.weaknesses ?? []).map((each) => ({ ...each, flawed })) };
};

const logs = (writable: boolean): Lab =>
  clusterWith(pod('web', { hostPaths: [{ path: '/var/log', writable }] }), 'log4j-core', [
    account('web'),
    ...granted('web', 'get', 'pods/log'),
  ]);

/** A cluster to which a controller applies what lies in the repository whose pipeline strangers run. */
const delivered = (controller: string, ...objects: readonly EstateResource[]): Lab => {
  const { cluster } = clusterWith(pod('web', { mountsToken: false }), null, [
    account(controller),
    ...granted(controller, '*', '*', '*'),
    ...objects,
  ]);
  // In production the repository would be worth something by itself.
  const about = { production: 'unknown', evidence: [], name: 'cluster shop' } as const;
  return {
    resources: [],
    pipelines: [PULL_REQUEST],
    ...(cluster === undefined ? {} : { cluster: { ...cluster, about } }),
  };
};

const REPOSITORY = 'github.com/lab/shop';
const object = (objectKind: string, name: string) => ({ objectKind, namespace: 'shop', name });

const argo = (isAutomated: boolean): Lab =>
  delivered(
    'argocd-application-controller',
    inCluster('argo-application', 'argoproj.io/Application/shop/shop', {
      ...object('Application', 'shop'),
      project: 'default',
      isAutomated,
      destination: 'https://kubernetes.default.svc',
      destinationNamespace: 'shop',
      repositories: [REPOSITORY],
    }),
  );

const flux = (isSuspended: boolean): Lab =>
  delivered(
    'kustomize-controller',
    inCluster('flux-git-repository', 'source.toolkit.fluxcd.io/GitRepository/shop/source', {
      ...object('GitRepository', 'source'),
      repository: REPOSITORY,
    }),
    inCluster('flux-kustomization', 'kustomize.toolkit.fluxcd.io/Kustomization/shop/shop', {
      ...object('Kustomization', 'shop'),
      source: object('GitRepository', 'source'),
      isSuspended,
    }),
  );

const applied = (controller: string) => [
  `internet: pipeline-flaw shop, applies-repository ${controller}, cluster-rights cluster-admin`,
];

const OUT = ['internet: public-endpoint web, network-exploit web, container-escape node'];

const EKS = (mode: string): EstateResource =>
  regional('eks-cluster', 'eks', 'cluster/shop', {
    name: 'shop',
    accessConfig: { authenticationMode: mode },
  });
const NAMED = new Map([[EKS('API').key, 'k8s:shop']]);
const WEB = iam('role', 'web');
const OF_WEB: JsonObject = { clusterName: 'shop', principalArn: WEB };
const entry = regional('eks-access-entry', 'eks', 'access-entry/shop/web', {
  ...OF_WEB,
  type: 'STANDARD',
  kubernetesGroups: ['deployers'],
});
const policies = (type: string) =>
  regional('eks-access-policies', 'eks', 'access-policies/shop/web', {
    ...OF_WEB,
    associatedAccessPolicies: [
      {
        policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
        accessScope: { type, namespaces: [] },
      },
    ],
  });
const map = (arn: string, group: string) =>
  inCluster('config-map', '/ConfigMap/kube-system/aws-auth', {
    objectKind: 'ConfigMap',
    namespace: 'kube-system',
    name: 'aws-auth',
    logins: [{ arn, username: 'web', groups: [group] }],
  });
const bound = (to: string, objectKind = 'Group') =>
  inCluster('cluster-role-binding', 'rbac.authorization.k8s.io/ClusterRoleBinding//deployers', {
    objectKind: 'ClusterRoleBinding',
    namespace: '',
    name: 'deployers',
    role: { objectKind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ objectKind, namespace: '', name: to }],
  });

/** A public machine with a flaw, whose role may do nothing in its account; what lets it into the cluster is given. */
const letIn = (aws: readonly EstateResource[], inside: readonly EstateResource[] = []): Lab => {
  const web = machine('i-web', { role: 'web' });
  return {
    resources: [
      ...NETWORK,
      securityGroup('sg-web', [rule(443, '0.0.0.0/0')]),
      web,
      role('web', EC2, [], profiled('web')),
      ...aws,
    ],
    weaknesses: [flaw('exec', web, false)],
    cluster: {
      estate: 'k8s:shop',
      resources: inside,
      cloud: NO_CLOUD_IDENTITIES,
      about: { production: 'yes', evidence: [], name: 'cluster shop' },
    },
    eks: NAMED,
  };
};

/** A public pod with a flaw, whose role the map lets in. */
const mapped = (group: string, mode = 'CONFIG_MAP'): Lab => ({
  ...clusterWith(
    pod('web', { mountsToken: false }),
    'log4j-core',
    [account('web', { cloudIdentities: [iam('role', 'pod')] }), map(iam('role', 'pod'), group)],
    { cloud: podCloud, aws: [{ ...podRole, facts: { ...podRole.facts, RolePolicyList: [] } }, EKS(mode)] },
  ),
  eks: NAMED,
});

const TO_ROLE = 'internet: public-endpoint i-web, network-exploit i-web, workload-role web';
const FROM_MACHINE = [`${TO_ROLE}, cluster-login cluster-admin`];
const RBAC = 'rbac.authorization.k8s.io';
/** What somebody may do in the namespace of the shop. */
const inNamespace = (verb: string, resource: string, subject: object): readonly EstateResource[] => [
  inCluster('role', `${RBAC}/Role/shop/deployers`, {
    objectKind: 'Role',
    namespace: 'shop',
    name: 'deployers',
    rules: [{ verbs: [verb], groups: [''], resources: [resource], names: [], paths: [] }],
    aggregates: [],
  }),
  inCluster('role-binding', `${RBAC}/RoleBinding/shop/deployers`, {
    objectKind: 'RoleBinding',
    namespace: 'shop',
    name: 'deployers',
    role: { objectKind: 'Role', name: 'deployers' },
    subjects: [subject],
  }),
];
const DEPLOYERS = { objectKind: 'Group', namespace: '', name: 'deployers' };
/** A group of the cluster and a privileged account that runs in the namespace. */
const besideOperator = (verb: string, resource: string): readonly EstateResource[] => [
  account('operator'),
  ...granted('operator', '*', '*', '*'),
  pod('operator', { mountsToken: false }),
  ...inNamespace(verb, resource, DEPLOYERS),
];
/** A flawed pod whose account may do this in the namespace, beside one that is an administrator of AWS. */
const besideRole = (verb: string, resource: string): Lab =>
  clusterWith(
    pod('web'),
    'log4j-core',
    [
      account('web'),
      pod('payments', { mountsToken: false }),
      account('payments', { cloudIdentities: [iam('role', 'pod')] }),
      ...inNamespace(verb, resource, { objectKind: 'ServiceAccount', namespace: 'shop', name: 'web' }),
    ],
    { cloud: podCloud, aws: [podRole] },
  );

/** Attacks on containers that take more than one thing (attack-paths §4.12; those of KubeHound by its names). */
export const CLUSTER_LABS: Readonly<Record<string, ClusterLab>> = {
  SHARE_PS_NAMESPACE: { lab: together(true), expected: OUT, hardened: together(false) },
  CE_VAR_LOG_SYMLINK: { lab: logs(true), expected: OUT, hardened: logs(false) },
  'pods of a namespace that are a role of AWS': {
    lab: besideRole('create', 'pods/exec'),
    expected: [
      'internet: public-endpoint web, network-exploit web, service-account-token web, cluster-cloud-role pod, administrator account',
    ],
    hardened: besideRole('get', 'pods'),
  },
  'EKS, a policy of an access entry': {
    lab: letIn([EKS('API'), entry, policies('cluster')]),
    expected: FROM_MACHINE,
    hardened: letIn([EKS('API'), entry, policies('namespace')]),
  },
  'EKS, groups of an access entry': {
    lab: letIn([EKS('API_AND_CONFIG_MAP'), entry], [bound('deployers')]),
    expected: [`${TO_ROLE}, cluster-login deployers, cluster-rights cluster-admin`],
    hardened: letIn([EKS('API_AND_CONFIG_MAP'), entry], [bound('others')]),
  },
  'EKS, a group that may enter the pods of a privileged account': {
    lab: letIn([EKS('API'), entry], besideOperator('create', 'pods/exec')),
    expected: [`${TO_ROLE}, cluster-login deployers, cluster-takeover cluster-admin`],
    hardened: letIn([EKS('API'), entry], besideOperator('get', 'pods')),
  },
  'EKS, a user of the map aws-auth': {
    lab: letIn([EKS('CONFIG_MAP')], [map(WEB, 'deployers'), bound('web', 'User')]),
    expected: [`${TO_ROLE}, cluster-login web, cluster-rights cluster-admin`],
    hardened: letIn([EKS('CONFIG_MAP')], [map(WEB, 'deployers'), bound('web')]),
  },
  'EKS, the map aws-auth': {
    lab: mapped('system:masters'),
    expected: [
      'internet: public-endpoint web, network-exploit web, pod-cloud-role pod, cluster-login cluster-admin',
    ],
    hardened: mapped('system:masters', 'API'),
  },
  'a repository that Argo CD applies to its cluster': {
    lab: argo(true),
    expected: applied('argocd-application-controller'),
    hardened: argo(false),
  },
  'a repository that Flux applies to its cluster': {
    lab: flux(false),
    expected: applied('kustomize-controller'),
    hardened: flux(true),
  },
};
