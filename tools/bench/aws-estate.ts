import type { JsonObject } from '../../src/base/json-value.ts';
import type { EstateResource } from '../../src/domain/risk/estate.ts';

/** An account of AWS made up for measuring, in one VPC of one region. */
export interface SyntheticAccount {
  readonly resources: readonly EstateResource[];
  /** The same as the `describe` answers, as one text. */
  readonly answers: string;
}

export interface AccountSize {
  readonly instances: number;
  readonly groups: number;
  readonly sourcesOfGroup: number;
  readonly subnets: number;
  readonly balancers: number;
}

const ACCOUNT = '111111111111';
const REGION = 'eu-west-1';
const SEEN = Date.UTC(2026, 9, 1);
const VPC = 'vpc-0';
const within: JsonObject = { VpcId: VPC };
const PORTS = [22, 80, 443, 3306, 5432, 6379, 8080, 8443, 9090, 27_017];
const LISTED = [
  'ec2-instance',
  'security-group',
  'subnet',
  'route-table',
  'network-acl',
  'load-balancer',
  'classic-load-balancer',
  'target-group',
  'listener',
  'global-accelerator',
  'cloudfront-distribution',
];

/** Numbers that look random and are the same every time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Ten instances of each of many templates, which give them one to three groups and one of three subnets; each has one
 * interface, and each second a public address. Half of the subnets route to
 * the internet; every load balancer has two listeners and forwards to a target group of twenty instances.
 */
export function syntheticAccount(size: AccountSize, seed = 11): SyntheticAccount {
  const random = numbers(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const resources: EstateResource[] = [];
  const add = (type: string, name: string, facts: JsonObject): void => {
    resources.push({
      key: `aws:arn:aws:${type}:${REGION}:${ACCOUNT}:${name}`,
      type,
      name,
      account: ACCOUNT,
      region: REGION,
      tags: {},
      facts,
      seenAt: SEEN,
      provenance: 'bench',
    });
  };
  const arnOf = (kind: string, index: number): string =>
    `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:${kind}/${index}`;
  const source = (): string => {
    const kind = random();
    if (kind < 0.04) return '0.0.0.0/0';
    if (kind < 0.5) return `10.${below(256)}.${below(256)}.0/24`;
    return `${20 + below(150)}.${below(256)}.${below(256)}.${below(256)}/32`;
  };

  add('vpc', VPC, { ...within, CidrBlock: '10.0.0.0/8' });
  for (let index = 0; index < size.groups; index++)
    add('security-group', `sg-${index}`, {
      ...within,
      GroupId: `sg-${index}`,
      IpPermissions: Array.from({ length: 3 }, () => {
        const port = PORTS[below(PORTS.length)] as number;
        const ranges = Array.from({ length: size.sourcesOfGroup / 3 }, () => ({ CidrIp: source() }));
        return { IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: ranges };
      }),
    });
  for (let index = 0; index < size.subnets; index++) {
    const SubnetId = `subnet-${index}`;
    add('subnet', SubnetId, { ...within, SubnetId, CidrBlock: `10.${index >> 8}.${index & 255}.0/24` });
    add('route-table', `rtb-${index}`, {
      ...within,
      RouteTableId: `rtb-${index}`,
      Associations: [{ SubnetId }],
      Routes: [
        { DestinationCidrBlock: '10.0.0.0/8', GatewayId: 'local', State: 'active' },
        index % 2 === 0
          ? { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-0', State: 'active' }
          : { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-0', State: 'active' },
      ],
    });
    add('network-acl', `acl-${index}`, {
      ...within,
      NetworkAclId: `acl-${index}`,
      Associations: [{ SubnetId }],
      Entries: [true, false].flatMap((Egress) => [
        { Egress, RuleNumber: 90, RuleAction: 'deny', Protocol: '6', CidrBlock: `45.${index % 256}.0.0/16` },
        { Egress, RuleNumber: 100, RuleAction: 'allow', Protocol: '-1', CidrBlock: '0.0.0.0/0' },
      ]),
    });
  }
  const templates = Array.from({ length: Math.ceil(size.instances / 10) }, () => ({
    groups: Array.from({ length: 1 + below(3) }, () => ({ GroupId: `sg-${below(size.groups)}` })),
    subnets: Array.from({ length: 3 }, () => `subnet-${below(size.subnets)}`),
  }));
  for (let index = 0; index < size.instances; index++) {
    const { groups, subnets } = templates[index % templates.length] as (typeof templates)[number];
    const network: JsonObject = { ...within, SubnetId: subnets[below(3)] as string };
    const address = { PublicIp: `3.${index >> 16}.${(index >> 8) & 255}.${index & 255}` };
    const PrivateIpAddress = `10.200.${(index >> 8) & 255}.${index & 255}`;
    add('ec2-instance', `i-${index}`, {
      ...network,
      InstanceId: `i-${index}`,
      State: { Name: 'running' },
      PrivateIpAddress,
      SecurityGroups: groups,
      NetworkInterfaces: [
        {
          ...network,
          NetworkInterfaceId: `eni-${index}`,
          PrivateIpAddress,
          Groups: groups,
          ...(index % 2 === 0 ? { Association: address } : {}),
        },
      ],
    });
  }
  for (let index = 0; index < size.balancers; index++) {
    const arn = arnOf('loadbalancer', index);
    const group = arnOf('targetgroup', index);
    add('load-balancer', `lb-${index}`, {
      ...within,
      LoadBalancerArn: arn,
      LoadBalancerName: `lb-${index}`,
      Type: 'application',
      Scheme: index % 2 === 0 ? 'internet-facing' : 'internal',
      SecurityGroups: [`sg-${below(size.groups)}`],
      AvailabilityZones: Array.from({ length: 3 }, () => ({ SubnetId: `subnet-${below(size.subnets)}` })),
      State: { Code: 'active' },
    });
    for (const Port of [80, 443])
      add('listener', `lb-${index}-${Port}`, {
        ListenerArn: `${arn}/${Port}`,
        LoadBalancerArn: arn,
        Port,
        Protocol: Port === 80 ? 'HTTP' : 'HTTPS',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: group }],
      });
    add('target-group', `tg-${index}`, {
      ...within,
      TargetGroupArn: group,
      TargetGroupName: `tg-${index}`,
      TargetType: 'instance',
      Protocol: 'HTTP',
      Port: 8080,
      LoadBalancerArns: [arn],
    });
    for (let target = 0; target < 20; target++)
      add('target-health', `tg-${index}-${target}`, {
        TargetGroup: group,
        Id: `i-${below(size.instances)}`,
        Port: 8080,
        State: 'healthy',
      });
  }
  for (const type of LISTED) add('inventory-listing', `list of ${type}`, { Of: type });
  return { resources, answers: JSON.stringify(resources.map(({ facts }) => facts)) };
}
