import type { IssueRow } from '../../../src/contract/issue.ts';

/** How a list differs from what is in sight of it. */
export interface LiveChanges {
  /** Issues that are not in sight. */
  readonly fresh: number;
  /** Issues that stand higher among those that both have. */
  readonly risen: number;
  /** Issues that are gone from what is in sight. */
  readonly gone: number;
}

/**
 * What changed between the rows in sight and the head of the list now. Unless that is the whole list, a row that is not
 * in it may only have fallen behind its end, and is not gone.
 */
export function liveChanges(
  shown: readonly Pick<IssueRow, 'id'>[],
  now: readonly Pick<IssueRow, 'id'>[],
  isWhole: boolean,
): LiveChanges {
  const there = new Set(now.map(({ id }) => id));
  const both = shown.filter(({ id }) => there.has(id));
  const places = new Map(both.map(({ id }, index) => [id, index]));
  return {
    fresh: now.filter(({ id }) => !places.has(id)).length,
    risen: now
      .filter(({ id }) => places.has(id))
      .filter(({ id }, index) => index < (places.get(id) as number)).length,
    gone: isWhole ? shown.length - both.length : 0,
  };
}

/** "3 new, 1 risen"; empty where nothing changed. */
export function liveChangesText({ fresh, risen, gone }: LiveChanges): string {
  return [
    ...(fresh > 0 ? [`${fresh} new`] : []),
    ...(risen > 0 ? [`${risen} risen`] : []),
    ...(gone > 0 ? [`${gone} gone`] : []),
  ].join(', ');
}
