import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { AwsEstate } from '../exposure/aws-estate.ts';
import type { EstateResource } from '../risk/estate.ts';
import { type Connection, connectionBetween } from './aws-network.ts';
import {
  database,
  lambda,
  machine,
  NETWORK,
  PEERED,
  regional,
  rule,
  securityGroup,
} from './path-world.labs.test-sample.ts';

const web = machine('i-web');
const shop = database('shop');
const ASSUMED = ['The network ACLs between them, of which too little is known, let it pass.'];

const group = (...rules: readonly JsonObject[]) => securityGroup('sg-db', rules);
const OPEN = group(rule(5432, 'sg-web'));

const answer = (found: Connection | null): readonly string[] | null => found?.assumptions ?? null;

function between(resources: readonly EstateResource[], from = web, to = shop, port: number | null = 5432) {
  return connectionBetween(new AwsEstate([...resources, from, to]), from, to, port);
}

/** The same resource, described otherwise. */
const like = (one: EstateResource, facts: JsonObject): EstateResource => ({
  ...one,
  facts: { ...one.facts, ...facts },
});

const without = (name: string, resources = NETWORK) => resources.filter((each) => each.name !== name);

const entry = (RuleNumber: number, RuleAction: string, CidrBlock: string, more: JsonObject = {}) => ({
  RuleNumber,
  Protocol: '-1',
  RuleAction,
  Egress: false,
  CidrBlock,
  ...more,
});
const OUT = entry(100, 'allow', '0.0.0.0/0', { Egress: true });

/** The network, with another ACL around some of its subnets. */
const withAcl = (entries: readonly JsonObject[], subnets = ['subnet-a', 'subnet-b']) => [
  ...without('acl-1'),
  regional('network-acl', 'ec2', 'network-acl/acl-2', {
    NetworkAclId: 'acl-2',
    VpcId: 'vpc-1',
    Associations: subnets.map((SubnetId) => ({ SubnetId })),
    Entries: [...entries, OUT],
  }),
];

