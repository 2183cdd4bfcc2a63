import { describe, expect, it } from 'vitest';
import { type AddressSet, parseAddresses } from '#base/address-set.ts';
import type { JsonObject } from '#base/json-value.ts';
import {
  ALLOW_ALL,
  acl,
  expose,
  from,
  group,
  instance,
  listed,
  MAIN_PRIVATE,
  NETWORK,
  NO_BALANCERS,
  OPEN_ACL,
  PUBLIC_ROUTES,
  recordsOf,
  resource,
  routes,
  SUBNET,
  stateOf,
  TO_INTERNET,
  tcp,
  without,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

describe('an instance', () => {
  const ssh = group('sg-web', tcp(22, '0.0.0.0/0'));

  it('is public through an open group, a route, a network ACL and an address', () => {
    const exposure = expose([...NETWORK, ssh], instance('i-1'));
    expect(exposure.state).toBe('yes');
    expect(exposure.surfaces).toEqual([{ surface: 'tcp/22', audience: 'internet', auth: 'app' }]);
    expect(exposure.evidence.map((each) => each.sentence)).toEqual([
      'Network interface eni-i-1 (3.3.3.3) lets the whole internet in on tcp/22.',
      'Security group sg-web lets it in.',
      'Route table rtb-1 routes the subnet.',
      'Network ACL acl-1 filters the subnet.',
      'Assumed: VPC Block Public Access is off; aws ec2 describe-vpc-block-public-access-options was not supplied.',
    ]);
  });

  it("names the organisation's own ranges by their label", () => {
    const office = group('sg-web', tcp(22, '52.0.0.0/7'));
    const networks = [{ label: 'Berlin', addresses: parseAddresses('52.0.0.0/7') as AddressSet }];
    const exposure = expose([...NETWORK, ...NO_BALANCERS, office], instance('i-1'), { networks });
    expect(exposure.state).toBe('no');
    expect(exposure.evidence[0]?.sentence).toBe(
      "Network interface eni-i-1 (3.3.3.3) lets the organisation's own ranges (Berlin) in on tcp/22.",
    );
  });

  it.each<[string, string, readonly EstateResource[], EstateResource]>([
    ['1 no route to an internet gateway', 'no', [...without(NETWORK, PUBLIC_ROUTES), ssh], instance('i-1')],
    [
      '2 two halves of the internet',
      'yes',
      [...NETWORK, group('sg-web', tcp(22, '0.0.0.0/1'), tcp(22, '128.0.0.0/1'))],
      instance('i-1'),
    ],
    [
      'two halves on different ports are each half of it',
      'yes',
      [...NETWORK, group('sg-web', tcp(22, '0.0.0.0/1'), tcp(23, '128.0.0.0/1'))],
      instance('i-1'),
    ],
    ['one office address', 'no', [...NETWORK, group('sg-web', tcp(22, '1.1.1.1/32'))], instance('i-1')],
    ['4 Cloudflare alone', 'no', [...NETWORK, group('sg-web', tcp(443, '104.16.0.0/13'))], instance('i-1')],
    ['a range of a /7 is wide', 'yes', [...NETWORK, group('sg-web', tcp(22, '40.0.0.0/7'))], instance('i-1')],
    [
      'a range of a /8 is a partner',
      'no',
      [...NETWORK, group('sg-web', tcp(22, '40.0.0.0/8'))],
      instance('i-1'),
    ],
    [
      'ICMP alone is no surface',
      'no',
      [...NETWORK, group('sg-web', { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, ...from('0.0.0.0/0') })],
      instance('i-1'),
    ],
    [
      '3 a prefix list that holds everything',
      'yes',
      [
        ...NETWORK,
        group('sg-web', { ...tcp(443), PrefixListIds: [{ PrefixListId: 'pl-1' }] }),
        resource('prefix-list', 'pl-1', { PrefixListId: 'pl-1', Cidrs: ['0.0.0.0/0'] }),
      ],
      instance('i-1'),
    ],
    [
      'a prefix list of which entries were listed',
      'no',
      [
        ...NETWORK,
        group('sg-web', { ...tcp(443), PrefixListIds: [{ PrefixListId: 'pl-1' }] }),
        resource('prefix-list-entry', 'e', { PrefixListId: 'pl-1', Cidr: '8.8.8.8/32' }),
      ],
      instance('i-1'),
    ],
    [
      'a prefix list that nobody described',
      'unknown',
      [...NETWORK, group('sg-web', { ...tcp(443), PrefixListIds: [{ PrefixListId: 'pl-1' }] })],
      instance('i-1'),
    ],
    [
      '4 the prefix list of CloudFront',
      'no',
      [
        ...NETWORK,
        group('sg-web', { ...tcp(443), PrefixListIds: [{ PrefixListId: 'pl-1' }] }),
        resource('prefix-list', 'pl-1', {
          PrefixListId: 'pl-1',
          PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing',
          Cidrs: ['0.0.0.0/1', '128.0.0.0/1'],
        }),
      ],
      instance('i-1'),
    ],
    [
      '5 a network ACL that denies first',
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
    ],
    [
      '6 a network ACL that lets no answer out',
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
    ],
    [
      'a network ACL that lets some ephemeral ports out',
      'yes',
      [
        ...without(NETWORK, OPEN_ACL),
        acl(...ALLOW_ALL.filter((entry) => entry['Egress'] === false), {
          RuleNumber: 100,
          Protocol: '6',
          RuleAction: 'allow',
          Egress: true,
          CidrBlock: '0.0.0.0/0',
          PortRange: { From: 32768, To: 60999 },
        }),
        ssh,
      ],
      instance('i-1'),
    ],
    [
      'a network ACL without entries denies',
      'no',
      [...without(NETWORK, OPEN_ACL), acl(), ssh],
      instance('i-1'),
    ],
    [
      '8 an IPv6 address',
      'yes',
      [...NETWORK, group('sg-web', tcp(443, '::/0'))],
      instance('i-1', {}, { Association: null, Ipv6Addresses: [{ Ipv6Address: '2600:1f18::1' }] }),
    ],
    [
      'an IPv6 address behind a rule for IPv4',
      'no',
      [...NETWORK, group('sg-web', tcp(443, '0.0.0.0/0'))],
      instance('i-1', {}, { Association: null, Ipv6Addresses: [{ Ipv6Address: '2600:1f18::1' }] }),
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
      instance('i-1', {}, { Association: null, Ipv6Addresses: [{ Ipv6Address: '2600:1f18::1' }] }),
    ],
    [
      '10 Block Public Access',
      'no',
      [
        ...NETWORK,
        ssh,
        resource('vpc-block-public-access', 'option', {
          InternetGatewayBlockMode: 'block-ingress',
          ExclusionsAllowed: 'not-allowed',
        }),
      ],
      instance('i-1'),
    ],
    [
      'Block Public Access by the state of the subnet',
      'no',
      [
        ...without(NETWORK, SUBNET),
        resource('subnet', 'subnet-1', {
          SubnetId: 'subnet-1',
          BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-bidirectional' },
        }),
        ssh,
      ],
      instance('i-1'),
    ],
    [
      'Block Public Access of another region',
      'yes',
      [
        ...NETWORK,
        ssh,
        resource(
          'vpc-block-public-access',
          'option',
          { InternetGatewayBlockMode: 'block-ingress', ExclusionsAllowed: 'not-allowed' },
          'us-east-1',
        ),
      ],
      instance('i-1'),
    ],
    [
      'Block Public Access with exclusions that nobody listed',
      'unknown',
      [
        ...NETWORK,
        ssh,
        resource('vpc-block-public-access', 'option', {
          InternetGatewayBlockMode: 'block-ingress',
          ExclusionsAllowed: 'allowed',
        }),
      ],
      instance('i-1'),
    ],
    [
      '11 an exclusion in both directions',
      'yes',
      [
        ...NETWORK,
        ssh,
        resource('vpc-block-public-access', 'option', {
          InternetGatewayBlockMode: 'block-ingress',
          ExclusionsAllowed: 'allowed',
        }),
        resource('vpc-block-public-access-exclusion', 'x', {
          ResourceArn: 'arn:aws:ec2:eu-west-1:111111111111:subnet/subnet-1',
          InternetGatewayExclusionMode: 'allow-bidirectional',
        }),
      ],
      instance('i-1'),
    ],
    [
      '11 an exclusion for egress',
      'no',
      [
        ...NETWORK,
        ...listed('vpc-block-public-access-exclusion'),
        ssh,
        resource('vpc-block-public-access', 'option', {
          InternetGatewayBlockMode: 'block-ingress',
          ExclusionsAllowed: 'allowed',
        }),
        resource('vpc-block-public-access-exclusion', 'x', {
          ResourceArn: 'arn:aws:ec2:eu-west-1:111111111111:subnet/subnet-1',
          InternetGatewayExclusionMode: 'allow-egress',
        }),
      ],
      instance('i-1'),
    ],
    ['12 stopped', 'no', [...NETWORK, ssh], instance('i-1', { State: { Name: 'stopped' } })],
    [
      '19 the main table, where no other holds the subnet',
      'no',
      [...NETWORK, ssh],
      instance('i-1', {}, { SubnetId: 'subnet-2' }),
    ],
    [
      '20 a more specific way for a part of the internet',
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
    ],
    [
      'a route that is a black hole',
      'no',
      [
        ...without(NETWORK, PUBLIC_ROUTES),
        routes('rtb-1', [{ SubnetId: 'subnet-1' }], { ...TO_INTERNET, State: 'blackhole' }),
        ssh,
      ],
      instance('i-1'),
    ],
    [
      'a route to the gateway for a prefix list that nobody described',
      'unknown',
      [
        ...without(NETWORK, PUBLIC_ROUTES),
        routes('rtb-1', [{ SubnetId: 'subnet-1' }], {
          DestinationPrefixListId: 'pl-9',
          GatewayId: 'igw-1',
          State: 'active',
        }),
        ssh,
      ],
      instance('i-1'),
    ],
    [
      'a route to the gateway for a prefix list of everything',
      'yes',
      [
        ...without(NETWORK, PUBLIC_ROUTES),
        routes('rtb-1', [{ SubnetId: 'subnet-1' }], {
          DestinationPrefixListId: 'pl-9',
          GatewayId: 'igw-1',
          State: 'active',
        }),
        resource('prefix-list', 'pl-9', { PrefixListId: 'pl-9', Cidrs: ['0.0.0.0/0'] }),
        ssh,
      ],
      instance('i-1'),
    ],
    ['no public address', 'no', [...NETWORK, ssh], instance('i-1', {}, { Association: null })],
    [
      "an address of documentation is nobody's",
      'no',
      [...NETWORK, ssh],
      instance('i-1', {}, { Association: { PublicIp: '203.0.113.1' } }),
    ],
    [
      'an old description without interfaces',
      'yes',
      [...NETWORK, ssh],
      instance('i-1', {
        NetworkInterfaces: null,
        PublicIpAddress: '3.3.3.3',
        SecurityGroups: [{ GroupId: 'sg-web' }],
      }),
    ],
    [
      'one open group of two, the other not described',
      'yes',
      [...NETWORK, ssh],
      instance('i-1', {}, { Groups: [{ GroupId: 'sg-web' }, { GroupId: 'sg-lost' }] }),
    ],
    [
      'the closed group described, the other not',
      'unknown',
      [...NETWORK, group('sg-web', tcp(22, '1.1.1.1/32'))],
      instance('i-1', {}, { Groups: [{ GroupId: 'sg-web' }, { GroupId: 'sg-lost' }] }),
    ],
    ['the group not described', 'unknown', NETWORK, instance('i-1')],
    [
      'the route tables not described',
      'unknown',
      [
        ...without(NETWORK, PUBLIC_ROUTES, MAIN_PRIVATE, ...NO_BALANCERS),
        ...listed('load-balancer', 'classic-load-balancer'),
        ssh,
      ],
      instance('i-1'),
    ],
    [
      'the main table, while others may hold the subnet',
      'unknown',
      [...without(NETWORK, ...NO_BALANCERS), ...listed('load-balancer', 'classic-load-balancer'), ssh],
      instance('i-1', {}, { SubnetId: 'subnet-2' }),
    ],
    ['the network ACL not described', 'unknown', [...without(NETWORK, OPEN_ACL), ssh], instance('i-1')],
    [
      'a closed group needs no routes',
      'no',
      [...listed('load-balancer', 'classic-load-balancer'), group('sg-web', tcp(22, '1.1.1.1/32'))],
      instance('i-1'),
    ],
  ])('%s: %s', (_, state, resources, of) => {
    expect(stateOf(resources, of)).toBe(state);
  });

  it('7 is public over its second interface', () => {
    const second = {
      NetworkInterfaceId: 'eni-2',
      SubnetId: 'subnet-1',
      VpcId: 'vpc-1',
      Association: { PublicIp: '3.3.3.4' },
      Groups: [{ GroupId: 'sg-web' }],
    };
    const first = {
      NetworkInterfaceId: 'eni-1',
      SubnetId: 'subnet-2',
      VpcId: 'vpc-1',
      Groups: [{ GroupId: 'sg-web' }],
    };
    expect(
      stateOf(
        [...NETWORK, ssh],
        instance('i-1', { SubnetId: 'subnet-2', NetworkInterfaces: [first, second] }),
      ),
    ).toBe('yes');
    const attached = resource('network-interface', 'eni-2', { ...second, Attachment: { InstanceId: 'i-1' } });
    expect(
      stateOf(
        [...NETWORK, ssh, attached],
        instance('i-1', { SubnetId: 'subnet-2', NetworkInterfaces: [first] }),
      ),
    ).toBe('yes');
    expect(stateOf([...NETWORK, ssh], attached)).toBe('yes');
  });

  it('names the command that would decide', () => {
    expect(expose([...without(NETWORK, OPEN_ACL), ssh], instance('i-1')).missing).toEqual([
      'network ACLs of vpc-1: aws ec2 describe-network-acls',
    ]);
  });

  it('joins a group by its id in its own region', () => {
    const elsewhere = resource(
      'security-group',
      'sg-web',
      { GroupId: 'sg-web', IpPermissions: [tcp(22, '0.0.0.0/0')] },
      'us-east-1',
    );
    expect(stateOf([...NETWORK, elsewhere], instance('i-1'))).toBe('unknown');
  });
});

describe('the rules of a group that have ids', () => {
  const rule = (id: string, facts: JsonObject): EstateResource =>
    resource('security-group-rule', id, { SecurityGroupRuleId: id, GroupId: 'sg-web', ...facts });
  const gatesOf = (permission: JsonObject, ...rules: readonly EstateResource[]): readonly string[] =>
    recordsOf([...NETWORK, group('sg-web', permission), ...rules], instance('i-1')).flatMap(
      ({ gates }) => gates,
    );
  const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIpv4: '0.0.0.0/0' };

  it('are gates by them, each for its own protocol, ports and source', () => {
    const other = [
      rule('sgr-2', { ...https, FromPort: 80, ToPort: 80 }),
      rule('sgr-3', { ...https, CidrIpv4: '1.1.1.1/32' }),
      rule('sgr-4', { ...https, IsEgress: true }),
      rule('sgr-5', { ...https, GroupId: 'sg-other' }),
    ];
    expect(gatesOf(tcp(443, '0.0.0.0/0'), ...other)).toContain('sg-web ingress tcp/443 0.0.0.0/0');
    expect(gatesOf(tcp(443, '0.0.0.0/0'), ...other, rule('sgr-1', https))).toContain(
      'sg-web ingress tcp/443 0.0.0.0/0 (sgr-1)',
    );
  });

  it('are known where they are for all protocols, by whichever spelling', () => {
    const all = rule('sgr-1', { IpProtocol: '-1', FromPort: -1, ToPort: -1, CidrIpv6: '::/0' });
    const address = { Ipv6Addresses: [{ Ipv6Address: '2600:1f18::99' }] };
    const records = recordsOf(
      [...NETWORK, group('sg-web', { IpProtocol: '-1', ...from('::/0') }), all],
      instance('i-1', {}, address),
    );
    expect(records.flatMap(({ gates }) => gates)).toContain('sg-web ingress every tcp port ::/0 (sgr-1)');
  });
});
