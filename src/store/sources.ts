import { smallest } from '#base/extremes.ts';
import type { Instant } from '#base/instant.ts';
import { rulesInForce } from '#domain/automation/rules-in-force.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { ScanTally } from '#domain/ports/import-store.ts';
import type {
  HeldView,
  InventoryCoverage,
  ScanView,
  ScopeView,
  SourceStore,
  SourceView,
} from '#domain/ports/source-store.ts';
import { isOverdue, isSameLook, rhythmOf } from '#domain/scan/source-rhythm.ts';
import { refreshPaths } from './attackpath/refresh-paths.ts';
import { OWN_TOOL } from './attackpath/save-paths.ts';
import { loadAutomationRules } from './automation-rules.ts';
import { type Connection, inTransaction, lockImports, type Pool, type Queryable } from './database.ts';
import { loadInventoryCoverage } from './estate/inventory-coverage.ts';
import { followCatalogue, retireCatalogue } from './estate/move-catalogue.ts';
import { restoreInventory, retireInventory } from './estate/move-inventory.ts';
import { reassessOutsideMachines } from './estate/reassess-estates.ts';
import { recordEvent } from './events.ts';
import { refreshEach, refreshFindings } from './findings.ts';
import { eachOpenSighting, refreshImageScopes } from './import/image-scopes.ts';
import { IssueIds } from './issue-ids.ts';
import type { Organisation } from './organisation.ts';
import { mergeSources } from './rekey/merge-sources.ts';
import { findingsOfSightings } from './rekey/rekeyed.ts';
import { rollUpIssues } from './roll-up.ts';
import { loadShownSightings, NOTHING_SHOWN, type ShownSightings } from './shown-sightings.ts';
import { looksOf } from './source-looks.ts';

interface ScopeRow {
  readonly id: bigint;
  readonly source_id: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly last_report_at: Instant;
  readonly is_counting: boolean;
  readonly retired_at: Instant | null;
}

interface ScanRow {
  readonly source_id: string;
  readonly id: string;
  readonly files: readonly string[];
  readonly format: string;
  readonly report_at: Instant;
  readonly arrived_at: Instant;
  readonly is_complete: boolean;
  readonly counts: ScanTally;
  readonly sentence: string;
}

interface HoldingScanRow {
  readonly scope_id: bigint;
  readonly id: string;
  readonly files: readonly string[];
  readonly flags: readonly string[];
}

/** What an inventory lacks too much of. */
interface LackingRow extends HoldingScanRow {
  readonly held: bigint;
  readonly held_of: bigint;
  readonly held_since: Instant;
  readonly held_why: string;
}