describe('a machine opens a connection to a database', () => {
  test.each<[string, JsonObject, boolean]>([
    ['its group on the port', rule(5432, 'sg-web'), true],
    ['its group on another port', rule(3306, 'sg-web'), false],
    ['its group on all ports', { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-web' }] }, true],
    ['its group over UDP alone', { ...rule(5432, 'sg-web'), IpProtocol: 'udp' }, false],
    ['another group', rule(5432, 'sg-other'), false],
    ['a block with its address', rule(5432, '10.0.1.0/24'), true],
    ['a block with its address on another port', rule(3306, '10.0.1.0/24'), false],
    ['a block with its address over UDP alone', { ...rule(5432, '10.0.1.0/24'), IpProtocol: 'udp' }, false],
    ['a block without its address', rule(5432, '10.0.3.0/24'), false],
    ['ports from the one before', { ...rule(5431, '10.0.1.0/24'), ToPort: 5432 }, true],
    ['ports up to the one before', { ...rule(5430, '10.0.1.0/24'), ToPort: 5431 }, false],
    ['ports from the one behind', { ...rule(5433, '10.0.1.0/24'), ToPort: 6000 }, false],
  ])('where the group of the database lets in %s', (_whom, permission, isOpen) => {
    expect(answer(between([...NETWORK, group(permission)]))).toEqual(isOpen ? [] : null);
  });

  test('on any port where none is asked for', () => {
    expect(answer(between([...NETWORK, group(rule(22, 'sg-web'))], web, shop, null))).toEqual([]);
    expect(answer(between([...NETWORK, group(rule(22, '10.0.1.0/24'))], web, shop, null))).toEqual([]);
    expect(between([...NETWORK, group()], web, shop, null)).toBeNull();
  });

  test('by any one of the groups of either', () => {
    const two = database('shop', {
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-none' }, { VpcSecurityGroupId: 'sg-db' }],
    });
    expect(answer(between([...NETWORK, OPEN, securityGroup('sg-none', [])], web, two))).toEqual([]);
    const both = machine('i-web', { groups: ['sg-other', 'sg-web'] });
    expect(answer(between([...NETWORK, OPEN], both))).toEqual([]);
  });

  test('by any one of its addresses', () => {
    const two = like(web, { PrivateIpAddress: '10.0.9.9' });
    expect(answer(between([...NETWORK, group(rule(5432, '10.0.9.0/24'))], two))).toEqual([]);
    expect(answer(between([...NETWORK, group(rule(5432, '10.0.1.0/24'))], two))).toEqual([]);
  });

  test('and never where the group was not described, or it stands in no network', () => {
    expect(between(NETWORK)).toBeNull();
    expect(between([...NETWORK, OPEN], lambda('web', 'web'))).toBeNull();
    expect(between([...NETWORK, OPEN], web, database('shop', { DBSubnetGroup: {} }))).toBeNull();
    const nowhere = like(web, { VpcId: null, NetworkInterfaces: [] });
    const open = group(rule(5432, '0.0.0.0/0'));
    expect(between([...NETWORK, open], nowhere)).toBeNull();
    const alsoNowhere = like(machine('i-db', { groups: ['sg-db'] }), {
      VpcId: null,
      NetworkInterfaces: [{ PrivateIpAddress: '10.0.2.9', Groups: [{ GroupId: 'sg-db' }] }],
    });
    const caller = like(nowhere, { PrivateIpAddress: '10.0.1.9' });
    expect(between([...NETWORK, open], caller, alsoNowhere)).toBeNull();
  });

  test('and says what lets it, and what would close it', () => {
    expect(between([...NETWORK, OPEN])).toMatchObject({
      isPeered: false,
      gate: {
        is: 'network_rule',
        id: '111111111111 sg-db from sg-web 5432',
        sentence: 'close tcp/5432 of shop to i-web (sg-db)',
      },
      evidence: { sentence: 'sg-db of shop lets i-web in.', provenance: 'aws-cli' },
    });
    expect(between([...NETWORK, OPEN], web, shop, null)?.gate).toMatchObject({
      id: '111111111111 sg-db from sg-web any',
      sentence: 'close the ports of shop to i-web (sg-db)',
    });
  });
});

describe('the network ACL of the database', () => {
  const all = entry(100, 'allow', '0.0.0.0/0');
  test.each<[string, readonly JsonObject[], readonly string[] | null]>([
    ['lets all pass', [all], []],
    ['refuses all', [], null],
    ['refuses the address first', [entry(50, 'deny', '10.0.1.10/32'), all], null],
    ['refuses another address first', [entry(50, 'deny', '10.0.1.11/32'), all], []],
    ['refuses the address too late', [all, entry(150, 'deny', '10.0.1.10/32')], []],
    [
      'lets the port pass',
      [entry(100, 'allow', '0.0.0.0/0', { Protocol: '6', PortRange: { From: 5432, To: 5432 } })],
      [],
    ],
    [
      'lets another port pass',
      [entry(100, 'allow', '0.0.0.0/0', { Protocol: '6', PortRange: { From: 443, To: 443 } })],
      null,
    ],
    ['lets UDP alone pass', [entry(100, 'allow', '0.0.0.0/0', { Protocol: '17' })], null],
    ['cannot be read where it refuses', [entry(50, 'deny', 'somewhere'), all], ASSUMED],
  ])('%s', (_what, entries, expected) => {
    expect(answer(between([...withAcl(entries), OPEN]))).toEqual(expected);
  });

  test('has no say within one subnet', () => {
    const beside = machine('i-web', { subnetId: 'subnet-b' });
    expect(answer(between([...withAcl([]), OPEN], beside))).toEqual([]);
  });

  test('of one of its subnets is enough', () => {
    const two = database('shop', {
      DBSubnetGroup: {
        VpcId: 'vpc-1',
        Subnets: [{ SubnetIdentifier: 'subnet-b' }, { SubnetIdentifier: 'subnet-d' }],
      },
    });
    const open = regional('network-acl', 'ec2', 'network-acl/acl-3', {
      NetworkAclId: 'acl-3',
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: 'subnet-d' }],
      Entries: [all, OUT],
    });
    expect(answer(between([...withAcl([]), open, OPEN], web, two))).toEqual([]);
    expect(between([...withAcl([], ['subnet-b', 'subnet-d']), OPEN], web, two)).toBeNull();
  });

  test('that nobody described is taken to let it pass, whatever else was described', () => {
    expect(answer(between([...without('acl-1'), OPEN]))).toEqual(ASSUMED);
    expect(answer(between([...withAcl([all], ['subnet-a']), OPEN]))).toEqual(ASSUMED);
    const placeless = database('shop', { DBSubnetGroup: { VpcId: 'vpc-1' } });
    expect(answer(between([...NETWORK, OPEN], web, placeless))).toEqual(ASSUMED);
  });

  test('of another region is another one', () => {
    const elsewhere = withAcl([]).map((each) =>
      each.type === 'network-acl' ? { ...each, region: 'us-east-1' } : each,
    );
    expect(answer(between([...elsewhere, OPEN]))).toEqual(ASSUMED);
  });
});

