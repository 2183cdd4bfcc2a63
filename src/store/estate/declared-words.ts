import type { DeclaredPlace } from '#domain/resource/place-resource.ts';
import type { ResourceIdentity } from '#domain/resource/resource-key.ts';
import { NO_ENVIRONMENT, NOT_DESCRIBED } from '#domain/risk/deployment.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';

const CHUNK = 5_000;

export function saysAnything({ environment, services, team }: DeclaredPlace): boolean {
  return environment !== null || services.length > 0 || team !== null;
}

/** The words as they are stored beside a resource: those that were said and no others, so that they stand in front of earlier ones. */
export function storedWords({ environment, services, team }: DeclaredPlace): Partial<DeclaredPlace> {
  return {
    ...(environment === null ? {} : { environment }),
    ...(services.length === 0 ? {} : { services }),
    ...(team === null ? {} : { team }),
  };
}

const IS_NEWS = `coalesce(declared, '{}') || $3::jsonb is distinct from coalesce(declared, '{}')`;

/** Whether these are other words than were said of one of the resources before; of one that is not stored nothing was. */
export async function saysOtherwise(
  connection: Connection,
  shard: bigint,
  keys: Iterable<string>,
  words: DeclaredPlace,
): Promise<boolean> {
  const result = await connection.query(
    `select from unnest($2::text[]) as told (key) left join resource on resource.shard = $1 and resource.key = told.key where ${IS_NEWS} limit 1`,
    [shard, [...keys], JSON.stringify(storedWords(words))],
  );
  return result.rowCount === 1;
}

/** Keeps what a person says of an import beside the resources that its findings are on. Those of which that is news are `touched`. */
export async function saveWords(
  connection: Connection,
  shard: bigint,
  { spokenOf, declared }: AppliedScan,
  touched: Set<string>,
): Promise<void> {
  const keys = [...spokenOf];
  for (let from = 0; from < keys.length; from += CHUNK) {
    const result = await connection.query<{ key: string }>(
      `update resource set declared = coalesce(declared, '{}') || $3::jsonb where shard = $1 and key = any($2::text[]) and ${IS_NEWS} returning key`,
      [shard, keys.slice(from, from + CHUNK), JSON.stringify(storedWords(declared))],
    );
    for (const { key } of result.rows) touched.add(key);
  }
}

/** Adds what people said of resources under these names to what they said under those in use, which stands; answers the names in use of which that is news. */
export async function addWordsOfOtherNames(
  connection: Connection,
  shard: bigint,
  names: ReadonlyMap<string, ResourceIdentity>,
): Promise<readonly string[]> {
  const rows = [...names].map(([name, { key, kind, name: title }]) => ({ name, key, kind, title }));
  const result = await connection.query<{ key: string }>(
    `insert into resource (shard, key, kind, type, name, tags, declared, production, publicly_accessible, privileged_access)
     select distinct on (word.key) $1, word.key, word.kind, word.kind, word.title, '{}'::jsonb, other.declared, $3::jsonb, $4::jsonb, $4::jsonb
     from jsonb_to_recordset($2) as word (name text, key text, kind text, title text)
     join resource as other on other.shard = $1 and other.key = word.name and other.declared is not null order by word.key, word.name
     on conflict (shard, key) do update set declared = excluded.declared || coalesce(resource.declared, '{}')
       where excluded.declared || coalesce(resource.declared, '{}') is distinct from resource.declared
     returning key`,
    [shard, JSON.stringify(rows), JSON.stringify(NO_ENVIRONMENT), JSON.stringify(NOT_DESCRIBED)],
  );
  return result.rows.map(({ key }) => key);
}
