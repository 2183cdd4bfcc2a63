import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';

/** Tables whose columns name resources, with the columns that name them. */
const LOCAL_COLUMNS: readonly (readonly [table: string, columns: readonly string[]])[] = [
  ['resource', ['key']],
  ['resource', ['estate']],
  ['relation', ['from_key', 'to_key']],
  ['signal', ['resource_key']],
  ['resource_alias', ['key']],
];

/**
 * Everything else that a source told goes over to another one: resources, relations, signals and aliases. Answers the resources
 * of both of which people now say more.
 */
export async function moveLocalNames(
  connection: Connection,
  { id, shard }: Organisation,
  from: string,
  into: string,
): Promise<readonly string[]> {
  const renamed = (column: string) => `regexp_replace(${column}, $2, '\\1@' || $3)`;
  const pattern = `^([a-z0-9]+:)@${from}(?=[/:#]|$)`;
  const told = await connection.query<{ key: string }>(
    `update resource set declared = local.declared || coalesce(resource.declared, '{}') from resource as local
     where local.shard = $1 and local.key ~ $2 and local.declared is not null and resource.shard = $1 and resource.key = ${renamed('local.key')}
     returning resource.key`,
    [shard, pattern, into],
  );
  for (const [table, columns] of LOCAL_COLUMNS) {
    const isLocal = columns.map((column) => `${column} ~ $2`).join(' or ');
    const keys = columns.filter((column) => column !== 'estate');
    // Where both told of a resource, what the other one told stands.
    if (keys.length > 0)
      await connection.query(
        `delete from ${table} where shard = $1 and (${isLocal}) and exists (select from ${table} as other where other.shard = ${table}.shard
           and ${sameKeys(table, renamed)})`,
        [shard, pattern, into],
      );
    await connection.query(
      `update ${table} set ${columns.map((column) => `${column} = ${renamed(column)}`).join(', ')} where shard = $1 and (${isLocal})`,
      [shard, pattern, into],
    );
  }
  for (const [table, same] of [
    ['data_clue', 'other.id = data_clue.id'],
    ['resource_creator', 'true'],
  ])
    await connection.query(
      `delete from ${table} where shard = $1 and source_id = $2 and exists (select from ${table} as other
         where other.shard = $1 and other.source_id = $3 and other.resource_key = ${table}.resource_key and ${same})`,
      [shard, from, into],
    );
  for (const table of ['resource', 'relation', 'signal', 'resource_alias', 'data_clue', 'resource_creator'])
    await connection.query(`update ${table} set source_id = $3 where shard = $1 and source_id = $2`, [
      shard,
      from,
      into,
    ]);
  await connection.query(
    `update resource set listed_by = array_remove(array_remove(listed_by, $2), $3) || $3, gone_with = case when gone_with = $2 then $3 else gone_with end
     where shard = $1 and ($2 = any(listed_by) or gone_with = $2)`,
    [shard, from, into],
  );
  await connection.query(
    `insert into signal_coverage (organisation, source_id, place, at) select organisation, $3, regexp_replace(place, $4, '\\1@' || $3), at from signal_coverage
     where organisation = $1 and source_id = $2 on conflict (organisation, source_id, place) do update set at = greatest(signal_coverage.at, excluded.at)`,
    [id, from, into, pattern],
  );
  await connection.query('delete from signal_coverage where organisation = $1 and source_id = $2', [
    id,
    from,
  ]);
  await connection.query(
    `insert into alias (organisation, kind, name, target, target_kind, target_name, origin, learned_at, withdrawn_at)
     select organisation, kind, regexp_replace(name, $2, '\\1@' || $3), target, target_kind, target_name, origin, learned_at, withdrawn_at
     from alias where organisation = $1 and kind = 'resource' and name ~ $2 on conflict (organisation, kind, name, target) do nothing`,
    [id, pattern, into],
  );
  await connection.query(`delete from alias where organisation = $1 and kind = 'resource' and name ~ $2`, [
    id,
    pattern,
  ]);
  return told.rows.map(({ key }) => key);
}

function sameKeys(table: string, renamed: (column: string) => string): string {
  switch (table) {
    case 'relation':
      return ['from_key', 'to_key']
        .map((column) => `other.${column} = ${renamed(`relation.${column}`)}`)
        .concat(
          ['kind', 'digest', 'image_id', 'reference'].map((column) => `other.${column} = relation.${column}`),
        )
        .join(' and ');
    case 'resource_alias':
      return `other.key = ${renamed('resource_alias.key')} and other.alias = resource_alias.alias`;
    case 'signal':
      return `other.resource_key = ${renamed('signal.resource_key')} and other.id = signal.id`;
    default:
      return `other.key = ${renamed('resource.key')}`;
  }
}
