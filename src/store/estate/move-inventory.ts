import type { Instant } from '#base/instant.ts';
import { attackWindowStart } from '#domain/risk/under-attack.ts';
import type { Connection } from '../database.ts';
import { recountImage } from '../import/recount-image.ts';
import type { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';
import { addIssuesTouching } from './add-issues-touching.ts';
import { evaluateEstates } from './evaluate-estates.ts';
import { keysOfStores, NAMED, nameOfStore } from './named-stores.ts';
import { placeResources } from './place-resources.ts';

/** Scopes of one source that were retired, or taken up again. */
export interface MovedScopes {
  readonly sourceId: string;
  readonly scopeIds: readonly bigint[];
}

interface MovedRow {
  readonly key: string;
  readonly estate: string | null;
  readonly images: readonly string[] | null;
}

/**
 * What the source alone tells of resources, attacks and data counts no longer: resources that no other source lists that
 * is not retired are gone, with what they run and are part of. Of a source of which some scopes are left only the
 * accounts and clusters go of which the others were the inventory. Findings that others show stay.
 */
export async function retireInventory(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  moved: MovedScopes,
  issueIds: IssueIds,
): Promise<void> {
  const { id, shard } = organisation;
  const told = await markTold(connection, organisation, now, moved, true);
  const listed = await connection.query<{ key: string }>(
    `select key from resource where shard = $1 and facts is not null and gone_at is null and type <> 'outside-machine' and ($2 = any(listed_by) or (source_id = $2 and coalesce(listed_by, '{}') = '{}'))
       and ($3::text[] is null or estate = any($3::text[]))
       and not exists (select from source where source.organisation = $4 and source.id = any(resource.listed_by) and source.id <> $2 and source.retired_at is null)`,
    [shard, moved.sourceId, told.estates, id],
  );
  const keys = listed.rows.map((row) => row.key);
  // By what they run, which they do no longer in a moment.
  await addIssuesTouching(connection, organisation, new Set([...keys, ...told.keys]), issueIds);
  const gone = await connection.query<MovedRow>(
    `with relations as (delete from relation where shard = $1 and from_key = any($2::text[]) returning *),
       kept as (select from_key, jsonb_agg(to_jsonb(relations)) as all, array_agg(to_key) filter (where kind = 'runs-image') as images from relations group by from_key)
     update resource set gone_at = $3, gone_with = $4, gone_relations = kept.all
     from unnest($2::text[]) as going (key) left join kept on kept.from_key = going.key
     where resource.shard = $1 and resource.key = going.key returning resource.key, resource.estate, kept.images`,
    [shard, keys, new Date(now), moved.sourceId],
  );
  await followMoved(connection, organisation, now, gone.rows, told.keys, issueIds);
}

/** What `retireInventory` took away is there again, but for what was seen to be gone since. */
export async function restoreInventory(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  moved: MovedScopes,
  issueIds: IssueIds,
): Promise<void> {
  const { shard } = organisation;
  const told = await markTold(connection, organisation, now, moved, false);
  const back = await connection.query<MovedRow>(
    `with back as (select key, gone_relations from resource
         where shard = $1 and gone_at is not null and gone_with = $2 and ($3::text[] is null or estate = any($3::text[]))),
       relations as (insert into relation (shard, kind, from_key, to_key, digest, image_id, reference, source_id, seen_at)
         select $1, kind, from_key, to_key, digest, image_id, reference, source_id, seen_at from back, jsonb_populate_recordset(null::relation, back.gone_relations) as kept
         on conflict do nothing returning from_key, kind, to_key),
       told as (select from_key, array_agg(to_key) filter (where kind = 'runs-image') as images from relations group by from_key)
     update resource set gone_at = null, gone_with = null, gone_relations = null from back left join told on told.from_key = back.key
     where resource.shard = $1 and resource.key = back.key returning resource.key, resource.estate, told.images`,
    [shard, moved.sourceId, told.estates],
  );
  await followMoved(connection, organisation, now, back.rows, told.keys, issueIds);
}

/**
 * Marks what the source told of lists and of data as retired or not. Answers the accounts and clusters that this is about
 * (null: all), and the keys of what signals, clues and looks of the whole source are about.
 */
async function markTold(
  connection: Connection,
  { id, shard }: Organisation,
  now: Instant,
  { sourceId, scopeIds }: MovedScopes,
  isRetired: boolean,
): Promise<{ readonly estates: readonly string[] | null; readonly keys: readonly string[] }> {
  const units = await connection.query<{ estate: string }>(
    `update inventory_coverage set is_retired = $4 where shard = $1 and source_id = $2 and scope_id = any($3::bigint[]) returning estate`,
    [shard, sourceId, scopeIds, isRetired],
  );
  const others = await connection.query(
    `select from scope where organisation = $1 and source_id = $2 and not (id = any($3::bigint[])) and (retired_at is null) = $4 limit 1`,
    [id, sourceId, scopeIds, isRetired],
  );
  if (others.rows.length > 0) return { estates: units.rows.map((row) => row.estate), keys: [] };
  const clues = await connection.query<{ key: string }>(
    'update data_clue set is_retired = $3 where shard = $1 and source_id = $2 and is_retired <> $3 returning resource_key as key',
    [shard, sourceId, isRetired],
  );
  const named = clues.rows.flatMap(({ key }) => (key.startsWith(NAMED) ? [nameOfStore(key)] : []));
  const stores = await keysOfStores(connection, shard, [...new Set(named)]);
  const seen = await connection.query<{ key: string }>(
    `with aimed as (select distinct resource_key as key from signal where shard = $1 and source_id = $2 and last_at >= $3),
       places as (select place from signal_coverage where organisation = $4 and source_id = $2
         union select key from aimed where key like 'service:%')
     select key from aimed
     union select named.key from resource_alias as named join aimed on aimed.key = 'name:' || named.alias where named.shard = $1
     union select key from resource where shard = $1 and (estate in (select place from places) or account in (select place from places)
       or services && array(select substr(place, 9) from places where place like 'service:%'))`,
    [shard, sourceId, new Date(attackWindowStart(now)), id],
  );
  return {
    estates: null,
    keys: [
      ...clues.rows.map((row) => row.key),
      ...[...stores.values()].flat(),
      ...seen.rows.map((row) => row.key),
    ],
  };
}

/** Judges the accounts and clusters of what moved anew, and adds the issues that this is about. */
async function followMoved(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  moved: readonly MovedRow[],
  told: readonly string[],
  issueIds: IssueIds,
): Promise<void> {
  const { shard } = organisation;
  const estates = new Set(moved.flatMap(({ estate }) => estate ?? []));
  const keys = new Set([...moved.map(({ key }) => key), ...told]);
  if (keys.size === 0) return;
  const placed = await placeResources(connection, shard, estates, keys);
  const changed = await evaluateEstates(connection, organisation, now, estates, 'all');
  for (const key of [...placed.keys, ...changed]) keys.add(key);
  await addIssuesTouching(connection, organisation, keys, issueIds, placed.leftServices);
  for (const image of new Set(moved.flatMap(({ images }) => images ?? [])))
    await recountImage(connection, organisation, now, image, now, issueIds);
}
