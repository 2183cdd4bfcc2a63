import type { JsonObject } from '#base/json-value.ts';
import type { ExposureRecord } from '../exposure/exposure-record.ts';
import {
  ACCOUNT,
  allow,
  iam,
  resource,
  SEEN,
  type user,
} from '../privilege/aws/iam-principal.test-sample.ts';
import { unknownResource } from '../risk/deployment.ts';
import type { RiskState } from '../risk/detected-risk.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evaluateAwsEstate } from '../risk/evaluate-aws-estate.ts';
import { passwordPorts } from './asked-password.ts';
import { asset, openWay, verdict } from './attack-path.test-sample.ts';
import type { ClusterFacts } from './cluster-steps.ts';
import type { DanglingName } from './dangling-steps.ts';
import { findingGate } from './gate.ts';
import type { Lens } from './lens-steps.ts';
import type { Credential, PathAsset, PathEstate, PathFacts, PipelineFlaw, Weakness } from './path-facts.ts';
import { stepsOfWorld } from './path-world.ts';

/**
 * Small estates of AWS as their inventories describe them, from which everything is derived: who is exposed, who is
 * privileged, which steps there are. One VPC with a public subnet (`subnet-a`) and a private one (`subnet-b`).
 */
export interface Lab {
  readonly resources: readonly EstateResource[];
  readonly weaknesses?: readonly Weakness[];
  readonly credentials?: readonly Credential[];
  /** Keys of what holds sensitive data. */
  readonly sensitive?: readonly string[];
  /** Keys of buckets that serve a site. */
  readonly served?: readonly string[];
  readonly pipelines?: readonly PipelineFlaw[];
  readonly builds?: ReadonlyMap<string, readonly string[]>;
  readonly runners?: ReadonlyMap<string, readonly string[]>;
  readonly lens?: Lens;
  /** A cluster, and the keys of its workloads that anybody reaches. */
  readonly cluster?: ClusterFacts;
  readonly open?: readonly string[];
  readonly dangling?: readonly DanglingName[];
  /** What the cluster is called in its account of AWS, by the key that it has there. */
  readonly eks?: ReadonlyMap<string, string>;
  /** What is known to be production; *unknown* where it is not given. */
  readonly production?: RiskState;
}

/** Everything that paths are derived from in a lab. */
export function factsOfLab({
  resources,
  weaknesses = [],
  credentials = [],
  sensitive = [],
  served = [],
  runners = new Map(),
  pipelines = [],
  builds = new Map(),
  cluster,
  open = [],
  dangling = [],
  eks = new Map(),
  lens = 'outside',
  production = 'unknown',
}: Lab): PathFacts {
  const byAccount = Map.groupBy(resources, ({ account }) => account ?? '');
  const assets = new Map<string, PathAsset>();
  for (const own of byAccount.values()) {
    const risks = evaluateAwsEstate(own, { now: SEEN });
    for (const each of own) {
      const found = risks.get(each.key);
      const isSensitive = sensitive.includes(each.key);
      const copied = own.find(
        ({ facts }) => facts['DBInstanceIdentifier'] === each.facts['DBInstanceIdentifier'],
      );
      assets.set(each.key, {
        context: {
          ...unknownResource(each.key, 'cloud', each.name),
          ...(found === undefined ? {} : { privilegedAccess: found.privilegedAccess }),
          production: verdict(production),
        },
        type: each.type,
        estate: `aws:${each.account}`,
        exposure: (found?.exposure ?? []) as readonly ExposureRecord[],
        privilege: found?.privilege ?? { level: 'none', reasons: [] },
        data: isSensitive
          ? {
              dataClass: 'restricted',
              types: ['pii'],
              clues: [
                { dataClass: 'restricted', types: ['pii'], confidence: 0.95, reason: 'Macie found names' },
              ],
            }
          : null,
        ...(served.includes(each.key) ? { serves: true } : {}),
        asksPassword: passwordPorts(each.type, each.facts),
        ...(each.type === 'rds-snapshot' && copied !== undefined && assets.has(copied.key)
          ? { copyOf: assets.get(copied.key) as PathAsset }
          : {}),
        described: { provenance: each.provenance, at: each.seenAt },
      });
    }
  }
  for (const each of cluster?.resources ?? [])
    assets.set(
      each.key,
      asset(each.key, each.type, {
        estate: cluster?.estate ?? null,
        exposure: open.includes(each.key)
          ? [openWay('tcp/443', each.tags['hands'] === 'exec' ? { hands: 'exec' } : {})]
          : [],
      }),
    );
  const estates = new Map<string, PathEstate>([
    ...[...byAccount.keys()].map(
      (account) => [`aws:${account}`, { production, evidence: [], name: `account ${account}` }] as const,
    ),
    ...(cluster === undefined ? [] : [[cluster.estate, cluster.about] as const]),
  ]);
  const { steps } = stepsOfWorld({
    lens,
    assets,
    estates,
    weaknesses,
    credentials,
    pipelines,
    builds,
    clusters: cluster === undefined ? [] : [cluster],
    dangling,
    azure: [],
    gcp: null,
    aws: { resources, now: SEEN },
    runners,
    eks,
  });
  return { assets, estates, steps };
}

