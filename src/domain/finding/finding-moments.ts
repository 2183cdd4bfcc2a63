import type { Instant } from '#base/instant.ts';

/** Since when a finding is seen, and when it closed or was open again. */
export interface FindingMoments {
  readonly isOpen: boolean;
  readonly firstSeen: Instant;
  /** Null while it is open. */
  readonly closedAt: Instant | null;
  readonly closedWhy: string | null;
  /** When it was last open again after it had closed; null where it never was. */
  readonly reopenedAt: Instant | null;
}

/** What is seen of a finding once a scan is applied. */
export interface SeenThen {
  readonly at: Instant;
  /** The first sight of those sightings that are open and count; null where there are none: it is closed. */
  readonly firstSeen: Instant | null;
  /** Why it closes, where it does. */
  readonly why: string;
}

/**
 * The moments of a finding after a scan, from those before it: null for one that was not there, and comes with it. The
 * same object where nothing moves. The statements of an import do the same to many at once (one property holds them equal).
 */
export function moveMoments(before: FindingMoments | null, { at, firstSeen, why }: SeenThen): FindingMoments {
  if (before === null)
    return firstSeen === null
      ? { isOpen: false, firstSeen: at, closedAt: at, closedWhy: why, reopenedAt: null }
      : { isOpen: true, firstSeen, closedAt: null, closedWhy: null, reopenedAt: null };
  if (firstSeen === null)
    return before.isOpen ? { ...before, isOpen: false, closedAt: at, closedWhy: why } : before;
  if (before.isOpen && before.firstSeen <= firstSeen) return before;
  return {
    isOpen: true,
    firstSeen: Math.min(before.firstSeen, firstSeen),
    closedAt: null,
    closedWhy: null,
    reopenedAt: before.isOpen ? before.reopenedAt : at,
  };
}
