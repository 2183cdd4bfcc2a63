import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  ACCOUNT,
  ALLOW_ALL,
  acl,
  expose,
  group,
  instance,
  listed,
  NETWORK,
  OPEN_ACL,
  PUBLIC_ROUTES,
  REGION,
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
import { urlRuleTurnsAt } from './aws-function-exposure.ts';

/** What stands guard on the way to a resource of AWS, each with what comes close and is none (attack-paths §2.2 to §2.6). */
const SSH = group('sg-web', tcp(22, '0.0.0.0/0'));

describe('a table of the internet gateway', () => {
  const edge = (route: JsonObject, facts: JsonObject = {}): EstateResource => {
    const table = routes('rtb-edge', [{ GatewayId: 'igw-1' }], {
      DestinationCidrBlock: '10.0.0.0/24',
      State: 'active',
      ...route,
    });
    return { ...table, facts: { ...table.facts, ...facts } };
  };
  const viaOf = (...tables: readonly EstateResource[]): string =>
    recordsOf([...NETWORK, SSH, ...tables], instance('i-1'))[0]?.via.join(' ') ?? '';

  it.each<readonly [title: string, via: string, table: EstateResource]>([
    ['by its endpoint', 'vpce-1', edge({ VpcEndpointId: 'vpce-1' })],
    ['by its endpoint, told as a gateway', 'vpce-1', edge({ GatewayId: 'vpce-1' })],
    ['by its interface', 'eni-fw', edge({ NetworkInterfaceId: 'eni-fw' })],
    [
      'in a part of the subnet',
      'eni-fw',
      edge({ NetworkInterfaceId: 'eni-fw', DestinationCidrBlock: '10.0.0.128/25' }),
    ],
  ])('leads first to an appliance %s', (_title, via, table) => {
    expect(viaOf(table)).toBe(`3.3.3.3 igw-1 ${via} rtb-1 acl-1 sg-web`);
  });

  it.each<readonly [title: string, table: EstateResource]>([
    ['to an appliance that is gone', edge({ NetworkInterfaceId: 'eni-fw', State: 'blackhole' })],
    ['to another subnet', edge({ NetworkInterfaceId: 'eni-fw', DestinationCidrBlock: '10.0.1.0/24' })],
    ['of another network', edge({ NetworkInterfaceId: 'eni-fw' }, { VpcId: 'vpc-9' })],
    ['by a NAT gateway', edge({ NatGatewayId: 'nat-1', NetworkInterfaceId: 'eni-nat' })],
    ['inside alone', edge({ GatewayId: 'local' })],
    [
      'of another gateway',
      {
        ...edge({ NetworkInterfaceId: 'eni-fw' }),
        facts: { ...edge({}).facts, Associations: [{ GatewayId: 'vgw-1' }] },
      },
    ],
  ])('that leads %s leads to none', (_title, table) => {
    expect(viaOf(table)).toBe('3.3.3.3 igw-1 rtb-1 acl-1 sg-web');
  });
});

describe('a route of a subnet (attack-paths §2.2 step 3)', () => {
  const stateBy = (...tables: readonly EstateResource[]): string =>
    stateOf([...without(NETWORK, PUBLIC_ROUTES), ...tables, SSH], instance('i-1'));
  const route = (facts: JsonObject): EstateResource =>
    routes('rtb-1', [{ SubnetId: 'subnet-1' }], {
      DestinationCidrBlock: '0.0.0.0/0',
      State: 'active',
      ...facts,
    });
  const EDGE = routes('rtb-edge', [{ GatewayId: 'igw-1' }], {
    DestinationCidrBlock: '10.0.0.0/24',
    GatewayId: 'vpce-1',
    State: 'active',
  });

  it.each<readonly [title: string, state: string, tables: readonly EstateResource[]]>([
    ['to an internet gateway', 'yes', [route({ GatewayId: 'igw-1' })]],
    ['to a carrier gateway', 'yes', [route({ CarrierGatewayId: 'cagw-1' })]],
    ['to a gateway that is gone', 'no', [route({ GatewayId: 'igw-1', State: 'blackhole' })]],
    ['to a NAT gateway', 'no', [route({ NatGatewayId: 'nat-1' })]],
    ['to a transit gateway', 'no', [route({ TransitGatewayId: 'tgw-1' })]],
    ['to a peering connection', 'no', [route({ VpcPeeringConnectionId: 'pcx-1' })]],
    ['to a VPN gateway', 'no', [route({ GatewayId: 'vgw-1' })]],
    ['to an appliance', 'no', [route({ NetworkInterfaceId: 'eni-fw' })]],
    ['to a firewall that the gateway leads to', 'unknown', [route({ GatewayId: 'vpce-1' }), EDGE]],
    ['to such a firewall that is gone', 'no', [route({ GatewayId: 'vpce-1', State: 'blackhole' }), EDGE]],
  ])('%s: %s', (_title, state, tables) => {
    expect(stateBy(...tables)).toBe(state);
  });
});

