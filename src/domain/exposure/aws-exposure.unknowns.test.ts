import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  ACCOUNT,
  expose,
  group,
  instance,
  listed,
  MAIN_PRIVATE,
  NETWORK,
  NO_BALANCERS,
  PUBLIC_ROUTES,
  resource,
  routes,
  SUBNET,
  TO_INTERNET,
  tcp,
  VPC,
  without,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/**
 * What was not described and could change an answer leaves it open, and names what would settle it; where it could not,
 * the answer stands (attack-paths §1.5). Each with all that is told of it.
 */
type Row = readonly [
  title: string,
  state: 'yes' | 'no' | 'unknown',
  of: EstateResource,
  ...others: EstateResource[],
];
const open = group('sg-web', tcp(443, '0.0.0.0/0'));
const six = group('sg-six', tcp(443, '::/0'));
const check = ([, state, of, ...others]: Row): void => {
  expect(expose([...NETWORK, open, six, ...others], of).state).toBe(state);
};

describe('an instance whose interfaces nobody told', () => {
  const mentioned = (facts: JsonObject) => resource('ec2-instance', 'i-9', facts);
  const around = { SubnetId: 'subnet-1', VpcId: 'vpc-1' };
  it.each<Row>([
    ['by its name alone', 'unknown', mentioned({}), ...NO_BALANCERS],
    [
      'in an open group',
      'unknown',
      mentioned({ ...around, SecurityGroups: [{ GroupId: 'sg-web' }] }),
      ...NO_BALANCERS,
    ],
    [
      'in an open group, with an address',
      'yes',
      mentioned({ ...around, PublicIpAddress: '3.3.3.3', SecurityGroups: [{ GroupId: 'sg-web' }] }),
      ...NO_BALANCERS,
    ],
    [
      'in a group for an office: an address would not open it',
      'no',
      mentioned({ ...around, SecurityGroups: [{ GroupId: 'sg-office' }] }),
      group('sg-office', tcp(22, '198.51.100.0/24')),
      ...NO_BALANCERS,
    ],
    ['told to have none', 'no', mentioned({ ...around, NetworkInterfaces: [] }), ...NO_BALANCERS],
    [
      'an interface by its name alone',
      'unknown',
      resource('network-interface', 'eni-9', {}),
      ...NO_BALANCERS,
    ],
  ])('%s', (...row) => check(row as unknown as Row));
});

describe('groups that nobody told', () => {
  const database = (facts: JsonObject) =>
    resource('rds-instance', 'orders', {
      DBInstanceIdentifier: 'orders',
      PubliclyAccessible: true,
      Endpoint: { Port: 443 },
      DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-1' }] },
      ...facts,
    });
  const classic = (facts: JsonObject) =>
    resource('classic-load-balancer', 'old', {
      LoadBalancerName: 'old',
      Scheme: 'internet-facing',
      VPCId: 'vpc-1',
      Subnets: ['subnet-1'],
      ListenerDescriptions: [{ Listener: { LoadBalancerPort: 443, Protocol: 'TCP', InstancePort: 443 } }],
      ...facts,
    });
  const balancer = (Type: string) =>
    resource('load-balancer', 'web', {
      LoadBalancerArn: 'arn:lb',
      Type,
      Scheme: 'internet-facing',
      VpcId: 'vpc-1',
      AvailabilityZones: [{ SubnetId: 'subnet-1' }],
    });
  const listener = resource('listener', 'l', {
    ListenerArn: 'arn:l',
    LoadBalancerArn: 'arn:lb',
    Port: 443,
    Protocol: 'TCP',
  });

  it.each<Row>([
    ['of a database', 'unknown', database({})],
    ['of a database that is in none', 'no', database({ VpcSecurityGroups: [] })],
    ['of a database with its switch off', 'no', database({ PubliclyAccessible: false })],
    [
      'of a Redshift cluster',
      'unknown',
      resource('redshift-cluster', 'house', {
        ClusterSubnetGroupName: 'house',
        PubliclyAccessible: true,
        Endpoint: { Port: 443 },
      }),
      resource('redshift-subnet-group', 'house', {
        ClusterSubnetGroupName: 'house',
        Subnets: [{ SubnetIdentifier: 'subnet-1' }],
      }),
    ],
    [
      'of a workgroup',
      'unknown',
      resource('redshift-workgroup', 'lake', {
        publiclyAccessible: true,
        subnetIds: ['subnet-1'],
        port: 443,
      }),
    ],
    [
      'of brokers',
      'unknown',
      resource('kafka-cluster', 'events', {
        BrokerNodeGroupInfo: { ConnectivityInfo: { PublicAccess: { Type: 'SERVICE_PROVIDED_EIPS' } } },
      }),
    ],
    [
      'of a master of EMR',
      'unknown',
      resource('emr-cluster', 'jobs', {
        MasterPublicDnsName: 'ec2-3-3-3-3.compute-1.amazonaws.com',
        Ec2InstanceAttributes: { Ec2SubnetId: 'subnet-1' },
      }),
    ],
    ['of a classic load balancer', 'unknown', classic({})],
    ['of a classic load balancer that is in one', 'yes', classic({ SecurityGroups: ['sg-web'] })],
    ['of an application load balancer', 'unknown', balancer('application'), listener],
    ['of a network load balancer, which may be in none', 'yes', balancer('network'), listener],
  ])('%s', (...row) => check(row as unknown as Row));
});

