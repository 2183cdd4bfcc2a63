import { afterAll, beforeAll, expect, test } from 'vitest';
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
