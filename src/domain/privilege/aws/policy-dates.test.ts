import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { NO_REQUEST } from './caller.ts';
import { outcomeOf, testsOf } from './condition.ts';
import { nextPolicyDate } from './policy-dates.ts';

const DAY = 86_400_000;
const BOUND = Date.UTC(2026, 9, 10);
const TEXT = '2026-10-10T00:00:00Z';
const SECONDS = String(BOUND / 1_000);

function within(...conditions: readonly JsonObject[]): JsonObject {
  return {
    RolePolicyList: [
      {
        PolicyDocument: {
          Statement: conditions.map((Condition) => ({ Effect: 'Allow', Action: ['*'], Condition })),
        },
      },
    ],
  };
}

function isMet(condition: JsonObject, now: number): boolean {
  const caller = {
    arn: 'arn:aws:iam::111111111111:role/r',
    account: '111111111111',
    kind: 'role',
    name: 'r',
    uniqueId: null,
    tags: null,
    choosesItsTags: false,
    isBounded: false,
    organisation: null,
  } as const;
  const question = { caller, action: 's3:getobject', resource: '*', target: null, request: NO_REQUEST, now };
  return testsOf(condition, true).every((each) => outcomeOf(each, question) === 'met');
}

describe('the next date of a policy', () => {
  test.each<[string, JsonObject, readonly number[]]>([
    ['before', { DateLessThan: { 'aws:CurrentTime': TEXT } }, [BOUND]],
    ['until', { DateLessThanEquals: { 'aws:CurrentTime': TEXT } }, [BOUND + 1]],
    ['after', { DateGreaterThan: { 'aws:CurrentTime': TEXT } }, [BOUND + 1]],
    ['from', { DateGreaterThanEquals: { 'AWS:currenttime': [TEXT] } }, [BOUND]],
    ['at', { DateEquals: { 'aws:CurrentTime': TEXT } }, [BOUND, BOUND + 1]],
    ['not at', { DateNotEquals: { 'aws:CurrentTime': TEXT } }, [BOUND, BOUND + 1]],
    ['where there is a time', { DateLessThanIfExists: { 'aws:TokenIssueTime': TEXT } }, [BOUND]],
    ['seconds before', { NumericLessThan: { 'aws:EpochTime': SECONDS } }, [BOUND]],
    ['seconds until', { NumericLessThanEquals: { 'aws:EpochTime': SECONDS } }, [BOUND + 1_000]],
    ['half seconds', { NumericLessThanEquals: { 'aws:EpochTime': `${SECONDS}.5` } }, [BOUND + 1_000]],
    ['seconds as a date', { DateLessThan: { 'aws:EpochTime': SECONDS } }, [BOUND]],
    ['one of two', { DateLessThan: { 'aws:CurrentTime': ['2026-10-09T00:00:00Z', TEXT] } }, [BOUND]],
  ])('%s is where the condition turns, and nowhere else', (_, condition, turns) => {
    const facts = within(condition);
    let now = BOUND - DAY / 2;
    const found: number[] = [];
    for (let next = nextPolicyDate(facts, now); next !== null; next = nextPolicyDate(facts, now)) {
      expect(isMet(condition, next), 'turned').not.toBe(isMet(condition, next - 1));
      expect(isMet(condition, next - 1), 'the same until then').toBe(isMet(condition, now));
      found.push(next);
      now = next;
    }
    expect(found).toEqual(turns);
  });

  test.each<[string, JsonObject]>([
    ['a bound in the past', { DateLessThan: { 'aws:CurrentTime': '2026-10-01T00:00:00Z' } }],
    ['another key', { DateLessThan: { 'aws:PrincipalTag/until': TEXT } }],
    ['a time that is compared as a text', { StringEquals: { 'aws:CurrentTime': TEXT } }],
    ['a number that is compared as a text', { StringEquals: { 'aws:EpochTime': String(BOUND / 1_000) } }],
    ['no date', { DateLessThan: { 'aws:CurrentTime': 'tomorrow' } }],
    ['no number', { NumericLessThan: { 'aws:EpochTime': ['x', '1e400', ''] } }],
  ])('is none for %s', (_, condition) => {
    expect(nextPolicyDate(within(condition), BOUND - DAY / 2)).toBeNull();
  });

  test('is the first of several, wherever the policies stand', () => {
    const first = { DateLessThan: { 'aws:CurrentTime': '2026-10-05T00:00:00Z' } };
    const facts = {
      ...within({ DateLessThan: { 'aws:CurrentTime': TEXT } }, first),
      Document: { Statement: [{ Condition: { DateGreaterThan: { 'aws:CurrentTime': '2027-01-01' } } }] },
    };
    expect(nextPolicyDate(facts, Date.UTC(2026, 9, 1))).toBe(Date.UTC(2026, 9, 5));
  });
});
