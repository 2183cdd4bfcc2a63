import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { group, instance, listed, NETWORK, part, resource, tcp } from '../../../test/support/aws-world.ts';
import { NO_PRIVILEGES } from '../risk/aws-privileged-access.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evaluateAwsEstate } from '../risk/evaluate-aws-estate.ts';
import { affectedByChanges, type ChangedResource } from './aws-affected.ts';

const GROUPS = ['sg-a', 'sg-b', 'sg-c', 'sg-d', 'sg-lb', 'sg-db'];
const RULES: readonly JsonObject[] = [
  tcp(443, '0.0.0.0/0'),
  tcp(80, '0.0.0.0/1'),
  tcp(8080, '10.0.0.0/16'),
  tcp(5432, '1.1.1.1/32'),
  tcp(22, '10.0.0.0/8'),
  { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, UserIdGroupPairs: [{ GroupId: 'sg-lb' }] },
  { IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-1' }] },
];
const groups = (...ids: readonly string[]): JsonObject => ({ Groups: ids.map((GroupId) => ({ GroupId })) });
const balancer = (name: string, facts: JsonObject): EstateResource =>
  resource('load-balancer', name, {
    LoadBalancerArn: `arn:lb/${name}`,
    LoadBalancerName: name,
    Type: 'application',
    Scheme: 'internet-facing',
    VpcId: 'vpc-1',
    SecurityGroups: ['sg-lb'],
    AvailabilityZones: [{ SubnetId: 'subnet-1' }],
    ...facts,
  });

/** One network with instances, a load balancer and its targets, tasks, databases, templates, buckets and queues. */
const FIXED: readonly EstateResource[] = [
  // Without the list of interfaces a load balancer may have more targets than are told.
  ...NETWORK.filter(({ facts }) => facts['Of'] !== 'network-interface'),
  instance('i-a', {}, groups('sg-a')),
  instance('i-ab', {}, groups('sg-a', 'sg-b')),
  instance('i-target', {}, { ...groups('sg-c'), Association: null, PrivateIpAddress: '10.0.0.20' }),
  instance('i-address', {}, { ...groups('sg-c'), Association: null, PrivateIpAddress: '10.0.0.21' }),
  instance('i-classic', {}, { ...groups('sg-c'), Association: null, PrivateIpAddress: '10.0.0.22' }),
  instance('i-late', { NetworkInterfaces: [] }),
  resource('network-interface', 'eni-late', {
    NetworkInterfaceId: 'eni-late',
    Attachment: { InstanceId: 'i-late' },
    SubnetId: 'subnet-1',
    VpcId: 'vpc-1',
    Association: { PublicIp: '3.3.3.9' },
    ...groups('sg-d'),
  }),
  resource('network-interface', 'eni-task', {
    NetworkInterfaceId: 'eni-task',
    SubnetId: 'subnet-1',
    VpcId: 'vpc-1',
    Association: { PublicIp: '3.3.3.8' },
    ...groups('sg-a'),
  }),
  resource('ecs-task', 't1', {
    taskArn: 'arn:task/t1',
    group: 'service:web',
    lastStatus: 'RUNNING',
    attachments: [
      { type: 'ElasticNetworkInterface', details: [{ name: 'networkInterfaceId', value: 'eni-task' }] },
    ],
  }),
  resource('ecs-service', 'web', { serviceArn: 'arn:service/web', serviceName: 'web' }),
  balancer('front', {}),
  resource('listener', 'l1', {
    ListenerArn: 'arn:lb/front/l1',
    LoadBalancerArn: 'arn:lb/front',
    Port: 443,
    Protocol: 'HTTPS',
    DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn:tg/1' }],
  }),
  resource('target-group', 'tg', {
    TargetGroupArn: 'arn:tg/1',
    TargetGroupName: 'tg',
    VpcId: 'vpc-1',
    TargetType: 'instance',
    Protocol: 'HTTP',
    Port: 8080,
    LoadBalancerArns: ['arn:lb/front'],
  }),
  // Nobody told its targets, so anything in the network may be one.
  resource('target-group', 'untold', {
    TargetGroupArn: 'arn:tg/2',
    TargetGroupName: 'untold',
    VpcId: 'vpc-1',
    TargetType: 'instance',
    Protocol: 'HTTP',
    Port: 8080,
    LoadBalancerArns: ['arn:lb/front'],
  }),
  resource('lambda-function', 'resize', {
    FunctionName: 'resize',
    FunctionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:resize',
    Policy: { Statement: [] },
    Url: {},
  }),
  resource('target-group', 'functions', {
    TargetGroupArn: 'arn:tg/3',
    TargetGroupName: 'functions',
    TargetType: 'lambda',
    LoadBalancerArns: ['arn:lb/front'],
  }),
  resource('listener-rule', 'functions', {
    RuleArn: 'arn:lb/front/l1/r1',
    Priority: '1',
    Conditions: [],
    Actions: [{ Type: 'forward', TargetGroupArn: 'arn:tg/3' }],
  }),
  resource('target-health', 'h3', {
    TargetGroup: 'arn:tg/3',
    Id: 'arn:aws:lambda:eu-west-1:111111111111:function:resize',
  }),
  resource('target-health', 'h1', { TargetGroup: 'arn:tg/1', Id: 'i-target', Port: 8080 }),
  resource('target-health', 'h2', { TargetGroup: 'arn:tg/1', Id: '10.0.0.21', Port: 8080 }),
  resource('beanstalk-environment', 'shop', { EnvironmentName: 'shop', LoadBalancers: [{ Name: 'front' }] }),
  resource('beanstalk-environment', 'batch', { EnvironmentName: 'batch', Instances: [{ Id: 'i-a' }] }),
  resource('classic-load-balancer', 'old', {
    LoadBalancerName: 'old',
    Scheme: 'internet-facing',
    VPCId: 'vpc-1',
    Subnets: ['subnet-1'],
    SecurityGroups: ['sg-b'],
    Instances: [{ InstanceId: 'i-classic' }],
    ListenerDescriptions: [{ Listener: { LoadBalancerPort: 80, Protocol: 'HTTP', InstancePort: 8080 } }],
  }),
  resource('rds-instance', 'orders-1', {
    DBInstanceIdentifier: 'orders-1',
    DBClusterIdentifier: 'orders',
    PubliclyAccessible: true,
    Endpoint: { Port: 5432 },
    DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-1' }] },
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-db' }],
  }),
  resource('rds-cluster', 'orders', {
    DBClusterIdentifier: 'orders',
    DBClusterMembers: [{ DBInstanceIdentifier: 'orders-1' }],
  }),
  resource('auto-scaling-group', 'asg', {
    AutoScalingGroupARN: 'arn:asg/asg',
    VPCZoneIdentifier: 'subnet-1',
    LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' },
  }),
  resource('launch-template-version', 'lt-1/1', {
    LaunchTemplateId: 'lt-1',
    VersionNumber: 1,
    LaunchTemplateData: { NetworkInterfaces: [{ AssociatePublicIpAddress: true, Groups: ['sg-a'] }] },
  }),
  resource('prefix-list-entry', 'pl-1/1', { PrefixListId: 'pl-1', Cidr: '0.0.0.0/0' }),
  { ...resource('s3-bucket', 'logs', { Name: 'logs' }, null), key: 'aws:arn:aws:s3:::logs' },
  resource('cloudtrail-trail', 'audit', { Name: 'audit', S3BucketName: 'logs' }),
  ...listed('ecs-task'),
];

function queue(open: boolean): EstateResource {
  const Statement = open ? [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }] : [];
  return resource('sqs-queue', 'jobs', { Policy: { Statement } });
}
function finding(isPublic: boolean): EstateResource {
  return resource('access-finding', 'f', {
    id: 'f',
    Resource: 'arn:aws:s3:::logs',
    IsPublic: isPublic,
    Status: 'ACTIVE',
    Actions: ['s3:GetObject'],
    AnalyzedAt: '2026-10-02T00:00:00Z',
  });
}
function database(isPublic: boolean): EstateResource {
  const orders = FIXED.find(({ name }) => name === 'orders-1') as EstateResource;
  return { ...orders, facts: { ...orders.facts, PubliclyAccessible: isPublic } };
}

