import { dateText, type Instant, instantText } from '#base/instant.ts';
import { counted } from '#base/text.ts';
import { evaluateQuery, type QueryFacts } from '../query/evaluate-query.ts';
import { printQuery } from '../query/print-query.ts';
import type { Query } from '../query/query.ts';
import type { FindingInput } from '../risk/assess-finding.ts';
import { type AppliedRules, hasRunOut } from './apply-automation.ts';
import { type AutomationRule, RULE_TYPES, type RuleAction, type RuleType } from './automation-rule.ts';
import { isRatedByHand, severityBy } from './modify-severity.ts';

/** What the rules of one type make of a finding, and why. */
export interface RuleTrace {
  readonly type: RuleType;
  /** The rule that acts; null: none of the type matches. */
  readonly rule: { readonly id: string; readonly name: string } | null;
  /** What it does, or that none acts. */
  readonly sentence: string;
  /** The rules before it, or all of them, each with the first thing that keeps it from matching. */
  readonly passedOver: readonly { readonly id: string; readonly name: string; readonly sentence: string }[];
}

/** What people decided about the finding themselves, and a rule does not change. */
interface ByHand {
  readonly isKeptUnmuted: boolean;
  readonly isMuted: boolean;
  readonly hasDueDate: boolean;
  readonly hasAssignee: boolean;
  readonly hasTeam: boolean;
  readonly dueAt: Instant | null;
}

const PASSED_MAX = 20;

/** Which rule of each type acts on a finding, and why those before it do not; types without a rule are left out. */
export function traceRules(
  finding: FindingInput,
  applied: AppliedRules,
  byHand: ByHand,
): readonly RuleTrace[] {
  const { asked } = applied;
  if (asked === null) return [];
  const acting: Readonly<Record<RuleType, AutomationRule | null>> = {
    severity: applied.severity?.rule ?? null,
    mute: applied.mute,
    due_date: applied.dueDate,
    inbox: applied.inbox,
    assign: applied.assign,
    ticket: applied.ticket,
  };
  return RULE_TYPES.flatMap((type) => {
    const list = asked.inForce.rules[type];
    if (list.length === 0) return [];
    const rule = acting[type];
    const before =
      rule === null
        ? list
        : list.slice(
            0,
            list.findIndex((each) => each.rule.id === rule.id),
          );
    const facts = type === 'severity' ? asked.facts.severity : asked.facts.others;
    return [
      {
        type,
        rule: rule === null ? null : { id: rule.id, name: rule.name },
        sentence: rule === null ? 'No rule of this type matches.' : effectOf(rule.action, applied, byHand),
        passedOver: before.slice(0, PASSED_MAX).map((each) => ({
          id: each.rule.id,
          name: each.rule.name,
          sentence: whyNot(each.rule, each.condition, finding, applied, facts, asked.now),
        })),
      },
    ];
  });
}

function whyNot(
  rule: AutomationRule,
  condition: Query,
  { type }: FindingInput,
  { assessment, severity }: AppliedRules,
  facts: QueryFacts,
  now: Instant,
): string {
  if (!rule.findingTypes.includes(type))
    return `It is not about findings of type ${type.replaceAll('_', ' ')}.`;
  if (rule.action.type === 'mute' && hasRunOut(rule, now))
    return `Its time was over at ${instantText(rule.action.until ?? now)}.`;
  if (rule.action.type === 'severity' && isRatedByHand(assessment.scoring))
    return 'A person rated the advisory, and that counts.';
  const before = severity?.from.severity ?? assessment.severity;
  if (
    rule.action.type === 'severity' &&
    severityBy(rule.action, type, { ...assessment, severity: before }) === null
  )
    return `It would leave the severity at ${before}, and that is no match.`;
  const parts = condition.is === 'and' ? condition.of : [condition];
  const states = parts.map((part) => ({ part, state: evaluateQuery(part, facts, now) }));
  const failing =
    states.find(({ state }) => state === 'no') ?? states.find(({ state }) => state === 'unknown');
  if (failing === undefined) return 'It matches.';
  return failing.state === 'no'
    ? `Fails at: ${printQuery(failing.part)}.`
    : `Nobody can tell: ${printQuery(failing.part)}.`;
}

function effectOf(action: RuleAction, { severity, assessment }: AppliedRules, byHand: ByHand): string {
  switch (action.type) {
    case 'severity':
      return `Severity ${assessment.severity}; before it was ${severity?.from.severity} ${severity?.from.score.toFixed(1)}.`;
    case 'mute': {
      const why = `${readable(action.reason)}${action.description === null ? '' : `: ${action.description}`}`;
      if (byHand.isKeptUnmuted) return `It would mute it (${why}), but a person unmuted it.`;
      const until = action.until === null ? '' : ` until ${instantText(action.until)}`;
      return `Muted${until}, ${why}.${byHand.isMuted ? ' A person muted it too.' : ''}`;
    }
    case 'due_date': {
      if (byHand.hasDueDate) return 'A person decided when it is due.';
      if (byHand.dueAt === null) return 'Not due: it is muted, its severity has no days, or no fix is known.';
      const days = action.days[assessment.severity];
      const from = days === undefined ? '' : `, ${counted(days, 'day')} from ${readable(action.from)}`;
      return `Due ${dateText(byHand.dueAt)}${action.from === 'kev' ? ', by KEV or its days' : from}.`;
    }
    case 'inbox':
      return action.reason;
    case 'assign': {
      const to = action.team === null ? action.person : `team ${action.team}`;
      if (byHand.hasTeam && action.team !== null)
        return `It would go to ${to}, but a person gave it to a team.`;
      return byHand.hasAssignee && action.person !== null
        ? `It would go to ${to}, but a person decided who works on it.`
        : `To ${to}.`;
    }
    case 'ticket':
      return `A ticket in ${action.receiver}${action.all ? '' : ', where it is in the inbox'}.`;
  }
}

function readable(word: string): string {
  return word.replaceAll('_', ' ');
}
