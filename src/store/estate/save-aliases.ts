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
    const told = new Map<string, AliasRow>();
    for (const row of chunk.flatMap((observed, index) => aliasRows(observed, keys[index] as string))) {
      const other = told.get(idOf(row));
      if (other === undefined || row.confidence > other.confidence) told.set(idOf(row), row);
    }
    // Compared here: against tables that have just been filled the planner would compare each with each.
    const known = await connection.query<KnownAlias>(
      'select alias, key, source_id, confidence from resource_alias where shard = $1 and key = any($2::text[]) and until_at is null',
      [shard, keys],
    );
    const bearing = new Map(known.rows.map((row) => [idOf(row), row]));
    const went = known.rows.filter((row) => row.source_id === request.source.id && !told.has(idOf(row)));
    const others = [...told.values()].filter((row) => {
      const before = bearing.get(idOf(row));
      return (
        before !== undefined &&
        (before.source_id !== request.source.id || before.confidence !== row.confidence)
      );
    });
    const came = [...told.values()].filter((row) => !bearing.has(idOf(row)));
    const at = new Date(end.reportAt);
    if (went.length > 0)
      await connection.query(
        `update resource_alias set until_at = $4 from unnest($2::text[], $3::text[]) as row (alias, key)
         where shard = $1 and resource_alias.alias = row.alias and resource_alias.key = row.key and until_at is null`,
        [shard, ...columnsOf(went), at],
      );
    if (others.length > 0)
      await connection.query(
        `update resource_alias set source_id = $4, confidence = row.confidence from unnest($2::text[], $3::text[], $5::real[]) as row (alias, key, confidence)
         where shard = $1 and resource_alias.alias = row.alias and resource_alias.key = row.key and until_at is null`,
        [shard, ...columnsOf(others), request.source.id, others.map(({ confidence }) => confidence)],
      );
    if (came.length > 0)
      await connection.query(
        `insert into resource_alias (shard, alias, key, source_id, confidence, seen_at)
         select $1, alias, key, $4, confidence, $6 from unnest($2::text[], $3::text[], $5::real[]) as row (alias, key, confidence)
         on conflict (shard, alias, key, seen_at) do update set until_at = null, source_id = excluded.source_id, confidence = excluded.confidence`,
        [shard, ...columnsOf(came), request.source.id, came.map(({ confidence }) => confidence), at],
      );
    for (const { alias } of [...went, ...others, ...came]) changed.add(alias);
  }
  return changed;
}

interface AliasRow {
  readonly alias: string;
  readonly key: string;
  readonly confidence: number;
}

interface KnownAlias extends AliasRow {
  readonly source_id: string;
}

function idOf({ alias, key }: Pick<AliasRow, 'alias' | 'key'>): string {
  return `${alias}\n${key}`;
}

function columnsOf(rows: readonly Pick<AliasRow, 'alias' | 'key'>[]): [string[], string[]] {
  return [rows.map(({ alias }) => alias), rows.map(({ key }) => key)];
}

function aliasRows({ aliases = [] }: ResourceObservation, key: string): readonly AliasRow[] {
  return aliases.slice(0, ALIASES_MAX).flatMap(({ text, confidence }) => {
    const alias = aliasText(text);
    return alias === null ? [] : [{ alias, key, confidence: Math.min(1, Math.max(0, confidence)) }];
  });
}
