import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import type { ReadContext, ReportItem } from '#domain/ports/report-format.ts';
import { describeHead } from '../reading/describe-head.ts';
import { openBytes } from '../reading/open-input.ts';
import { awsCli } from './aws-cli.ts';

const CONTEXT: ReadContext = { root: null, account: null, region: null, cluster: null };

async function read(
  answer: unknown,
  context: Partial<ReadContext> = {},
  name = 'answer.json',
): Promise<ReportItem[]> {
  const items: ReportItem[] = [];
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  for await (const input of openBytes(Buffer.from(text), name)) {
    for await (const item of awsCli.read(input, { ...CONTEXT, ...context })) items.push(item);
  }
  return items;
}

/** The resources that an answer describes, without its listings. */
async function resourcesOf(
  answer: unknown,
  context: Partial<ReadContext> = {},
  name?: string,
): Promise<ResourceObservation[]> {
  const items = await read(answer, context, name);
  const observations = items.flatMap((item) =>
    item.kind === 'record' || item.kind === 'beside' ? item.observations : [],
  );
  return observations.filter(
    (each): each is ResourceObservation => each.kind === 'resource' && each.type !== 'inventory-listing',
  );
}

async function listingsOf(
  answer: unknown,
  context: Partial<ReadContext> = {},
  name?: string,
): Promise<unknown[]> {
  const items = await read(answer, context, name);
  return items
    .flatMap((item) => (item.kind === 'beside' ? item.observations : []))
    .flatMap((each) => (each.kind === 'coverage' ? (each.cover ?? []) : []));
}

function claims(answer: unknown): boolean {
  return awsCli.claims(
    describeHead('any', Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer))),
  );
}

it('a secret for which nobody chose a key has the one of AWS', async () => {
  const ARN = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:s-AbCdEf';
  const SecretList = [
    { ARN, Name: 's' },
    { ARN: `${ARN}2`, Name: 't', KmsKeyId: 'alias/pay' },
  ];
  expect((await resourcesOf({ SecretList })).map(({ facts }) => facts['KmsKeyId'])).toEqual([
    'alias/aws/secretsmanager',
    'alias/pay',
  ]);
});

