import { asText, type JsonObject } from '#base/json-value.ts';
import type { KubernetesObjectDescription } from '#domain/resource/resource-description.ts';

/** API groups of the kinds that Trivy scans; those of the core group are not listed. */
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

/** The object that an entry of `Resources` is about. Trivy names its kind and not its API group. */
export function kubernetesObject(resource: JsonObject, cluster: string | null): KubernetesObjectDescription {
  const objectKind = asText(resource['Kind']) ?? '';
  return {
    kind: 'kubernetes',
    cluster,
    group: GROUPS.get(objectKind) ?? '',
    objectKind,
    namespace: asText(resource['Namespace']) ?? '',
    name: asText(resource['Name']) ?? '',
  };
}

/** True for objects that say who may do what. */
export function isIdentityKind(objectKind: string): boolean {
  return IDENTITY_KINDS.has(objectKind);
}
