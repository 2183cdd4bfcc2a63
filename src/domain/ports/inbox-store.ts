import type { Instant } from '#base/instant.ts';
import type { AttackPath } from '../attackpath/attack-path.ts';
import type { FindingSummary } from '../finding/finding-state.ts';
import type { FindingType } from '../finding/finding-type.ts';
import type { Location } from '../finding/observation.ts';
import type { ConditionName } from '../inbox/admission.ts';
import type { AssessedIssue } from '../inbox/assess-issue.ts';
import type { Query } from '../query/query.ts';
import type { DetectedRisk, RiskState } from '../risk/detected-risk.ts';
import type { Severity } from '../severity/severity.ts';
import type { FeedId } from './intelligence-feed.ts';
import type { SamePath } from './path-store.ts';

/** Where the work on an issue stands. */
export type IssueStatus = 'open' | 'in_progress' | 'snoozed' | 'resolved';

/** One row of the inbox as it is listed. */
export interface IssueRow {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly type: FindingType;
  readonly severity: Severity;
  readonly score: number;
  readonly riskStates: Readonly<Record<DetectedRisk, RiskState>>;
  readonly riskCount: number;
  readonly resources: number;
  readonly services: number;
  readonly impact: number;
  readonly isAdmitted: boolean;
  readonly admittedBy: readonly string[];
  readonly status: IssueStatus;
  readonly isMuted: boolean;
  /** Of a snoozed one: until when; null: until it gets worse. */
  readonly snoozedUntil: Instant | null;
  /** When the first of its findings was seen first. */
  readonly firstSeen: Instant;
  /** When one of its findings that was closed was last seen again; null: none ever was. */
  readonly regressedAt: Instant | null;
  readonly dueAt: Instant | null;
  readonly assignee: string | null;
  readonly team: string | null;
  /** How many attack paths its findings are part of. */
  readonly attackPaths: number;
  /** Tickets that were made for it, or are to be, the oldest first. */
  readonly tickets: readonly IssueTicket[];
  readonly rank: bigint;
}

/** A ticket in a tracker; its key and its address are null until it is made. */
export interface IssueTicket {
  readonly receiver: string;
  readonly state: 'waiting' | 'made' | 'failed';
  readonly key: string | null;
  readonly url: string | null;
}

/** Which issues to list; empty lists mean any, but for the status: without one it is those that are open or in progress. */
export interface InboxFilter {
  /** Those that no rule admitted too. */
  readonly all: boolean;
  readonly severities: readonly Severity[];
  readonly types: readonly FindingType[];
  /** Each of them must be *yes*. */
  readonly risks: readonly DetectedRisk[];
  /** Any of them. */
  readonly statuses: readonly IssueStatus[];
  /** Muted issues are left out, they are all that is listed, or it does not matter. */
  readonly muted: 'no' | 'only' | 'any';
  /** Words that title or key contain, in any case. */
  readonly text: string | null;
  /** What has to hold besides, by the query language; null: nothing. */
  readonly condition: Query | null;
}

/** What a list can be grouped by. */
export type IssueGrouping = 'fix' | 'owner' | 'service' | 'account';

/** The issues of a filter that share something. */
export interface IssueGroup {
  /** What they share; null: those that nothing is known of, or, of fixes, that have none to share. */
  readonly name: string | null;
  readonly issues: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly overdue: number;
  /** The first of them with their places in the whole list, from 1, and the place of the one after those. */
  readonly first: readonly { readonly id: string; readonly place: number }[];
  readonly nextPlace: number | null;
  /** Of fixes, from the lead findings: what reports say mends them, and how an attack path is closed. */
  readonly told: readonly string[];
}

export interface IssueGroups {
  /** That of the highest ranked issue first, the one without a name last. */
  readonly groups: readonly IssueGroup[];
  /** How many groups there are, and how many issues, each once. */
  readonly total: number;
  readonly issues: number;
}

export interface InboxPageRequest extends InboxFilter {
  /** After this issue; null for the first page. */
  readonly after: { readonly rank: bigint; readonly id: string } | null;
  readonly limit: number;
}

/** Exact counts over all pages; the choice of a facet is not applied to its own counts. */
export interface InboxFacets {
  readonly severity: Readonly<Record<Severity, number>>;
  readonly type: Readonly<Record<FindingType, number>>;
  readonly risk: Readonly<Record<DetectedRisk, { readonly yes: number; readonly unknown: number }>>;
}

export interface InboxTotals {
  /** Issues that the filter leaves. */
  readonly total: number;
  /** Admitted, open or in progress, not muted; without any filter. */
  readonly admitted: number;
  /** Open findings that nothing admits; without any filter. */
  readonly waiting: number;
  /** Conditions that nobody can tell, with the open findings that each holds back. */
  readonly heldBack: readonly { readonly condition: ConditionName; readonly findings: number }[];
}

/** Exact counts that go with a filter, over all pages. */
export interface InboxCounts {
  readonly totals: InboxTotals;
  readonly facets: InboxFacets;
}

