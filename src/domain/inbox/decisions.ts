import type { Instant } from '#base/instant.ts';
import type { DetectedRisk } from '../risk/detected-risk.ts';
import type { Severity } from '../severity/severity.ts';

/** What people decided about a finding. It belongs to the fingerprint, so it survives images, lines and scanners. */
export interface Decisions {
  /** The mute in force or run out; null when there is none. */
  readonly mute: {
    readonly reason: string;
    readonly until: Instant | null;
    readonly by: string;
    readonly at: Instant;
  } | null;
  /** Taken into the inbox by hand. */
  readonly admitted: { readonly reason: string | null; readonly by: string; readonly at: Instant } | null;
  readonly dueAt: Instant | null;
  readonly assignee: string | null;
  /** Whose it is by a person's word; null or absent: nobody said. */
  readonly team?: string | null;
  /** Somebody unmuted it: no rule mutes it. */
  readonly isKeptUnmuted?: boolean;
  /** Somebody said that it has no due date, whatever a rule says. */
  readonly hasNoDueDate?: boolean;
  /** Somebody said that nobody works on it, whatever a rule says. */
  readonly hasNoAssignee?: boolean;
  /** Since when somebody works on it; null: nobody said so. */
  readonly startedAt: Instant | null;
  /** The snooze in force or run out; null when there is none. */
  readonly snooze: Snooze | null;
}

/** Out of sight until an instant, until it gets worse than it was, or until the first of both: one of them is there. */
export interface Snooze {
  readonly until: Instant | null;
  readonly worseThan: IssueStand | null;
  readonly at: Instant;
}

/** How an issue stood when it was snoozed, as far as it can get worse. */
export interface IssueStand {
  readonly severity: Severity;
  /** Those that were *yes*. */
  readonly risks: readonly DetectedRisk[];
  readonly resources: number;
  readonly attackPaths: number;
  /** The attack paths that led through it; absent: it was put down before they were kept. */
  readonly paths?: readonly string[];
}

export const NO_DECISIONS: Decisions = {
  mute: null,
  admitted: null,
  dueAt: null,
  assignee: null,
  startedAt: null,
  snooze: null,
};

export function isMuted(decisions: Decisions, now: Instant): boolean {
  return decisions.mute !== null && (decisions.mute.until === null || decisions.mute.until > now);
}