/** The configured origins of reports, in PostgreSQL. */
export class PostgresSourceStore implements SourceStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async list(): Promise<readonly SourceView[]> {
    const { id, shard } = this.#organisation;
    const sources = await this.#pool.query<{
      id: string;
      name: string;
      tool: string;
      retired_at: Instant | null;
      last_report_at: Instant | null;
      looks: readonly string[];
      rhythm_days: number | null;
    }>(
      'select id, name, tool, retired_at, last_report_at, looks::text[] as looks, rhythm_days from source where organisation = $1 and merged_into is null order by name, id',
      [id],
    );
    const scopes = await this.#pool.query<ScopeRow>(
      `select id, source_id, keys, last_report_at, is_counting, retired_at from scope where organisation = $1 order by last_report_at desc, key`,
      [id],
    );
    const shown = await loadShownSightings(
      this.#pool,
      shard,
      scopes.rows.map((row) => row.id),
    );
    const scans = await this.#pool.query<ScanRow>(
      'select distinct on (source_id) source_id, id, files, format, report_at, arrived_at, is_complete, counts, sentence from scan where organisation = $1 order by source_id, arrived_at desc, id desc',
      [id],
    );
    // An older report may arrive later, and a partial one holds nothing.
    const holding = await this.#pool.query<HoldingScanRow>(
      `select distinct on (scope_id) scope_id, id, files, flags from scan
       where organisation = $1 and scope_id = any($2::bigint[]) and is_complete order by scope_id, report_at desc, arrived_at desc, id desc`,
      [id, [...shown].filter(([, { held }]) => held > 0).map(([scopeId]) => scopeId)],
    );
    const lacking = await this.#pool.query<LackingRow>(
      `select inventory_coverage.scope_id, scan.id, scan.files, scan.flags, sum(held) as held, sum(held_of) as held_of, min(held_since) as held_since, min(held_why) as held_why
       from inventory_coverage join scan on scan.organisation = $2 and scan.id = inventory_coverage.scan_id
       where inventory_coverage.shard = $1 and held_why is not null and not is_retired group by inventory_coverage.scope_id, scan.organisation, scan.id order by scan.id`,
      [shard, id],
    );
    const unlooked = await loadUnlooked(this.#pool, this.#organisation);
    const lackingOf = Map.groupBy(lacking.rows, (row) => row.scope_id);
    const now = this.#clock.now();
    const scopesOf = Map.groupBy(scopes.rows, (row) => row.source_id);
    const holdingOf = new Map(holding.rows.map((row) => [row.scope_id, row]));
    const scanOf = new Map(scans.rows.map((row) => [row.source_id, row]));
    return sources.rows.map((row): SourceView => {
      const own = (scopesOf.get(row.id) ?? []).map((scope) =>
        scopeView(
          scope,
          shown.get(scope.id) ?? NOTHING_SHOWN,
          holdingOf.get(scope.id),
          lackingOf.get(scope.id) ?? [],
          unlooked.get(scope.id) ?? null,
        ),
      );
      const looks = looksOf(row);
      const rhythm = rhythmOf(looks, row.rhythm_days);
      const scan = scanOf.get(row.id);
      return {
        id: row.id,
        name: row.name,
        tool: row.tool,
        isDerived: row.tool === OWN_TOOL,
        isRetired: row.retired_at !== null,
        openFindings: own
          .filter((scope) => scope.isCounting && !scope.isRetired)
          .reduce((sum, scope) => sum + scope.openSightings, 0),
        lastReportAt: looks?.lastAt ?? null,
        rhythm,
        isOverdue: row.retired_at === null && isOverdue(looks, rhythm, now),
        scopes: own,
        lastScan: scan === undefined ? null : scanView(scan),
      };
    });
  }

  inventory(estate: string | null): Promise<readonly InventoryCoverage[]> {
    return loadInventoryCoverage(this.#pool, this.#organisation.shard, estate);
  }

  async rename(sourceId: string, name: string, actor: string): Promise<boolean> {
    return inTransaction(this.#pool, async (connection) => {
      const renamed = await connection.query(
        'update source set name = $3 where organisation = $1 and id = $2',
        [this.#organisation.id, sourceId, name],
      );
      if (renamed.rowCount === 0) return false;
      recordEvent(connection, this.#organisation.shard, {
        at: this.#clock.now(),
        actor,
        verb: 'rename source',
        subject: `source:${sourceId}`,
        details: { name },
      });
      await this.#followRules(connection, sourceId);
      return true;
    });
  }

  /** A rule may ask for the names of sources: then the issues of this one are assessed anew. */
  async #followRules(connection: Connection, sourceId: string): Promise<void> {
    const { id, shard } = this.#organisation;
    const { fineFields } = rulesInForce(await loadAutomationRules(connection, this.#organisation));
    if (!fineFields.has('source')) return;
    const issues = await connection.query<{ issue_id: string }>(
      `select distinct finding.issue_id from scope
       join sighting on sighting.shard = $2 and sighting.scope_id = scope.id and sighting.gone_at is null
       join finding on finding.shard = $2 and finding.fingerprint = sighting.fingerprint and finding.is_open
       where scope.organisation = $1 and scope.source_id = $3`,
      [id, shard, sourceId],
    );
    await rollUpIssues(
      connection,
      this.#organisation,
      this.#clock.now(),
      issues.rows.map((row) => row.issue_id),
    );
  }

  async restore(
    sourceId: string,
    keys: Readonly<Record<string, string>>,
    actor: string,
  ): Promise<{ readonly scopes: number; readonly reopened: number }> {
    const now = this.#clock.now();
    return this.#alone(async (connection) => {
      const restored = await restoreScopes(connection, this.#organisation, now, sourceId, keys);
      if (restored.scopes > 0)
        recordEvent(connection, this.#organisation.shard, {
          at: now,
          actor,
          verb: 'restore source',
          subject: `source:${sourceId}`,
          details: { keys, ...restored },
        });
      return restored;
    });
  }

  async merge(
    sourceId: string,
    into: string,
    actor: string,
  ): Promise<{ readonly scopes: number; readonly findings: number } | null> {
    return this.#alone(async (connection) => {
      const known = await connection.query(
        'select from source where organisation = $1 and id = any($2::text[]) and merged_into is null',
        [this.#organisation.id, [sourceId, into]],
      );
      if (known.rowCount !== 2) return null;
      const request = { from: sourceId, into, actor };
      return mergeSources(connection, this.#organisation, this.#clock.now(), request);
    });
  }

  /** No import reads and nothing else changes meanwhile. */
  #alone<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return inTransaction(this.#pool, async (connection) => {
      await lockImports(connection, this.#organisation.id);
      return work(connection);
    });
  }

  async setRhythm(sourceId: string, days: number | null, actor: string): Promise<boolean> {
    return inTransaction(this.#pool, async (connection) => {
      const set = await connection.query(
        'update source set rhythm_days = $3 where organisation = $1 and id = $2',
        [this.#organisation.id, sourceId, days],
      );
      if (set.rowCount === 0) return false;
      recordEvent(connection, this.#organisation.shard, {
        at: this.#clock.now(),
        actor,
        verb: 'set rhythm of source',
        subject: `source:${sourceId}`,
        details: { days },
      });
      return true;
    });
  }

  async retire(
    sourceId: string,
    keys: Readonly<Record<string, string>>,
    actor: string,
  ): Promise<{ readonly scopes: number; readonly closed: number }> {
    const { id, shard } = this.#organisation;
    const now = this.#clock.now();
    // An import goes by the scopes as it found them when it began to read.
    return this.#alone(async (connection) => {
      const retired = await connection.query<{ id: bigint }>(
        'update scope set retired_at = $4 where organisation = $1 and source_id = $2 and keys @> $3::jsonb and retired_at is null returning id',
        [id, sourceId, JSON.stringify(keys), new Date(now)],
      );
      const scopeIds = retired.rows.map((row) => row.id);
      if (scopeIds.length === 0) return { scopes: 0, closed: 0 };
      await connection.query(
        'update source set retired_at = $3 where organisation = $1 and id = $2 and not exists (select from scope where scope.organisation = $1 and scope.source_id = $2 and scope.retired_at is null)',
        [id, sourceId, new Date(now)],
      );
      const sightings = await connection.query<{ fingerprint: string }>(
        'select distinct fingerprint from sighting where shard = $1 and scope_id = any($2::bigint[]) and gone_at is null',
        [shard, scopeIds],
      );
      const owns = sightings.rows.map((row) => row.fingerprint);
      const findings = await findingsOfSightings(connection, shard, owns);
      const fingerprints = [...new Set(owns.map((own) => findings.get(own) ?? own))];
      const open = await connection.query<{ count: bigint }>(
        'select count(*) from finding where shard = $1 and fingerprint = any($2::uuid[]) and is_open',
        [shard, fingerprints],
      );
      const refreshed = await refreshFindings(connection, this.#organisation, fingerprints, {
        at: now,
        why: new Map(fingerprints.map((fingerprint) => [fingerprint, 'its source was retired'])),
      });
      const issueIds = new IssueIds();
      issueIds.addAll(refreshed.issueIds);
      const entries = await retireCatalogue(connection, shard, scopeIds, true);
      await followCatalogue(connection, this.#organisation, [entries], issueIds);
      await retireInventory(connection, this.#organisation, now, { sourceId, scopeIds }, issueIds);
      await rollUpIssues(connection, this.#organisation, now, issueIds);
      await reassessOutsideMachines(connection, this.#organisation, now);
      await refreshPaths(connection, this.#organisation, now);
      const closed = Number(open.rows[0]?.count ?? 0n) - refreshed.open.size;
      recordEvent(connection, shard, {
        at: now,
        actor,
        verb: 'retire source',
        subject: `source:${sourceId}`,
        details: { keys, scopes: scopeIds.length, closed },
      });
      return { scopes: scopeIds.length, closed };
    });
  }
}

async function restoreScopes(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  sourceId: string,
  keys: Readonly<Record<string, string>>,
): Promise<{ readonly scopes: number; readonly reopened: number }> {
  const { id, shard } = organisation;
  const restored = await connection.query<{ id: bigint; image_key: string | null }>(
    'update scope set retired_at = null where organisation = $1 and source_id = $2 and keys @> $3::jsonb and retired_at is not null returning id, image_key',
    [id, sourceId, JSON.stringify(keys)],
  );
  await connection.query('update source set retired_at = null where organisation = $1 and id = $2', [
    id,
    sourceId,
  ]);
  const scopeIds = restored.rows.map((row) => row.id);
  for (const image of new Set(restored.rows.flatMap((row) => row.image_key ?? [])))
    for (const { scopeId } of await refreshImageScopes(connection, organisation, now, sourceId, image))
      scopeIds.push(scopeId);
  const issueIds = new IssueIds();
  const entries = await retireCatalogue(connection, shard, scopeIds, false);
  await followCatalogue(connection, organisation, [entries], issueIds);
  const inventory = { sourceId, scopeIds: restored.rows.map((row) => row.id) };
  await restoreInventory(connection, organisation, now, inventory, issueIds);
  let reopened = 0;
  for (const scopeId of new Set(scopeIds))
    for await (const chunk of eachOpenSighting(connection, shard, scopeId))
      await refreshEach(
        connection,
        organisation,
        chunk,
        now,
        () => null,
        (each) => {
          issueIds.add(each.issueId);
          if (each.isOpen && !each.wasOpen) reopened++;
        },
      );
  await rollUpIssues(connection, organisation, now, issueIds);
  await reassessOutsideMachines(connection, organisation, now);
  await refreshPaths(connection, organisation, now);
  return { scopes: restored.rows.length, reopened };
}

/** The open sightings of each scope in units that its latest reports did not list. */
async function loadUnlooked(
  db: Queryable,
  { id, shard }: Organisation,
): Promise<ReadonlyMap<bigint, NonNullable<ScopeView['notLookedAt']>>> {
  const result = await db.query<{
    scope_id: bigint;
    looked_at: Instant;
    last_report_at: Instant;
    open: bigint;
  }>(
    `select unlisted_unit.scope_id, unlisted_unit.looked_at, scope.last_report_at, count(*) as open
     from unlisted_unit join scope on scope.organisation = $1 and scope.id = unlisted_unit.scope_id
     join sighting on sighting.shard = unlisted_unit.shard and sighting.scope_id = unlisted_unit.scope_id and sighting.cover = unlisted_unit.cover and sighting.gone_at is null
     where unlisted_unit.shard = $2
       and not exists (select from sighting_cover as other left join unlisted_unit as unit on unit.shard = other.shard and unit.scope_id = other.scope_id and unit.cover = other.cover
         where other.shard = sighting.shard and other.scope_id = sighting.scope_id and other.fingerprint = sighting.fingerprint and unit.cover is null)
     group by unlisted_unit.scope_id, unlisted_unit.looked_at, scope.last_report_at`,
    [id, shard],
  );
  const rows = result.rows.filter((row) => !isSameLook(row.looked_at, row.last_report_at));
  return new Map(
    [...Map.groupBy(rows, (row) => row.scope_id)].map(([scopeId, each]) => [
      scopeId,
      {
        open: each.reduce((sum, { open }) => sum + Number(open), 0),
        since: smallest(each.map((row) => row.looked_at)) ?? 0,
      },
    ]),
  );
}

function scopeView(
  row: ScopeRow,
  shown: ShownSightings,
  scan: HoldingScanRow | undefined,
  lacking: readonly LackingRow[],
  notLookedAt: ScopeView['notLookedAt'],
): ScopeView {
  const { heldSince: since, heldWhy: why } = shown;
  const held: HeldView[] = lacking.map((each) => ({
    count: Number(each.held),
    open: Number(each.held_of),
    since: each.held_since,
    why: each.held_why,
    scanId: each.id,
    files: each.files,
    flags: each.flags,
  }));
  if (scan !== undefined && since !== null) {
    const { id: scanId, files, flags } = scan;
    held.push({
      count: shown.held,
      open: shown.open,
      since,
      why: why ?? '',
      scanId,
      files,
      flags,
    });
  }
  return {
    id: String(row.id),
    keys: row.keys,
    lastReportAt: row.last_report_at,
    isCounting: row.is_counting,
    isRetired: row.retired_at !== null,
    openSightings: shown.open,
    notLookedAt,
    held,
  };
}

function scanView(row: ScanRow): ScanView {
  const { records, findings, rejects } = row.counts;
  return {
    id: row.id,
    files: row.files,
    format: row.format,
    reportAt: row.report_at,
    arrivedAt: row.arrived_at,
    isComplete: row.is_complete,
    records,
    findings,
    rejects,
    sentence: row.sentence,
  };
}
