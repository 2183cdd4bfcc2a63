import { asObjects, asText, at } from '#base/json-value.ts';
import { cronJobOfJobName } from '#domain/resource/generated-name.ts';
import { groupOf, type KubernetesObject } from './kubernetes-object.ts';

/** Group, kind, namespace and name: what tells one object of a cluster from the others. */
export type ObjectAddress = Pick<KubernetesObject, 'group' | 'objectKind' | 'namespace' | 'name'>;

/**
 * The object that a pod, ReplicaSet or Job is a part of, so that a restart does not make another resource
 * (design: identity, resource). It is told by this one object alone, never by its neighbours in the file, because
 * the same pod has to be the same resource whatever else was exported with it: the owner reference, and
 * behind a ReplicaSet or Job of a controller its name without the generated end. Any other object is its own.
 */
export function controllerOf(object: KubernetesObject): ObjectAddress {
  switch (object.objectKind) {
    case 'Pod': {
      const owner = ownerOf(object);
      if (owner === undefined) return { ...address(object), name: withoutGeneratedEnd(object) };
      if (owner.objectKind === 'ReplicaSet') return controllerOfReplicaSet(object, owner);
      if (owner.objectKind === 'Job') return controllerOfJob(owner);
      return owner;
    }
    case 'ReplicaSet':
      return ownerOf(object) ?? address(object);
    case 'Job':
      return ownerOf(object) ?? controllerOfJob(address(object));
    default:
      return address(object);
  }
}

export function addressText(address: ObjectAddress): string {
  return `${address.group}/${address.objectKind}/${address.namespace}/${address.name}`;
}

function address(object: KubernetesObject): ObjectAddress {
  return {
    group: object.group,
    objectKind: object.objectKind,
    namespace: object.namespace,
    name: object.name,
  };
}

/** The managing owner. The node that "owns" a static pod is where it runs, not what it is a part of. */
function ownerOf(object: KubernetesObject): ObjectAddress | undefined {
  const owners = asObjects(at(object.body, 'metadata', 'ownerReferences'));
  const owner = owners.find((each) => each.controller === true);
  const objectKind = asText(owner?.kind);
  const name = asText(owner?.name);
  if (objectKind === undefined || name === undefined || objectKind === 'Node') return undefined;
  return { group: groupOf(asText(owner?.apiVersion) ?? ''), objectKind, namespace: object.namespace, name };
}

/** Deployments and Argo's rollouts end a ReplicaSet's name with the hash of the template, which its pods carry as a label. */
function controllerOfReplicaSet(pod: KubernetesObject, replicaSet: ObjectAddress): ObjectAddress {
  const deployment = withoutEnd(replicaSet.name, pod.labels['pod-template-hash']);
  if (deployment !== undefined)
    return { ...replicaSet, group: 'apps', objectKind: 'Deployment', name: deployment };
  const rollout = withoutEnd(replicaSet.name, pod.labels['rollouts-pod-template-hash']);
  if (rollout !== undefined)
    return { ...replicaSet, group: 'argoproj.io', objectKind: 'Rollout', name: rollout };
  return replicaSet;
}

function controllerOfJob(job: ObjectAddress): ObjectAddress {
  const name = cronJobOfJobName(job.name);
  return name === null ? job : { ...job, group: 'batch', objectKind: 'CronJob', name };
}

function withoutEnd(name: string, hash: string | undefined): string | undefined {
  return hash !== undefined && hash !== '' && name.endsWith(`-${hash}`) && name.length > hash.length + 1
    ? name.slice(0, -hash.length - 1)
    : undefined;
}

function withoutGeneratedEnd(pod: KubernetesObject): string {
  const prefix = asText(at(pod.body, 'metadata', 'generateName'));
  return prefix !== undefined && prefix.length > 1 && prefix.endsWith('-') && pod.name.startsWith(prefix)
    ? prefix.slice(0, -1)
    : pod.name;
}
