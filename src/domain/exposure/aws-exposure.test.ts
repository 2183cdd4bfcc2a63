import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../risk/estate.ts';
import { AwsEstate } from './aws-estate.ts';
import { awsExposure } from './aws-exposure.ts';
import type { AwsExposure } from './aws-exposure-record.ts';

const REGION = 'eu-west-1';
const ACCOUNT = '111111111111';
const NOW = Date.UTC(2026, 9, 1);

function resource(
  type: string,
  name: string,
  facts: JsonObject,
  region: string | null = REGION,
): EstateResource {
  return {
    key: `aws:arn:aws:${type}:${region ?? ''}:${ACCOUNT}:${name}`,
    type,
    name,
    account: ACCOUNT,
    region,
    tags: {},
    facts,
    seenAt: NOW,
    provenance: 'aws-cli',
  };
}

function listed(...types: readonly string[]): readonly EstateResource[] {
  return types.map((type) => resource('inventory-listing', `list of ${type}`, { Of: type }));
}

function part(ofType: string, of: string, facts: JsonObject): EstateResource {
  return resource(
    'resource-part',
    `part of ${of} ${Object.keys(facts).join()}`,
    { OfType: ofType, Of: of, Facts: facts },
    null,
  );
}

function group(id: string, ...permissions: readonly JsonObject[]): EstateResource {
  return resource('security-group', id, { GroupId: id, VpcId: 'vpc-1', IpPermissions: [...permissions] });
}

function from(...cidrs: readonly string[]): JsonObject {
  return {
    IpRanges: cidrs.filter((cidr) => !cidr.includes(':')).map((CidrIp) => ({ CidrIp })),
    Ipv6Ranges: cidrs.filter((cidr) => cidr.includes(':')).map((CidrIpv6) => ({ CidrIpv6 })),
  };
}

function tcp(port: number, ...cidrs: readonly string[]): JsonObject {
  return { IpProtocol: 'tcp', FromPort: port, ToPort: port, ...from(...cidrs) };
}

function instance(id: string, facts: JsonObject = {}, nic: JsonObject = {}): EstateResource {
  return resource('ec2-instance', id, {
    InstanceId: id,
    State: { Name: 'running' },
    VpcId: 'vpc-1',
    SubnetId: 'subnet-1',
    NetworkInterfaces: [
      {
        NetworkInterfaceId: `eni-${id}`,
        SubnetId: 'subnet-1',
        VpcId: 'vpc-1',
        PrivateIpAddress: '10.0.0.10',
        Association: { PublicIp: '3.3.3.3' },
        Groups: [{ GroupId: 'sg-web' }],
        ...nic,
      },
    ],
    ...facts,
  });
}

