import { compareInbox, type Rankable } from '../ranking/inbox-order.ts';

/** What an issue is ranked by, and whether it is in the inbox at all. */
export interface Standing extends Rankable {
  readonly isListed: boolean;
}

/** An issue that something is done to, before and after. */
export interface AffectedIssue {
  readonly id: string;
  /** Null where it is no issue yet. */
  readonly before: Standing | null;
  /** Null where nothing is left of it. */
  readonly after: Standing | null;
  /** How many issues of the inbox as it is now are above where it stands before and after; 0 where it is not listed there. */
  readonly above: { readonly before: number; readonly after: number };
}

/** Places in the inbox, from 1; null where an issue is not in it. */
export interface Places {
  readonly place: number | null;
  readonly placeAfter: number | null;
}

/** An issue of the inbox as it would be. */
export interface ProjectedRow {
  readonly id: string;
  readonly place: number;
  /** As it is now; null where it is not in the inbox now. */
  readonly placeBefore: number | null;
}

/** The inbox as it would be. */
export interface ProjectedInbox {
  /** Of the affected issues, by id. */
  readonly places: ReadonlyMap<string, Places>;
  /** The first rows. */
  readonly head: readonly ProjectedRow[];
}

type Ranked = Rankable & { readonly id: string };

/**
 * The inbox after something is done to some issues. `head` are its first rows as it is now, at least `rows` of them beside
 * affected ones, or all that there are. Only what is affected is ranked anew: the others keep their order.
 */
export function projectInbox(
  head: readonly Ranked[],
  affected: readonly AffectedIssue[],
  rows: number,
): ProjectedInbox {
  const before = affected.flatMap((issue) => rankedOf(issue.id, issue.before));
  const after = affected.flatMap((issue) => rankedOf(issue.id, issue.after));
  const places = new Map(
    affected.map((issue): [string, Places] => {
      const [now] = rankedOf(issue.id, issue.before);
      const [then] = rankedOf(issue.id, issue.after);
      return [
        issue.id,
        {
          place: now === undefined ? null : issue.above.before + 1,
          placeAfter:
            then === undefined
              ? null
              : issue.above.after - countAbove(before, then) + countAbove(after, then) + 1,
        },
      ];
    }),
  );
  const ids = new Set(affected.map(({ id }) => id));
  const placeNow = new Map(head.map(({ id }, index) => [id, index + 1]));
  const projected = [...head.filter(({ id }) => !ids.has(id)), ...after].sort(compareInbox).slice(0, rows);
  return {
    places,
    head: projected.map(({ id }, index) => ({
      id,
      place: index + 1,
      placeBefore: placeNow.get(id) ?? places.get(id)?.place ?? null,
    })),
  };
}

function rankedOf(id: string, standing: Standing | null): readonly Ranked[] {
  return standing?.isListed === true ? [{ ...standing, id }] : [];
}

/** Of the same issue before and after, one may be above the other. */
function countAbove(issues: readonly Ranked[], one: Ranked): number {
  return issues.filter((issue) => compareInbox(issue, one) < 0).length;
}
