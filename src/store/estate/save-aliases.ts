import type { ResourceObservation } from '#domain/finding/observation.ts';
import { aliasText } from '#domain/resource/alias-text.ts';
import { identifyResource } from '#domain/resource/resource-key.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';

const CHUNK = 5_000;
const ALIASES_MAX = 200;

/**
 * Stores under which other names an inventory knows its resources (attack-paths §1.1): addresses, host names, bare
 * ids, each with how sure it is. What the same source no longer says of a resource is forgotten. Answers the names
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
    const rows = chunk.flatMap((observed, index) => aliasRows(observed, keys[index] as string));
    const values = [shard, JSON.stringify(rows), request.source.id];
    const went = await connection.query<{ alias: string }>(
      `delete from resource_alias where shard = $1 and key = any($4::text[]) and source_id = $3
         and not exists (select from jsonb_to_recordset($2) as row (alias text, key text) where row.alias = resource_alias.alias and row.key = resource_alias.key)
       returning alias`,
      [...values, keys],
    );
    const came = await connection.query<{ alias: string }>(
      `insert into resource_alias (shard, alias, key, source_id, confidence, seen_at)
       select $1::bigint, alias, key, $3, max(confidence), $4 from jsonb_to_recordset($2) as row (alias text, key text, confidence real) group by alias, key
       on conflict (shard, alias, key) do update set source_id = excluded.source_id, confidence = excluded.confidence, seen_at = excluded.seen_at
       where (resource_alias.source_id, resource_alias.confidence) is distinct from (excluded.source_id, excluded.confidence)
       returning alias`,
      [...values, new Date(end.reportAt)],
    );
    for (const { alias } of [...went.rows, ...came.rows]) changed.add(alias);
  }
  return changed;
}

function aliasRows({ aliases = [] }: ResourceObservation, key: string): readonly object[] {
  return aliases.slice(0, ALIASES_MAX).flatMap(({ text, confidence }) => {
    const alias = aliasText(text);
    return alias === null ? [] : [{ alias, key, confidence: Math.min(1, Math.max(0, confidence)) }];
  });
}
