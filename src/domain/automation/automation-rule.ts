import type { Instant } from '#base/instant.ts';
import type { FindingType } from '../finding/finding-type.ts';
import type { Severity } from '../severity/severity.ts';

/**
 * What rules of an organisation do, in the order in which they are applied: severity first, so that all others, those
 * of admission too, see the modified severity; the others know nothing of each other (reference behaviour §8.1).
 */
export const RULE_TYPES = ['severity', 'mute', 'due_date', 'inbox', 'assign', 'ticket'] as const;

export type RuleType = (typeof RULE_TYPES)[number];

/** Why a rule mutes. */
export const MUTE_REASONS = [
  'false_positive',
  'risk_accepted',
  'pending_fix',
  'no_fix',
  'duplicate',
  'other',
] as const;

export type MuteReason = (typeof MUTE_REASONS)[number];

export const SHIFTS = ['up_one', 'down_one'] as const;

/** From when the days of a due date count; `kev` is no count but the date that CISA set. */
export const DUE_FROM = ['first_seen', 'fix_available', 'kev'] as const;

/** What a rule of each type does to the findings that it matches. */
interface RuleActions {
  readonly severity:
    | { readonly type: 'severity'; readonly set: Severity }
    | { readonly type: 'severity'; readonly shift: (typeof SHIFTS)[number] };
  readonly mute: {
    readonly type: 'mute';
    readonly reason: MuteReason;
    /** Then the rule is out of force; null: for as long as it stands there. */
    readonly until: Instant | null;
    readonly description: string | null;
  };
  readonly due_date: {
    readonly type: 'due_date';
    /** Days per severity; those that are missing are not due. Of `kev` they are for what KEV sets no date for. */
    readonly days: Readonly<Partial<Record<Severity, number>>>;
    readonly from: (typeof DUE_FROM)[number];
  };
  readonly inbox: { readonly type: 'inbox'; readonly reason: string };
  readonly assign: { readonly type: 'assign'; readonly team: string | null; readonly person: string | null };
  readonly ticket: {
    readonly type: 'ticket';
    /** The name of the tracker in which tickets are made. */
    readonly receiver: string;
    /** How many tickets the rule makes in a day of UTC; the others wait for the next one. */
    readonly perDay: number;
    /** For issues too that match already when the rule is made or changed. */
    readonly existing: boolean;
    /** For issues too that are not in the inbox. */
    readonly all: boolean;
    /** Its tickets are told when their issue is resolved, and are not closed. */
    readonly keepsOpen?: true | undefined;
  };
}

export type ActionOf<Type extends RuleType> = RuleActions[Type];

export type RuleAction = ActionOf<RuleType>;

/** One rule as a person writes it. Its place in the list of its type is part of what it means: the first that matches acts. */
export interface NewAutomationRule<Type extends RuleType = RuleType> {
  /** Small letters, digits and dashes; unique over all types. */
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** What kinds of findings it is about; at least one. */
  readonly findingTypes: readonly FindingType[];
  /** What has to hold of a finding, in the query language; empty: nothing more. */
  readonly query: string;
  readonly action: ActionOf<Type>;
}

/** A rule as it is stored, in its place. */
export interface AutomationRule<Type extends RuleType = RuleType> extends NewAutomationRule<Type> {
  /** Who changed it last, and when. */
  readonly by: string;
  readonly at: Instant;
}

export const RULE_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** The most rules of one organisation: each finding is asked about each of them. */
export const RULES_MAX = 500;
export const DUE_DAYS_MAX = 3_650;
export const TICKETS_A_DAY_MAX = 500;
