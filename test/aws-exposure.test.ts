import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addNetwork } from '../src/app/change-networks.ts';
import { showResources } from '../src/app/show-resources.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { DAY_MS } from '../src/base/instant.ts';
import type { JsonObject } from '../src/base/json-value.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const MEMBER = '111111111111';
const MANAGEMENT = '999999999999';
const PLACE = { account: MEMBER, region: 'eu-west-1' };
const ARN = `arn:aws:sqs:eu-west-1:${MEMBER}:orders`;

async function importQueue(...statements: readonly JsonObject[]): Promise<void> {
  await inbox.importReport(
    { QueueUrls: [`https://sqs.eu-west-1.amazonaws.com/${MEMBER}/orders`] },
    PLACE,
    'sqs-list-queues.json',
  );
  if (statements.length > 0)
    await inbox.importReport(
      { Attributes: { QueueArn: ARN, Policy: JSON.stringify({ Statement: [...statements] }) } },
      PLACE,
      'sqs-get-queue-attributes.json',
    );
}

const OPEN: JsonObject = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };

async function isPublic(): Promise<string | undefined> {
  const [view] = await showResources(inbox.ctx, { ids: [`aws:${ARN}`] });
  return view?.publiclyAccessible.state;
}

/** A resource control policy, and the account that it binds. */
async function importPerimeter(condition: JsonObject, target: string): Promise<void> {
  const place = { account: MANAGEMENT };
  const PolicySummary = {
    Id: 'p-perimeter1',
    Name: 'perimeter',
    Type: 'RESOURCE_CONTROL_POLICY',
    AwsManaged: false,
  };
  const Content = JSON.stringify({
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*', Condition: condition }],
  });
  await inbox.importReport(
    { Policy: { PolicySummary, Content } },
    place,
    'organizations-describe-policy.json',
  );
  await inbox.importReport(
    { Targets: [{ TargetId: target, Arn: 'arn', Name: 'member', Type: 'ACCOUNT' }] },
    place,
    'organizations-list-targets-for-policy-p-perimeter1.json',
  );
}

test('a resource control policy that the management account tells closes what another account opens, in either order', async () => {
  const ours = { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } };
  await importQueue(OPEN);
  expect(await isPublic()).toBe('yes');
  await importPerimeter(ours, MEMBER);
  expect(await isPublic()).toBe('no');
  await importPerimeter({ Bool: { 'aws:SecureTransport': 'false' } }, MEMBER);
  expect(await isPublic()).toBe('yes');
});

