import type { Alias } from '#domain/finding/aliases.ts';
import type { RelationObservation, ResourceObservation } from '#domain/finding/observation.ts';
import type { ScanRequest } from '#domain/ports/import-store.ts';
import { isProjectFullName } from '#domain/resource/google-project.ts';
import { onDockerHub } from '#domain/resource/image-name.ts';
import { identifyResource, type ResourceIdentity } from '#domain/resource/resource-key.ts';
import { membershipsOf } from '#domain/resource/scaling-group.ts';
import type { Queryable } from '../database.ts';
import type { Organisation } from '../organisation.ts';

const INSTANCE_ID = /^i-[0-9a-f]{8,17}$/;
/** A resource that a plan knew by its address. */
const PLANNED = 'terraform:';
/** An image that only its source knows under this name. */
const LOCAL_IMAGE = 'image:@';

/**
 * The exact aliases of resources that a scan brings (design: identity, resource): an instance of the cloud
 * is the host of that instance id, and a member of the scaling group that replaces it; what a plan knew by its address is what the state has there; a project of
 * Google Cloud that is named by its id is the one of that number; of two images with one image id the one that has a registry names both;
 * and a name without registry is Docker Hub's where the inventory runs it.
 */
export async function aliasesOfEstate(
  db: Queryable,
  organisation: Organisation,
  request: ScanRequest,
  resources: readonly ResourceObservation[],
  relations: readonly RelationObservation[],
): Promise<readonly Alias[]> {
  return [
    ...resources.flatMap((observed) => hostAliases(observed, request)),
    ...resources.flatMap((observed) => groupAliases(observed, request)),
    ...(await imageAliases(db, organisation, imagesOf(request, relations))),
    ...(await hubAliases(db, organisation, request, relations)),
  ];
}

function hostAliases(
  { resource, aliases = [] }: ResourceObservation,
  { naming }: ScanRequest,
): readonly Alias[] {
  if (resource.kind !== 'cloud') return [];
  return aliases
    .filter(
      ({ text, confidence }) =>
        confidence === 1 && (INSTANCE_ID.test(text) || text.startsWith(PLANNED) || isProjectFullName(text)),
    )
    .map(
      ({ text }): Alias => ({
        kind: 'resource',
        name: text.startsWith(PLANNED) ? text : isProjectFullName(text) ? `gcp:${text}` : `host:${text}`,
        target: identifyResource(resource, naming),
      }),
    );
}

function groupAliases(observed: ResourceObservation, { naming }: ScanRequest): readonly Alias[] {
  return membershipsOf(observed).map(
    ({ member, group }): Alias => ({
      kind: 'member',
      name: identifyResource(member, naming).key,
      target: identifyResource(group, naming),
    }),
  );
}

/**
 * A name without registry that only its source knows is Docker Hub's once the inventory runs it under that name, in
 * whatever order the two arrive.
 */
async function hubAliases(
  db: Queryable,
  { id, shard }: Organisation,
  { scope, naming }: ScanRequest,
  relations: readonly RelationObservation[],
): Promise<readonly Alias[]> {
  const scanned = scope.image?.resourceKey.startsWith(LOCAL_IMAGE) === true ? [scope.image.resourceKey] : [];
  const running = relations.flatMap(({ relation, to }) =>
    relation === 'runs-image' && to.kind === 'image'
      ? identifyResource({ ...to, inRegistry: true }, naming).key
      : [],
  );
  if (scanned.length === 0 && running.length === 0) return [];
  const known = await db.query<{ key: string }>(
    `select distinct image_key as key from scope where organisation = $1 and $3 and starts_with(image_key, $4)
     union select to_key from relation where shard = $2 and kind = 'runs-image' and to_key = any($5::text[])`,
    [id, shard, running.length > 0, LOCAL_IMAGE, scanned.map(onHub)],
  );
  const runs = new Set([...running, ...known.rows.map(({ key }) => key)]);
  return [...new Set([...scanned, ...known.rows.map(({ key }) => key)])]
    .filter((key) => key.startsWith(LOCAL_IMAGE) && runs.has(onHub(key)))
    .map((key): Alias => ({ kind: 'resource', name: key, target: imageOf(onHub(key)) }));
}

/** `image:@trivy/redis` as Docker Hub spells it. */
function onHub(local: string): string {
  return `image:docker.io/${onDockerHub(local.slice(local.indexOf('/') + 1))}`;
}

/** The images that a scan names with their image ids. */
function imagesOf(
  { scope, naming }: ScanRequest,
  relations: readonly RelationObservation[],
): ReadonlyMap<string, ReadonlyMap<string, ResourceIdentity>> {
  const images = new Map<string, Map<string, ResourceIdentity>>();
  const add = (imageId: string, image: ResourceIdentity) =>
    images.set(imageId, (images.get(imageId) ?? new Map<string, ResourceIdentity>()).set(image.key, image));
  if (scope.image !== null && scope.image.imageId !== null)
    add(scope.image.imageId, imageOf(scope.image.resourceKey));
  for (const { relation, to } of relations)
    if (relation === 'runs-image' && to.kind === 'image' && to.imageId !== undefined)
      add(to.imageId, identifyResource(to, naming));
  return images;
}

function imageOf(key: string): ResourceIdentity {
  return { key, kind: 'image', name: key.replace(/^image:(?:@[^/]*\/)?/, '') };
}

async function imageAliases(
  db: Queryable,
  { id, shard }: Organisation,
  images: ReadonlyMap<string, ReadonlyMap<string, ResourceIdentity>>,
): Promise<readonly Alias[]> {
  if (images.size === 0) return [];
  const ids = [...images.keys()];
  const known = await db.query<{ image_id: string; key: string }>(
    `select image_id, image_key as key from scope where organisation = $1 and image_id = any($3::text[]) and image_key is not null
     union select image_id, to_key from relation where shard = $2 and kind = 'runs-image' and image_id = any($3::text[])`,
    [id, shard, ids],
  );
  const named = Map.groupBy(known.rows, (row) => row.image_id);
  return ids.flatMap((imageId) => {
    const all = new Map([
      ...(named.get(imageId) ?? []).map(({ key }): [string, ResourceIdentity] => [key, imageOf(key)]),
      ...(images.get(imageId) ?? []),
    ]);
    const isLocal = ({ key }: ResourceIdentity) => key.startsWith(LOCAL_IMAGE);
    return [...all.values()]
      .filter(isLocal)
      .flatMap((local) =>
        [...all.values()]
          .filter((image) => !isLocal(image))
          .map((target): Alias => ({ kind: 'resource', name: local.key, target })),
      );
  });
}