describe('claims', () => {
  it.each<[string, unknown]>([
    ['a list', { Vpcs: [{ VpcId: 'vpc-1' }] }],
    ['an empty list', { LoadBalancers: [] }],
    ['an empty list with its owner', { Buckets: [], Owner: { ID: 'x' }, Prefix: null }],
    ['texts', { QueueUrls: ['https://sqs.eu-west-1.amazonaws.com/111111111111/q'] }],
    ['one object', { Account: '111111111111', Arn: 'arn:aws:iam::111111111111:root', UserId: 'x' }],
    ['where a bucket lies', { LocationConstraint: 'eu-west-1' }],
    ['where a bucket of the first region lies', { LocationConstraint: null }],
    ['an account dump without users', { RoleDetailList: [{ RoleName: 'r' }] }],
    ['a list with a member that is new to us', { Subnets: [{ SubnetId: 'subnet-1' }], Future: 1 }],
    [
      'an error that means that there is none',
      'An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation',
    ],
  ])('%s', (_, answer) => {
    expect(claims(answer)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['an array', [{ VpcId: 'vpc-1' }]],
    ['an empty list of everyday name among other things', { Rules: [], tool: 'x' }],
    ['a list of everyday name', { repositories: [{ name: 'x' }], clusters: [{}] }],
    ['findings', { Findings: [{ Id: '1' }] }],
    ['a policy alone that is none', { Policy: 'free text' }],
    ['another object with an account', { Account: 'alice', Arn: 'x', UserId: 'y' }],
    ['another location', { LocationConstraint: 'Berlin' }],
    ['a location among other things', { LocationConstraint: null, Name: 'a' }],
    ['another cluster', { cluster: { name: 'x', arn: 'y' } }],
    ['another error', 'An error occurred (AccessDenied) when calling the GetBucketPolicy operation'],
    ['prose', 'NoSuchBucketPolicy'],
  ])('not %s', (_, answer) => {
    expect(claims(answer)).toBe(false);
  });
});

describe('where a resource is', () => {
  const group = { GroupId: 'sg-1', OwnerId: '222222222222' };
  it.each<[string, unknown, Partial<ReadContext>, string, string | undefined, string | undefined]>([
    [
      'by its ARN',
      {
        TargetGroups: [
          { TargetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/t/1' },
        ],
      },
      { account: '333333333333' },
      'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/t/1',
      '111111111111',
      'eu-west-1',
    ],
    [
      'by its owner and a flag',
      { SecurityGroups: [group] },
      { region: 'eu-west-1' },
      'arn:aws:ec2:eu-west-1:222222222222:security-group/sg-1',
      '222222222222',
      'eu-west-1',
    ],
    [
      'by flags',
      { Vpcs: [{ VpcId: 'vpc-1' }] },
      { account: '111111111111', region: 'eu-west-1' },
      'arn:aws:ec2:eu-west-1:111111111111:vpc/vpc-1',
      '111111111111',
      'eu-west-1',
    ],
    [
      'by its zone',
      { Subnets: [{ SubnetId: 'subnet-1', AvailabilityZone: 'us-west-2-lax-1a' }] },
      { account: '111111111111' },
      'arn:aws:ec2:us-west-2:111111111111:subnet/subnet-1',
      '111111111111',
      'us-west-2',
    ],
    ['by nothing', { Vpcs: [{ VpcId: 'vpc-1', OwnerId: 'test' }] }, {}, 'vpc-1', undefined, undefined],
    [
      'in China',
      { Vpcs: [{ VpcId: 'vpc-1' }] },
      { account: '111111111111', region: 'cn-north-1' },
      'arn:aws-cn:ec2:cn-north-1:111111111111:vpc/vpc-1',
      '111111111111',
      'cn-north-1',
    ],
    [
      'in the European Sovereign Cloud, by its zone',
      { Subnets: [{ SubnetId: 'subnet-1', OwnerId: '111111111111', AvailabilityZone: 'eusc-de-east-1a' }] },
      {},
      'arn:aws-eusc:ec2:eusc-de-east-1:111111111111:subnet/subnet-1',
      '111111111111',
      'eusc-de-east-1',
    ],
    [
      'in a secret region',
      { Vpcs: [{ VpcId: 'vpc-1' }] },
      { account: '111111111111', region: 'us-isob-east-1' },
      'arn:aws-iso-b:ec2:us-isob-east-1:111111111111:vpc/vpc-1',
      '111111111111',
      'us-isob-east-1',
    ],
    [
      'a bucket, in no region',
      { Buckets: [{ Name: 'b' }] },
      { account: '111111111111', region: 'eu-west-1' },
      'arn:aws:s3:::b',
      '111111111111',
      undefined,
    ],
    [
      'a snapshot, without its account',
      { Snapshots: [{ SnapshotId: 'snap-1', VolumeId: 'vol-1', OwnerId: '111111111111' }] },
      { region: 'eu-west-1' },
      'arn:aws:ec2:eu-west-1::snapshot/snap-1',
      '111111111111',
      'eu-west-1',
    ],
    [
      'a queue, by its URL',
      { QueueUrls: ['https://sqs.eu-west-1.amazonaws.com/111111111111/q'] },
      {},
      'arn:aws:sqs:eu-west-1:111111111111:q',
      '111111111111',
      'eu-west-1',
    ],
    [
      'a queue of GovCloud',
      { QueueUrls: ['https://sqs.us-gov-west-1.amazonaws.com/111111111111/q'] },
      {},
      'arn:aws-us-gov:sqs:us-gov-west-1:111111111111:q',
      '111111111111',
      'us-gov-west-1',
    ],
    [
      'a queue of the European Sovereign Cloud',
      { QueueUrls: ['https://sqs.eusc-de-east-1.amazonaws.eu/111111111111/q'] },
      {},
      'arn:aws-eusc:sqs:eusc-de-east-1:111111111111:q',
      '111111111111',
      'eusc-de-east-1',
    ],
    [
      'a queue, by its old URL',
      { QueueUrls: ['https://eu-west-1.queue.amazonaws.com/111111111111/q'] },
      {},
      'arn:aws:sqs:eu-west-1:111111111111:q',
      '111111111111',
      'eu-west-1',
    ],
    [
      'an instance, by its reservation',
      {
        Reservations: [
          {
            Instances: [{ InstanceId: 'i-1', Placement: { AvailabilityZone: 'eu-west-1a' } }],
            OwnerId: '111111111111',
          },
        ],
      },
      {},
      'arn:aws:ec2:eu-west-1:111111111111:instance/i-1',
      '111111111111',
      'eu-west-1',
    ],
    [
      'an access key, by its id',
      { AccessKeyMetadata: [{ UserName: 'u', AccessKeyId: 'AKIAQNZGKIQY56JQ7WML', Status: 'Active' }] },
      {},
      'arn:aws:iam::029608264753:access-key/AKIAQNZGKIQY56JQ7WML',
      '029608264753',
      undefined,
    ],
    [
      'an access key, by a flag or the folder before that',
      { AccessKeyMetadata: [{ UserName: 'u', AccessKeyId: 'AKIAQNZGKIQY56JQ7WML', Status: 'Active' }] },
      { account: '111111111111' },
      'arn:aws:iam::111111111111:access-key/AKIAQNZGKIQY56JQ7WML',
      '111111111111',
      undefined,
    ],
  ])('%s', async (_, answer, context, id, account, region) => {
    const [resource, ...others] = await resourcesOf(answer, context);
    expect(others).toEqual([]);
    expect(resource?.resource).toMatchObject({ kind: 'cloud', provider: 'aws', id });
    expect([resource?.account, resource?.region]).toEqual([account, region]);
  });
});

describe('a complete list', () => {
  it.each<[string, unknown, Partial<ReadContext>, readonly string[]]>([
    [
      'of nothing',
      { LoadBalancers: [] },
      { account: '111111111111', region: 'eu-west-1' },
      ['111111111111/eu-west-1/load-balancer'],
    ],
    [
      "at its elements' place",
      { Subnets: [{ SubnetId: 'subnet-1', OwnerId: '111111111111', AvailabilityZone: 'eu-west-1a' }] },
      {},
      ['111111111111/eu-west-1/subnet'],
    ],
    [
      'of the caller, whoever owns the elements',
      { Subnets: [{ SubnetId: 'subnet-1', OwnerId: '222222222222', AvailabilityZone: 'eu-west-1a' }] },
      { account: '111111111111' },
      ['111111111111/eu-west-1/subnet'],
    ],
    [
      "at its elements' place, whatever was named",
      { Subnets: [{ SubnetId: 'subnet-1', OwnerId: '111111111111', AvailabilityZone: 'eu-west-1a' }] },
      { account: '111111111111', region: 'us-east-1' },
      ['111111111111/eu-west-1/subnet'],
    ],
    [
      'of several regions, of which it proves none',
      {
        Subnets: [
          { SubnetId: 'subnet-1', AvailabilityZone: 'eu-west-1a' },
          { SubnetId: 'subnet-2', AvailabilityZone: 'us-east-1a' },
        ],
      },
      { account: '111111111111', region: 'us-east-1' },
      ['111111111111//subnet'],
    ],
    [
      'of an account, in no region',
      { Users: [] },
      { account: '111111111111', region: 'eu-west-1' },
      ['111111111111//iam-user'],
    ],
    ['with more pages', { Vpcs: [{ VpcId: 'vpc-1' }], NextToken: 'x' }, {}, []],
    ['with an empty token', { Vpcs: [{ VpcId: 'vpc-1' }], NextToken: null }, {}, ['//vpc']],
    ['under a key of two services', { clusters: [] }, {}, []],
    [
      'of an account dump',
      {
        UserDetailList: [{ UserName: 'u' }],
        RoleDetailList: [{ RoleName: 'r' }],
        GroupDetailList: [],
        Policies: [],
      },
      { account: '111111111111' },
      // What `--filter` leaves out is empty too.
      ['111111111111//iam-user', '111111111111//iam-role'],
    ],
  ])('%s', async (_, answer, context, covers) => {
    expect(await listingsOf(answer, context)).toEqual(covers);
  });

  it.each([
    ['ec2-describe-vpcs.json', ['//vpc']],
    ['ec2-describe-vpcs-vpc-0a1b2c3d.json', []],
    ['ec2-describe-vpcs-filtered.json', []],
    ['ec2-describe-vpcs.page-3.json', []],
    ['pages/ec2-describe-vpcs_part2.json', []],
    ['homepage-1/ec2-describe-vpcs.json', ['//vpc']],
    ['parties/ec2-describe-vpcs.json', ['//vpc']],
  ])('is none where its name says that it is a selection: %s', async (name, covers) => {
    expect(await listingsOf({ Vpcs: [{ VpcId: 'vpc-1' }] }, {}, name)).toEqual(covers);
  });
});

describe('dirty answers', () => {
  it('are rejected element by element', async () => {
    const items = await read({
      Reservations: [
        { Instances: [null, 7, { InstanceId: 7 }, { InstanceId: 'i-1' }] },
        { Instances: 'x' },
        null,
      ],
    });
    expect(
      items.flatMap((item) =>
        item.kind === 'record' || item.kind === 'reject' ? [`${item.kind} ${item.at}`] : [],
      ),
    ).toEqual([
      'reject Reservations[0].Instances[0]',
      'reject Reservations[0].Instances[1]',
      'reject Reservations[0].Instances[2]',
      'record Reservations[0].Instances[3]',
      'reject Reservations[1]',
      'reject Reservations[2]',
    ]);
  });

  it('change no prototype', async () => {
    const text =
      '{"Vpcs":[{"VpcId":"vpc-1","__proto__":{"OwnerId":"111111111111"},"Tags":[{"Key":"__proto__","Value":"x"},{"Key":"env","Value":"prod"},{"Key":7},null]}]}';
    const [vpc] = await resourcesOf(text);
    expect(vpc?.account).toBeUndefined();
    expect(Object.keys(vpc?.tags ?? {})).toEqual(['__proto__', 'env']);
    expect(Object.getPrototypeOf(vpc?.tags)).toBe(Object.prototype);
  });

  it('keep no secret', async () => {
    const text = JSON.stringify(
      await resourcesOf({
        Functions: [
          {
            FunctionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:f',
            FunctionName: 'f',
            Environment: { Variables: { PASSWORD: 'hunter2' } },
          },
        ],
      }),
    );
    const role = JSON.stringify(
      await resourcesOf({
        RoleDetailList: [
          {
            RoleName: 'r',
            AssumeRolePolicyDocument: {
              Statement: { Effect: 'Allow', Condition: { StringEquals: { 'sts:ExternalId': 'hunter2' } } },
            },
          },
        ],
      }),
    );
    expect(text + role).not.toContain('hunter2');
    expect(role).toContain('(asked for)');
  });
});

describe('what is told of one bucket', () => {
  const OFF = { BlockPublicAcls: false, IgnorePublicAcls: true };
  it.each<[call: string, answer: unknown, facts: JsonObject]>([
    ['get-bucket-policy', { Policy: '{"Statement":[]}' }, { Policy: { Statement: [] } }],
    [
      'get-bucket-policy',
      'An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation: none',
      { Policy: { Statement: [] } },
    ],
    ['get-public-access-block', { PublicAccessBlockConfiguration: OFF }, { PublicAccessBlock: OFF }],
    [
      'get-public-access-block',
      'An error occurred (NoSuchPublicAccessBlockConfiguration) when calling the GetPublicAccessBlock operation: none',
      {
        PublicAccessBlock: {
          BlockPublicAcls: false,
          IgnorePublicAcls: false,
          BlockPublicPolicy: false,
          RestrictPublicBuckets: false,
        },
      },
    ],
    [
      'get-bucket-ownership-controls',
      { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] } },
      { ObjectOwnership: 'BucketOwnerPreferred' },
    ],
    [
      'get-bucket-ownership-controls',
      'An error occurred (OwnershipControlsNotFoundError) when calling the GetBucketOwnershipControls operation: none',
      { ObjectOwnership: 'ObjectWriter' },
    ],
    [
      'get-bucket-encryption',
      {
        ServerSideEncryptionConfiguration: {
          Rules: [
            { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key/1' } },
          ],
        },
      },
      { DefaultEncryption: 'aws:kms', EncryptionKey: 'key/1' },
    ],
    [
      'get-bucket-replication',
      {
        ReplicationConfiguration: {
          Rules: [
            { Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::copy' } },
            { Status: 'Disabled', Destination: { Bucket: 'arn:aws:s3:::old' } },
          ],
        },
      },
      { ReplicatesTo: ['copy'] },
    ],
    [
      'get-bucket-logging',
      { LoggingEnabled: { TargetBucket: 'logs', TargetPrefix: '' } },
      { LogsTo: 'logs' },
    ],
    ['get-bucket-website', { IndexDocument: { Suffix: 'index.html' } }, { Website: true }],
  ])('by %s', async (call, answer, facts) => {
    const [part] = await resourcesOf(answer, { region: 'us-east-1' }, `s3api-${call}-shop.json`);
    expect(part?.facts).toEqual({ OfType: 's3-bucket', Of: 'shop', Facts: facts });
    expect(await resourcesOf(answer, {}, 'answer.json')).toEqual([]);
  });
});

describe('policies', () => {
  it.each<[string, unknown]>([
    ['an object', { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
    ['JSON text', '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'],
    [
      'percent-encoded',
      encodeURIComponent(
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
      ),
    ],
  ])('as %s are one shape', async (_, document) => {
    const [role] = await resourcesOf({
      RoleDetailList: [{ RoleName: 'r', RolePolicyList: [{ PolicyName: 'p', PolicyDocument: document }] }],
    });
    expect(role?.facts['RolePolicyList']).toEqual([
      {
        PolicyName: 'p',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
        },
      },
    ]);
  });

  it('are not known where a part of them cannot be read', async () => {
    const [role] = await resourcesOf({
      RoleDetailList: [
        { RoleName: 'r', RolePolicyList: [{ PolicyName: 'p', PolicyDocument: { Statement: [7] } }] },
      ],
    });
    expect(role?.facts['RolePolicyList']).toEqual([{ PolicyName: 'p' }]);
  });

  it('have the version that is in force', async () => {
    const version = (VersionId: string, IsDefaultVersion: boolean): object => ({
      VersionId,
      IsDefaultVersion,
      Document: { Statement: [{ Sid: VersionId }] },
    });
    const items = await read({
      UserDetailList: [],
      Policies: [
        {
          PolicyName: 'p',
          Arn: 'arn:aws:iam::111111111111:policy/p',
          PolicyVersionList: [version('v2', false), version('v1', true)],
        },
      ],
    });
    expect(items.filter((item) => item.kind === 'record')).toEqual([]);
    const policy = items
      .flatMap((item) => (item.kind === 'beside' ? item.observations : []))
      .find((each) => each.kind === 'resource' && each.type === 'iam-policy');
    expect(policy).toMatchObject({ facts: { Document: { Statement: [{ Sid: 'v1' }] } } });
  });
});

it('tells who was granted the use of a key', async () => {
  const grant = {
    KeyId: 'arn:aws:kms:eu-west-1:111111111111:key/k',
    GrantId: 'g',
    GranteePrincipal: 'arn:aws:iam::222222222222:role/other',
    Operations: ['Decrypt'],
    Constraints: { EncryptionContextSubset: { app: 'shop' } },
  };
  const [part] = await resourcesOf({ Grants: [grant] });
  expect(part?.facts).toEqual({
    OfType: 'kms-key',
    Of: 'arn:aws:kms:eu-west-1:111111111111:key/k',
    Facts: { Grants: [{ GranteePrincipal: grant.GranteePrincipal, Operations: ['Decrypt'] }] },
  });
  expect(claims({ Grants: [{ Grantee: {}, Permission: 'READ' }] })).toBe(false);
});

it('tells which function takes what a queue holds, and how far backups are kept', async () => {
  const queue = 'arn:aws:sqs:eu-west-1:111111111111:jobs';
  const worker = 'arn:aws:lambda:eu-west-1:111111111111:function:worker';
  const mapping = {
    UUID: 'm-1',
    EventSourceArn: queue,
    FunctionArn: worker,
    State: 'Enabled',
    BatchSize: 10,
  };
  const vault = {
    BackupVaultName: 'nightly',
    BackupVaultArn: 'arn:aws:backup:eu-west-1:111111111111:backup-vault:nightly',
    NumberOfRecoveryPoints: 12,
    Locked: false,
  };
  const found = [
    ...(await resourcesOf(
      { EventSourceMappings: [mapping] },
      { account: '111111111111', region: 'eu-west-1' },
    )),
    ...(await resourcesOf({ BackupVaultList: [vault] })),
  ];
  expect(found.map(({ type, resource, facts }) => [type, 'id' in resource && resource.id, facts])).toEqual([
    [
      'event-source-mapping',
      'arn:aws:lambda:eu-west-1:111111111111:event-source-mapping:m-1',
      { UUID: 'm-1', EventSourceArn: queue, FunctionArn: worker, State: 'Enabled' },
    ],
    [
      'backup-vault',
      'arn:aws:backup:eu-west-1:111111111111:backup-vault:nightly',
      { NumberOfRecoveryPoints: 12, Locked: false },
    ],
  ]);
});
