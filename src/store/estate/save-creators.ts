import type { Instant } from '#base/instant.ts';
import type { DeclaredOwner } from '#domain/resource/owner.ts';
import { creatorCandidate } from '#domain/resource/resource-creator.ts';
import { identifyResource } from '#domain/resource/resource-key.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';

/**
 * Keeps who created which resources, those of no inventory too, as either may be told first. The latest creation under a
 * name counts. Answers the keys of those of which it is news.
 */
export async function saveCreators(
  connection: Connection,
  shard: bigint,
  { creators, request }: AppliedScan,
): Promise<readonly string[]> {
  if (creators.length === 0) return [];
  const latest = new Map<string, { key: string; name: string; call: string; at: Date }>();
  for (const { resource, name, call, at } of creators.toSorted((a, b) => a.at - b.at)) {
    const { key } = identifyResource(resource, request.naming);
    latest.set(key, { key, name, call, at: new Date(at) });
  }
  const moved = await connection.query<{ resource_key: string }>(
    `insert into resource_creator (shard, resource_key, source_id, name, call, created_at)
     select $1, key, $3, name, call, at from jsonb_to_recordset($2) as row (key text, name text, call text, at timestamptz) order by key
     on conflict (shard, resource_key, source_id) do update set name = excluded.name, call = excluded.call, created_at = excluded.created_at
     where resource_creator.created_at < excluded.created_at returning resource_key`,
    [shard, JSON.stringify([...latest.values()]), request.source.id],
  );
  return moved.rows.map(({ resource_key }) => resource_key);
}

/** Who created these resources, as owners that they may have, by key. */
export async function loadCreators(
  connection: Connection,
  shard: bigint,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly DeclaredOwner[]>> {
  if (keys.length === 0) return new Map();
  const result = await connection.query<{
    resource_key: string;
    name: string;
    call: string;
    created_at: Instant;
  }>(
    `select resource_key, name, call, created_at from resource_creator
     where shard = $1 and resource_key = any($2::text[]) order by resource_key, created_at desc, source_id`,
    [shard, keys],
  );
  return new Map(
    [...Map.groupBy(result.rows, (row) => row.resource_key)].map(([key, rows]) => [
      key,
      rows.map(({ name, call, created_at }) => creatorCandidate(name, call, created_at)),
    ]),
  );
}