describe('answers of a subnet', () => {
  const egress = (...entries: readonly JsonObject[]): readonly EstateResource[] => [
    ...without(NETWORK, OPEN_ACL),
    acl(
      ...ALLOW_ALL.filter((entry) => entry['Egress'] === false),
      ...entries.map((entry, index) => ({
        RuleNumber: 100 + index,
        Protocol: '6',
        RuleAction: 'allow',
        Egress: true,
        CidrBlock: '0.0.0.0/0',
        ...entry,
      })),
    ),
    SSH,
  ];
  const NOTE = 'lets answers out to some ports of clients only';
  const said = (estate: readonly EstateResource[]): string =>
    expose(estate, instance('i-1'))
      .evidence.map(({ sentence }) => sentence)
      .join(' ');

  it.each<readonly [title: string, isSaid: boolean, entries: readonly JsonObject[]]>([
    ['all ports of clients', false, [{ PortRange: { From: 1024, To: 65535 } }]],
    ['more than all ports of clients', false, [{ PortRange: { From: 0, To: 65535 } }]],
    ['the upper ports', true, [{ PortRange: { From: 32768, To: 65535 } }]],
    ['the lower ports', true, [{ PortRange: { From: 1024, To: 60999 } }]],
  ])('to %s leave it open; that some clients get none is said: %s', (_title, isSaid, entries) => {
    const estate = egress(...entries);
    expect(stateOf(estate, instance('i-1'))).toBe('yes');
    expect(said(estate).includes(NOTE)).toBe(isSaid);
  });
});

describe('a stopped instance', () => {
  const stopped = (nic: JsonObject = {}): EstateResource =>
    instance('i-1', { State: { Name: 'stopped' } }, { Association: null, ...nic });
  const handsOut = (on: boolean): EstateResource => ({
    ...SUBNET,
    facts: { ...SUBNET.facts, MapPublicIpOnLaunch: on },
  });

  it.each<readonly [title: string, isDormant: boolean, of: EstateResource, subnet: EstateResource]>([
    ['gets an address again where its subnet hands them out', true, stopped(), handsOut(true)],
    ['gets none where its subnet hands out none', false, stopped(), handsOut(false)],
    ['keeps an address of its own', true, stopped({ Association: { PublicIp: '3.3.3.3' } }), handsOut(false)],
    [
      'that is stopping has its address yet',
      true,
      instance('i-1', { State: { Name: 'stopping' } }),
      handsOut(false),
    ],
  ])('%s: dormant %s', (_title, isDormant, of, subnet) => {
    const estate = [...without(NETWORK, SUBNET), subnet, SSH];
    expect(stateOf(estate, of)).toBe('no');
    expect(
      recordsOf(estate, of).some(
        ({ isDormant: waits, surface, audience }) =>
          waits === true && surface === 'tcp/22' && audience === 'internet',
      ),
    ).toBe(isDormant);
  });

  it('that is gone is none', () => {
    for (const Name of ['terminated', 'shutting-down'])
      expect(
        recordsOf([...NETWORK, SSH], instance('i-1', { State: { Name } })).some((way) => way.isDormant),
      ).toBe(false);
  });
});