describe('a function', () => {
  const inVpc = lambda('web', 'web', {
    VpcConfig: { VpcId: 'vpc-1', SubnetIds: ['subnet-a'], SecurityGroupIds: ['sg-web'] },
  });
  test.each<[string, readonly EstateResource[], readonly string[] | null]>([
    ['its group', [...NETWORK, OPEN], []],
    ['all of its subnet', [...NETWORK, group(rule(5432, '10.0.1.0/24'))], []],
    ['a part of its subnet', [...NETWORK, group(rule(5432, '10.0.1.0/25'))], null],
    [
      'its group, where the ACL refuses a part of its subnet',
      [...withAcl([entry(50, 'deny', '10.0.1.0/25'), entry(100, 'allow', '0.0.0.0/0')]), OPEN],
      ASSUMED,
    ],
    [
      'its group, where the ACL refuses all of its subnet',
      [...withAcl([entry(50, 'deny', '10.0.1.0/24'), entry(100, 'allow', '0.0.0.0/0')]), OPEN],
      null,
    ],
    ['its group, where its subnet was not described', [...without('subnet-a'), OPEN], ASSUMED],
    [
      'its group, where its subnet was not described and the ACL refuses all',
      [...withAcl([]).filter(({ name }) => name !== 'subnet-a'), OPEN],
      null,
    ],
  ])('connects where %s is let in', (_whom, resources, expected) => {
    expect(answer(between(resources, inVpc))).toEqual(expected);
  });
});

