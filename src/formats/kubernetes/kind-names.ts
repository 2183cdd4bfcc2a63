/** Kinds by the names that kubectl takes for them: plural, short. */
const KINDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Pod: ['pods', 'pod', 'po'],
    Deployment: ['deployments', 'deployment', 'deploy'],
    ReplicaSet: ['replicasets', 'replicaset', 'rs'],
    StatefulSet: ['statefulsets', 'statefulset', 'sts'],
    DaemonSet: ['daemonsets', 'daemonset', 'ds'],
    Job: ['jobs', 'job'],
    CronJob: ['cronjobs', 'cronjob', 'cj'],
    Service: ['services', 'service', 'svc'],
    EndpointSlice: ['endpointslices', 'endpointslice'],
    Endpoints: ['endpoints', 'ep'],
    BackendConfig: ['backendconfigs', 'backendconfig'],
    Ingress: ['ingresses', 'ingress', 'ing'],
    Gateway: ['gateways', 'gateway', 'gtw'],
    HTTPRoute: ['httproutes', 'httproute'],
    ReferenceGrant: ['referencegrants', 'referencegrant', 'refgrant'],
    NetworkPolicy: ['networkpolicies', 'networkpolicy', 'netpol'],
    Namespace: ['namespaces', 'namespace', 'ns'],
    Node: ['nodes', 'node', 'no'],
    ServiceAccount: ['serviceaccounts', 'serviceaccount', 'sa'],
    Role: ['roles', 'role'],
    ClusterRole: ['clusterroles', 'clusterrole'],
    RoleBinding: ['rolebindings', 'rolebinding'],
    ClusterRoleBinding: ['clusterrolebindings', 'clusterrolebinding'],
    Application: ['applications', 'application', 'applications.argoproj.io'],
    AppProject: ['appprojects', 'appproject', 'appprojects.argoproj.io'],
    GitRepository: ['gitrepositories', 'gitrepository', 'gitrepositories.source.toolkit.fluxcd.io'],
    Kustomization: ['kustomizations', 'kustomization', 'kustomizations.kustomize.toolkit.fluxcd.io'],
    HelmRelease: ['helmreleases', 'helmrelease', 'hr'],
  }).flatMap(([kind, names]) => names.map((name) => [name, kind] as const)),
);

/**
 * The kinds that a file was asked for, if its name says so (`ingresses.json`, `netpol,ingress.json`): kubectl's answer
 * to a question that nothing matches is an empty `List`, which does not repeat the question.
 * Empty when any part of the name is no kind.
 */
export function kindsOfFileName(path: string): readonly string[] {
  const file = (path.split(/[/\\!]/).at(-1) ?? '').slice(0, 500).toLowerCase();
  const stem = file.replace(/(?:\.json|\.gz)+$/, '');
  const kinds = stem.split(/[,+]/).map((name) => KINDS.get(name));
  return kinds.every((kind): kind is string => kind !== undefined) ? kinds : [];
}
