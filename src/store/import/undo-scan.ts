import { type Instant, instantTextOrNull } from '#base/instant.ts';
import type { UndoneScan, UndoRefusal } from '#domain/ports/import-store.ts';
import { refreshPaths } from '../attackpath/refresh-paths.ts';
import { beginAlone, type Connection, commit, rollback } from '../database.ts';
import { followCatalogue, restoreCatalogue } from '../estate/move-catalogue.ts';
import { recordEvent } from '../events.ts';
import { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';
import { redirectEmptied } from '../rekey/issue-redirects.ts';
import { findingsOfSightings } from '../rekey/rekeyed.ts';
import { rollUpIssues } from '../roll-up.ts';
import { eachOpenSighting, refreshImageScopes } from './image-scopes.ts';
import { replayFindings, type UndoneRef } from './replay-findings.ts';
import { restoreIssues } from './restore-issues.ts';
import { restoreSource } from './restore-source.ts';
import { ScanHistory } from './scan-history.ts';
import { forgetJournal } from './scan-journal.ts';
import { forgetDigests } from './sighting-digest.ts';
import { restoreUnlisted } from './unlisted-units.ts';

interface ScanRow {
  readonly source_id: string;
  readonly scope_id: bigint;
  readonly files: readonly string[];
  readonly report_at: Instant;
  readonly arrived_at: Instant;
  /** Null: what it changed is not kept any more. */
  readonly before: { readonly isKnown: boolean; readonly isSourceNew: boolean } | null;
  /** Other images of its repository that did not count before it, and since when. */
  readonly images: readonly { readonly id: string; readonly since: string | null }[] | null;
  readonly image_key: string | null;
  readonly scope_key: string;
}

/**
 * Takes one scan back: what it brought goes, what it closed is open again, what it changed says what the
 * scan before said. Decisions stay, and count again when their finding returns.
 */
export async function undoScan(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  scanId: string,
  actor: string,
): Promise<UndoneScan | UndoRefusal> {
  try {
    await beginAlone(connection, organisation.id);
    const answer = await undoInTransaction(connection, organisation, now, scanId, actor);
    await commit(connection);
    return answer;
  } catch (error) {
    await rollback(connection);
    throw error;
  }
}

async function undoInTransaction(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  scanId: string,
  actor: string,
): Promise<UndoneScan | UndoRefusal> {
  const { id, shard } = organisation;
  const scans = await connection.query<ScanRow>(
    `select scan.source_id, scan.scope_id, scan.files, scan.report_at, scan.arrived_at, scope.image_key,
       case when scan.before is not null then jsonb_build_object('isKnown', jsonb_typeof(scan.before -> 'scope') = 'object', 'isSourceNew', jsonb_typeof(scan.before -> 'source') = 'null') end as before,
       scan.before -> 'images' as images, scope.key as scope_key
     from scan join scope on scope.organisation = scan.organisation and scope.id = scan.scope_id where scan.organisation = $1 and scan.id = $2`,
    [id, scanId],
  );
  const scan = scans.rows[0];
  if (scan === undefined) return { refused: 'unknown' };
  if (scan.scope_key.startsWith('inventory|')) return { refused: 'inventory' };
  if (scan.scope_key.startsWith('events|')) return { refused: 'events' };
  const latest = await connection.query<{ id: string; files: string[] }>(
    'select id, files from scan where organisation = $1 and scope_id = $2 order by id desc limit 1',
    [id, scan.scope_id],
  );
  const last = latest.rows[0];
  if (last !== undefined && last.id !== scanId)
    return { refused: 'later', scanId: last.id, files: last.files };
  if (scan.before === null) return { refused: 'forgotten' };

  const changed = await changedSightings(connection, shard, scanId, scan);
  const kept = await keptFindings(connection, shard, scan.scope_id, scanId);
  await restoreSightings(connection, shard, scanId, scan);
  const entries = await restoreCatalogue(connection, shard, scan.scope_id, { organisation: id, id: scanId });
  await restoreScope(connection, organisation, scanId, scan);
  const recounted = await recount(connection, organisation, now, scan, scanId);
  const findings = await findingsOfSightings(connection, shard, [...changed, ...recounted]);
  const touched = [
    ...new Set([...[...changed, ...recounted].map((own) => findings.get(own) ?? own), ...kept]),
  ];
  const open = await openAmong(connection, shard, touched);
  await dropUnseen(connection, shard, changed);
  const undone: UndoneRef = {
    scanId,
    scopeId: scan.scope_id,
    sourceId: scan.source_id,
    imageKey: scan.image_key,
    reportAt: scan.report_at,
  };
  const replayed = await replayFindings(connection, organisation, now, undone, touched);
  const dropped = await connection.query<{ fingerprint: string }>(
    `delete from finding where shard = $1 and fingerprint = any($2::uuid[])
       and not exists (select from sighting where sighting.shard = $1 and sighting.fingerprint = finding.fingerprint)
       and not exists (select from rekeyed where rekeyed.shard = $1 and rekeyed.fingerprint = finding.fingerprint) returning fingerprint`,
    [shard, touched],
  );
  const gone = new Set(dropped.rows.map((row) => row.fingerprint));
  const issueIds = new Set(replayed.issueIds);
  const owned = new IssueIds();
  await followCatalogue(connection, organisation, [entries], owned);
  for (const issueId of owned) issueIds.add(issueId);
  await rollUpIssues(connection, organisation, now, issueIds);
  await refreshPaths(connection, organisation, now);
  await redirectEmptied(connection, shard, new Map([...issueIds].map((each) => [each, each])), now);
  await restoreIssues(connection, organisation, now, undone, [...issueIds], replayed);
  await forgetJournal(connection, shard, [scan.scope_id], [scanId]);
  const after = await openAmong(connection, shard, touched);
  const answer: UndoneScan = {
    scanId,
    files: scan.files,
    removed: gone.size,
    reopened: [...after].filter((fingerprint) => !open.has(fingerprint)).length,
    closed: [...open].filter((fingerprint) => !after.has(fingerprint) && !gone.has(fingerprint)).length,
  };
  recordEvent(connection, shard, {
    at: now,
    actor,
    verb: 'undo import',
    subject: `scan:${scanId}`,
    details: { ...answer, source: scan.source_id, scope: scan.scope_key },
  });
  return answer;
}

/** The sightings that the scan brought or changed; of the first scan of a scope all of it. */
async function changedSightings(
  connection: Connection,
  shard: bigint,
  scanId: string,
  { scope_id, before }: ScanRow,
): Promise<readonly string[]> {
  const result = await connection.query<{ fingerprint: string }>(
    before?.isKnown === false
      ? 'select fingerprint from sighting where shard = $1 and scope_id = $2 and $3::text is not null'
      : 'select fingerprint from scan_change where shard = $1 and scope_id = $2 and scan_id = $3',
    [shard, scope_id, scanId],
  );
  return result.rows.map((row) => row.fingerprint);
}

/** The findings that the scan changed and that were there before it. */
async function keptFindings(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
  scanId: string,
): Promise<readonly string[]> {
  const result = await connection.query<{ fingerprint: string }>(
    'select fingerprint from scan_finding where shard = $1 and scope_id = $2 and scan_id = $3',
    [shard, scopeId, scanId],
  );
  return result.rows.map((row) => row.fingerprint);
}

async function openAmong(
  connection: Connection,
  shard: bigint,
  fingerprints: readonly string[],
): Promise<ReadonlySet<string>> {
  const result = await connection.query<{ fingerprint: string }>(
    'select fingerprint from finding where shard = $1 and fingerprint = any($2::uuid[]) and is_open',
    [shard, fingerprints],
  );
  return new Set(result.rows.map((row) => row.fingerprint));
}

async function restoreSightings(
  connection: Connection,
  shard: bigint,
  scanId: string,
  { scope_id, before }: ScanRow,
): Promise<void> {
  await forgetDigests(connection, shard, [scope_id]);
  if (before?.isKnown === false) {
    for (const table of ['sighting_cover', 'sighting', 'entry_memory'])
      await connection.query(`delete from ${table} where shard = $1 and scope_id = $2`, [shard, scope_id]);
    return;
  }
  await restoreUnlisted(connection, shard, scope_id, scanId);
  const values = [shard, scope_id, scanId];
  for (const table of ['sighting_cover', 'sighting'])
    await connection.query(
      `delete from ${table} where shard = $1 and scope_id = $2 and fingerprint in (select fingerprint from scan_change where shard = $1 and scope_id = $2 and scan_id = $3)`,
      values,
    );
  await connection.query(
    `insert into sighting select kept.* from scan_change, jsonb_populate_record(null::sighting, before) as kept
     where scan_change.shard = $1 and scan_change.scope_id = $2 and scan_change.scan_id = $3 and before is not null`,
    values,
  );
  await connection.query(
    `insert into sighting_cover (shard, scope_id, fingerprint, cover) select shard, scope_id, fingerprint, unnest(covers) from scan_change
     where shard = $1 and scope_id = $2 and scan_id = $3`,
    values,
  );
}

/** The scope as it was; one that the scan made goes, and so does its source where it has nothing else. */
async function restoreScope(
  connection: Connection,
  organisation: Organisation,
  scanId: string,
  { scope_id, source_id, before }: ScanRow,
): Promise<void> {
  const { id, shard } = organisation;
  await connection.query('delete from scope where organisation = $1 and id = $2', [id, scope_id]);
  if (before?.isKnown === true)
    await connection.query(
      `insert into scope select kept.* from scan, jsonb_populate_record(null::scope, scan.before -> 'scope') as kept where scan.organisation = $1 and scan.id = $2`,
      [id, scanId],
    );
  await restoreSource(connection, organisation, scanId, source_id);
  await connection.query('delete from scan where organisation = $1 and id = $2', [id, scanId]);
  // One that its first scan made may have been left for others, which are taken back now; what people said of it stays.
  await connection.query(
    `delete from source where organisation = $1 and id = $2 and merged_into is null and not exists (select from scope where scope.organisation = $1 and scope.source_id = $2)
       and ($3::boolean or not exists (select from event where shard = $4 and subject = 'source:' || $2))`,
    [id, source_id, before?.isSourceNew === true, shard],
  );
}

/** Names that no sighting has any more need no finding. */
async function dropUnseen(
  connection: Connection,
  shard: bigint,
  sightings: readonly string[],
): Promise<void> {
  await connection.query(
    `delete from rekeyed where shard = $1 and own = any($2::uuid[])
       and not exists (select from sighting where sighting.shard = $1 and sighting.fingerprint = rekeyed.own)`,
    [shard, sightings],
  );
}

/**
 * Which images of the repository count without this scan, and since when others do not. Answers the sightings of those
 * that it brings to count, or to count no more.
 */
async function recount(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  { source_id, image_key, images, arrived_at }: ScanRow,
  scanId: string,
): Promise<readonly string[]> {
  if (image_key === null) return [];
  const flipped: string[] = [];
  for (const { scopeId } of await refreshImageScopes(connection, organisation, now, source_id, image_key))
    for await (const chunk of eachOpenSighting(connection, organisation.shard, scopeId))
      flipped.push(...chunk);
  const history = await ScanHistory.read(
    connection,
    organisation,
    scanId,
    { sourceId: source_id, key: image_key },
    [],
  );
  const before = new Map(images?.map((image) => [BigInt(image.id), image.since]));
  const since = history.scopeIds.map((id) => ({
    id: String(id),
    since: instantTextOrNull(history.notCountingSince(id)) ?? before.get(id) ?? null,
  }));
  await connection.query(
    `update scope set not_counting_since = coalesce(told.since, not_counting_since) from jsonb_to_recordset($2) as told (id bigint, since timestamptz)
     where organisation = $1 and scope.id = told.id and not is_counting and not_counting_since >= $3`,
    [organisation.id, JSON.stringify(since), new Date(arrived_at)],
  );
  return flipped;
}