describe('a task of ECS', () => {
  const CLUSTER = 'arn:aws:ecs:eu-west-1:111111111111:cluster/shop';
  const eni = (id: string, address: string, groupId = 'sg-web') =>
    regional('network-interface', 'ec2', `network-interface/${id}`, {
      NetworkInterfaceId: id,
      SubnetId: 'subnet-a',
      VpcId: 'vpc-1',
      PrivateIpAddress: address,
      Groups: [{ GroupId: groupId }],
    });
  const task = (id: string, interfaceId: string | null, more: JsonObject = {}) =>
    regional('ecs-task', 'ecs', `task/shop/${id}`, {
      taskArn: `arn:aws:ecs:eu-west-1:111111111111:task/shop/${id}`,
      clusterArn: CLUSTER,
      group: 'service:web',
      lastStatus: 'RUNNING',
      attachments:
        interfaceId === null ? [] : [{ details: [{ name: 'networkInterfaceId', value: interfaceId }] }],
      ...more,
    });
  const service = regional('ecs-service', 'ecs', 'service/shop/web', {
    serviceName: 'web',
    clusterArn: CLUSTER,
  });
  const named: EstateResource = { ...service, name: 'web' };
  const byAddress = group(rule(5432, '10.0.1.21/32'));
  const one = [eni('eni-1', '10.0.1.20'), task('1', 'eni-1')];
  const two = [eni('eni-2', '10.0.1.21'), task('2', 'eni-2')];

  test.each<[string, readonly EstateResource[], boolean]>([
    ['its own interface is in the group', [...one, OPEN], true],
    [
      'its own interface is in another group',
      [eni('eni-1', '10.0.1.20', 'sg-other'), task('1', 'eni-1'), OPEN],
      false,
    ],
    ['its interface was not described', [task('1', 'eni-1'), OPEN], false],
    ['it has none of its own', [task('1', null), OPEN], false],
    [
      'it has stopped',
      [one[0] as EstateResource, task('1', 'eni-1', { lastStatus: 'STOPPED' }), OPEN],
      false,
    ],
  ])('connects, and so does its service, where %s', (_why, resources, expected) => {
    const from = resources.find(({ type }) => type === 'ecs-task') as EstateResource;
    const world = [...NETWORK, ...resources];
    const ask = (who: EstateResource) =>
      connectionBetween(new AwsEstate([...world, shop, named]), who, shop, 5432);
    expect([ask(from), ask(named)].map(answer)).toEqual(expected ? [[], []] : [null, null]);
  });

  test('is one of several of its service: what lets any one of them in lets the service in', () => {
    expect(answer(between([...NETWORK, ...one, ...two, byAddress], named))).toEqual([]);
    expect(between([...NETWORK, ...one, byAddress], named)).toBeNull();
    const elsewhere = two.map((each) =>
      each.type === 'ecs-task' ? like(each, { clusterArn: `${CLUSTER}-2` }) : each,
    );
    expect(between([...NETWORK, ...one, ...elsewhere, byAddress], named)).toBeNull();
  });

  test('goes into another network by the routes of its own subnet', () => {
    const far = machine('i-far', { vpc: 'vpc-2', subnetId: 'subnet-c', isPublic: false, groups: ['sg-far'] });
    const inner = securityGroup('sg-far', [rule(22, '10.0.1.0/24')], 'vpc-2');
    const from = (who: EstateResource) =>
      connectionBetween(new AwsEstate([...PEERED, ...one, inner, far, named]), who, far, 22);
    expect([from(one[1] as EstateResource), from(named)].map((found) => found?.isPeered)).toEqual([
      true,
      true,
    ]);
  });
});

test('a cluster of databases stands where its members stand, behind groups of its own', () => {
  const cluster = (members: readonly string[]) =>
    regional('rds-cluster', 'rds', 'cluster:shop', {
      DBClusterIdentifier: 'shop',
      Port: 5432,
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-db' }],
      DBClusterMembers: members.map((DBInstanceIdentifier) => ({ DBInstanceIdentifier })),
    });
  const member = database('shop-1', { VpcSecurityGroups: [] });
  expect(answer(between([...NETWORK, OPEN, member], web, cluster(['shop-1'])))).toEqual([]);
  expect(between([...NETWORK, OPEN, member], web, cluster([]))).toBeNull();
  expect(between([...NETWORK, OPEN, member], web, cluster(['other']))).toBeNull();
});

