import { smallest } from '#base/extremes.ts';
import { type Instant, parseInstant } from '#base/instant.ts';
import { asObject, type JsonObject, membersNamed } from '#base/json-value.ts';
import { type ConditionTest, isTurning, TAG_ALONE, testsOf } from './condition.ts';
import { TIMES } from './condition-key.ts';
import { plainText } from './policy-pattern.ts';

const SECOND_MS = 1_000;

/**
 * The first instant after `now` at which a condition of a policy within these facts comes out otherwise by the clock
 * alone (attack-paths §3.1: a bound in the future is a stored instant); null where none does.
 */
export function nextPolicyDate(facts: JsonObject, now: Instant): Instant | null {
  let next: Instant | null = null;
  for (const member of membersNamed(facts, 'Condition')) {
    const condition = asObject(member);
    if (condition !== undefined) next = smallest([next, nextDateOf(condition, now)]);
  }
  return next;
}

/**
 * The same for what the tags of a user or role say: a policy anywhere may hold the time against one of them
 * (`${aws:PrincipalTag/until}`), as a date or as seconds since 1970.
 */
export function nextTagDate(tags: Readonly<Record<string, string>>, now: Instant): Instant | null {
  const turns = Object.values(tags).flatMap((value) =>
    ['datenotequals', 'numericnotequals'].flatMap((operator) => turnsBy(operator, value)),
  );
  return firstAfter(turns, now);
}

function nextDateOf(condition: JsonObject, now: Instant): Instant | null {
  return firstAfter(
    testsOf(condition, true)
      .filter((test) => TIMES.has(test.key) && isTurning(test))
      .flatMap(turnsOf),
    now,
  );
}

function firstAfter(turns: readonly Instant[], now: Instant): Instant | null {
  return smallest(turns.map((at) => (at > now ? at : null)));
}

/** The instants at which a test on the time turns; by a tag, what stands for it where there is none. */
function turnsOf({ operator, values }: ConditionTest): readonly Instant[] {
  return values.flatMap((written) => turnsBy(operator, TAG_ALONE.exec(written)?.[1] ?? plainText(written)));
}

function turnsBy(operator: string, text: string): readonly Instant[] {
  if (operator.startsWith('date')) return around(operator, parseInstant(text), 1);
  // Epoch time is told in whole seconds: a bound between two of them is passed with the second.
  const seconds = Number(text);
  if (!Number.isSafeInteger(Math.ceil(seconds) * SECOND_MS)) return [];
  const isWhole = Number.isInteger(seconds);
  return isWhole ? around(operator, seconds * SECOND_MS, SECOND_MS) : [Math.ceil(seconds) * SECOND_MS];
}

/** A bound, or the moment after it, or both. */
function around(operator: string, bound: Instant | null, tick: number): readonly Instant[] {
  if (bound === null) return [];
  if (/lessthan$|greaterthanequals$/.test(operator)) return [bound];
  if (/lessthanequals$|greaterthan$/.test(operator)) return [bound + tick];
  return [bound, bound + tick];
}