const VPC = resource('vpc', 'vpc-1', { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' });
const SUBNET = resource('subnet', 'subnet-1', {
  SubnetId: 'subnet-1',
  VpcId: 'vpc-1',
  CidrBlock: '10.0.0.0/24',
});
const PRIVATE_SUBNET = resource('subnet', 'subnet-2', {
  SubnetId: 'subnet-2',
  VpcId: 'vpc-1',
  CidrBlock: '10.0.1.0/24',
});

function routes(
  id: string,
  associations: readonly JsonObject[],
  ...entries: readonly JsonObject[]
): EstateResource {
  return resource('route-table', id, {
    RouteTableId: id,
    VpcId: 'vpc-1',
    Associations: [...associations],
    Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' }, ...entries],
  });
}

const TO_INTERNET: JsonObject = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' };
const TO_INTERNET_V6: JsonObject = { DestinationIpv6CidrBlock: '::/0', GatewayId: 'igw-1', State: 'active' };
const PUBLIC_ROUTES = routes('rtb-1', [{ SubnetId: 'subnet-1' }], TO_INTERNET, TO_INTERNET_V6);
const MAIN_PRIVATE = routes('rtb-2', [{ Main: true }], {
  DestinationCidrBlock: '0.0.0.0/0',
  NatGatewayId: 'nat-1',
  State: 'active',
});

const ALLOW_ALL: readonly JsonObject[] = [false, true].flatMap((Egress) => [
  { RuleNumber: 100, Protocol: '-1', RuleAction: 'allow', Egress, CidrBlock: '0.0.0.0/0' },
  { RuleNumber: 101, Protocol: '-1', RuleAction: 'allow', Egress, Ipv6CidrBlock: '::/0' },
]);

function acl(...entries: readonly JsonObject[]): EstateResource {
  return resource('network-acl', 'acl-1', {
    NetworkAclId: 'acl-1',
    VpcId: 'vpc-1',
    Associations: [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-2' }],
    Entries: [...entries],
  });
}

const OPEN_ACL = acl(...ALLOW_ALL);
/** No load balancer anywhere, and every list that says so. */
const NO_BALANCERS = listed(
  'load-balancer',
  'classic-load-balancer',
  'target-group',
  'route-table',
  'network-interface',
);
const NETWORK: readonly EstateResource[] = [
  VPC,
  SUBNET,
  PRIVATE_SUBNET,
  PUBLIC_ROUTES,
  MAIN_PRIVATE,
  OPEN_ACL,
  ...NO_BALANCERS,
];

function expose(resources: readonly EstateResource[], of: EstateResource): AwsExposure {
  const exposure = awsExposure(new AwsEstate([...resources, of]), of);
  if (exposure === undefined) throw new Error(`${of.type} is not evaluated`);
  return exposure;
}

function without(
  resources: readonly EstateResource[],
  ...left: readonly EstateResource[]
): readonly EstateResource[] {
  return resources.filter((each) => !left.includes(each));
}

function stateOf(resources: readonly EstateResource[], of: EstateResource): string {
  const { state, missing } = expose(resources, of);
  // What is unknown names what would decide, and nothing else does.
  expect(missing.length > 0).toBe(state === 'unknown');
  return state;
}

describe('an instance', () => {
  const ssh = group('sg-web', tcp(22, '0.0.0.0/0'));

  it('is public through an open group, a route, a network ACL and an address', () => {
    const exposure = expose([...NETWORK, ssh], instance('i-1'));
    expect(exposure.state).toBe('yes');
    expect(exposure.surfaces).toEqual([{ surface: 'tcp/22', audience: 'internet', auth: 'app' }]);
    expect(exposure.evidence.map((each) => each.sentence)).toEqual([
      'eni-i-1 (3.3.3.3) lets the whole internet in on tcp/22.',
      'sg-web lets it in.',
      'rtb-1 routes the subnet.',
      'acl-1 filters the subnet.',
    ]);
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
          Cidrs: ['13.32.0.0/15'],
        }),
      ],
      instance('i-1'),
    ],
    [
      '5 a network ACL that denies first',
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

describe('a load balancer', () => {
  const ARN = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/web/1`;
  const TARGETS = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/web/1`;
  const LISTENER = ARN.replace(':loadbalancer/', ':listener/');

  function balancer(facts: JsonObject = {}): EstateResource {
    return resource('load-balancer', 'web', {
      LoadBalancerArn: ARN,
      Type: 'application',
      Scheme: 'internet-facing',
      VpcId: 'vpc-1',
      SecurityGroups: ['sg-lb'],
      AvailabilityZones: [{ SubnetId: 'subnet-1' }],
      ...facts,
    });
  }
  function listener(port: number, ...actions: readonly JsonObject[]): EstateResource {
    return resource('listener', `${LISTENER}/${port}`, {
      ListenerArn: `${LISTENER}/${port}`,
      LoadBalancerArn: ARN,
      Port: port,
      Protocol: 'HTTPS',
      DefaultActions: [...actions],
    });
  }
  function targets(facts: JsonObject = {}): EstateResource {
    return resource('target-group', 'web', {
      TargetGroupArn: TARGETS,
      TargetGroupName: 'web',
      TargetType: 'instance',
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: 'vpc-1',
      LoadBalancerArns: [ARN],
      ...facts,
    });
  }
  const forward: JsonObject = { Type: 'forward', TargetGroupArn: TARGETS };
  const health = resource('target-health', 'web/i-1', { TargetGroup: 'web', Id: 'i-1', Port: 8080 });
  const open = group('sg-lb', tcp(443, '0.0.0.0/0'));
  const behind = instance('i-1', {}, { Association: null });
  const fromBalancer = group('sg-web', { ...tcp(8080), UserIdGroupPairs: [{ GroupId: 'sg-lb' }] });
  const lists = listed('load-balancer', 'classic-load-balancer', 'target-group', 'listener', 'route-table');
  const network = [VPC, SUBNET, PRIVATE_SUBNET, PUBLIC_ROUTES, MAIN_PRIVATE, OPEN_ACL, ...lists];

  it.each<[string, string, readonly EstateResource[], EstateResource]>([
    ['open on its listener', 'yes', [...network, open, listener(443, forward)], balancer()],
    [
      '13 a group that opens another port',
      'no',
      [...network, group('sg-lb', tcp(80, '0.0.0.0/0')), listener(443, forward)],
      balancer(),
    ],
    ['internal', 'no', [...network, open, listener(443, forward)], balancer({ Scheme: 'internal' })],
    ['without a listener', 'no', [...network, open], balancer()],
    [
      'listeners not listed',
      'unknown',
      [...without(network, ...lists), ...listed('load-balancer', 'route-table'), open],
      balancer(),
    ],
    [
      'in private subnets',
      'no',
      [...network, open, listener(443, forward)],
      balancer({ AvailabilityZones: [{ SubnetId: 'subnet-2' }] }),
    ],
    [
      'in one public subnet of two',
      'yes',
      [...network, open, listener(443, forward)],
      balancer({ AvailabilityZones: [{ SubnetId: 'subnet-2' }, { SubnetId: 'subnet-1' }] }),
    ],
    [
      'a network load balancer without groups',
      'yes',
      [...network, listener(443, forward)],
      balancer({ Type: 'network', SecurityGroups: [] }),
    ],
    ['a gateway load balancer', 'no', [...network, open], balancer({ Type: 'gateway' })],
  ])('%s: %s', (_, state, resources, of) => {
    expect(stateOf(resources, of)).toBe(state);
  });

  it.each<[string, string, readonly EstateResource[]]>([
    [
      'its group lets the load balancer in',
      'yes',
      [...network, open, balancer(), listener(443, forward), targets(), health, fromBalancer],
    ],
    [
      'its group lets the subnet of the load balancer in',
      'yes',
      [
        ...network,
        open,
        balancer(),
        listener(443, forward),
        targets(),
        health,
        group('sg-web', tcp(8080, '10.0.0.0/16')),
      ],
    ],
    [
      'its group does not',
      'no',
      [
        ...network,
        open,
        balancer(),
        listener(443, forward),
        targets(),
        health,
        group('sg-web', tcp(22, '10.0.0.0/16')),
      ],
    ],
    [
      '14 a login stands before it',
      'no',
      [
        ...network,
        open,
        balancer(),
        listener(443, { Type: 'authenticate-oidc', Order: 1 }, forward),
        resource('listener-rule', 'r', {
          RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/1`,
          Actions: [{ Type: 'authenticate-oidc' }, forward],
        }),
        targets(),
        health,
        fromBalancer,
      ],
    ],
    [
      'a rule passes the login',
      'yes',
      [
        ...network,
        open,
        balancer(),
        listener(443, { Type: 'authenticate-oidc', Order: 1 }, forward),
        resource('listener-rule', 'r', {
          RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/1`,
          Actions: [forward],
        }),
        targets(),
        health,
        fromBalancer,
      ],
    ],
    [
      'rules that nobody described could pass the login',
      'unknown',
      [
        ...network,
        open,
        balancer(),
        listener(443, { Type: 'authenticate-oidc', Order: 1 }, forward),
        targets(),
        health,
        fromBalancer,
      ],
    ],
    [
      'it is reached on a closed listener only',
      'no',
      [
        ...network,
        open,
        balancer(),
        listener(443, { Type: 'redirect' }),
        listener(8443, forward),
        targets(),
        health,
        fromBalancer,
      ],
    ],
    [
      'the load balancer is internal',
      'no',
      [
        ...network,
        open,
        balancer({ Scheme: 'internal' }),
        listener(443, forward),
        targets(),
        health,
        fromBalancer,
      ],
    ],
    [
      '15 client addresses are kept and only the VPC may enter',
      'no',
      [
        ...network,
        balancer({ Type: 'network', SecurityGroups: [] }),
        listener(443, forward),
        targets({ Protocol: 'TCP' }),
        health,
        group('sg-web', tcp(8080, '10.0.0.0/16')),
      ],
    ],
    [
      'client addresses are kept and everybody may enter',
      'yes',
      [
        ...network,
        balancer({ Type: 'network', SecurityGroups: [] }),
        listener(443, forward),
        targets({ Protocol: 'TCP' }),
        health,
        group('sg-web', tcp(8080, '0.0.0.0/0')),
      ],
    ],
    [
      '16 targets by address see the load balancer',
      'yes',
      [
        ...network,
        balancer({ Type: 'network', SecurityGroups: [] }),
        listener(443, forward),
        targets({ TargetType: 'ip', Protocol: 'TCP' }),
        resource('target-health', 'ip', { TargetGroup: 'web', Id: '10.0.0.10', Port: 8080 }),
        group('sg-web', tcp(8080, '10.0.0.0/16')),
      ],
    ],
    [
      'its targets were not described',
      'unknown',
      [...network, open, balancer(), listener(443, forward), targets(), fromBalancer],
    ],
    [
      'another instance is the target',
      'no',
      [
        ...network,
        open,
        balancer(),
        listener(443, forward),
        targets(),
        resource('target-health', 'x', { TargetGroup: 'web', Id: 'i-2', Port: 8080 }),
        fromBalancer,
      ],
    ],
    [
      'the target group has no target',
      'no',
      [
        ...network,
        open,
        balancer(),
        listener(443, forward),
        targets(),
        resource('target-health', 'x', { TargetGroup: 'web' }),
        fromBalancer,
      ],
    ],
    [
      'load balancers were not listed',
      'unknown',
      [...without(network, ...lists), ...listed('route-table'), fromBalancer],
    ],
    [
      'no list, but its group lets nobody in',
      'no',
      [...without(network, ...lists), ...listed('route-table'), group('sg-web')],
    ],
    [
      'no list, but no load balancer has an interface',
      'no',
      [...without(network, ...lists), ...listed('route-table', 'network-interface'), fromBalancer],
    ],
    [
      'no list, and a load balancer has an interface',
      'unknown',
      [
        ...without(network, ...lists),
        ...listed('route-table', 'network-interface'),
        resource('network-interface', 'eni-9', {
          NetworkInterfaceId: 'eni-9',
          VpcId: 'vpc-1',
          RequesterId: 'amazon-elb',
        }),
        fromBalancer,
      ],
    ],
  ])('reaches an instance: %s: %s', (_, state, resources) => {
    expect(stateOf(resources, behind)).toBe(state);
  });

  it('of the classic kind reaches its instances', () => {
    const classic = resource('classic-load-balancer', 'old', {
      LoadBalancerName: 'old',
      Scheme: 'internet-facing',
      VPCId: 'vpc-1',
      Subnets: ['subnet-1'],
      SecurityGroups: ['sg-lb'],
      Instances: [{ InstanceId: 'i-1' }],
      ListenerDescriptions: [{ Listener: { Protocol: 'HTTPS', LoadBalancerPort: 443, InstancePort: 8080 } }],
    });
    expect(stateOf([...network, open], classic)).toBe('yes');
    expect(expose([...network, open, classic, fromBalancer], behind).surfaces).toEqual([
      { surface: 'tcp/8080 through old', audience: 'internet', auth: 'app' },
    ]);
    expect(stateOf([...network, group('sg-lb', tcp(80, '0.0.0.0/0')), classic, fromBalancer], behind)).toBe(
      'no',
    );
  });
});

describe('a database', () => {
  function database(facts: JsonObject = {}): EstateResource {
    return resource('rds-instance', 'orders', {
      DBInstanceIdentifier: 'orders',
      PubliclyAccessible: true,
      Endpoint: { Port: 5432 },
      DBSubnetGroup: {
        VpcId: 'vpc-1',
        Subnets: [{ SubnetIdentifier: 'subnet-1' }, { SubnetIdentifier: 'subnet-2' }],
      },
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-db' }],
      ...facts,
    });
  }
  const open = group('sg-db', tcp(5432, '0.0.0.0/0'));

  it.each<[string, string, readonly EstateResource[], EstateResource]>([
    ['public in one subnet', 'yes', [...NETWORK, open], database()],
    [
      '36 in private subnets',
      'no',
      [...NETWORK, open],
      database({ DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-2' }] } }),
    ],
    ['37 open to one office', 'no', [...NETWORK, group('sg-db', tcp(5432, '1.1.1.1/32'))], database()],
    ['open on another port', 'no', [...NETWORK, group('sg-db', tcp(22, '0.0.0.0/0'))], database()],
    ['not publicly accessible', 'no', [], database({ PubliclyAccessible: false })],
    ['nobody says', 'unknown', [], database({ PubliclyAccessible: null })],
    ['stopped', 'no', [...NETWORK, open], database({ DBInstanceStatus: 'stopped' })],
    ['its subnets not told', 'unknown', [...NETWORK, open], database({ DBSubnetGroup: null })],
  ])('%s: %s', (_, state, resources, of) => {
    expect(stateOf(resources, of)).toBe(state);
  });

  it('cluster is public where an instance of it is', () => {
    const cluster = resource('rds-cluster', 'orders', {
      DBClusterIdentifier: 'orders',
      DBClusterMembers: [{ DBInstanceIdentifier: 'orders' }, { DBInstanceIdentifier: 'replica' }],
    });
    const replica = resource('rds-instance', 'replica', {
      DBInstanceIdentifier: 'replica',
      PubliclyAccessible: false,
    });
    expect(stateOf([...NETWORK, open, database(), replica], cluster)).toBe('yes');
    expect(stateOf([...NETWORK, open, database({ PubliclyAccessible: false }), replica], cluster)).toBe('no');
    expect(stateOf([...NETWORK, open, database({ PubliclyAccessible: false })], cluster)).toBe('unknown');
  });
});

describe('a bucket', () => {
  const OFF: JsonObject = {
    BlockPublicAcls: false,
    IgnorePublicAcls: false,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  };
  const ON: JsonObject = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  const ACCOUNT_OFF = resource('s3-account-public-access-block', 'account', { PublicAccessBlock: OFF }, null);
  const ENFORCED: JsonObject = { ObjectOwnership: 'BucketOwnerEnforced', Grants: [] };

  function bucket(facts: JsonObject): EstateResource {
    return resource('s3-bucket', 'shop', { Name: 'shop', ...facts }, null);
  }
  function policy(...statements: readonly JsonObject[]): JsonObject {
    return { PublicAccessBlock: OFF, ...ENFORCED, Policy: { Statement: [...statements] } };
  }
  const read: JsonObject = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::shop/*',
  };

  it.each<[string, string, JsonObject]>([
    ['an open policy', 'yes', policy(read)],
    ['a policy for a folder', 'yes', policy({ ...read, Resource: 'arn:aws:s3:::shop/public/*' })],
    ['a policy for another bucket', 'no', policy({ ...read, Resource: 'arn:aws:s3:::other/*' })],
    [
      'everybody but one',
      'yes',
      policy({ ...read, Principal: null, NotPrincipal: { AWS: 'arn:aws:iam::111111111111:root' } }),
    ],
    ['listing alone', 'yes', policy({ ...read, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::shop' })],
    ['listing given for objects means nothing', 'no', policy({ ...read, Action: 's3:ListBucket' })],
    [
      '21 BlockPublicPolicy over an old policy',
      'yes',
      { ...policy(read), PublicAccessBlock: { ...OFF, BlockPublicPolicy: true } },
    ],
    [
      'RestrictPublicBuckets',
      'no',
      { ...policy(read), PublicAccessBlock: { ...OFF, RestrictPublicBuckets: true } },
    ],
    ['22 Block Public Access known to be absent', 'yes', { ...policy(read), PublicAccessBlock: OFF }],
    ['Block Public Access not told', 'unknown', { ...ENFORCED, Policy: { Statement: [read] } }],
    [
      '24 a source address of everybody',
      'yes',
      policy({ ...read, Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }),
    ],
    [
      'a source address of one office',
      'no',
      policy({ ...read, Condition: { IpAddress: { 'aws:SourceIp': ['1.1.1.1/32'] } } }),
    ],
    [
      '25 an organisation',
      'no',
      policy({ ...read, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
    ],
    [
      '26 a role of any account',
      'yes',
      policy({ ...read, Condition: { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } } }),
    ],
    [
      'a role of one account',
      'no',
      policy({
        ...read,
        Condition: { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/*' } },
      }),
    ],
    [
      '27 a condition that holds without its key',
      'yes',
      policy({ ...read, Condition: { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } } }),
    ],
    [
      'a VPC endpoint',
      'no',
      policy({ ...read, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
    ],
    [
      'all of a set, which may be empty',
      'yes',
      policy({ ...read, Condition: { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': ['o-1'] } } }),
    ],
    [
      '28 a Deny for all outside of the organisation',
      'no',
      policy(read, {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: ['arn:aws:s3:::shop', 'arn:aws:s3:::shop/*'],
        Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      }),
    ],
    [
      'a Deny without encryption in transit',
      'yes',
      policy(read, {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::shop/*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ],
    [
      'a Deny for one folder',
      'yes',
      policy(read, {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::shop/secret/*',
      }),
    ],
    [
      'a Deny that nobody can judge',
      'unknown',
      policy(read, {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::shop/*',
        Condition: { StringNotEquals: { 'custom:key': 'x' } },
      }),
    ],
    [
      '48 the account of the resource',
      'yes',
      policy({ ...read, Condition: { StringEquals: { 'aws:ResourceAccount': '111111111111' } } }),
    ],
    [
      'a referer can be made up',
      'yes',
      policy({ ...read, Condition: { StringLike: { 'aws:Referer': 'https://shop.example/*' } } }),
    ],
    [
      'a condition that nobody can judge',
      'unknown',
      policy({ ...read, Condition: { StringEquals: { 'custom:key': 'x' } } }),
    ],
    [
      '29 encrypted with KMS, unsigned readers cannot decrypt',
      'no',
      { ...policy(read), DefaultEncryption: 'aws:kms' },
    ],
    ['one named account', 'no', policy({ ...read, Principal: { AWS: 'arn:aws:iam::222222222222:root' } })],
    ['a service', 'no', policy({ ...read, Principal: { Service: 'cloudfront.amazonaws.com' } })],
    ['all four flags on', 'no', { PublicAccessBlock: ON }],
    ['nothing told', 'unknown', {}],
    [
      '23 a public list where lists are disabled',
      'no',
      {
        PublicAccessBlock: OFF,
        Policy: { Statement: [] },
        ObjectOwnership: 'BucketOwnerEnforced',
        Grants: [{ Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' }],
      },
    ],
    [
      'a public list in force',
      'yes',
      {
        PublicAccessBlock: OFF,
        Policy: { Statement: [] },
        ObjectOwnership: 'ObjectWriter',
        Grants: [{ Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' }],
      },
    ],
    [
      'a public list that is ignored',
      'no',
      {
        PublicAccessBlock: { ...OFF, IgnorePublicAcls: true },
        Policy: { Statement: [] },
        ObjectOwnership: 'ObjectWriter',
        Grants: [{ Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' }],
      },
    ],
    [
      'lists in force, whose objects nobody looked at',
      'unknown',
      { PublicAccessBlock: OFF, Policy: { Statement: [] }, ObjectOwnership: 'ObjectWriter', Grants: [] },
    ],
  ])('%s: %s', (_, state, facts) => {
    expect(stateOf([ACCOUNT_OFF], bucket(facts))).toBe(state);
  });

  it('is closed by the account alone', () => {
    expect(
      stateOf(
        [resource('s3-account-public-access-block', 'account', { PublicAccessBlock: ON }, null)],
        bucket(policy(read)),
      ),
    ).toBe('no');
    expect(stateOf([], bucket(policy(read)))).toBe('unknown');
    expect(stateOf([], bucket({ PublicAccessBlock: ON }))).toBe('no');
  });

  it('is one thing with what other calls say about it', () => {
    const parts = [
      part('s3-bucket', 'shop', { Policy: { Statement: [read] } }),
      part('s3-bucket', 'shop', { PublicAccessBlock: OFF }),
      part('s3-bucket', 'shop', { ObjectOwnership: 'BucketOwnerEnforced' }),
      part('s3-bucket', 'other', { PublicAccessBlock: ON }),
    ];
    const exposure = expose([ACCOUNT_OFF, ...parts], bucket({}));
    expect(exposure.state).toBe('yes');
    expect(exposure.surfaces).toEqual([{ surface: 'read', audience: 'internet', auth: 'none' }]);
  });
});

describe('a policy of its own', () => {
  const all: JsonObject = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
  it.each<[string, string, string, JsonObject, string | undefined]>([
    ['a queue for everybody', 'yes', 'sqs-queue', { Policy: { Statement: [all] } }, 'internet'],
    [
      'a queue for one topic',
      'no',
      'sqs-queue',
      {
        Policy: {
          Statement: [
            { ...all, Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111111111111:t' } } },
          ],
        },
      },
      undefined,
    ],
    [
      'a topic for everybody',
      'yes',
      'sns-topic',
      { Policy: { Statement: [{ ...all, Action: 'SNS:Publish' }] } },
      'any-aws-account',
    ],
    [
      'a topic for its owner',
      'no',
      'sns-topic',
      {
        Policy: {
          Statement: [{ ...all, Condition: { StringEquals: { 'AWS:SourceOwner': '111111111111' } } }],
        },
      },
      undefined,
    ],
    [
      'a repository that everybody may pull',
      'yes',
      'ecr-repository',
      { Policy: { Statement: [{ ...all, Action: 'ecr:BatchGetImage' }] } },
      'any-aws-account',
    ],
    [
      'a repository that everybody may describe',
      'no',
      'ecr-repository',
      { Policy: { Statement: [{ ...all, Action: 'ecr:DescribeRepositories' }] } },
      undefined,
    ],
    [
      'a secret',
      'yes',
      'secret',
      { Policy: { Statement: [{ ...all, Action: 'secretsmanager:GetSecretValue' }] } },
      'any-aws-account',
    ],
    [
      'a key that an account uses through one service',
      'no',
      'kms-key',
      {
        Policy: {
          Statement: [
            {
              ...all,
              Principal: { AWS: '*' },
              Condition: {
                StringEquals: {
                  'kms:CallerAccount': '111111111111',
                  'kms:ViaService': 's3.eu-west-1.amazonaws.com',
                },
              },
            },
          ],
        },
      },
      undefined,
    ],
    ['no policy', 'no', 'sqs-queue', { Policy: { Statement: [] } }, undefined],
    ['a policy that nobody described', 'unknown', 'sqs-queue', {}, undefined],
    [
      'a role for every account',
      'yes',
      'iam-role',
      {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
        },
      },
      'any-aws-account',
    ],
    [
      'a role for a service',
      'no',
      'iam-role',
      {
        AssumeRolePolicyDocument: {
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
      },
      undefined,
    ],
    ['a snapshot for all', 'yes', 'snapshot', { CreateVolumePermissions: ['all'] }, 'any-aws-account'],
    [
      'a snapshot for one account',
      'no',
      'snapshot',
      { CreateVolumePermissions: ['222222222222'] },
      undefined,
    ],
    ['a snapshot of a database for all', 'yes', 'rds-snapshot', { Restore: ['all'] }, 'any-aws-account'],
    ['a public image', 'yes', 'ami', { Public: true }, 'any-aws-account'],
    [
      'an API server for all',
      'yes',
      'eks-cluster',
      { resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] } },
      'internet',
    ],
    [
      '38 an API server for an office',
      'no',
      'eks-cluster',
      { resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['1.1.1.1/32'] } },
      undefined,
    ],
    [
      'an API server without a public endpoint',
      'no',
      'eks-cluster',
      { resourcesVpcConfig: { endpointPublicAccess: false } },
      undefined,
    ],
    ['a cluster of which only the name is known', 'unknown', 'eks-cluster', { name: 'shop' }, undefined],
  ])('%s: %s', (_, state, type, facts, audience) => {
    const exposure = expose([], resource(type, 'it', facts));
    expect(exposure.state).toBe(state);
    expect(exposure.surfaces[0]?.audience).toBe(audience);
  });
});

describe('a function', () => {
  const url: JsonObject = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'lambda:InvokeFunctionUrl',
    Resource: '*',
    Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
  };
  const through: JsonObject = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'lambda:InvokeFunction',
    Resource: '*',
    Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
  };
  const open: JsonObject = {
    Url: { FunctionUrl: 'https://x.lambda-url.eu-west-1.on.aws/', AuthType: 'NONE' },
  };
  it.each<[string, string, JsonObject]>([
    ['URL with both grants', 'yes', { ...open, Policy: { Statement: [url, through] } }],
    ['32 URL without a grant', 'no', { ...open, Policy: { Statement: [] } }],
    ['33 URL with one grant of two', 'no', { ...open, Policy: { Statement: [url] } }],
    ['grants, and nobody says whether there is a URL', 'unknown', { Policy: { Statement: [url, through] } }],
    [
      'everybody may invoke it with the API',
      'yes',
      {
        Policy: {
          Statement: [{ Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction', Resource: '*' }],
        },
      },
    ],
    [
      'a service with its account',
      'no',
      {
        Policy: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 'lambda:InvokeFunction',
              Resource: '*',
              Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
            },
          ],
        },
      },
    ],
    ['policy not described', 'unknown', open],
  ])('%s: %s', (_, state, facts) => {
    expect(stateOf([], resource('lambda-function', 'resize', { FunctionName: 'resize', ...facts }))).toBe(
      state,
    );
  });
});
