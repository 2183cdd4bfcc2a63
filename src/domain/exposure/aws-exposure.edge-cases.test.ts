import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  ACCOUNT,
  ALLOW_ALL,
  acl,
  expose,
  from,
  group,
  instance,
  listed,
  MAIN_PRIVATE,
  NETWORK,
  OPEN_ACL,
  PRIVATE_SUBNET,
  PUBLIC_ROUTES,
  part,
  REGION,
  recordsOf,
  resource,
  routes,
  SUBNET,
  TO_INTERNET,
  tcp,
  VPC,
  without,
} from '../../../test/support/aws-world.ts';
import type { EstateResource, Surroundings } from '../risk/estate.ts';
import type { ExposureRecord } from './exposure-record.ts';

/** The AWS rows of attack-paths §2.9, each with its number; Kubernetes has 39 to 41, other clouds 42 to 47. */
type Row = readonly [
  title: string,
  state: 'yes' | 'no' | 'unknown',
  estate: readonly EstateResource[],
  of: EstateResource,
  /** One of its records. */
  record: Partial<ExposureRecord>,
  surroundings?: Surroundings,
];

const ssh = group('sg-web', tcp(22, '0.0.0.0/0'));
const V6 = { Association: null, Ipv6Addresses: [{ Ipv6Address: '2600:1f18::1' }] };
const PREFIX = { ...tcp(443), PrefixListIds: [{ PrefixListId: 'pl-1' }] };

function check([, state, estate, of, record, surroundings]: Row): void {
  expect(expose(estate, of, surroundings).state).toBe(state);
  expect(recordsOf(estate, of, surroundings)).toContainEqual(expect.objectContaining(record));
}

