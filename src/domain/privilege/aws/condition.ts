import { ALL_V4, coversAddresses, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { parseInstant } from '#base/instant.ts';
import { asObject, asTexts, type JsonObject } from '#base/json-value.ts';
import type { Question } from './caller.ts';
import { CERTAIN, type Certainty, NO, UNDECIDED, WEAKENED } from './certainty.ts';
import { keyState, TIMES } from './condition-key.ts';
import { matchesPattern, plainText, resolveVariables } from './policy-pattern.ts';

/** One line of a condition: an operator, a key and its values. */
export interface ConditionTest {
  /** In lower case, without the words for sets and absence. */
  readonly operator: string;
  readonly ifExists: boolean;
  readonly over: 'one' | 'any' | 'all';
  /** In lower case. */
  readonly key: string;
  readonly values: readonly string[];
  readonly hasVariables: boolean;
}

/** How a test comes out; the last three say who decides it (§3.1). */
export type Outcome = 'met' | 'unmet' | 'chosen' | 'environment' | 'undecided';

export function testsOf(condition: JsonObject | null, hasVariables: boolean): readonly ConditionTest[] {
  return Object.entries(condition ?? {}).flatMap(([written, keys]) => {
    const lower = written.toLowerCase();
    const over = lower.startsWith('forallvalues:') ? 'all' : lower.startsWith('foranyvalue:') ? 'any' : 'one';
    const bare = lower.replace(/^for(?:all|any)values?:/, '');
    const ifExists = bare.endsWith('ifexists');
    const operator = ifExists ? bare.slice(0, -'ifexists'.length) : bare;
    return Object.entries(asObject(keys) ?? {}).map(([key, value]): ConditionTest => {
      const values = [value ?? []]
        .flat()
        .flatMap((each) =>
          typeof each === 'boolean' || typeof each === 'number'
            ? [String(each)]
            : typeof each === 'string'
              ? [each]
              : asTexts(each),
        );
      return { operator, ifExists, over, key: key.toLowerCase(), values, hasVariables };
    });
  });
}

/** How certainly a condition lets an Allow apply. */
export function allowMeets(tests: readonly ConditionTest[], question: Question): Certainty {
  let certainty: Certainty = CERTAIN;
  for (const test of tests) {
    const one = ALLOWS[outcomeOf(test, question)];
    if (one < certainty) certainty = one;
    if (certainty === NO) break;
  }
  return certainty;
}

/** How certainly a condition keeps a Deny from applying. */
export function denyMisses(tests: readonly ConditionTest[], question: Question): Certainty {
  let certainty: Certainty = NO;
  for (const test of tests) {
    const one = MISSES[outcomeOf(test, question)];
    if (one > certainty) certainty = one;
    if (certainty === CERTAIN) break;
  }
  return certainty;
}

/** What an attacker chooses is met in an Allow and avoided in a Deny. */
const ALLOWS = {
  met: CERTAIN,
  chosen: CERTAIN,
  environment: WEAKENED,
  undecided: UNDECIDED,
  unmet: NO,
} as const;
const MISSES = {
  met: NO,
  chosen: CERTAIN,
  environment: WEAKENED,
  undecided: UNDECIDED,
  unmet: CERTAIN,
} as const;

export function outcomeOf(test: ConditionTest, question: Question): Outcome {
  const { operator, key } = test;
  if (operator !== 'null' && !COMPARE.has(operator)) return 'undecided';
  if (TIMES.has(key) && operator !== 'null') {
    if (DATES.has(operator)) return timeOutcome(test, question);
    if (!isTurning(test) && !question.request.has(key)) return 'undecided';
  }
  const state = keyState(key, question);
  if (state === 'environment' && isEverywhere(test)) return isNegated(operator) ? 'unmet' : 'met';
  if (state === 'chosen' || state === 'environment' || state === 'undecided') return state;
  if (state !== 'untrue') return outcomeFor(test, state, question);
  const absent = outcomeFor(test, null, question);
  return absent === outcomeFor(test, ['false'], question) ? absent : 'undecided';
}

/** How a test comes out on values of its key; null for a key that is absent. */
function outcomeFor(test: ConditionTest, state: readonly string[] | null, question: Question): Outcome {
  const { operator } = test;
  if (operator === 'null') return holds(asksForAbsence(test) === (state === null));
  if (state === null)
    return holds(test.ifExists || test.over === 'all' || (isNegated(operator) && test.over === 'one'));
  const values = filledIn(test, question);
  if (values === 'undecided') return 'undecided';
  // A single-valued test on a key with several values holds if one of them does, like ForAnyValue.
  const passes = (value: string): boolean => compared(operator, value, values);
  return holds(test.over === 'all' ? state.every(passes) : state.some(passes));
}

function holds(is: boolean): Outcome {
  return is ? 'met' : 'unmet';
}

/** Whether a test by `Null` asks that the key is not there; truth is written in any case. */
export function asksForAbsence({ values }: ConditionTest): boolean {
  return values.some((value) => value.toLowerCase() === 'true');
}

export function isNegated(operator: string): boolean {
  return operator.includes('not');
}

/** Whether an operator (lower case, bare) is one that compares a value with values; `null` is not. */
export function isComparison(operator: string): boolean {
  return COMPARE.has(operator);
}

/** Values are alternatives for a positive operator; a negated one holds if none of them matches. */
export function compared(operator: string, value: string, values: readonly string[]): boolean {
  const compare = COMPARE.get(operator) as Compare;
  return isNegated(operator)
    ? values.every((wanted) => !compare(value, wanted))
    : values.some((wanted) => compare(value, wanted));
}

/** Values of which a variable is known to be absent match nothing. */
function filledIn(
  { values, hasVariables }: ConditionTest,
  question: Question,
): readonly string[] | 'undecided' {
  if (!hasVariables) return values;
  const filled: string[] = [];
  for (const value of values) {
    const resolved = resolveVariables(value, question);
    if (resolved?.isOpen === true) return 'undecided';
    if (resolved !== null) filled.push(resolved.pattern);
  }
  return filled;
}

type Compare = (value: string, wanted: string) => boolean;

const same: Compare = (value, wanted) => value === plainText(wanted);
const sameLetters: Compare = (value, wanted) => value.toLowerCase() === plainText(wanted).toLowerCase();
const like: Compare = (value, wanted) => matchesPattern(wanted, value);
const numeric =
  (test: (a: number, b: number) => boolean): Compare =>
  (value, wanted) => {
    const [a, b] = [Number(value), Number(plainText(wanted))];
    return Number.isFinite(a) && Number.isFinite(b) && test(a, b);
  };
const dated =
  (test: (a: number, b: number) => boolean): Compare =>
  (value, wanted) => {
    const [a, b] = [parseInstant(value), parseInstant(plainText(wanted))];
    return a !== null && b !== null && test(a, b);
  };
const address: Compare = (value, wanted) => {
  const [inner, outer] = [parseAddresses(value), parseAddresses(plainText(wanted))];
  return inner !== null && outer !== null && coversAddresses(outer, inner);
};

/** Each of the six parts by itself: a star does not cross a colon, save in the last part, which may hold some. */
const arnLike: Compare = (value, wanted) => {
  const parts = partsOf(value);
  const patterns = partsOf(wanted);
  return (
    parts.length === 6 &&
    patterns.length === 6 &&
    patterns.every((pattern, index) => matchesPattern(pattern, parts[index] as string))
  );
};

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

const COMPARE: ReadonlyMap<string, Compare> = new Map(
  Object.entries({
    stringequals: same,
    stringnotequals: same,
    stringequalsignorecase: sameLetters,
    stringnotequalsignorecase: sameLetters,
    stringlike: like,
    stringnotlike: like,
    arnequals: arnLike,
    arnnotequals: arnLike,
    arnlike: arnLike,
    arnnotlike: arnLike,
    bool: sameLetters,
    binaryequals: same,
    ipaddress: address,
    notipaddress: address,
    numericequals: numeric((a, b) => a === b),
    numericnotequals: numeric((a, b) => a === b),
    numericlessthan: numeric((a, b) => a < b),
    numericlessthanequals: numeric((a, b) => a <= b),
    numericgreaterthan: numeric((a, b) => a > b),
    numericgreaterthanequals: numeric((a, b) => a >= b),
    dateequals: dated((a, b) => a === b),
    datenotequals: dated((a, b) => a === b),
    datelessthan: dated((a, b) => a < b),
    datelessthanequals: dated((a, b) => a <= b),
    dategreaterthan: dated((a, b) => a > b),
    dategreaterthanequals: dated((a, b) => a >= b),
  }),
);

const DATES = new Set([...COMPARE.keys()].filter((operator) => operator.startsWith('date')));

/** A tag of whoever asks, alone: the only variable of which it is known when a test on the time turns by it. */
export const TAG_ALONE = /^\$\{\s*aws:principaltag\/[^,}]+(?:,\s*'([^']*)'\s*)?\}$/i;

