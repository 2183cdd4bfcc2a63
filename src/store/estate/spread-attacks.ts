import type { Instant } from '#base/instant.ts';
import { attackWindowStart } from '#domain/risk/under-attack.ts';
import type { Connection } from '../database.ts';

/**
 * The resources whose attacks may have changed with what a scan said of others: those that bear one of these names, as
 * a name that two bear means neither, and those of a service of which one of these resources is a part, or which is one of
 * them itself, and at which an attack was aimed.
 */
export async function attackedBeside(
  connection: Connection,
  shard: bigint,
  now: Instant,
  changed: { readonly keys: ReadonlySet<string>; readonly names: ReadonlySet<string> },
): Promise<readonly string[]> {
  const since = new Date(attackWindowStart(now));
  const any = await connection.query('select from signal where shard = $1 and last_at >= $2 limit 1', [
    shard,
    since,
  ]);
  if (any.rowCount === 0) return [];
  const bearers = await connection.query<{ key: string }>(
    `select distinct bearer.key from resource_alias as bearer
     where bearer.shard = $1 and bearer.alias = any($2::text[])
       and exists (select from signal where signal.shard = bearer.shard and signal.resource_key = 'name:' || bearer.alias and signal.last_at >= $3)`,
    [shard, [...changed.names], since],
  );
  const keys = [...new Set([...changed.keys, ...bearers.rows.map((row) => row.key)])];
  const members = await connection.query<{ key: string }>(
    `with aimed as (select shard, resource_key from signal where shard = $1 and is_on_service and is_attack and last_at >= $3),
       served as (
         select substr(aimed.resource_key, 9) as service from aimed where aimed.resource_key = any($2::text[]) and aimed.resource_key like 'service:%'
         union select unnest(front.services) from aimed join resource as front on front.shard = aimed.shard and front.key = aimed.resource_key where front.key = any($2::text[])
         union select unnest(front.services) from aimed
           join resource_alias on resource_alias.shard = aimed.shard and 'name:' || resource_alias.alias = aimed.resource_key
           join resource as front on front.shard = resource_alias.shard and front.key = resource_alias.key where front.key = any($2::text[]))
     select key from resource where shard = $1 and services && array(select service from served)`,
    [shard, keys, since],
  );
  return [...bearers.rows, ...members.rows].map((row) => row.key);
}
