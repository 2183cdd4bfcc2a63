import type { Instant } from '#base/instant.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from './applied-scan.ts';
import { coverageOf, isEnded } from './close-vanished.ts';

/**
 * Remembers which units of coverage with open sightings a scan did not list: they are untouched, neither closed
 * nor held, and show since when nobody looked (design: identity, scope). `looked_at` is the time of the latest
 * report that listed the unit, in whatever order reports came; what has no row the latest one listed.
 */
export async function noteUnlisted(
  connection: Connection,
  shard: bigint,
  scanId: string,
  scan: AppliedScan,
): Promise<void> {
  const { scopeId, lastReportAt } = scan;
  if (lastReportAt === null) return;
  const stored = await connection.query<{ cover: string; looked_at: Instant }>({
    name: 'unlisted-units',
    text: 'select cover::text as cover, looked_at from unlisted_unit where shard = $1 and scope_id = $2',
    values: [shard, scopeId],
  });
  const before = new Map(stored.rows.map((row) => [BigInt(row.cover), row.looked_at]));
  const after =
    scan.end.reportAt < lastReportAt ? withOlder(scan, before) : withLatest(scan, before, lastReportAt);
  const changed = [...new Set([...before.keys(), ...after.keys()])]
    .filter((cover) => before.get(cover) !== after.get(cover))
    .map((cover) => ({ cover: String(cover), was: before.get(cover), is: after.get(cover) }));
  if (changed.length === 0) return;
  const covers = changed.map(({ cover }) => cover);
  await connection.query(
    `insert into scan_unit (shard, scope_id, scan_id, cover, looked_at) select $1, $2, $3, cover, looked_at from unnest($4::bigint[], $5::timestamptz[]) as unit (cover, looked_at)`,
    [shard, scopeId, scanId, covers, changed.map(({ was }) => dateOrNull(was))],
  );
  await saveUnits(
    connection,
    shard,
    scopeId,
    covers,
    changed.map(({ is }) => is),
  );
}

/** The units as they were before a scan that is taken back. */
export async function restoreUnlisted(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
  scanId: string,
): Promise<void> {
  const kept = await connection.query<{ cover: string; looked_at: Instant | null }>(
    'select cover::text as cover, looked_at from scan_unit where shard = $1 and scope_id = $2 and scan_id = $3',
    [shard, scopeId, scanId],
  );
  await saveUnits(
    connection,
    shard,
    scopeId,
    kept.rows.map((row) => row.cover),
    kept.rows.map((row) => row.looked_at ?? undefined),
  );
}

/** The latest scan: what it does not list was listed by the one before, or waits already. */
function withLatest(
  scan: AppliedScan,
  before: ReadonlyMap<bigint, Instant>,
  lastReportAt: Instant,
): ReadonlyMap<bigint, Instant> {
  const { known, shared } = scan;
  const isListed = isListedBy(scan);
  const after = new Map<bigint, Instant>();
  for (let index = 0; index < known.knownCount; index++) {
    if (isEnded(scan, index)) continue;
    for (const cover of shared.unitsOf(index))
      if (cover !== 0n && !after.has(cover) && !isListed(cover))
        after.set(cover, before.get(cover) ?? lastReportAt);
  }
  return after;
}

/** An older one: it may have looked where no later one did. */
function withOlder(scan: AppliedScan, before: ReadonlyMap<bigint, Instant>): ReadonlyMap<bigint, Instant> {
  const { reportAt } = scan.end;
  const isListed = isListedBy(scan);
  const after = new Map(before);
  for (const [cover, lookedAt] of before)
    if (lookedAt < reportAt && isListed(cover)) after.set(cover, reportAt);
  // Of an older scan only those units are left that no later one listed.
  if (!scan.isOld) for (const cover of scan.covers) if (!after.has(cover)) after.set(cover, reportAt);
  return after;
}

function isListedBy(scan: AppliedScan): (cover: bigint) => boolean {
  const looked = coverageOf(scan);
  return (cover) => scan.covers.has(cover) || looked(cover);
}

async function saveUnits(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
  covers: readonly string[],
  lookedAt: readonly (Instant | undefined)[],
): Promise<void> {
  const values = [shard, scopeId, covers, lookedAt.map(dateOrNull)];
  const UNITS = 'unnest($3::bigint[], $4::timestamptz[]) as unit (cover, looked_at)';
  await connection.query(
    `delete from unlisted_unit using ${UNITS} where unlisted_unit.shard = $1 and unlisted_unit.scope_id = $2 and unlisted_unit.cover = unit.cover and unit.looked_at is null`,
    values,
  );
  await connection.query(
    `insert into unlisted_unit (shard, scope_id, cover, looked_at) select $1, $2, cover, looked_at from ${UNITS} where looked_at is not null
     on conflict (shard, scope_id, cover) do update set looked_at = excluded.looked_at`,
    values,
  );
}

function dateOrNull(at: Instant | undefined): Date | null {
  return at === undefined ? null : new Date(at);
}