interface World {
  readonly rules: Readonly<Record<string, readonly number[]>>;
  readonly isQueueOpen: boolean;
  readonly isFindingPublic: boolean;
  readonly isDatabasePublic: boolean;
}

function estateOf({
  rules,
  isQueueOpen,
  isFindingPublic,
  isDatabasePublic,
}: World): readonly EstateResource[] {
  return [
    ...FIXED.filter(({ name }) => name !== 'orders-1'),
    ...GROUPS.map((id) => group(id, ...(rules[id] ?? []).map((rule) => RULES[rule] as JsonObject))),
    queue(isQueueOpen),
    finding(isFindingPublic),
    database(isDatabasePublic),
  ];
}

const someRules = fc.uniqueArray(fc.nat(RULES.length - 1), { maxLength: 3 });
const world: fc.Arbitrary<World> = fc.record({
  rules: fc.record(Object.fromEntries(GROUPS.map((id) => [id, someRules]))),
  isQueueOpen: fc.boolean(),
  isFindingPublic: fc.boolean(),
  isDatabasePublic: fc.boolean(),
});
/** One thing of another world: mostly a group, as there are so many of them. */
const change = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...GROUPS) },
  { weight: 2, arbitrary: fc.constantFrom('isQueueOpen', 'isFindingPublic', 'isDatabasePublic') },
);