/** One finding as one scope of one source shows it. */
export interface SightingView {
  readonly source: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly firstSeen: Instant;
  /** The latest report that looked where it is; null when that does not show it any more. */
  readonly lastConfirmed: Instant | null;
  /** Its source has been silent for longer than its rhythm lets it. */
  readonly isOverdue: boolean;
  /** The latest reports of its scope did not look where it is, a check or a place: when one did last. Null: they did. */
  readonly notLookedAtSince: Instant | null;
  readonly goneAt: Instant | null;
  readonly goneWhy: string | null;
  readonly heldWhy: string | null;
  readonly locations: readonly Location[];
  readonly title: string;
  readonly severity: Severity | null;
  readonly fix: string | null;
  readonly description: string | null;
  readonly references: readonly string[];
}

/** A finding with its sightings, open or closed. */
export interface FindingView {
  readonly fingerprint: string;
  readonly resourceKey: string;
  readonly resourceKind: string;
  readonly resourceName: string;
  readonly place: string;
  readonly isOpen: boolean;
  readonly firstSeen: Instant;
  readonly closedAt: Instant | null;
  readonly closedWhy: string | null;
  readonly summary: FindingSummary;
  readonly sightings: readonly SightingView[];
}

/**
 * Everything about one issue. `assessed` is computed anew from what is stored, so it explains today's rank; null
 * when none of its findings is open. Above 500 open findings its members are the lead and those of `findings`.
 */
export interface IssueView {
  readonly row: IssueRow;
  readonly firstSeen: Instant;
  readonly assessed: AssessedIssue | null;
  readonly openFindings: number;
  /** At most the first 500, open ones first. */
  readonly findings: readonly FindingView[];
  readonly findingCount: number;
  /** Of an open attack path. */
  readonly attackPath: AttackPath | null;
  /** Of an attack path: those of other sources that are about a resource of it. */
  readonly alsoFoundBy: readonly SamePath[];
}

/** Why people mute. A risk that is accepted has an end, and perhaps somebody who agrees. */
export type MuteReason =
  | 'false_positive'
  | 'risk_accepted'
  | 'pending_fix'
  | 'no_fix'
  | 'duplicate'
  | 'other';

/** What a person decides about the findings of an issue. */
export type IssueDecision =
  | {
      readonly kind: 'mute';
      readonly isMuted: boolean;
      readonly reason: string;
      /** Absent: for none of these. */
      readonly because?: MuteReason;
      readonly until: Instant | null;
    }
  | { readonly kind: 'admit'; readonly isAdmitted: boolean; readonly reason: string | null }
  /** Whether somebody works on it. */
  | { readonly kind: 'progress'; readonly isStarted: boolean }
  /** Until an instant, until it gets worse than it is, or until the first of both. */
  | {
      readonly kind: 'snooze';
      readonly isSnoozed: boolean;
      readonly until: Instant | null;
      readonly untilWorse: boolean;
    }
  /** Null: nobody any more. */
  | { readonly kind: 'assign'; readonly assignee: string | null }
  /** Whose it is; null: whoever rules, tags and catalogues say. */
  | { readonly kind: 'team'; readonly team: string | null }
  /** Null: no due date any more. */
  | { readonly kind: 'due'; readonly at: Instant | null };

/** An issue after a decision, and by which name that is taken back; null: nothing was decided yet. */
export interface DecidedIssue {
  readonly issue: IssueRow;
  readonly action: string | null;
}

export interface DecidedIssues {
  readonly action: string;
  /** Of how many issues it was decided. */
  readonly issues: number;
  /** Why it stopped behind the first part; null: it did not. */
  readonly stopped: string | null;
}

export interface UndoneAction {
  readonly issues: number;
  /** Of how many findings something else was decided since; that stays. */
  readonly kept: number;
}

/** The fields of an issue that decisions move, as they were and as they are; those that did not move are left out. */
export interface IssueChange {
  readonly field: 'status' | 'muted' | 'admitted' | 'assignee' | 'team' | 'due' | 'severity';
  readonly before: string | null;
  readonly after: string | null;
}

/** What the passing of time or a change of the facts did to an issue. */
export type IssueTurn =
  | { readonly kind: 'wake'; readonly reasons: readonly string[] }
  | { readonly kind: 'mute-ended' }
  /** An attack path goes on as another one; `from`: the issues that it was. */
  | { readonly kind: 'inherit'; readonly from: readonly string[] }
  | { readonly kind: 'overdue'; readonly due: Instant }
  /** Findings of it that reports showed first, no longer (and why), or again: how many, and the resource of one. */
  | {
      readonly kind: 'found' | 'closed' | 'back';
      readonly why: string | null;
      readonly findings: number;
      readonly resource: string;
    }
  /** A feed made it more or less severe. */
  | { readonly kind: 'severity-by-feed'; readonly feed: FeedId }
  /** Somebody rated its advisory, or left that to its sources again. */
  | { readonly kind: 'rate'; readonly severity: Severity | null; readonly reason: string }
  | { readonly kind: 'unrate' }
  /** Somebody put a rule there, or changed one, that acts on it now. */
  | { readonly kind: 'rule'; readonly rule: string; readonly isNew: boolean }
  /** Somebody took a decision of that kind back. */
  | { readonly kind: 'undo'; readonly of: IssueDecision['kind'] };