const BPA = resource('vpc-block-public-access', 'option', {
  InternetGatewayBlockMode: 'block-ingress',
  ExclusionsAllowed: 'allowed',
});
function exclusion(mode: string): EstateResource {
  return resource('vpc-block-public-access-exclusion', 'x', {
    ResourceArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:subnet/subnet-1`,
    InternetGatewayExclusionMode: mode,
  });
}

describe('an instance', () => {
  it.each<Row>([
    [
      '1 an open group and a public address, but no route to an internet gateway',
      'no',
      [...without(NETWORK, PUBLIC_ROUTES), ssh],
      instance('i-1'),
      { verdict: 'no', audience: 'internet', gates: ['rtb-2'] },
    ],
    [
      '2 two halves of the internet',
      'yes',
      [...NETWORK, group('sg-web', tcp(22, '0.0.0.0/1'), tcp(22, '128.0.0.0/1'))],
      instance('i-1'),
      {
        surface: 'tcp/22',
        audience: 'internet',
        verdict: 'yes',
        via: ['3.3.3.3', 'igw-1', 'rtb-1', 'acl-1', 'sg-web'],
        gates: [
          'public address 3.3.3.3',
          'sg-web ingress tcp/22 0.0.0.0/1',
          'rtb-1 0.0.0.0/0 to igw-1',
          'acl-1 ingress entry 100',
          'sg-web ingress tcp/22 128.0.0.0/1',
        ],
      },
    ],
    [
      '3 a managed prefix list that holds everything',
      'yes',
      [
        ...NETWORK,
        group('sg-web', PREFIX),
        resource('prefix-list', 'pl-1', { PrefixListId: 'pl-1', Cidrs: ['0.0.0.0/0'] }),
      ],
      instance('i-1'),
      { surface: 'tcp/443', audience: 'internet', verdict: 'yes' },
    ],
    [
      '4 the prefix list of CloudFront',
      'no',
      [
        ...NETWORK,
        group('sg-web', PREFIX),
        resource('prefix-list', 'pl-1', {
          PrefixListId: 'pl-1',
          PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing',
        }),
      ],
      instance('i-1'),
      { surface: 'tcp/443', audience: 'cdn-only', verdict: 'yes' },
    ],
    [
      '5 a network ACL that denies at 90 and allows at 100',
      'no',
      [
        ...without(NETWORK, OPEN_ACL),
        acl(
          { RuleNumber: 90, Protocol: '-1', RuleAction: 'deny', Egress: false, CidrBlock: '0.0.0.0/0' },
          ...ALLOW_ALL,
        ),
        ssh,
      ],
      instance('i-1'),
      { verdict: 'no', gates: ['acl-1'] },
    ],
    [
      '6 a network ACL that lets no answer out to ephemeral ports',
      'no',
      [
        ...without(NETWORK, OPEN_ACL),
        acl(...ALLOW_ALL.filter((entry) => entry['Egress'] === false), {
          RuleNumber: 100,
          Protocol: '6',
          RuleAction: 'allow',
          Egress: true,
          CidrBlock: '0.0.0.0/0',
          PortRange: { From: 443, To: 443 },
        }),
        ssh,
      ],
      instance('i-1'),
      { verdict: 'no', gates: ['acl-1'] },
    ],
    [
      '7 the second interface in a public subnet',
      'yes',
      [...NETWORK, ssh],
      instance('i-1', {
        SubnetId: 'subnet-2',
        NetworkInterfaces: [
          { NetworkInterfaceId: 'eni-1', SubnetId: 'subnet-2', Groups: [{ GroupId: 'sg-web' }] },
          {
            NetworkInterfaceId: 'eni-2',
            SubnetId: 'subnet-1',
            Association: { PublicIp: '3.3.3.4' },
            Groups: [{ GroupId: 'sg-web' }],
          },
        ],
      }),
      { verdict: 'yes', via: ['3.3.3.4', 'igw-1', 'rtb-1', 'acl-1', 'sg-web'] },
    ],
    [
      '8 a global IPv6 address, a rule for ::/0, a route for IPv6',
      'yes',
      [...NETWORK, group('sg-web', tcp(443, '::/0'))],
      instance('i-1', {}, V6),
      { surface: 'tcp/443', audience: 'internet', verdict: 'yes' },
    ],
    [
      '9 IPv6 through an egress-only gateway',
      'no',
      [
        ...without(NETWORK, PUBLIC_ROUTES),
        routes('rtb-1', [{ SubnetId: 'subnet-1' }], TO_INTERNET, {
          DestinationIpv6CidrBlock: '::/0',
          EgressOnlyInternetGatewayId: 'eigw-1',
          State: 'active',
        }),
        group('sg-web', tcp(443, '::/0')),
      ],
      instance('i-1', {}, V6),
      { verdict: 'no', gates: ['rtb-1'] },
    ],
    [
      '10 VPC Block Public Access',
      'no',
      [...NETWORK, ssh, BPA, ...listed('vpc-block-public-access-exclusion')],
      instance('i-1'),
      { verdict: 'no', gates: ['option'] },
    ],
    [
      '11 VPC Block Public Access with an exclusion in both directions',
      'yes',
      [...NETWORK, ssh, BPA, exclusion('allow-bidirectional')],
      instance('i-1'),
      { verdict: 'yes', audience: 'internet' },
    ],
    [
      '11 an exclusion for egress alone',
      'no',
      [...NETWORK, ssh, BPA, exclusion('allow-egress'), ...listed('vpc-block-public-access-exclusion')],
      instance('i-1'),
      { verdict: 'no', gates: ['option'] },
    ],
    [
      '12 stopped',
      'no',
      [...NETWORK, ssh],
      instance('i-1', { State: { Name: 'stopped' } }),
      { verdict: 'no', isDormant: true, surface: 'tcp/22' },
    ],
    [
      '12 stopped, and closed anyway',
      'no',
      [...NETWORK, group('sg-web')],
      instance('i-1', { State: { Name: 'stopped' } }),
      { verdict: 'no', gates: ['sg-web'] },
    ],
    [
      '19 no table holds the subnet, so the main one does',
      'yes',
      [...without(NETWORK, PUBLIC_ROUTES, MAIN_PRIVATE), routes('rtb-9', [{ Main: true }], TO_INTERNET), ssh],
      instance('i-1'),
      { verdict: 'yes', via: ['3.3.3.3', 'igw-1', 'rtb-9', 'acl-1', 'sg-web'] },
    ],
    [
      '20 a more specific way for half of the internet',
      'yes',
      [
        ...without(NETWORK, PUBLIC_ROUTES),
        routes('rtb-1', [{ SubnetId: 'subnet-1' }], TO_INTERNET, {
          DestinationCidrBlock: '0.0.0.0/1',
          TransitGatewayId: 'tgw-1',
          State: 'active',
        }),
        ssh,
      ],
      instance('i-1'),
      { verdict: 'yes', audience: 'internet-wide' },
    ],
    [
      '20 a more specific black hole',
      'yes',
      [
        ...without(NETWORK, PUBLIC_ROUTES),
        routes('rtb-1', [{ SubnetId: 'subnet-1' }], TO_INTERNET, {
          DestinationCidrBlock: '128.0.0.0/1',
          GatewayId: 'igw-1',
          State: 'blackhole',
        }),
        ssh,
      ],
      instance('i-1'),
      { verdict: 'yes', audience: 'internet-wide' },
    ],
    [
      "the organisation's own ranges are no strangers",
      'no',
      [...NETWORK, group('sg-web', tcp(22, '40.0.0.0/7'))],
      instance('i-1'),
      { verdict: 'yes', audience: 'corp' },
      {
        networks: [
          { label: 'Berlin', addresses: { v4: [{ first: 40 * 2 ** 24, last: 42 * 2 ** 24 - 1 }], v6: [] } },
        ],
      },
    ],
    [
      'a firewall that inspects what comes in and goes out',
      'unknown',
      [
        ...without(NETWORK, PUBLIC_ROUTES),
        routes('rtb-1', [{ SubnetId: 'subnet-1' }], {
          DestinationCidrBlock: '0.0.0.0/0',
          GatewayId: 'vpce-1',
          State: 'active',
        }),
        routes('rtb-edge', [{ GatewayId: 'igw-1' }], {
          DestinationCidrBlock: '10.0.0.0/24',
          GatewayId: 'vpce-1',
          State: 'active',
        }),
        ssh,
      ],
      instance('i-1'),
      { verdict: 'unknown', audience: 'internet', surface: 'tcp/22' },
    ],
    [
      'a firewall on the way out alone',
      'no',
      [
        ...without(NETWORK, PUBLIC_ROUTES),
        routes('rtb-1', [{ SubnetId: 'subnet-1' }], {
          DestinationCidrBlock: '0.0.0.0/0',
          GatewayId: 'vpce-1',
          State: 'active',
        }),
        ssh,
      ],
      instance('i-1'),
      { verdict: 'no', gates: ['rtb-1'] },
    ],
    [
      'an appliance on the way in alone',
      'yes',
      [
        ...NETWORK,
        routes('rtb-edge', [{ GatewayId: 'igw-1' }], {
          DestinationCidrBlock: '10.0.0.0/24',
          NetworkInterfaceId: 'eni-fw',
          State: 'active',
        }),
        ssh,
      ],
      instance('i-1'),
      { verdict: 'yes', via: ['3.3.3.3', 'igw-1', 'eni-fw', 'rtb-1', 'acl-1', 'sg-web'] },
    ],
  ])('%s: %s', (...row) => check(row as unknown as Row));

  it('49 an ECS task follows its interface', () => {
    const nic = resource('network-interface', 'eni-7', {
      NetworkInterfaceId: 'eni-7',
      SubnetId: 'subnet-1',
      VpcId: 'vpc-1',
      Association: { PublicIp: '3.3.3.7' },
      Groups: [{ GroupId: 'sg-web' }],
    });
    const task = resource('ecs-task', 'task-1', {
      taskArn: 'arn:aws:ecs:eu-west-1:111111111111:task/shop/1',
      group: 'service:shop',
      lastStatus: 'RUNNING',
      attachments: [
        { type: 'ElasticNetworkInterface', details: [{ name: 'networkInterfaceId', value: 'eni-7' }] },
      ],
    });
    check([
      '',
      'yes',
      [...NETWORK, ssh, nic],
      task,
      { surface: 'tcp/22', audience: 'internet', verdict: 'yes' },
    ]);
    const service = resource('ecs-service', 'shop', { serviceName: 'shop' });
    check(['', 'yes', [...NETWORK, ssh, nic, task], service, { surface: 'tcp/22', verdict: 'yes' }]);
    const closed = { ...nic, facts: { ...nic.facts, Association: null } };
    check(['', 'no', [...NETWORK, ssh, closed], task, { verdict: 'no' }]);
    check(['', 'unknown', [...NETWORK, ssh], task, { verdict: 'unknown' }]);
  });
});

const LB = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/web/1`;
const TG = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/web/1`;
const LISTENER = LB.replace(':loadbalancer/', ':listener/');
const forward: JsonObject = { Type: 'forward', TargetGroupArn: TG };

function balancer(facts: JsonObject = {}): EstateResource {
  return resource('load-balancer', 'web', {
    LoadBalancerArn: LB,
    DNSName: 'web-1.eu-west-1.elb.amazonaws.com',
    Type: 'application',
    Scheme: 'internet-facing',
    VpcId: 'vpc-1',
    SecurityGroups: ['sg-lb'],
    AvailabilityZones: [{ SubnetId: 'subnet-1' }],
    ...facts,
  });
}
function listener(port: number, protocol: string, ...actions: readonly JsonObject[]): EstateResource {
  return resource('listener', `${LISTENER}/${port}`, {
    ListenerArn: `${LISTENER}/${port}`,
    LoadBalancerArn: LB,
    Port: port,
    Protocol: protocol,
    DefaultActions: [...actions],
  });
}
function rule(...actions: readonly JsonObject[]): EstateResource {
  return resource('listener-rule', 'r', {
    RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/1`,
    Actions: [...actions],
  });
}
function targets(facts: JsonObject = {}): EstateResource {
  return resource('target-group', 'web', {
    TargetGroupArn: TG,
    TargetGroupName: 'web',
    TargetType: 'instance',
    Protocol: 'HTTP',
    Port: 8080,
    VpcId: 'vpc-1',
    LoadBalancerArns: [LB],
    ...facts,
  });
}
function target(id: string): EstateResource {
  return resource('target-health', `web/${id}`, { TargetGroup: 'web', Id: id, Port: 8080 });
}
const LB_NETWORK = [VPC, SUBNET, PRIVATE_SUBNET, PUBLIC_ROUTES, MAIN_PRIVATE, OPEN_ACL].concat(
  listed(
    'load-balancer',
    'classic-load-balancer',
    'target-group',
    'listener',
    'route-table',
    'network-interface',
  ),
);
const open = group('sg-lb', tcp(443, '0.0.0.0/0'));
const behind = instance('i-1', {}, { Association: null });
const fromBalancer = group('sg-web', { ...tcp(8080), UserIdGroupPairs: [{ GroupId: 'sg-lb' }] });
const fromVpc = group('sg-web', tcp(8080, '10.0.0.0/16'));
const nlb = balancer({ Type: 'network', SecurityGroups: [] });
const oidc = [{ Type: 'authenticate-oidc', Order: 1 }, forward];