const ec2Arn = (kind: string, id: string) => `arn:aws:ec2:eu-west-1:${ACCOUNT}:${kind}/${id}`;

const REGION = { region: 'eu-west-1' };

/** A regional resource of the lab's account. */
export function regional(type: string, service: string, name: string, facts: JsonObject): EstateResource {
  return resource(type, `arn:aws:${service}:eu-west-1:${ACCOUNT}:${name}`, facts, REGION);
}

const subnet = (id: string, cidr: string, vpc = 'vpc-1') =>
  resource('subnet', ec2Arn('subnet', id), { SubnetId: id, VpcId: vpc, CidrBlock: cidr }, REGION);

const OPEN_ACL: readonly JsonObject[] = [false, true].map((Egress) => ({
  RuleNumber: 100,
  Protocol: '-1',
  RuleAction: 'allow',
  Egress,
  CidrBlock: '0.0.0.0/0',
}));

const LOCAL: JsonObject = { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' };

/** A route table of one subnet. */
function table(id: string, subnetId: string, vpc: string, ...routes: readonly JsonObject[]): EstateResource {
  return resource(
    'route-table',
    ec2Arn('route-table', id),
    {
      RouteTableId: id,
      VpcId: vpc,
      Associations: [{ SubnetId: subnetId, Main: false }],
      Routes: [...routes],
    },
    REGION,
  );
}

const IGW: JsonObject = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' };

/** The network that labs stand in. */
export const NETWORK: readonly EstateResource[] = [
  resource('vpc', ec2Arn('vpc', 'vpc-1'), { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }, REGION),
  subnet('subnet-a', '10.0.1.0/24'),
  subnet('subnet-b', '10.0.2.0/24'),
  table('rtb-a', 'subnet-a', 'vpc-1', LOCAL, IGW),
  table('rtb-b', 'subnet-b', 'vpc-1', LOCAL),
  resource(
    'network-acl',
    ec2Arn('network-acl', 'acl-1'),
    {
      NetworkAclId: 'acl-1',
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: 'subnet-a' }, { SubnetId: 'subnet-b' }],
      Entries: [...OPEN_ACL],
    },
    REGION,
  ),
  ...[
    'route-table',
    'subnet',
    'vpc',
    'network-acl',
    'security-group',
    'security-group-rule',
    'load-balancer',
  ].map((Of) => resource('inventory-listing', `list/${Of}`, { Of }, REGION)),
];

/** A second VPC with one subnet (`subnet-c`), linked to the first over `pcx-1`, and the first one's routes to it. */
export const PEERED: readonly EstateResource[] = [
  ...NETWORK.filter(({ name }) => name !== 'rtb-a'),
  resource('vpc', ec2Arn('vpc', 'vpc-2'), { VpcId: 'vpc-2', CidrBlock: '10.1.0.0/16' }, REGION),
  subnet('subnet-c', '10.1.1.0/24', 'vpc-2'),
  table('rtb-a', 'subnet-a', 'vpc-1', LOCAL, IGW, {
    DestinationCidrBlock: '10.1.0.0/16',
    VpcPeeringConnectionId: 'pcx-1',
    State: 'active',
  }),
  table('rtb-c', 'subnet-c', 'vpc-2', {
    DestinationCidrBlock: '10.0.0.0/16',
    VpcPeeringConnectionId: 'pcx-1',
    State: 'active',
  }),
  regional('vpc-peering-connection', 'ec2', 'vpc-peering-connection/pcx-1', {
    VpcPeeringConnectionId: 'pcx-1',
    Status: { Code: 'active' },
  }),
];