/** What people say about an issue, and about accepting its risk. */
export type IssueTalk =
  /** Its text is null where it was deleted. */
  | {
      readonly kind: 'comment';
      readonly comment: string;
      readonly said: string | null;
      readonly editedAt: Instant | null;
    }
  | { readonly kind: 'comment-edited' | 'comment-deleted'; readonly author: string }
  | { readonly kind: 'ask-acceptance'; readonly reason: string; readonly until: Instant }
  | { readonly kind: 'accept' | 'decline'; readonly askedBy: string };

/** What became of a ticket of an issue, or of a workflow that was run about it. */
export interface IssueDelivery {
  readonly kind: 'delivery';
  readonly of: 'ticket' | 'workflow';
  /** `told`: the ticket was told how its issue stands, `untold`: it could not be; `closed`, `reopened`: people did that outside. */
  readonly what: 'wanted' | 'made' | 'failed' | 'withdrawn' | 'told' | 'untold' | 'closed' | 'reopened';
  readonly receiver: string;
  /** The rule that asks for it; null: a person. */
  readonly rule: string | null;
  readonly key?: string | null;
  readonly url?: string | null;
  readonly sentence?: string;
  /** What a ticket was told, and how it was left. */
  readonly stands?: 'open' | 'resolved' | 'muted';
  readonly isClosed?: boolean;
}

/** One thing that happened to an issue: what somebody decided, or a turn that nobody took. */
export interface IssueEvent {
  readonly at: Instant;
  readonly actor: string;
  readonly what: IssueDecision | IssueTurn | IssueTalk | IssueDelivery;
  readonly changes: readonly IssueChange[];
}

/** An issue as it would be once some of its findings are mended. */
export interface MendedIssue {
  readonly id: string;
  /** Findings that would still be open. */
  readonly left: number;
  /** Null where none would. Of very many, the gravest of those that are left decide. */
  readonly assessed: AssessedIssue | null;
}

/** Reads the inbox, and stores what people decide about it. */
export interface InboxStore {
  list(request: InboxPageRequest): Promise<readonly IssueRow[]>;
  /** The issues of these ids, whatever their status, in their order; unknown ones are left out. */
  rows(ids: readonly string[]): Promise<readonly IssueRow[]>;
  /**
   * The issues of a filter in groups, at most `limit` of them with at most `rows` issues each. An issue stands in each
   * group that it belongs to: it has one fix and one owner, and any number of services and accounts.
   */
  groups(
    filter: InboxFilter,
    by: IssueGrouping,
    size: { readonly limit: number; readonly rows: number },
  ): Promise<IssueGroups>;
  /** How many issues of the inbox are above each of these marks. */
  countAbove(marks: readonly { readonly rank: bigint; readonly id: string }[]): Promise<readonly number[]>;
  /** The issues of these findings, and these issues, as they would be if the findings, and all of the issues, were mended. */
  mended(fingerprints: readonly string[], issueIds: readonly string[]): Promise<readonly MendedIssue[]>;
  counts(filter: InboxFilter): Promise<InboxCounts>;
  /**
   * Ids of the issues that a name can mean, the highest ranked first, at most 10, whatever their status and muted
   * ones too: those with that id, at least 4 characters of the beginning of it, that key, or that advisory. Case
   * matters in keys only, and in ids of advisories that are neither CVE nor GHSA.
   */
  find(name: string): Promise<readonly string[]>;
  /** Null when there is no such issue. */
  view(id: string): Promise<IssueView | null>;
  /** Applies a decision to all open findings of an issue, with an audit row, and answers its row; null when there is no such issue. */
  decide(id: string, decision: IssueDecision, actor: string): Promise<DecidedIssue | null>;
  /**
   * The same for many, a part after the other, each whole or not at all; ids that no issue has are left out. What stops it
   * behind the first part is told, so that what is decided then can be taken back.
   */
  decideAll(ids: readonly string[], decision: IssueDecision, actor: string): Promise<DecidedIssues>;
  /**
   * Takes back what an action decided: of each finding it is what it was before, unless something else was decided of
   * it since. Null when there is no such action or it was taken back already.
   */
  undo(action: string, actor: string): Promise<UndoneAction | null>;
  /** The ids of the first issues of a filter, in rank order; without a limit of all. */
  ids(filter: InboxFilter, limit: number | null): Promise<readonly string[]>;
  /** What was decided about an issue, newest first, at most 200; null when there is no such issue. */
  history(id: string): Promise<readonly IssueEvent[] | null>;
  /** Assesses anew what the passing of time may have changed; answers how many issues and estates. */
  sweep(): Promise<number>;
}
