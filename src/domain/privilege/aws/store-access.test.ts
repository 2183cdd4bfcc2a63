import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import {
  ACCOUNT,
  allow,
  bounded,
  deny,
  document,
  iam,
  listing,
  policy,
  resource,
  role,
  SEEN,
  user,
} from './iam-principal.test-sample.ts';

const OTHER = '222222222222';
const USER = iam('user', 'u');
const ROLE = iam('role', 'r');
const LISTED = [listing('iam-role'), listing('iam-role', OTHER)];
const SENSITIVE = { 'data-classification': 'restricted' };

const BUCKET = 'arn:aws:s3:::pii';
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/k';
const POINT = `arn:aws:s3:eu-west-1:${ACCOUNT}:accesspoint/p`;

function store(type: string, arn: string, facts: JsonObject, account = ACCOUNT): EstateResource {
  return resource(type, arn, facts, { tags: SENSITIVE, account });
}
const bucket = (...statements: readonly JsonObject[]): EstateResource =>
  store('s3-bucket', BUCKET, { Name: 'pii', Policy: document(...statements) });
const undescribed = store('s3-bucket', BUCKET, { Name: 'pii' });
const point = (facts: JsonObject, ...statements: readonly JsonObject[]): EstateResource =>
  resource('s3-access-point', POINT, {
    Name: 'p',
    AccessPointArn: POINT,
    Bucket: 'pii',
    NetworkOrigin: 'Internet',
    Policy: document(...statements),
    ...facts,
  });
const key = (facts: JsonObject, account = ACCOUNT): EstateResource =>
  store('kms-key', KEY.replace(ACCOUNT, account), facts, account);
const ofAccount = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const grant = (grantee: string, ...operations: readonly string[]): JsonObject => ({
  GranteePrincipal: grantee,
  Operations: [...operations],
});

const READ = 's3:GetObject';
const WHO = { AWS: USER };
const gives = (principal: JsonObject | string, more: JsonObject = {}): JsonObject =>
  allow(READ, { Principal: principal, ...more });
const refuses = (condition: JsonObject): JsonObject => deny(READ, { Principal: '*', Condition: condition });
const delegated = (account = ACCOUNT): JsonObject =>
  gives('*', { Condition: { StringEquals: { 's3:DataAccessPointAccount': account } } });
const reader = user('u', [allow(READ, { Resource: `${BUCKET}/*` })]);
const nobody = user('u', []);
const overPoint = user('u', [allow(READ, { Resource: `${POINT}/object/*` })]);
const unlock = (...statements: readonly JsonObject[]): EstateResource => user('u', statements);
const decrypts = allow('kms:Decrypt', { Resource: KEY });

/** The level of user u, or of role r where there is one. */
function judged(...resources: readonly EstateResource[]): readonly unknown[] {
  const all = new AwsPrivileges([...LISTED, ...resources], SEEN).byArn();
  const found = all.get(ROLE) ?? all.get(USER);
  return found?.level === 'unknown'
    ? ['unknown', ...found.missing]
    : [found?.level, ...(found?.reasons ?? [])];
}

const READS = ['P3', 'may read pii, which is tagged as sensitive'];
const DECRYPTS = ['P3', 'may read k, which is tagged as sensitive'];
const NONE = ['none'];

/** An organisation with a policy for the resources of the account. */
const organisation = (...statements: readonly JsonObject[]): EstateResource[] => [
  resource('organization', 'o', { Id: 'o-1', MasterAccountId: '999999999999' }),
  resource('organization-policy', 'p-1', {
    Id: 'p-1',
    Type: 'RESOURCE_CONTROL_POLICY',
    Document: document(allow('*', { Principal: '*' }), ...statements),
  }),
  resource('organization-policy-target', 't', { PolicyId: 'p-1', TargetId: ACCOUNT }),
];

