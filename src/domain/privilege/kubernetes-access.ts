import type { AccessRule } from '../resource/facts/kubernetes-facts.ts';
import type { PrivilegeLevel } from './privilege.ts';

/** A right that makes its holder privileged, or in one namespace may: as a person would name it. */
export interface Ability {
  readonly level: PrivilegeLevel;
  readonly can: string;
  /**
   * What it gives in a namespace, where it was granted there only: `pods` to run pods under any of its service
   * accounts, `accounts` to act as any of them, `running` as those that pods run under now, `secrets` as those whose
   * token a secret holds, `nothing` that a namespace has.
   */
  readonly takes: 'pods' | 'accounts' | 'running' | 'secrets' | 'nothing';
}

interface Test extends Ability {
  readonly holds: (rules: readonly AccessRule[]) => boolean;
}

const RBAC = 'rbac.authorization.k8s.io';

/** Workloads by group: who may write one runs pods. */
const POD_MAKERS: readonly (readonly [string, string])[] = [
  ['', 'pods'],
  ['', 'replicationcontrollers'],
  ['apps', 'deployments'],
  ['apps', 'statefulsets'],
  ['apps', 'daemonsets'],
  ['apps', 'replicasets'],
  ['batch', 'jobs'],
  ['batch', 'cronjobs'],
];

const WRITES = ['create', 'update', 'patch'];
const READS = ['get', 'list', 'watch'];

/** Who signs for them makes certificates that the API server takes for users or nodes. */
const CLIENT_SIGNERS = [
  'kubernetes.io/kube-apiserver-client',
  'kubernetes.io/kube-apiserver-client-kubelet',
  'kubernetes.io/*',
];

/** Strongest first. */
const TESTS: readonly Test[] = [
  {
    level: 'P0',
    can: 'do everything',
    takes: 'accounts',
    holds: (rules) =>
      rules.some(
        (rule) =>
          rule.verbs.includes('*') &&
          rule.groups.includes('*') &&
          rule.resources.includes('*') &&
          rule.names.length === 0,
      ),
  },
  {
    level: 'P1',
    can: 'bind any role to itself',
    takes: 'accounts',
    holds: (rules) =>
      allows(rules, ['bind'], RBAC, 'clusterroles', 'cluster-admin') &&
      (allows(rules, WRITES, RBAC, 'clusterrolebindings') || allows(rules, WRITES, RBAC, 'rolebindings')),
  },
  {
    level: 'P1',
    can: 'write rights into roles that it does not have (escalate)',
    takes: 'accounts',
    holds: (rules) =>
      (allows(rules, ['escalate'], RBAC, 'clusterroles') &&
        allows(rules, ['update', 'patch'], RBAC, 'clusterroles')) ||
      (allows(rules, ['escalate'], RBAC, 'roles') && allows(rules, ['update', 'patch'], RBAC, 'roles')),
  },
  {
    level: 'P1',
    can: 'impersonate users or groups',
    takes: 'nothing',
    holds: (rules) =>
      allows(rules, ['impersonate'], '', 'users') ||
      allows(rules, ['impersonate'], '', 'groups', 'system:masters'),
  },
  {
    level: 'P1',
    can: 'impersonate service accounts',
    takes: 'accounts',
    holds: (rules) => allows(rules, ['impersonate'], '', 'serviceaccounts'),
  },
  {
    level: 'P2',
    can: 'make tokens of service accounts',
    takes: 'accounts',
    holds: (rules) => allows(rules, ['create'], '', 'serviceaccounts/token'),
  },
  {
    level: 'P2',
    can: 'run pods',
    takes: 'pods',
    holds: (rules) => POD_MAKERS.some(([group, resource]) => allows(rules, WRITES, group, resource)),
  },
  {
    level: 'P2',
    can: 'execute commands in pods',
    takes: 'running',
    holds: (rules) =>
      allows(rules, ['create', 'get'], '', 'pods/exec') ||
      allows(rules, ['create', 'get'], '', 'pods/attach') ||
      allows(rules, ['update', 'patch'], '', 'pods/ephemeralcontainers'),
  },
  {
    level: 'P2',
    can: 'reach every kubelet (nodes/proxy)',
    takes: 'nothing',
    holds: (rules) => allows(rules, ['create', 'get'], '', 'nodes/proxy'),
  },
  {
    level: 'P2',
    can: 'change what others send to the API server (mutating webhooks)',
    takes: 'nothing',
    holds: (rules) => allows(rules, WRITES, 'admissionregistration.k8s.io', 'mutatingwebhookconfigurations'),
  },
  {
    level: 'P2',
    can: 'sign client certificates',
    takes: 'nothing',
    holds: (rules) =>
      allows(rules, ['update', 'patch'], 'certificates.k8s.io', 'certificatesigningrequests/approval') &&
      allows(rules, ['create'], 'certificates.k8s.io', 'certificatesigningrequests') &&
      CLIENT_SIGNERS.some((signer) => allows(rules, ['approve'], 'certificates.k8s.io', 'signers', signer)),
  },
  {
    level: 'P3',
    can: 'read secrets',
    takes: 'secrets',
    holds: (rules) => allows(rules, READS, '', 'secrets'),
  },
  {
    level: 'P3',
    can: 'see what others send to the API server, secrets too (validating webhooks)',
    takes: 'nothing',
    holds: (rules) =>
      allows(rules, WRITES, 'admissionregistration.k8s.io', 'validatingwebhookconfigurations'),
  },
  {
    level: 'P4',
    can: 'change network policies',
    takes: 'nothing',
    holds: (rules) => allows(rules, [...WRITES, 'delete'], 'networking.k8s.io', 'networkpolicies'),
  },
  {
    level: 'P4',
    can: 'change nodes',
    takes: 'nothing',
    holds: (rules) => allows(rules, ['update', 'patch', 'delete'], '', 'nodes'),
  },
  {
    level: 'P4',
    can: 'change namespaces, and so what is admitted to them',
    takes: 'nothing',
    holds: relabels,
  },
];

