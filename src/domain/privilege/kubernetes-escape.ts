import type { ContainerFacts, WorkloadFacts } from '../resource/facts/kubernetes-facts.ts';

/** A way from a container to its node, in words. */
export interface Escape {
  readonly how: string;
  /** False where it needs a user that the container may not have. */
  readonly isCertain: boolean;
  /** The one container that it is from; absent of files of the node, which any of them may have mounted. */
  readonly container?: ContainerFacts;
}

/** Capabilities that are as good as root on the node; the last opens any file of it by its handle. */
const CAPABILITIES = new Set(['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'DAC_READ_SEARCH']);

/** Folders of the node: who may write there runs code as root on it; with what is below them. */
const WRITABLE_TREES = [
  '/etc',
  '/root',
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/boot',
  '/opt/cni',
  '/proc/sys',
  '/var/spool/cron',
];
/** Folders that hold such a folder, or the tokens of every pod; only they themselves. */
const WRITABLE_FOLDERS = [
  '/',
  '/opt',
  '/var',
  '/var/spool',
  '/var/lib',
  '/var/lib/kubelet',
  '/var/lib/kubelet/pods',
  '/var/lib/docker',
  '/var/lib/containerd',
  '/proc',
  '/home',
];
/** Folders in which the credentials of other pods or of the node can be read. */
const READABLE_FOLDERS = [
  '/',
  '/var',
  '/var/lib',
  '/var/lib/kubelet',
  '/var/lib/kubelet/pods',
  '/var/lib/kubelet/pki',
  '/etc',
  '/etc/kubernetes',
  '/etc/kubernetes/pki',
  '/root',
  '/home',
  '/var/lib/etcd',
];
/** Where the sockets of container runtimes are; a socket that is mounted for reading can be talked to. */
const RUNTIME_SOCKETS = [
  '/var/run/docker.sock',
  '/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/var/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/var/run/crio/crio.sock',
  '/run/podman/podman.sock',
];

/**
 * How code in a container of a workload becomes root on its node, or reads what the node keeps for
 * other pods (design: attack-paths, Kubernetes: container escapes).
 */
export function escapesOf(workload: WorkloadFacts): readonly Escape[] {
  const escapes: Escape[] = [];
  for (const container of workload.containers) {
    if (container.privileged)
      escapes.push({ how: `container ${container.name} is privileged`, isCertain: true, container });
    const capabilities = container.addedCapabilities.map((name) => name.toUpperCase().replace(/^CAP_/, ''));
    const strong = capabilities.find(
      (name) => CAPABILITIES.has(name) || (name === 'SYS_PTRACE' && workload.hostPid),
    );
    if (strong !== undefined) {
      const withProcesses = strong === 'SYS_PTRACE' ? " and sees the node's processes" : '';
      escapes.push({
        how: `container ${container.name} has the capability ${strong}${withProcesses}`,
        isCertain: container.runsAsRoot !== false,
        container,
      });
    }
  }
  for (const { path, writable } of workload.hostPaths) {
    const how = hostPathGives(normal(path), writable);
    if (how !== null)
      escapes.push({
        how: `it ${how} (${path.slice(0, 200)} of the node is mounted)`,
        isCertain: mayBeRoot(workload),
      });
  }
  return escapes;
}

/** Folders in which a node keeps the logs of its containers, and reads them as root for whoever may ask for logs. */
const LOG_FOLDERS = ['/var/log', '/var/log/pods'];

/**
 * The mounted folder of logs in which code in a workload can leave a link to any file of its node, to be read as a log;
 * null where none is mounted, or nobody in it may write there.
 */
export function logFolderOf(workload: WorkloadFacts): string | null {
  if (!mayBeRoot(workload)) return null;
  const found = workload.hostPaths.find(
    ({ path, writable }) => writable && LOG_FOLDERS.includes(normal(path)),
  );
  return found === undefined ? null : normal(found.path);
}

function mayBeRoot({ containers }: WorkloadFacts): boolean {
  return containers.some(({ runsAsRoot }) => runsAsRoot !== false);
}

function hostPathGives(path: string, writable: boolean): string | null {
  if (RUNTIME_SOCKETS.some((socket) => socket === path || socket.startsWith(path === '/' ? '/' : `${path}/`)))
    return "reaches the container runtime's socket";
  if (
    writable &&
    (WRITABLE_FOLDERS.includes(path) ||
      WRITABLE_TREES.some((tree) => path === tree || path.startsWith(`${tree}/`)))
  )
    return 'may write files that the node runs or trusts';
  return READABLE_FOLDERS.includes(path) ? 'reads credentials that the node keeps' : null;
}

/** Without the slash at the end, doubled ones, and steps that go nowhere. */
function normal(path: string): string {
  const steps: string[] = [];
  for (const step of path.slice(0, 4_096).split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return `/${steps.join('/')}`;
}
