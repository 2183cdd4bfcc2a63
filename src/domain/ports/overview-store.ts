import type { Instant } from '#base/instant.ts';
import type { Severity } from '../severity/severity.ts';

/** Issues of one severity and owner that are to be fixed. */
export interface Load {
  /** The person, else the team; null: nobody's. */
  readonly owner: string | null;
  readonly severity: Severity;
  readonly issues: number;
  readonly overdue: number;
}

/** How many findings are left of all of them, condition by condition. */
export interface Funnel {
  /** Those that are kept, open and closed. */
  readonly all: number;
  readonly open: number;
  /** Of issues with a detected risk. */
  readonly risky: number;
  /** Of issues in the inbox. */
  readonly admitted: number;
  /** Of issues that open the way for an attack path, or are one. */
  readonly onPaths: number;
}

/** One week, by its end. */
export interface OverviewWeek {
  readonly end: Instant;
  /** Issues with an open finding at its end, admitted or not, by the severity that they have now. */
  readonly open: Readonly<Record<Severity, number>>;
  /** Findings that closed in it, and after how many days from when they were first seen: the median, and 9 of 10. */
  readonly closed: number;
  readonly medianDays: number | null;
  readonly ninthDays: number | null;
  /** Attack paths that were first seen in it, and those of which the last way closed in it. */
  readonly pathsFound: number;
  readonly pathsCut: number;
}

export interface Overview {
  readonly load: readonly Load[];
  readonly funnel: Funnel;
  /** The oldest first; the last ends now. */
  readonly weeks: readonly OverviewWeek[];
  /** As of when it holds: over very much the last count is told while a new one is made. */
  readonly countedAt: Instant;
}

/** Counts where the risk is and whether it falls. */
export interface OverviewStore {
  overview(weeks: number): Promise<Overview>;
}
