import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { recordsOf, resource } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Queues and buckets that an API asks in its own name, whatever their policies say (attack-paths §2.6). */
const ARN = 'arn:aws:sqs:eu-west-1:111111111111:orders';
const queue: EstateResource = {
  ...resource('sqs-queue', 'orders', { Policy: { Statement: [] } }),
  key: `aws:${ARN}`,
};
const OFF: JsonObject = { IgnorePublicAcls: false, RestrictPublicBuckets: false };
const bucket = resource(
  's3-bucket',
  'files',
  {
    Name: 'files',
    PublicAccessBlock: OFF,
    ObjectOwnership: 'BucketOwnerEnforced',
    Policy: { Statement: [] },
  },
  null,
);
const account = resource('s3-account-public-access-block', 'account', { PublicAccessBlock: OFF }, null);
const api = (facts: JsonObject = {}): EstateResource => resource('rest-api', 'shop', { id: 'a1', ...facts });
const STAGE = resource('api-stage', 'prod', { Api: 'a1', Stage: 'prod' });
const method = (uri: string, facts: JsonObject = {}): EstateResource =>
  resource('api-route', String(facts['Route'] ?? 'POST /'), {
    Api: 'a1',
    Route: 'POST /',
    AuthorizationType: 'NONE',
    Integration: { type: 'AWS', uri },
    ...facts,
  });
const AT = 'arn:aws:apigateway:eu-west-1';

type Row = readonly [title: string, told: string, ...estate: EstateResource[]];
const told = (of: EstateResource, estate: readonly EstateResource[]): string =>
  recordsOf([account, ...estate], of)
    .filter(({ via }) => via.includes('shop'))
    .map((way) => [way.verdict, way.audience, way.surface, way.auth].join(' '))
    .join('; ');

describe('a queue', () => {
  it.each<Row>([
    [
      'that an API for everybody names',
      'yes internet calls of shop none',
      api(),
      STAGE,
      method(`${AT}:sqs:path/111111111111/orders`),
    ],
    [
      'behind a key, which is no login',
      'yes internet calls of shop api-key',
      api(),
      STAGE,
      method(`${AT}:sqs:path/111111111111/orders`, { ApiKeyRequired: true }),
    ],
    [
      'behind a login',
      'no internet any iam',
      api(),
      STAGE,
      method(`${AT}:sqs:path/111111111111/orders`, { AuthorizationType: 'AWS_IAM' }),
    ],
    [
      'of an API whose stages nobody told',
      'unknown internet POST / of execute-api none',
      api(),
      method(`${AT}:sqs:path/111111111111/orders`),
    ],
    ['of another name', '', api(), STAGE, method(`${AT}:sqs:path/111111111111/others`)],
    ['of another account', '', api(), STAGE, method(`${AT}:sqs:path/222222222222/orders`)],
    ['that a request names, which nobody tells', '', api(), STAGE, method(`${AT}:sqs:action/SendMessage`)],
  ])('%s: %s', (...row) => {
    const [, expected, ...estate] = row as unknown as Row;
    expect(told(queue, estate)).toBe(expected);
  });
});

describe('a bucket', () => {
  it.each<Row>([
    [
      'that an API reads for everybody',
      'yes internet read through shop none',
      api(),
      STAGE,
      method(`${AT}:s3:path/files/{key}`, { Route: 'GET /{key}' }),
    ],
    [
      'that an API writes to for everybody',
      'yes internet write through shop none',
      api(),
      STAGE,
      method(`${AT}:s3:path/files/{key}`, { Route: 'PUT /{key}' }),
    ],
    [
      'with any method',
      'yes internet read, write through shop none',
      api(),
      STAGE,
      method(`${AT}:s3:path/files/{key}`, { Route: 'ANY /{proxy+}' }),
    ],
    ['of another name', '', api(), STAGE, method(`${AT}:s3:path/other/{key}`)],
    ['that the caller names', '', api(), STAGE, method(`${AT}:s3:path/{bucket}/{key}`)],
    [
      'behind a login',
      'no internet any oidc',
      api(),
      STAGE,
      method(`${AT}:s3:path/files/{key}`, { AuthorizationType: 'COGNITO_USER_POOLS' }),
    ],
  ])('%s: %s', (...row) => {
    const [, expected, ...estate] = row as unknown as Row;
    expect(told(bucket, estate)).toBe(expected);
  });

  it('is not public by what is copied into it through an API', () => {
    const from = resource(
      's3-bucket',
      'own',
      { ...bucket.facts, Name: 'own', ReplicatesTo: ['files'] },
      null,
    );
    const writing = method(`${AT}:s3:path/files/{key}`, { Route: 'PUT /{key}' });
    const reading = method(`${AT}:s3:path/files/{key}`, { Route: 'GET /{key}' });
    expect(told(from, [bucket, api(), STAGE, writing])).toBe('');
    expect(told(from, [bucket, api(), STAGE, reading])).toBe('yes internet read through shop none');
  });
});
