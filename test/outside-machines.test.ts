import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listResources } from '../src/app/list-resources.ts';
import { restoreSource } from '../src/app/restore-source.ts';
import { retireSource } from '../src/app/retire-source.ts';
import { showResources } from '../src/app/show-resources.ts';
import type { JsonObject } from '../src/base/json-value.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const ACCOUNT = '111111111111';
const ELB = `arn:aws:elasticloadbalancing:eu-west-1:${ACCOUNT}`;
const LB = `${ELB}:loadbalancer/app/web/50dc6c495c0c9188`;
const TG = `${ELB}:targetgroup/web/6d0ecf831eec9f09`;
const PLACE = { account: ACCOUNT, region: 'eu-west-1' };
const MACHINE = `host:aws:${ACCOUNT}/eu-west-1/vpc-1/10.20.0.5`;

async function imported(
  name: string,
  answer: JsonObject,
  place: { readonly account: string; readonly region: string; readonly source?: string } = PLACE,
) {
  inbox.clock.set(inbox.clock.now() + 1_000);
  await inbox.importReport(answer, place, name);
}

function targets(
  ids: readonly string[],
  source: { readonly source?: string } = {},
  State = 'healthy',
): Promise<void> {
  return imported(
    'elbv2-describe-target-health-web.json',
    {
      TargetHealthDescriptions: ids.map((Id) => ({
        Target: { Id, Port: 8080, AvailabilityZone: 'all' },
        TargetHealth: { State },
      })),
    },
    { ...PLACE, ...source },
  );
}

function group(VpcId: string): Promise<void> {
  return imported('elbv2-describe-target-groups.json', {
    TargetGroups: [
      {
        TargetGroupArn: TG,
        TargetGroupName: 'web',
        TargetType: 'ip',
        Protocol: 'HTTP',
        Port: 80,
        HealthCheckPort: 'traffic-port',
        VpcId,
        LoadBalancerArns: [LB],
      },
    ],
  });
}

/** A load balancer that the internet reaches. */
async function balancer(Scheme = 'internet-facing') {
  const open = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await imported('ec2-describe-vpcs.json', { Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }] });
  await imported('ec2-describe-subnets.json', {
    Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24' }],
  });
  await imported('ec2-describe-route-tables.json', {
    RouteTables: [
      {
        RouteTableId: 'rtb-1',
        VpcId: 'vpc-1',
        Associations: [{ Main: true }],
        Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' }],
      },
    ],
  });
  await imported('ec2-describe-network-acls.json', {
    NetworkAcls: [
      {
        NetworkAclId: 'acl-1',
        VpcId: 'vpc-1',
        IsDefault: true,
        Associations: [{ SubnetId: 'subnet-1' }],
        Entries: [true, false].map((Egress) => ({
          Egress,
          RuleNumber: 100,
          Protocol: '-1',
          RuleAction: 'allow',
          CidrBlock: '0.0.0.0/0',
        })),
      },
    ],
  });
  await imported('ec2-describe-vpc-block-public-access-options.json', {
    VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'off' },
  });
  await imported('ec2-describe-security-groups.json', {
    SecurityGroups: [{ GroupId: 'sg-1', GroupName: 'front', VpcId: 'vpc-1', IpPermissions: open }],
  });
  await facing(Scheme);
  await imported('elbv2-describe-listeners.json', {
    Listeners: [
      {
        ListenerArn: `${LB.replace(':loadbalancer/', ':listener/')}/1`,
        LoadBalancerArn: LB,
        Port: 443,
        Protocol: 'HTTPS',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: TG }],
      },
    ],
  });
}

function facing(Scheme: string) {
  return imported('elbv2-describe-load-balancers.json', {
    LoadBalancers: [
      {
        LoadBalancerArn: LB,
        LoadBalancerName: 'front',
        Scheme,
        Type: 'application',
        VpcId: 'vpc-1',
        SecurityGroups: ['sg-1'],
        AvailabilityZones: [{ SubnetId: 'subnet-1' }],
      },
    ],
  });
}

async function outside(): Promise<readonly string[]> {
  const { rows } = await listResources(inbox.ctx, {
    types: ['outside-machine'],
    risks: [],
    owner: null,
    text: null,
    isGone: false,
    after: null,
    limit: 50,
  });
  return rows.map(({ key }) => key);
}

const state = async (): Promise<string | undefined> =>
  (await showResources(inbox.ctx, { ids: [MACHINE] }))[0]?.publiclyAccessible.state;

const CHAIN = [
  'No inventory has a machine at 10.20.0.5, to which load balancers in vpc-1 send: it is on premises, or in an account that was not told.',
  'Machine 10.20.0.5 behind vpc-1 is a target of load balancer front, which the internet reaches.',
  'It answers the health check of target group web on tcp/8080, so whatever guards it lets the load balancer in there.',
  'Load balancer front lets the whole internet in on tcp/443.',
  'Security group front lets it in.',
  'VPC Block Public Access is set for the region.',
  'Route table rtb-1 routes the subnet.',
  'Network ACL acl-1 filters the subnet.',
];

