import type { ResourcePlace } from '#domain/automation/finding-facts.ts';
import type { Queryable } from './database.ts';

/** Where these resources are, by their key; those never described are left out. */
export async function loadResourcePlaces(
  db: Queryable,
  shard: bigint,
  keys: readonly string[],
): Promise<ReadonlyMap<string, ResourcePlace>> {
  if (keys.length === 0) return new Map();
  const result = await db.query<ResourcePlace & { readonly key: string }>({
    name: 'resource-places',
    text: `select key, region, case when kind = 'kubernetes' then nullif(split_part(key, '/', -2), '') end as namespace, tags
      from resource where shard = $1 and key = any($2::text[])`,
    values: [shard, keys],
  });
  return new Map(result.rows.map(({ key, ...place }) => [key, place]));
}
