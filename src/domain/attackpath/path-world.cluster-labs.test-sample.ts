import type { Lab } from './path-world.labs.test-sample.ts';
import { account, CONTAINER, clusterWith, granted, pod } from './path-world.shape-labs.test-sample.ts';

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

const OUT = ['internet: public-endpoint web, network-exploit web, container-escape node'];

/** Attacks on containers that take more than one thing (attack-paths §4.12, by the names of KubeHound). */
export const CLUSTER_LABS: Readonly<Record<string, ClusterLab>> = {
  SHARE_PS_NAMESPACE: { lab: together(true), expected: OUT, hardened: together(false) },
  CE_VAR_LOG_SYMLINK: { lab: logs(true), expected: OUT, hardened: logs(false) },
};
