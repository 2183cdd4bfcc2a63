import { DAY_MS, type Instant } from '#base/instant.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { RetentionStore } from '#domain/ports/retention-store.ts';
import { type Connection, inTransaction, LOCK, type Pool } from './database.ts';
import { dropEmptyIssues } from './drop-empty-issues.ts';
import { recordEvent } from './events.ts';
import { forgetEvents } from './forget-events.ts';
import { forgetJournal } from './import/scan-journal.ts';
import { forgetDigests } from './import/sighting-digest.ts';
import type { Organisation } from './organisation.ts';
import { sightingsOfFindings } from './rekey/rekeyed.ts';

const BATCH = 2_000;
const IMAGE_DAYS = 30;
/** What nobody fetched in this time, nobody waits for. */
const OUTBOX_DAYS = 7;
/** So long can be taken back what somebody did. */
const UNDO_DAYS = 30;

/** Deletes what is kept no longer (design: data, kept; identity, images). */
export class PostgresRetentionStore implements RetentionStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;
  readonly #keepDays: number;
  /** Signs what is left of events that go. */
  readonly #key: Uint8Array;

  constructor(pool: Pool, organisation: Organisation, clock: Clock, keepDays: number, key: Uint8Array) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
    this.#keepDays = keepDays;
    this.#key = key;
  }

  async forget(): Promise<number> {
    const organisation = this.#organisation;
    const now = this.#clock.now();
    const oldest = now - this.#keepDays * DAY_MS;
    return inTransaction(this.#pool, async (connection) => {
      // An import compares with the sightings that it read at its beginning: none of them may go before its end.
      if (!(await isFree(connection, LOCK.importer, organisation))) return 0;
      if (!(await isFree(connection, LOCK.organisation, organisation))) return 0;
      const deleted = {
        sightings:
          (await forgetImages(connection, organisation, now - IMAGE_DAYS * DAY_MS)) +
          (await forgetSightings(connection, organisation, oldest)),
        findings: await forgetFindings(connection, organisation, oldest),
        signals: await forgetSignals(connection, organisation, oldest),
        names: await forgetNames(connection, organisation, oldest),
        resources: await forgetResources(connection, organisation, oldest),
        clues: await forgetClues(connection, organisation, oldest),
        creators: await forgetCreators(connection, organisation, oldest),
        scans: await forgetScans(connection, organisation, oldest),
        events: await forgetEvents(connection, organisation, now, oldest, BATCH, this.#key),
        actions: await forgetActions(connection, organisation.shard, now - UNDO_DAYS * DAY_MS),
        deliveries: await forgetDeliveries(connection, organisation.shard, now - OUTBOX_DAYS * DAY_MS),
      };
      const count = Object.values(deleted).reduce((sum, each) => sum + each, 0);
      if (count > 0)
        recordEvent(connection, organisation.shard, {
          at: now,
          actor: 'retention',
          verb: 'forget',
          subject: 'history',
          details: { ...deleted, keepDays: this.#keepDays },
        });
      return count;
    });
  }
}

async function isFree(connection: Connection, lock: number, { id }: Organisation): Promise<boolean> {
  const result = await connection.query<{ taken: boolean }>(
    'select pg_try_advisory_xact_lock($1, $2) as taken',
    [lock, Number(id)],
  );
  return result.rows[0]?.taken === true;
}

/** Sightings of images that ceased to count so long ago. An image of which none is left is done with until it is scanned again. */
async function forgetImages(
  connection: Connection,
  { id, shard }: Organisation,
  before: Instant,
): Promise<number> {
  const scopes = await connection.query<{ id: bigint }>(
    `select id from scope where organisation = $1 and not_counting_since <= $2 and not is_counting order by not_counting_since limit ${BATCH}`,
    [id, new Date(before)],
  );
  let count = 0;
  for (const scope of scopes.rows) {
    await forgetDigests(connection, shard, [scope.id]);
    const deleted = await deleteSightings(connection, shard, 'scope_id = $2', BATCH - count, scope.id);
    count += deleted;
    if (count >= BATCH) break;
    await connection.query(
      'update scope set not_counting_since = null, last_sha256 = null where organisation = $1 and id = $2',
      [id, scope.id],
    );
    // Nothing is left to which its scans could be taken back.
    await connection.query('update scan set before = null where organisation = $1 and scope_id = $2', [
      id,
      scope.id,
    ]);
    await forgetJournal(connection, shard, [scope.id], null);
    await connection.query('delete from entry_memory where shard = $1 and scope_id = $2', [shard, scope.id]);
  }
  return count;
}

