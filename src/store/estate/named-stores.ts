import { DATASTORE_TYPES } from '#domain/attackpath/asset-family.ts';
import { isStoreName, storeNameOfKey } from '#domain/resource/store-address.ts';
import type { Connection } from '../database.ts';

/** Before the name of a store in keys of what is said of it. */
export const NAMED = 'name:';

export function nameOfStore(key: string): string {
  return key.slice(NAMED.length);
}

/** An address of a network is borne by one after the other; a name that is one thing's alone is at least as sure. */
const SURE = 0.9;

/**
 * The resources that these names of stores mean, as inventories know them: of Azure by the end of their ids, of any other store
 * by its host name. Names that nobody bears are left out.
 */
export async function keysOfStores(
  connection: Connection,
  shard: bigint,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (names.length === 0) return new Map();
  const result = await connection.query<{ name: string; key: string }>({
    name: 'keys-of-stores',
    text: `select substring(key from '^azure:/subscriptions/[^/]+/resourcegroups/[^/]+/providers/(.+)$') as name, key from resource
       where shard = $1 and key >= 'azure:/subscriptions/' and key < 'azure:/subscriptions0' and gone_at is null
         and substring(key from '^azure:/subscriptions/[^/]+/resourcegroups/[^/]+/providers/(.+)$') = any($2::text[])
     union select alias, named.key from resource_alias as named
       join resource on resource.shard = named.shard and resource.key = named.key and resource.gone_at is null and resource.type = any($3::text[])
       where named.shard = $1 and named.alias = any($2::text[]) and named.until_at is null and named.confidence >= $4
     order by name, key`,
    values: [shard, names, DATASTORE_TYPES, SURE],
  });
  return new Map(
    [...Map.groupBy(result.rows, ({ name }) => name)].map(([name, rows]) => [
      name,
      rows.map(({ key }) => key),
    ]),
  );
}

/** A name by which something is said of a resource. */
export interface StoreName {
  readonly key: string;
  readonly name: string;
  /** It is of a part of the resource. */
  readonly isPart: boolean;
}

/**
 * The names by which something is said of these resources. What is said of a part is said of its whole, too, as long as no
 * inventory describes the part as a store of its own: then it is known which of them holds it.
 */
export async function namesOfStores(
  connection: Connection,
  shard: bigint,
  keys: readonly string[],
): Promise<readonly StoreName[]> {
  // Most installations have nothing that is said by name.
  const any = await connection.query({
    name: 'any-named-store',
    text: `select from data_clue where shard = $1 and resource_key >= 'name:' and resource_key < 'name;' limit 1`,
    values: [shard],
  });
  if (any.rows.length === 0) return [];
  const borne = await connection.query<{ key: string; name: string }>({
    name: 'names-of-stores',
    text: `select named.key, named.alias as name from resource_alias as named
         join resource on resource.shard = named.shard and resource.key = named.key and resource.type = any($3::text[])
       where named.shard = $1 and named.key = any($2::text[]) and named.until_at is null and named.confidence >= $4
         and exists (select from data_clue where data_clue.shard = $1 and data_clue.resource_key = 'name:' || named.alias) order by named.key, named.alias`,
    values: [shard, keys, DATASTORE_TYPES, SURE],
  });
  const ids = keys.flatMap((key) => {
    const name = storeNameOfKey(key);
    return name === null || !isStoreName(name) ? [] : [{ key, name }];
  });
  const parts = await connection.query<{ key: string; name: string }>({
    name: 'names-of-parts-of-stores',
    text: `select distinct told.key, substr(data_clue.resource_key, length('name:') + 1) as name
       from unnest($2::text[], $3::text[]) as told (key, name)
       join data_clue on data_clue.shard = $1 and data_clue.resource_key > 'name:' || told.name || '/' and data_clue.resource_key < 'name:' || told.name || '0'
       where not exists (select from resource where resource.shard = $1 and resource.gone_at is null and resource.type = any($4::text[])
         and resource.key = told.key || substr(data_clue.resource_key, length('name:' || told.name) + 1)) order by key, name`,
    values: [shard, ids.map(({ key }) => key), ids.map(({ name }) => name), DATASTORE_TYPES],
  });
  return [
    ...[...ids, ...borne.rows].map((each) => ({ ...each, isPart: false })),
    ...parts.rows.map((each) => ({ ...each, isPart: true })),
  ];
}