test('a load balancer of another account that has the address of a machine as a target leaves it open, in either order', async () => {
  const OTHER = { account: '222222222222', region: 'eu-west-1' };
  const machine = async () => {
    const subnet = { SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.1.0.0/24' };
    const permission = {
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
      IpRanges: [{ CidrIp: '10.0.0.0/8' }],
    };
    const nic = {
      NetworkInterfaceId: 'eni-0123456789abcdef0',
      SubnetId: 'subnet-1',
      VpcId: 'vpc-1',
      PrivateIpAddress: '10.1.0.5',
      Groups: [{ GroupId: 'sg-1' }],
    };
    const instance = {
      InstanceId: 'i-0123456789abcdef0',
      State: { Name: 'running' },
      VpcId: 'vpc-1',
      SubnetId: 'subnet-1',
      PrivateIpAddress: '10.1.0.5',
      NetworkInterfaces: [nic],
    };
    const answers: readonly (readonly [string, JsonObject])[] = [
      ['ec2-describe-subnets.json', { Subnets: [subnet] }],
      [
        'ec2-describe-security-groups.json',
        {
          SecurityGroups: [
            { GroupId: 'sg-1', GroupName: 'web', VpcId: 'vpc-1', IpPermissions: [permission] },
          ],
        },
      ],
      ['elb-describe-load-balancers.json', { LoadBalancerDescriptions: [] }],
      ['elbv2-describe-load-balancers.json', { LoadBalancers: [] }],
      ['ec2-describe-instances.json', { Reservations: [{ Instances: [instance] }] }],
    ];
    for (const [name, answer] of answers) await inbox.importReport(answer, PLACE, name);
  };
  const target = (...addresses: readonly string[]) => {
    inbox.clock.set(inbox.clock.now() + 1_000);
    return inbox.importReport(
      {
        TargetHealthDescriptions: addresses.map((Id) => ({
          Target: { Id, Port: 443 },
          TargetHealth: { State: 'healthy' },
        })),
      },
      OTHER,
      'elbv2-describe-target-health-web.json',
    );
  };
  const state = async (): Promise<string | undefined> =>
    (
      await showResources(inbox.ctx, {
        ids: [`aws:arn:aws:ec2:eu-west-1:${MEMBER}:instance/i-0123456789abcdef0`],
      })
    )[0]?.publiclyAccessible.state;
  await machine();
  expect(await state()).toBe('no');
  await target('10.1.0.5');
  expect(await state()).toBe('unknown');
  await machine();
  expect(await state()).toBe('unknown');
  await target('10.1.0.6');
  expect(await state()).toBe('no');
});

test('a date in a policy opens and closes when it has come, without a scan', async () => {
  const from = START + 2 * DAY_MS;
  const until = START + 4 * DAY_MS;
  const text = (at: number): string => new Date(at).toISOString();
  await importQueue({
    ...OPEN,
    Condition: {
      DateGreaterThanEquals: { 'aws:CurrentTime': text(from) },
      DateLessThan: { 'aws:CurrentTime': text(until) },
    },
  });
  const sweptAt = async (now: number): Promise<unknown> => {
    inbox.clock.set(now);
    await sweepIssues(inbox.ctx);
    return isPublic();
  };
  expect(await isPublic()).toBe('no');
  expect(await sweptAt(from - 1)).toBe('no');
  expect(await sweptAt(from)).toBe('yes');
  expect(await sweptAt(until)).toBe('no');
});

test('a date in a policy of the organisation passes for the accounts below it', async () => {
  const from = START + 2 * DAY_MS;
  await importQueue(OPEN);
  await importPerimeter(
    { DateGreaterThanEquals: { 'aws:CurrentTime': new Date(from).toISOString() } },
    MEMBER,
  );
  expect(await isPublic()).toBe('yes');
  inbox.clock.set(from);
  await sweepIssues(inbox.ctx);
  expect(await isPublic()).toBe('no');
});

test('a finding of Access Analyzer proves what no inventory tells', async () => {
  await importQueue();
  expect(await isPublic()).toBe('unknown');
  const finding = {
    id: '8a1c0b52-1111-4a3e-9c6e-000000000001',
    principal: { AWS: '*' },
    action: ['sqs:SendMessage'],
    resource: ARN,
    isPublic: true,
    resourceType: 'AWS::SQS::Queue',
    condition: {},
    analyzedAt: new Date(START).toISOString(),
    status: 'ACTIVE',
    resourceOwnerAccount: MEMBER,
  };
  await inbox.importReport({ findings: [finding] }, {}, 'accessanalyzer-list-findings.json');
  expect(await isPublic()).toBe('yes');
  await inbox.importReport(
    { findings: [{ ...finding, status: 'RESOLVED' }] },
    {},
    'accessanalyzer-list-findings.json',
  );
  expect(await isPublic()).toBe('unknown');
});

test('a group that is described alone moves what stands in it, and what is told is what all anew would tell', async () => {
  const answer = (name: string, content: JsonObject): Promise<unknown> =>
    inbox.importReport(content, PLACE, `${name}.json`);
  const group = (id: string, ...cidrs: readonly string[]): JsonObject => ({
    GroupId: id,
    GroupName: id,
    VpcId: 'vpc-0000000000000001a',
    OwnerId: MEMBER,
    IpPermissions: cidrs.map((CidrIp) => ({
      IpProtocol: 'tcp',
      FromPort: 5432,
      ToPort: 5432,
      IpRanges: [{ CidrIp }],
    })),
  });
  const database = (name: string, sg: string): JsonObject => ({
    DBInstanceIdentifier: name,
    DBInstanceArn: `arn:aws:rds:eu-west-1:${MEMBER}:db:${name}`,
    PubliclyAccessible: true,
    Endpoint: { Port: 5432 },
    DBSubnetGroup: {
      VpcId: 'vpc-0000000000000001a',
      Subnets: [{ SubnetIdentifier: 'subnet-0000000000000001a' }],
    },
    VpcSecurityGroups: [{ VpcSecurityGroupId: sg }],
  });
  const entry = (Egress: boolean): JsonObject => ({
    RuleNumber: 100,
    Protocol: '-1',
    RuleAction: 'allow',
    Egress,
    CidrBlock: '0.0.0.0/0',
  });
  await answer('ec2-describe-subnets', {
    Subnets: [
      { SubnetId: 'subnet-0000000000000001a', VpcId: 'vpc-0000000000000001a', CidrBlock: '10.0.0.0/24' },
    ],
  });
  await answer('ec2-describe-network-acls', {
    NetworkAcls: [
      {
        NetworkAclId: 'acl-0000000000000001a',
        VpcId: 'vpc-0000000000000001a',
        Associations: [{ SubnetId: 'subnet-0000000000000001a' }],
        Entries: [entry(true), entry(false)],
      },
    ],
  });
  await answer('ec2-describe-route-tables', {
    RouteTables: [
      {
        RouteTableId: 'rtb-0000000000000001a',
        VpcId: 'vpc-0000000000000001a',
        Associations: [{ SubnetId: 'subnet-0000000000000001a' }],
        Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-0000000000000001a', State: 'active' }],
      },
    ],
  });
  await answer('rds-describe-db-instances', {
    DBInstances: [database('orders', 'sg-0000000000000001a'), database('stock', 'sg-0000000000000002b')],
  });
  await answer('ec2-describe-security-groups', {
    SecurityGroups: [group('sg-0000000000000001a'), group('sg-0000000000000002b')],
  });
  const stored = async (): Promise<unknown> => {
    const result = await inbox.database.pool.query(
      'select key, publicly_accessible, privileged_access, privilege, exposure, valid_until from resource where estate = $1 order by key',
      [`aws:${MEMBER}`],
    );
    return result.rows;
  };
  const views = async (): Promise<readonly (string | undefined)[]> =>
    (
      await showResources(inbox.ctx, {
        ids: ['orders', 'stock'].map((name) => `aws:arn:aws:rds:eu-west-1:${MEMBER}:db:${name}`),
      })
    ).map((view) => view?.publiclyAccessible.state);
  expect(await views()).toEqual(['no', 'no']);
  for (const [cidr, orders, own] of [
    ['0.0.0.0/0', 'yes', '10.98.0.0/16'],
    ['1.1.1.1/32', 'no', '10.99.0.0/16'],
  ] as const) {
    await answer('ec2-describe-security-groups-sg-0000000000000001a', {
      SecurityGroups: [group('sg-0000000000000001a', cidr)],
    });
    expect(await views()).toEqual([orders, 'no']);
    const followed = await stored();
    // Nobody comes from there; everything is judged anew all the same.
    await addNetwork(inbox.ctx, { cidr: own, label: 'unused' });
    expect(await stored()).toEqual(followed);
  }
  const machine = (address: JsonObject): Promise<unknown> =>
    answer('ec2-describe-instances', {
      Reservations: [
        {
          OwnerId: MEMBER,
          Instances: [
            {
              InstanceId: 'i-0000000000000001a',
              State: { Name: 'running' },
              VpcId: 'vpc-0000000000000001a',
              NetworkInterfaces: [
                {
                  NetworkInterfaceId: 'eni-0000000000000001a',
                  SubnetId: 'subnet-0000000000000001a',
                  VpcId: 'vpc-0000000000000001a',
                  Groups: [{ GroupId: 'sg-0000000000000001a' }],
                  ...address,
                },
              ],
            },
          ],
        },
      ],
    });
  await machine({});
  await answer('ec2-describe-security-groups-sg-0000000000000001a', {
    SecurityGroups: [group('sg-0000000000000001a', '0.0.0.0/0')],
  });
  const before = await stored();
  await machine({ Association: { PublicIp: '3.3.3.3' } });
  const followed = await stored();
  expect(followed).not.toEqual(before);
  await addNetwork(inbox.ctx, { cidr: '10.97.0.0/16', label: 'unused' });
  expect(await stored()).toEqual(followed);
  // What privileges do not rest on, and what they do.
  const functionArn = `arn:aws:lambda:eu-west-1:${MEMBER}:function:resize`;
  const role = `arn:aws:iam::${MEMBER}:role/resize`;
  const open = (Action: string, Resource: string): string =>
    JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action, Resource }] });
  const everything = {
    PolicyName: 'everything',
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  };
  const described = { FunctionName: 'resize', FunctionArn: functionArn };
  const answers: readonly (readonly [string, JsonObject])[] = [
    [
      'iam-get-account-authorization-details',
      { RoleDetailList: [{ RoleName: 'resize', Arn: role, RolePolicyList: [everything] }] },
    ],
    ['lambda-list-functions', { Functions: [described] }],
    ['lambda-get-policy', { Policy: open('lambda:InvokeFunction', functionArn), RevisionId: '1' }],
    ['lambda-list-functions', { Functions: [{ ...described, Role: role }] }],
    ['s3api-list-buckets', { Buckets: [{ Name: 'shop' }] }],
    ['s3api-get-bucket-policy', { Policy: open('s3:GetObject', 'arn:aws:s3:::shop/*') }],
    [
      's3control-get-public-access-block',
      { PublicAccessBlockConfiguration: { RestrictPublicBuckets: false } },
    ],
  ];
  const acting: (string | undefined)[] = [];
  for (const [index, [name, content]] of answers.entries()) {
    await answer(name, content);
    const [view] = await showResources(inbox.ctx, { ids: [`aws:${functionArn}`] });
    acting.push(view?.privilegedAccess.state);
    const told = await stored();
    await addNetwork(inbox.ctx, { cidr: `10.${index}.0.0/16`, label: 'unused' });
    expect(await stored()).toEqual(told);
  }
  expect(acting.slice(1, 4)).toEqual(['unknown', 'unknown', 'yes']);
});

