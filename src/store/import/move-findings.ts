import type { Instant } from '#base/instant.ts';
import type { FileOutcome } from '#domain/ports/import-store.ts';
import type { Movement } from '#domain/scan/import-sentence.ts';
import type { Connection } from '../database.ts';
import { type AppliedEstate, applyEstate } from '../estate/apply-estate.ts';
import { restoreInventory } from '../estate/move-inventory.ts';
import { refreshEach } from '../findings.ts';
import { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';
import { rollUpIssues } from '../roll-up.ts';
import type { AppliedScan } from './applied-scan.ts';
import { type Closing, closeVanished, coverageOf } from './close-vanished.ts';
import { eachOpenSighting, type FlippedScope, refreshImageScopes } from './image-scopes.ts';
import { mergeRepeated } from './merge-repeated.ts';
import { movedNames } from './moved-names.ts';
import { MovementTally } from './movement-tally.ts';
import { muteSuppressed } from './mute-suppressed.ts';
import { type ScopeState, saveStaged } from './save-staged.ts';
import type { ScanJournal } from './scan-journal.ts';
import { takeOverHistory } from './take-over-history.ts';
import { noteUnlisted } from './unlisted-units.ts';

/** What a scan moved, with its files in full. */
export interface ImportMovement extends Movement {
  readonly files: readonly FileOutcome[];
  /** Whether anything was said of any resource. */
  readonly isEstateMoved: boolean;
  /** The issues of which a finding moved. */
  readonly issueIds: Iterable<string>;
}

/**
 * Brings sightings, findings and issues to what the scan says; one that is older moves only what counts among
 * the images of its line. Memory follows the known sightings in their typed arrays, never the findings.
 */
export async function moveFindings(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  scanId: string,
  scan: AppliedScan,
  journal: ScanJournal,
): Promise<ImportMovement> {
  const { shard } = organisation;
  const { end, known, isOld } = scan;
  const issueIds = new IssueIds();
  await noteUnlisted(connection, shard, scanId, scan);
  if (!isOld) await prepareStage(connection, shard, scan);
  const tally = new MovementTally(known, end.files.length);
  const flipped = await flippedScopes(connection, organisation, now, scan);
  const closing = isOld ? NOTHING_CLOSED : await closeVanished(connection, shard, scan, journal);
  if (!isOld) {
    const state = await scopeState(connection, organisation, scan, flipped);
    await saveStaged(connection, organisation, scan, state, tally, issueIds, journal);
    await journal.keepSightings(scan.shared.fingerprints());
    await scan.shared.save(connection, shard, scan.scopeId, coverageOf(scan));
    await scan.digest.save(connection, shard, scan.scopeId, known, touchedSightings(scan));
    if (scan.hasSuppressed) await muteSuppressed(connection, shard, scan);
    if (scan.hasHistory) await takeOverHistory(connection, shard, scan);
  }
  const refresh = (fingerprints: Iterable<string>, whyOf: (fingerprint: string) => string | null) =>
    refreshEach(connection, organisation, fingerprints, end.reportAt, whyOf, (each) => {
      tally.addRefreshed(each, whyOf(each.fingerprint) ?? '');
      issueIds.add(each.issueId);
    });
  await refresh(closing.closed(), closing.whyOf);
  for (const { scopeId, why } of flipped)
    for await (const chunk of eachOpenSighting(connection, shard, scopeId)) {
      const moving = chunk.filter((fingerprint) => isOld || !isStagedIn(scan, fingerprint));
      await journal.keepFindings(moving);
      await refresh(moving, () => why);
    }
  if (scan.isScopeChanged) {
    await journal.keepFindings(unmoved(scan));
    await refresh(unmoved(scan), () => null);
  }
  // Whoever was retired and reports again tells all of it again.
  if (scan.isTakenUp) {
    const taken = { sourceId: scan.request.source.id, scopeIds: [scan.scopeId] };
    await restoreInventory(connection, organisation, now, taken, issueIds);
  }
  const estate = isOld ? NO_ESTATE : await applyEstate(connection, organisation, now, scanId, scan);
  issueIds.addAll(estate.issueIds);
  await journal.keepIssues(issueIds);
  await rollUpIssues(connection, organisation, now, issueIds);
  const closed = tally.closed + estate.gone.closed.length;
  const held = closing.heldCount + estate.gone.held.length;
  const isMoved = closed > 0 || held > 0 || tally.regressed > 0;
  return {
    files: tally.files,
    isEstateMoved: estate.isMoved || scan.isTakenUp,
    issueIds,
    closed,
    held,
    regressed: tally.regressed,
    takenBack: estate.takenBack,
    storesUnknown: estate.storesUnknown,
    heldWhy: withCount(closing.heldWhy, estate.gone.heldWhy, estate.gone.held.length),
    closedWhy: withCount(tally.closedWhy, 'resource gone', estate.gone.closed.length),
    names: isMoved ? await movedNames(connection, shard, scan.scopeId, scanId, estate.gone) : null,
  };
}

const NO_ESTATE: AppliedEstate = {
  isMoved: false,
  issueIds: [],
  gone: { closed: [], held: [], heldWhy: null },
  takenBack: 0,
  storesUnknown: [],
};
const NOTHING_CLOSED: Closing = {
  closed: () => [],
  whyOf: () => null,
  heldCount: 0,
  heldWhy: new Map(),
};

const FEW_ROWS = 1_000;

async function prepareStage(connection: Connection, shard: bigint, scan: AppliedScan): Promise<void> {
  // The planner knows nothing of rows that have just arrived, and would read all of them for each chunk: of few that is no matter,
  // and every statement about them would be planned anew.
  if (scan.stagedRows > FEW_ROWS)
    await connection.query('analyze stage_sighting (shard, import_id, fingerprint, issue_id, resource_key)');
  // Where the scan looked at some units of a sighting only, what is stored of the others still stands.
  for (const index of scan.shared.partlyLookedAt(coverageOf(scan))) {
    scan.known.markAgain(index);
    scan.known.markMatched(index);
  }
  await mergeRepeated(connection, shard, scan);
}

async function flippedScopes(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  { request }: AppliedScan,
): Promise<readonly FlippedScope[]> {
  const { image } = request.scope;
  if (image === null) return [];
  return refreshImageScopes(connection, organisation, now, request.source.id, image.resourceKey);
}

async function scopeState(
  connection: Connection,
  { id }: Organisation,
  { request, scopeId }: AppliedScan,
  flipped: readonly FlippedScope[],
): Promise<ScopeState> {
  if (request.scope.image === null) return { isCounting: true };
  const result = await connection.query<{ is_counting: boolean }>(
    'select is_counting from scope where organisation = $1 and id = $2',
    [id, scopeId],
  );
  if (result.rows[0]?.is_counting !== false) return { isCounting: true };
  return {
    isCounting: false,
    why: flipped.find((each) => each.scopeId === scopeId)?.why ?? 'no longer reported',
  };
}

function isStagedIn({ known }: AppliedScan, fingerprint: string): boolean {
  const index = known.findText(fingerprint);
  return index >= 0 && known.isStaged(index);
}

/** Every sighting of the scope that the scan may have changed. */
function* touchedSightings({ known, shared }: AppliedScan): Iterable<string> {
  for (let index = 0; index < known.size; index++)
    if (
      known.isStaged(index) ||
      known.isVanished(index) ||
      known.isEnded(index) ||
      known.isHeld(index) ||
      index >= known.knownCount
    )
      yield known.fingerprintAt(index);
  yield* shared.fingerprints();
}

/** What was open before, and was neither staged nor seen to be gone. */
function* unmoved({ known }: AppliedScan): Iterable<string> {
  for (let index = 0; index < known.knownCount; index++)
    if (!known.isStaged(index)) yield known.fingerprintAt(index);
}

function withCount(
  counts: ReadonlyMap<string, number>,
  reason: string | null,
  count: number,
): ReadonlyMap<string, number> {
  return reason === null || count === 0 ? counts : new Map([...counts, [reason, count]]);
}
