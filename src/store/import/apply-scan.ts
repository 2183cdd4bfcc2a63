import { randomBytes } from 'node:crypto';
import { base32Hex } from '#base/digest.ts';
import type { Instant } from '#base/instant.ts';
import type { FileOutcome, ScanOutcome, ScanRequest } from '#domain/ports/import-store.ts';
import { importSentence, type Movement } from '#domain/scan/import-sentence.ts';
import { type Connection, LOCK } from '../database.ts';
import { type AppliedEstate, applyEstate } from '../estate/apply-estate.ts';
import { recordEvent } from '../events.ts';
import { refreshFindings } from '../findings.ts';
import type { Organisation } from '../organisation.ts';
import { rollUpIssues } from '../roll-up.ts';
import type { AppliedScan } from './applied-scan.ts';
import { type Closing, closeVanished, countValues, coverageOf } from './close-vanished.ts';
import { refreshImageScopes } from './image-scopes.ts';
import { fingerprintBytes } from './known-sightings.ts';
import { mergeRepeated } from './merge-repeated.ts';
import { muteSuppressed } from './mute-suppressed.ts';

/** Applies a scan in one transaction: all of it is there afterwards, or nothing. */
export async function applyScan(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  scan: AppliedScan,
): Promise<ScanOutcome> {
  const scanId = newScanId(now);
  await connection.query('begin');
  try {
    await connection.query('select pg_advisory_xact_lock($1, $2)', [
      LOCK.organisation,
      Number(organisation.id),
    ]);
    const outcome = await applyInTransaction(connection, organisation, now, scanId, scan);
    await connection.query('delete from stage_sighting where shard = $1 and import_id = $2', [
      organisation.shard,
      scan.importId,
    ]);
    await connection.query('commit');
    return outcome;
  } catch (error) {
    await connection.query('rollback').catch(() => undefined);
    throw error;
  }
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
  if (scan.isSameBytes && !scan.isScopeChanged) {
    const sentence = 'The same bytes as the latest scan of this scope: nothing changed.';
    return { scanId, files: countByFile(scan, NONE, new Map(), NONE), closed: 0, held: 0, sentence };
  }
  await saveSource(connection, organisation, request);
  await saveScope(connection, organisation, scan);
  const movement = await moveFindings(connection, organisation, now, scan);
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
  await saveScan(connection, organisation, scanId, scan, outcome);
  await recordEvent(connection, organisation.shard, {
    at: now,
    actor: request.actor,
    verb: 'import',
    subject: `scan:${scanId}`,
    details: { source: request.source.id, scope: request.scope.keys, files: end.files, sentence },
  });
  return outcome;
}

const NONE: ReadonlySet<string> = new Set();

/** Brings sightings, findings and issues to what the scan says; one that is older moves only what counts among the images of its line. */
async function moveFindings(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  scan: AppliedScan,
): Promise<ImportMovement> {
  const { shard } = organisation;
  const { request, end, isOld } = scan;
  if (!isOld) {
    // The planner knows nothing of rows that have just arrived, and would read all of them for each chunk.
    await connection.query('analyze stage_sighting');
    // Where the scan looked at some units of a sighting only, what is stored of the others still stands.
    for (const index of scan.shared.partlyLookedAt(coverageOf(scan))) {
      scan.known.markAgain(index);
      scan.known.markMatched(index);
    }
    await mergeRepeated(connection, shard, scan);
  }
  const staged = isOld ? NONE : await stagedFindings(connection, shard, scan.importId);
  const closing = isOld ? NOTHING_CLOSED : await closeVanished(connection, shard, scan);
  if (!isOld) {
    await upsertSightings(connection, shard, scan);
    await scan.shared.save(connection, shard, scan.scopeId, coverageOf(scan));
    await muteSuppressed(connection, shard, scan);
  }
  const flipped =
    request.scope.image === null
      ? new Map<string, string>()
      : await refreshImageScopes(
          connection,
          organisation,
          request.source.id,
          request.scope.image.resourceKey,
        );
  const why = new Map([...flipped, ...closing.whyOf]);
  const touched = [
    ...new Set([...staged, ...why.keys(), ...(scan.isScopeChanged ? scan.known.stored() : [])]),
  ];
  const before = await openStates(connection, shard, touched);
  const stage = isOld
    ? null
    : {
        importId: scan.importId,
        reportAt: end.reportAt,
        isKnown: (fingerprint: string) => before.has(fingerprint),
      };
  const refreshed = await refreshFindings(
    connection,
    organisation,
    touched,
    { at: end.reportAt, why },
    stage,
  );
  const estate = isOld ? NO_ESTATE : await applyEstate(connection, organisation, now, scan);
  await rollUpIssues(connection, organisation, now, new Set([...refreshed.issueIds, ...estate.issueIds]));

  const closed = touched.filter(
    (fingerprint) => before.get(fingerprint) === true && !refreshed.open.has(fingerprint),
  );
  return {
    files: countByFile(scan, staged, before, refreshed.open),
    closed: closed.length + estate.gone.closed,
    held: closing.heldCount + estate.gone.held,
    regressed: touched.filter(
      (fingerprint) => before.get(fingerprint) === false && refreshed.open.has(fingerprint),
    ).length,
    heldWhy: withCount(closing.heldWhy, estate.gone.heldWhy, estate.gone.held),
    closedWhy: withCount(
      countValues(closed.flatMap((fingerprint) => why.get(fingerprint) ?? [])),
      'resource gone',
      estate.gone.closed,
    ),
  };
}

