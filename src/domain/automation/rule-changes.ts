import type { FindingType } from '../finding/finding-type.ts';
import { allOf, anyOf, EVERYTHING, type Query } from '../query/query.ts';
import type { QueryFieldName } from '../query/query-fields.ts';
import {
  type AutomationRule,
  type NewAutomationRule,
  RULE_TYPES,
  type RuleAction,
} from './automation-rule.ts';
import { changesWithTime, leavesOf } from './flips.ts';
import { rulesInForce } from './rules-in-force.ts';

/** What one change of the rules does to one of them. */
export interface RuleChange {
  readonly id: string;
  readonly what: 'added' | 'changed' | 'removed' | 'moved';
  /** What it is from now on; null where it is removed. */
  readonly after: NewAutomationRule | null;
  readonly before: NewAutomationRule | null;
}

/** What differs between two states of the rules, each rule once: its content before its place. */
export function ruleChanges(
  before: readonly NewAutomationRule[],
  after: readonly NewAutomationRule[],
): readonly RuleChange[] {
  const known = new Map(before.map((rule) => [rule.id, rule]));
  const left = new Set(after.map(({ id }) => id));
  const removed = before.filter(({ id }) => !left.has(id));
  const places = RULE_TYPES.flatMap((type) => movedIds(idsOf(before, type), idsOf(after, type)));
  return [
    ...removed.map((rule): RuleChange => ({ id: rule.id, what: 'removed', before: rule, after: null })),
    ...after.flatMap((rule): readonly RuleChange[] => {
      const old = known.get(rule.id);
      if (old === undefined) return [{ id: rule.id, what: 'added', before: null, after: rule }];
      if (contentOf(old) !== contentOf(rule))
        return [{ id: rule.id, what: 'changed', before: old, after: rule }];
      return places.includes(rule.id) ? [{ id: rule.id, what: 'moved', before: old, after: rule }] : [];
    }),
  ];
}

function idsOf(rules: readonly NewAutomationRule[], type: string): readonly string[] {
  return rules.filter(({ action }) => action.type === type).map(({ id }) => id);
}

/** Those of both lists that stand in another order to each other. */
function movedIds(before: readonly string[], after: readonly string[]): readonly string[] {
  const both = before.filter((id) => after.includes(id));
  const now = after.filter((id) => before.includes(id));
  return both.filter((id, index) => now[index] !== id);
}

/** All that a person writes of a rule, in one spelling. */
function contentOf({ id, name, isEnabled, findingTypes, query, action }: NewAutomationRule): string {
  return JSON.stringify([id, name, isEnabled, [...findingTypes].sort(), query, sorted(action)]);
}

/** Members in one order, as a database does not keep theirs. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

/** Which issues a change of the rules can reach: those of the types for whose findings the condition may hold. */
export interface Reach {
  readonly types: readonly FindingType[];
  readonly condition: Query;
}

/**
 * What the rules between the first and the last that act differently can reach, one entry for each of them; empty where
 * all act as before. A condition here holds of every issue that has a finding for which the rule's own holds.
 */
export function reachOf(
  before: readonly AutomationRule[],
  after: readonly AutomationRule[],
): readonly Reach[] {
  const [old, next] = [rulesInForce(before), rulesInForce(after)];
  return RULE_TYPES.flatMap((type) => {
    const [was, is] = [old.rules[type], next.rules[type]];
    const same = (a: number, b: number) => {
      const [one, other] = [was[a], is[b]];
      return one !== undefined && other !== undefined && behaviourOf(one.rule) === behaviourOf(other.rule);
    };
    let start = 0;
    while (same(start, start)) start++;
    let end = 0;
    while (Math.min(was.length, is.length) - end > start && same(was.length - 1 - end, is.length - 1 - end))
      end++;
    return [...was.slice(start, was.length - end), ...is.slice(start, is.length - end)].map(
      ({ rule, condition }): Reach => ({ types: rule.findingTypes, condition: narrowed(condition) }),
    );
  });
}

function behaviourOf({
  id,
  findingTypes,
  query,
  action,
}: Pick<AutomationRule, 'id' | 'findingTypes' | 'query'> & { readonly action: RuleAction }): string {
  return JSON.stringify([id, [...findingTypes].sort(), query, sorted(action)]);
}

const ASKED_OF_ISSUES: ReadonlySet<QueryFieldName> = new Set<QueryFieldName>([
  'advisory',
  'key',
  'id',
  'resource',
  'kind',
  'control',
  'check',
  'source',
  'tool',
]);

/**
 * A weaker condition, of what an issue or any of its findings is that has such a finding. One that changes with time
 * reaches all, as each of them is to be looked at again some time.
 */
function narrowed(condition: Query): Query {
  return leavesOf(condition).some(changesWithTime) ? EVERYTHING : weakened(condition);
}

function weakened(condition: Query): Query {
  if (condition.is === 'and') return allOf(condition.of.map(weakened));
  if (condition.is === 'or') return anyOf(condition.of.map(weakened));
  return condition.is === 'term' && ASKED_OF_ISSUES.has(condition.field) ? condition : EVERYTHING;
}
