/** API groups of the kinds that scanners name without one; those of the core group are not listed. */
const GROUPS: ReadonlyMap<string, string> = new Map([
  ['Deployment', 'apps'],
  ['ReplicaSet', 'apps'],
  ['StatefulSet', 'apps'],
  ['DaemonSet', 'apps'],
  ['Job', 'batch'],
  ['CronJob', 'batch'],
  ['Role', 'rbac.authorization.k8s.io'],
  ['RoleBinding', 'rbac.authorization.k8s.io'],
  ['ClusterRole', 'rbac.authorization.k8s.io'],
  ['ClusterRoleBinding', 'rbac.authorization.k8s.io'],
  ['NetworkPolicy', 'networking.k8s.io'],
  ['Ingress', 'networking.k8s.io'],
]);

const IDENTITY_KINDS: ReadonlySet<string> = new Set([
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
]);

/** The API group of a kind, without version; empty for the core group and for kinds never seen. */
export function apiGroupOfKind(objectKind: string): string {
  return GROUPS.get(objectKind) ?? '';
}

/** True for objects that say who may do what. */
export function isIdentityKind(objectKind: string): boolean {
  return IDENTITY_KINDS.has(objectKind);
}
