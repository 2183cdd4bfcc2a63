import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { NETWORK, resource, group as securityGroup, tcp } from '../../../test/support/aws-world.ts';
import { identifyAddressIn } from '../resource/resource-key.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evaluateAwsEstate } from '../risk/evaluate-aws-estate.ts';
import { outsideMachines } from './aws-outside-machines.ts';

const NOW = resource('vpc', 'any', {}).seenAt;
const group = (facts: JsonObject = {}) =>
  resource('target-group', 'web', {
    TargetGroupName: 'web',
    TargetGroupArn: 'arn:tg',
    TargetType: 'ip',
    Protocol: 'HTTP',
    Port: 80,
    HealthCheckPort: 'traffic-port',
    VpcId: 'vpc-1',
    LoadBalancerArns: ['arn:lb'],
    ...facts,
  });
const target = (Id: string, facts: JsonObject = {}) =>
  resource('target-health', `web/${Id}`, {
    TargetGroup: 'arn:tg',
    Id,
    Port: 8080,
    State: 'healthy',
    AvailabilityZone: 'all',
    ...facts,
  });
const vpc = (VpcId: string, CidrBlock: string, ...more: readonly string[]) =>
  resource('vpc', VpcId, {
    VpcId,
    CidrBlock,
    CidrBlockAssociationSet: more.map((block) => ({ CidrBlock: block })),
  });
const list = resource('inventory-listing', 'list', { Of: 'network-interface' });

describe('machines that no inventory has', () => {
  const told = (resources: readonly EstateResource[], ...known: readonly string[]) =>
    [...outsideMachines(resources, new Set(known)).values()].map(({ name }) => name);

  it.each<[string, readonly EstateResource[], readonly string[]]>([
    ['an address that AWS says to be outside', [group(), target('10.20.0.5')], ['10.20.0.5 behind vpc-1']],
    ['the address of a zone', [group(), target('10.0.0.5', { AvailabilityZone: 'eu-west-1a' })], []],
    [
      'one without a zone, beside the ranges of the network',
      [group(), target('10.20.0.5', { AvailabilityZone: null }), vpc('vpc-1', '10.0.0.0/16')],
      ['10.20.0.5 behind vpc-1'],
    ],
    [
      'one without a zone, in a second range of the network',
      [group(), target('10.20.0.5', { AvailabilityZone: null }), vpc('vpc-1', '10.0.0.0/16', '10.20.0.0/16')],
      [],
    ],
    [
      'one without a zone, where nobody described the network',
      [group(), target('10.20.0.5', { AvailabilityZone: null })],
      [],
    ],
    [
      'one in the network, whatever else is said',
      [group(), target('10.0.0.5'), vpc('vpc-1', '10.0.0.0/16'), list],
      [],
    ],
    [
      'one in another network of the account, whose interfaces nobody listed',
      [group(), target('10.20.0.5'), vpc('vpc-2', '10.20.0.0/16')],
      [],
    ],
    [
      'one in another network of the account, none of whose interfaces has it',
      [group(), target('10.20.0.5'), vpc('vpc-2', '10.20.0.0/16'), list],
      ['10.20.0.5 behind vpc-1'],
    ],
    ['a target of a group that nobody described', [target('10.20.0.5')], []],
    ['a group that names no network', [group({ VpcId: null }), target('10.20.0.5')], []],
    ['a machine by its id', [group(), target('i-1')], []],
    ['an address on the internet, which no group takes', [group(), target('8.8.8.8')], []],
    ['a block', [group(), target('10.20.0.0/24')], []],
    ['an address of IPv6', [group(), target('fd00::5')], []],
    ['shared address space', [group(), target('100.64.0.5')], ['100.64.0.5 behind vpc-1']],
    [
      'one that is registered on two ports',
      [group(), target('10.20.0.5'), target('10.20.0.5', { Port: 8443 })],
      ['10.20.0.5 behind vpc-1'],
    ],
    [
      'one that a later answer no longer lists',
      [
        group(),
        target('10.20.0.5'),
        { ...resource('target-health', 'all of web', { TargetGroup: 'arn:tg' }), seenAt: NOW + 1 },
      ],
      [],
    ],
  ])('%s', (_which, resources, expected) => {
    expect(told(resources)).toEqual(expected);
  });

  it('are none where an inventory has something at the address', () => {
    expect(told([group(), target('10.20.0.5')], '10.20.0.5')).toEqual([]);
    expect(told([group(), target('10.20.0.5')], '10.20.0.6')).toEqual(['10.20.0.5 behind vpc-1']);
  });

  it('are dated by the latest word of them', () => {
    const later = { ...target('10.20.0.5', { Port: 8443 }), seenAt: NOW + 5, provenance: 'later' };
    for (const order of [
      [target('10.20.0.5'), later],
      [later, target('10.20.0.5')],
    ])
      expect([...outsideMachines([group(), ...order], new Set()).values()]).toMatchObject([
        { seenAt: NOW + 5, provenance: 'later', facts: { Address: '10.20.0.5', Network: 'vpc-1' } },
      ]);
  });
});

