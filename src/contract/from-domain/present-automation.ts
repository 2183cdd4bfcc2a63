import { instantText, instantTextOrNull, parseInstant } from '#base/instant.ts';
import type { NewAutomationRule } from '#domain/automation/automation-rule.ts';
import type { RuleChange as DomainChange } from '#domain/automation/rule-changes.ts';
import type {
  RunningChange as DomainRunning,
  PreviewedRules,
  RuledIssue,
} from '#domain/ports/automation-store.ts';
import type {
  AutomationRule,
  AutomationRuleList,
  RuleChange,
  RuleInput,
  RulesEdit,
  RulesPreview,
} from '../automation-rule.ts';

/** A listed rule, as the verb answers it. */
interface ListedRule {
  readonly rule: NewAutomationRule & { readonly by: string; readonly at: number };
  readonly position: number;
  readonly findings: number;
  readonly issues: number;
  readonly takenBy: readonly { readonly id: string; readonly findings: number }[];
  readonly state: 'acts' | 'no match' | 'shadowed' | 'off' | 'over' | 'unreadable';
  readonly sentence: string | null;
}

function presentAutomationRule({ rule, takenBy, state, ...rest }: ListedRule): AutomationRule {
  return {
    ...presentRuleInput(rule),
    type: rule.action.type,
    ...rest,
    takenBy: takenBy.map((each) => ({ ...each })),
    state: state === 'no match' ? 'no_match' : state,
    changedBy: rule.by,
    changedAt: instantText(rule.at),
  };
}

export function presentAutomationList(
  rules: readonly ListedRule[],
  running: DomainRunning | null,
): AutomationRuleList {
  return {
    items: rules.map(presentAutomationRule),
    running: running === null ? null : { ...running, since: instantText(running.since) },
  };
}

function presentRuleInput({
  id,
  name,
  isEnabled,
  findingTypes,
  query,
  action,
}: NewAutomationRule): RuleInput {
  return {
    id,
    name,
    enabled: isEnabled,
    findingTypes: [...findingTypes],
    query,
    action: action.type === 'mute' ? { ...action, until: instantTextOrNull(action.until) } : { ...action },
  };
}

/** The other way: a change that a door was given, as the verb takes it. */
export function editOfInput(
  edit: RulesEdit,
):
  | Exclude<RulesEdit, { readonly what: 'put' }>
  | { readonly what: 'put'; readonly rule: NewAutomationRule; readonly position: number | null } {
  return edit.what === 'put' ? { ...edit, rule: ruleOfInput(edit.rule) } : edit;
}

function ruleOfInput({ enabled, action, ...rule }: RuleInput): NewAutomationRule {
  return {
    ...rule,
    isEnabled: enabled,
    query: rule.query.trim(),
    action: action.type === 'mute' ? { ...action, until: parseInstant(action.until) } : action,
  };
}

export function presentRuleChange({ id, what, before, after }: DomainChange): RuleChange {
  return {
    id,
    what,
    before: before === null ? null : presentRuleInput(before),
    after: after === null ? null : presentRuleInput(after),
  };
}

export function presentRulesPreview({
  changes,
  matches,
  samples,
  tickets,
  ...counts
}: PreviewedRules): RulesPreview {
  return {
    ...counts,
    changes: changes.map(presentRuleChange),
    matches: matches.map((each) => ({ ...each })),
    samples: samples.map(({ before, after }) => ({
      before: presentRuledIssue(before),
      after: presentRuledIssue(after),
    })),
    tickets: tickets.map((each) => ({ ...each })),
  };
}

function presentRuledIssue(issue: RuledIssue): RulesPreview['samples'][number]['after'] {
  const { id, title, type, severity, score, assignee, team, place } = issue;
  return {
    id,
    title,
    type,
    severity,
    score,
    admitted: issue.isAdmitted,
    admittedBy: [...issue.admittedBy],
    muted: issue.isMuted,
    dueAt: instantTextOrNull(issue.dueAt),
    assignee,
    team,
    place,
  };
}
