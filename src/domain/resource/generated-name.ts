/** The letters that Kubernetes makes names of: no vowels and nothing that looks like another. */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';
const OF_DEPLOYMENT = new RegExp(`^(.{1,253})-${SAFE}{6,10}-${SAFE}{5}$`);
const OF_JOB = new RegExp(`^(.{1,253})-${SAFE}{5}$`);
const OF_STATEFUL_SET = /^(.{1,253})-\d{1,5}$/;
const JOB_TIME = /^(.{1,253})-(\d{8}|\d{10})$/;

const MINUTES = { from: 26_000_000, to: 60_000_000 };
const SECONDS = { from: 1_500_000_000, to: 3_600_000_000 };

/** A controller as its pods' names tell it. */
export interface NamedController {
  readonly group: string;
  readonly objectKind: string;
  readonly name: string;
}

/**
 * What a pod is a part of, judged by its name alone, for reports that say no more (design: identity, resource):
 * `shop-6c56b5f99b-hdrff` is of the Deployment `shop`, `backup-28391820-x2x9k` of the CronJob `backup`,
 * `agent-x2x9k` of the DaemonSet `agent`, `db-0` of the StatefulSet `db`. A name without a generated end is
 * that of a pod of its own.
 */
export function controllerOfPodName(pod: string): NamedController {
  const deployment = OF_DEPLOYMENT.exec(pod)?.[1];
  if (deployment !== undefined) {
    const cronJob = cronJobOfJobName(pod.slice(0, -6));
    if (cronJob !== null) return { group: 'batch', objectKind: 'CronJob', name: cronJob };
    return { group: 'apps', objectKind: 'Deployment', name: deployment };
  }
  const owner = OF_JOB.exec(pod)?.[1];
  if (owner !== undefined) {
    const cronJob = cronJobOfJobName(owner);
    if (cronJob !== null) return { group: 'batch', objectKind: 'CronJob', name: cronJob };
    return { group: 'apps', objectKind: 'DaemonSet', name: owner };
  }
  const statefulSet = OF_STATEFUL_SET.exec(pod)?.[1];
  if (statefulSet !== undefined) return { group: 'apps', objectKind: 'StatefulSet', name: statefulSet };
  return { group: '', objectKind: 'Pod', name: pod };
}

/**
 * The CronJob that made a Job of this name: CronJobs end it with the scheduled time in minutes (eight digits), older ones
 * in seconds. Null for other names; a date like `20260131` is no such time.
 */
export function cronJobOfJobName(job: string): string | null {
  const match = JOB_TIME.exec(job);
  if (match === null) return null;
  const [, name = '', digits = ''] = match;
  const time = Number(digits);
  const range = digits.length === 8 ? MINUTES : SECONDS;
  return time >= range.from && time <= range.to ? name : null;
}
