import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  ACCOUNT,
  from,
  group,
  NETWORK,
  part,
  recordsOf,
  resource,
  tcp,
} from '../../../test/support/aws-world.ts';
import type { EstateResource, Surroundings } from '../risk/estate.ts';
import { checkEdgeCase as check, type EdgeCase as Row } from './aws-exposure.test-sample.ts';

function distribution(origin: JsonObject, behaviour: JsonObject = {}): EstateResource {
  return resource(
    'cloudfront-distribution',
    'E1',
    {
      Id: 'E1',
      DomainName: 'd1.cloudfront.net',
      Enabled: true,
      Origins: { Items: [{ Id: 'o', ...origin }] },
      DefaultCacheBehavior: { TargetOriginId: 'o', ...behaviour },
    },
    null,
  );
}

const OFF: JsonObject = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const ACCOUNT_OFF = resource('s3-account-public-access-block', 'account', { PublicAccessBlock: OFF }, null);
const read: JsonObject = {
  Sid: 'read',
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::shop/*',
};
const list: JsonObject = { ...read, Sid: 'list', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::shop' };
function bucket(facts: JsonObject, name = 'shop'): EstateResource {
  return resource('s3-bucket', name, { Name: name, ...facts }, null);
}
function policy(...statements: readonly JsonObject[]): JsonObject {
  return {
    PublicAccessBlock: OFF,
    ObjectOwnership: 'BucketOwnerEnforced',
    Grants: [],
    Policy: { Statement: [...statements] },
  };
}
const when = (condition: JsonObject): JsonObject => ({ ...read, Condition: condition });

describe('a bucket', () => {
  it.each<Row>([
    [
      '21 BlockPublicPolicy over an old public policy',
      'yes',
      [ACCOUNT_OFF],
      bucket({ ...policy(read), PublicAccessBlock: { ...OFF, BlockPublicPolicy: true } }),
      { surface: 'read', audience: 'internet', auth: 'none', verdict: 'yes', gates: ['read'] },
    ],
    [
      '22 no Block Public Access at all, known to be absent',
      'yes',
      [ACCOUNT_OFF],
      bucket(policy(read)),
      { surface: 'read', verdict: 'yes' },
    ],
    [
      '23 a list for everybody where lists are disabled',
      'no',
      [ACCOUNT_OFF],
      bucket({
        ...policy(),
        Grants: [{ Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' }],
      }),
      { verdict: 'no', gates: ['BucketOwnerEnforced'] },
    ],
    [
      '24 a source address of everybody',
      'yes',
      [ACCOUNT_OFF],
      bucket(policy(when({ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }))),
      { surface: 'read', audience: 'internet', verdict: 'yes' },
    ],
    [
      '25 an organisation',
      'no',
      [ACCOUNT_OFF],
      bucket(policy(when({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }))),
      { surface: 'read', audience: 'org', verdict: 'yes', gates: ['read'] },
    ],
    [
      '26 a role of any account',
      'yes',
      [ACCOUNT_OFF],
      bucket(policy(when({ StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } }))),
      { surface: 'read', audience: 'any-aws-account', auth: 'iam', verdict: 'yes' },
    ],
    [
      '27 a condition that holds without its key',
      'yes',
      [ACCOUNT_OFF],
      bucket(policy(when({ StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } }))),
      { surface: 'read', audience: 'internet', verdict: 'yes' },
    ],
    [
      '28 a Deny for all outside of the organisation',
      'no',
      [ACCOUNT_OFF],
      bucket(
        policy(read, {
          Sid: 'ours',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: ['arn:aws:s3:::shop', 'arn:aws:s3:::shop/*'],
          Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } },
        }),
      ),
      { surface: 'read', audience: 'org', verdict: 'yes' },
    ],
    [
      '29 objects encrypted with KMS: listing is public',
      'yes',
      [ACCOUNT_OFF],
      bucket({ ...policy(read, list), DefaultEncryption: 'aws:kms' }),
      { surface: 'list', audience: 'internet', verdict: 'yes' },
    ],
    [
      '29 objects encrypted with KMS: reading is blocked',
      'yes',
      [ACCOUNT_OFF],
      bucket({ ...policy(read, list), DefaultEncryption: 'aws:kms' }),
      { surface: 'read', verdict: 'no', gates: ['SSE-KMS'] },
    ],
    [
      '30 a private bucket behind a distribution with OAC',
      'no',
      [
        ACCOUNT_OFF,
        distribution({ DomainName: 'shop.s3.eu-west-1.amazonaws.com', OriginAccessControlId: 'x' }),
      ],
      bucket(
        policy({
          ...read,
          Principal: { Service: 'cloudfront.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceArn': 'arn:aws:cloudfront::111111111111:distribution/E1' },
          },
        }),
      ),
      { surface: 'read', audience: 'cdn-only', verdict: 'yes', via: ['E1'] },
    ],
    [
      '31 copied into a public bucket',
      'yes',
      [
        ACCOUNT_OFF,
        bucket(policy({ ...read, Resource: 'arn:aws:s3:::copy/*' }), 'copy'),
        part('s3-bucket', 'shop', { ReplicatesTo: ['copy'] }),
      ],
      bucket(policy()),
      { surface: 'read', audience: 'internet', verdict: 'yes', via: ['copy'] },
    ],
    [
      '48 the account of the resource restricts nobody',
      'yes',
      [ACCOUNT_OFF],
      bucket(policy(when({ StringEquals: { 'aws:ResourceAccount': ACCOUNT } }))),
      { surface: 'read', audience: 'internet', verdict: 'yes' },
    ],
  ])('%s: %s', (...row) => check(row as unknown as Row));
});

const URL_GRANT: JsonObject = {
  Effect: 'Allow',
  Principal: '*',
  Action: 'lambda:InvokeFunctionUrl',
  Resource: '*',
  Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
};
const INVOKE_GRANT: JsonObject = {
  Effect: 'Allow',
  Principal: '*',
  Action: 'lambda:InvokeFunction',
  Resource: '*',
  Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
};
function lambda(created: string, ...statements: readonly JsonObject[]): EstateResource {
  return resource('lambda-function', 'resize', {
    FunctionName: 'resize',
    Policy: { Statement: [...statements] },
    Url: { FunctionUrl: 'https://x.on.aws/', AuthType: 'NONE', CreationTime: created },
  });
}
const day = (text: string): Surroundings => ({ now: Date.parse(`${text}T00:00:00Z`) });

describe('functions and APIs', () => {
  it.each<Row>([
    [
      '32 a URL without a statement for everybody',
      'no',
      [],
      lambda('2026-01-01T00:00:00Z'),
      { verdict: 'no' },
      day('2026-11-28'),
    ],
    [
      '33 a new URL with one grant of two',
      'no',
      [],
      lambda('2026-01-01T00:00:00Z', URL_GRANT),
      { verdict: 'no', surface: 'https://x.on.aws/' },
      day('2026-10-31'),
    ],
    [
      '33 an old URL with one grant, before November 2026',
      'yes',
      [],
      lambda('2025-09-30T00:00:00Z', URL_GRANT),
      { verdict: 'yes', audience: 'internet', auth: 'app' },
      day('2026-10-31'),
    ],
    [
      '33 the same since November 2026',
      'no',
      [],
      lambda('2025-09-30T00:00:00Z', URL_GRANT),
      { verdict: 'no' },
      day('2026-11-01'),
    ],
    [
      '33 both grants',
      'yes',
      [],
      lambda('2026-01-01T00:00:00Z', URL_GRANT, INVOKE_GRANT),
      { verdict: 'yes', audience: 'internet' },
      day('2026-11-28'),
    ],
    [
      '34 a method with an API key and nothing else',
      'yes',
      [
        resource('api-route', 'r', {
          Api: 'a1',
          Route: 'GET /',
          AuthorizationType: 'NONE',
          ApiKeyRequired: true,
        }),
        resource('api-stage', 's', { Api: 'a1', Stage: 'prod' }),
      ],
      resource('rest-api', 'shop', {
        id: 'a1',
        name: 'shop',
        endpointConfiguration: { types: ['REGIONAL'] },
      }),
      { verdict: 'yes', audience: 'internet', auth: 'api-key' },
    ],
    [
      '35 the default endpoint off, a domain with client certificates',
      'no',
      [
        resource('api-route', 'r', { Api: 'a1', Route: 'GET /', AuthorizationType: 'NONE' }),
        resource('api-stage', 's', { Api: 'a1', Stage: 'prod' }),
        resource('api-mapping', 'm', { Api: 'a1', DomainName: 'api.shop.example' }),
        resource('api-domain', 'd', {
          DomainName: 'api.shop.example',
          mutualTlsAuthentication: { truststoreUri: 's3://trust/ca.pem' },
        }),
      ],
      resource('rest-api', 'shop', { id: 'a1', name: 'shop', disableExecuteApiEndpoint: true }),
      { verdict: 'no', auth: 'mtls', via: ['api.shop.example'] },
    ],
  ])('%s: %s', (...row) => check(row as unknown as Row));
});

function database(facts: JsonObject = {}): EstateResource {
  return resource('rds-instance', 'orders', {
    DBInstanceIdentifier: 'orders',
    PubliclyAccessible: true,
    Endpoint: { Port: 5432 },
    DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-1' }] },
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-db' }],
    ...facts,
  });
}

describe('databases and clusters', () => {
  it.each<Row>([
    [
      '36 publicly accessible in private subnets',
      'no',
      [...NETWORK, group('sg-db', tcp(5432, '0.0.0.0/0'))],
      database({ DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-2' }] } }),
      { verdict: 'no', surface: 'tcp/5432', auth: 'db-password', gates: ['rtb-2'] },
    ],
    [
      '37 publicly accessible to one office',
      'no',
      [...NETWORK, group('sg-db', tcp(5432, '1.1.1.1/32'))],
      database(),
      { verdict: 'yes', audience: 'partner', surface: 'tcp/5432', auth: 'db-password' },
    ],
    [
      '38 an API server for one office',
      'no',
      [],
      resource('eks-cluster', 'shop', {
        resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['1.1.1.1/32'] },
      }),
      { verdict: 'yes', audience: 'partner', surface: 'tcp/443', gates: ['publicAccessCidrs 1.1.1.1/32'] },
    ],
    [
      'an API server for halves of the internet',
      'yes',
      [],
      resource('eks-cluster', 'shop', {
        resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/1', '128.0.0.0/1'] },
      }),
      { verdict: 'yes', audience: 'internet', auth: 'iam' },
    ],
  ])('%s: %s', (...row) => check(row as unknown as Row));

  it('private ranges on open ports are a record of their own', () => {
    expect(
      recordsOf([...NETWORK, group('sg-db', { ...tcp(5432), ...from('10.0.0.0/8') })], database()),
    ).toContainEqual(expect.objectContaining({ verdict: 'yes', audience: 'corp', surface: 'tcp/5432' }));
  });
});
