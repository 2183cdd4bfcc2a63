import { expect, test } from 'vitest';
import { policyFacts } from './fact-shape.ts';

const ALLOW = { Effect: 'Allow', Action: '*', Resource: '*' };
const POLICY = { Version: '2012-10-17', Statement: [ALLOW] };
const text = JSON.stringify(POLICY);

test.each<[title: string, told: unknown, facts: unknown]>([
  ['an object', POLICY, POLICY],
  ['one statement alone', { Statement: ALLOW }, { Statement: [ALLOW] }],
  ['JSON in a text', text, POLICY],
  ['JSON in JSON', JSON.stringify(text), POLICY],
  ['percent-encoded', encodeURIComponent(text), POLICY],
  ['percent-encoded in JSON', JSON.stringify(encodeURIComponent(text)), POLICY],
  ['an empty object: known to be absent', {}, { Statement: [] }],
  [
    'a policy without statements',
    { Version: '2012-10-17', Id: 'x' },
    { Version: '2012-10-17', Statement: [] },
  ],
  ['a part of one', { IsPart: true, Statement: [] }, { IsPart: true, Statement: [] }],
  ['a wrapper around one: not known', { policyText: text }, undefined],
  ['members in another spelling: not known', { version: '2012-10-17', statement: [ALLOW] }, undefined],
  ['a statement that cannot be read: not known', { Statement: [ALLOW, 'x'] }, undefined],
  ['no JSON: not known', 'oops', undefined],
  ['a broken code: not known', '%ZZ', undefined],
  ['an empty text: not known', '', undefined],
  ['a list: not known', [ALLOW], undefined],
])('a policy is read as it is told: %s', (_title, told, facts) => {
  expect(policyFacts(told)).toEqual(facts);
});

test('a shared secret of a condition is not kept, that one is asked for is', () => {
  const Condition = { StringEquals: { 'sts:ExternalId': 'hunter2', 'aws:SourceAccount': '111111111111' } };
  expect(policyFacts({ Statement: { ...ALLOW, Condition } })).toEqual({
    Statement: [
      {
        ...ALLOW,
        Condition: { StringEquals: { 'sts:ExternalId': '(asked for)', 'aws:SourceAccount': '111111111111' } },
      },
    ],
  });
});