describe('a reference to the group of the load balancer', () => {
  const LB = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/web/1`;
  const TG = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/web/1`;
  const estate = (action: JsonObject, rule: JsonObject): readonly EstateResource[] => [
    ...NETWORK,
    ...listed('listener'),
    group('sg-lb', tcp(443, '0.0.0.0/0')),
    resource('load-balancer', 'web', {
      LoadBalancerArn: LB,
      Type: 'application',
      Scheme: 'internet-facing',
      VpcId: 'vpc-1',
      SecurityGroups: ['sg-lb'],
      AvailabilityZones: [{ SubnetId: 'subnet-1' }],
    }),
    resource('listener', 'l', {
      ListenerArn: `${LB.replace(':loadbalancer/', ':listener/')}/443`,
      LoadBalancerArn: LB,
      Port: 443,
      Protocol: 'HTTPS',
      DefaultActions: [action],
    }),
    resource('listener-rule', 'r', {
      RuleArn: `${LB.replace(':loadbalancer/', ':listener-rule/')}/443/1`,
      IsDefault: true,
      Actions: [action],
    }),
    resource('target-group', 'web', {
      TargetGroupArn: TG,
      TargetGroupName: 'web',
      TargetType: 'instance',
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: 'vpc-1',
      LoadBalancerArns: [LB],
    }),
    resource('target-health', 'web/i-1', { TargetGroup: 'web', Id: 'i-1', Port: 8080 }),
    group('sg-web', { ...rule, UserIdGroupPairs: [{ GroupId: 'sg-lb' }] }),
  ];
  const FORWARD = { Type: 'forward', TargetGroupArn: TG };
  const BEHIND = instance('i-1', {}, { Association: null });
  const ports = (IpProtocol: string, FromPort?: number, ToPort?: number): JsonObject => ({
    IpProtocol,
    ...(FromPort === undefined ? {} : { FromPort }),
    ...(ToPort === undefined ? {} : { ToPort }),
  });

  it.each<readonly [title: string, state: string, rule: JsonObject]>([
    ['for all protocols', 'yes', ports('-1')],
    ['for all protocols, with the port -1', 'yes', ports('-1', -1, -1)],
    ['for its port', 'yes', ports('tcp', 8080, 8080)],
    ['for a range that begins with its port', 'yes', ports('tcp', 8080, 8090)],
    ['for a range that ends with its port', 'yes', ports('tcp', 8000, 8080)],
    ['for a range above', 'no', ports('tcp', 8081, 8090)],
    ['for a range below', 'no', ports('tcp', 8000, 8079)],
    ['over UDP', 'no', ports('udp', 8080, 8080)],
    ['over TCP by number', 'yes', ports('6', 8080, 8080)],
    ['for pings', 'no', ports('icmp', 8, -1)],
  ])('%s: %s', (_title, state, rule) => {
    expect(stateOf(estate(FORWARD, rule), BEHIND)).toBe(state);
  });

  it.each<readonly [title: string, state: string, action: JsonObject]>([
    [
      'weighs it among others',
      'yes',
      {
        Type: 'forward',
        ForwardConfig: { TargetGroups: [{ TargetGroupArn: `${TG}0` }, { TargetGroupArn: TG }] },
      },
    ],
    [
      'weighs others alone',
      'no',
      { Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: `${TG}0` }] } },
    ],
    ['redirects', 'no', { Type: 'redirect' }],
  ])('leads to it where the listener %s: %s', (_title, state, action) => {
    expect(stateOf(estate(action, ports('tcp', 8080, 8080)), BEHIND)).toBe(state);
  });

  it.each(['authenticate-oidc', 'authenticate-cognito', 'jwt-validation'])(
    'is behind a login by %s',
    (Type) => {
      const both = estate(FORWARD, ports('tcp', 8080, 8080)).map((each) => {
        const Actions = [{ Type, Order: 1 }, FORWARD];
        if (each.type === 'listener') return { ...each, facts: { ...each.facts, DefaultActions: Actions } };
        return each.type === 'listener-rule' ? { ...each, facts: { ...each.facts, Actions } } : each;
      });
      expect(recordsOf(both, BEHIND)).toContainEqual(
        expect.objectContaining({ verdict: 'no', auth: 'oidc' }),
      );
      expect(stateOf(both, BEHIND)).toBe('no');
    },
  );
});

describe('a service of ECS', () => {
  const nic = resource('network-interface', 'eni-7', {
    NetworkInterfaceId: 'eni-7',
    SubnetId: 'subnet-1',
    VpcId: 'vpc-1',
    Association: { PublicIp: '3.3.3.7' },
    Groups: [{ GroupId: 'sg-web' }],
  });
  const task = (clusterArn: string | null): EstateResource =>
    resource('ecs-task', 'task-1', {
      group: 'service:shop',
      lastStatus: 'RUNNING',
      ...(clusterArn === null ? {} : { clusterArn }),
      attachments: [
        {
          type: 'ElasticNetworkInterface',
          details: [
            { name: 'subnetId', value: 'subnet-1' },
            { name: 'networkInterfaceId', value: 'eni-7' },
          ],
        },
      ],
    });
  const service = (clusterArn: string | null): EstateResource =>
    resource('ecs-service', 'shop', { serviceName: 'shop', ...(clusterArn === null ? {} : { clusterArn }) });

  it.each<readonly [title: string, state: string, of: string | null, task: string | null]>([
    ['has the tasks of its cluster', 'yes', 'arn:c/one', 'arn:c/one'],
    ['has none of another cluster', 'unknown', 'arn:c/one', 'arn:c/two'],
    ['of which no cluster is told has those of its name', 'yes', null, 'arn:c/two'],
    ['has tasks of which no cluster is told', 'yes', 'arn:c/one', null],
  ])('%s: %s', (_title, state, of, at) => {
    expect(stateOf([...NETWORK, SSH, nic, task(at)], service(of))).toBe(state);
  });
});

