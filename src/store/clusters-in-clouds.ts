import { RUN_BY_CLOUDS } from '#domain/exposure/api-server.ts';
import type { Queryable } from './database.ts';
import { IN_CLOUDS, namesInCloud } from './estate/cluster-name.ts';

const TYPES = Object.keys(RUN_BY_CLOUDS);

/**
 * Of these clusters what their cloud's own inventory has of each: by its id there, else as the only one of its name (attack-paths §1.1).
 * What is found about a cluster is deployed on that. Clusters that no cloud's inventory has are left out.
 */
export async function clustersInClouds(
  db: Queryable,
  shard: bigint,
  clusters: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (clusters.length === 0) return new Map();
  const result = await db.query<{ key: string; name: string }>({
    name: 'clusters-of-clouds',
    text: `select key, name from resource
      where shard = $1 and type = any($2::text[]) and estate like any($3::text[]) and facts is not null and gone_at is null`,
    values: [shard, TYPES, IN_CLOUDS],
  });
  return new Map(
    clusters.flatMap((cluster) => {
      const own = namesInCloud(cluster);
      const exact = result.rows.filter(({ key }) => own.keys.includes(key));
      const [found, ...others] =
        exact.length > 0 ? exact : result.rows.filter(({ name }) => name === own.name);
      return found === undefined || others.length > 0 ? [] : [[cluster, found.key] as const];
    }),
  );
}

/** The clusters that something was found about, where one of these resources is what a cloud has of a cluster. */
export async function clustersTouchedBy(
  db: Queryable,
  shard: bigint,
  keys: readonly string[],
): Promise<readonly string[]> {
  const result = await db.query<{ key: string }>({
    name: 'clusters-touched',
    text: `select key from resource where shard = $1 and kind = 'cluster'
      and exists (select from resource as told where told.shard = $1 and told.key = any($2::text[]) and told.type = any($3::text[]))`,
    values: [shard, keys, TYPES],
  });
  return result.rows.map(({ key }) => key);
}
