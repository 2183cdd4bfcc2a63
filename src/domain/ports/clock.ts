import type { Instant } from '#base/instant.ts';

/** What time it is. Tests hand over one that stands still. */
export interface Clock {
  now(): Instant;
}
