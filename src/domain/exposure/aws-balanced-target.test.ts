import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  balancer,
  FORWARD,
  listener as httpListener,
  LISTENER,
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
  recordsOf,
  resource,
  SUBNET,
  tcp,
  VPC,
  without,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Instances behind load balancers, accelerators and classic load balancers (attack-paths §2.3). */
const INSIDE = [VPC, SUBNET, PRIVATE_SUBNET, PUBLIC_ROUTES, MAIN_PRIVATE, OPEN_ACL].concat(
  listed(
    'load-balancer',
    'classic-load-balancer',
    'target-group',
    'listener',
    'route-table',
    'network-interface',
    'global-accelerator',
    'cloudfront-distribution',
  ),
);

const listener = (facts: JsonObject = {}): EstateResource => {
  const open = httpListener(443, 'HTTPS', FORWARD);
  return { ...open, facts: { ...open.facts, ...facts } };
};
const rule = (name: string, Conditions: readonly JsonObject[], ...Actions: readonly JsonObject[]) =>
  resource('listener-rule', name, {
    RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/${name}`,
    Conditions: [...Conditions],
    Actions: [...Actions],
  });
const target = (facts: JsonObject = {}): EstateResource =>
  resource('target-health', 'web/i-1', { TargetGroup: 'web', Id: 'i-1', ...facts });
const udp = (port: number, ...cidrs: readonly string[]): JsonObject => ({
  ...tcp(port, ...cidrs),
  IpProtocol: 'udp',
});
const OPEN = group('sg-lb', tcp(443, '0.0.0.0/0'));
const OFFICE = group('sg-lb', tcp(443, '52.1.2.3/32'));
const BEHIND = instance('i-1', {}, { Association: null });
const FROM_SUBNET = group('sg-web', tcp(8080, '10.0.0.0/24'));
const NLB = { Type: 'network', SecurityGroups: [] };

type Row = readonly [title: string, told: string, ...estate: EstateResource[]];
const yesOnly = (of: EstateResource, estate: readonly EstateResource[]): string =>
  recordsOf([...INSIDE, ...estate], of)
    .filter(({ verdict, audience }) => verdict === 'yes' && audience !== 'corp')
    .map(({ audience, surface }) => `${audience} ${surface}`)
    .join('; ');
const check = (row: Row, of: EstateResource = BEHIND): void => {
  const [, told, ...estate] = row;
  const { state, missing } = expose([...INSIDE, ...estate], of);
  const ways = yesOnly(of, estate);
  expect([state, ...(state === 'unknown' ? missing : ways === '' ? [] : [ways])].join(': ')).toBe(told);
};

describe('a target of a load balancer', () => {
  it.each<Row>([
    [
      'whose load balancer was not described',
      `unknown: load balancer ${String(balancer().facts['LoadBalancerArn'])}, which has i-1 as a target: aws elbv2 describe-load-balancers`,
      targets(),
      target(),
      FROM_SUBNET,
    ],
    [
      'whose group admits the subnet of the load balancer',
      'yes: internet tcp/8080 through web',
      balancer(),
      OPEN,
      listener(),
      targets(),
      target(),
      FROM_SUBNET,
    ],
    [
      'on a port of its own',
      'yes: internet tcp/9000 through web',
      balancer(),
      OPEN,
      listener(),
      targets(),
      target({ Port: 9000 }),
      group('sg-web', tcp(9000, '10.0.0.0/24')),
    ],
    [
      'whose group admits another subnet',
      'no',
      balancer(),
      OPEN,
      listener(),
      targets(),
      target(),
      group('sg-web', tcp(8080, '10.0.1.0/24')),
    ],
    [
      'whose group admits another group',
      'no',
      balancer(),
      OPEN,
      listener(),
      targets(),
      target(),
      group('sg-web', { ...tcp(8080), UserIdGroupPairs: [{ GroupId: 'sg-else' }] }),
    ],
    [
      'that is unwell is reached all the same',
      'yes: internet tcp/8080 through web',
      balancer(),
      OPEN,
      listener(),
      targets(),
      target({ State: 'unhealthy' }),
      FROM_SUBNET,
    ],
    [
      'of a load balancer for an office is for that office',
      'no: partner tcp/8080 through web',
      balancer(),
      OFFICE,
      listener(),
      targets(),
      target(),
      FROM_SUBNET,
    ],
    [
      'of a load balancer for an office, whose group does not admit it',
      'no',
      balancer(),
      OFFICE,
      listener(),
      targets(),
      target(),
      group('sg-web', tcp(8080, '10.9.0.0/24')),
    ],
    [
      'for some hosts and paths names them',
      'yes: internet tcp/8080 through web (shop.example /api/*)',
      balancer(),
      OPEN,
      listener({ DefaultActions: [{ Type: 'fixed-response' }] }),
      rule(
        'api',
        [{ HostHeaderConfig: { Values: ['shop.example'] } }, { PathPatternConfig: { Values: ['/api/*'] } }],
        FORWARD,
      ),
      targets(),
      target(),
      FROM_SUBNET,
    ],
    [
      'for all requests names no path of another rule',
      'yes: internet tcp/8080 through web',
      balancer(),
      OPEN,
      listener(),
      rule('api', [{ PathPatternConfig: { Values: ['/api/*'] } }], FORWARD),
      targets(),
      target(),
      FROM_SUBNET,
    ],
    [
      'to which no listener forwards',
      'no',
      balancer(),
      OPEN,
      listener({ DefaultActions: [{ Type: 'redirect' }] }),
      rule('default', [], { Type: 'redirect' }),
      targets(),
      target(),
      FROM_SUBNET,
    ],
  ])('%s: %s', (...row) => check(row as unknown as Row));

  it.each<Row>([
    [
      'sees the clients of TCP',
      'yes: internet tcp/8080 through web',
      targets({ Protocol: 'TCP' }),
      group('sg-web', tcp(8080, '0.0.0.0/0')),
    ],
    [
      'that admits its subnet alone does not answer clients of TCP',
      'no',
      targets({ Protocol: 'TCP' }),
      FROM_SUBNET,
    ],
    [
      'sees the load balancer where clients are not kept',
      'yes: internet tcp/8080 through web',
      targets({ Protocol: 'TCP', PreserveClientIp: 'false' }),
      FROM_SUBNET,
    ],
    [
      'sees the clients of UDP, whatever is set',
      'no',
      targets({ Protocol: 'UDP', PreserveClientIp: 'false' }),
      group('sg-web', udp(8080, '10.0.0.0/24')),
    ],
    [
      'answers the clients of UDP',
      'yes: internet udp/8080 through web',
      targets({ Protocol: 'UDP' }),
      group('sg-web', udp(8080, '0.0.0.0/0')),
    ],
    [
      'does not answer over TCP where it is served over UDP',
      'no',
      targets({ Protocol: 'UDP' }),
      group('sg-web', tcp(8080, '0.0.0.0/0')),
    ],
    [
      'answers either protocol where both are served',
      'yes: internet udp/8080 through web',
      targets({ Protocol: 'TCP_UDP' }),
      group('sg-web', udp(8080, '0.0.0.0/0')),
    ],
    [
      'sees the clients where both are served, whatever is set',
      'no',
      targets({ Protocol: 'TCP_UDP', TargetType: 'ip', PreserveClientIp: 'false' }),
      FROM_SUBNET,
    ],
    [
      'answers one office alone',
      'no',
      targets({ Protocol: 'TCP' }),
      group('sg-web', tcp(8080, '52.1.2.3/32')),
    ],
  ])('of a network load balancer %s: %s', (...row) => {
    const [title, told, ...estate] = row as unknown as Row;
    check([title, told, balancer(NLB), listener({ Protocol: 'TCP' }), target(), ...estate]);
  });

  it.each<Row>([
    [
      'whose subnets nobody described',
      'unknown: the subnets of vpc-1: aws ec2 describe-subnets',
      balancer({ AvailabilityZones: [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-9' }] }),
      group('sg-web', tcp(8080, '10.0.9.0/24')),
    ],
    [
      'whose subnets nobody described, to a group for the internet alone',
      'no',
      balancer({ AvailabilityZones: [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-9' }] }),
      group('sg-web', tcp(8080, '52.1.2.3/32')),
    ],
    [
      'whose subnets nobody described, to a group for another port',
      'no',
      balancer({ AvailabilityZones: [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-9' }] }),
      group('sg-web', tcp(8081, '10.0.9.0/24'), tcp(8079, '10.0.9.0/24')),
    ],
    [
      'to a list of prefixes that nobody read',
      'unknown: the entries of prefix list pl-1: aws ec2 get-managed-prefix-list-entries --prefix-list-id pl-1 > ec2-get-managed-prefix-list-entries-pl-1.json 2>&1',
      balancer(),
      group('sg-web', { ...tcp(8080), PrefixListIds: [{ PrefixListId: 'pl-1' }] }),
    ],
  ])('of a load balancer %s: %s', (...row) => {
    const [title, told, ...estate] = row as unknown as Row;
    check([title, told, OPEN, listener(), targets(), target(), ...estate]);
  });

  it('of which nobody tells the port is unknown', () => {
    const { state, missing } = expose(
      [...INSIDE, balancer(), OPEN, listener(), targets({ Port: null }), target(), FROM_SUBNET],
      BEHIND,
    );
    expect([state, ...missing]).toEqual([
      'unknown',
      'the port on which i-1 serves web: aws elbv2 describe-target-groups',
    ]);
  });

  it('says that it is unwell, and nothing where it is well', () => {
    const said = (state: JsonObject): string =>
      recordsOf([...INSIDE, balancer(), OPEN, listener(), targets(), target(state), FROM_SUBNET], BEHIND)
        .flatMap(({ evidence }) => evidence.map(({ sentence }) => sentence))
        .join(' ');
    expect(said({ State: 'draining' })).toContain(
      'is draining in target group web, and is reached all the same.',
    );
    for (const well of [{ State: 'healthy' }, {}]) expect(said(well)).not.toContain('reached all the same');
  });

  it('is closed by what closes its load balancer', () => {
    const ways = recordsOf(
      [
        ...INSIDE,
        balancer(),
        group('sg-lb', tcp(80, '0.0.0.0/0')),
        listener(),
        targets(),
        target(),
        FROM_SUBNET,
      ],
      BEHIND,
    );
    expect(ways).toContainEqual(
      expect.objectContaining({ verdict: 'no', via: ['web', 'web'], gates: ['sg-lb'] }),
    );
  });

  it('has one way for all listeners with the same people and login', () => {
    const second = { ...listener({ Port: 444, ListenerArn: `${LISTENER}/444` }), name: `${LISTENER}/444` };
    const both = group('sg-lb', tcp(443, '0.0.0.0/0'), tcp(444, '0.0.0.0/0'));
    const estate = [
      balancer(),
      both,
      listener(),
      { ...second, key: `${second.key}4` },
      targets(),
      target(),
      FROM_SUBNET,
    ];
    expect(yesOnly(BEHIND, estate)).toBe('internet tcp/8080 through web');
  });
});

describe('an instance that a front names', () => {
  const GA = 'arn:aws:globalaccelerator::111111111111:accelerator/1';
  const accelerated = (keeps: boolean | null, Enabled: boolean | null = true): readonly EstateResource[] => [
    resource('global-accelerator', 'ga', { AcceleratorArn: GA, Name: 'ga', Enabled }, null),
    resource(
      'accelerator-listener',
      'l',
      { ListenerArn: `${GA}/listener/2`, Protocol: 'TCP', PortRanges: [{ FromPort: 443, ToPort: 443 }] },
      null,
    ),
    resource(
      'accelerator-endpoint-group',
      'g',
      {
        EndpointGroupArn: `${GA}/listener/2/endpoint-group/3`,
        EndpointDescriptions: [{ EndpointId: 'i-1', ClientIPPreservationEnabled: keeps }],
      },
      null,
    ),
  ];

  it.each<Row>([
    [
      'an accelerator leads to it, and its group admits clients',
      'yes: internet tcp/443',
      ...accelerated(true),
      group('sg-web', tcp(443, '0.0.0.0/0')),
    ],
    [
      'an accelerator keeps clients, and its group admits none',
      'no',
      ...accelerated(true),
      group('sg-web', tcp(443, '10.0.0.0/8')),
    ],
    [
      'an accelerator hides clients',
      'yes: internet tcp/443',
      ...accelerated(false),
      group('sg-web', tcp(443, '10.0.0.0/8')),
    ],
    [
      'an accelerator keeps clients, and its group was not described',
      'unknown: security group sg-web: aws ec2 describe-security-groups',
      ...accelerated(true),
    ],
    ['an accelerator is off', 'no', ...accelerated(true, false), group('sg-web', tcp(443, '0.0.0.0/0'))],
    [
      'an accelerator of which nobody tells whether it is on',
      'unknown: whether ga is enabled: aws globalaccelerator list-accelerators --region us-west-2',
      ...accelerated(true, null),
      group('sg-web', tcp(443, '0.0.0.0/0')),
    ],
    [
      'another accelerator has the group',
      'no',
      ...accelerated(true).map((each) =>
        each.type === 'global-accelerator'
          ? resource(
              'global-accelerator',
              'ga',
              { AcceleratorArn: `${GA}0`, Name: 'ga', Enabled: true },
              null,
            )
          : each,
      ),
      group('sg-web', tcp(443, '0.0.0.0/0')),
    ],
  ])('%s: %s', (...row) => check(row as unknown as Row));
});

describe('an instance of a classic load balancer', () => {
  const classic = (facts: JsonObject = {}): EstateResource =>
    resource('classic-load-balancer', 'old', {
      LoadBalancerName: 'old',
      Scheme: 'internet-facing',
      VPCId: 'vpc-1',
      SecurityGroups: ['sg-lb'],
      Subnets: ['subnet-1'],
      Instances: [{ InstanceId: 'i-1' }],
      ListenerDescriptions: [{ Listener: { Protocol: 'HTTPS', LoadBalancerPort: 443, InstancePort: 8080 } }],
      ...facts,
    });

  it.each<Row>([
    [
      'is reached on the port of the instance',
      'yes: internet tcp/8080 through old',
      classic(),
      OPEN,
      FROM_SUBNET,
    ],
    ['inside is not reached', 'no', classic({ Scheme: 'internal' }), OPEN, FROM_SUBNET],
    ['of others is not reached', 'no', classic({ Instances: [{ InstanceId: 'i-2' }] }), OPEN, FROM_SUBNET],
    [
      'whose group opens another port is not reached',
      'no',
      classic(),
      group('sg-lb', tcp(80, '0.0.0.0/0')),
      FROM_SUBNET,
    ],
    [
      'that its own group keeps out is not reached',
      'no',
      classic(),
      OPEN,
      group('sg-web', tcp(22, '10.0.0.0/24')),
    ],
  ])('%s: %s', (...row) => check(row as unknown as Row));

  it('is reached where one of two load balancers leads to it', () => {
    const estate = [
      classic({ Scheme: 'internal' }),
      { ...classic(), key: 'aws:second', name: 'second' },
      OPEN,
      FROM_SUBNET,
    ];
    expect(expose([...without(INSIDE), ...estate], BEHIND).state).toBe('yes');
  });
});
