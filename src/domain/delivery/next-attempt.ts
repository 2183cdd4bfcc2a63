import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '#base/instant.ts';

/** After so many attempts a delivery has failed; a person may ask for it again. */
export const ATTEMPTS_MAX = 10;

/** So long nobody else tries what somebody tries: longer than any attempt takes, so that a second one finds what the first one made. */
export const ATTEMPT_LEASE_MS = 5 * MINUTE_MS;

const LONGEST_MS = 6 * HOUR_MS;

/**
 * When a delivery is tried again after so many attempts that failed: after one, two, four minutes and so on, six hours
 * at most, and not before a receiver asks to be left alone. Null: no more.
 */
export function nextAttempt(attempts: number, now: Instant, leaveAloneMs: number): Instant | null {
  if (attempts >= ATTEMPTS_MAX) return null;
  const wait = Math.min(MINUTE_MS * 2 ** (attempts - 1), LONGEST_MS);
  return now + Math.max(wait, Math.min(leaveAloneMs, DAY_MS));
}

/** The next midnight in UTC, at which the count of a day begins anew. */
export function nextDay(now: Instant): Instant {
  return (Math.floor(now / DAY_MS) + 1) * DAY_MS;
}
