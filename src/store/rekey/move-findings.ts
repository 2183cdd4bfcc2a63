import type { Instant } from '#base/instant.ts';
import type { Connection } from '../database.ts';
import { refreshFindings } from '../findings.ts';
import type { Organisation } from '../organisation.ts';
import { rollUpIssues } from '../roll-up.ts';
import { redirectEmptied } from './issue-redirects.ts';
import type { Move } from './move.ts';
import { moveDecisions } from './move-decisions.ts';
import { redateIssues } from './redate-issues.ts';
import { identityRow } from './rekeyed.ts';

const CHUNK = 5_000;

/**
 * Brings findings, decisions and issues after sightings that belong to other findings now: what was two
 * findings is one, or the other way round (design: identity, aliases). A finding that is left without
 * any sighting goes; the id of an issue that is left without findings answers with the new one. Attack paths are not looked
 * for: whoever moves findings knows when all else that they rest on is stored.
 */
export async function moveFindings(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  moves: readonly Move[],
): Promise<void> {
  if (moves.length === 0) return;
  const { shard } = organisation;
  const froms = [...new Set(moves.map((move) => move.from))];
  const tos = [...new Set(moves.map((move) => move.to.fingerprint))];
  const emptied = await emptiedOf(connection, shard, froms);
  const oldIssues = await connection.query<{ fingerprint: string; issue_id: string }>(
    'select fingerprint, issue_id from finding where shard = $1 and fingerprint = any($2::uuid[])',
    [shard, froms],
  );
  await moveDecisions(connection, shard, moves, emptied);
  for (let from = 0; from < moves.length; from += CHUNK)
    await copyFindings(connection, shard, moves.slice(from, from + CHUNK));
  const parted = moves.filter((move) => !emptied.has(move.from));
  await dateParts(connection, shard, [
    ...new Set(parted.flatMap((move) => [move.from, move.to.fingerprint])),
  ]);
  await connection.query('delete from finding where shard = $1 and fingerprint = any($2::uuid[])', [
    shard,
    [...emptied],
  ]);
  const touched = [...new Set([...tos, ...froms.filter((fingerprint) => !emptied.has(fingerprint))])];
  const refreshed = await refreshFindings(connection, organisation, touched, { at: now, why: new Map() });
  const targets = new Map(moves.map((move) => [move.from, move.to.issueId]));
  const issueIds = new Set([...refreshed.issueIds, ...oldIssues.rows.map((row) => row.issue_id)]);
  if (parted.length > 0) await redateIssues(connection, shard, [...issueIds]);
  await rollUpIssues(connection, organisation, now, issueIds);
  await redirectEmptied(
    connection,
    shard,
    new Map(oldIssues.rows.map((row) => [row.issue_id, targets.get(row.fingerprint) as string])),
    now,
  );
}

/** The findings to which no sighting belongs any more. */
async function emptiedOf(
  connection: Connection,
  shard: bigint,
  fingerprints: readonly string[],
): Promise<ReadonlySet<string>> {
  const result = await connection.query<{ fingerprint: string }>(
    `select fingerprint from unnest($2::uuid[]) as left_behind (fingerprint)
     where not exists (select from rekeyed where rekeyed.shard = $1 and rekeyed.fingerprint = left_behind.fingerprint)
       and (exists (select from rekeyed where rekeyed.shard = $1 and rekeyed.own = left_behind.fingerprint)
         or not exists (select from sighting where sighting.shard = $1 and sighting.fingerprint = left_behind.fingerprint))`,
    [shard, fingerprints],
  );
  return new Set(result.rows.map((row) => row.fingerprint));
}

const MOVES = `jsonb_to_recordset($2) as move (origin uuid, destination uuid, issue_id text, issue_key text, type text, advisory text, control text, tool_check text,
  resource_key text, resource_kind text, resource_name text, place text, mark text)`;

/** The new findings, with the history of those that they come from. */
async function copyFindings(connection: Connection, shard: bigint, moves: readonly Move[]): Promise<void> {
  const rows = JSON.stringify(
    moves.map(({ from, to }) => ({
      origin: from,
      destination: to.fingerprint,
      issue_id: to.issueId,
      issue_key: to.issueKey,
      ...identityRow(to),
    })),
  );
  await connection.query(
    `insert into finding (shard, fingerprint, issue_id, issue_key, type, advisory, control, tool_check, resource_key, resource_kind, resource_name, place, mark,
       is_open, first_seen, closed_at, closed_why, reopened_at, summary, likeness)
     select distinct on (move.destination) finding.shard, move.destination, move.issue_id, move.issue_key, move.type, move.advisory, move.control, move.tool_check,
       move.resource_key, move.resource_kind, move.resource_name, move.place, move.mark,
       finding.is_open, finding.first_seen, finding.closed_at, finding.closed_why, finding.reopened_at, finding.summary, finding.likeness
     from ${MOVES} join finding on finding.shard = $1 and finding.fingerprint = move.origin
     order by move.destination, finding.is_open desc, finding.closed_at desc, finding.fingerprint
     on conflict (shard, fingerprint) do nothing`,
    [shard, rows],
  );
  await connection.query(
    `update finding set first_seen = least(finding.first_seen, origin.first_seen), is_open = finding.is_open or origin.is_open,
       closed_at = case when finding.is_open or origin.is_open then null else greatest(finding.closed_at, origin.closed_at) end,
       closed_why = case when finding.is_open or origin.is_open then null when origin.closed_at > finding.closed_at then origin.closed_why else finding.closed_why end,
       reopened_at = greatest(finding.reopened_at, origin.reopened_at)
     from (select move.destination, min(finding.first_seen) as first_seen, bool_or(finding.is_open) as is_open, max(finding.closed_at) as closed_at,
         (array_agg(finding.closed_why order by finding.closed_at desc nulls last))[1] as closed_why, max(finding.reopened_at) as reopened_at
       from ${MOVES} join finding on finding.shard = $1 and finding.fingerprint = move.origin group by move.destination) as origin
     where finding.shard = $1 and finding.fingerprint = origin.destination`,
    [shard, rows],
  );
}

/** Findings that were one until now: each is as old as its own sightings. */
async function dateParts(
  connection: Connection,
  shard: bigint,
  fingerprints: readonly string[],
): Promise<void> {
  if (fingerprints.length === 0) return;
  await connection.query(
    `update finding set first_seen = part.first_seen from (
       select owner.fingerprint, min(sighting.first_seen) as first_seen from (
         select fingerprint as own, fingerprint from unnest($2::uuid[]) as asked (fingerprint)
         where not exists (select from rekeyed where rekeyed.shard = $1 and rekeyed.own = asked.fingerprint)
         union all select own, fingerprint from rekeyed where shard = $1 and fingerprint = any($2::uuid[])) as owner
       join sighting on sighting.shard = $1 and sighting.fingerprint = owner.own group by owner.fingerprint) as part
     where finding.shard = $1 and finding.fingerprint = part.fingerprint`,
    [shard, fingerprints],
  );
}
