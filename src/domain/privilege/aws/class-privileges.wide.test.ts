import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import {
  ACCOUNT,
  allow,
  deny,
  document,
  iam,
  listing,
  resource,
  SEEN,
  user,
} from './iam-principal.test-sample.ts';

const SENSITIVE = { tags: { 'data-classification': 'restricted' } };
const bucket = (name: string, facts: JsonObject = {}, more: Partial<EstateResource> = {}): EstateResource =>
  resource('s3-bucket', `arn:aws:s3:::${name}`, { Name: name, ...facts }, more);
const READ = 's3:GetObject';
const VAULT = 'arn:aws:s3:::vault/*';
const ALL_BUT_THE_VAULT: JsonObject = { Effect: 'Allow', Action: READ, NotResource: VAULT };

function judged(
  statements: readonly JsonObject[],
  stores: readonly EstateResource[],
  listed: readonly string[] = ['s3-bucket', 'dynamodb-table', 'rds-instance', 'kms-key', 'secret'],
): readonly string[] {
  const all = [listing('iam-role'), ...listed.map((type) => listing(type)), ...stores, user('u', statements)];
  const { level, reasons, missing } = new AwsPrivileges(all, SEEN).byArn().get(iam('user', 'u')) ?? {};
  return [level ?? 'absent', ...(reasons ?? []), ...(missing ?? [])];
}

const EVERY = ['P3', 'may read every object in S3'];
const MOST = ['P3', 'may read more than half of the buckets'];
const NONE = ['none'];
const WHAT_ELSE = ['unknown', `what else there is of them in ${ACCOUNT}: aws s3api list-buckets`];

describe('the right to every object but those of one bucket', () => {
  test.each<[string, readonly string[], readonly EstateResource[]]>([
    ['where that is the only one', NONE, [bucket('vault')]],
    ['where there is another', NONE, [bucket('vault'), bucket('a')]],
    ['where there are two others', MOST, [bucket('vault'), bucket('a'), bucket('b')]],
    ['where that one is no bucket of the account', EVERY, [bucket('a')]],
    ['where none of three is left out', EVERY, [bucket('a'), bucket('b'), bucket('c')]],
    ['where there is no bucket', EVERY, []],
    ['where the one is sensitive and the other is not', NONE, [bucket('vault', {}, SENSITIVE), bucket('a')]],
    [
      'where the other is sensitive',
      ['P3', 'may read a, which is tagged as sensitive'],
      [bucket('vault'), bucket('a', {}, SENSITIVE)],
    ],
  ])('%s: %j', (_, expected, buckets) => {
    expect(judged([ALL_BUT_THE_VAULT], buckets)).toEqual(expected);
    expect(judged([allow(READ), deny(READ, { Resource: VAULT })], buckets)).toEqual(expected);
  });

  test('is unknown where others may exist of which nobody told', () => {
    expect(judged([ALL_BUT_THE_VAULT], [bucket('vault')], [])).toEqual(WHAT_ELSE);
    expect(judged([ALL_BUT_THE_VAULT], [bucket('vault'), bucket('a')], [])).toEqual(WHAT_ELSE);
    expect(judged([ALL_BUT_THE_VAULT], [bucket('vault'), bucket('a'), bucket('b')], [])).toEqual(MOST);
    expect(judged([ALL_BUT_THE_VAULT], [], [])).toEqual(EVERY);
  });

  test('by what the bucket itself refuses', () => {
    const refusing = bucket('vault', { Policy: document(deny(READ, { Principal: '*', Resource: VAULT })) });
    expect(judged([allow(READ)], [refusing])).toEqual(NONE);
    expect(judged([allow(READ)], [refusing, bucket('a'), bucket('b')])).toEqual(MOST);
    expect(judged([allow(READ)], [bucket('vault')])).toEqual(EVERY);
  });

  test('or under a condition is no less than the condition', () => {
    const unless = (Condition: JsonObject): JsonObject[] => [
      allow(READ),
      deny(READ, { Resource: VAULT, Condition }),
    ];
    const mfa = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } };
    expect(judged(unless(mfa), [bucket('vault')])).toEqual(EVERY);
    expect(judged(unless({ StringEquals: { 'x:y': 'z' } }), [bucket('vault')])).toEqual([
      'unknown',
      'the conditions under which it may read every object in S3',
    ]);
  });
});

const stored = (type: string, arn: string): EstateResource => resource(type, `${arn}vault`, {});

