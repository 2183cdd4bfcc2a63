/** Ports whose services hand over the node or the cluster to whoever reaches them (attack-paths §2.7, 6). */
const PORTS: ReadonlyMap<string, string> = new Map([
  ['6443', 'the API server of the cluster, which does what it is told by whom it knows'],
  ['10250', 'the kubelet, which runs commands in every pod of its node'],
  ['10255', 'the kubelet, which tells everybody what runs on its node'],
  ['2379', 'etcd, which holds everything of the cluster, secrets too'],
  ['2380', 'etcd, which holds everything of the cluster, secrets too'],
  ['2375', 'the Docker daemon, which runs anything as root on its node'],
  ['2376', 'the Docker daemon, which runs anything as root on its node'],
  ['4194', 'cAdvisor, which tells everybody what runs on its node'],
]);

/** Applications that run code in the cluster for those who use them, by the name that their objects have. */
const APPLICATIONS: readonly (readonly [RegExp, string])[] = [
  [
    /(?:^|-)kubernetes-dashboard(?:-|$)/,
    'the dashboard of Kubernetes, which acts in the cluster for its users',
  ],
  [/(?:^|-)argo-?cd-server(?:-|$)/, 'Argo CD, which deploys to the cluster'],
  [/(?:^|-)argo(?:-workflows)?-server(?:-|$)/, 'Argo Workflows, which runs containers for its users'],
  [
    /^(?:centraldashboard|ml-pipeline-ui|jupyter-web-app)/,
    'Kubeflow, which runs notebooks and pipelines for its users',
  ],
];

/** Ports that only tell, or that ask who it is. */
const TELLING: ReadonlySet<string> = new Set(['6443', '10255', '4194']);

/** What an open way leads to that is as good as the cluster. */
export interface Administration {
  /** In words: `etcd, which holds everything of the cluster, secrets too`. */
  readonly what: string;
  /** Whoever gets there runs code in the cluster, or reads all of it. */
  readonly runsCode: boolean;
}

/** Null for an ordinary way. */
export function administers(
  name: string,
  ports: readonly (string | number | null | undefined)[],
): Administration | null {
  for (const port of ports) {
    const found = port == null ? undefined : PORTS.get(String(port));
    if (found !== undefined) return { what: found, runsCode: !TELLING.has(String(port)) };
  }
  const application = APPLICATIONS.find(([pattern]) => pattern.test(name.slice(0, 253)));
  return application === undefined ? null : { what: application[1], runsCode: true };
}
