import { describe, expect, it } from 'vitest';
import { workloadFacts } from '../resource/facts/kubernetes-facts.ts';
import { escapesOf } from './kubernetes-escape.ts';

const WRITES = 'may write files that the node runs or trusts';
const READS = 'reads credentials that the node keeps';
const TALKS = "reaches the container runtime's socket";

function howOf(path: string, writable: boolean): string | null {
  const facts = workloadFacts({ containers: [{ name: 'c' }], hostPaths: [{ path, writable }] });
  const [found, ...others] = escapesOf(facts);
  expect(others).toEqual([]);
  if (found === undefined) return null;
  expect(found.isCertain).toBe(true);
  return /^it (.+) \((.+) of the node is mounted\)$/.exec(found.how)?.[1] ?? found.how;
}

describe('a folder of the node in a container', () => {
  it.each<[path: string, mayWrite: string | null, mayRead: string | null]>([
    ...[
      '/',
      '/var',
      '/run',
      '/var/run',
      '/run/containerd',
      '/var/run/containerd',
      '/run/crio',
      '/var/run/crio',
      '/run/podman',
    ].map((path): [string, string, string] => [path, TALKS, TALKS]),
    ...[
      '/var/run/docker.sock',
      '/run/docker.sock',
      '/run/containerd/containerd.sock',
      '/var/run/containerd/containerd.sock',
      '/run/crio/crio.sock',
      '/var/run/crio/crio.sock',
      '/run/podman/podman.sock',
      '//var//run/./docker.sock/',
      '/var/log/../run/docker.sock',
    ].map((path): [string, string, string] => [path, TALKS, TALKS]),
    ...['/etc', '/root', '/home', '/var/lib', '/var/lib/kubelet', '/var/lib/kubelet/pods'].map(
      (path): [string, string, string] => [path, WRITES, READS],
    ),
    ['/etc/kubernetes', WRITES, READS],
    ['/etc/kubernetes/pki', WRITES, READS],
    ['/var/lib/kubelet/pki', READS, READS],
    ['/var/lib/etcd', READS, READS],
    ...[
      '/usr',
      '/bin',
      '/sbin',
      '/lib',
      '/lib64',
      '/boot',
      '/opt/cni',
      '/proc/sys',
      '/var/spool/cron',
    ].flatMap((path): [string, string | null, string | null][] => [
      [path, WRITES, null],
      [`${path}/below`, WRITES, null],
      [`${path}-other`, null, null],
    ]),
    ['/etc/below', WRITES, null],
    ['/root/.ssh', WRITES, null],
    ...['/opt', '/var/spool', '/var/lib/docker', '/var/lib/containerd', '/proc'].flatMap(
      (path): [string, string | null, string | null][] => [
        [path, WRITES, null],
        [`${path}/else`, null, null],
      ],
    ),
    ['/var/log', null, null],
    ['/data', null, null],
    ['/home/ada', null, null],
  ])('%s', (path, mayWrite, mayRead) => {
    expect([howOf(path, true), howOf(path, false)]).toEqual([mayWrite, mayRead]);
  });

  it('needs root, which a container that runs as somebody else has not for certain', () => {
    const facts = (...runsAsRoot: (boolean | null)[]) =>
      workloadFacts({
        containers: runsAsRoot.map((each) => ({ name: 'c', runsAsRoot: each })),
        hostPaths: [{ path: '/etc' }],
      });
    expect(escapesOf(facts(false)).map(({ isCertain }) => isCertain)).toEqual([false]);
    expect(escapesOf(facts(false, null)).map(({ isCertain }) => isCertain)).toEqual([true]);
  });
});

describe('what a container is given', () => {
  const of = (
    container: Parameters<typeof workloadFacts>[0],
    more: Parameters<typeof workloadFacts>[0] = {},
  ) => escapesOf(workloadFacts({ containers: [{ name: 'c', ...container }], ...more }));

  it.each([
    ['ALL', true],
    ['SYS_ADMIN', true],
    ['CAP_SYS_ADMIN', true],
    ['sys_module', true],
    ['DAC_READ_SEARCH', true],
    ['SYS_PTRACE', false],
    ['NET_ADMIN', false],
    ['CAP_CHOWN', false],
  ])('the capability %s: %j', (capability, isEscape) => {
    expect(of({ addedCapabilities: [capability] })).toHaveLength(isEscape ? 1 : 0);
  });

  it('tells how', () => {
    expect(of({ privileged: true })).toMatchObject([
      { how: 'container c is privileged', isCertain: true, container: { name: 'c' } },
    ]);
    expect(of({ addedCapabilities: ['SYS_ADMIN'], runsAsRoot: false })).toMatchObject([
      { how: 'container c has the capability SYS_ADMIN', isCertain: false, container: { name: 'c' } },
    ]);
    expect(of({ addedCapabilities: ['SYS_PTRACE'] }, { hostPid: true })).toMatchObject([
      { how: "container c has the capability SYS_PTRACE and sees the node's processes", isCertain: true },
    ]);
  });
});