describe('from one network into another', () => {
  const far = machine('i-far', { vpc: 'vpc-2', subnetId: 'subnet-c', isPublic: false, groups: ['sg-far'] });
  const inner = securityGroup('sg-far', [rule(22, '10.0.1.0/24')], 'vpc-2');
  const reach = (resources: readonly EstateResource[]) => between([...resources, inner], web, far, 22);
  const changed = (name: string, facts: JsonObject) =>
    PEERED.map((each) => (each.name === name ? like(each, facts) : each));

  test('it goes over the peering connection that the routes of both name', () => {
    expect(reach(PEERED)).toMatchObject({
      isPeered: true,
      evidence: { sentence: 'sg-far of i-far lets i-web in, over pcx-1.' },
      assumptions: ASSUMED,
    });
    expect(reach(without('pcx-1', PEERED))).toMatchObject({ isPeered: true });
  });

  test.each<[string, readonly EstateResource[]]>([
    ['without a route there', changed('rtb-a', { Routes: [] })],
    ['without a route back', changed('rtb-c', { Routes: [] })],
    [
      'with a route back over another one',
      changed('rtb-c', {
        Routes: [{ DestinationCidrBlock: '10.0.0.0/16', VpcPeeringConnectionId: 'pcx-2', State: 'active' }],
      }),
    ],
    [
      'with a route that leads nowhere any more',
      changed('rtb-a', {
        Routes: [
          { DestinationCidrBlock: '10.1.0.0/16', VpcPeeringConnectionId: 'pcx-1', State: 'blackhole' },
        ],
      }),
    ],
    ['over one that nobody accepted', changed('pcx-1', { Status: { Code: 'pending-acceptance' } })],
    ['over one that was deleted', changed('pcx-1', { Status: { Code: 'deleted' } })],
    ['where no subnet was described', without('subnet-c', PEERED)],
  ])('and not %s', (_why, resources) => {
    expect(reach(resources)).toBeNull();
  });

  const GATEWAY = { TransitGatewayId: 'tgw-1', State: 'active' };
  const attachment = (vpc: string, more: JsonObject = {}) =>
    regional('transit-gateway-attachment', 'ec2', `transit-gateway-attachment/at-${vpc}`, {
      TransitGatewayAttachmentId: `at-${vpc}`,
      TransitGatewayId: 'tgw-1',
      ResourceId: vpc,
      Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
      ...more,
    });
  const onward = (block: string, vpc: string, State = 'active') =>
    regional('transit-gateway-route', 'ec2', `transit-gateway-route-table/tgw-rtb-1/${block}`, {
      Table: 'tgw-rtb-1',
      DestinationCidrBlock: block,
      State,
      ResourceIds: [vpc],
    });
  const ATTACHED = ['vpc-1', 'vpc-2'].map((vpc) => attachment(vpc));
  const ROUTED = [onward('10.0.0.0/16', 'vpc-1'), onward('10.1.0.0/16', 'vpc-2')];
  const overGateway = (...more: readonly EstateResource[]) => [
    ...without('pcx-1', PEERED).map((each) =>
      each.name === 'rtb-a'
        ? like(each, { Routes: [{ DestinationCidrBlock: '10.1.0.0/16', ...GATEWAY }] })
        : each.name === 'rtb-c'
          ? like(each, { Routes: [{ DestinationCidrBlock: '10.0.0.0/16', ...GATEWAY }] })
          : each,
    ),
    ...more,
  ];

  test('it goes over a transit gateway that passes packets both ways', () => {
    expect(reach(overGateway(...ATTACHED, ...ROUTED))).toMatchObject({
      isPeered: true,
      evidence: { sentence: 'sg-far of i-far lets i-web in, over tgw-1.' },
    });
  });

  test.each<[string, readonly EstateResource[]]>([
    ['to which nobody told what is attached', ROUTED],
    ['to which its own network is not attached', [ATTACHED[1] as EstateResource, ...ROUTED]],
    ['to which the other network is not attached', [ATTACHED[0] as EstateResource, ...ROUTED]],
    ['of which no table routes', [attachment('vpc-1', { Association: {} }), attachment('vpc-2'), ...ROUTED]],
    ['of which nobody told the routes', ATTACHED],
    ['without a route there', [...ATTACHED, onward('10.0.0.0/16', 'vpc-1')]],
    ['without a route back', [...ATTACHED, onward('10.1.0.0/16', 'vpc-2')]],
    [
      'that drops what goes there',
      [...ATTACHED, ROUTED[0] as EstateResource, onward('10.1.0.0/16', 'vpc-2', 'blackhole')],
    ],
    ['that routes it elsewhere', [...ATTACHED, ROUTED[0] as EstateResource, onward('10.1.0.0/16', 'vpc-3')]],
  ])('and not over a transit gateway %s', (_why, more) => {
    expect(reach(overGateway(...more))).toBeNull();
  });

  test('a group that lets in another group says nothing of who comes over a transit gateway', () => {
    const byGroup = securityGroup('sg-far', [rule(22, 'sg-web')], 'vpc-2');
    const over = (resources: readonly EstateResource[]) => between([...resources, byGroup], web, far, 22);
    expect(over(PEERED)).not.toBeNull();
    expect(over(overGateway(...ATTACHED, ...ROUTED))).toBeNull();
  });

  test('and a network of the same name in another region is another one', () => {
    const other = { ...web, region: 'us-east-1' };
    expect(between([...NETWORK, OPEN, other], other)).toBeNull();
  });
});
