import { decideClosing, GroupTally, type HoldReason, type SightingTraits } from '#domain/scan/closing.ts';
import { placeOfCover } from '#domain/scan/cover-unit.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from './applied-scan.ts';
import type { ScanJournal } from './scan-journal.ts';

export interface Closing {
  /** The fingerprints of the sightings of this scope that went. */
  closed(): Iterable<string>;
  /** Why one of them went. */
  whyOf(fingerprint: string): string | null;
  readonly heldCount: number;
  readonly heldWhy: ReadonlyMap<string, number>;
}

const NO_LONGER_REPORTED = 'no longer reported';
const CHUNK = 5_000;

/** Closes what this scan says is gone, holds what a person should look at first, and lets go of what was held and is seen again. */
export async function closeVanished(
  connection: Connection,
  shard: bigint,
  scan: AppliedScan,
  journal: ScanJournal,
): Promise<Closing> {
  const { known } = scan;
  const reasons = decide(scan);
  const heldWhy = new Map<string, number>();
  let heldCount = 0;
  const closing = new SightingChanges(connection, shard, scan, journal, CLOSE);
  const holding = new SightingChanges(connection, shard, scan, journal, HOLD);
  const returning = new SightingChanges(connection, shard, scan, journal, RETURN);
  for (let index = 0; index < known.knownCount; index++) {
    if (known.isSeen(index)) {
      if (known.isHeld(index) && isLatestWord(scan, index)) await returning.add(index, '');
      continue;
    }
    const why = closedWhy(scan, reasons, index);
    if (why !== null) await closing.add(index, why);
    else if (known.isVanished(index)) {
      const held = reasons.get(known.traitsAt(index)) ?? '';
      heldCount++;
      heldWhy.set(held, (heldWhy.get(held) ?? 0) + 1);
      await holding.add(index, held);
    }
  }
  for (const changes of [closing, holding, returning]) await changes.save();
  return {
    *closed() {
      for (let index = 0; index < known.knownCount; index++)
        if (closedWhy(scan, reasons, index) !== null) yield known.fingerprintAt(index);
    },
    whyOf: (fingerprint) => closedWhy(scan, reasons, known.findText(fingerprint)),
    heldCount,
    heldWhy,
  };
}

/** Marks what vanished, and decides by its traits whether it closes. */
function decide(scan: AppliedScan): ReadonlyMap<SightingTraits, HoldReason> {
  const { known, end } = scan;
  const covers = coverageOf(scan);
  const tally = new GroupTally();
  const counts = new Map<SightingTraits, { before: number; now: number }>();
  const vanished = new Map<SightingTraits, number>();
  for (let index = 0; index < known.size; index++) {
    const isKnown = index < known.knownCount;
    const isSeen = known.isSeen(index);
    if (isKnown && isEnded(scan, index) && !isSeen) continue;
    if (!scan.shared.isLookedAt(index, covers)) continue;
    const traits = known.traitsAt(index);
    let count = counts.get(traits);
    if (count === undefined) {
      count = { before: 0, now: 0 };
      counts.set(traits, count);
    }
    if (isKnown) count.before++;
    if (isSeen) count.now++;
    else {
      known.markVanished(index);
      vanished.set(traits, (vanished.get(traits) ?? 0) + 1);
    }
  }
  for (const [traits, { before, now }] of counts) tally.add(traits, before, now);
  return decideClosing(vanished, tally, {
    listedClasses: scan.classes,
    isDeclaredComplete: end.isDeclaredComplete,
    isConfirmed: end.isConfirmed,
    guard: end.guard,
    openInScope: known.knownCount,
  });
}

/** Why this sighting went; null where it did not. */
function closedWhy(
  scan: AppliedScan,
  reasons: ReadonlyMap<SightingTraits, HoldReason>,
  index: number,
): string | null {
  const { known, endedWhy } = scan;
  if (index < 0 || index >= known.knownCount || known.isSeen(index)) return null;
  if (isEnded(scan, index)) return endedWhy.get(index) ?? 'resolved';
  return known.isVanished(index) && reasons.get(known.traitsAt(index)) === null ? NO_LONGER_REPORTED : null;
}

/** Whether records of the scan say that all there is of a sighting has ended. */
export function isEnded(scan: AppliedScan, index: number): boolean {
  return (
    scan.known.isEnded(index) &&
    scan.shared.isEndedByRecords(index, coverageOf(scan)) &&
    isLatestWord(scan, index)
  );
}

/** False where a later scan looked at the units of a sighting too: whether it showed it is not known. */
function isLatestWord({ isLate, shared, covers }: AppliedScan, index: number): boolean {
  return !isLate || shared.isLookedAt(index, (cover) => covers.has(cover));
}

/** Whether the scan looked at a unit of coverage. */
export function coverageOf({ end, covers }: AppliedScan): (cover: bigint) => boolean {
  switch (end.coverage) {
    case 'none':
      return () => false;
    case 'all':
      return () => true;
    case 'listed':
      return (cover) => covers.has(cover);
    case 'places': {
      const places = new Set([...covers].map(placeOfCover));
      return (cover) => places.has(placeOfCover(cover));
    }
  }
}

const CLOSE = 'gone_at = changed.at, gone_why = changed.why, held_since = null, held_why = null';
const HOLD = 'held_since = coalesce(sighting.held_since, changed.at), held_why = changed.why';
const RETURN = 'held_since = null, held_why = null';

/** Changes of many sightings, stored a chunk at a time. */
class SightingChanges {
  readonly #connection: Connection;
  readonly #shard: bigint;
  readonly #scan: AppliedScan;
  readonly #journal: ScanJournal;
  readonly #change: string;
  #fingerprints: string[] = [];
  #whys: string[] = [];

  constructor(
    connection: Connection,
    shard: bigint,
    scan: AppliedScan,
    journal: ScanJournal,
    change: string,
  ) {
    this.#connection = connection;
    this.#shard = shard;
    this.#scan = scan;
    this.#journal = journal;
    this.#change = change;
  }

  add(index: number, why: string): Promise<void> | void {
    this.#fingerprints.push(this.#scan.known.fingerprintAt(index));
    this.#whys.push(why);
    if (this.#fingerprints.length >= CHUNK) return this.save();
  }

  async save(): Promise<void> {
    if (this.#fingerprints.length === 0) return;
    await this.#journal.keepSightings(this.#fingerprints);
    await this.#journal.keepFindings(this.#fingerprints);
    const values = [
      this.#shard,
      this.#scan.scopeId,
      this.#fingerprints,
      this.#whys,
      new Date(this.#scan.end.reportAt),
    ];
    this.#fingerprints = [];
    this.#whys = [];
    await this.#connection.query(
      `update sighting set ${this.#change} from (select fingerprint, why, $5::timestamptz as at from unnest($3::uuid[], $4::text[]) as told (fingerprint, why)) as changed
       where sighting.shard = $1 and sighting.scope_id = $2 and sighting.fingerprint = changed.fingerprint`,
      values,
    );
  }
}
