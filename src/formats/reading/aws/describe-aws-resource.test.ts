import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { AWS_KINDS, type AwsKind, type AwsKindName } from './aws-kinds.ts';
import { describeAwsResource } from './describe-aws-resource.ts';

const PLACE = { account: '111111111111', region: 'eu-west-1' };
const aliases = (type: AwsKindName, raw: JsonObject): Record<string, number> =>
  Object.fromEntries(
    (describeAwsResource(type, raw, PLACE)?.aliases ?? []).map(({ text, confidence }) => [text, confidence]),
  );

/** The rows of attack-paths §1.1: 1.0 for an exact id, 0.9 for a name that is unique in its account, 0.6 for an address. */
describe('other names of a resource, and how sure each is', () => {
  it.each<[AwsKindName, JsonObject, Record<string, number>]>([
    [
      'ec2-instance',
      {
        InstanceId: 'i-0123456789abcdef0',
        PrivateDnsName: 'ip-10-0-0-4.eu-west-1.compute.internal',
        PublicDnsName: 'ec2-3-3-3-3.eu-west-1.compute.amazonaws.com',
        PrivateIpAddress: '10.0.0.4',
        PublicIpAddress: '3.3.3.3',
        NetworkInterfaces: [
          {
            Association: { PublicIp: '3.3.3.4' },
            Ipv6Addresses: [{ Ipv6Address: '2600:1f18::4' }],
            PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.5', Association: { PublicIp: '3.3.3.5' } }],
          },
        ],
      },
      {
        'i-0123456789abcdef0': 1,
        'ip-10-0-0-4.eu-west-1.compute.internal': 0.6,
        'ec2-3-3-3-3.eu-west-1.compute.amazonaws.com': 0.6,
        '10.0.0.4': 0.6,
        '10.0.0.5': 0.6,
        '3.3.3.3': 0.6,
        '3.3.3.4': 0.6,
        '3.3.3.5': 0.6,
        '2600:1f18::4': 0.6,
      },
    ],
    [
      'iam-role',
      { RoleId: 'AROAEXAMPLEID', RoleName: 'deploy', Arn: 'arn:aws:iam::111111111111:role/ci/deploy' },
      { AROAEXAMPLEID: 1, deploy: 0.9 },
    ],
    // Of a key the name of its user is no other name.
    [
      'iam-access-key',
      { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', UserName: 'ada' },
      { AKIAIOSFODNN7EXAMPLE: 0.9 },
    ],
    [
      'iam-user',
      { UserId: 'AIDAEXAMPLEID', UserName: 'ada', Arn: 'arn:aws:iam::111111111111:user/ada' },
      { AIDAEXAMPLEID: 1, ada: 0.9 },
    ],
    [
      'ecr-repository',
      {
        repositoryName: 'shop/web',
        repositoryArn: 'arn:aws:ecr:eu-west-1:111111111111:repository/shop/web',
        repositoryUri: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web',
      },
      { '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web': 1, 'shop/web': 0.9 },
    ],
    [
      'rds-instance',
      {
        DBInstanceIdentifier: 'orders',
        DBInstanceArn: 'arn:aws:rds:eu-west-1:111111111111:db:orders',
        Endpoint: { Address: 'orders.abc.eu-west-1.rds.amazonaws.com' },
      },
      { orders: 0.9, 'orders.abc.eu-west-1.rds.amazonaws.com': 0.9 },
    ],
    [
      'cloudfront-distribution',
      {
        Id: 'E1ABCDEF',
        ARN: 'arn:aws:cloudfront::111111111111:distribution/E1ABCDEF',
        DomainName: 'd1.cloudfront.net',
        Aliases: { Items: ['www.example.com'] },
      },
      { 'd1.cloudfront.net': 0.9, 'www.example.com': 0.9 },
    ],
  ])('%s', (type, raw, expected) => {
    expect(aliases(type, raw)).toEqual(expected);
  });
});

/** The store takes what has no fact for a mention, which nobody judges and no list takes away. */
it.each(Object.keys(AWS_KINDS) as AwsKindName[])('%s has a fact, however little is told of it', (type) => {
  const kind: AwsKind = AWS_KINDS[type];
  const named = {
    [kind.id]: 'one',
    ...(kind.arn === null ? {} : { [kind.arn]: 'arn:aws:x:eu-west-1:111111111111:one' }),
  };
  expect(describeAwsResource(type, named, PLACE)?.facts).not.toEqual({});
});
