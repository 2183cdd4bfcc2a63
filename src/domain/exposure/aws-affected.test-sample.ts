import type { JsonObject } from '#base/json-value.ts';
import {
  ALLOW_ALL,
  instance,
  listed,
  NETWORK,
  part,
  resource,
  routes,
  TO_INTERNET,
  tcp,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Security groups of the account; what they let in is the test's own. */
export const GROUPS = ['sg-a', 'sg-b', 'sg-c', 'sg-d', 'sg-lb', 'sg-db'];
/** What a group may let in. */
export const RULES: readonly JsonObject[] = [
  tcp(443, '0.0.0.0/0'),
  tcp(80, '0.0.0.0/1'),
  tcp(8080, '10.0.0.0/16'),
  tcp(5432, '1.1.1.1/32'),
  tcp(22, '10.0.0.0/8'),
  { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, UserIdGroupPairs: [{ GroupId: 'sg-lb' }] },
  { IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-1' }] },
];
const EVERYBODY: JsonObject = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
const OFF: JsonObject = { IgnorePublicAcls: false, RestrictPublicBuckets: false };
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

const invokedBy = (Service: string, arn: string): JsonObject => ({
  Effect: 'Allow',
  Principal: { Service },
  Action: 'lambda:InvokeFunction',
  Resource: '*',
  Condition: { ArnLike: { 'aws:SourceArn': arn } },
});

/** One network with instances, a load balancer and its targets, tasks, databases, templates, buckets and queues. */
export const FIXED: readonly EstateResource[] = [
  // Without the list of interfaces a load balancer may have more targets than are told.
  ...NETWORK.filter(({ type, name }) => type !== 'inventory-listing' && name !== 'rtb-1'),
  routes('rtb-1', [{ SubnetId: 'subnet-1' }], TO_INTERNET, {
    DestinationCidrBlock: '10.2.0.0/16',
    VpcPeeringConnectionId: 'pcx-1',
    State: 'active',
  }),
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
    Policy: {
      Statement: [
        invokedBy('s3.amazonaws.com', 'arn:aws:s3:::copies'),
        invokedBy('sns.amazonaws.com', 'arn:aws:sns-topic:eu-west-1:111111111111:news'),
      ],
    },
    Url: {},
  }),
  resource('target-group', 'functions', {
    TargetGroupArn: 'arn:tg/3',
    TargetGroupName: 'functions',
    TargetType: 'lambda',
    LoadBalancerArns: ['arn:lb/front'],
  }),
  resource('listener-rule', 'rule', {
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
  resource('beanstalk-environment', 'legacy', {
    EnvironmentName: 'legacy',
    LoadBalancers: [{ Name: 'old' }],
  }),
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
  resource('vpc', 'vpc-2', { VpcId: 'vpc-2', CidrBlock: '10.2.0.0/16' }),
  // A network load balancer in front of the application load balancer.
  balancer('before', {
    Type: 'network',
    VpcId: 'vpc-2',
    SecurityGroups: [],
    AvailabilityZones: [{ SubnetId: 'subnet-9' }],
  }),
  resource('subnet', 'subnet-9', { SubnetId: 'subnet-9', VpcId: 'vpc-2', CidrBlock: '10.2.0.0/24' }),
  resource('route-table', 'rtb-9', {
    RouteTableId: 'rtb-9',
    VpcId: 'vpc-2',
    Associations: [{ SubnetId: 'subnet-9' }],
    Routes: [
      { DestinationCidrBlock: '10.0.0.0/16', VpcPeeringConnectionId: 'pcx-1', State: 'active' },
      TO_INTERNET,
    ],
  }),
  resource('network-acl', 'acl-9', {
    NetworkAclId: 'acl-9',
    VpcId: 'vpc-2',
    Associations: [{ SubnetId: 'subnet-9' }],
    Entries: [...ALLOW_ALL],
  }),
  resource('listener', 'l2', {
    ListenerArn: 'arn:lb/before/l2',
    LoadBalancerArn: 'arn:lb/before',
    Port: 443,
    Protocol: 'TCP',
    DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn:tg/4' }],
  }),
  resource('target-group', 'chained', {
    TargetGroupArn: 'arn:tg/4',
    TargetType: 'alb',
    VpcId: 'vpc-2',
    Protocol: 'TCP',
    Port: 443,
    LoadBalancerArns: ['arn:lb/before'],
  }),
  resource('target-health', 'h4', { TargetGroup: 'arn:tg/4', Id: 'arn:lb/front', Port: 443 }),
  resource('target-health', 'h5', { TargetGroup: 'arn:tg/4', Id: '10.0.0.20', Port: 443 }),
  resource('prefix-list', 'pl-1', { PrefixListId: 'pl-1', PrefixListName: 'offices' }),
  resource('security-group-rule', 'sgr-1', {
    SecurityGroupRuleId: 'sgr-1',
    GroupId: 'sg-a',
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    CidrIpv4: '0.0.0.0/0',
  }),
  resource('vpc-peering-connection', 'pcx-1', {
    VpcPeeringConnectionId: 'pcx-1',
    Status: { Code: 'active' },
  }),
  { ...resource('s3-bucket', 'copies', { Name: 'copies' }, null), key: 'aws:arn:aws:s3:::copies' },
  part('s3-bucket', 'copies', { ReplicatesTo: ['arn:aws:s3:::logs'] }),
  resource('s3-access-point', 'point', {
    Name: 'point',
    Bucket: 'logs',
    NetworkOrigin: 'Internet',
    Policy: { Statement: [EVERYBODY] },
    PublicAccessBlock: OFF,
  }),
  resource('s3-account-public-access-block', 'account', { PublicAccessBlock: OFF }, null),
  resource('kms-key', 'k-1', { KeyId: 'k-1', Policy: { Statement: [] } }),
  resource('access-finding', 'f', {
    id: 'f',
    Resource: 'arn:aws:s3:::logs',
    IsPublic: false,
    Status: 'ACTIVE',
    Actions: ['s3:GetObject'],
    AnalyzedAt: '2026-10-02T00:00:00Z',
  }),
  { ...resource('snapshot', 'snap-1', {}), key: 'aws:arn:aws:ec2:eu-west-1::snapshot/snap-1' },
  resource('access-finding', 'f-snapshot', {
    id: 'f-snapshot',
    Resource: 'arn:aws:ec2:eu-west-1:111111111111:snapshot/snap-1',
    IsPublic: false,
    Status: 'ACTIVE',
  }),
  resource('sns-topic', 'news', { Policy: { Statement: [] } }),
  resource('sqs-queue', 'jobs', { Policy: { Statement: [] } }),
  resource('redshift-subnet-group', 'warehouse-subnets', {
    ClusterSubnetGroupName: 'warehouse-subnets',
    Subnets: [{ SubnetIdentifier: 'subnet-1' }],
  }),
  resource('redshift-cluster', 'warehouse', {
    ClusterSubnetGroupName: 'warehouse-subnets',
    VpcId: 'vpc-1',
    PubliclyAccessible: true,
    Endpoint: { Port: 5439 },
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-db' }],
  }),
];

/** What things of the account may say otherwise, by name; each of them may also not be described. */
export const VARIANTS: Readonly<Record<string, readonly JsonObject[]>> = {
  'i-a': [
    { State: { Name: 'stopped' } },
    { NetworkInterfaces: [], SecurityGroups: [{ GroupId: 'sg-b' }], PublicIpAddress: '3.3.3.4' },
  ],
  'i-target': [{ VpcId: 'vpc-2' }, { State: { Name: 'terminated' } }],
  'i-address': [{ NetworkInterfaces: [{ NetworkInterfaceId: 'eni-x', PrivateIpAddress: '10.0.0.20' }] }],
  'eni-late': [
    { Attachment: { InstanceId: 'i-a' } },
    { Attachment: null, RequesterId: 'amazon-elb', Description: 'ELB app/front' },
    { Groups: [{ GroupId: 'sg-b' }] },
  ],
  'eni-task': [{ SubnetId: 'subnet-2' }, { Association: null }],
  t1: [{ lastStatus: 'STOPPED' }, { group: 'service:other' }],
  front: [
    { Scheme: 'internal' },
    { SecurityGroups: ['sg-a'] },
    { VpcId: 'vpc-2', AvailabilityZones: [{ SubnetId: 'subnet-2' }] },
    { Type: 'network', SecurityGroups: [] },
  ],
  before: [{ Scheme: 'internal' }, { SecurityGroups: ['sg-c'] }],
  l1: [
    { Port: 8443 },
    { DefaultActions: [{ Type: 'redirect' }] },
    { DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn:tg/2' }] },
    { LoadBalancerArn: 'arn:lb/before' },
    { MutualAuthentication: { Mode: 'verify' } },
  ],
  functions: [{ LoadBalancerArns: ['arn:lb/before'] }],
  rule: [
    { Actions: [{ Type: 'authenticate-oidc' }, { Type: 'forward', TargetGroupArn: 'arn:tg/3' }] },
    { Actions: [{ Type: 'redirect' }] },
    { RuleArn: 'arn:lb/before/l2/r1' },
  ],
  tg: [{ Port: 22 }, { Protocol: 'TCP', PreserveClientIp: 'false' }, { LoadBalancerArns: [] }],
  untold: [{ LoadBalancerArns: [] }, { TargetGroupName: 'told' }],
  h1: [{ Id: 'i-address' }, { TargetGroup: 'arn:tg/2' }, { Port: 443 }],
  h2: [{ Id: '10.0.0.22' }, { State: 'draining' }],
  h3: [{ Id: 'arn:lb/front' }, { TargetGroup: 'tg' }],
  old: [{ SecurityGroups: ['sg-a'] }, { Instances: [{ InstanceId: 'i-target' }] }, { VPCId: 'vpc-2' }],
  'rtb-1': [
    { Routes: [] },
    { Associations: [{ SubnetId: 'subnet-2' }] },
    { Associations: [{ GatewayId: 'igw-1' }, { SubnetId: 'subnet-1' }] },
    { Routes: [{ DestinationPrefixListId: 'pl-1', GatewayId: 'igw-1', State: 'active' }] },
  ],
  'rtb-2': [
    { Associations: [] },
    { Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' }] },
    {
      Associations: [{ GatewayId: 'igw-1' }],
      Routes: [{ DestinationCidrBlock: '10.0.0.0/24', NetworkInterfaceId: 'eni-f' }],
    },
  ],
  'acl-9': [{ Entries: [] }],
  'rtb-9': [{ Routes: [TO_INTERNET] }],
  'acl-1': [
    { Entries: [] },
    { Associations: [{ SubnetId: 'subnet-2' }] },
    { Entries: ALLOW_ALL.filter(({ Egress }) => Egress === false) },
  ],
  'vpc-1': [
    { CidrBlock: '172.16.0.0/16' },
    { BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-ingress' } },
  ],
  'subnet-1': [
    { CidrBlock: '10.0.9.0/24' },
    { MapPublicIpOnLaunch: true },
    { BlockPublicAccessStates: { InternetGatewayBlockMode: 'block-bidirectional' } },
  ],
  'subnet-2': [{ VpcId: 'vpc-2' }],
  'pl-1': [{ Cidrs: ['0.0.0.0/1'] }, { PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing' }],
  'pl-1/1': [{ Cidr: '1.0.0.0/8' }, { PrefixListId: 'pl-2' }],
  'sgr-1': [{ CidrIpv4: '1.1.1.1/32' }, { GroupId: 'sg-b' }],
  'pcx-1': [{ Status: { Code: 'deleted' } }],
  resize: [{ Url: { FunctionUrl: 'https://x.lambda-url.eu-west-1.on.aws/', AuthType: 'NONE' } }],
  asg: [
    { Instances: [{ InstanceId: 'i-ab' }], TargetGroupARNs: ['arn:tg/2'] },
    { VPCZoneIdentifier: 'subnet-2' },
  ],
  'lt-1/1': [{ LaunchTemplateData: { NetworkInterfaces: [{ AssociatePublicIpAddress: false }] } }],
  logs: [
    { Policy: { Statement: [EVERYBODY] }, PublicAccessBlock: OFF },
    { ReplicatesTo: ['arn:aws:s3:::copies'], Policy: { Statement: [] } },
    {
      Policy: {
        Statement: [{ ...EVERYBODY, Condition: { StringLike: { 'aws:PrincipalArn': '*:role/x' } } }],
      },
      PublicAccessBlock: OFF,
      DefaultEncryption: 'aws:kms',
      EncryptionKey: 'arn:aws:kms:eu-west-1:111111111111:key/k-1',
    },
  ],
  copies: [{ Policy: { Statement: [{ ...EVERYBODY, Action: 's3:GetObject' }] }, PublicAccessBlock: OFF }],
  'part of copies ReplicatesTo': [{ OfType: 's3-bucket', Of: 'copies', Facts: { ReplicatesTo: [] } }],
  point: [{ Bucket: 'copies' }, { NetworkOrigin: 'VPC' }],
  'k-1': [{ Policy: { Statement: [{ ...EVERYBODY, Action: 'kms:*' }] } }],
  f: [{ IsPublic: true }, { Status: 'RESOLVED' }, { Resource: 'arn:aws:s3:::copies' }],
  'f-snapshot': [{ IsPublic: true }],
  'snap-1': [{ CreateVolumePermissions: ['all'] }],
  news: [{ Policy: { Statement: [EVERYBODY] } }],
  jobs: [{ Policy: { Statement: [EVERYBODY] } }],
  'orders-1': [
    { PubliclyAccessible: true },
    { DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-2' }] } },
  ],
  'warehouse-subnets': [{ Subnets: [{ SubnetIdentifier: 'subnet-2' }] }],
  warehouse: [{ PubliclyAccessible: false }],
};
