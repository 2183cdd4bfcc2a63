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
  stateOf,
  tcp,
  VPC,
  without,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

describe('a load balancer', () => {
  const listener = (port: number, ...actions: readonly JsonObject[]): EstateResource =>
    httpListener(port, 'HTTPS', ...actions);
  const health = resource('target-health', 'web/i-1', { TargetGroup: 'web', Id: 'i-1', Port: 8080 });
  const open = group('sg-lb', tcp(443, '0.0.0.0/0'));
  const behind = instance('i-1', {}, { Association: null });
  const fromBalancer = group('sg-web', { ...tcp(8080), UserIdGroupPairs: [{ GroupId: 'sg-lb' }] });
  const lists = listed('load-balancer', 'classic-load-balancer', 'target-group', 'listener', 'route-table');
  const network = [VPC, SUBNET, PRIVATE_SUBNET, PUBLIC_ROUTES, MAIN_PRIVATE, OPEN_ACL, ...lists];

  it.each<[string, string, readonly EstateResource[], EstateResource]>([
    ['open on its listener', 'yes', [...network, open, listener(443, FORWARD)], balancer()],
    [
      '13 a group that opens another port',
      'no',
      [...network, group('sg-lb', tcp(80, '0.0.0.0/0')), listener(443, FORWARD)],
      balancer(),
    ],
    ['internal', 'no', [...network, open, listener(443, FORWARD)], balancer({ Scheme: 'internal' })],
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
      [...network, open, listener(443, FORWARD)],
      balancer({ AvailabilityZones: [{ SubnetId: 'subnet-2' }] }),
    ],
    [
      'in one public subnet of two',
      'yes',
      [...network, open, listener(443, FORWARD)],
      balancer({ AvailabilityZones: [{ SubnetId: 'subnet-2' }, { SubnetId: 'subnet-1' }] }),
    ],
    [
      'a network load balancer without groups',
      'yes',
      [...network, listener(443, FORWARD)],
      balancer({ Type: 'network', SecurityGroups: [] }),
    ],
    ['a gateway load balancer', 'no', [...network, open], balancer({ Type: 'gateway' })],
  ])('%s: %s', (_, state, resources, of) => {
    expect(stateOf(resources, of)).toBe(state);
  });

  it('that is still being provisioned is dormant', () => {
    const records = recordsOf(
      [...network, open, listener(443, FORWARD)],
      balancer({ State: { Code: 'provisioning' } }),
    );
    expect(records).toEqual([
      expect.objectContaining({ surface: 'tcp/443', verdict: 'no', isDormant: true }),
    ]);
    expect(records[0]?.evidence[0]?.sentence).toBe('Load balancer web is still being provisioned: dormant.');
  });

  it.each<[string, string, readonly EstateResource[]]>([
    [
      'its group lets the load balancer in',
      'yes',
      [...network, open, balancer(), listener(443, FORWARD), targets(), health, fromBalancer],
    ],
    [
      'its group lets the subnet of the load balancer in',
      'yes',
      [
        ...network,
        open,
        balancer(),
        listener(443, FORWARD),
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
        listener(443, FORWARD),
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
        listener(443, { Type: 'authenticate-oidc', Order: 1 }, FORWARD),
        resource('listener-rule', 'r', {
          RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/1`,
          Actions: [{ Type: 'authenticate-oidc' }, FORWARD],
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
        listener(443, { Type: 'authenticate-oidc', Order: 1 }, FORWARD),
        resource('listener-rule', 'r', {
          RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/1`,
          Actions: [FORWARD],
        }),
        targets(),
        health,
        fromBalancer,
      ],
    ],
    ...(
      [
        [
          'takes every path before the default that asks nobody',
          'no',
          '1',
          { Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } },
        ],
        ['takes every host, as older answers spell it', 'no', '1', { Field: 'host-header', Values: ['*'] }],
        [
          'takes some paths',
          'yes',
          '1',
          { Field: 'path-pattern', PathPatternConfig: { Values: ['/admin/*'] } },
        ],
        ['takes every path, as older answers spell it', 'no', '1', { Field: 'path-pattern', Values: ['/*'] }],
        ['takes a value of something else', 'yes', '1', { Field: 'http-header', Values: ['*'] }],
        ['takes whom it knows by the address', 'yes', '1', { Field: 'source-ip' }],
        ['has no known place', 'yes', null, { Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
      ] as const
    ).map(([which, state, Priority, condition]): [string, string, readonly EstateResource[]] => [
      `a rule with a login that ${which}`,
      state,
      [
        ...network,
        open,
        balancer(),
        listener(443, FORWARD),
        resource('listener-rule', 'r', {
          RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/1`,
          Priority,
          Conditions: [condition as unknown as JsonObject],
          Actions: [{ Type: 'authenticate-oidc' }, FORWARD],
        }),
        targets(),
        health,
        fromBalancer,
      ],
    ]),
    [
      'a rule with a login takes every host, and of these some paths',
      'yes',
      [
        ...network,
        open,
        balancer(),
        listener(443, FORWARD),
        resource('listener-rule', 'r', {
          RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/1`,
          Priority: '1',
          Conditions: [
            { Field: 'host-header', Values: ['*'] },
            { Field: 'path-pattern', Values: ['/admin/*'] },
          ],
          Actions: [{ Type: 'authenticate-oidc' }, FORWARD],
        }),
        targets(),
        health,
        fromBalancer,
      ],
    ],
    ...(
      [
        ['behind', '2', '1', 'no'],
        ['before', '1', '2', 'yes'],
      ] as const
    ).map(([where, own, other, state]): [string, string, readonly EstateResource[]] => [
      `a rule that asks nobody, ${where} one with a login that takes every path`,
      state,
      [
        ...network,
        open,
        balancer(),
        listener(443, { Type: 'fixed-response' }),
        resource('listener-rule', 'r1', {
          RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/1`,
          Priority: own,
          Conditions: [{ Field: 'host-header', Values: ['shop.example'] }],
          Actions: [FORWARD],
        }),
        resource('listener-rule', 'r2', {
          RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/2`,
          Priority: other,
          Conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
          Actions: [{ Type: 'authenticate-oidc' }, FORWARD],
        }),
        targets(),
        health,
        fromBalancer,
      ],
    ]),
    [
      'rules that nobody described could pass the login',
      'unknown',
      [
        ...network,
        open,
        balancer(),
        listener(443, { Type: 'authenticate-oidc', Order: 1 }, FORWARD),
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
        listener(8443, FORWARD),
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
        listener(443, FORWARD),
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
        listener(443, FORWARD),
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
        listener(443, FORWARD),
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
        listener(443, FORWARD),
        targets({ TargetType: 'ip', Protocol: 'TCP' }),
        resource('target-health', 'ip', { TargetGroup: 'web', Id: '10.0.0.10', Port: 8080 }),
        group('sg-web', tcp(8080, '10.0.0.0/16')),
      ],
    ],
    [
      'its targets were not described',
      'unknown',
      [...network, open, balancer(), listener(443, FORWARD), targets(), fromBalancer],
    ],
    [
      'another instance is the target',
      'no',
      [
        ...network,
        open,
        balancer(),
        listener(443, FORWARD),
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
        listener(443, FORWARD),
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
