import { describe, it } from 'vitest';
import {
  ACCOUNT,
  ALLOW_ALL,
  acl,
  group,
  instance,
  listed,
  MAIN_PRIVATE,
  NETWORK,
  OPEN_ACL,
  PUBLIC_ROUTES,
  REGION,
  resource,
  routes,
  TO_INTERNET,
  tcp,
  without,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { checkEdgeCase as check, type EdgeCase as Row } from './aws-exposure.test-sample.ts';

const ssh = group('sg-web', tcp(22, '0.0.0.0/0'));
const V6 = { Association: null, Ipv6Addresses: [{ Ipv6Address: '2600:1f18::1' }] };
const PREFIX = { ...tcp(443), PrefixListIds: [{ PrefixListId: 'pl-1' }] };

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
        acl(...ALLOW_ALL, {
          RuleNumber: 90,
          Protocol: '-1',
          RuleAction: 'deny',
          Egress: false,
          CidrBlock: '0.0.0.0/0',
        }),
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
