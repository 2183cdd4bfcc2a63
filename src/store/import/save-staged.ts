import type { Instant } from '#base/instant.ts';
import { tellFixes } from '../advisory-fixes.ts';
import type { Connection } from '../database.ts';
import { refreshEach } from '../findings.ts';
import type { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';
import { saveRekeyed } from '../rekey/rekeyed.ts';
import type { AppliedScan } from './applied-scan.ts';
import type { MovementTally } from './movement-tally.ts';
import type { ScanJournal } from './scan-journal.ts';

/** Whether the scope whose scan is applied counts: an image that was replaced shows nothing by itself. */
export type ScopeState = { readonly isCounting: true } | { readonly isCounting: false; readonly why: string };

/**
 * Stores the findings that a scan brings or shows otherwise. Those of which no other sighting counts are what
 * the stage says of them, and cost no work here; the others are derived from all of their sightings.
 */
export async function saveStaged(
  connection: Connection,
  organisation: Organisation,
  scan: AppliedScan,
  state: ScopeState,
  tally: MovementTally,
  issueIds: IssueIds,
  journal: ScanJournal,
): Promise<void> {
  const before = await countStaged(connection, organisation.shard, scan);
  for (const { file, is, count } of before) {
    const isAgain = is === 'closed' ? (state.isCounting ? 'regressed' : 'changed') : is;
    tally.addStaged(file, isAgain, Number(count));
  }
  if (before.length === 0) return;
  await journal.keepStaged(state.isCounting);
  await upsertSightings(connection, organisation.shard, scan);
  await tellFixes(connection, organisation.shard, scan.importId, scan.end.reportAt);
  await saveRekeyed(connection, organisation.shard, scan.rekeyed, new Date(scan.request.arrivedAt));
  if (before.some((row) => row.is !== 'created')) {
    if (state.isCounting) await updateAlone(connection, organisation, scan);
    await deriveShared(connection, organisation, scan, state, tally);
  }
  const created = before.reduce((sum, row) => sum + (row.is === 'created' ? Number(row.count) : 0), 0);
  if (created > 0) await insertNew(connection, organisation, scan, state);
  // The planner would take tables that have just been filled for small ones until the server looks at them by itself.
  if (created >= ANALYZE_FROM)
    await connection.query(
      'analyze finding (shard, fingerprint, issue_id, resource_key, is_open), sighting (shard, scope_id, fingerprint, gone_at)',
    );
  const touched = await connection.query<{ issue_id: string }>(
    'select distinct issue_id from stage_sighting where shard = $1 and import_id = $2',
    [organisation.shard, scan.importId],
  );
  for (const { issue_id } of touched.rows) issueIds.add(issue_id);
}

const ANALYZE_FROM = 20_000;

interface StagedCount {
  readonly file: number;
  readonly is: 'created' | 'changed' | 'closed';
  readonly count: bigint;
}

async function countStaged(
  connection: Connection,
  shard: bigint,
  { importId }: AppliedScan,
): Promise<readonly StagedCount[]> {
  const result = await connection.query<StagedCount>(
    `select staged.file, case when finding.fingerprint is null then 'created' when finding.is_open or ${isReplaced('finding.closed_why')} then 'changed' else 'closed' end as is, count(*)
     from stage_sighting as staged
     left join lateral (select * from finding
       where finding.shard = staged.shard and finding.fingerprint = coalesce(staged.finding, staged.fingerprint) limit 1) as finding on true
     where staged.shard = $1 and staged.import_id = $2 group by 1, 2`,
    [shard, importId],
  );
  return result.rows;
}

/** The finding closed because its machine went, and another machine of the same scaling group shows it: nothing had been fixed. */
export function isReplaced(closedWhy: string): string {
  return `(${closedWhy} = 'resource gone' and exists (select from relation where relation.shard = finding.shard and relation.kind = 'part-of' and relation.to_key = finding.resource_key))`;
}

async function upsertSightings(
  connection: Connection,
  shard: bigint,
  { importId, scopeId, end }: AppliedScan,
): Promise<void> {
  await connection.query(
    `insert into sighting (shard, scope_id, fingerprint, content_hash, occurrences, cover, finding_class, severity, is_fixable, rule, checks, first_seen, changed_at, content)
     select shard, $3, fingerprint, content_hash, occurrences, cover, finding_class, severity, is_fixable, rule, checks, $4, $4, content
     from stage_sighting where shard = $1 and import_id = $2
     on conflict (shard, scope_id, fingerprint) do update set
       content_hash = excluded.content_hash, occurrences = excluded.occurrences, cover = excluded.cover, finding_class = excluded.finding_class,
       severity = excluded.severity, is_fixable = excluded.is_fixable, rule = excluded.rule, checks = excluded.checks,
       first_seen = least(sighting.first_seen, excluded.first_seen), changed_at = excluded.changed_at, content = excluded.content,
       gone_at = null, gone_why = null, held_since = null, held_why = null`,
    [shard, importId, scopeId, new Date(end.reportAt)],
  );
}

/**
 * Another scope shows the staged finding too, and counts; or sightings of other names may show it. `offset 0`: asked
 * of each staged row by its key, and not of all sightings there are.
 */
const IS_SHARED = `(staged.finding is not null or exists (select from rekeyed where rekeyed.shard = staged.shard and rekeyed.fingerprint = staged.fingerprint offset 0)
  or exists (select from (select scope_id from sighting as other where other.shard = staged.shard and other.fingerprint = staged.fingerprint
      and other.scope_id <> $4 and other.gone_at is null offset 0) as other
    join scope on scope.organisation = $3 and scope.id = other.scope_id and scope.is_counting and scope.retired_at is null offset 0))`;

async function updateAlone(
  connection: Connection,
  { id, shard }: Organisation,
  { importId, scopeId, end }: AppliedScan,
): Promise<void> {
  await connection.query(
    `update finding set is_open = true, first_seen = least(finding.first_seen, $5), summary = staged.summary, likeness = staged.likeness, closed_at = null, closed_why = null,
       reopened_at = case when finding.closed_at is not null then $5 else finding.reopened_at end
     from stage_sighting as staged
     where staged.shard = $1 and staged.import_id = $2 and finding.shard = staged.shard and finding.fingerprint = coalesce(staged.finding, staged.fingerprint)
       and not ${IS_SHARED}`,
    [shard, importId, id, scopeId, new Date(end.reportAt)],
  );
}

const CHUNK = 2_000;

async function deriveShared(
  connection: Connection,
  organisation: Organisation,
  scan: AppliedScan,
  state: ScopeState,
  tally: MovementTally,
): Promise<void> {
  const why = state.isCounting ? '' : state.why;
  let last = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const chunk = await connection.query<{ fingerprint: string }>(
      `select staged.fingerprint from stage_sighting as staged
       join lateral (select from finding where finding.shard = staged.shard and finding.fingerprint = coalesce(staged.finding, staged.fingerprint) limit 1) as finding on true
       where staged.shard = $1 and staged.import_id = $2 and staged.fingerprint > $5 and (not $6::boolean or ${IS_SHARED})
       order by staged.fingerprint limit ${CHUNK}`,
      [organisation.shard, scan.importId, organisation.id, scan.scopeId, last, state.isCounting],
    );
    const fingerprints = chunk.rows.map((row) => row.fingerprint);
    await refreshEach(
      connection,
      organisation,
      fingerprints,
      scan.end.reportAt,
      () => why,
      // What a scope that counts shows is open, and counted already.
      (each) => {
        if (!state.isCounting) tally.addRefreshed(each, why);
      },
    );
    if (fingerprints.length < CHUNK) return;
    last = fingerprints.at(-1) as string;
  }
}

