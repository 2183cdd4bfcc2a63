import { DAY_MS, HOUR_MS, MINUTE_MS } from '#base/instant.ts';
import type { SessionLimits } from '#domain/ports/people-store.ts';

const OTHERS = { idleMs: 8 * HOUR_MS, absoluteMs: 7 * DAY_MS };

/** How long a session lives without a request and in any case: an administrator's is worth more to a thief (reliability §6.3). */
export const SESSION_LIMITS: SessionLimits = {
  lifetime: {
    administer: { idleMs: 30 * MINUTE_MS, absoluteMs: 12 * HOUR_MS },
    triage: OTHERS,
    read: OTHERS,
  },
  perPerson: 10,
};
