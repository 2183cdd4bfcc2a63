import { afterAll, beforeAll, expect, test } from 'vitest';
import { showResources } from '../src/app/show-resources.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeAll(async () => {
  inbox = await openTestInbox();
});
afterAll(() => inbox.close());

const PLACE = { account: '111111111111', region: 'eu-west-1' };
const EC2 = 'arn:aws:ec2:eu-west-1:111111111111:instance/i-0a1b2c3d4e5f60718';
const ELB = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';
const LB = `${ELB}:loadbalancer/app/web/50dc6c495c0c9188`;
const TG = `${ELB}:targetgroup/web/6d0ecf831eec9f09`;

async function imported(report: unknown, name: string, options: object = PLACE): Promise<void> {
  inbox.clock.set(inbox.clock.now() + 1_000);
  const result = await inbox.importReport(report, options, name);
  if (!('sentences' in result)) throw new Error(JSON.stringify(result));
}

const instances = (Tags: readonly object[]) => ({
  Reservations: [
    {
      OwnerId: '111111111111',
      Instances: [
        {
          InstanceId: 'i-0a1b2c3d4e5f60718',
          State: { Name: 'running' },
          VpcId: 'vpc-1',
          PrivateIpAddress: '10.0.9.8',
          Tags,
        },
      ],
    },
  ],
});

async function services(balancer = LB): Promise<readonly unknown[]> {
  const result = await inbox.database.pool.query(
    `select services, attribution #>> '{services,reason}' as reason from resource where key = $1`,
    [`aws:${balancer}`],
  );
  return result.rows.map((row) => [...row.services, row.reason]);
}

test('a load balancer is a part of what the machines behind it are, and follows them', async () => {
  await imported(
    {
      LoadBalancers: [
        {
          LoadBalancerArn: LB,
          LoadBalancerName: 'web',
          Scheme: 'internet-facing',
          Type: 'application',
          VpcId: 'vpc-1',
          AvailabilityZones: [],
        },
      ],
    },
    'elbv2-describe-load-balancers.json',
  );
  await imported(
    {
      TargetGroups: [
        {
          TargetGroupArn: TG,
          TargetGroupName: 'web',
          TargetType: 'instance',
          Protocol: 'HTTP',
          Port: 80,
          VpcId: 'vpc-1',
          LoadBalancerArns: [LB],
        },
      ],
    },
    'elbv2-describe-target-groups.json',
  );
  await imported(instances([]), 'ec2-describe-instances.json');
  expect(await services()).toEqual([[null]]);
  await imported(
    {
      TargetHealthDescriptions: [
        { Target: { Id: 'i-0a1b2c3d4e5f60718', Port: 80 }, TargetHealth: { State: 'healthy' } },
      ],
    },
    'elbv2-describe-target-health-web.json',
  );
  expect(await services()).toEqual([[null]]);
  await imported(
    `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: shop\n  annotations:\n    amazonaws.com/arn: ${EC2}\nspec:\n  type: service\n  owner: team-shop\n`,
    'catalog-info.yaml',
    { source: 'catalogue' },
  );
  expect(await services()).toEqual([['shop', 'what it leads to']]);
  await imported(instances([{ Key: 'service', Value: 'checkout' }]), 'ec2-describe-instances.json');
  expect(await services()).toEqual([['checkout', 'what it leads to']]);
});

