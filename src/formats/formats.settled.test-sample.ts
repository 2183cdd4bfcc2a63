import type { JsonObject, JsonValue } from '#base/json-value.ts';

/** A question that is open, the command that a verdict names for it, and what its answer makes of it. */
export interface Settled {
  /** As it stands in the verdict, up to its end or to a comma. */
  readonly command: string;
  /** What is known before: answers of other commands, by the names of their files. */
  readonly known: Readonly<Record<string, JsonValue>>;
  /** What the command prints; of several that it names, by the names of their files. */
  readonly prints: JsonValue;
  readonly becomes: 'yes' | 'no';
}

export const A = '111111111111';
export const arn = (service: string, rest: string, region = 'eu-west-1'): string =>
  `arn:aws:${service}:${region}:${A}:${rest}`;

export function row(
  command: string,
  known: Settled['known'],
  prints: JsonValue,
  becomes: Settled['becomes'] = 'yes',
): Settled {
  return { command, known, prints, becomes };
}

export function absent(error: string, call: string): string {
  return `\nAn error occurred (${error}) when calling the ${call} operation: There is none`;
}

const statement = (Action: string, Resource: string): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action, Resource }],
});
export const policy = (Action: string, Resource: string): string =>
  JSON.stringify(statement(Action, Resource));

export const EVERY = '0.0.0.0/0';
export const SUBNETS = { Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.0.0/24' }] };
const VPCS = { Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }] };
export const ROUTES = {
  RouteTables: [
    {
      RouteTableId: 'rtb-1',
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: 'subnet-1' }],
      Routes: [
        { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
        { DestinationCidrBlock: EVERY, GatewayId: 'igw-1', State: 'active' },
      ],
    },
  ],
};
export const ACLS = {
  NetworkAcls: [
    {
      NetworkAclId: 'acl-1',
      VpcId: 'vpc-1',
      Associations: [{ SubnetId: 'subnet-1' }],
      Entries: [false, true].map((Egress) => ({
        RuleNumber: 100,
        Protocol: '-1',
        RuleAction: 'allow',
        Egress,
        CidrBlock: EVERY,
      })),
    },
  ],
};
export const rule = (more: JsonObject = { IpRanges: [{ CidrIp: EVERY }] }): JsonObject => ({
  IpProtocol: 'tcp',
  FromPort: 443,
  ToPort: 443,
  ...more,
});
export const groups = (permission = rule()): JsonObject => ({
  SecurityGroups: [{ GroupId: 'sg-1', GroupName: 'web', VpcId: 'vpc-1', IpPermissions: [permission] }],
});
export const NIC = {
  NetworkInterfaceId: 'eni-1',
  SubnetId: 'subnet-1',
  VpcId: 'vpc-1',
  PrivateIpAddress: '10.0.0.5',
  Association: { PublicIp: '3.3.3.3' },
  Groups: [{ GroupId: 'sg-1' }],
};
export const instance = (nic: JsonObject = NIC, more: JsonObject = {}): JsonObject => ({
  Reservations: [
    {
      Instances: [
        {
          InstanceId: 'i-1',
          State: { Name: 'running' },
          VpcId: 'vpc-1',
          SubnetId: 'subnet-1',
          NetworkInterfaces: [nic],
          ...more,
        },
      ],
    },
  ],
});
export const NET = {
  'ec2-describe-subnets.json': SUBNETS,
  'ec2-describe-vpcs.json': VPCS,
  'ec2-describe-route-tables.json': ROUTES,
  'ec2-describe-network-acls.json': ACLS,
  'ec2-describe-security-groups.json': groups(),
} satisfies Settled['known'];
export const MACHINE = { ...NET, 'ec2-describe-instances.json': instance() };

export function without(known: Settled['known'], ...files: readonly string[]): Settled['known'] {
  return Object.fromEntries(
    Object.entries(known).filter(([file]) => !files.includes(`${file.replace(/\.json$/, '')}`)),
  );
}

/** An instance without an address of its own, behind a load balancer that everybody reaches. */
const { Association: _, ...privateNic } = NIC;
export const PRIVATE_NIC = privateNic;
export const LB = arn('elasticloadbalancing', 'loadbalancer/app/web/1');
export const LISTENER = arn('elasticloadbalancing', 'listener/app/web/1/2');
export const TG = arn('elasticloadbalancing', 'targetgroup/t/1');
export const FORWARD = [{ Type: 'forward', TargetGroupArn: TG }];
export const BALANCED = {
  ...NET,
  'ec2-describe-instances.json': instance(PRIVATE_NIC),
  'elb-describe-load-balancers.json': { LoadBalancerDescriptions: [] },
  'elbv2-describe-load-balancers.json': {
    LoadBalancers: [
      {
        LoadBalancerArn: LB,
        LoadBalancerName: 'web',
        Type: 'application',
        Scheme: 'internet-facing',
        VpcId: 'vpc-1',
        SecurityGroups: ['sg-1'],
        AvailabilityZones: [{ SubnetId: 'subnet-1' }],
      },
    ],
  },
  'elbv2-describe-listeners.json': {
    Listeners: [
      { ListenerArn: LISTENER, LoadBalancerArn: LB, Port: 443, Protocol: 'HTTPS', DefaultActions: FORWARD },
    ],
  },
  'elbv2-describe-rules.json': {
    Rules: [
      {
        RuleArn: LISTENER.replace(':listener/', ':listener-rule/').concat('/3'),
        Priority: 'default',
        IsDefault: true,
        Actions: FORWARD,
      },
    ],
  },
  'elbv2-describe-target-groups.json': {
    TargetGroups: [
      {
        TargetGroupArn: TG,
        TargetGroupName: 't',
        TargetType: 'instance',
        Protocol: 'HTTPS',
        Port: 443,
        VpcId: 'vpc-1',
        LoadBalancerArns: [LB],
      },
    ],
  },
  'elbv2-describe-target-health-t.json': {
    TargetHealthDescriptions: [{ Target: { Id: 'i-1', Port: 443 }, TargetHealth: { State: 'healthy' } }],
  },
} satisfies Settled['known'];

/** A thing as AWS Config tells it. */
export const config = (
  resourceType: string,
  id: string,
  name: string,
  configuration: JsonObject,
): JsonObject => ({
  fileVersion: '1.0',
  configurationItems: [
    {
      ARN: id,
      awsAccountId: A,
      awsRegion: 'eu-west-1',
      resourceType,
      resourceId: name,
      resourceName: name,
      configurationItemStatus: 'OK',
      configuration,
    },
  ],
});
