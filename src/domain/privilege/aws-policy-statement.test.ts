import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesAction, matchesGlob, matchesResource, statementsOf } from './aws-policy-statement.ts';

describe('matchesGlob', () => {
  it('agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ':', '/', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (pattern, subject) => {
        const source = pattern
          .replace(/[.+^${}()|[\]\\/]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.');
        expect(matchesGlob(pattern, subject)).toBe(new RegExp(`^${source}$`).test(subject));
      }),
      { numRuns: 2_000 },
    );
  });

  it('needs no time for a pattern that is made to take it', () => {
    expect(matchesGlob(`${'*a'.repeat(1_000)}b`, 'a'.repeat(2_000))).toBe(false);
  });
});

describe('statementsOf', () => {
  const ask = (statement: object, action: string, arn = 'arn:aws:s3:::b/k'): boolean | undefined => {
    const [one] = statementsOf({ Statement: [statement] });
    return one && matchesAction(one, action) && matchesResource(one, arn);
  };

  it.each([
    ['a bare text', { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }, true],
    ['another case of letters', { Effect: 'Allow', Action: 'S3:getobject', Resource: '*' }, true],
    [
      'a list',
      { Effect: 'Deny', Action: ['s3:Put*', 's3:Get*'], Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'] },
      true,
    ],
    ['everything but it', { Effect: 'Allow', NotAction: 's3:*', Resource: '*' }, false],
    ['everything but another', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, true],
    ['all resources but it', { Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::b/*' }, false],
    [
      'a resource in another case of letters',
      { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::B/*' },
      false,
    ],
    ['no action at all', { Effect: 'Allow', Resource: '*' }, false],
    ['a number for an action', { Effect: 'Allow', Action: 7, Resource: '*' }, false],
    ['an effect that is none', { Effect: 'allow', Action: '*', Resource: '*' }, undefined],
  ])('%s', (_, statement, expected) => {
    expect(ask(statement, 's3:GetObject')).toBe(expected);
  });
});
