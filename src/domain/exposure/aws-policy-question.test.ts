import { describe, expect, it } from 'vitest';
import { type AddressSet, parseAddresses } from '#base/address-set.ts';
import type { JsonObject } from '#base/json-value.ts';
import { ACCOUNT, expose, recordsOf, resource } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

const OFF: JsonObject = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const ACCOUNT_OFF = resource('s3-account-public-access-block', 'account', { PublicAccessBlock: OFF }, null);
const READ: JsonObject = {
  Sid: 'read',
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::shop/*',
};

function bucket(facts: JsonObject = {}, name = 'shop'): EstateResource {
  return {
    ...resource('s3-bucket', name, {
      Name: name,
      PublicAccessBlock: OFF,
      ObjectOwnership: 'BucketOwnerEnforced',
      Grants: [],
      Policy: { Statement: [READ] },
      ...facts,
    }),
    key: `aws:arn:aws:s3:::${name}`,
  };
}

const deny = (condition: JsonObject, more: JsonObject = {}): JsonObject => ({
  Sid: 'perimeter',
  Effect: 'Deny',
  Principal: '*',
  Action: '*',
  Resource: '*',
  ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  ...more,
});
const OURS: JsonObject = {
  StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' },
  BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
};

function policy(facts: JsonObject, target: string, id = 'p-1'): readonly EstateResource[] {
  return [
    resource('organization-policy', id, { Id: id, Type: 'RESOURCE_CONTROL_POLICY', ...facts }, null),
    resource('organization-policy-target', `${id}/${target}`, { PolicyId: id, TargetId: target }, null),
  ];
}
const rcp = (statement: JsonObject, target = ACCOUNT): readonly EstateResource[] =>
  policy({ Document: { Statement: [statement] } }, target);
const BELOW = [
  resource('organization-parent', ACCOUNT, { Child: ACCOUNT, Parent: 'ou-1' }, null),
  resource('organization-parent', 'ou-1', { Child: 'ou-1', Parent: 'r-1' }, null),
];
const QUEUE = resource('sqs-queue', 'jobs', {
  Policy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }] },
});
const TOPIC = resource('sns-topic', 'news', {
  Policy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' }] },
});

describe('a resource control policy', () => {
  it.each<readonly [title: string, state: string, of: EstateResource, estate: readonly EstateResource[]]>([
    ['of the account closes an open bucket', 'no', bucket(), rcp(deny(OURS))],
    ['of the root closes it too', 'no', bucket(), [...rcp(deny(OURS), 'r-1'), ...BELOW]],
    ['of another unit does not', 'yes', bucket(), [...rcp(deny(OURS), 'ou-2'), ...BELOW]],
    ['for another service does not', 'yes', bucket(), rcp(deny(OURS, { Action: 'sqs:*' }))],
    ['for other resources does not', 'yes', QUEUE, rcp(deny(OURS, { Resource: 'arn:aws:sqs:*:*:other' }))],
    ['for a queue by name does', 'no', QUEUE, rcp(deny(OURS, { Resource: `${QUEUE.key.slice(4)}*` }))],
    [
      'over TLS alone leaves who asks over TLS',
      'yes',
      bucket(),
      rcp(deny({ Bool: { 'aws:SecureTransport': 'false' } })),
    ],
    ['binds no service that knows none', 'yes', TOPIC, rcp(deny({}))],
    ...(
      [
        ['sqs-queue', 'sqs:SendMessage', 'no'],
        ['kms-key', 'kms:Decrypt', 'no'],
        ['secret', 'secretsmanager:GetSecretValue', 'no'],
        ['ecr-repository', 'ecr:BatchGetImage', 'no'],
        ['event-bus', 'events:PutEvents', 'yes'],
        ['ses-identity', 'ses:SendEmail', 'yes'],
      ] as const
    ).map(
      ([type, Action, state]) =>
        [
          `on ${Action} of everybody (attack-paths §2.8)`,
          state,
          resource(type, 'one', {
            Policy: { Statement: [{ Effect: 'Allow', Principal: '*', Action, Resource: '*' }] },
          }),
          rcp(deny(OURS)),
        ] as const,
    ),
    [
      'on becoming a role',
      'no',
      resource('iam-role', 'deploy', {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
        },
      }),
      rcp(deny(OURS)),
    ],
    [
      'that asks a key which unsigned requests lack leaves them',
      'yes',
      bucket(),
      rcp(deny({ ...OURS, BoolIfExists: {}, Bool: { 'aws:PrincipalIsAWSService': 'false' } })),
    ],
    [
      'of one named principal is about no stranger',
      'yes',
      bucket(),
      rcp(deny({}, { Principal: { AWS: 'arn:aws:iam::222222222222:root' } })),
    ],
    [
      'of all but one named principal is about strangers',
      'no',
      bucket(),
      rcp(deny({}, { Principal: null, NotPrincipal: { AWS: 'arn:aws:iam::222222222222:root' } })),
    ],
    ['that allows everything denies nothing', 'yes', bucket(), rcp(deny({}, { Effect: 'Allow' }))],
    ['that nobody described settles nothing', 'unknown', bucket(), policy({}, ACCOUNT)],
    ['that nobody described opens nothing', 'no', bucket({ Policy: { Statement: [] } }), policy({}, ACCOUNT)],
    [
      'in the management account binds nothing',
      'yes',
      bucket(),
      [...rcp(deny(OURS)), resource('organization', 'o-1', { Id: 'o-1', MasterAccountId: ACCOUNT }, null)],
    ],
    [
      'closes what an access control list gives',
      'no',
      bucket({
        PublicAccessBlock: OFF,
        Policy: { Statement: [] },
        ObjectOwnership: 'BucketOwnerPreferred',
        Grants: [{ Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' }],
      }),
      [
        ...rcp(deny(OURS)),
        resource('s3-account-public-access-block', 'account', { PublicAccessBlock: OFF }, null),
      ],
    ],
  ])('%s: %s', (title, state, of, estate) => {
    const records = recordsOf([ACCOUNT_OFF, ...estate], of);
    // Lists of single objects stay unknown where lists are in force.
    if (title.includes('list'))
      expect(records).toContainEqual(expect.objectContaining({ surface: 'list', verdict: 'no' }));
    else expect(expose([ACCOUNT_OFF, ...estate], of).state).toBe(state);
  });

  it('is named as what closes, or as what is missing', () => {
    expect(recordsOf([ACCOUNT_OFF, ...rcp(deny(OURS))], bucket())).toContainEqual(
      expect.objectContaining({ verdict: 'no', gates: ['resource control policy perimeter'] }),
    );
    expect(expose([ACCOUNT_OFF, ...policy({}, ACCOUNT)], bucket()).missing).toEqual([
      'organisation policy p-1: aws organizations describe-policy --policy-id p-1',
    ]);
  });
});

describe('what an access control list gives', () => {
  const listed = (group: string, Permission: string, facts: JsonObject = {}): EstateResource =>
    bucket({
      Policy: { Statement: [] },
      ObjectOwnership: 'ObjectWriter',
      Grants: [{ Grantee: { URI: `http://acs.amazonaws.com/groups/global/${group}` }, Permission }],
      ...facts,
    });
  const P_1 = 'organisation policy p-1: aws organizations describe-policy --policy-id p-1';
  const OWNERSHIP =
    'the ownership controls of shop: aws s3api get-bucket-ownership-controls --bucket shop > s3api-get-bucket-ownership-controls-shop.json 2>&1';

  it.each<readonly [title: string, verdict: string, estate: readonly EstateResource[], of: EstateResource]>([
    ['no policy denies', 'yes internet', [], listed('AllUsers', 'READ')],
    [
      'a policy of another service leaves',
      'yes internet',
      rcp(deny(OURS, { Action: 'sqs:*' })),
      listed('AllUsers', 'READ'),
    ],
    ['a policy denies', 'no', rcp(deny(OURS)), listed('AllUsers', 'READ')],
    ['a policy denies to every account', 'no', rcp(deny(OURS)), listed('AuthenticatedUsers', 'READ')],
    ['a policy denies of two actions', 'no', rcp(deny(OURS)), listed('AllUsers', 'WRITE')],
    [
      'a policy leaves of two actions',
      'yes internet',
      rcp(deny(OURS, { Action: 's3:PutObject' })),
      listed('AllUsers', 'WRITE'),
    ],
    [
      'a policy leaves to who signs',
      'yes any-aws-account',
      rcp(deny({ Null: { 'aws:PrincipalArn': 'true' } })),
      listed('AuthenticatedUsers', 'READ'),
    ],
    [
      'a policy takes from who does not sign alone',
      'yes any-aws-account',
      rcp(deny({ Null: { 'aws:PrincipalArn': 'true' } })),
      listed('AllUsers', 'READ'),
    ],
    [
      'a policy that nobody described may deny',
      `unknown ${P_1}`,
      policy({}, ACCOUNT),
      listed('AllUsers', 'READ'),
    ],
    [
      'nobody knows whether it is in force, and a policy may deny',
      `unknown ${OWNERSHIP}; ${P_1}`,
      policy({}, ACCOUNT),
      listed('AllUsers', 'READ', { ObjectOwnership: null }),
    ],
  ])('%s: %s', (_title, told, estate, of) => {
    const way = recordsOf([ACCOUNT_OFF, ...estate], of).find(({ surface }) => /list|write/.test(surface));
    const said = way?.verdict === 'yes' ? way.audience : way?.missing.join('; ');
    expect(`${way?.verdict} ${said}`.trim()).toBe(told);
  });
});

describe('Block Public Access of the organisation', () => {
  const s3 = (assigned: string, target: string, id = 'p-s3'): readonly EstateResource[] =>
    policy({ Type: 'S3_POLICY', PublicAccessBlock: assigned }, target, id);

  it.each<readonly [title: string, state: string, estate: readonly EstateResource[]]>([
    ['on for the account', 'no', s3('all', ACCOUNT)],
    ['on for all', 'no', [...s3('all', 'r-1'), ...BELOW]],
    [
      'on for all, and taken back for a unit',
      'yes',
      [...s3('all', 'r-1'), ...s3('none', 'ou-1', 'p-2'), ...BELOW],
    ],
    ['off for all, and on for a unit', 'no', [...s3('none', 'r-1'), ...s3('all', 'ou-1', 'p-2'), ...BELOW]],
    ['on elsewhere', 'yes', [...s3('all', 'ou-2'), ...BELOW]],
    ['on, and nobody told the account and the bucket', 'no', s3('all', ACCOUNT)],
  ])('%s: %s', (title, state, estate) => {
    const told = title.includes('nobody')
      ? [resource('s3-bucket', 'shop', { Name: 'shop' }, null)]
      : [ACCOUNT_OFF, bucket()];
    const of = told.at(-1) as EstateResource;
    const records = recordsOf([...told.slice(0, -1), ...estate], of);
    const byPolicy = records.filter(({ gates }) => gates.includes('RestrictPublicBuckets'));
    expect(byPolicy.length > 0).toBe(state === 'no');
    expect(expose([...told.slice(0, -1), ...estate], of).state).toBe(state);
  });

  it('closes an access point too', () => {
    const point = resource('s3-access-point', 'ap', {
      Name: 'ap',
      Bucket: 'shop',
      NetworkOrigin: 'Internet',
      PublicAccessBlock: OFF,
      Policy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }] },
    });
    expect(expose([ACCOUNT_OFF, bucket()], point).state).toBe('yes');
    expect(expose([ACCOUNT_OFF, bucket(), ...s3('all', ACCOUNT)], point).state).toBe('no');
  });
});

describe('a range of the organisation', () => {
  const networks = ['52.0.0.0/8', '53.0.0.0/8'].map((cidr, index) => ({
    label: index === 0 ? 'Berlin' : 'Paris',
    addresses: parseAddresses(cidr) as AddressSet,
  }));

  it('that a policy lets in is named by what people call it', () => {
    const from = (cidr: string): EstateResource =>
      resource('sqs-queue', 'jobs', {
        Policy: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 'sqs:SendMessage',
              Resource: '*',
              Condition: { IpAddress: { 'aws:SourceIp': cidr } },
            },
          ],
        },
      });
    const [own] = recordsOf([], from('52.1.0.0/16'), { networks });
    expect(own).toMatchObject({ audience: 'corp', verdict: 'yes' });
    expect(own?.evidence[0]?.sentence).toBe(
      "The policy of SQS queue jobs lets the organisation's own ranges (Berlin) take sqs:SendMessage.",
    );
    expect(recordsOf([], from('52.1.0.0/16'))[0]).toMatchObject({ audience: 'partner' });
  });
});