test('a target that is registered by its address is the machine that has it', async () => {
  const other = `${ELB}:loadbalancer/net/files/60dc6c495c0c9188`;
  const group = `${ELB}:targetgroup/files/7d0ecf831eec9f09`;
  await imported(instances([{ Key: 'service', Value: 'basket' }]), 'ec2-describe-instances.json');
  await imported(
    {
      LoadBalancers: [
        {
          LoadBalancerArn: other,
          LoadBalancerName: 'files',
          Scheme: 'internal',
          Type: 'network',
          VpcId: 'vpc-1',
        },
      ],
    },
    'elbv2-describe-load-balancers-files.json',
  );
  await imported(
    {
      TargetGroups: [
        {
          TargetGroupArn: group,
          TargetGroupName: 'files',
          TargetType: 'ip',
          Protocol: 'TCP',
          Port: 445,
          VpcId: 'vpc-1',
          LoadBalancerArns: [other],
        },
      ],
    },
    'elbv2-describe-target-groups-files.json',
  );
  const registered = (Id: string) =>
    imported(
      { TargetHealthDescriptions: [{ Target: { Id, Port: 445 }, TargetHealth: { State: 'healthy' } }] },
      'elbv2-describe-target-health-files.json',
    );
  await registered('10.0.9.9');
  expect(await services(other)).toEqual([[null]]);
  await registered('10.0.9.8');
  expect(await services(other)).toEqual([['basket', 'what it leads to']]);
});

test('a service of ECS that registers its tasks is behind the load balancer of its target group', async () => {
  const arn = `${ELB}:loadbalancer/net/stock/1111111111111111`;
  const group = `${ELB}:targetgroup/stock/2222222222222222`;
  const cluster = 'arn:aws:ecs:eu-west-1:111111111111:cluster/main';
  const balancer = {
    LoadBalancerArn: arn,
    LoadBalancerName: 'stock',
    Scheme: 'internal',
    Type: 'network',
    VpcId: 'vpc-1',
  };
  const targets = {
    TargetGroupArn: group,
    TargetGroupName: 'stock',
    TargetType: 'ip',
    Protocol: 'TCP',
    Port: 443,
    VpcId: 'vpc-1',
    LoadBalancerArns: [arn],
  };
  const service = {
    serviceArn: cluster.replace('cluster/main', 'service/main/stock'),
    serviceName: 'stock',
    clusterArn: cluster,
    loadBalancers: [{ targetGroupArn: group, containerPort: 443 }],
  };
  await imported({ LoadBalancers: [balancer] }, 'elbv2-describe-load-balancers-stock.json');
  await imported({ TargetGroups: [targets] }, 'elbv2-describe-target-groups-stock.json');
  expect(await services(arn)).toEqual([[null]]);
  await imported({ services: [service] }, 'ecs-describe-services.json');
  expect(await services(arn)).toEqual([['stock', 'what it leads to']]);
});

