import { decideClosing, GroupTally, type SightingTraits } from '#domain/scan/closing.ts';
import { placeOfCover } from '#domain/scan/cover-unit.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from './applied-scan.ts';

export interface Closing {
  /** The sightings of this scope that went, and why. */
  readonly whyOf: ReadonlyMap<string, string>;
  readonly heldCount: number;
  readonly heldWhy: ReadonlyMap<string, number>;
}

const NO_LONGER_REPORTED = 'no longer reported';

/** Closes what this scan says is gone, holds what a person should look at first, and lets go of what was held and is seen again. */
export async function closeVanished(
  connection: Connection,
  shard: bigint,
  scan: AppliedScan,
): Promise<Closing> {
  const { known, end } = scan;
  const covers = coverageOf(scan);
  const ended: number[] = [];
  const vanished: number[] = [];
  const returned: number[] = [];
  const tally = new GroupTally();
  const counts = new Map<SightingTraits, { before: number; now: number }>();
  for (let index = 0; index < known.size; index++) {
    const isKnown = index < known.knownCount;
    const isSeen = known.isSeen(index);
    if (isKnown && isSeen && known.isHeld(index)) returned.push(index);
    if (isKnown && known.isEnded(index) && !isSeen) {
      ended.push(index);
      continue;
    }
    if (!scan.shared.isLookedAt(index, covers)) continue;
    const traits = known.traitsAt(index);
    let count = counts.get(traits);
    if (count === undefined) {
      count = { before: 0, now: 0 };
      counts.set(traits, count);
    }
    if (isKnown) count.before++;
    if (isSeen) count.now++;
    else vanished.push(index);
  }
  for (const [traits, { before, now }] of counts) tally.add(traits, before, now);
  const reasons = decideClosing(
    vanished.map((index) => known.traitsAt(index)),
    tally,
    {
      listedClasses: scan.classes,
      isDeclaredComplete: end.isDeclaredComplete,
      isConfirmed: end.isConfirmed,
      openInScope: known.knownCount,
    },
  );

  const whyOf = new Map<string, string>();
  const held = new Map<string, string>();
  for (const index of ended) whyOf.set(known.fingerprintAt(index), scan.endedWhy.get(index) ?? 'resolved');
  vanished.forEach((index, position) => {
    const reason = reasons[position] ?? null;
    if (reason === null) whyOf.set(known.fingerprintAt(index), NO_LONGER_REPORTED);
    else held.set(known.fingerprintAt(index), reason);
  });
  await save(
    connection,
    shard,
    scan,
    whyOf,
    held,
    returned.map((index) => known.fingerprintAt(index)),
  );
  return { whyOf, heldCount: held.size, heldWhy: countValues(held.values()) };
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

async function save(
  connection: Connection,
  shard: bigint,
  { scopeId, end }: AppliedScan,
  closed: ReadonlyMap<string, string>,
  held: ReadonlyMap<string, string>,
  returned: readonly string[],
): Promise<void> {
  const at = new Date(end.reportAt);
  if (closed.size > 0) {
    await connection.query(
      `update sighting set gone_at = $3, gone_why = gone.why, held_since = null, held_why = null
       from unnest($4::uuid[], $5::text[]) as gone (fingerprint, why)
       where sighting.shard = $1 and sighting.scope_id = $2 and sighting.fingerprint = gone.fingerprint`,
      [shard, scopeId, at, [...closed.keys()], [...closed.values()]],
    );
  }
  if (held.size > 0) {
    await connection.query(
      `update sighting set held_since = coalesce(sighting.held_since, $3), held_why = held.why
       from unnest($4::uuid[], $5::text[]) as held (fingerprint, why)
       where sighting.shard = $1 and sighting.scope_id = $2 and sighting.fingerprint = held.fingerprint`,
      [shard, scopeId, at, [...held.keys()], [...held.values()]],
    );
  }
  if (returned.length > 0) {
    await connection.query(
      'update sighting set held_since = null, held_why = null where shard = $1 and scope_id = $2 and fingerprint = any($3::uuid[])',
      [shard, scopeId, returned],
    );
  }
}

/** How often each of the texts occurs. */
export function countValues(texts: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