describe('the right to all of a kind but one', () => {
  test.each<[string, string, string, string, string, string]>([
    [
      'secret',
      'arn:aws:secretsmanager:eu-west-1:111111111111:secret:',
      'secretsmanager:GetSecretValue',
      'aws secretsmanager list-secrets',
      'may read every secret',
      'may read more than half of the secrets',
    ],
    [
      'dynamodb-table',
      'arn:aws:dynamodb:eu-west-1:111111111111:table/',
      'dynamodb:Query',
      'aws dynamodb list-tables',
      'may read every DynamoDB table',
      'may read more than half of the DynamoDB tables',
    ],
    [
      'kms-key',
      'arn:aws:kms:eu-west-1:111111111111:key/',
      'kms:Decrypt',
      'aws kms list-keys',
      'may decrypt with every key',
      'may read more than half of the keys',
    ],
    [
      's3-bucket',
      'arn:aws:s3:::',
      's3:PutBucketPolicy',
      'aws s3api list-buckets',
      'may open every bucket to itself',
      'may open more than half of the buckets to itself',
    ],
    [
      'secret',
      'arn:aws:secretsmanager:eu-west-1:111111111111:secret:',
      'secretsmanager:PutResourcePolicy',
      'aws secretsmanager list-secrets',
      'may open every secret to itself',
      'may open more than half of the secrets to itself',
    ],
    [
      'kms-key',
      'arn:aws:kms:eu-west-1:111111111111:key/',
      'kms:PutKeyPolicy',
      'aws kms list-keys',
      'may give itself every key',
      'may give itself more than half of the keys',
    ],
    [
      'ecr-repository',
      'arn:aws:ecr:eu-west-1:111111111111:repository/',
      'ecr:SetRepositoryPolicy',
      'aws ecr describe-repositories',
      'may open every image repository to itself',
      'may open more than half of the image repositories to itself',
    ],
    [
      'sqs-queue',
      'arn:aws:sqs:eu-west-1:111111111111:',
      'sqs:AddPermission',
      'aws sqs list-queues',
      'may open every queue to itself',
      'may open more than half of the queues to itself',
    ],
    [
      'sns-topic',
      'arn:aws:sns:eu-west-1:111111111111:',
      'sns:AddPermission',
      'aws sns list-topics',
      'may open every topic to itself',
      'may open more than half of the topics to itself',
    ],
  ])('%s at %s, %s', (type, arn, action, command, every, most) => {
    const vault = stored(type, arn);
    const others = ['a', 'b'].map((name) => resource(type, `${arn}${name}`, {}));
    const may: JsonObject[] = [{ Effect: 'Allow', Action: action, NotResource: `${arn}vault` }];
    expect(judged([allow(action)], [vault], [type])).toEqual(['P3', every]);
    expect(judged(may, [vault], [type])).toEqual(NONE);
    expect(judged(may, [vault], [])).toEqual([
      'unknown',
      `what else there is of them in ${ACCOUNT}: ${command}`,
    ]);
    expect(judged(may, [vault, ...others], [type])).toEqual(['P3', most]);
  });

  test.each([
    ['rds-instance', 'arn:aws:rds:eu-west-1:111111111111:db:', 'rds:ModifyDBInstance', 'a database'],
    [
      'dynamodb-table',
      'arn:aws:dynamodb:eu-west-1:111111111111:table/',
      'dynamodb:ExportTableToPointInTime',
      'a DynamoDB table',
    ],
  ])('%s: copies of one that is there are enough', (type, arn, action, one) => {
    const may: JsonObject[] = [{ Effect: 'Allow', Action: action, NotResource: `${arn}vault` }];
    const vault = stored(type, arn);
    const other = resource(type, `${arn}other`, {});
    expect(judged(may, [vault], [type])).toEqual(NONE);
    expect(judged(may, [vault], [])[0]).toBe('unknown');
    const [level, reason] = judged(may, [vault, other], [type]);
    expect(level).toBe('P3');
    expect(reason).toMatch(new RegExp(`^may (?:copy or take over|export) ${one}$`));
    expect(judged(may, [vault, other], [])).toEqual(['P3', reason]);
    const named = allow(action, { Resource: `${arn}gone` });
    expect(judged([named], [vault], [type])).toEqual(NONE);
    expect(judged([named], [], [type])[0]).toBe('P3');
  });
});