/** A rule of a security group: a TCP port for addresses, or for whoever is in another group. */
export function rule(port: number, from: string): JsonObject {
  return {
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    ...(from.startsWith('sg-')
      ? { UserIdGroupPairs: [{ GroupId: from }] }
      : { IpRanges: [{ CidrIp: from }] }),
  };
}

export function securityGroup(id: string, rules: readonly JsonObject[], vpc = 'vpc-1'): EstateResource {
  return resource(
    'security-group',
    ec2Arn('security-group', id),
    { GroupId: id, VpcId: vpc, IpPermissions: [...rules] },
    REGION,
  );
}

/** A running machine: in the public subnet with an address where it is public, and with a role of the same profile. */
export function machine(
  id: string,
  {
    groups = ['sg-web'],
    isPublic = true,
    role,
    tokens = 'required',
    subnetId = isPublic ? 'subnet-a' : 'subnet-b',
    vpc = 'vpc-1',
  }: {
    readonly groups?: readonly string[];
    readonly isPublic?: boolean;
    readonly role?: string;
    readonly tokens?: 'required' | 'optional';
    readonly subnetId?: string;
    readonly vpc?: string;
  } = {},
): EstateResource {
  return resource(
    'ec2-instance',
    ec2Arn('instance', id),
    {
      InstanceId: id,
      State: { Name: 'running' },
      VpcId: vpc,
      SubnetId: subnetId,
      MetadataOptions: { HttpTokens: tokens, HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 1 },
      NetworkInterfaces: [
        {
          NetworkInterfaceId: `eni-${id}`,
          VpcId: vpc,
          SubnetId: subnetId,
          PrivateIpAddress: vpc === 'vpc-1' ? '10.0.1.10' : '10.1.1.10',
          Groups: groups.map((GroupId) => ({ GroupId })),
          ...(isPublic ? { Association: { PublicIp: '54.1.2.3' } } : {}),
        },
      ],
      ...(role === undefined ? {} : { IamInstanceProfile: { Arn: iam('instance-profile', role) } }),
    },
    REGION,
  );
}

/** Members of a role that a machine has by the profile of the same name. */
export const profiled = (name: string): JsonObject => ({
  InstanceProfileList: [{ InstanceProfileName: name, Arn: iam('instance-profile', name) }],
});

export const bucket = (name: string): EstateResource =>
  resource('s3-bucket', `arn:aws:s3:::${name}`, {
    Name: name,
    PublicAccessBlock: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
  });

