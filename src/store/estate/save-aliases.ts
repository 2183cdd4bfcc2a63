import type { ResourceObservation } from '#domain/finding/observation.ts';
import { aliasText } from '#domain/resource/alias-text.ts';
import { identifyResource } from '#domain/resource/resource-key.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';

const CHUNK = 5_000;
const ALIASES_MAX = 200;

/**
 * Stores under which other names an inventory knows its resources (attack-paths §1.1): addresses, host names, bare
 * ids, each with how sure it is and since when. What the same source no longer says of a resource ends with this
 * scan, and is kept: an attack that was seen before was on whoever had the name then. Answers the names
 * that came, changed or went.
 */
export async function saveAliases(
  connection: Connection,
  shard: bigint,
  { resources, request, end }: AppliedScan,
): Promise<ReadonlySet<string>> {
  const changed = new Set<string>();
  const described = resources.filter(({ facts }) => Object.keys(facts).length > 0);
  for (let from = 0; from < described.length; from += CHUNK) {
    const chunk = described.slice(from, from + CHUNK);
    const keys = chunk.map(({ resource }) => identifyResource(resource, request.naming).key);
    const rows = JSON.stringify(
      chunk.flatMap((observed, index) => aliasRows(observed, keys[index] as string)),
    );
    const values = [shard, rows, request.source.id, new Date(end.reportAt)];
    const went = await connection.query<{ alias: string }>(
      `update resource_alias set until_at = $4 where shard = $1 and key = any($5::text[]) and source_id = $3 and until_at is null
         and not exists (select from jsonb_to_recordset($2) as row (alias text, key text) where row.alias = resource_alias.alias and row.key = resource_alias.key)
       returning alias`,
      [...values, keys],
    );
    const others = await connection.query<{ alias: string }>(
      `update resource_alias set source_id = $3, confidence = row.confidence
       from (select alias, key, max(confidence) as confidence from jsonb_to_recordset($2) as row (alias text, key text, confidence real) group by alias, key) as row
       where shard = $1 and resource_alias.alias = row.alias and resource_alias.key = row.key and until_at is null
         and (resource_alias.source_id, resource_alias.confidence) is distinct from ($3, row.confidence) and $4::timestamptz is not null
       returning resource_alias.alias`,
      values,
    );
    const came = await connection.query<{ alias: string }>(
      `insert into resource_alias (shard, alias, key, source_id, confidence, seen_at)
       select $1::bigint, alias, key, $3, max(confidence), $4 from jsonb_to_recordset($2) as row (alias text, key text, confidence real)
       where not exists (select from resource_alias as known where known.shard = $1 and known.alias = row.alias and known.key = row.key and known.until_at is null)
       group by alias, key
       on conflict (shard, alias, key, seen_at) do update set until_at = null, source_id = excluded.source_id, confidence = excluded.confidence
       returning alias`,
      values,
    );
    for (const { alias } of [...went.rows, ...others.rows, ...came.rows]) changed.add(alias);
  }
  return changed;
}

function aliasRows({ aliases = [] }: ResourceObservation, key: string): readonly object[] {
  return aliases.slice(0, ALIASES_MAX).flatMap(({ text, confidence }) => {
    const alias = aliasText(text);
    return alias === null ? [] : [{ alias, key, confidence: Math.min(1, Math.max(0, confidence)) }];
  });
}
