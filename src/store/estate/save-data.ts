import type { DataObservation } from '#domain/finding/observation.ts';
import { type DataClue, isSensitiveClass } from '#domain/resource/data-class.ts';
import { identifyResource } from '#domain/resource/resource-key.ts';
import { wholeOfStore } from '#domain/resource/store-address.ts';
import { NO_ENVIRONMENT, NOT_DESCRIBED } from '#domain/risk/deployment.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import { estateOf } from './estate-of.ts';
import { keysOfStores, NAMED, nameOfStore, namesOfStores } from './named-stores.ts';

const CHUNK = 5_000;

/**
 * Keeps what a scan says that resources hold, and lets go of what it says to be no longer so. What changed is `touched`.
 * Answers the names of stores that it spoke of and that no inventory describes: what it said waits for one.
 */
export async function saveData(
  connection: Connection,
  shard: bigint,
  { data, request }: AppliedScan,
  touched: Set<string>,
): Promise<readonly string[]> {
  if (data.length === 0) return [];
  // The last word of a scan about one thing counts.
  const words = new Map<string, ReturnType<typeof wordOf>>();
  for (const each of data) {
    const word = wordOf(each, request);
    words.set(`${word.key}\n${word.id}`, word);
  }
  const last = [...words.values()];
  const named = new Set<string>();
  for (let from = 0; from < last.length; from += CHUNK)
    for (const key of await saveWords(connection, shard, request.source.id, last.slice(from, from + CHUNK))) {
      if (key.startsWith(NAMED)) named.add(nameOfStore(key));
      else touched.add(key);
    }
  const spoken = new Set(
    last.flatMap(({ key, isGone }) => (!isGone && key.startsWith(NAMED) ? [nameOfStore(key)] : [])),
  );
  const asked = [...named, ...spoken].flatMap((name) => [name, wholeOfStore(name)]);
  const keys = await keysOfStores(connection, shard, [...new Set(asked)]);
  for (const name of named)
    for (const each of [name, wholeOfStore(name)]) for (const key of keys.get(each) ?? []) touched.add(key);
  const described = new Set([...keys.keys()].map(storeWithin));
  return [...new Set([...spoken].map(storeWithin))].filter((store) => !described.has(store)).sort();
}

/** The store that a name leads to, whatever it names within it; servers of two types bear names of one kind. */
function storeWithin(name: string): string {
  return wholeOfStore(name).replace('/flexibleservers/', '/servers/');
}

function wordOf({ resource, id, isGone, clue }: DataObservation, request: AppliedScan['request']) {
  if (resource.kind === 'named-store')
    return {
      key: `${NAMED}${resource.name}`,
      kind: null,
      name: null,
      id,
      clue,
      isGone,
      account: null,
      estate: null,
    };
  const { key, kind, name } = identifyResource(resource, request.naming);
  const { account = request.account } = 'account' in resource ? resource : {};
  const estate = estateOf(resource, account, request.naming);
  return { key, kind, name, id, clue, isGone, account, estate };
}

/** Answers the keys of which something else is said now. */
async function saveWords(
  connection: Connection,
  shard: bigint,
  sourceId: string,
  words: readonly object[],
): Promise<readonly string[]> {
  const rows = JSON.stringify(words);
  await connection.query(
    `insert into resource (shard, key, kind, type, name, account, estate, tags, production, publicly_accessible, privileged_access)
     select distinct on (key) $1::bigint, key, kind, kind, name, account, estate, '{}'::jsonb, $3::jsonb, $4::jsonb, $4::jsonb
     from jsonb_to_recordset($2) as row (key text, kind text, name text, account text, estate text, "isGone" boolean) where not "isGone" and kind is not null order by key
     on conflict (shard, key) do nothing`,
    [shard, rows, JSON.stringify(NO_ENVIRONMENT), JSON.stringify(NOT_DESCRIBED)],
  );
  const moved = await connection.query<{ resource_key: string }>(
    `with word as (select key, id, clue, "isGone" as is_gone from jsonb_to_recordset($2) as word (key text, id text, clue jsonb, "isGone" boolean)),
       gone as (delete from data_clue using word where word.is_gone and data_clue.shard = $1 and data_clue.source_id = $3 and data_clue.resource_key = word.key and data_clue.id = word.id
         returning data_clue.resource_key),
       came as (insert into data_clue (shard, resource_key, source_id, id, body) select $1, key, $3, id, clue from word where not is_gone
         on conflict (shard, resource_key, source_id, id) do update set body = excluded.body, is_retired = false where data_clue.body is distinct from excluded.body or data_clue.is_retired returning resource_key)
     select resource_key from gone union select resource_key from came`,
    [shard, rows, sourceId],
  );
  return moved.rows.map(({ resource_key }) => resource_key);
}

/** What scanners of data say of these resources, by key. */
export async function loadDataClues(
  connection: Connection,
  shard: bigint,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly DataClue[]>> {
  if (keys.length === 0) return new Map();
  const names = await namesOfStores(connection, shard, keys);
  const places = [
    ...keys.map((key) => ({ key, place: key, isPart: false })),
    ...names.map(({ key, name, isPart }) => ({ key, place: `${NAMED}${name}`, isPart })),
  ];
  const result = await connection.query<{ key: string; is_part: boolean; body: DataClue }>(
    `select told.key, told."isPart" as is_part, body from jsonb_to_recordset($2) as told (key text, place text, "isPart" boolean)
     join data_clue on data_clue.shard = $1 and data_clue.resource_key = told.place and not data_clue.is_retired order by told.key, resource_key, source_id, id`,
    [shard, JSON.stringify(places)],
  );
  return new Map(
    [...Map.groupBy(result.rows, (row) => row.key)].map(([key, rows]) => [
      key,
      rows.map(({ is_part, body }) => (is_part ? ofPart(body) : body)),
    ]),
  );
}

/** That a part is harmless says nothing of the others. */
function ofPart(clue: DataClue): DataClue {
  return isSensitiveClass(clue.dataClass) ? clue : { ...clue, dataClass: null };
}
