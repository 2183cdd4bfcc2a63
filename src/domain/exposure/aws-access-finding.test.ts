import { describe, expect, it } from 'vitest';
import { instantText } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import { ACCOUNT, expose, recordsOf, resource } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

const BUCKET = resource('s3-bucket', 'shop', { Name: 'shop' }, null);
const ARN = BUCKET.key.slice('aws:'.length);
const DAY = 86_400_000;

function finding(facts: JsonObject, of: EstateResource = BUCKET, days = 1): EstateResource {
  return resource('access-finding', `f-${JSON.stringify(facts)}`, {
    id: 'f-1',
    Resource: of.key.slice('aws:'.length),
    IsPublic: true,
    Principals: ['AWS: *'],
    Actions: ['s3:GetObject'],
    Status: 'ACTIVE',
    AnalyzedAt: instantText(of.seenAt + days * DAY),
    ...facts,
  });
}

const OFF = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const NO_BLOCK = resource('s3-account-public-access-block', 'account', { PublicAccessBlock: OFF }, null);
function bucket(...statements: readonly JsonObject[]): EstateResource {
  return resource(
    's3-bucket',
    'shop',
    {
      Name: 'shop',
      PublicAccessBlock: OFF,
      ObjectOwnership: 'BucketOwnerEnforced',
      Grants: [],
      Policy: { Statement: [...statements] },
    },
    null,
  );
}
const READ = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::shop/*` };

const PERIMETER = [
  resource(
    'organization-policy',
    'p-rcp',
    {
      Id: 'p-rcp',
      Type: 'RESOURCE_CONTROL_POLICY',
      Document: {
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: '*',
            Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } },
          },
        ],
      },
    },
    null,
  ),
  resource('organization-policy-target', 't', { PolicyId: 'p-rcp', TargetId: ACCOUNT }, null),
];

describe('a finding of Access Analyzer', () => {
  it.each<readonly [title: string, state: string, of: EstateResource, findings: readonly EstateResource[]]>([
    ['proves access that nobody described', 'yes', BUCKET, [finding({})]],
    ['proves it however old it is', 'yes', BUCKET, [finding({}, BUCKET, -900)]],
    ['that is archived is access all the same', 'yes', BUCKET, [finding({ Status: 'ARCHIVED' })]],
    ['that is resolved proves nothing', 'unknown', BUCKET, [finding({ Status: 'RESOLVED' })]],
    ['of another resource proves nothing', 'unknown', BUCKET, [finding({ Resource: `${ARN}-2` })]],
    ['for named accounts proves no public access', 'unknown', BUCKET, [finding({ IsPublic: false })]],
    [
      'that a policy of the organisation may undo settles nothing',
      'unknown',
      BUCKET,
      [finding({ Restriction: 'APPLICABLE' })],
    ],
    [
      'that a policy of the organisation may undo, newer than a description that shows it closed, settles nothing',
      'unknown',
      bucket(),
      [finding({ Restriction: 'APPLICABLE' })],
    ],
    [
      'that a policy of the organisation may undo, older than a description that shows it closed, opens nothing',
      'no',
      bucket(),
      [finding({ Restriction: 'APPLICABLE' }, BUCKET, -1)],
    ],
    [
      'that a policy of the organisation undoes, as is known of it, opens nothing',
      'no',
      bucket(READ),
      [finding({ Restriction: 'APPLICABLE' }), ...PERIMETER],
    ],
    [
      'that no policy of the organisation may undo wins over one that did',
      'yes',
      bucket(READ),
      [finding({}), ...PERIMETER],
    ],
    ['that is newer than the description wins', 'yes', bucket(), [finding({})]],
    ['that is older than the description does not', 'no', bucket(), [finding({}, BUCKET, -1)]],
    ['that was resolved later takes no yes away', 'yes', bucket(READ), [finding({ Status: 'RESOLVED' })]],
  ])('%s: %s', (_title, state, of, findings) => {
    expect(expose([NO_BLOCK, ...findings], of).state).toBe(state);
  });

  it('says who, what and when, and is a way in of its own', () => {
    expect(recordsOf([finding({ Actions: ['s3:GetObject', 's3:ListBucket'] })], BUCKET)[0]).toEqual({
      surface: 's3:GetObject, s3:ListBucket',
      audience: 'internet',
      auth: 'none',
      verdict: 'yes',
      via: ['IAM Access Analyzer'],
      gates: ['what the policy of shop gives AWS: *'],
      evidence: [
        {
          sentence:
            'IAM Access Analyzer proves that S3 bucket shop is open to everybody (s3:GetObject, s3:ListBucket), as of 2026-10-02.',
          provenance: 'aws-cli',
          at: BUCKET.seenAt + DAY,
        },
      ],
      missing: [],
    });
  });

  it.each<readonly [type: string, name: string, facts: JsonObject, audience: string]>([
    ['kms-key', 'k', {}, 'any-aws-account'],
    ['sqs-queue', 'q', {}, 'internet'],
    ['lambda-function', 'f', { Actions: ['lambda:InvokeFunction'] }, 'any-aws-account'],
    ['lambda-function', 'f', { Actions: ['lambda:InvokeFunctionUrl'] }, 'internet'],
    ['s3-bucket', 'b', { Principals: ['AWS: AuthenticatedUsers'] }, 'any-aws-account'],
    ['s3-bucket', 'b', { IsPublic: false }, 'partner'],
  ])('of %s %s %j is for %s', (type, name, facts, audience) => {
    const of = resource(type, name, { Name: name });
    expect(recordsOf([finding(facts, of)], of)).toContainEqual(
      expect.objectContaining({ verdict: 'yes', audience, via: ['IAM Access Analyzer'] }),
    );
  });

  it.each<readonly [title: string, of: EstateResource, facts: JsonObject, days: number, sentence: RegExp]>([
    ['newer than the description', bucket(), {}, 1, /described of S3 bucket shop before says otherwise/],
    ['older than the description', bucket(), {}, -1, /description of S3 bucket shop is newer/],
    [
      'resolved after the description',
      bucket(READ),
      { Status: 'RESOLVED' },
      1,
      /resolved its finding on it on 2026-10-02/,
    ],
    ['archived', BUCKET, { Status: 'ARCHIVED' }, 1, /does not take the access away/],
  ])('that is %s shows it', (_title, of, facts, days, sentence) => {
    const { evidence } = expose([NO_BLOCK, finding(facts, BUCKET, days)], of);
    expect(evidence.map((each) => each.sentence).join(' ')).toMatch(sentence);
  });

  it.each<readonly [of: EstateResource, missing: string]>([
    [bucket(), 'the policy of S3 bucket shop as it is now: aws s3api get-bucket-policy --bucket shop'],
    [
      resource('sqs-queue', 'jobs', { QueueName: 'jobs', Policy: { Statement: [] } }),
      'the policy of SQS queue jobs as it is now: aws sqs get-queue-attributes --queue-url',
    ],
  ])('that contradicts what may be outdated names what to describe again: %#', (of, missing) => {
    const { evidence, missing: named } = expose([NO_BLOCK, finding({ Restriction: 'APPLICABLE' }, of)], of);
    expect(named.join()).toContain(missing);
    expect(evidence.map((each) => each.sentence).join(' ')).toMatch(/before says otherwise/);
  });

  it('resolved before the description, or beside an active one, says nothing', () => {
    for (const findings of [
      [finding({ Status: 'RESOLVED' }, BUCKET, -1)],
      [finding({ Status: 'RESOLVED' }), finding({})],
    ])
      expect(
        expose([NO_BLOCK, ...findings], bucket(READ))
          .evidence.map((each) => each.sentence)
          .join(),
      ).not.toMatch(/resolved/);
  });

  it('is found for a snapshot, whose ARN has an account or has none', () => {
    const snapshot = {
      ...resource('snapshot', 's', { SnapshotId: 'snap-1' }),
      key: 'aws:arn:aws:ec2:eu-west-1::snapshot/snap-1',
    };
    const told = finding({ Resource: `arn:aws:ec2:eu-west-1:${ACCOUNT}:snapshot/snap-1` }, snapshot);
    expect(expose([told], snapshot).state).toBe('yes');
  });

  it('of the bucket behind a trail exposes the trail', () => {
    const trail = resource('cloudtrail-trail', 'audit', { Name: 'audit', S3BucketName: 'shop' });
    expect(expose([BUCKET, finding({})], trail).state).toBe('yes');
  });
});
