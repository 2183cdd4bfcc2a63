import type { Instant } from '#base/instant.ts';
import type { Queryable } from './database.ts';

/** Keeps when a report first told a fix of an advisory, of all that an import stages; the order of reports does not matter. */
export async function tellFixes(
  db: Queryable,
  shard: bigint,
  importId: bigint,
  reportAt: Instant,
): Promise<void> {
  await db.query(
    `insert into advisory_fix (shard, advisory, since)
     select $1, advisory, $3 from stage_sighting where shard = $1 and import_id = $2 and is_fixable and advisory is not null group by advisory order by advisory
     on conflict (shard, advisory) do update set since = excluded.since where excluded.since < advisory_fix.since`,
    [shard, importId, new Date(reportAt)],
  );
}

/** Since when a fix of each of these advisories is known; those without one are left out. */
export async function loadFixes(
  db: Queryable,
  shard: bigint,
  advisories: readonly string[],
): Promise<ReadonlyMap<string, Instant>> {
  if (advisories.length === 0) return new Map();
  const result = await db.query<{ advisory: string; since: Instant }>({
    name: 'fixes-of-advisories',
    text: 'select advisory, since from advisory_fix where shard = $1 and advisory = any($2::text[])',
    values: [shard, advisories],
  });
  return new Map(result.rows.map((row) => [row.advisory, row.since]));
}

/** Since when a finding can be fixed; null where no fix is told. Of an advisory that is known by another name since: since it was first seen. */
export function fixSinceOf(
  fixes: ReadonlyMap<string, Instant>,
  isFixable: boolean | null,
  advisory: string | null,
  firstSeen: Instant,
): Instant | null {
  return isFixable === true ? (fixes.get(advisory ?? '') ?? firstSeen) : null;
}
