import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { PolicyFacts } from '../../resource/facts/fact-shape.ts';
import { allow, deny, document } from './iam-principal.test-sample.ts';
import { leftBySession } from './session-policy.ts';

const MFA = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };

test.each<[string, ...JsonObject[]]>([
  ['none'],
  ['none', deny('*')],
  ['none', deny('s3:*')],
  ['all', allow('*')],
  ['all', allow('s3:*'), allow(['s3:*', '*'])],
  ['some', allow('s3:*')],
  ['some', allow('*'), deny('iam:*')],
  ['some', allow('*', MFA)],
  ['some', allow('*', { Resource: 'arn:aws:s3:::*' })],
  ['some', { Effect: 'Allow', NotAction: '*', Resource: '*' }],
  ['some', { Effect: 'Allow', Action: '*', NotResource: '*' }],
  ['some', { Effect: 'Allow', Action: '*' }],
])('a session policy leaves %s of the rights: %j', (left, ...statements) => {
  expect(leftBySession(document(...statements) as unknown as PolicyFacts)).toBe(left);
});
