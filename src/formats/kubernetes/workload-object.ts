import { asNumber, asText, at } from '#base/json-value.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

const KINDS = new Set([
  'Pod',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicationController',
  'Rollout',
]);

/** A kind that runs pods, and whose objects hold a pod's specification. */
export function isWorkload(object: Pick<KubernetesObject, 'objectKind'>): boolean {
  return KINDS.has(object.objectKind);
}

/** A pod that occupies a node: neither finished nor failed. */
export function isRunningPod(object: KubernetesObject): boolean {
  if (object.objectKind !== 'Pod') return false;
  const phase = asText(at(object.body, 'status', 'phase'));
  return phase !== 'Succeeded' && phase !== 'Failed';
}

/** Tells one describing object of a controller from another. */
export function describerText(object: KubernetesObject): string {
  return `${object.objectKind}/${object.name}`;
}

/** Pods that an object asks for; 0 is scaled down, suspended or finished, null when it does not say. */
export function replicasOf(object: KubernetesObject): number | null {
  const { body } = object;
  switch (object.objectKind) {
    case 'Pod':
      return isRunningPod(object) ? 1 : 0;
    case 'CronJob':
      return at(body, 'spec', 'suspend') === true ? 0 : null;
    case 'Job':
      if (at(body, 'spec', 'suspend') === true) return 0;
      return (
        asNumber(at(body, 'status', 'active')) ?? (at(body, 'status', 'startTime') === undefined ? null : 0)
      );
    case 'DaemonSet':
      return asNumber(at(body, 'status', 'desiredNumberScheduled')) ?? null;
    default:
      return asNumber(at(body, 'spec', 'replicas')) ?? 1;
  }
}