describe('addresses of IPv6', () => {
  const balancer = (IpAddressType: string, ...SecurityGroups: string[]) =>
    resource('load-balancer', 'web', {
      LoadBalancerArn: 'arn:lb',
      Type: 'application',
      Scheme: 'internet-facing',
      IpAddressType,
      VpcId: 'vpc-1',
      SecurityGroups,
      AvailabilityZones: [{ SubnetId: 'subnet-1' }],
    });
  const listener = resource('listener', 'l', {
    ListenerArn: 'arn:l',
    LoadBalancerArn: 'arn:lb',
    Port: 443,
    Protocol: 'HTTPS',
  });
  const V6_ROUTE = { DestinationIpv6CidrBlock: '::/0', GatewayId: 'igw-1', State: 'active' };
  const v6Only = routes('rtb-7', [{ SubnetId: 'subnet-7' }], V6_ROUTE);
  const subnet = (facts: JsonObject) =>
    resource('subnet', 'subnet-7', { SubnetId: 'subnet-7', VpcId: 'vpc-1', ...facts });
  const acl = resource('network-acl', 'acl-7', {
    Associations: [{ SubnetId: 'subnet-7' }],
    Entries: [true, false].map((Egress) => ({
      RuleNumber: 1,
      Protocol: '-1',
      RuleAction: 'allow',
      Egress,
      Ipv6CidrBlock: '::/0',
    })),
  });
  const block = { Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2600:1f18::/64' }] };
  const scaling = resource('auto-scaling-group', 'web', {
    VPCZoneIdentifier: 'subnet-7',
    LaunchTemplate: { LaunchTemplateId: 'lt', Version: '1' },
    Instances: [{ InstanceId: 'i-1' }],
  });
  const template = (nic: JsonObject) =>
    resource('launch-template-version', 'lt/1', {
      LaunchTemplateId: 'lt',
      VersionNumber: 1,
      LaunchTemplateData: { NetworkInterfaces: [{ Groups: ['sg-six'], ...nic }] },
    });

  it.each<Row>([
    ['of a load balancer with both', 'yes', balancer('dualstack', 'sg-six'), listener],
    ['that a load balancer does not have', 'no', balancer('ipv4', 'sg-six'), listener],
    [
      'alone, in front of a rule for IPv4',
      'no',
      balancer('dualstack-without-public-ipv4', 'sg-web'),
      listener,
    ],
    ['alone', 'yes', balancer('dualstack-without-public-ipv4', 'sg-six'), listener],
    ['in a subnet that has a block', 'yes', subnet(block), v6Only, acl],
    ['in a subnet without a block', 'no', subnet({}), v6Only, acl],
    [
      'that a subnet gives what is started',
      'yes',
      scaling,
      template({ AssociatePublicIpAddress: false }),
      subnet({ AssignIpv6AddressOnCreation: true }),
      v6Only,
      acl,
    ],
    ['that a template asks for', 'yes', scaling, template({ Ipv6AddressCount: 1 }), subnet({}), v6Only, acl],
    [
      'that a template names',
      'yes',
      scaling,
      template({ Ipv6Addresses: [{ Ipv6Address: '2600:1f18::1' }] }),
      subnet({}),
      v6Only,
      acl,
    ],
    ['that nobody gives', 'no', scaling, template({}), subnet({}), v6Only, acl],
  ])('%s', (...row) => check(row as unknown as Row));
});

describe('what a template leaves open', () => {
  const scaling = (VPCZoneIdentifier: string) =>
    resource('auto-scaling-group', 'web', {
      VPCZoneIdentifier,
      LaunchTemplate: { LaunchTemplateId: 'lt', Version: '1' },
      Instances: [{ InstanceId: 'i-1' }],
    });
  const template = (data: JsonObject) =>
    resource('launch-template-version', 'lt/1', {
      LaunchTemplateId: 'lt',
      VersionNumber: 1,
      LaunchTemplateData: data,
    });
  const addressed = { NetworkInterfaces: [{ AssociatePublicIpAddress: true }] };
  const standard = (facts: JsonObject) =>
    resource('security-group', 'sg-default', {
      GroupId: 'sg-default',
      GroupName: 'default',
      VpcId: 'vpc-1',
      IpPermissions: [tcp(443, '0.0.0.0/0')],
      ...facts,
    });

  it.each<Row>([
    [
      'an address, in a subnet that was not described',
      'unknown',
      scaling('subnet-1, subnet-9'),
      template({ SecurityGroupIds: ['sg-web'] }),
    ],
    [
      'no address, in subnets that were',
      'no',
      scaling('subnet-1'),
      template({ SecurityGroupIds: ['sg-web'] }),
    ],
    ['its groups', 'unknown', scaling('subnet-1'), template(addressed)],
    [
      'its groups, where the default one was described',
      'yes',
      scaling('subnet-1'),
      template(addressed),
      standard({}),
    ],
    [
      'its groups, where that of another network was described',
      'unknown',
      scaling('subnet-1'),
      template(addressed),
      standard({ VpcId: 'vpc-9' }),
    ],
    [
      'its groups, where another group of the network was described',
      'unknown',
      scaling('subnet-1'),
      template(addressed),
      standard({ GroupName: 'web' }),
    ],
    [
      'nothing of a public image, of whose account nothing else is told',
      'yes',
      resource('ami', 'ami-1', { Public: true }),
    ],
    [
      'an image that another account owns',
      'no',
      resource('ami', 'ami-1', { Public: true, OwnerId: '099720109477' }),
    ],
    [
      'an image that its own account owns, as lists of images tell',
      'yes',
      resource('ami', 'ami-1', { Public: true, OwnerId: ACCOUNT }),
    ],
  ])('%s', (...row) => check(row as unknown as Row));

  it('a list of images names everybody’s, so it does not tell that one is ours', () => {
    const image = resource('ami', 'ami-1', { Public: true });
    expect(expose(listed('ami'), image).state).toBe('unknown');
    expect(expose([VPC], image).state).toBe('yes');
    expect(expose([], resource('ami', 'ami-1', { Public: false })).state).toBe('no');
  });
});

describe('subnets that nobody told', () => {
  const groups = [{ VpcSecurityGroupId: 'sg-web' }];
  it.each<readonly [what: string, command: string, of: EstateResource]>([
    ['an instance', 'aws ec2 describe-network-interfaces', instance('i-1', {}, { SubnetId: null })],
    [
      'a database',
      'aws rds describe-db-instances',
      resource('rds-instance', 'i-1', { PubliclyAccessible: true, VpcSecurityGroups: groups }),
    ],
    [
      'a Redshift cluster',
      'aws redshift describe-cluster-subnet-groups',
      resource('redshift-cluster', 'i-1', { PubliclyAccessible: true, VpcSecurityGroups: groups }),
    ],
    [
      'a workgroup',
      'aws redshift-serverless list-workgroups',
      resource('redshift-workgroup', 'i-1', { publiclyAccessible: true, securityGroupIds: ['sg-web'] }),
    ],
    [
      'a master of EMR',
      'aws emr describe-cluster --cluster-id ID',
      resource('emr-cluster', 'i-1', {
        MasterPublicDnsName: 'ec2-3-3-3-3.compute-1.amazonaws.com',
        Ec2InstanceAttributes: { EmrManagedMasterSecurityGroup: 'sg-web' },
      }),
    ],
  ])('of %s are supplied by %s', (_what, command, of) => {
    expect(expose([...NETWORK, open], of)).toMatchObject({
      state: 'unknown',
      missing: [`the subnet of i-1: ${command}`],
    });
  });

  it('are told to be missing beside groups that nobody told', () => {
    expect(expose(NETWORK, instance('i-1', {}, { SubnetId: null })).missing).toEqual([
      'security group sg-web: aws ec2 describe-security-groups',
      'the subnet of i-1: aws ec2 describe-network-interfaces',
    ]);
  });

  it.each([
    ['terminated', 'Instance i-1 is terminated.'],
    ['shutting-down', 'Instance i-1 is shutting-down.'],
  ])('of an instance that is %s do not matter', (Name, sentence) => {
    const exposure = expose([], instance('i-1', { State: { Name }, NetworkInterfaces: null }));
    expect([exposure.state, exposure.evidence[0]?.sentence.replace(/^.*?nstance/, 'Instance')]).toEqual([
      'no',
      sentence,
    ]);
  });
});

describe('routes that nobody read', () => {
  const hop = (DestinationPrefixListId: string, target: JsonObject): JsonObject => ({
    DestinationPrefixListId,
    State: 'active',
    ...target,
  });
  const NAT = { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1', State: 'active' };
  const FIREWALL = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'vpce-1', State: 'active' };
  const table = (...entries: JsonObject[]) => routes('rtb-1', [{ SubnetId: 'subnet-1' }], ...entries);
  const toTransit = hop('pl-9', { TransitGatewayId: 'tgw-1' });
  const toGateway = hop('pl-9', { GatewayId: 'igw-1' });
  const toService = hop('pl-9', { GatewayId: 'vpce-9' });
  const LISTS = NO_BALANCERS.filter(({ name }) => name !== 'list of route-table');

  it.each<readonly [string, 'yes' | 'no' | 'unknown', EstateResource, string[]]>([
    [
      'may lead all of it away',
      'unknown',
      table(TO_INTERNET, toTransit),
      [
        'the entries of prefix list pl-9: aws ec2 get-managed-prefix-list-entries --prefix-list-id pl-9 > ec2-get-managed-prefix-list-entries-pl-9.json 2>&1',
      ],
    ],
    ['lead away what goes out by a NAT gateway anyway', 'no', table(NAT, toTransit), []],
    [
      'may lead in',
      'unknown',
      table(NAT, toGateway),
      [
        'the entries of prefix list pl-9: aws ec2 get-managed-prefix-list-entries --prefix-list-id pl-9 > ec2-get-managed-prefix-list-entries-pl-9.json 2>&1',
      ],
    ],
    ['lead in what comes in anyway', 'yes', table(TO_INTERNET, toGateway), []],
    ['lead to a service of AWS and take nothing else', 'yes', table(TO_INTERNET, toService), []],
  ])('%s: %s', (_title, state, routed, missing) => {
    const exposure = expose([...without(NETWORK, PUBLIC_ROUTES), open, routed], instance('i-1'));
    expect([exposure.state, exposure.missing]).toEqual([state, missing]);
  });

  it('a firewall on the way out may be one on the way in, while not all tables are known', () => {
    const estate = [...without(NETWORK, PUBLIC_ROUTES, MAIN_PRIVATE, ...NO_BALANCERS), open, table(FIREWALL)];
    expect(expose([...estate, ...LISTS], instance('i-1'))).toMatchObject({
      state: 'unknown',
      missing: ['route tables of vpc-1: aws ec2 describe-route-tables'],
    });
    expect(expose([...estate, ...NO_BALANCERS], instance('i-1')).state).toBe('no');
    expect(expose([...estate, ...LISTS], SUBNET).state).toBe('unknown');
  });
});
