import type { Instant } from '#base/instant.ts';
import { evaluateQuery, type QueryFacts } from '../query/evaluate-query.ts';
import type { Assessment, FindingInput } from '../risk/assess-finding.ts';
import type { RiskState } from '../risk/detected-risk.ts';
import type { AutomationRule, RuleAction, RuleType } from './automation-rule.ts';
import { findingFacts, type ToldFinding } from './finding-facts.ts';
import { type ModifiedSeverity, severityBy, withSeverity } from './modify-severity.ts';
import { hasRules, type ReadRule, type RulesInForce } from './rules-in-force.ts';

/** One rule that a finding matches; `takenBy` is the earlier one of its type that acts in its place, null where it acts itself. */
export interface RuleMatch {
  readonly rule: string;
  readonly takenBy: string | null;
}

/** What the rules of an organisation make of one finding. */
export interface AppliedRules {
  /** With the severity as it counts. */
  readonly assessment: Assessment;
  readonly severity: ModifiedSeverity | null;
  readonly mute: AutomationRule<'mute'> | null;
  readonly dueDate: AutomationRule<'due_date'> | null;
  readonly inbox: AutomationRule<'inbox'> | null;
  readonly assign: AutomationRule<'assign'> | null;
  readonly ticket: AutomationRule<'ticket'> | null;
  readonly matches: readonly RuleMatch[];
  /** The rules, and with what those on severity were asked and all others: for saying why one did not match. Null without any rule. */
  readonly asked: {
    readonly inForce: RulesInForce;
    readonly now: Instant;
    readonly facts: { readonly severity: QueryFacts; readonly others: QueryFacts };
  } | null;
}

/** The finding as the rules see it. */
export interface RuleSubject {
  readonly finding: FindingInput;
  readonly assessment: Assessment;
  /** Whether attackers are known to use it. */
  readonly exploited: () => RiskState;
  readonly told: ToldFinding;
  readonly title: () => string;
  /** Whose it is before any rule assigns it. */
  readonly team: () => string | null;
}

/**
 * Applies the rules that act at an instant: within a type the first that matches, types for themselves, those on
 * severity before all others (reference behaviour §8.1). A condition that is unknown does not match.
 */
export function applyAutomation(
  inForce: RulesInForce,
  { finding, assessment, exploited, told, title, team }: RuleSubject,
  now: Instant,
): AppliedRules {
  if (!hasRules(inForce)) return { ...NOTHING, assessment };
  const { rules } = inForce;
  const factsWith = (counts: Assessment) =>
    findingFacts({
      told,
      title,
      team,
      assessed: { finding, assessment: counts, computed: assessment, exploited },
    });
  const before = factsWith(assessment);
  const matches: RuleMatch[] = [];
  const first = <Type extends RuleType>(
    list: readonly ReadRule<Type>[],
    facts: QueryFacts,
    acts: (rule: AutomationRule<Type>) => boolean = () => true,
  ): AutomationRule<Type> | null => {
    let acting: AutomationRule<Type> | null = null;
    for (const { rule, condition } of list) {
      if (!rule.findingTypes.includes(finding.type) || !acts(rule)) continue;
      if (evaluateQuery(condition, facts, now) !== 'yes') continue;
      matches.push({ rule: rule.id, takenBy: acting?.id ?? null });
      acting ??= rule;
    }
    return acting;
  };
  const modifier = first(
    rules.severity,
    before,
    ({ action }) => severityBy(action, finding.type, assessment) !== null,
  );
  const severity = modifier === null ? null : severityBy(modifier.action, finding.type, assessment);
  const counts = severity === null ? assessment : withSeverity(assessment, severity);
  const after = severity === null ? before : factsWith(counts);
  return {
    assessment: counts,
    severity:
      modifier === null
        ? null
        : { rule: modifier, from: { severity: assessment.severity, score: assessment.score } },
    mute: first(rules.mute, after, (rule) => !hasRunOut(rule, now)),
    dueDate: first(rules.due_date, after),
    inbox: first(rules.inbox, after),
    assign: first(rules.assign, after),
    ticket: first(rules.ticket, after),
    matches,
    asked: { inForce, now, facts: { severity: before, others: after } },
  };
}

const NOTHING: Omit<AppliedRules, 'assessment'> = {
  severity: null,
  mute: null,
  dueDate: null,
  inbox: null,
  assign: null,
  ticket: null,
  matches: [],
  asked: null,
};

/** Whether a rule that mutes for a time is over: it is as if it were switched off. */
export function hasRunOut({ action }: { readonly action: RuleAction }, now: Instant): boolean {
  return action.type === 'mute' && action.until !== null && action.until <= now;
}
