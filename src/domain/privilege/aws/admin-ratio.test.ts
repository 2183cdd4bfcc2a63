import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import { allow, bounded, deny, iam, policy, SEEN, user } from './iam-principal.test-sample.ts';

function reasonsOf(statements: readonly JsonObject[], more: JsonObject = {}): readonly string[] {
  const resources = [user('p', statements, more), policy('all', [allow('*')])];
  return new AwsPrivileges(resources, SEEN).byArn().get(iam('user', 'p'))?.reasons ?? [];
}

const MANY = ['iam', 's3', 'kms', 'ec2', 'lambda', 'secretsmanager', 'rds', 'sts'].map((each) => `${each}:*`);
const share = (percent: number): string => `may take ${percent} % of all actions of AWS on everything`;

test.each<[string, readonly JsonObject[], JsonObject, number]>([
  ['everything', [allow('*')], {}, 100],
  ['two halves', [allow('iam:*'), { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], {}, 100],
  ['everything but a service', [allow('*'), deny('sagemaker:*')], {}, 97],
  [
    'a Deny that is never met',
    [allow('*'), deny('*', { Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } })],
    {},
    100,
  ],
  ['a Deny on one resource', [allow('*'), deny('*', { Resource: 'arn:aws:s3:::x' })], {}, 100],
  ['a boundary that allows it', [allow('*')], bounded('all'), 100],
  [
    'everything but one resource',
    [
      { Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::x/*' },
      { Effect: 'Deny', Action: 's3:*', NotResource: '*' },
    ],
    {},
    100,
  ],
  // An administrator all the same: the share is evidence and decides nothing.
  ['eight services', [allow(MANY)], {}, 7],
])('the share of all actions is told of an administrator by %s', (_, statements, more, percent) => {
  expect(reasonsOf(statements, more)).toEqual(['may do everything in the account', share(percent)]);
});

test('nine tenths of all actions make no administrator', () => {
  expect(reasonsOf([{ Effect: 'Allow', NotAction: ['iam:*', 'kms:*'], Resource: '*' }])).not.toContain(
    'may do everything in the account',
  );
});