test('a later answer about a target group takes away what it no longer lists, from its ways in and from its services', async () => {
  const arn = `${ELB}:loadbalancer/app/desk/3333333333333333`;
  const group = `${ELB}:targetgroup/desk/4444444444444444`;
  const machine = 'i-0bbbbbbbbbbbbbbb1';
  const inside = { VpcId: 'vpc-2', SubnetId: 'subnet-2' };
  const tcp = (port: number, ...senders: readonly object[]) => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    ...Object.assign({}, ...senders),
  });
  const answers: readonly (readonly [string, object])[] = [
    ['ec2-describe-subnets.json', { Subnets: [{ ...inside, CidrBlock: '10.2.0.0/24' }] }],
    [
      'ec2-describe-route-tables.json',
      {
        RouteTables: [
          {
            RouteTableId: 'rtb-2',
            VpcId: 'vpc-2',
            Associations: [{ SubnetId: 'subnet-2', Main: false }],
            Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-2', State: 'active' }],
          },
        ],
      },
    ],
    [
      'ec2-describe-network-acls.json',
      {
        NetworkAcls: [
          {
            NetworkAclId: 'acl-2',
            VpcId: 'vpc-2',
            Associations: [{ SubnetId: 'subnet-2' }],
            Entries: [true, false].map((Egress) => ({
              Egress,
              RuleNumber: 100,
              Protocol: '-1',
              RuleAction: 'allow',
              CidrBlock: '0.0.0.0/0',
            })),
          },
        ],
      },
    ],
    [
      'ec2-describe-security-groups.json',
      {
        SecurityGroups: [
          {
            GroupId: 'sg-front',
            VpcId: 'vpc-2',
            IpPermissions: [tcp(443, { IpRanges: [{ CidrIp: '0.0.0.0/0' }] })],
          },
          {
            GroupId: 'sg-desk',
            VpcId: 'vpc-2',
            IpPermissions: [tcp(8080, { UserIdGroupPairs: [{ GroupId: 'sg-front' }] })],
          },
        ],
      },
    ],
    ['elb-describe-load-balancers.json', { LoadBalancerDescriptions: [] }],
    [
      'elbv2-describe-load-balancers.json',
      {
        LoadBalancers: [
          {
            LoadBalancerArn: arn,
            LoadBalancerName: 'desk',
            Scheme: 'internet-facing',
            Type: 'application',
            VpcId: 'vpc-2',
            SecurityGroups: ['sg-front'],
            AvailabilityZones: [{ SubnetId: 'subnet-2' }],
          },
        ],
      },
    ],
    [
      'elbv2-describe-target-groups.json',
      {
        TargetGroups: [
          {
            TargetGroupArn: group,
            TargetGroupName: 'desk',
            TargetType: 'instance',
            Protocol: 'HTTP',
            Port: 8080,
            VpcId: 'vpc-2',
            LoadBalancerArns: [arn],
          },
        ],
      },
    ],
    [
      'elbv2-describe-listeners.json',
      {
        Listeners: [
          {
            ListenerArn: `${arn.replace(':loadbalancer/', ':listener/')}/5555555555555555`,
            LoadBalancerArn: arn,
            Port: 443,
            Protocol: 'HTTPS',
            DefaultActions: [{ Type: 'forward', TargetGroupArn: group }],
          },
        ],
      },
    ],
    [
      'ec2-describe-instances.json',
      {
        Reservations: [
          {
            OwnerId: '111111111111',
            Instances: [
              {
                InstanceId: machine,
                ...inside,
                State: { Name: 'running' },
                PrivateIpAddress: '10.2.0.7',
                Tags: [{ Key: 'service', Value: 'desk' }],
                NetworkInterfaces: [
                  {
                    NetworkInterfaceId: 'eni-0bbbbbbbbbbbbbbb1',
                    ...inside,
                    PrivateIpAddress: '10.2.0.7',
                    Groups: [{ GroupId: 'sg-desk' }],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  ];
  for (const [name, answer] of answers) await imported(answer, name);
  const told = async (
    targets: readonly (readonly [id: string, health: object])[],
    name = 'desk',
  ): Promise<unknown> => {
    const TargetHealthDescriptions = targets.map(([Id, TargetHealth]) => ({
      Target: { Id, Port: 8080 },
      TargetHealth,
    }));
    await imported({ TargetHealthDescriptions }, `elbv2-describe-target-health-${name}.json`);
    const [view] = await showResources(inbox.ctx, {
      ids: [`aws:arn:aws:ec2:eu-west-1:111111111111:instance/${machine}`],
    });
    return [view?.publiclyAccessible.state, (await services(arn))[0]];
  };
  const healthy = { State: 'healthy' };
  const behind = ['yes', ['desk', 'what it leads to']];
  const alone = ['no', [null]];
  expect(await told([[machine, healthy]])).toEqual(behind);
  expect(await told([])).toEqual(alone);
  expect(await told([[machine, healthy]])).toEqual(behind);
  expect(await told([['i-0bbbbbbbbbbbbbbb2', healthy]])).toEqual(alone);
  expect(await told([[machine, healthy]], group.replaceAll('/', '%2F'))).toEqual(behind);
  // Asked for by its name, what is not registered says nothing of others.
  const none = { State: 'unused', Reason: 'Target.NotRegistered' };
  expect(await told([['i-0bbbbbbbbbbbbbbb3', none]])).toEqual(behind);
  expect(await told([[machine, none]])).toEqual(alone);
});
