import { InboxError } from '#base/inbox-error.ts';
import type { FindingType } from '../finding/finding-type.ts';
import { fieldsOf, type Query, type QueryTerm } from '../query/query.ts';
import type { QueryFieldName } from '../query/query-fields.ts';
import { type AutomationRule, RULE_TYPES, type RuleType } from './automation-rule.ts';
import { changesWithTime, leavesOf } from './flips.ts';
import { readCondition } from './rule-condition.ts';

/** A rule with its condition read. */
export interface ReadRule<Type extends RuleType = RuleType> {
  readonly rule: AutomationRule<Type>;
  readonly condition: Query;
}

/** What is true of one finding alone, and not of all that are alike on resources that are alike. */
const FINE: ReadonlySet<string> = new Set<QueryFieldName | 'words'>([
  'first_seen',
  'title',
  'words',
  'resource',
  'kind',
  'check',
  'region',
  'namespace',
  'tag',
  'source',
  'tool',
  'team',
  'key',
  'id',
]);

/** What an assessment tells, with what a finding is that it is remembered for. */
const OF_KINDS: ReadonlySet<string> = new Set<QueryFieldName>([
  'type',
  'severity',
  'score',
  'computed_severity',
  'computed_score',
  'risk',
  'unknown',
  'risk_count',
  'control',
  'environment',
  'service',
  'account',
]);

export type FineField =
  | 'fixable'
  | 'first_seen'
  | 'title'
  | 'resource'
  | 'kind'
  | 'check'
  | 'place'
  | 'source'
  | 'team';

/** The rules that act now, in their order, read once for all findings. */
export interface RulesInForce {
  readonly rules: { readonly [Type in RuleType]: readonly ReadRule<Type>[] };
  /** The conditions on what findings do not share that are alike, each once. */
  readonly fineConditions: readonly Query[];
  /** The conditions on when a finding was first seen that change as time passes, with the types that their rules are about. */
  readonly timeConditions: readonly { readonly types: readonly FindingType[]; readonly term: QueryTerm }[];
  /** Whether the conditions ask for nothing but what findings share that have one assessment. */
  readonly areOfKinds: boolean;
  /** What of single findings is asked for. */
  readonly fineFields: ReadonlySet<FineField>;
  /** Rules whose condition this program cannot read, by their id: they do not act. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** The given rules that are switched on. Whether one has run out is asked when it is applied. */
export function rulesInForce(rules: readonly AutomationRule[]): RulesInForce {
  const unreadable = new Map<string, string>();
  const read = rules.flatMap((rule): readonly ReadRule[] => {
    if (!rule.isEnabled) return [];
    const condition = conditionOf(rule);
    if (typeof condition !== 'string') return [{ rule, condition }];
    unreadable.set(rule.id, condition);
    return [];
  });
  const leaves = read.flatMap(({ condition }) => leavesOf(condition)).filter(isFine);
  const fineConditions = [...new Map(leaves.map((leaf) => [JSON.stringify(leaf), leaf])).values()];
  const fineFields = new Set(fineConditions.flatMap((leaf) => [...fieldsOf(leaf)].flatMap(loadedAs)));
  const countsFromFix = read.some(
    ({ rule: { action } }) => action.type === 'due_date' && action.from === 'fix_available',
  );
  if (countsFromFix) fineFields.add('fixable');
  const timeConditions = read.flatMap(({ rule, condition }) =>
    leavesOf(condition).flatMap((leaf) =>
      changesWithTime(leaf) ? [{ types: rule.findingTypes, term: leaf }] : [],
    ),
  );
  const byType = Object.fromEntries(
    RULE_TYPES.map((type) => [type, read.filter(({ rule }) => rule.action.type === type)]),
  ) as unknown as RulesInForce['rules'];
  const areOfKinds = read.every(({ condition }) =>
    [...fieldsOf(condition)].every((field) => OF_KINDS.has(field)),
  );
  return { rules: byType, areOfKinds, fineConditions, timeConditions, fineFields, unreadable };
}

/** A rule that an older or newer program stored may ask for what this one does not know. */
function conditionOf(rule: AutomationRule): Query | string {
  try {
    return readCondition(rule.query, rule.action);
  } catch (error) {
    if (error instanceof InboxError && error.code === 'usage') return error.message;
    throw error;
  }
}

function isFine(leaf: Query): boolean {
  return [...fieldsOf(leaf)].some((field) => FINE.has(field));
}

function loadedAs(field: QueryFieldName | 'words'): readonly FineField[] {
  switch (field) {
    case 'words':
    case 'title':
      return ['title'];
    case 'source':
    case 'tool':
      return ['source'];
    case 'region':
    case 'namespace':
    case 'tag':
      return ['place'];
    case 'first_seen':
    case 'resource':
    case 'kind':
    case 'check':
    case 'team':
      return [field];
    default:
      return [];
  }
}

/** Whether any rule acts. */
export function hasRules({ rules }: RulesInForce): boolean {
  return RULE_TYPES.some((type) => rules[type].length > 0);
}