describe('what Nmap saw at the address of a machine', () => {
  const KEY = `aws:arn:aws:ec2:eu-west-1:${MEMBER}:instance/i-0123456789abcdef0`;
  const report = (state: string, host = '') =>
    `<?xml version="1.0"?><nmaprun scanner="nmap" start="${Math.floor(START / 1_000) + 60}" version="7.95"><host><address addr="3.3.3.3" addrtype="ipv4"/>${host}<ports><port protocol="tcp" portid="443"><state state="${state}" reason="syn-ack"/></port></ports></host></nmaprun>`;
  const machine = () =>
    inbox.importReport(
      {
        Reservations: [
          {
            Instances: [
              {
                InstanceId: 'i-0123456789abcdef0',
                State: { Name: 'running' },
                PublicIpAddress: '3.3.3.3',
                SubnetId: 'subnet-1',
                VpcId: 'vpc-1',
                SecurityGroups: [{ GroupId: 'sg-1', GroupName: 'web' }],
              },
            ],
          },
        ],
      },
      PLACE,
      'ec2-describe-instances.json',
    );
  const looked = async (state: string, scope: Readonly<Record<string, string>>, host?: string) => {
    inbox.clock.set(inbox.clock.now() + 3_600_000);
    await inbox.importReport(report(state, host), { scope }, 'nmap.xml');
  };
  const shown = async () => {
    const [view] = await showResources(inbox.ctx, { ids: [KEY] });
    return {
      state: view?.publiclyAccessible.state,
      ways: view?.exposure.map(({ verdict, surface, listening, confirmed }) =>
        [verdict, surface, listening ?? '-', confirmed === true].join(' '),
      ),
    };
  };
  const OUTSIDE = { from: 'internet' };

  test('from the internet proves a way in, in either order, until something newer is seen', async () => {
    await machine();
    expect(await shown()).toMatchObject({ state: 'unknown' });
    await looked('open', {});
    expect(await shown()).toMatchObject({ state: 'unknown' });
    await looked('open', OUTSIDE);
    expect(await shown()).toMatchObject({
      state: 'yes',
      ways: expect.arrayContaining(['yes tcp/443 yes true']),
    });
    await looked('closed', OUTSIDE);
    expect(await shown()).toMatchObject({ state: 'unknown' });
  });

  test('counts for a machine that is described later, also under a name', async () => {
    await looked('open', OUTSIDE, '<hostnames><hostname name="web.example.com" type="PTR"/></hostnames>');
    await machine();
    expect(await shown()).toMatchObject({ state: 'yes' });
  });
});

