import { type Instant, parseInstant } from '#base/instant.ts';
import listed from './data/emerging-advisories.json' with { type: 'json' };

/**
 * Advisories that are listed as emerging, each until the day it expires: a small file of our own
 * (DESIGN, default admission).
 */
export const EMERGING_ADVISORIES: ReadonlyMap<string, Instant> = new Map(
  listed.advisories.flatMap(({ advisory, until }) => {
    const instant = parseInstant(until);
    return instant === null ? [] : [[advisory, instant] as const];
  }),
);