describe('a target at an address that no inventory has', () => {
  test('is a machine of its own, in whatever order it is told, for as long as it is a target', async () => {
    await targets(['10.20.0.5']);
    expect(await outside()).toEqual([]);
    await group('vpc-1');
    expect(await outside()).toEqual([MACHINE]);
    expect(await state()).toBe('unknown');
    await balancer();
    expect((await showResources(inbox.ctx, { ids: [MACHINE] }))[0]?.publiclyAccessible).toMatchObject({
      state: 'yes',
      evidence: CHAIN.map((sentence) => ({ sentence })),
    });
    await targets(['10.20.0.5', '10.20.0.6'], {}, 'unhealthy');
    expect(await outside()).toEqual([MACHINE, MACHINE.replace(/5$/, '6')]);
    expect(await state()).toBe('unknown');
    await targets(['10.20.0.6']);
    expect(await outside()).toEqual([MACHINE.replace(/5$/, '6')]);
    expect(await showResources(inbox.ctx, { ids: [MACHINE] })).toEqual([null]);
  });

  test('gives way to what an inventory of any account has at the address, and comes back when that is gone', async () => {
    await group('vpc-1');
    await targets(['10.20.0.5']);
    await balancer();
    const other = { account: '222222222222', region: 'eu-west-1' };
    const interfaces = (...addresses: readonly string[]) =>
      imported(
        'ec2-describe-network-interfaces.json',
        {
          NetworkInterfaces: addresses.map((PrivateIpAddress, index) => ({
            NetworkInterfaceId: `eni-0123456789abcdef${index}`,
            PrivateIpAddress,
            VpcId: 'vpc-9',
          })),
        },
        other,
      );
    expect(await outside()).toEqual([MACHINE]);
    await interfaces('10.20.0.5');
    expect(await outside()).toEqual([]);
    await targets(['10.20.0.5']);
    expect(await outside()).toEqual([]);
    await interfaces('10.20.0.6');
    expect(await outside()).toEqual([MACHINE]);
    expect(await state()).toBe('yes');
    await imported(
      'ecs-describe-tasks.json',
      {
        tasks: [
          {
            taskArn: 'arn:aws:ecs:eu-west-1:222222222222:task/main/1',
            lastStatus: 'RUNNING',
            attachments: [{ details: [{ name: 'privateIPv4Address', value: '10.20.0.5' }] }],
          },
        ],
      },
      other,
    );
    expect(await outside()).toEqual([]);
  });

  test('is another one for another network, and the host of a scanner is neither', async () => {
    await inbox.importReport(
      '<?xml version="1.0"?><nmaprun scanner="nmap" start="1790000000"><host><status state="up"/><address addr="10.20.0.5" addrtype="ipv4"/><ports><port protocol="tcp" portid="8080"><state state="open"/></port></ports></host></nmaprun>',
      {},
      'nmap.xml',
    );
    await imported('iam-list-account-aliases.json', { AccountAliases: ['shop-production'] });
    await group('vpc-1');
    await targets(['10.20.0.5']);
    expect(await outside()).toEqual([MACHINE]);
    const [loadBalanced] = await showResources(inbox.ctx, { ids: [`aws:${TG}`] });
    expect(loadBalanced?.environment).toBe('production');
    expect((await showResources(inbox.ctx, { ids: [MACHINE] }))[0]).toMatchObject({
      name: '10.20.0.5 behind vpc-1',
      account: null,
      environment: null,
      privilege: { level: 'unknown' },
    });
    await group('vpc-2');
    expect(await outside()).toEqual([MACHINE.replace('vpc-1', 'vpc-2')]);
  });

  test('goes with the source that told of it, and comes back with it', async () => {
    await group('vpc-1');
    await targets(['10.20.0.5'], { source: 'targets' });
    await balancer();
    expect(await state()).toBe('yes');
    await retireSource(inbox.ctx, { id: 'targets', keys: {} });
    expect(await outside()).toEqual([]);
    await restoreSource(inbox.ctx, { id: 'targets', keys: {} });
    expect(await outside()).toEqual([MACHINE]);
    expect(await state()).toBe('yes');
  });

  test('follows its load balancer when that becomes internal', async () => {
    await group('vpc-1');
    await targets(['10.20.0.5']);
    await balancer();
    expect(await state()).toBe('yes');
    await facing('internal');
    expect(await state()).toBe('unknown');
    await targets(['10.20.0.5', '10.20.0.6']);
    const [view] = await showResources(inbox.ctx, { ids: [MACHINE] });
    expect(view?.exposure[0]?.evidence[0]?.at).toBe(inbox.clock.now());
  });

  test('is not taken to be watched by whoever watches the account of its load balancer', async () => {
    await group('vpc-1');
    await targets(['10.20.0.5']);
    await balancer();
    const watched = (id: string) =>
      showResources(inbox.ctx, { ids: [id] }).then(([view]) => view?.underAttack.state);
    const flow = {
      timestamp: new Date(inbox.clock.now()).toISOString(),
      event_type: 'alert',
      src_ip: '203.0.113.9',
      dest_ip: '10.0.9.9',
      alert: { signature_id: 7, gid: 1, signature: 'something', severity: 1 },
    };
    await inbox.importReport(`${JSON.stringify(flow)}\n`, { account: ACCOUNT }, 'eve.json');
    expect(await watched(`aws:${LB}`)).toBe('no');
    expect(await watched(MACHINE)).toBe('unknown');
  });
});
