import type { Instant } from '#base/instant.ts';
import type { AutomationRule, NewAutomationRule } from '../automation/automation-rule.ts';
import type { RuleChange } from '../automation/rule-changes.ts';
import type { IssueRow } from './inbox-store.ts';

/** How many open findings a rule matches now. */
export interface RuleMatches {
  readonly rule: string;
  /** The earlier rule of its type that acts in its place; null: it acts itself. */
  readonly takenBy: string | null;
  readonly findings: number;
  readonly issues: number;
}

/** How one issue stands, as far as rules move it. */
export type RuledIssue = Pick<
  IssueRow,
  | 'id'
  | 'title'
  | 'type'
  | 'severity'
  | 'score'
  | 'isAdmitted'
  | 'admittedBy'
  | 'isMuted'
  | 'dueAt'
  | 'assignee'
  | 'team'
> & {
  /** Its place among all that stand in the inbox, from 1; null where it does not. */
  readonly place: number | null;
};

/** What a change of the rules would do, exactly, without doing it. */
export interface RulesPreview {
  readonly changes: readonly RuleChange[];
  /** How many issues were looked at: no other can be reached. */
  readonly assessed: number;
  /** How often each rule of the change matches then. */
  readonly matches: readonly RuleMatches[];
  readonly enter: number;
  readonly leave: number;
  /** Of those that stay in the inbox, and those whose severity is another one. */
  readonly moved: number;
  /** Issues of which anything differs that lists and filters tell: severity, risks, reach, dates, owners, what keeps it out, which finding leads. */
  readonly changed: number;
  /** Those that matter most, in the order of the inbox as it would be. */
  readonly samples: readonly { readonly before: RuledIssue; readonly after: RuledIssue }[];
  /** For each rule of the change that makes tickets the highest issue of which it would ask for one, as it would be. */
  readonly tickets: readonly { readonly rule: string; readonly issue: RuledIssue }[];
}

/** The ticket that a rule would make of an issue, in words; none is made. */
export interface SampleTicket {
  readonly rule: string;
  readonly issueId: string;
  readonly title: string;
  readonly text: string;
}

/** A preview with what the first ticket of each of its rules would say. */
export interface PreviewedRules extends Omit<RulesPreview, 'tickets'> {
  readonly tickets: readonly SampleTicket[];
}

/** How far issues are assessed anew. */
export type TellProgress = (done: number, all: number) => void;

/** A change of the rules at work: of how many issues it has assessed how many anew. */
export interface RunningChange {
  readonly done: number;
  readonly all: number;
  readonly since: Instant;
}

/** Keeps the rules of an organisation that act on findings. */
export interface AutomationStore {
  /** Those of a type in their order; switched off ones too. */
  rules(): Promise<readonly AutomationRule[]>;
  matches(): Promise<readonly RuleMatches[]>;
  /** The change that is at work now, in whichever process; null: none is. */
  running(): Promise<RunningChange | null>;
  /**
   * Makes other rules of those that are there, alone among all who change them, and assesses anew what that can move;
   * each change is audited. What `edit` throws leaves everything as it is.
   */
  change(
    edit: (rules: readonly AutomationRule[]) => readonly NewAutomationRule[],
    actor: string,
    tell: TellProgress,
  ): Promise<readonly RuleChange[]>;
  preview(edit: (rules: readonly AutomationRule[]) => readonly NewAutomationRule[]): Promise<RulesPreview>;
}