describe('a collection', () => {
  const collection = resource('opensearch-collection', 'logs-eu', {});
  const policy = (pattern: string, AllowFromPublic = true): EstateResource =>
    resource('opensearch-network-policy', pattern, { Resources: [pattern], AllowFromPublic });

  it.each<readonly [title: string, state: string, ...policies: EstateResource[]]>([
    ['of its name', 'yes', policy('collection/logs-eu')],
    ['of its dashboards', 'yes', policy('dashboard/logs-eu')],
    ['of the beginning of its name', 'yes', policy('collection/logs-*')],
    ['of a name that begins as its own', 'unknown', policy('collection/logs')],
    ['of another beginning', 'unknown', policy('collection/log-*')],
    [
      'of it among others',
      'yes',
      resource('opensearch-network-policy', 'several', {
        Resources: ['collection/other', 'collection/logs-eu'],
        AllowFromPublic: true,
      }),
    ],
    ['for networks alone', 'no', policy('collection/logs-eu', false)],
    [
      'for networks, beside one for everybody',
      'yes',
      policy('collection/logs-eu', false),
      policy('collection/*'),
    ],
  ])('with a network policy %s: %s', (...row) => {
    const [, state, ...policies] = row as unknown as readonly [string, string, ...EstateResource[]];
    expect(stateOf(policies, collection)).toBe(state);
  });
});

describe('a snapshot for everybody', () => {
  it.each<readonly [title: string, state: string, facts: JsonObject]>([
    ['without encryption', 'yes', {}],
    [
      'with a key of the account',
      'yes',
      { Encrypted: true, KmsKeyId: 'arn:aws:kms:eu-west-1:111111111111:key/k' },
    ],
    ["with AWS's own key cannot be", 'unknown', { Encrypted: true, KmsKeyId: 'alias/aws/rds' }],
    ["with AWS's own key, and for nobody", 'no', { Encrypted: true, KmsKeyId: 'alias/aws/rds', Restore: [] }],
    ["that was encrypted with AWS's own key once", 'yes', { Encrypted: false, KmsKeyId: 'alias/aws/rds' }],
  ])('%s: %s', (_title, state, facts) => {
    expect(stateOf([], resource('rds-snapshot', 's', { Restore: ['all'], ...facts }))).toBe(state);
  });
});

it('the rule about grants of a URL turns once, for those from before October 2025', () => {
  const url = (CreationTime: string) => ({ Url: { AuthType: 'NONE', CreationTime } });
  const turn = Date.UTC(2026, 10, 1);
  expect(urlRuleTurnsAt(url('2025-09-30T23:59:59.999Z'), turn - 1)).toBe(turn);
  expect(urlRuleTurnsAt(url('2025-10-01T00:00:00.000Z'), turn - 1)).toBeNull();
  expect(urlRuleTurnsAt(url('2025-09-30T23:59:59.999Z'), turn)).toBeNull();
  expect(urlRuleTurnsAt({}, turn - 1)).toBeNull();
});

it('who may come and who may not are told of one machine', () => {
  const office = { RuleNumber: 50, Protocol: '-1', RuleAction: 'allow', CidrBlock: '20.1.2.0/24' };
  const half = acl(
    { ...office, Egress: false },
    { ...office, Egress: true },
    ...ALLOW_ALL.filter(({ Egress }) => Egress),
  );
  const estate = [...without(NETWORK, OPEN_ACL), half, group('sg-web', tcp(22, '0.0.0.0/0'))];
  const told = recordsOf(estate, instance('i-1')).map(({ verdict, audience }) => `${verdict} ${audience}`);
  expect(told).toContain('yes partner');
  expect(told).toContain('no internet');
});

it('of two routes the active one decides', () => {
  const both = routes('rtb-1', [{ SubnetId: 'subnet-1' }], { ...TO_INTERNET, State: 'blackhole' });
  expect(stateOf([...without(NETWORK, PUBLIC_ROUTES), both, SSH], instance('i-1'))).toBe('no');
});
