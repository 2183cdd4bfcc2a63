import { DAY_MS, HOUR_MS, type Instant } from '#base/instant.ts';

const LOOKS_KEPT = 11;
const ONE_LOOK_MS = 6 * HOUR_MS;
const UNLEARNED_DAYS = 30;
const LEARNED_FROM = 3;

/** When a source looked last, and the beginnings of its last looks, the oldest first. */
export interface SourceLooks {
  readonly lastAt: Instant;
  readonly starts: readonly Instant[];
}

/** For how many days a source may be silent, and how that is known. */
export interface SourceRhythm {
  readonly days: number;
  readonly from: 'set' | 'learned' | 'default';
}

/** Adds the time of a report. Reports that follow each other within six hours are one look; older ones tell nothing new. */
export function addLook(looks: SourceLooks | null, at: Instant): SourceLooks {
  if (looks === null) return { lastAt: at, starts: [at] };
  if (at <= looks.lastAt) return looks;
  if (at - looks.lastAt <= ONE_LOOK_MS) return { ...looks, lastAt: at };
  return { lastAt: at, starts: [...looks.starts, at].slice(-LOOKS_KEPT) };
}

/** Whether a unit that was listed at `at` was looked at with the latest report of its scope: regions come one after the other. */
export function isSameLook(at: Instant, latest: Instant): boolean {
  return latest - at <= ONE_LOOK_MS;
}

/**
 * The rhythm of a source (design: identity, scope): what a person set, else twice the median of its last ten
 * intervals and at least a day, else thirty days while it was seen less than three times.
 */
export function rhythmOf(looks: SourceLooks | null, setDays: number | null): SourceRhythm {
  if (setDays !== null) return { days: setDays, from: 'set' };
  const starts = looks?.starts ?? [];
  if (starts.length < LEARNED_FROM) return { days: UNLEARNED_DAYS, from: 'default' };
  const intervals = starts.slice(1).map((start, index) => start - (starts[index] as Instant));
  const median = intervals.sort((a, b) => a - b)[Math.floor((intervals.length - 1) / 2)] as number;
  return { days: Math.max(1, Math.round((20 * median) / DAY_MS) / 10), from: 'learned' };
}

/** Whether a source has been silent for longer than its rhythm lets it; one that never reported owes nothing. */
export function isOverdue(looks: SourceLooks | null, rhythm: SourceRhythm, now: Instant): boolean {
  return looks !== null && looks.lastAt + rhythm.days * DAY_MS < now;
}
