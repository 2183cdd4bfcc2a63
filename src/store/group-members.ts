import { mayHaveMembers } from '#domain/resource/scaling-group.ts';
import type { Queryable } from './database.ts';

/** The machines of each of these scaling groups that an inventory describes and that are there; groups without any are left out. */
export async function loadGroupMembers(
  db: Queryable,
  shard: bigint,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const groups = keys.filter(mayHaveMembers);
  if (groups.length === 0) return new Map();
  const result = await db.query<{ to_key: string; members: string[] }>({
    name: 'group-members',
    text: `select relation.to_key, array_agg(relation.from_key order by relation.from_key) as members
      from relation join resource on resource.shard = $1 and resource.key = relation.from_key and resource.facts is not null and resource.gone_at is null
      where relation.shard = $1 and relation.kind = 'part-of' and relation.to_key = any($2::text[]) group by relation.to_key`,
    values: [shard, groups],
  });
  return new Map(result.rows.map((row) => [row.to_key, row.members]));
}
