import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { NO_REQUEST } from './caller.ts';
import { type Outcome, outcomeOf, testsOf } from './condition.ts';
import { nextPolicyDate, nextTagDate } from './policy-dates.ts';

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

function outcomesAt(
  condition: JsonObject,
  now: number,
  tags: Readonly<Record<string, string>> | null = {},
): readonly Outcome[] {
  const caller = {
    arn: 'arn:aws:iam::111111111111:role/r',
    account: '111111111111',
    kind: 'role',
    name: 'r',
    uniqueId: null,
    tags,
    choosesItsTags: false,
    isBounded: false,
    organisation: null,
  } as const;
  const question = { caller, action: 's3:getobject', resource: '*', target: null, request: NO_REQUEST, now };
  return testsOf(condition, true).map((each) => outcomeOf(each, question));
}

function isMet(condition: JsonObject, now: number): boolean {
  return outcomesAt(condition, now).every((outcome) => outcome === 'met');
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
    [
      'by a tag that is not there',
      { DateLessThan: { 'aws:CurrentTime': `\${aws:PrincipalTag/until, '${TEXT}'}` } },
      [BOUND],
    ],
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

describe('between two dates', () => {
  const operators = ['Date', 'Numeric'].flatMap((kind) =>
    ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
      (end) => `${kind}${end}`,
    ),
  );
  const values = [
    TEXT,
    SECONDS,
    `${SECONDS}.5`,
    '2026-10*',
    `\${aws:PrincipalTag/until}`,
    `\${aws:PrincipalTag/until}T12:00:00Z`,
    `\${aws:ResourceTag/until}`,
    `\${aws:PrincipalTag/none, '${TEXT}'}`,
    `\${aws:CurrentTime}`,
  ];
  const keys = ['aws:CurrentTime', 'aws:EpochTime', 'aws:TokenIssueTime', 'aws:username'];
  const all = [...operators, 'StringEquals', 'StringLike', 'StringNotLike', 'Bool', 'Null', 'ArnLike'];

  test.each(all.flatMap((operator) => keys.map((key) => [operator, key] as const)))(
    'nothing turns: %s %s',
    (operator, key) => {
      for (const value of values)
        for (const until of ['2026-10-09', TEXT, SECONDS, 'never']) {
          const condition = { [operator]: { [key]: value } };
          const tags = { until };
          const from = BOUND - 3 * DAY;
          const turns: number[] = [from];
          for (;;) {
            const now = turns.at(-1) as number;
            const next = [nextPolicyDate(within(condition), now), nextTagDate(tags, now)].filter(
              (each) => each !== null,
            );
            if (next.length === 0) break;
            turns.push(Math.min(...next));
          }
          for (const [index, now] of turns.entries()) {
            const last = (turns[index + 1] ?? now + 400 * DAY) - 1;
            for (const at of [last, Math.floor((now + last) / 2)])
              expect(
                outcomesAt(condition, at, tags),
                `${value} ${until} ${new Date(at).toISOString()}`,
              ).toEqual(outcomesAt(condition, now, tags));
          }
        }
    },
  );
});
