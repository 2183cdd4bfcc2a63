interface KubernetesKind {
  readonly objectKind: string;
  /** API group without version; empty for the core group. */
  readonly group: string;
  readonly isNamespaced: boolean;
}

const RBAC = 'rbac.authorization.k8s.io';

function namespaced(objectKind: string, group = ''): KubernetesKind {
  return { objectKind, group, isNamespaced: true };
}

function ofCluster(objectKind: string, group = ''): KubernetesKind {
  return { objectKind, group, isNamespaced: false };
}

/** Prowler's types of Kubernetes resources. The parts of the control plane run as pods. */
const KINDS: ReadonlyMap<string, KubernetesKind> = new Map([
  ['KubernetesPod', namespaced('Pod')],
  ['Pod', namespaced('Pod')],
  ['KubernetesAPIServer', namespaced('Pod')],
  ['KubernetesControllerManager', namespaced('Pod')],
  ['KubernetesScheduler', namespaced('Pod')],
  ['KubernetesETCD', namespaced('Pod')],
  ['KubernetesKubelet', namespaced('ConfigMap')],
  ['KubernetesConfigMap', namespaced('ConfigMap')],
  ['KubernetesNode', ofCluster('Node')],
  ['KubernetesNamespace', ofCluster('Namespace')],
  ['KubernetesSecret', namespaced('Secret')],
  ['KubernetesService', namespaced('Service')],
  ['KubernetesServiceAccount', namespaced('ServiceAccount')],
  ['KubernetesDeployment', namespaced('Deployment', 'apps')],
  ['KubernetesDaemonSet', namespaced('DaemonSet', 'apps')],
  ['KubernetesStatefulSet', namespaced('StatefulSet', 'apps')],
  ['KubernetesRole', namespaced('Role', RBAC)],
  ['KubernetesRoleBinding', namespaced('RoleBinding', RBAC)],
  ['KubernetesClusterRole', ofCluster('ClusterRole', RBAC)],
  ['KubernetesClusterRoleBinding', ofCluster('ClusterRoleBinding', RBAC)],
]);

/** The kind that a type of Prowler stands for; a type that is not listed stands for itself, in the core group. */
export function kubernetesKind(type: string | undefined): KubernetesKind {
  const known = type === undefined ? undefined : KINDS.get(type);
  return known ?? namespaced(type?.replace(/^Kubernetes(?=[A-Z])/, '') ?? 'Unknown');
}