describe('the ways to a machine that no inventory has', () => {
  const machine = resource('outside-machine', '10.20.0.5 behind vpc-1', {
    Address: '10.20.0.5',
    Network: 'vpc-1',
  });
  const front = (Type: string, Scheme = 'internet-facing') => [
    resource('load-balancer', 'front', {
      LoadBalancerArn: 'arn:lb',
      LoadBalancerName: 'front',
      Scheme,
      Type,
      VpcId: 'vpc-1',
      SecurityGroups: ['sg-1'],
      AvailabilityZones: [{ SubnetId: 'subnet-1' }],
    }),
    resource('listener', 'l', {
      ListenerArn: 'arn:listener',
      LoadBalancerArn: 'arn:lb',
      Port: 443,
      Protocol: Type === 'network' ? 'TCP' : 'HTTPS',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn:tg' }],
    }),
    securityGroup('sg-1', tcp(443, '0.0.0.0/0')),
    ...NETWORK,
  ];
  const judged = (resources: readonly EstateResource[]) =>
    evaluateAwsEstate([machine, ...resources]).get(machine.key)?.publiclyAccessible;
  const OTHERS = [
    'which machine has 10.20.0.5, where an account of AWS has it: aws ec2 describe-network-interfaces',
    'what else leads to 10.20.0.5, where it is on premises; no inventory that is read here tells it',
  ];

  it('is one where it answers the health check on its port', () => {
    expect(judged([group(), target('10.20.0.5'), ...front('application')])).toMatchObject({ state: 'yes' });
    expect(
      judged([group({ HealthCheckPort: '8080' }), target('10.20.0.5'), ...front('application')]),
    ).toMatchObject({ state: 'yes' });
    expect(judged([group({ Protocol: 'TCP' }), target('10.20.0.5'), ...front('network')])).toMatchObject({
      state: 'yes',
    });
  });

  it('is one on the ports alone where it is well', () => {
    const told = evaluateAwsEstate([
      machine,
      group(),
      target('10.20.0.5', { State: 'draining' }),
      { ...target('10.20.0.5', { Port: 8443 }), key: 'aws:other' },
      ...front('application'),
    ]).get(machine.key);
    expect(told?.exposure.flatMap((way) => (way.verdict === 'yes' ? way.surface : []))).toEqual([
      'tcp/8443 through front',
    ]);
  });

  it.each<[string, readonly EstateResource[], string | null]>([
    [
      'it is not well',
      [group(), target('10.20.0.5', { State: 'unhealthy' }), ...front('application')],
      'whether what guards machine 10.20.0.5 behind vpc-1 lets anybody in on port 8080, where it is unhealthy; no inventory that is read here tells it',
    ],
    [
      'it is well on another port alone',
      [
        group(),
        target('10.20.0.5', { State: 'draining' }),
        resource('target-health', 'other', {
          TargetGroup: 'arn:tg',
          Id: '10.20.0.6',
          Port: 8080,
          State: 'healthy',
        }),
        ...front('application'),
      ],
      'whether what guards machine 10.20.0.5 behind vpc-1 lets anybody in on port 8080, where it is draining; no inventory that is read here tells it',
    ],
    [
      'the health check asks on another port',
      [group({ HealthCheckPort: '9000' }), target('10.20.0.5'), ...front('application')],
      'whether what guards machine 10.20.0.5 behind vpc-1 lets anybody in on port 8080, as the health check asks on 9000; no inventory that is read here tells it',
    ],
    [
      'nobody told where the health check asks',
      [group({ HealthCheckPort: null }), target('10.20.0.5'), ...front('application')],
      'the port of the health check of web: aws elbv2 describe-target-groups',
    ],
    [
      'nobody told how it is',
      [group(), target('10.20.0.5', { State: null }), ...front('application')],
      'whether machine 10.20.0.5 behind vpc-1 answers on port 8080: aws elbv2 describe-target-health --target-group-arn arn:tg > elbv2-describe-target-health-web.json 2>&1',
    ],
    [
      'it sees the clients themselves, who ask nobody how it is',
      [group({ Protocol: 'TCP', PreserveClientIp: 'true' }), target('10.20.0.5'), ...front('network')],
      'whether what guards machine 10.20.0.5 behind vpc-1 lets clients in on port 8080; no inventory that is read here tells it',
    ],
    [
      'it is asked over UDP, which no health check is',
      [group({ Protocol: 'UDP' }), target('10.20.0.5'), ...front('')],
      'whether what guards machine 10.20.0.5 behind vpc-1 lets clients in on port 8080; no inventory that is read here tells it',
    ],
    [
      'its load balancer is internal',
      [group(), target('10.20.0.5'), ...front('application', 'internal')],
      null,
    ],
    [
      'the group is that of another network',
      [group({ VpcId: 'vpc-2' }), target('10.20.0.5'), ...front('application')],
      null,
    ],
    ['it is no target', [group(), target('10.20.0.6'), ...front('application')], null],
  ])('is not told where %s', (_where, resources, missing) => {
    expect(judged(resources)).toMatchObject({
      state: 'unknown',
      missing: [...(missing === null ? [] : [missing]), ...OTHERS],
    });
  });
});

describe('the key of an address', () => {
  it('names the network that sees it', () => {
    expect(identifyAddressIn('aws:111111111111/eu-west-1/vpc-1', '10.20.0.5')).toEqual({
      kind: 'host',
      key: 'host:aws:111111111111/eu-west-1/vpc-1/10.20.0.5',
      name: '10.20.0.5 behind vpc-1',
    });
  });
});
