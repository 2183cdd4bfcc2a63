import { DAY_MS, HOUR_MS } from '#base/instant.ts';
import type { SessionLifetime } from '#domain/ports/people-store.ts';

/** A working day without a request ends a session, a week does in any case. */
export const SESSION_LIFETIME: SessionLifetime = {
  idleMs: 8 * HOUR_MS,
  absoluteMs: 7 * DAY_MS,
  perPerson: 10,
};