/** Sightings that went so long ago, of findings that others still show. */
async function forgetSightings(
  connection: Connection,
  { shard }: Organisation,
  before: Instant,
): Promise<number> {
  const count = await deleteSightings(connection, shard, 'gone_at <= $2', BATCH, new Date(before));
  // Machines that a scaling group replaced leave the names under which they were seen.
  if (count > 0)
    await connection.query(
      'delete from rekeyed where shard = $1 and not exists (select from sighting where sighting.shard = $1 and sighting.fingerprint = rekeyed.own)',
      [shard],
    );
  return count;
}

async function deleteSightings(
  connection: Connection,
  shard: bigint,
  condition: string,
  limit: number,
  value: unknown,
): Promise<number> {
  const result = await connection.query<{ scope_id: bigint; fingerprint: string }>(
    `delete from sighting where shard = $1 and (scope_id, fingerprint) in
       (select scope_id, fingerprint from sighting where shard = $1 and ${condition} limit ${limit})
     returning scope_id, fingerprint`,
    [shard, value],
  );
  if (result.rows.length > 0)
    for (const table of ['sighting_cover', 'scan_change'])
      await connection.query(
        `delete from ${table} using unnest($2::bigint[], $3::uuid[]) as gone (scope_id, fingerprint)
         where ${table}.shard = $1 and ${table}.scope_id = gone.scope_id and ${table}.fingerprint = gone.fingerprint`,
        [shard, result.rows.map((row) => row.scope_id), result.rows.map((row) => row.fingerprint)],
      );
  return result.rows.length;
}

/** Findings that closed so long ago, with what was seen of them and what people decided about them. */
async function forgetFindings(
  connection: Connection,
  { shard }: Organisation,
  before: Instant,
): Promise<number> {
  const result = await connection.query<{ fingerprint: string; issue_id: string }>(
    `delete from finding where shard = $1 and fingerprint in
       (select fingerprint from finding where shard = $1 and not is_open and closed_at <= $2 limit ${BATCH})
     returning fingerprint, issue_id`,
    [shard, new Date(before)],
  );
  if (result.rows.length === 0) return 0;
  const fingerprints = result.rows.map((row) => row.fingerprint);
  // Sightings under another name of theirs too.
  const own = [...(await sightingsOfFindings(connection, shard, fingerprints)).keys()];
  // Scopes that do not count still show some of them.
  const scopes = await connection.query<{ scope_id: bigint }>(
    'select distinct scope_id from sighting where shard = $1 and fingerprint = any($2::uuid[]) and gone_at is null',
    [shard, [...fingerprints, ...own]],
  );
  await forgetDigests(
    connection,
    shard,
    scopes.rows.map((row) => row.scope_id),
  );
  for (const table of ['sighting', 'sighting_cover', 'scan_change', 'scan_finding', 'decision'])
    await connection.query(`delete from ${table} where shard = $1 and fingerprint = any($2::uuid[])`, [
      shard,
      [...fingerprints, ...own],
    ]);
  const gone = await dropEmptyIssues(connection, shard, [...new Set(result.rows.map((row) => row.issue_id))]);
  // What was said of an issue is kept as long as the issue.
  for (const table of ['comment', 'acceptance'])
    await connection.query(
      `delete from ${table} where shard = $1 and issue_id in (
         select unnest($2::text[]) union select id from issue_redirect where shard = $1 and target = any($2::text[]))`,
      [shard, gone],
    );
  return result.rows.length;
}

async function forgetSignals(
  connection: Connection,
  { shard }: Organisation,
  before: Instant,
): Promise<number> {
  const result = await connection.query(
    `delete from signal where shard = $1 and (resource_key, id) in
       (select resource_key, id from signal where shard = $1 and last_at <= $2 limit ${BATCH})`,
    [shard, new Date(before)],
  );
  return result.rowCount ?? 0;
}

