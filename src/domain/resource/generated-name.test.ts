import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controllerOfPodName, cronJobOfJobName } from './generated-name.ts';

describe('what a pod is a part of, by its name', () => {
  it.each([
    ['cert-manager-6c56b5f99b-hdrff', 'Deployment', 'cert-manager'],
    ['prometheus-kube-state-metrics-58c5cd6ddb-kd8xz', 'Deployment', 'prometheus-kube-state-metrics'],
    ['cilium-br58q', 'DaemonSet', 'cilium'],
    ['db-0', 'StatefulSet', 'db'],
    ['db-12', 'StatefulSet', 'db'],
    ['backup-28391820-x2x9k', 'CronJob', 'backup'],
    ['backup-1703509200-x2x9k', 'CronJob', 'backup'],
    ['nginx', 'Pod', 'nginx'],
    ['my-proxy', 'Pod', 'my-proxy'],
    ['kube-apiserver-node', 'Pod', 'kube-apiserver-node'],
    ['', 'Pod', ''],
  ])('%s', (pod, objectKind, name) => {
    expect(controllerOfPodName(pod)).toMatchObject({ objectKind, name });
  });

  it('never answers an empty name for a pod that has one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{1,60}$/), (pod) => {
        expect(controllerOfPodName(pod).name).not.toBe('');
      }),
    );
  });

  it.each([
    ['backup-28391820', 'backup'],
    ['backup-1703509200', 'backup'],
    ['migrate-20241120', null],
    ['backup', null],
    ['backup-12', null],
  ])('the job %s is of the cron job %s', (job, name) => {
    expect(cronJobOfJobName(job)).toBe(name);
  });
});
