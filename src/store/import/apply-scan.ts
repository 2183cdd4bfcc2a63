import { randomBytes } from 'node:crypto';
import { base32Hex } from '#base/digest.ts';
import type { Instant } from '#base/instant.ts';
import type { ScanOutcome } from '#domain/ports/import-store.ts';
import { NOTHING_DECLARED } from '#domain/resource/place-resource.ts';
import { importSentence } from '#domain/scan/import-sentence.ts';
import { refreshPaths, refreshPathsOfFindings } from '../attackpath/refresh-paths.ts';
import { beginAlone, type Connection, commit, rollback } from '../database.ts';
import { recordEvent } from '../events.ts';
import type { Organisation } from '../organisation.ts';
import { rekeyFindings } from '../rekey/rekey-findings.ts';
import { aliasVersion, loadAliases } from '../rekey/stored-aliases.ts';
import { noteLook } from '../source-looks.ts';
import type { AppliedScan } from './applied-scan.ts';
import { moveFindings } from './move-findings.ts';
import { MovementTally } from './movement-tally.ts';
import { savePackages } from './save-packages.ts';
import { ScanJournal } from './scan-journal.ts';

/** Applies a scan in one transaction: all of it is there afterwards, or nothing. */
export async function applyScan(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  scan: AppliedScan,
): Promise<ScanOutcome> {
  const scanId = newScanId(now);
  try {
    await beginAlone(connection, organisation.id);
    const outcome = await applyInTransaction(connection, organisation, now, scanId, scan);
    await connection.query('delete from stage_sighting where shard = $1 and import_id = $2', [
      organisation.shard,
      scan.importId,
    ]);
    await commit(connection);
    return outcome;
  } catch (error) {
    await rollback(connection);
    throw error;
  }
}

/** So many units, or ends, are kept of a scan. */
export const KEPT_MAX = 20_000;

/** The units that a scan of listed units looked at, where they are few enough to be kept. */
function coversOf({ end, covers }: AppliedScan): readonly string[] | null {
  const isListed = end.coverage === 'listed' || end.coverage === 'none';
  return isListed && covers.size > 0 && covers.size <= KEPT_MAX ? [...covers].map(String) : null;
}

/**
 * What a part says to have ended and what was not open, where it is little enough to be kept. A scan of all or of listed
 * units needs none: what is older tells nothing of these units.
 */
function endedOf({ end, endedUnseen }: AppliedScan): readonly string[] | null {
  const isKept = end.coverage === 'none' && endedUnseen.size > 0 && endedUnseen.size <= KEPT_MAX;
  return isKept ? [...endedUnseen] : null;
}

/** Ids sort by arrival. */
function newScanId(now: Instant): string {
  const time = Buffer.alloc(6);
  time.writeUIntBE(now, 0, 6);
  return base32Hex(Buffer.concat([time, randomBytes(6)]));
}

async function applyInTransaction(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  scanId: string,
  scan: AppliedScan,
): Promise<ScanOutcome> {
  const { request, end } = scan;
  // The scan itself may have told them: attack paths wait for what else it tells of what they name.
  const hasNewNames = (await aliasVersion(connection, organisation)) !== scan.aliasVersion;
  if (scan.isSameBytes && !scan.isScopeChanged) {
    const sentence = 'The same bytes as the latest scan of this scope: nothing changed.';
    const { files } = new MovementTally(scan.known, end.files.length);
    // It was looked again, and found the same.
    await noteLook(connection, organisation, request.source.id, end.reportAt);
    await connection.query(
      'update scope set last_report_at = greatest(last_report_at, $3) where organisation = $1 and id = $2',
      [organisation.id, scan.scopeId, new Date(end.reportAt)],
    );
    if (hasNewNames) await refreshPaths(connection, organisation, now);
    return { scanId: null, files, closed: 0, held: 0, sentence };
  }
  const journal = new ScanJournal(connection, organisation, scanId, scan);
  const before = await journal.before();
  await saveSource(connection, organisation, scan);
  await noteLook(connection, organisation, request.source.id, end.reportAt);
  await saveScope(connection, organisation, now, scan);
  if (!scan.isOld) await scan.entries.save(connection, organisation.shard, scan.scopeId, now);
  await savePackages(connection, organisation, now, scan);
  const movement = await moveFindings(connection, organisation, now, scanId, scan, journal);
  if (hasNewNames) await catchUpWithAliases(connection, organisation, now, scan, journal);
  // Which services are vital is what a catalogue says, and moves no resource.
  if (movement.isEstateMoved || scan.catalogueUnits.size > 0 || hasNewNames)
    await refreshPaths(connection, organisation, now);
  else await refreshPathsOfFindings(connection, organisation, now, movement.issueIds);
  const sentence = scan.isOld
    ? `Older than the latest scan of this scope: kept as history. ${importSentence(movement)}`
    : importSentence(movement);
  const outcome: ScanOutcome = {
    scanId,
    files: movement.files,
    closed: movement.closed,
    held: movement.held,
    sentence,
  };
  await saveScan(connection, organisation, scanId, scan, outcome, before);
  await journal.prune();
  recordEvent(connection, organisation.shard, {
    at: now,
    actor: request.actor,
    verb: 'import',
    subject: `scan:${scanId}`,
    details: { source: request.source.id, scope: request.scope.keys, files: end.files, sentence },
  });
  return outcome;
}

