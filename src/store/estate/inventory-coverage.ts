import { boundedKey } from '#base/digest.ts';
import type { Instant } from '#base/instant.ts';
import type { InventoryCoverage } from '#domain/ports/source-store.ts';
import type { Connection, Queryable } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';

/** All resources of one type at one place of an account or cluster. */
export interface InventoryUnit {
  /** `aws:111111111111`, `k8s:production`. */
  readonly estate: string;
  /** Region or namespace; empty: everywhere in the account or cluster. */
  readonly place: string;
  /** Of a cluster the kind of its objects. */
  readonly type: string;
  readonly complete: 'yes' | 'partial';
  /** Only what names this parent (`InventoryListing`); absent: all of them. */
  readonly within?: { readonly member: string; readonly value: string } | undefined;
}

/** Open findings of what one unit lacks, which wait for a person. */
export interface HeldUnit {
  readonly held: number;
  /** Open findings of everything that was listed there before. */
  readonly of: number;
  readonly why: string;
}

/**
 * What this scan lists, unit by unit (attack-paths §1.5, coverage record). A page of several makes its unit
 * partial, and so does a scan that may close nothing. What names no account, or no region where its type has
 * one, is left out: nobody could say what is missing there.
 */
export function inventoryUnits(scan: AppliedScan, cluster: string | null): readonly InventoryUnit[] {
  const { end, listings, inventoryCovers, request } = scan;
  const units = new Map<string, InventoryUnit>();
  const add = (unit: InventoryUnit) => {
    const { member = '', value = '' } = unit.within ?? {};
    const key = [unit.estate, unit.place, unit.type, member, value].join('\n');
    if (units.get(key)?.complete !== 'partial') units.set(key, unit);
  };
  for (const { provider, account, region, type, complete, within } of listings) {
    if (account === undefined || region === undefined) continue;
    const isComplete = end.coverage !== 'none' && (complete === 'yes' || end.isDeclaredComplete);
    add({
      estate: boundedKey(`${provider}:${account || (request.account ?? '')}`),
      place: boundedKey(region),
      type: boundedKey(type),
      complete: isComplete ? 'yes' : 'partial',
      ...(within === undefined ? {} : { within }),
    });
  }
  if (cluster !== null)
    for (const cover of inventoryCovers) {
      const [type = '', place = ''] = cover.split('/');
      add({ estate: cluster, place, type, complete: end.coverage === 'none' ? 'partial' : 'yes' });
    }
  return [...units.values()];
}

/** Keeps for each unit the best look of the source, and of equal ones the latest. */
export async function saveInventoryCoverage(
  connection: Connection,
  shard: bigint,
  scanId: string,
  { request, end, scopeId }: AppliedScan,
  units: readonly InventoryUnit[],
  heldBy: ReadonlyMap<InventoryUnit, HeldUnit>,
): Promise<void> {
  const whole = units.filter(({ within }) => within === undefined);
  if (whole.length === 0) return;
  const rows = whole.map((unit) => {
    const held = heldBy.get(unit);
    return { ...unit, held: held?.held ?? 0, held_of: held?.of ?? 0, held_why: held?.why ?? null };
  });
  await connection.query(
    `insert into inventory_coverage (shard, estate, place, type, source_id, scope_id, scan_id, collected_at, complete, held, held_of, held_since, held_why)
     select $1, estate, place, type, $3, $4, $5, $6::timestamptz, complete, held, held_of, case when held_why is not null then $6::timestamptz end, held_why
     from jsonb_to_recordset($2) as row (estate text, place text, type text, complete text, held integer, held_of integer, held_why text)
     on conflict (shard, estate, place, type, source_id) do update set
       is_retired = false, scope_id = excluded.scope_id, scan_id = excluded.scan_id, collected_at = excluded.collected_at, complete = excluded.complete,
       held = excluded.held, held_of = excluded.held_of, held_why = excluded.held_why,
       held_since = case when excluded.held_why is not null then coalesce(inventory_coverage.held_since, excluded.held_since) end
     where excluded.complete = 'yes' or inventory_coverage.complete = 'partial' or inventory_coverage.is_retired`,
    [shard, JSON.stringify(rows), request.source.id, scopeId, scanId, new Date(end.reportAt)],
  );
}

/** What a scope of one source listed, another source has listed from now on: of both the better look stands, of equal ones the later. */
export async function giveInventoryCoverage(
  connection: Connection,
  shard: bigint,
  from: { readonly sourceId: string; readonly scopeId: bigint },
  into: { readonly sourceId: string; readonly scopeId: bigint },
): Promise<void> {
  // An estate can have a name that only its source knows.
  await connection.query(
    `with given as (delete from inventory_coverage where shard = $1 and source_id = $2 and scope_id = $3 returning *)
     insert into inventory_coverage (shard, estate, place, type, source_id, scope_id, scan_id, collected_at, complete, held, held_of, held_since, held_why, is_retired)
     select shard, regexp_replace(estate, '^([a-z0-9]+:)@' || $2 || '(?=[/:#]|$)', '\\1@' || $4), place, type, $4, $5, scan_id, collected_at, complete, held, held_of, held_since, held_why, is_retired from given
     on conflict (shard, estate, place, type, source_id) do update set
       scope_id = excluded.scope_id, scan_id = excluded.scan_id, collected_at = excluded.collected_at, complete = excluded.complete,
       held = excluded.held, held_of = excluded.held_of, held_since = excluded.held_since, held_why = excluded.held_why, is_retired = excluded.is_retired
     where (not excluded.is_retired, excluded.complete = 'yes', excluded.collected_at)
       > (not inventory_coverage.is_retired, inventory_coverage.complete = 'yes', inventory_coverage.collected_at)`,
    [shard, from.sourceId, from.scopeId, into.sourceId, into.scopeId],
  );
}

interface CoverageRow {
  readonly estate: string;
  readonly place: string;
  readonly type: string;
  readonly source_id: string;
  readonly collected_at: Instant;
  readonly complete: 'yes' | 'partial';
}

/** What inventories listed, by estate, place, type and source; of one estate only where it is given. What has no record was not looked at. */
export async function loadInventoryCoverage(
  db: Queryable,
  shard: bigint,
  estate: string | null,
): Promise<readonly InventoryCoverage[]> {
  const result = await db.query<CoverageRow>(
    `select estate, place, type, source_id, collected_at, complete from inventory_coverage
     where shard = $1 and not is_retired and ($2::text is null or estate = $2) order by estate, place, type, source_id`,
    [shard, estate],
  );
  return result.rows.map(({ source_id, collected_at, ...row }) => ({
    ...row,
    sourceId: source_id,
    collectedAt: collected_at,
  }));
}

/** Which of these types are listed completely in the accounts and clusters of units, as a text that is the same where they are. */
export async function completeLists(
  db: Queryable,
  shard: bigint,
  units: readonly InventoryUnit[],
  types: readonly string[],
): Promise<string> {
  const estates = new Set(units.flatMap(({ estate, type }) => (types.includes(type) ? [estate] : [])));
  if (estates.size === 0) return '';
  const result = await db.query<{ lists: string | null }>(
    `select string_agg(distinct concat_ws(' ', estate, place, type), E'\\n') as lists from inventory_coverage
     where shard = $1 and not is_retired and complete = 'yes' and estate = any($2::text[]) and type = any($3::text[])`,
    [shard, [...estates], types],
  );
  return result.rows[0]?.lists ?? '';
}