const NO_ESTATE: AppliedEstate = { issueIds: NONE, gone: { closed: 0, held: 0, heldWhy: null } };

function withCount(
  counts: ReadonlyMap<string, number>,
  reason: string | null,
  count: number,
): ReadonlyMap<string, number> {
  return reason === null || count === 0 ? counts : new Map([...counts, [reason, count]]);
}

/** What a scan moved, with its files in full. */
interface ImportMovement extends Movement {
  readonly files: readonly FileOutcome[];
}

const NOTHING_CLOSED: Closing = { whyOf: new Map(), heldCount: 0, heldWhy: new Map() };

async function saveSource(
  connection: Connection,
  { id }: Organisation,
  { source, arrivedAt }: ScanRequest,
): Promise<void> {
  await connection.query(
    `insert into source (organisation, id, name, tool, is_named, created_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (organisation, id) do update set retired_at = null`,
    [id, source.id, source.name, source.tool, source.isNamed, new Date(arrivedAt)],
  );
}

async function saveScope(
  connection: Connection,
  organisation: Organisation,
  scan: AppliedScan,
): Promise<void> {
  const { request, scopeId, end } = scan;
  const { scope } = request;
  await connection.query(
    `insert into scope (organisation, id, source_id, key, keys, image_key, image_line, image_digest, image_id, image_reference, environment, services, team, first_report_at, last_report_at, last_sha256)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15)
     on conflict (organisation, id) do update set
       first_report_at = least(scope.first_report_at, excluded.first_report_at),
       last_report_at = greatest(scope.last_report_at, excluded.last_report_at),
       last_sha256 = case when excluded.last_report_at >= scope.last_report_at then excluded.last_sha256 else scope.last_sha256 end,
       environment = coalesce(excluded.environment, scope.environment),
       services = case when cardinality(excluded.services) > 0 then excluded.services else scope.services end,
       team = coalesce(excluded.team, scope.team),
       retired_at = null`,
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
      request.environment,
      request.services,
      request.team,
      new Date(end.reportAt),
      end.sha256,
    ],
  );
}

async function saveScan(
  connection: Connection,
  { id }: Organisation,
  scanId: string,
  scan: AppliedScan,
  outcome: ScanOutcome,
): Promise<void> {
  const { request, end } = scan;
  await connection.query(
    `insert into scan (organisation, id, source_id, scope_id, files, sha256, format, tool_version, report_at, arrived_at, actor, is_complete, counts, sentence)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
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
    ],
  );
}

/** The findings that this scan brings or shows otherwise than before. */
async function stagedFindings(
  connection: Connection,
  shard: bigint,
  importId: bigint,
): Promise<ReadonlySet<string>> {
  const result = await connection.query<{ fingerprint: string }>(
    'select distinct fingerprint from stage_sighting where shard = $1 and import_id = $2',
    [shard, importId],
  );
  return new Set(result.rows.map((row) => row.fingerprint));
}

/** Of the findings that exist already, whether they are open. */
async function openStates(
  connection: Connection,
  shard: bigint,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  const result = await connection.query<{ fingerprint: string; is_open: boolean }>(
    'select fingerprint, is_open from finding where shard = $1 and fingerprint = any($2::uuid[])',
    [shard, fingerprints],
  );
  return new Map(result.rows.map((row) => [row.fingerprint, row.is_open]));
}

async function upsertSightings(
  connection: Connection,
  shard: bigint,
  { importId, scopeId, end }: AppliedScan,
): Promise<void> {
  await connection.query(
    `insert into sighting (shard, scope_id, fingerprint, content_hash, occurrences, cover, finding_class, severity, is_fixable, rule, first_seen, changed_at, content)
     select shard, $3, fingerprint, content_hash, occurrences, cover, finding_class, severity, is_fixable, rule, $4, $4, content
     from stage_sighting where shard = $1 and import_id = $2
     on conflict (shard, scope_id, fingerprint) do update set
       content_hash = excluded.content_hash, occurrences = excluded.occurrences, cover = excluded.cover, finding_class = excluded.finding_class,
       severity = excluded.severity, is_fixable = excluded.is_fixable, rule = excluded.rule, changed_at = excluded.changed_at, content = excluded.content,
       gone_at = null, gone_why = null, held_since = null, held_why = null`,
    [shard, importId, scopeId, new Date(end.reportAt)],
  );
}

/** Counts every finding that the scan shows at the first file that shows it. */
function countByFile(
  { known, end }: AppliedScan,
  staged: ReadonlySet<string>,
  before: ReadonlyMap<string, boolean>,
  open: ReadonlySet<string>,
): readonly FileOutcome[] {
  const counts = end.files.map(() => ({ created: 0, changed: 0, unchanged: 0, regressed: 0 }));
  const countAt = (index: number) => counts[known.fileAt(index)] as (typeof counts)[number];
  for (let index = 0; index < known.size; index++) if (known.isSeen(index)) countAt(index).unchanged++;
  for (const fingerprint of new Set([...staged, ...before.keys()])) {
    const index = known.find(fingerprintBytes(fingerprint));
    if (index < 0 || !known.isSeen(index)) continue;
    const wasOpen = before.get(fingerprint);
    const moved =
      wasOpen === undefined
        ? 'created'
        : !wasOpen && open.has(fingerprint)
          ? 'regressed'
          : staged.has(fingerprint)
            ? 'changed'
            : null;
    if (moved === null) continue;
    countAt(index).unchanged--;
    countAt(index)[moved]++;
  }
  return counts;
}