/** Names that resources bore until then: what was seen under them is as old. */
async function forgetNames(
  connection: Connection,
  { shard }: Organisation,
  before: Instant,
): Promise<number> {
  const result = await connection.query(
    `delete from resource_alias where shard = $1 and (alias, key, seen_at) in
       (select alias, key, seen_at from resource_alias where shard = $1 and until_at <= $2 limit ${BATCH})`,
    [shard, new Date(before)],
  );
  return result.rowCount ?? 0;
}

/** Resources that vanished so long ago and that no finding names any more, and of which groups they were members. */
async function forgetResources(
  connection: Connection,
  { id, shard }: Organisation,
  before: Instant,
): Promise<number> {
  const result = await connection.query(
    `with forgotten as (delete from resource where shard = $1 and key in
       (select resource.key from resource where resource.shard = $1 and resource.gone_at <= $2
          and not exists (select from finding where finding.shard = resource.shard and finding.resource_key = resource.key) limit ${BATCH}) returning key),
       unnamed as (delete from resource_alias where shard = $1 and key in (select key from forgotten)),
       unsaid as (delete from data_clue where shard = $1 and resource_key in (select key from forgotten)),
       left_groups as (delete from alias where organisation = $3 and kind = 'member' and name in (select key from forgotten)
         and not exists (select from rekeyed where rekeyed.shard = $1 and rekeyed.resource_key = alias.name))
     select key from forgotten`,
    [shard, new Date(before), id],
  );
  return result.rowCount ?? 0;
}

/** What sources that were retired or fell silent so long ago said of data in what no inventory has. */
async function forgetClues(
  connection: Connection,
  { id, shard }: Organisation,
  before: Instant,
): Promise<number> {
  const result = await connection.query(
    `delete from data_clue where shard = $1 and (resource_key, source_id, id) in
       (select old.resource_key, old.source_id, old.id from data_clue as old join source on source.organisation = $3 and source.id = old.source_id
        where old.shard = $1 and coalesce(source.retired_at, source.last_report_at) <= $2
          and not exists (select from resource where resource.shard = old.shard and resource.key = old.resource_key) limit ${BATCH})`,
    [shard, new Date(before), id],
  );
  return result.rowCount ?? 0;
}

/** Who created so long ago what no inventory has. */
async function forgetCreators(
  connection: Connection,
  { shard }: Organisation,
  before: Instant,
): Promise<number> {
  const result = await connection.query(
    `delete from resource_creator where shard = $1 and (resource_key, source_id) in
       (select resource_key, source_id from resource_creator as old where old.shard = $1 and old.created_at <= $2
          and not exists (select from resource where resource.shard = old.shard and resource.key = old.resource_key) limit ${BATCH})`,
    [shard, new Date(before)],
  );
  return result.rowCount ?? 0;
}

/** Scans that arrived so long ago, but for the latest of each scope. */
async function forgetScans(connection: Connection, { id }: Organisation, before: Instant): Promise<number> {
  const result = await connection.query(
    `delete from scan where organisation = $1 and id in
       (select scan.id from scan where scan.organisation = $1 and scan.arrived_at <= $2
          and exists (select from scan later where later.organisation = $1 and later.scope_id = scan.scope_id and later.id > scan.id) limit ${BATCH})`,
    [id, new Date(before)],
  );
  return result.rowCount ?? 0;
}

async function forgetActions(connection: Connection, shard: bigint, before: Instant): Promise<number> {
  const result = await connection.query(
    `with forgotten as (delete from action where shard = $1 and id in (select id from action where shard = $1 and at <= $2 limit 20) returning id),
       before as (delete from action_before where shard = $1 and action_id in (select id from forgotten))
     select id from forgotten`,
    [shard, new Date(before)],
  );
  return result.rowCount ?? 0;
}

async function forgetDeliveries(connection: Connection, shard: bigint, before: Instant): Promise<number> {
  const result = await connection.query(
    `with events as (delete from outbox where shard = $1 and id in (select id from outbox where shard = $1 and at <= $2 limit ${BATCH}) returning id),
       deliveries as (delete from delivery where shard = $1 and id in
         (select id from delivery where shard = $1 and kind = 'event' and wanted_at <= $2 limit ${BATCH}) returning id)
     select id from events union all select id from deliveries`,
    [shard, new Date(before)],
  );
  return result.rowCount ?? 0;
}