/**
 * Whether it is known beforehand when a test on the time turns, so that its answer can be held until then. A time that is
 * compared as a text turns with every second, and variables are documented for texts and ARNs alone.
 */
export function isTurning({ operator, values, hasVariables }: ConditionTest): boolean {
  if (!DATES.has(operator) && !operator.startsWith('numeric')) return false;
  return !hasVariables || values.every((value) => !value.includes('${') || TAG_ALONE.test(value));
}

/**
 * A token is some hours old at most, so for bounds of another day its time is now. A user's key has no such time
 * until the user asks for a token.
 */
function timeOutcome(test: ConditionTest, question: Question): Outcome {
  const fixed = question.request.get(test.key);
  if (fixed === undefined && !isTurning(test)) return 'undecided';
  const now = fixed?.[0] ?? new Date(question.now).toISOString();
  const values = filledIn(test, question);
  if (values === 'undecided') return 'undecided';
  const isMet = compared(test.operator, now, values);
  const mayLack = test.key === 'aws:tokenissuetime' && question.caller.kind !== 'role' && fixed === undefined;
  return mayLack && (isMet || isNegated(test.operator) || test.ifExists || test.over === 'all')
    ? 'undecided'
    : holds(isMet);
}

/** Whether a test for an address admits all of them. */
function isEverywhere({ operator, key, values }: ConditionTest): boolean {
  if (key !== 'aws:sourceip' || (operator !== 'ipaddress' && operator !== 'notipaddress')) return false;
  const ranges = values.flatMap((value) => parseAddresses(value) ?? []);
  return ranges.length > 0 && coversAddresses(unionAddresses(...ranges), ALL_V4);
}