describe('who reads a bucket', () => {
  test.each<[string, readonly unknown[], ...EstateResource[]]>([
    ['whoever may by its own policies', READS, reader, undescribed],
    ['whoever the policy names and nobody denies', READS, nobody, bucket(gives(WHO))],
    [
      'whoever the policy names by the id that AWS gave it',
      READS,
      user('u', [], { UserId: 'AIDAU' }),
      bucket(gives({ AWS: 'AIDAU' })),
    ],
    ['nobody whom the policy does not name', NONE, nobody, bucket(gives({ AWS: iam('user', 'other') }))],
    ['nobody by a policy that leaves it to IAM', NONE, nobody, bucket(gives(ofAccount))],
    ['nobody by what it lets everybody do', NONE, nobody, bucket(gives('*'))],
    [
      'whoever a condition tells by name',
      READS,
      nobody,
      bucket(gives('*', { Condition: { ArnEquals: { 'aws:PrincipalArn': USER } } })),
    ],
    [
      'nobody whom a condition leaves out',
      NONE,
      nobody,
      bucket(gives('*', { Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } })),
    ],
    ['not who is denied by it', NONE, reader, bucket(deny(READ, { Principal: WHO }))],
    [
      'not who is left out of an exclusive one',
      NONE,
      reader,
      bucket(refuses({ ArnNotEquals: { 'aws:PrincipalArn': ROLE } })),
    ],
    [
      'who is in an exclusive one',
      READS,
      reader,
      bucket(refuses({ ArnNotEquals: { 'aws:PrincipalArn': USER } })),
    ],
    [
      'not who lacks the tag that it asks for',
      NONE,
      reader,
      bucket(refuses({ StringNotEqualsIfExists: { 'aws:PrincipalTag/team': 'x' } })),
    ],
    [
      'who has the tag that it asks for',
      READS,
      { ...reader, tags: { team: 'x' } },
      bucket(refuses({ StringNotEqualsIfExists: { 'aws:PrincipalTag/team': 'x' } })),
    ],
    ['whoever speaks TLS', READS, reader, bucket(refuses({ Bool: { 'aws:SecureTransport': 'false' } }))],
    ['not a user past a Deny of its own', NONE, user('u', [deny(READ)]), bucket(gives(WHO))],
    [
      'a user whom the policy names beyond its boundary',
      READS,
      user('u', [], bounded('b')),
      policy('b', [allow('sqs:*')]),
      bucket(gives(WHO)),
    ],
    [
      'no role beyond its boundary',
      NONE,
      role('r', { Service: 'ec2.amazonaws.com' }, [], bounded('b')),
      policy('b', [allow('sqs:*')]),
      bucket(gives({ AWS: ROLE })),
    ],
    [
      'a role by its sessions',
      READS,
      role('r', { Service: 'ec2.amazonaws.com' }, []),
      bucket(gives({ AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s` })),
    ],
    [
      'until the time that its policy says',
      NONE,
      nobody,
      bucket(gives(WHO, { Condition: { DateLessThan: { 'aws:CurrentTime': '2020-01-01' } } })),
    ],
    [
      'of whose tag the policy asks',
      READS,
      nobody,
      bucket(
        gives(WHO, { Condition: { StringEquals: { 'aws:ResourceTag/data-classification': 'restricted' } } }),
      ),
    ],
    [
      'whose tag is another one',
      NONE,
      nobody,
      bucket(gives(WHO, { Condition: { StringEquals: { 'aws:ResourceTag/data-classification': 'open' } } })),
    ],
  ])('%s', (_, expected, ...resources) => {
    expect(judged(...resources)).toEqual(expected);
  });

  test('of another account, whoever both sides let', () => {
    const theirs = (...statements: readonly JsonObject[]): EstateResource =>
      store('s3-bucket', BUCKET, { Name: 'pii', Policy: document(...statements) }, OTHER);
    const over = ['P3', `may read pii of account ${OTHER}, which is tagged as sensitive`];
    expect(judged(reader, theirs(gives(WHO)))).toEqual(over);
    expect(judged(reader, theirs(gives(ofAccount)))).toEqual(over);
    const own = store('s3-bucket', 'arn:aws:s3:::own', { Name: 'own' });
    expect(judged(reader, own, theirs(gives(WHO)))).toEqual(over);
    expect(judged(reader, theirs())).toEqual(NONE);
    expect(judged(nobody, theirs(gives(WHO)))).toEqual(NONE);
    expect(judged(nobody, theirs(gives(ofAccount)))).toEqual(NONE);
  });

  test('counts beside others', () => {
    const plain = ['a', 'b'].map((name) => resource('s3-bucket', `arn:aws:s3:::${name}`, { Name: name }));
    const given = ['c', 'd', 'e'].map((name) =>
      resource('s3-bucket', `arn:aws:s3:::${name}`, { Name: name, Policy: document(gives(WHO)) }),
    );
    expect(judged(nobody, ...plain, ...given)).toEqual(['P3', 'may read more than half of the buckets']);
    expect(judged(nobody, ...plain, ...given.slice(1))).toEqual(NONE);
  });

  test('as the policies of the organisation leave it', () => {
    const away = refuses({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/auditor' } });
    expect(judged(reader, undescribed, ...organisation())).toEqual(READS);
    expect(judged(nobody, bucket(gives(WHO)), ...organisation(away))).toEqual(NONE);
  });
});

describe('over an access point', () => {
  test.each<[string, readonly unknown[], ...EstateResource[]]>([
    [
      'whoever its policy names, where the bucket leaves it to its access points',
      READS,
      nobody,
      bucket(delegated()),
      point({}, gives(WHO)),
    ],
    [
      'nobody where the bucket leaves it to those of another account',
      NONE,
      nobody,
      bucket(delegated(OTHER)),
      point({}, gives(WHO)),
    ],
    ['nobody where the bucket gives nothing', NONE, nobody, bucket(), point({}, gives(WHO))],
    ['nobody whom its policy does not name', NONE, nobody, bucket(delegated()), point({})],
    [
      'whoever may by its own policies, as far as the bucket lets',
      READS,
      overPoint,
      bucket(delegated()),
      point({}),
    ],
    ['not who may by its own policies where the bucket gives nothing', NONE, overPoint, bucket(), point({})],
    [
      'nobody whom its policy refuses',
      NONE,
      overPoint,
      bucket(delegated()),
      point({}, deny(READ, { Principal: WHO })),
    ],
    [
      'nobody whom the bucket refuses',
      NONE,
      nobody,
      bucket(delegated(), deny(READ, { Principal: WHO })),
      point({}, gives(WHO)),
    ],
    ['nobody by what the bucket lets everybody do', NONE, nobody, bucket(gives('*')), point({})],
    [
      'whoever goes round what a bucket refuses directly',
      READS,
      user('u', [allow(READ, { Resource: [`${BUCKET}/*`, `${POINT}/object/*`] })]),
      bucket(refuses({ StringNotEquals: { 's3:DataAccessPointAccount': ACCOUNT } })),
      point({}),
    ],
    [
      'nobody directly where a bucket asks for an access point',
      NONE,
      reader,
      bucket(refuses({ StringNotEquals: { 's3:DataAccessPointAccount': ACCOUNT } })),
    ],
    [
      'whoever gets into the network of one',
      READS,
      nobody,
      bucket(delegated()),
      point({ NetworkOrigin: 'VPC' }, gives(WHO)),
    ],
    [
      'nobody where the bucket admits no network',
      NONE,
      nobody,
      bucket(gives('*', { Condition: { StringEquals: { 's3:AccessPointNetworkOrigin': 'Internet' } } })),
      point({ NetworkOrigin: 'VPC' }, gives(WHO)),
    ],
    [
      'whoever comes from where the bucket admits',
      READS,
      nobody,
      bucket(gives('*', { Condition: { StringEquals: { 's3:AccessPointNetworkOrigin': 'Internet' } } })),
      point({}, gives(WHO)),
    ],
    [
      'whoever comes from the network that the bucket admits',
      READS,
      nobody,
      bucket(gives('*', { Condition: { StringEquals: { 's3:AccessPointNetworkOrigin': 'VPC' } } })),
      point({ NetworkOrigin: 'VPC' }, gives(WHO)),
    ],
    [
      'by the name of the access point',
      READS,
      nobody,
      bucket(gives('*', { Condition: { ArnLike: { 's3:DataAccessPointArn': `${POINT.slice(0, -1)}*` } } })),
      point({}, gives(WHO)),
    ],
    [
      'unknown while the policy of the bucket is',
      [
        'unknown',
        'the policy of pii: aws s3api get-bucket-policy --bucket pii > s3api-get-bucket-policy-pii.json 2>&1',
      ],
      overPoint,
      undescribed,
      point({}),
    ],
  ])('%s', (_, expected, ...resources) => {
    expect(judged(...resources)).toEqual(expected);
  });

  test('of another account, whoever may on its side too', () => {
    const theirs = [
      store('s3-bucket', BUCKET, { Name: 'pii', Policy: document(delegated(OTHER)) }, OTHER),
      resource(
        's3-access-point',
        POINT.replace(ACCOUNT, OTHER),
        { Name: 'p', Bucket: 'pii', NetworkOrigin: 'Internet', Policy: document(gives(WHO)) },
        { account: OTHER },
      ),
    ];
    const mine = user('u', [allow(READ, { Resource: `${POINT.replace(ACCOUNT, OTHER)}/object/*` })]);
    expect(judged(mine, ...theirs)).toEqual([
      'P3',
      `may read pii of account ${OTHER}, which is tagged as sensitive`,
    ]);
    expect(judged(nobody, ...theirs)).toEqual(NONE);
  });
});

describe('who decrypts with a key', () => {
  const LEFT = { Policy: document(allow('kms:*', { Principal: ofAccount })) };
  const CLOSED = { Policy: document(allow('kms:*', { Principal: { AWS: iam('user', 'admin') } })) };

  test.each<[string, readonly unknown[], ...EstateResource[]]>([
    [
      'whoever may by its own policies, where the key leaves it to them',
      DECRYPTS,
      unlock(decrypts),
      key(LEFT),
    ],
    ['not where its policy does not', NONE, unlock(decrypts), key(CLOSED)],
    [
      'whoever its policy names',
      DECRYPTS,
      unlock(),
      key({ Policy: document(allow('kms:Decrypt', { Principal: WHO })) }),
    ],
    ['nobody by a policy that says nothing', NONE, unlock(decrypts), key({ Policy: document() })],
    ...(
      [
        ['something else alone', allow('kms:Encrypt', { Principal: ofAccount })],
        ['all of it to another account', allow('kms:*', { Principal: { AWS: OTHER } })],
        ['all of it to a service', allow('kms:*', { Principal: { Service: 'rds.amazonaws.com' } })],
        [
          'all of it to whoever has a tag',
          allow('kms:*', {
            Principal: ofAccount,
            Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } },
          }),
        ],
      ] as const
    ).map(([what, statement]): [string, readonly unknown[], ...EstateResource[]] => [
      `nobody where its policy leaves ${what}`,
      NONE,
      unlock(decrypts),
      key({ Policy: document(statement) }),
    ]),
    [
      'whoever may by its own policies, where one of several statements leaves it to them',
      DECRYPTS,
      unlock(decrypts),
      key({
        Policy: document(
          allow('kms:Encrypt', { Principal: { AWS: OTHER } }),
          allow('kms:*', { Principal: { AWS: [OTHER, ACCOUNT] } }),
        ),
      }),
    ],
    ['nobody else', NONE, unlock(), key(LEFT)],
    [
      'whoever was granted it',
      DECRYPTS,
      unlock(),
      key({ ...CLOSED, Grants: [grant(USER, 'Encrypt', 'Decrypt')] }),
    ],
    [
      'nobody who was granted something else',
      NONE,
      unlock(),
      key({ ...CLOSED, Grants: [grant(USER, 'Encrypt')] }),
    ],
    [
      'nobody by the grant of another',
      NONE,
      unlock(),
      key({ ...CLOSED, Grants: [grant(ROLE, 'Decrypt'), grant('rds.amazonaws.com', 'Decrypt')] }),
    ],
    [
      'not who was granted it and is denied',
      NONE,
      unlock(deny('kms:*')),
      key({ ...CLOSED, Grants: [grant(USER, 'Decrypt')] }),
    ],
    [
      'not who was granted it and is denied by the key',
      NONE,
      unlock(),
      key({ Policy: document(deny('kms:Decrypt', { Principal: '*' })), Grants: [grant(USER, 'Decrypt')] }),
    ],
    [
      'no role beyond its boundary by a grant',
      NONE,
      role('r', { Service: 'ec2.amazonaws.com' }, [], bounded('b')),
      policy('b', [allow('sqs:*')]),
      key({ ...CLOSED, Grants: [grant(ROLE, 'Decrypt')] }),
    ],
    [
      'whoever was granted it, whatever nobody described',
      DECRYPTS,
      unlock(),
      key({ Grants: [grant(USER, 'Decrypt')] }),
    ],
    [
      'unknown while the policy of the key is',
      ['unknown', 'the policy of k: aws kms get-key-policy --key-id k > kms-get-key-policy-k.json 2>&1'],
      unlock(decrypts),
      key({}),
    ],
    [
      'whoever may with every key, in any case',
      ['P3', 'may decrypt with every key'],
      unlock(allow('kms:Decrypt')),
      key({}),
    ],
  ])('%s', (_, expected, ...resources) => {
    expect(judged(...resources)).toEqual(expected);
  });

  test('of another account, whoever was granted it, without more', () => {
    const theirs = key({ Policy: document(), Grants: [grant(USER, 'Decrypt')] }, OTHER);
    expect(judged(unlock(), theirs)).toEqual([
      'P3',
      `may read k of account ${OTHER}, which is tagged as sensitive`,
    ]);
  });
});

test.each([
  ['secret', `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:s`, 'secretsmanager:GetSecretValue'],
  ['dynamodb-table', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/s`, 'dynamodb:Scan'],
  ['dynamodb-table', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/s`, 'dynamodb:Query'],
])('a %s with a policy of its own: %s by %s', (type, arn, action) => {
  const kept = (...statements: readonly JsonObject[]): EstateResource =>
    store(type, arn, { Name: 's', Policy: document(...statements) });
  const reads = ['P3', 'may read s, which is tagged as sensitive'];
  expect(judged(nobody, kept(allow(action, { Principal: WHO })))).toEqual(reads);
  expect(judged(user('u', [allow(action, { Resource: arn })]), kept())).toEqual(reads);
  expect(
    judged(user('u', [allow(action, { Resource: arn })]), kept(deny(action, { Principal: '*' }))),
  ).toEqual(NONE);
});

const ofA = { AWS: iam('user', 'a') };
const unlikeA = refuses({ ArnEquals: { 'aws:PrincipalArn': iam('user', 'a') } });
test.each<[string, ...EstateResource[]]>([
  ['names', bucket(deny(READ, { Principal: ofA }))],
  [
    'names beside an account',
    bucket(deny(READ, { Principal: { AWS: [`arn:aws:iam::${OTHER}:root`, ofA.AWS] } })),
  ],
  [
    'names after another Deny',
    bucket(refuses({ Bool: { 'aws:SecureTransport': 'false' } }), deny(READ, { Principal: ofA })),
  ],
  [
    'spares',
    bucket(deny(READ, { NotPrincipal: { AWS: [`arn:aws:iam::${ACCOUNT}:root`, iam('user', 'b')] } })),
  ],
  ['asks for', bucket(unlikeA)],
  ['of the organisation asks for', bucket(), ...organisation(unlikeA)],
])('two of one class are told apart by whom a Deny %s', (_, ...resources) => {
  const rights = [allow(READ, { Resource: `${BUCKET}/*` })];
  const all = new AwsPrivileges(
    [...LISTED, user('a', rights), user('b', rights), ...resources],
    SEEN,
  ).byArn();
  expect(['a', 'b'].map((name) => all.get(iam('user', name))?.level)).toEqual(['none', 'P3']);
});

test('two of one class are told apart by whom a policy names, and whoever reaches the one has its data', () => {
  const trusting = (name: string): EstateResource => role(name, { AWS: iam('role', `to-${name}`) }, []);
  const to = (name: string): EstateResource =>
    role(`to-${name}`, { Service: 'ec2.amazonaws.com' }, [
      allow('sts:AssumeRole', { Resource: iam('role', name) }),
    ]);
  const all = new AwsPrivileges(
    [...LISTED, trusting('a'), trusting('b'), to('a'), to('b'), bucket(gives({ AWS: iam('role', 'a') }))],
    SEEN,
  ).byArn();
  const level = (name: string): string | undefined => all.get(iam('role', name))?.level;
  expect([level('a'), level('b'), level('to-a'), level('to-b')]).toEqual(['P3', 'none', 'P3', 'none']);
});
