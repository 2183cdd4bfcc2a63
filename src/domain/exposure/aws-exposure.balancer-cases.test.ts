import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  FORWARD,
  LB,
  LISTENER,
  listener,
  balancer as namelessBalancer,
  TG,
  targets,
} from '../../../test/support/aws-balancer.ts';
import {
  expose,
  group,
  instance,
  listed,
  MAIN_PRIVATE,
  OPEN_ACL,
  PRIVATE_SUBNET,
  PUBLIC_ROUTES,
  part,
  resource,
  routes,
  SUBNET,
  TO_INTERNET,
  tcp,
  VPC,
  without,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { checkEdgeCase as check, type EdgeCase as Row } from './aws-exposure.test-sample.ts';

const balancer = (facts: JsonObject = {}): EstateResource =>
  namelessBalancer({ DNSName: 'web-1.eu-west-1.elb.amazonaws.com', ...facts });
function rule(...actions: readonly JsonObject[]): EstateResource {
  return resource('listener-rule', 'r', {
    RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/1`,
    Actions: [...actions],
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
const oidc = [{ Type: 'authenticate-oidc', Order: 1 }, FORWARD];

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
      [...LB_NETWORK, group('sg-lb', tcp(80, '0.0.0.0/0')), listener(443, 'HTTPS', FORWARD)],
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
        listener(443, 'TCP', FORWARD),
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
        listener(443, 'TCP', FORWARD),
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
        listener(443, 'TCP', FORWARD),
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
        listener(443, 'TCP', FORWARD),
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
      [...LB_NETWORK, open, ...ACCELERATED, listener(443, 'HTTPS', FORWARD)],
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
        listener(443, 'HTTPS', FORWARD),
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
        listener(443, 'HTTPS', FORWARD),
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
        listener(443, 'HTTPS', FORWARD),
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
        listener(443, 'HTTPS', FORWARD),
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
        listener(443, 'HTTPS', FORWARD),
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
          DefaultActions: [FORWARD],
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
      listener(443, 'HTTPS', FORWARD),
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
    const peering = (Code: string): EstateResource =>
      resource('vpc-peering-connection', 'pcx-1', { VpcPeeringConnectionId: 'pcx-1', Status: { Code } });
    expect(expose([...estate, there, peered('10.0.0.0/16'), peering('active')], theirs).state).toBe('yes');
    expect(expose([...estate, there, peered('10.0.0.0/16'), peering('deleted')], theirs).state).toBe('no');
    // What was not described may lead there.
    expect(expose([...estate, there], theirs)).toMatchObject({
      state: 'unknown',
      missing: ['route tables of vpc-1 and vpc-2: aws ec2 describe-route-tables'],
    });
    const unplaced = [...without(estate, SUBNET), there, peered('10.0.0.0/16')];
    expect(expose(unplaced, theirs)).toMatchObject({
      state: 'unknown',
      missing: ['the subnets of vpc-1: aws ec2 describe-subnets'],
    });
    // One of its subnets is enough, and one of the machine's addresses.
    const aside = resource('subnet', 'subnet-8', {
      SubnetId: 'subnet-8',
      VpcId: 'vpc-1',
      CidrBlock: '10.0.8.0/24',
    });
    const shut = routes('rtb-8', [{ SubnetId: 'subnet-8' }], TO_INTERNET);
    const inBoth = balancer({ AvailabilityZones: [{ SubnetId: 'subnet-8' }, { SubnetId: 'subnet-1' }] });
    const others = estate.filter(({ type }) => type !== 'load-balancer');
    expect(expose([...others, inBoth, aside, shut, there, peered('10.0.0.0/16')], theirs).state).toBe('yes');
    const second = instance(
      'i-1',
      { VpcId: 'vpc-2', SubnetId: 'subnet-9' },
      {
        Association: null,
        VpcId: 'vpc-2',
        SubnetId: 'subnet-9',
        PrivateIpAddress: '10.9.0.4',
        PrivateIpAddresses: [{ PrivateIpAddress: '10.9.0.4' }, { PrivateIpAddress: '10.9.0.5' }],
      },
    );
    expect(expose([...estate, there, peered('10.0.0.0/16')], second).state).toBe('yes');
    // A transit gateway passes what its tables route, both ways.
    const overGateway = (vpc: string, destination: string): EstateResource =>
      vpc === 'vpc-1'
        ? routes('rtb-1', [{ SubnetId: 'subnet-1' }], TO_INTERNET, {
            DestinationCidrBlock: destination,
            TransitGatewayId: 'tgw-1',
            State: 'active',
          })
        : resource('route-table', 'rtb-9', {
            RouteTableId: 'rtb-9',
            VpcId: 'vpc-2',
            Associations: [{ SubnetId: 'subnet-9' }],
            Routes: [{ DestinationCidrBlock: destination, TransitGatewayId: 'tgw-1', State: 'active' }],
          });
    const attached = (vpc: string, table: string | null): EstateResource =>
      resource('transit-gateway-attachment', `tgw-attach-${vpc}`, {
        TransitGatewayId: 'tgw-1',
        ResourceId: vpc,
        Association: { TransitGatewayRouteTableId: table },
      });
    const routed = (table: string, cidr: string, to: string, state = 'active'): EstateResource =>
      resource('transit-gateway-route', `${table}/${cidr}`, {
        Table: table,
        DestinationCidrBlock: cidr,
        State: state,
        ResourceIds: [to],
      });
    const both = [overGateway('vpc-1', '10.9.0.0/16'), overGateway('vpc-2', '10.0.0.0/16')];
    const joined = [attached('vpc-1', 't1'), attached('vpc-2', 't2')];
    const onward = routed('t1', '10.9.0.0/16', 'vpc-2');
    const back = routed('t2', '10.0.0.0/16', 'vpc-1');
    const over = (...more: readonly EstateResource[]) => expose([...estate, ...both, ...more], theirs);
    check([
      '',
      'yes',
      [...estate, ...both, ...joined, onward, back],
      theirs,
      { verdict: 'yes', via: ['igw-1', 'rtb-1', 'acl-1', 'sg-lb', 'web', 'web', 'tgw-1', 'sg-web'] },
    ]);
    expect(over()).toMatchObject({
      state: 'unknown',
      missing: ['what is attached to tgw-1: aws ec2 describe-transit-gateway-attachments'],
    });
    expect(over(...joined, back)).toMatchObject({
      state: 'unknown',
      missing: [
        'the routes of t1: aws ec2 search-transit-gateway-routes --transit-gateway-route-table-id t1 --filters Name=state,Values=active,blackhole > ec2-search-transit-gateway-routes-t1.json 2>&1',
      ],
    });
    expect(over(...joined, onward).state).toBe('unknown');
    expect(over(attached('vpc-1', null), attached('vpc-2', 't2'), onward, back).state).toBe('no');
    expect(over(...joined, routed('t1', '10.8.0.0/16', 'vpc-2'), back).state).toBe('no');
    expect(over(...joined, routed('t1', '10.9.0.0/16', 'vpc-3'), back).state).toBe('no');
    expect(over(...joined, routed('t1', '10.9.0.0/16', 'vpc-2', 'blackhole'), back).state).toBe('no');
    expect(over(...joined, onward, routed('t2', '10.0.0.0/16', 'vpc-3')).state).toBe('no');
    // The longest prefix decides.
    expect(over(...joined, onward, back, routed('t1', '10.9.0.5/32', 'vpc-3')).state).toBe('no');
    // The address belongs to a machine of the group's own VPC.
    const twin = instance(
      'i-2',
      { VpcId: 'vpc-2' },
      { Association: null, VpcId: 'vpc-2', PrivateIpAddress: '10.0.0.10' },
    );
    expect(expose([...estate, there, peered('10.0.0.0/16'), target('10.0.0.10')], twin).state).toBe('no');
  });
});
