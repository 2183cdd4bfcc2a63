import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { mapItem } from './map-item.ts';

const NOWHERE = { account: undefined, region: undefined };

function resourceOf(item: JsonObject): ResourceObservation {
  const mapped = mapItem(item, NOWHERE);
  if ('reject' in mapped) throw new Error(mapped.reject);
  return mapped.observations[0] as ResourceObservation;
}

const ITEM = { awsAccountId: '111111111111', awsRegion: 'eu-west-1', configurationItemStatus: 'OK' } as const;

describe('mapItem', () => {
  it('reads a configuration as the API would describe it, however its members are spelled', () => {
    const database = resourceOf({
      ...ITEM,
      ARN: 'arn:aws:rds:eu-west-1:111111111111:db:orders',
      resourceType: 'AWS::RDS::DBInstance',
      resourceId: 'db-ABC',
      resourceName: 'orders',
      configuration: {
        dBInstanceIdentifier: 'orders',
        publiclyAccessible: true,
        endpoint: { address: 'orders.x.rds.amazonaws.com', port: 5432 },
        dBSubnetGroup: { vpcId: 'vpc-1', subnets: [{ subnetIdentifier: 'subnet-1' }] },
        vpcSecurityGroups: [{ vpcSecurityGroupId: 'sg-1', status: 'active' }],
        masterUserSecret: { secretArn: 'x' },
      },
    });
    expect(database.facts).toEqual({
      DBInstanceIdentifier: 'orders',
      DBInstanceArn: 'arn:aws:rds:eu-west-1:111111111111:db:orders',
      PubliclyAccessible: true,
      Endpoint: { Address: 'orders.x.rds.amazonaws.com', Port: 5432 },
      DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-1' }] },
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1' }],
      MasterUserSecret: { SecretArn: 'x' },
    });
  });

  it('takes the ranges of a security group from either of its spellings', () => {
    const group = (permission: JsonObject): JsonObject => ({
      ...ITEM,
      resourceType: 'AWS::EC2::SecurityGroup',
      resourceId: 'sg-1',
      configuration: {
        groupId: 'sg-1',
        ipPermissions: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ...permission }],
      },
    });
    const expected = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    expect(resourceOf(group({ ipRanges: ['0.0.0.0/0'] })).facts['IpPermissions']).toEqual(expected);
    expect(
      resourceOf(group({ ipv4Ranges: [{ cidrIp: '0.0.0.0/0' }], ipRanges: ['0.0.0.0/0'] })).facts[
        'IpPermissions'
      ],
    ).toEqual(expected);
  });

  it.each<[title: string, type: string, configuration: JsonValue | undefined, facts: JsonObject]>([
    ['a group of an item that was too large', 'AWS::EC2::SecurityGroup', undefined, {}],
    ['an instance of one', 'AWS::EC2::Instance', undefined, {}],
    ['a role of one', 'AWS::IAM::Role', null, {}],
    [
      'a group without its rules',
      'AWS::EC2::SecurityGroup',
      { groupId: 'x', vpcId: 'vpc-1' },
      { GroupId: 'x', VpcId: 'vpc-1' },
    ],
    [
      'a group whose rules are no list',
      'AWS::EC2::SecurityGroup',
      { groupId: 'x', ipPermissions: '…' },
      { GroupId: 'x' },
    ],
    [
      'a group without rules',
      'AWS::EC2::SecurityGroup',
      { ipPermissions: [] },
      { GroupId: 'x', IpPermissions: [] },
    ],
    [
      'an access list whose entries are no list',
      'AWS::EC2::NetworkAcl',
      { networkAclId: 'x', entries: '…' },
      { NetworkAclId: 'x' },
    ],
    [
      'an instance of which a query selected its image',
      'AWS::EC2::Instance',
      { imageId: 'ami-1' },
      { ImageId: 'ami-1' },
    ],
    [
      'a task of which a query selected its network',
      'AWS::ECS::TaskDefinition',
      { taskDefinitionArn: 'x', networkMode: 'awsvpc' },
      { taskDefinitionArn: 'x', networkMode: 'awsvpc' },
    ],
    [
      'an instance with its interfaces',
      'AWS::EC2::Instance',
      { imageId: 'ami-1', networkInterfaces: [] },
      { InstanceId: 'x', ImageId: 'ami-1', NetworkInterfaces: [] },
    ],
  ])('takes nothing to be absent that was not told: %s', (_, resourceType, configuration, facts) => {
    const item = {
      ...ITEM,
      resourceType,
      resourceId: 'x',
      ...(configuration === undefined ? {} : { configuration }),
    };
    expect(resourceOf(item).facts).toEqual(facts);
  });

  it('reads an ARN and JSON in texts, as snapshots, histories and queries spell them', () => {
    const group = {
      groupId: 'sg-1',
      ipPermissions: [{ ipProtocol: 'tcp', fromPort: 1, toPort: 1, ipRanges: [] }],
    };
    const arn = 'arn:aws:ec2:eu-west-1:222222222222:security-group/sg-1';
    const told = (member: string, configuration: JsonValue) =>
      resourceOf({ resourceType: 'AWS::EC2::SecurityGroup', [member]: arn, configuration });
    const expected = told('ARN', group);
    expect(expected).toMatchObject({
      account: '222222222222',
      resource: { id: arn },
      facts: { GroupId: 'sg-1' },
    });
    expect(told('arn', group)).toEqual(expected);
    expect(told('ARN', JSON.stringify(group))).toEqual(expected);
    expect(told('arn', JSON.stringify(JSON.stringify(group)))).toEqual(expected);
  });

  it('reads the key of a secret, and supposes none', () => {
    const secret = (configuration: JsonObject) =>
      resourceOf({
        ...ITEM,
        resourceType: 'AWS::SecretsManager::Secret',
        resourceId: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:s',
        configuration,
      }).facts['KmsKeyId'];
    expect(secret({ Name: 's', KmsKeyId: 'alias/pay' })).toBe('alias/pay');
    expect(secret({ Name: 's' })).toBeUndefined();
  });

  it('reads the key of a table in both spellings, and supposes none', () => {
    const table = (configuration: JsonObject) => {
      const facts = resourceOf({
        ...ITEM,
        resourceType: 'AWS::DynamoDB::Table',
        resourceId: 'orders',
        configuration,
      }).facts;
      return [facts['TableStatus'], facts['SSEDescription']];
    };
    const key = 'arn:aws:kms:eu-west-1:111111111111:key/k';
    expect(
      table({
        tableStatus: 'ACTIVE',
        sSEDescription: { status: 'ENABLED', sSEType: 'KMS', kMSMasterKeyArn: key },
      }),
    ).toEqual(['ACTIVE', { SSEType: 'KMS', KMSMasterKeyArn: key }]);
    expect(table({ SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key } })).toEqual([
      undefined,
      { SSEType: 'KMS', KMSMasterKeyArn: key },
    ]);
    expect(table({ SSESpecification: { SSEEnabled: true } })).toEqual([
      undefined,
      { SSEType: 'KMS', KMSMasterKeyArn: 'alias/aws/dynamodb' },
    ]);
    expect(table({ SSESpecification: { SSEEnabled: false } })).toEqual([undefined, { SSEType: 'DEFAULT' }]);
    expect(table({ tableName: 'orders' })).toEqual([undefined, undefined]);
  });

  it('decodes the percent-encoded policies of a role', () => {
    const policy = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    const encoded = encodeURIComponent(JSON.stringify(policy));
    const configuration = {
      roleName: 'x',
      assumeRolePolicyDocument: encoded,
      rolePolicyList: [{ policyName: 'p', policyDocument: encoded }],
    };
    const role = resourceOf({ ...ITEM, resourceType: 'AWS::IAM::Role', resourceId: 'AROA', configuration });
    expect(role.facts).toMatchObject({
      AssumeRolePolicyDocument: policy,
      RolePolicyList: [{ PolicyName: 'p', PolicyDocument: policy }],
    });
  });

  it('has the version of a managed policy that is in force', () => {
    const version = (versionId: string, isDefaultVersion: boolean): JsonObject => ({
      versionId,
      isDefaultVersion,
      document: encodeURIComponent(JSON.stringify({ Statement: [{ Sid: versionId }] })),
    });
    const policy = resourceOf({
      ...ITEM,
      resourceType: 'AWS::IAM::Policy',
      resourceId: 'ANPA',
      configuration: { policyName: 'p', policyVersionList: [version('v2', false), version('v1', true)] },
    });
    expect(policy.facts['Document']).toEqual({ Statement: [{ Sid: 'v1' }] });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['no policy is known', { BucketPolicy: '{"policyText":null}' }, { Policy: { Statement: [] } }],
    [
      'a policy within JSON within JSON',
      { BucketPolicy: JSON.stringify(JSON.stringify({ policyText: '{"Statement":[{"Effect":"Deny"}]}' })) },
      { Policy: { Statement: [{ Effect: 'Deny' }] } },
    ],
    ['a policy that cannot be read is none', { BucketPolicy: '{"policyText":"oops"}' }, {}],
    [
      'Block Public Access',
      { PublicAccessBlockConfiguration: { blockPublicAcls: true, restrictPublicBuckets: false } },
      { PublicAccessBlock: { BlockPublicAcls: true, RestrictPublicBuckets: false } },
    ],
    [
      'its encryption',
      {
        ServerSideEncryptionConfiguration:
          '{"rules":[{"applyServerSideEncryptionByDefault":{"sseAlgorithm":"aws:kms","kmsMasterKeyID":"k"}}]}',
      },
      { DefaultEncryption: 'aws:kms', EncryptionKey: 'k' },
    ],
    [
      'its copies',
      {
        ReplicationConfiguration: JSON.stringify({
          rules: {
            a: { status: 'Enabled', destinationConfig: { bucketARN: 'arn:aws:s3:::copy' } },
            b: { status: 'Disabled', destinationConfig: { bucketARN: 'arn:aws:s3:::old' } },
          },
        }),
      },
      { ReplicatesTo: ['arn:aws:s3:::copy'] },
    ],
    [
      'its log',
      { BucketLoggingConfiguration: '{"destinationBucketName":"logs","logFilePrefix":""}' },
      { LogsTo: 'logs' },
    ],
    ['no log', { BucketLoggingConfiguration: '{"destinationBucketName":null}' }, {}],
    [
      'a list for everybody',
      {
        AccessControlList:
          '{"grantList":[{"grantee":"AllUsers","permission":"Read"},{"grantee":{"id":"x"},"permission":"FullControl"}]}',
      },
      {
        Grants: [
          { Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' },
          { Grantee: {}, Permission: 'FULL_CONTROL' },
        ],
      },
    ],
    [
      'a grantee named like a member of every object',
      { AccessControlList: '{"grantList":[{"grantee":"constructor","permission":"toString"}]}' },
      { Grants: [{ Grantee: { URI: 'constructor' }, Permission: 'toString' }] },
    ],
  ])('reads of a bucket: %s', (_, supplementaryConfiguration, facts) => {
    const bucket = resourceOf({
      ...ITEM,
      resourceType: 'AWS::S3::Bucket',
      resourceId: 'b',
      resourceName: 'b',
      supplementaryConfiguration,
    });
    expect(bucket.resource).toMatchObject({ id: 'arn:aws:s3:::b' });
    expect(bucket.facts).toEqual({ Name: 'b', Website: false, ...facts });
  });

  it('knows that an account whose setting was deleted blocks nothing', () => {
    const block = (configurationItemStatus: string) =>
      resourceOf({
        ...ITEM,
        resourceType: 'AWS::S3::AccountPublicAccessBlock',
        resourceId: '111111111111',
        configurationItemStatus,
        configuration: { blockPublicAcls: true, restrictPublicBuckets: true },
      }).facts['PublicAccessBlock'];
    expect(block('OK')).toEqual({ BlockPublicAcls: true, RestrictPublicBuckets: true });
    expect(block('ResourceDeleted')).toEqual({
      BlockPublicAcls: false,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    });
  });

  it('tells what was deleted, and nothing about what is not recorded any more', () => {
    const observed = (configurationItemStatus: string) => {
      const item = { ...ITEM, resourceType: 'AWS::EC2::VPC', resourceId: 'vpc-1', configurationItemStatus };
      const mapped = mapItem({ ...item, configurationItemCaptureTime: '2026-10-01T00:00:00Z' }, NOWHERE);
      return 'reject' in mapped ? mapped.reject : mapped.observations;
    };
    const gone = [
      {
        kind: 'gone',
        resource: {
          kind: 'cloud',
          provider: 'aws',
          id: 'arn:aws:ec2:eu-west-1:111111111111:vpc/vpc-1',
          type: 'vpc',
          name: 'vpc-1',
          account: '111111111111',
          region: 'eu-west-1',
        },
        at: Date.UTC(2026, 9, 1),
      },
    ];
    expect(observed('ResourceDeleted')).toEqual(gone);
    expect(observed('ResourceDeletedNotRecorded')).toEqual(gone);
    expect(observed('ResourceNotRecorded')).toEqual([]);
  });

  it('keeps what it does not know, without facts', () => {
    const other = resourceOf({
      ...ITEM,
      resourceType: 'AWS::Some::New',
      resourceId: 'x',
      tags: { Name: 'n', env: 'prod' },
    });
    expect(other).toMatchObject({
      type: 'some-new',
      name: 'n',
      account: '111111111111',
      region: 'eu-west-1',
      tags: { env: 'prod' },
      facts: {},
    });
  });

  it.each<[string, JsonObject]>([
    ['without type and ARN', { resourceId: 'x' }],
    ['of an unknown type without an id', { resourceType: 'AWS::Some::New' }],
    ['of a known type without an id', { resourceType: 'AWS::EC2::VPC', configuration: [] }],
    ['with members of other types', { resourceType: 7, ARN: {}, configuration: 'x' }],
  ])('refuses an item %s', (_, item) => {
    expect(mapItem(item, NOWHERE)).toEqual({ reject: expect.stringContaining('Expected') });
  });
});
