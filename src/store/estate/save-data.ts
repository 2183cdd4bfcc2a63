import type { DataClue } from '#domain/resource/data-class.ts';
import { identifyResource } from '#domain/resource/resource-key.ts';
import { NO_ENVIRONMENT, NOT_DESCRIBED } from '#domain/risk/deployment.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import { estateOf } from './estate-of.ts';

/** Keeps what a scan says that resources hold, and lets go of what it says to be no longer so. What changed is `touched`. */
export async function saveData(
  connection: Connection,
  shard: bigint,
  { data, request }: AppliedScan,
  touched: Set<string>,
): Promise<void> {
  if (data.length === 0) return;
  const words = data.map(({ resource, id, isGone, clue }) => {
    const { key, kind, name } = identifyResource(resource, request.naming);
    const { account = request.account } = 'account' in resource ? resource : {};
    return {
      key,
      kind,
      name,
      id,
      clue,
      isGone,
      account,
      estate: estateOf(resource, account, request.naming),
    };
  });
  // The last word of a scan about one thing counts.
  const last = [...new Map(words.map((word) => [`${word.key}\n${word.id}`, word])).values()];
  const rows = JSON.stringify(last);
  await connection.query(
    `insert into resource (shard, key, kind, type, name, account, estate, tags, production, publicly_accessible, privileged_access)
     select distinct on (key) $1::bigint, key, kind, kind, name, account, estate, '{}'::jsonb, $3::jsonb, $4::jsonb, $4::jsonb
     from jsonb_to_recordset($2) as row (key text, kind text, name text, account text, estate text, "isGone" boolean) where not "isGone" order by key
     on conflict (shard, key) do nothing`,
    [shard, rows, JSON.stringify(NO_ENVIRONMENT), JSON.stringify(NOT_DESCRIBED)],
  );
  const moved = await connection.query<{ resource_key: string }>(
    `with word as (select key, id, clue, "isGone" as is_gone from jsonb_to_recordset($2) as word (key text, id text, clue jsonb, "isGone" boolean)),
       gone as (delete from data_clue using word where word.is_gone and data_clue.shard = $1 and data_clue.source_id = $3 and data_clue.resource_key = word.key and data_clue.id = word.id
         returning data_clue.resource_key),
       came as (insert into data_clue (shard, resource_key, source_id, id, body) select $1, key, $3, id, clue from word where not is_gone
         on conflict (shard, resource_key, source_id, id) do update set body = excluded.body where data_clue.body is distinct from excluded.body returning resource_key)
     select resource_key from gone union select resource_key from came`,
    [shard, rows, request.source.id],
  );
  for (const { resource_key } of moved.rows) touched.add(resource_key);
}

/** What scanners of data say of these resources, by key. */
export async function loadDataClues(
  connection: Connection,
  shard: bigint,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly DataClue[]>> {
  if (keys.length === 0) return new Map();
  const result = await connection.query<{ resource_key: string; body: DataClue }>(
    `select resource_key, body from data_clue where shard = $1 and resource_key = any($2::text[]) order by resource_key, source_id, id`,
    [shard, keys],
  );
  return new Map(
    [...Map.groupBy(result.rows, (row) => row.resource_key)].map(([key, rows]) => [
      key,
      rows.map(({ body }) => body),
    ]),
  );
}