/**
 * What a new image shows that does not count is closed from the start, with the reason; it can be looked at
 * all the same, so it says what its sighting says.
 */
async function insertNew(
  connection: Connection,
  organisation: Organisation,
  { importId, end, rekeyed }: AppliedScan,
  state: ScopeState,
): Promise<void> {
  const at: Instant = end.reportAt;
  await connection.query(
    `insert into finding (shard, fingerprint, issue_id, issue_key, type, advisory, control, tool_check, resource_key, resource_kind, resource_name, place, mark, is_open, first_seen, closed_at, closed_why, summary, likeness)
     select staged.shard, coalesce(staged.finding, staged.fingerprint), issue_id, issue_key, type, advisory, control, tool_check, resource_key, resource_kind, resource_name, place, mark,
       $4::text is null, $3::timestamptz, case when $4::text is not null then $3::timestamptz end, $4::text, summary, likeness
     from stage_sighting as staged where staged.shard = $1 and staged.import_id = $2
     on conflict (shard, fingerprint) do nothing`,
    [organisation.shard, importId, new Date(at), state.isCounting ? null : state.why],
  );
  // Sightings of several names may show one of them.
  const why = state.isCounting ? null : state.why;
  await refreshEach(
    connection,
    organisation,
    rekeyed.map(({ own }) => own.fingerprint),
    at,
    () => why,
    () => undefined,
  );
}
