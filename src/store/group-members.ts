import { mayHaveMembers } from '#domain/resource/scaling-group.ts';
import { clustersInClouds } from './clusters-in-clouds.ts';
import type { Queryable } from './database.ts';

/**
 * What stands for each of these resources where risks are judged: the machines of a scaling group that an inventory describes and
 * that are there, and of a cluster what its cloud has of it. Resources for which nothing else stands are left out.
 */
export async function loadStandIns(
  db: Queryable,
  shard: bigint,
  rows: readonly { readonly resource_key: string; readonly resource_kind: string }[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const clusters = rows.filter((row) => row.resource_kind === 'cluster').map((row) => row.resource_key);
  const inClouds = await clustersInClouds(db, shard, [...new Set(clusters)]);
  const members = await loadGroupMembers(
    db,
    shard,
    [...new Set(rows.map((row) => row.resource_key))].filter(mayHaveMembers),
  );
  return new Map([...members, ...[...inClouds].map(([cluster, key]) => [cluster, [key]] as const)]);
}

async function loadGroupMembers(
  db: Queryable,
  shard: bigint,
  groups: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
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

/** The scaling groups of these machines, each with which of them are in it. */
export async function loadGroupsOf(
  db: Queryable,
  shard: bigint,
  machines: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (machines.length === 0) return new Map();
  const result = await db.query<{ to_key: string; members: string[] }>({
    name: 'groups-of-machines',
    text: `select to_key, array_agg(from_key order by from_key) as members from relation
      where shard = $1 and kind = 'part-of' and from_key = any($2::text[]) group by to_key`,
    values: [shard, machines],
  });
  return new Map(
    result.rows.flatMap((row) => (mayHaveMembers(row.to_key) ? [[row.to_key, row.members] as const] : [])),
  );
}
