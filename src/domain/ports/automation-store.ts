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
  /** Issues of which anything at all differs. */
  readonly changed: number;
  /** Those that matter most, in the order of the inbox as it would be. */
  readonly samples: readonly { readonly before: RuledIssue; readonly after: RuledIssue }[];
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
