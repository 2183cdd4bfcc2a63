import { asObjects, asText, type JsonObject } from '#base/json-value.ts';
import type { Observation, ResourceObservation } from '#domain/finding/observation.ts';
import type { CloudObjectDescription } from '#domain/resource/resource-description.ts';
import { imageNamed } from '../image-named.ts';
import { parseArn } from './aws-names.ts';

/**
 * The images that a task of ECS runs, by their digests (attack-paths §1.3, `image-of`): of a service's task its service
 * runs them, as tasks come and go. A definition alone runs nothing.
 */
export function imagesOfTask(task: ResourceObservation, description: JsonObject): readonly Observation[] {
  if (asText(description['lastStatus']) === 'STOPPED') return [];
  const images = asObjects(description['containers']).flatMap((container) => {
    const named = asText(container['image']);
    return named === undefined ? [] : [imageNamed(named, asText(container['imageDigest']))];
  });
  if (images.length === 0) return [];
  const service = serviceOf(description);
  const from = service?.resource ?? task.resource;
  return [
    ...(service === null ? [] : [service]),
    ...images.map((to): Observation => ({ kind: 'relation', relation: 'runs-image', from, to })),
  ];
}

/** The image that a function of Lambda is made of, where it is one. */
export function imageOfFunction({ resource }: ResourceObservation, code: JsonObject): readonly Observation[] {
  const named = asText(code['ImageUri']);
  if (named === undefined) return [];
  const digest = asText(code['ResolvedImageUri'])?.split('@')[1];
  return [{ kind: 'relation', relation: 'runs-image', from: resource, to: imageNamed(named, digest) }];
}

/** The service that started a task, by the group of the task and its cluster; its own description tells the rest. */
function serviceOf(task: JsonObject): ResourceObservation | null {
  const name = /^service:([A-Za-z0-9_-]{1,255})$/.exec(asText(task['group']) ?? '')?.[1];
  const cluster = parseArn(asText(task['clusterArn']));
  if (name === undefined || cluster === null || !cluster.resource.startsWith('cluster/')) return null;
  const { partition, region, account } = cluster;
  const path = `${cluster.resource.slice('cluster/'.length)}/${name}`;
  const resource: CloudObjectDescription = {
    kind: 'cloud',
    provider: 'aws',
    id: `arn:${partition}:ecs:${region}:${account}:service/${path}`,
    type: 'ecs-service',
    name,
    account,
    region,
  };
  return { kind: 'resource', resource, type: 'ecs-service', name, account, region, facts: {} };
}