export const lambda = (name: string, role: string, more: JsonObject = {}): EstateResource =>
  regional('lambda-function', 'lambda', `function:${name}`, {
    FunctionName: name,
    FunctionArn: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${name}`,
    Role: iam('role', role),
    ...more,
  });

export const database = (name: string, more: JsonObject = {}): EstateResource =>
  regional('rds-instance', 'rds', `db:${name}`, {
    DBInstanceIdentifier: name,
    DBInstanceArn: `arn:aws:rds:eu-west-1:${ACCOUNT}:db:${name}`,
    DBInstanceStatus: 'available',
    Engine: 'postgres',
    PubliclyAccessible: false,
    Endpoint: { Address: `${name}.abc.eu-west-1.rds.amazonaws.com`, Port: 5432 },
    DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-b' }] },
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-db' }],
    ...more,
  });

/** A flaw of what outsiders reach. */
export function flaw(gives: Weakness['gives'], on: EstateResource, isOwnCode = true): Weakness {
  return {
    gives,
    isOwnCode,
    fingerprint: `flaw of ${on.name}`,
    issueId: `issue of ${on.name}`,
    name: gives === 'ssrf' ? 'forged requests from the server (CWE-918)' : 'CVE-2021-44228',
    flawed: { key: on.key, kind: 'cloud', name: on.name },
    on: [on.key],
    probability: 0.85,
    why: 'is known to be exploited',
    exploit: verdict('yes'),
    evidence: [],
    assumptions: [],
  };
}

/** A credential that lies on a resource; leaked to everybody where it lies in a repository that strangers read. */
export function credential(
  place: EstateResource | 'public repository',
  opens: EstateResource,
  more: Partial<Credential> = {},
): Credential {
  const where =
    place === 'public repository'
      ? ({ key: 'repo:github.com/lab/app', kind: 'repository', name: 'lab/app' } as const)
      : ({ key: place.key, kind: 'cloud', name: place.name } as const);
  return {
    gate: findingGate(
      `secret of ${opens.name} in ${where.name}`,
      'issue of the secret',
      `revoke the key of ${opens.name}`,
    ),
    kind: place === 'public repository' ? 'repository' : place.type,
    name: 'An access key',
    place: where,
    on:
      place !== 'public repository' && /ec2-instance|lambda-function|ecs-service/.test(place.type)
        ? [place.key]
        : [],
    opens: [opens.key],
    probability: 0.95,
    isLeaked: place === 'public repository',
    isManaged: false,
    evidence: [],
    ...more,
  };
}

export const EC2 = { Service: 'ec2.amazonaws.com' };

export const LAMBDA = { Service: 'lambda.amazonaws.com' };

export const TASKS = { Service: 'ecs-tasks.amazonaws.com' };

export const EVERYTHING = [allow('*')];

export const reads = (store: ReturnType<typeof bucket>) =>
  allow(['s3:GetObject', 's3:ListBucket'], { Resource: [store.key.slice(4), `${store.key.slice(4)}/*`] });

export const starts = (who: ReturnType<typeof user>) => credential('public repository', who);

export interface Scenario {
  readonly lab: Lab;
  /** Each path: the entry and the rules of its steps with what they lead to. */
  readonly expected: readonly string[];
  /** The same estate with one guard in place: nobody gets anywhere. */
  readonly hardened: Lab;
}

export const data = bucket('cardholder-data');

export const hidden = bucket('secret-bucket');

const cluster = 'arn:aws:ecs:eu-west-1:111111111111:cluster/lab';

export const service = (name: string) =>
  regional('ecs-service', 'ecs', `service/lab/${name}`, {
    serviceArn: `arn:aws:ecs:eu-west-1:111111111111:service/lab/${name}`,
    serviceName: name,
    clusterArn: cluster,
    launchType: 'EC2',
    taskDefinition: `arn:aws:ecs:eu-west-1:111111111111:task-definition/${name}:1`,
  });

/** A running task of a service, with an address of its own behind the security group `sg-web`. */
export const runningTask = (of: string): readonly EstateResource[] => [
  regional('network-interface', 'ec2', 'network-interface/eni-task', {
    NetworkInterfaceId: 'eni-task',
    VpcId: 'vpc-1',
    SubnetId: 'subnet-a',
    PrivateIpAddress: '10.0.1.20',
    Association: { PublicIp: '54.1.2.4' },
    Groups: [{ GroupId: 'sg-web' }],
  }),
  regional('ecs-task', 'ecs', 'task/lab/1', {
    taskArn: 'arn:aws:ecs:eu-west-1:111111111111:task/lab/1',
    group: `service:${of}`,
    lastStatus: 'RUNNING',
    attachments: [{ type: 'eni', details: [{ name: 'networkInterfaceId', value: 'eni-task' }] }],
  }),
];

export const task = (name: string, roleName: string | null, more: JsonObject = {}) =>
  regional('ecs-task-definition', 'ecs', `task-definition/${name}:1`, {
    taskDefinitionArn: `arn:aws:ecs:eu-west-1:111111111111:task-definition/${name}:1`,
    family: name,
    ...(roleName === null ? {} : { taskRoleArn: iam('role', roleName) }),
    ...more,
  });
