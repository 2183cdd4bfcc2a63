import type { ScopeContext } from '#domain/finding/finding-state.ts';
import { joinedByTag } from '#domain/resource/assumed-join.ts';
import { runtimeReference } from '#domain/resource/image-name.ts';
import type { Queryable } from './database.ts';

/** A workload that runs an image, with every name under which the inventory knows what it runs. */
export interface RunningWorkload {
  readonly key: string;
  readonly digests: ReadonlySet<string>;
  readonly imageIds: ReadonlySet<string>;
  readonly references: ReadonlySet<string>;
}

/** The workloads that run one of these images, by image. */
export async function loadRunningWorkloads(
  db: Queryable,
  shard: bigint,
  imageKeys: readonly string[],
): Promise<ReadonlyMap<string, readonly RunningWorkload[]>> {
  if (imageKeys.length === 0) return new Map();
  const result = await db.query<{
    to_key: string;
    from_key: string;
    digests: string[];
    image_ids: string[];
    refs: string[];
  }>({
    name: 'running-workloads',
    text: `select to_key, from_key, array_agg(digest) filter (where digest <> '') as digests, array_agg(image_id) filter (where image_id <> '') as image_ids,
        array_agg(reference) filter (where reference <> '') as refs
      from relation where shard = $1 and kind = 'runs-image' and to_key = any($2::text[]) group by to_key, from_key`,
    values: [shard, imageKeys],
  });
  const workloads = result.rows.map((row) => ({
    image: row.to_key,
    workload: {
      key: row.from_key,
      digests: new Set(row.digests),
      imageIds: new Set(row.image_ids),
      references: new Set(row.refs),
    },
  }));
  return new Map(
    [...Map.groupBy(workloads, (each) => each.image)].map(([image, each]) => [
      image,
      each.map(({ workload }) => workload),
    ]),
  );
}

/** A workload that runs an image that was scanned. */
export interface JoinedWorkload {
  readonly key: string;
  /** What was taken as given to say so; null where a digest or an image id tells. */
  readonly assumed: string | null;
}

/**
 * The workloads that run an image which one of these scopes scanned: by digest or image id, and by tag where the two know
 * nothing exact of the same kind, which is then said (design: attack-paths §1.1). Each once, by its surest join.
 */
export function runningOf(
  workloads: readonly RunningWorkload[] | undefined,
  scopes: readonly ScopeContext[],
): readonly JoinedWorkload[] {
  if (workloads === undefined) return [];
  const joined = new Map<string, JoinedWorkload>();
  for (const workload of workloads)
    for (const scope of scopes) {
      const before = joined.get(workload.key);
      if (before?.assumed === null) break;
      const join = joinOf(workload, scope);
      if (join !== null && (before === undefined || join.assumed === null)) joined.set(workload.key, join);
    }
  return [...joined.values()];
}

function joinOf(
  { key, digests, imageIds, references }: RunningWorkload,
  { image }: ScopeContext,
): JoinedWorkload | null {
  if (image === null) return null;
  const { digest, imageId, reference } = image;
  if (digest !== null && digests.has(digest)) return { key, assumed: null };
  if (imageId !== null && imageIds.has(imageId)) return { key, assumed: null };
  // Two that differ are two images. Where there is nothing to compare, a tag runs some image of that tag: maybe this one.
  const differs = (digest !== null && digests.size > 0) || (imageId !== null && imageIds.size > 0);
  if (differs || reference === null) return null;
  const pulled = runtimeReference(reference);
  return references.has(pulled) ? { key, assumed: joinedByTag(pulled) } : null;
}