function changed(before: World, other: World, what: string): World {
  return GROUPS.includes(what)
    ? { ...before, rules: { ...before.rules, [what]: other.rules[what] ?? [] } }
    : { ...before, [what]: other[what as keyof World] };
}

function changesBetween(
  before: readonly EstateResource[],
  after: readonly EstateResource[],
): readonly ChangedResource[] {
  const byKey = new Map(before.map((each) => [each.key, each]));
  return after.flatMap((each): ChangedResource[] => {
    const old = byKey.get(each.key) ?? null;
    return old !== null && JSON.stringify(old) === JSON.stringify(each) ? [] : [{ before: old, after: each }];
  });
}

const evaluate = (estate: readonly EstateResource[], only: ReadonlySet<string> | null) =>
  evaluateAwsEstate(estate, {}, NO_PRIVILEGES, only);

describe('what a change affects', () => {
  it('is all that is judged otherwise after it', () => {
    let others = 0;
    let affected = 0;
    fc.assert(
      fc.property(
        world,
        world,
        fc.uniqueArray(change, { minLength: 1, maxLength: 3 }),
        (start, other, what) => {
          const before = estateOf(start);
          const after = estateOf(what.reduce((current, each) => changed(current, other, each), start));
          const keys = affectedByChanges(after, changesBetween(before, after));
          expect(keys).not.toBeNull();
          const whole = evaluate(after, null);
          const some = evaluate(after, keys);
          expect(new Map([...evaluate(before, null), ...some])).toEqual(whole);
          others += whole.size - some.size;
          affected += some.size;
        },
      ),
      { numRuns: 150, seed: 20261128 },
    );
    // To call everything affected would prove nothing.
    expect(others).toBeGreaterThan(affected / 4);
  });

  it('is one group and what stands in it, where that is no load balancer', () => {
    const start = estateOf({ rules: {}, isQueueOpen: false, isFindingPublic: false, isDatabasePublic: true });
    const after = start.map((each) =>
      each.name === 'sg-db' ? group('sg-db', tcp(5432, '0.0.0.0/0')) : each,
    );
    const names = (keys: ReadonlySet<string> | null): readonly string[] =>
      after.filter(({ key }) => keys?.has(key)).map(({ name }) => name);
    expect(names(affectedByChanges(after, changesBetween(start, after)))).toEqual([
      'orders',
      'sg-db',
      'orders-1',
    ]);
  });

  it.each<readonly [title: string, change: EstateResource]>([
    ['of a route table', resource('route-table', 'rtb-1', {})],
    ['of a list that is complete', listed('route-table')[0] as EstateResource],
    ['of a part of something', part('s3-bucket', 'shop', {})],
    ['of a key, on which buckets rest', resource('kms-key', 'k', {})],
  ])('may be anything %s', (_title, after) => {
    expect(affectedByChanges([after], [{ before: null, after }])).toBeNull();
  });

  it('may be anything where a resource changes its place, or where very many change', () => {
    const here = group('sg-a');
    expect(affectedByChanges([here], [{ before: { ...here, region: 'us-east-1' }, after: here }])).toBeNull();
    const many = Array.from({ length: 201 }, (_, index) => ({ before: null, after: group(`sg-${index}`) }));
    expect(affectedByChanges([], many)).toBeNull();
    expect(affectedByChanges([], many.slice(1))?.size).toBe(200);
  });
});