/** Aliases that became known while the scan was read, by the scan itself too. */
async function catchUpWithAliases(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  { request, aliases }: AppliedScan,
  journal: ScanJournal,
): Promise<void> {
  const current = await loadAliases(connection, organisation);
  const actor = `source:${request.source.id}`;
  await rekeyFindings(connection, organisation, now, aliases, current, actor, (each) =>
    journal.keepFindings(each),
  );
}

async function saveSource(
  connection: Connection,
  { id }: Organisation,
  { request: { source, arrivedAt }, staysRetired }: AppliedScan,
): Promise<void> {
  await connection.query(
    `insert into source (organisation, id, name, tool, is_named, created_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (organisation, id) do update set retired_at = case when $7 then source.retired_at end`,
    [id, source.id, source.name, source.tool, source.isNamed, new Date(arrivedAt), staysRetired],
  );
}

async function saveScope(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  scan: AppliedScan,
): Promise<void> {
  const { request, scopeId, end } = scan;
  const { scope } = request;
  const { environment, services, team } = scope.isOfOneThing ? request : NOTHING_DECLARED;
  await connection.query(
    `insert into scope (organisation, id, source_id, key, keys, image_key, image_line, image_digest, image_id, image_reference, environment, services, team, first_report_at, last_report_at, last_sha256)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)
     on conflict (organisation, id) do update set
       first_report_at = least(scope.first_report_at, excluded.first_report_at),
       last_report_at = greatest(scope.last_report_at, excluded.last_report_at),
       last_sha256 = case when excluded.last_report_at >= scope.last_report_at then excluded.last_sha256 else scope.last_sha256 end,
       environment = case when $18 then coalesce(excluded.environment, scope.environment) end,
       services = case when not $18 or cardinality(excluded.services) > 0 then excluded.services else scope.services end,
       team = case when $18 then coalesce(excluded.team, scope.team) end,
       not_counting_since = case when scope.is_counting then null else coalesce(scope.not_counting_since, $16) end,
       retired_at = case when $17 then scope.retired_at end`,
    [
      organisation.id,
      scopeId,
      request.source.id,
      scope.key,
      JSON.stringify(scope.keys),
      scope.image?.resourceKey ?? null,
      scope.image?.line ?? null,
      scope.image?.digest ?? null,
      scope.image?.imageId ?? null,
      scope.image?.reference ?? null,
      environment,
      services,
      team,
      new Date(end.reportAt),
      end.sha256,
      new Date(now),
      scan.staysRetired,
      scope.isOfOneThing,
    ],
  );
}

async function saveScan(
  connection: Connection,
  { id }: Organisation,
  scanId: string,
  scan: AppliedScan,
  outcome: ScanOutcome,
  before: string,
): Promise<void> {
  const { request, end } = scan;
  await connection.query(
    `insert into scan (organisation, id, source_id, scope_id, files, sha256, format, tool_version, report_at, arrived_at, actor, is_complete, counts, sentence, before, covers, ended, flags)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    [
      id,
      scanId,
      request.source.id,
      scan.scopeId,
      end.files,
      end.sha256,
      request.format,
      request.toolVersion,
      new Date(end.reportAt),
      new Date(request.arrivedAt),
      request.actor,
      end.coverage !== 'none',
      JSON.stringify({ ...end.tally, files: outcome.files, closed: outcome.closed, held: outcome.held }),
      outcome.sentence,
      before,
      coversOf(scan),
      endedOf(scan),
      request.flags,
    ],
  );
}
