import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  ALLOW_ALL,
  acl,
  expose,
  group,
  instance,
  listed,
  NETWORK,
  OPEN_ACL,
  PUBLIC_ROUTES,
  resource,
  routes,
  SUBNET,
  tcp,
  without,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/**
 * Every row for AWS of the reference product's own table (reference-behaviour §3.2), as it answers and as we do; and what
 * rows 24 to 26 of its edge cases (§14) say of AWS.
 * Where the two differ, the title says why; the difference is a row of the page of defaults.
 */
type Row = readonly [
  title: string,
  theirs: 'yes' | 'no',
  ours: 'yes' | 'no' | 'unknown',
  estate: readonly EstateResource[],
  of: EstateResource,
];

const OFF: JsonObject = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const ACCOUNT_OFF = resource('s3-account-public-access-block', 'account', { PublicAccessBlock: OFF }, null);
const everybody: JsonObject = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };

function bucket(facts: JsonObject): EstateResource {
  return resource(
    's3-bucket',
    'shop',
    {
      Name: 'shop',
      PublicAccessBlock: OFF,
      ObjectOwnership: 'BucketOwnerEnforced',
      Policy: { Statement: [everybody] },
      ...facts,
    },
    null,
  );
}
function trail(name: string): EstateResource {
  return resource('cloudtrail-trail', 'main', { Name: 'main', S3BucketName: name });
}
function database(type: string, facts: JsonObject = {}): EstateResource {
  return type === 'rds-instance'
    ? resource(type, 'orders', {
        DBInstanceIdentifier: 'orders',
        PubliclyAccessible: true,
        Endpoint: { Port: 5432 },
        DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-1' }] },
        VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-web' }],
        ...facts,
      })
    : resource(type, 'orders', {
        ClusterIdentifier: 'orders',
        PubliclyAccessible: true,
        Endpoint: { Port: 5439 },
        VpcId: 'vpc-1',
        ClusterSubnetGroupName: 'group',
        VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-web' }],
        ...facts,
      });
}
const SUBNET_GROUP = resource('redshift-subnet-group', 'group', {
  ClusterSubnetGroupName: 'group',
  Subnets: [{ SubnetIdentifier: 'subnet-1' }],
});
const anyPort = group('sg-web', { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
const LB = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/1';
const TG = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/1';
function balancer(facts: JsonObject = {}): EstateResource {
  return resource('load-balancer', 'web', {
    LoadBalancerArn: LB,
    Type: 'application',
    Scheme: 'internet-facing',
    VpcId: 'vpc-1',
    SecurityGroups: ['sg-lb'],
    AvailabilityZones: [{ SubnetId: 'subnet-1' }],
    ...facts,
  });
}
const listener = resource('listener', 'l', {
  ListenerArn: `${LB.replace(':loadbalancer/', ':listener/')}/443`,
  LoadBalancerArn: LB,
  Port: 443,
  Protocol: 'HTTPS',
  DefaultActions: [{ Type: 'forward', TargetGroupArn: TG }],
});
const targetGroup = resource('target-group', 'web', {
  TargetGroupArn: TG,
  TargetGroupName: 'web',
  TargetType: 'instance',
  Protocol: 'HTTP',
  Port: 8080,
  VpcId: 'vpc-1',
  LoadBalancerArns: [LB],
});
const openBalancer = group('sg-lb', tcp(443, '0.0.0.0/0'));
const fromBalancer = group('sg-web', { ...tcp(8080), UserIdGroupPairs: [{ GroupId: 'sg-lb' }] });
const behind = instance('i-1', {}, { Association: null });
const ROUTES_V6 = routes('rtb-1', [{ SubnetId: 'subnet-1' }], {
  DestinationIpv6CidrBlock: '::/0',
  GatewayId: 'igw-1',
  State: 'active',
});
const SUBNET_V6: EstateResource = {
  ...SUBNET,
  facts: { ...SUBNET.facts, Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2a05:d018::/64' }] },
};
const scaling = resource('auto-scaling-group', 'web', {
  TargetGroupARNs: [TG],
  Instances: [{ InstanceId: 'i-1' }],
});
const registered = resource('target-health', 'web/i-1', { TargetGroup: 'web', Id: 'i-1', Port: 8080 });

describe('the reference product', () => {
  it.each([
    ['a bucket with a policy for everybody', 'yes', 'yes', [ACCOUNT_OFF], bucket({})],
    [
      'a bucket whose public policies are restricted',
      'no',
      'no',
      [ACCOUNT_OFF],
      bucket({ PublicAccessBlock: { ...OFF, RestrictPublicBuckets: true } }),
    ],
    [
      'a bucket of an account that restricts public policies (§14, 25)',
      'no',
      'no',
      [
        resource(
          's3-account-public-access-block',
          'account',
          { PublicAccessBlock: { ...OFF, RestrictPublicBuckets: true } },
          null,
        ),
      ],
      bucket({}),
    ],
    [
      'a bucket whose list names everybody: we look at lists, as it did before',
      'no',
      'yes',
      [ACCOUNT_OFF],
      bucket({
        ObjectOwnership: 'ObjectWriter',
        Policy: { Statement: [] },
        Grants: [
          {
            Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
            Permission: 'READ',
          },
        ],
      }),
    ],
    [
      'a bucket for one network (§14, 26)',
      'no',
      'no',
      [ACCOUNT_OFF],
      bucket({
        Policy: {
          Statement: [{ ...everybody, Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }],
        },
      }),
    ],
    [
      'a bucket whose policy has a condition that restricts nobody: we read conditions',
      'no',
      'yes',
      [ACCOUNT_OFF],
      bucket({
        Policy: {
          Statement: [{ ...everybody, Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }],
        },
      }),
    ],
    [
      'a bucket with an organisation in the condition',
      'no',
      'no',
      [ACCOUNT_OFF],
      bucket({
        Policy: {
          Statement: [{ ...everybody, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }],
        },
      }),
    ],
    [
      'a bucket whose policy lets everybody list: we look at every action',
      'no',
      'yes',
      [ACCOUNT_OFF],
      bucket({ Policy: { Statement: [{ ...everybody, Action: 's3:ListBucket' }] } }),
    ],
    ['a trail into a public bucket', 'yes', 'yes', [ACCOUNT_OFF, bucket({})], trail('shop')],
    [
      'a trail into a private bucket',
      'no',
      'no',
      [ACCOUNT_OFF, bucket({ Policy: { Statement: [] } })],
      trail('shop'),
    ],
    ['a subnet with a route and an open network ACL', 'yes', 'yes', NETWORK, SUBNET],
    ['a subnet without a route', 'no', 'no', without(NETWORK, PUBLIC_ROUTES), SUBNET],
    [
      'a subnet with a route for IPv6 alone',
      'yes',
      'yes',
      [...without(NETWORK, PUBLIC_ROUTES, SUBNET), ROUTES_V6, SUBNET_V6],
      SUBNET_V6,
    ],
    [
      'a subnet whose network ACL lets nobody out',
      'no',
      'no',
      [...without(NETWORK, OPEN_ACL), acl(...ALLOW_ALL.filter((entry) => entry['Egress'] === false))],
      SUBNET,
    ],
    [
      'a subnet whose network ACL denies first: we read entries in their order',
      'yes',
      'no',
      [
        ...without(NETWORK, OPEN_ACL),
        acl(
          { RuleNumber: 90, Protocol: '-1', RuleAction: 'deny', Egress: false, CidrBlock: '0.0.0.0/0' },
          ...ALLOW_ALL.filter((entry) => entry['CidrBlock'] !== undefined),
        ),
      ],
      SUBNET,
    ],
    [
      'a Redshift cluster, public, in a public subnet, with an open group',
      'yes',
      'yes',
      [...NETWORK, SUBNET_GROUP, anyPort],
      database('redshift-cluster'),
    ],
    [
      'a Redshift cluster with its switch off',
      'no',
      'no',
      [...NETWORK, SUBNET_GROUP, anyPort],
      database('redshift-cluster', { PubliclyAccessible: false }),
    ],
    [
      'a database, public, in a public subnet, with an open group',
      'yes',
      'yes',
      [...NETWORK, anyPort],
      database('rds-instance'),
    ],
    [
      'a database whose group opens another port: we match ports',
      'yes',
      'no',
      [...NETWORK, group('sg-web', tcp(22, '0.0.0.0/0'))],
      database('rds-instance'),
    ],
    [
      'a snapshot of a database for all',
      'yes',
      'yes',
      [],
      resource('rds-snapshot', 's', { Restore: ['all'] }),
    ],
    [
      'a load balancer that faces the internet with an open group',
      'yes',
      'yes',
      [...NETWORK, openBalancer, listener],
      balancer(),
    ],
    [
      'a load balancer whose group opens a port without a listener: we match ports',
      'yes',
      'no',
      [...NETWORK, group('sg-lb', tcp(80, '0.0.0.0/0')), listener],
      balancer(),
    ],
    [
      'an internal load balancer',
      'no',
      'no',
      [...NETWORK, openBalancer, listener],
      balancer({ Scheme: 'internal' }),
    ],
    ['an instance (a) of its own', 'yes', 'yes', [...NETWORK, anyPort], instance('i-1')],
    [
      'an instance with a route for IPv6 alone (§14, 24): we look at both families',
      'no',
      'yes',
      [...without(NETWORK, PUBLIC_ROUTES), ROUTES_V6, group('sg-web', tcp(22, '::/0'))],
      instance('i-1', {}, { Association: null, Ipv6Addresses: [{ Ipv6Address: '2a05:d018::1' }] }),
    ],
    [
      'an instance in halves of the internet: we join ranges',
      'no',
      'yes',
      [...NETWORK, group('sg-web', tcp(22, '0.0.0.0/1'), tcp(22, '128.0.0.0/1'))],
      instance('i-1'),
    ],
    [
      'an instance (b) through a load balancer and auto scaling',
      'yes',
      'yes',
      [...NETWORK, openBalancer, balancer(), listener, targetGroup, scaling, fromBalancer],
      behind,
    ],
    [
      'an instance (b) that auto scaling launched when the targets were listed already (§14, 24)',
      'yes',
      'yes',
      [
        ...NETWORK,
        openBalancer,
        balancer(),
        listener,
        targetGroup,
        resource('target-health', 'web/i-0', { TargetGroup: 'web', Id: 'i-0', Port: 8080 }),
        scaling,
        fromBalancer,
      ],
      behind,
    ],
    [
      'an instance (c) that is a target',
      'yes',
      'yes',
      [...NETWORK, openBalancer, balancer(), listener, targetGroup, registered, fromBalancer],
      behind,
    ],
    [
      'an instance (c) whose group admits the ranges of the VPC',
      'yes',
      'yes',
      [
        ...NETWORK,
        openBalancer,
        balancer(),
        listener,
        targetGroup,
        registered,
        group('sg-web', tcp(8080, '10.0.0.0/16')),
      ],
      behind,
    ],
    [
      'a search domain with a public endpoint and a policy for everybody',
      'yes',
      'yes',
      [],
      resource('opensearch-domain', 'logs', {
        Endpoint: 'search-logs.eu-west-1.es.amazonaws.com',
        AccessPolicies: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'es:*', Resource: '*' }] },
      }),
    ],
    [
      'a search domain with a public endpoint and a closed policy: we read the policy',
      'yes',
      'no',
      [],
      resource('opensearch-domain', 'logs', {
        Endpoint: 'search-logs.eu-west-1.es.amazonaws.com',
        AccessPolicies: { Statement: [] },
      }),
    ],
    [
      'a search domain in a VPC',
      'no',
      'no',
      [],
      resource('opensearch-domain', 'logs', { VPCOptions: { VPCId: 'vpc-1' }, Endpoints: { vpc: 'x' } }),
    ],
    ['a public image of its own', 'yes', 'yes', NETWORK, resource('ami', 'a', { Public: true })],
    [
      'a public image of Amazon',
      'no',
      'no',
      [],
      resource('ami', 'a', { Public: true, ImageOwnerAlias: 'amazon' }),
    ],
    [
      'a public image of the marketplace',
      'no',
      'no',
      [],
      resource('ami', 'a', { Public: true, ImageOwnerAlias: 'aws-marketplace' }),
    ],
    [
      'a snapshot of a volume for all',
      'yes',
      'yes',
      [],
      resource('snapshot', 's', { CreateVolumePermissions: ['all'] }),
    ],
    [
      'an API server for 0.0.0.0/0',
      'yes',
      'yes',
      [],
      resource('eks-cluster', 'c', {
        resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] },
      }),
    ],
    [
      'an API server for both halves: we join ranges',
      'no',
      'yes',
      [],
      resource('eks-cluster', 'c', {
        resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/1', '128.0.0.0/1'] },
      }),
    ],
    [
      'a queue for everybody',
      'yes',
      'yes',
      [],
      resource('sqs-queue', 'q', {
        Policy: { Statement: [{ ...everybody, Action: 'sqs:SendMessage' }] },
      }),
    ],
    [
      'a queue for everybody of one organisation (§14, 26)',
      'no',
      'no',
      [],
      resource('sqs-queue', 'q', {
        Policy: {
          Statement: [
            {
              ...everybody,
              Principal: { AWS: '*' },
              Action: 'sqs:SendMessage',
              Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
            },
          ],
        },
      }),
    ],
    [
      'a function for every account',
      'yes',
      'yes',
      [],
      resource('lambda-function', 'f', {
        FunctionName: 'f',
        Policy: { Statement: [{ ...everybody, Principal: { AWS: '*' }, Action: 'lambda:InvokeFunction' }] },
      }),
    ],
    [
      'a function for everybody',
      'yes',
      'yes',
      [],
      resource('lambda-function', 'f', {
        FunctionName: 'f',
        Policy: { Statement: [{ ...everybody, Action: 'lambda:InvokeFunction' }] },
      }),
    ],
    [
      'a function for everybody, but for one account: we read conditions',
      'yes',
      'no',
      [],
      resource('lambda-function', 'f', {
        FunctionName: 'f',
        Policy: {
          Statement: [
            {
              ...everybody,
              Action: 'lambda:InvokeFunction',
              Condition: { StringEquals: { 'aws:SourceAccount': '222222222222' } },
            },
          ],
        },
      }),
    ],
    [
      'a database of which nobody says whether it is public: unknown is not no',
      'no',
      'unknown',
      listed('rds-instance'),
      database('rds-instance', { PubliclyAccessible: null }),
    ],
  ] satisfies readonly Row[])('%s: there %s, here %s', (title, theirs, ours, estate, of) => {
    expect(expose(estate, of).state).toBe(ours);
    expect(title.includes(': ')).toBe(theirs !== ours);
  });
});