const ACCELERATOR = resource(
  'global-accelerator',
  'ga',
  { AcceleratorArn: 'arn:aws:globalaccelerator::111111111111:accelerator/1', Name: 'ga', Enabled: true },
  null,
);
const ACCELERATED = [
  ACCELERATOR,
  resource(
    'accelerator-listener',
    'l',
    {
      ListenerArn: 'arn:aws:globalaccelerator::111111111111:accelerator/1/listener/2',
      Protocol: 'TCP',
      PortRanges: [{ FromPort: 443, ToPort: 443 }],
    },
    null,
  ),
  resource(
    'accelerator-endpoint-group',
    'g',
    {
      EndpointGroupArn: 'arn:aws:globalaccelerator::111111111111:accelerator/1/listener/2/endpoint-group/3',
      EndpointDescriptions: [{ EndpointId: LB, ClientIPPreservationEnabled: true }],
    },
    null,
  ),
];
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

describe('a load balancer and what stands behind it', () => {
  it.each<Row>([
    [
      '13 a listener on 443, a group that opens 80 alone',
      'no',
      [...LB_NETWORK, group('sg-lb', tcp(80, '0.0.0.0/0')), listener(443, 'HTTPS', forward)],
      balancer(),
      { verdict: 'no', surface: 'tcp/443', gates: ['sg-lb'] },
    ],
    [
      '14 a login: the load balancer answers everybody',
      'yes',
      [...LB_NETWORK, open, listener(443, 'HTTPS', ...oidc), rule(...oidc)],
      balancer(),
      { verdict: 'yes', audience: 'internet', auth: 'oidc' },
    ],
    [
      '14 a login: the target is behind it',
      'no',
      [
        ...LB_NETWORK,
        open,
        balancer(),
        listener(443, 'HTTPS', ...oidc),
        rule(...oidc),
        targets(),
        target('i-1'),
        fromBalancer,
      ],
      behind,
      { verdict: 'no', auth: 'oidc' },
    ],
    [
      '15 a network load balancer keeps client addresses, the target admits the VPC alone',
      'no',
      [
        ...LB_NETWORK,
        nlb,
        listener(443, 'TCP', forward),
        targets({ Protocol: 'TCP' }),
        target('i-1'),
        fromVpc,
      ],
      behind,
      { verdict: 'no', gates: ['sg-web'], via: ['web', 'web'] },
    ],
    [
      '15 the same where the attribute says that they are not kept',
      'yes',
      [
        ...LB_NETWORK,
        nlb,
        listener(443, 'TCP', forward),
        targets({ Protocol: 'TCP' }),
        part('target-group', 'web', { PreserveClientIp: 'false' }),
        target('i-1'),
        fromVpc,
      ],
      behind,
      { verdict: 'yes', surface: 'tcp/8080 through web' },
    ],
    [
      "15 a reference to the load balancer's own group holds with kept addresses",
      'yes',
      [
        ...LB_NETWORK,
        open,
        balancer({ Type: 'network' }),
        listener(443, 'TCP', forward),
        targets({ Protocol: 'TCP' }),
        target('i-1'),
        fromBalancer,
      ],
      behind,
      { verdict: 'yes', surface: 'tcp/8080 through web' },
    ],
    [
      '16 targets by address see the load balancer',
      'yes',
      [
        ...LB_NETWORK,
        nlb,
        listener(443, 'TCP', forward),
        targets({ TargetType: 'ip', Protocol: 'TCP' }),
        target('10.0.0.10'),
        fromVpc,
      ],
      behind,
      { verdict: 'yes', audience: 'internet', surface: 'tcp/8080 through web' },
    ],
    [
      '18 internal, behind Global Accelerator',
      'yes',
      [...LB_NETWORK, open, ...ACCELERATED, listener(443, 'HTTPS', forward)],
      balancer({ Scheme: 'internal' }),
      { verdict: 'yes', audience: 'internet', via: ['ga', 'web'], surface: 'tcp/443 through ga' },
    ],
    [
      '18 the accelerator keeps client addresses, and the group admits none',
      'no',
      [
        ...LB_NETWORK,
        group('sg-lb', tcp(443, '10.0.0.0/8')),
        ...ACCELERATED,
        listener(443, 'HTTPS', forward),
      ],
      balancer({ Scheme: 'internal' }),
      { verdict: 'no', via: ['ga'], gates: ['sg-lb'] },
    ],
    [
      '18 internal, the VPC origin of a distribution',
      'yes',
      [
        ...LB_NETWORK,
        open,
        distribution({ DomainName: 'x', VpcOriginConfig: { VpcOriginId: 'vo-1' } }),
        resource('cloudfront-vpc-origin', 'vo', { Id: 'vo-1', OriginEndpointArn: LB }, null),
        listener(443, 'HTTPS', forward),
      ],
      balancer({ Scheme: 'internal' }),
      { verdict: 'yes', audience: 'internet', via: ['E1', 'web'] },
    ],
    [
      '18 a distribution that asks for signed addresses',
      'no',
      [
        ...LB_NETWORK,
        open,
        distribution(
          { DomainName: 'web-1.eu-west-1.elb.amazonaws.com' },
          { TrustedKeyGroups: { Enabled: true } },
        ),
        listener(443, 'HTTPS', forward),
      ],
      balancer({ Scheme: 'internal' }),
      { verdict: 'no', auth: 'signed-url' },
    ],
    [
      'the target of an accelerated load balancer',
      'yes',
      [
        ...LB_NETWORK,
        open,
        ...ACCELERATED,
        balancer({ Scheme: 'internal' }),
        listener(443, 'HTTPS', forward),
        targets(),
        target('i-1'),
        fromBalancer,
      ],
      behind,
      { verdict: 'yes', via: ['ga', 'web', 'web', 'web', 'sg-web'] },
    ],
    [
      'a target of an auto scaling group, which nobody else names',
      'yes',
      [
        ...LB_NETWORK,
        open,
        balancer(),
        listener(443, 'HTTPS', forward),
        targets(),
        resource('auto-scaling-group', 'web', { TargetGroupARNs: [TG], Instances: [{ InstanceId: 'i-1' }] }),
        fromBalancer,
      ],
      behind,
      { verdict: 'yes', surface: 'tcp/8080 through web' },
    ],
    [
      'client certificates of an own authority',
      'yes',
      [
        ...LB_NETWORK,
        open,
        resource('listener', 'l', {
          ListenerArn: `${LISTENER}/443`,
          LoadBalancerArn: LB,
          Port: 443,
          Protocol: 'HTTPS',
          MutualAuthentication: { Mode: 'verify' },
          DefaultActions: [forward],
        }),
      ],
      balancer(),
      { verdict: 'yes', auth: 'mtls' },
    ],
  ])('%s: %s', (...row) => check(row as unknown as Row));

  it('17 a target by address in a peered VPC', () => {
    const theirs = instance(
      'i-1',
      { VpcId: 'vpc-2', SubnetId: 'subnet-9' },
      { Association: null, VpcId: 'vpc-2', SubnetId: 'subnet-9', PrivateIpAddress: '10.9.0.5' },
    );
    const peered = (destination: string, ...more: readonly JsonObject[]): EstateResource =>
      resource('route-table', 'rtb-9', {
        RouteTableId: 'rtb-9',
        VpcId: 'vpc-2',
        Associations: [{ SubnetId: 'subnet-9' }],
        Routes: [
          { DestinationCidrBlock: '10.9.0.0/16', GatewayId: 'local', State: 'active' },
          { DestinationCidrBlock: destination, VpcPeeringConnectionId: 'pcx-1', State: 'active' },
          ...more,
        ],
      });
    const there = routes('rtb-1', [{ SubnetId: 'subnet-1' }], TO_INTERNET, {
      DestinationCidrBlock: '10.9.0.0/16',
      VpcPeeringConnectionId: 'pcx-1',
      State: 'active',
    });
    const estate = [
      ...without(LB_NETWORK, PUBLIC_ROUTES),
      open,
      balancer(),
      listener(443, 'HTTPS', forward),
      targets({ TargetType: 'ip' }),
      target('10.9.0.5'),
      fromVpc,
    ];
    check([
      '',
      'yes',
      [...estate, there, peered('10.0.0.0/16')],
      theirs,
      { verdict: 'yes', via: ['igw-1', 'rtb-1', 'acl-1', 'sg-lb', 'web', 'web', 'pcx-1', 'sg-web'] },
    ]);
    // No way there, or none back.
    expect(expose([...estate, PUBLIC_ROUTES, peered('10.0.0.0/16')], theirs).state).toBe('no');
    expect(expose([...estate, there, peered('10.77.0.0/16')], theirs).state).toBe('no');
    // The address belongs to a machine of the group's own VPC.
    const twin = instance(
      'i-2',
      { VpcId: 'vpc-2' },
      { Association: null, VpcId: 'vpc-2', PrivateIpAddress: '10.0.0.10' },
    );
    expect(expose([...estate, there, peered('10.0.0.0/16'), target('10.0.0.10')], twin).state).toBe('no');
  });
});

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
