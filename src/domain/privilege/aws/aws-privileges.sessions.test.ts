import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import { ACCOUNT, allow, deny, document, listing, role, SEEN, user } from './iam-principal.test-sample.ts';

const LAMBDA: JsonObject = { Service: 'lambda.amazonaws.com' };

/** Of somebody among all of an account, or alone in it. */
function levelOf(who: EstateResource, ...all: readonly EstateResource[]): string | undefined {
  return new AwsPrivileges([listing('iam-role'), ...(all.length === 0 ? [who] : all)], SEEN)
    .byArn()
    .get(who.facts['Arn'] as string)?.level;
}

describe('a role, whose sessions carry no second factor', () => {
  const ifGiven = (operator: string, value: string, key = 'aws:MultiFactorAuthPresent'): JsonObject => ({
    Condition: { [operator]: { [key]: value } },
  });

  test.each<[string, string, readonly JsonObject[]]>([
    ['with everything after one', 'none', [allow('*', ifGiven('Bool', 'true'))]],
    [
      'with everything within an hour of one',
      'none',
      [allow('*', ifGiven('NumericLessThan', '3600', 'aws:MultiFactorAuthAge'))],
    ],
    [
      'with everything, and a Deny without one',
      'none',
      [allow('*'), deny('*', ifGiven('BoolIfExists', 'false'))],
    ],
    [
      'with everything, and a Deny where it is said to be missing',
      'unknown',
      [allow('*'), deny('*', ifGiven('Bool', 'false'))],
    ],
    ['with everything, and a Deny with one', 'P0', [allow('*'), deny('*', ifGiven('Bool', 'true'))]],
  ])('%s is %s', (_, expected, statements) => {
    expect(levelOf(role('r', LAMBDA, statements))).toBe(expected);
  });

  test('becomes no role that asks for one; a user with a session of its own does', () => {
    const asks = role('admin', {}, [allow('*')], {
      AssumeRolePolicyDocument: document({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: ACCOUNT },
        ...ifGiven('Bool', 'true'),
      }),
    });
    const r = role('r', LAMBDA, [allow('sts:AssumeRole')]);
    const u = user('u', [allow('sts:AssumeRole')]);
    // Whoever comes last in the account stands for all of it where it makes no difference who asks.
    for (const all of [
      [asks, r, u],
      [u, asks, r],
    ])
      expect([levelOf(r, ...all), levelOf(u, ...all)]).toEqual(['none', 'P1']);
  });
});