describe('what Wazuh says to listen on a machine', () => {
  const KEY = `aws:arn:aws:ec2:eu-west-1:${MEMBER}:instance/i-0123456789abcdef1`;
  const instance = (InstanceId: string, PrivateIpAddress: string) => ({
    InstanceId,
    State: { Name: 'running' },
    PrivateIpAddress,
    SubnetId: 'subnet-1',
    VpcId: 'vpc-1',
    SecurityGroups: [{ GroupId: 'sg-1', GroupName: 'web' }],
  });
  const imported = async (report: unknown, name: string, options: object) => {
    inbox.clock.set(inbox.clock.now() + 1_000);
    await inbox.importReport(report, options, name);
  };
  const machines = (...Instances: readonly object[]) =>
    imported({ Reservations: [{ Instances: [...Instances] }] }, 'ec2-describe-instances.json', PLACE);
  const port = (number: number, name = 'web-1', ip = '10.0.9.10') => ({
    _index: 'wazuh-states-inventory-ports-wazuh',
    _source: {
      agent: { id: '001', name, host: { ip } },
      interface: { state: 'listening' },
      network: { transport: 'tcp' },
      source: { ip: '0.0.0.0', port: number },
    },
  });
  const ports = (total: number, ...hits: readonly object[]) =>
    imported({ hits: { total: { value: total, relation: 'eq' }, hits: [...hits] } }, 'ports.json', {});
  const told = async () => {
    const result = await inbox.database.pool.query(
      `select distinct way ->> 'listening' as listening from resource, jsonb_array_elements(exposure) way where key = $1 and way ->> 'verdict' <> 'no'`,
      [KEY],
    );
    return result.rows.map(({ listening }) => listening);
  };

  test('is told beside its ways in, by its private address, unless two have that address', async () => {
    await machines(instance('i-0123456789abcdef1', '10.0.9.10'));
    expect(await told()).toEqual([null]);
    await ports(1, port(22));
    expect(await told()).toEqual(['yes']);
    await machines(
      instance('i-0123456789abcdef1', '10.0.9.10'),
      instance('i-0123456789abcdef2', '10.0.9.10'),
    );
    expect(await told()).toEqual([null]);
    await machines(
      instance('i-0123456789abcdef1', '10.0.9.10'),
      instance('i-0123456789abcdef2', '10.0.9.11'),
    );
    expect(await told()).toEqual(['yes']);
  });
});