/**
 * What a set of rules lets its holder do, as far as it makes somebody privileged, strongest first; of who may do
 * everything only that.
 */
export function abilitiesOf(rules: readonly AccessRule[]): readonly Ability[] {
  const held = TESTS.filter((test) => test.holds(rules)).map(({ level, can, takes }) => ({
    level,
    can,
    takes,
  }));
  return held[0]?.level === 'P0' ? held.slice(0, 1) : held;
}

/** Changing a namespace, and with it the label by which it enforces how pods may be. */
export function relabels(rules: readonly AccessRule[]): boolean {
  return allows(rules, ['update', 'patch'], '', 'namespaces');
}

/** Reading the logs of pods. */
export function readsLogs(rules: readonly AccessRule[]): boolean {
  return allows(rules, ['get'], '', 'pods/log');
}

/**
 * Whether one of the verbs is allowed on a resource, of any name or of the one that is given. A rule for
 * names does not let anybody create: the API server does not know the name yet.
 */
function allows(
  rules: readonly AccessRule[],
  verbs: readonly string[],
  group: string,
  resource: string,
  name?: string,
): boolean {
  const anySub = resource.includes('/') ? `*/${resource.slice(resource.indexOf('/') + 1)}` : resource;
  return rules.some(
    (rule) =>
      (rule.verbs.includes('*') || verbs.some((verb) => rule.verbs.includes(verb))) &&
      (rule.groups.includes('*') || rule.groups.includes(group)) &&
      (rule.resources.includes('*') ||
        rule.resources.includes(resource) ||
        rule.resources.includes(anySub)) &&
      (rule.names.length === 0 || (name !== undefined && rule.names.includes(name))),
  );
}
