import type { JsonObject } from '#base/json-value.ts';
import {
  A,
  ACLS,
  arn,
  BALANCED,
  EVERY,
  FORWARD,
  groups,
  instance,
  LB,
  LISTENER,
  MACHINE,
  NET,
  NIC,
  PRIVATE_NIC,
  ROUTES,
  row,
  rule,
  type Settled,
  SUBNETS,
  TG,
  without,
} from './formats.settled.test-sample.ts';

const SHARED = {
  'elbv2-describe-load-balancers.json': {
    LoadBalancers: [{ LoadBalancerArn: LB, LoadBalancerName: 'web', Type: 'network', Scheme: 'internal' }],
  },
  'elbv2-describe-listeners.json': {
    Listeners: [
      { ListenerArn: LISTENER, LoadBalancerArn: LB, Port: 443, Protocol: 'TCP', DefaultActions: FORWARD },
    ],
  },
};
const SERVICE = { ServiceId: 'vpce-svc-1', NetworkLoadBalancerArns: [LB] };
const UNASKED = { ServiceConfigurations: [{ ...SERVICE, AcceptanceRequired: false }] };
const FOR_ALL = { AllowedPrincipals: [{ Principal: '*', ServiceId: 'vpce-svc-1' }] };

const NETWORK_ROWS: readonly Settled[] = [
  row(
    'aws ec2 describe-vpc-endpoint-service-configurations',
    {
      ...SHARED,
      'ec2-describe-vpc-endpoint-service-configurations.json': { ServiceConfigurations: [SERVICE] },
      'ec2-describe-vpc-endpoint-service-permissions-vpce-svc-1.json': FOR_ALL,
    },
    UNASKED,
  ),
  row(
    'aws ec2 describe-vpc-endpoint-service-permissions --service-id vpce-svc-1 > ec2-describe-vpc-endpoint-service-permissions-vpce-svc-1.json 2>&1',
    { ...SHARED, 'ec2-describe-vpc-endpoint-service-configurations.json': UNASKED },
    FOR_ALL,
  ),
  row('aws ec2 describe-security-groups', without(MACHINE, 'ec2-describe-security-groups'), groups()),
  row('aws ec2 describe-route-tables', without(MACHINE, 'ec2-describe-route-tables'), ROUTES),
  row('aws ec2 describe-network-acls', without(MACHINE, 'ec2-describe-network-acls'), ACLS),
  row(
    'aws ec2 get-managed-prefix-list-entries --prefix-list-id pl-0123456789abcdef0 > ec2-get-managed-prefix-list-entries-pl-0123456789abcdef0.json 2>&1',
    {
      ...MACHINE,
      'ec2-describe-security-groups.json': groups(
        rule({ PrefixListIds: [{ PrefixListId: 'pl-0123456789abcdef0' }] }),
      ),
    },
    { Entries: [{ Cidr: EVERY }] },
  ),
  row(
    'aws ec2 describe-vpc-block-public-access-exclusions',
    {
      ...MACHINE,
      'ec2-describe-vpc-block-public-access-options.json': {
        VpcBlockPublicAccessOptions: {
          AwsAccountId: A,
          AwsRegion: 'eu-west-1',
          InternetGatewayBlockMode: 'block-bidirectional',
          ExclusionsAllowed: 'allowed',
        },
      },
    },
    { VpcBlockPublicAccessExclusions: [] },
    'no',
  ),
  row(
    'aws elbv2 describe-load-balancers',
    without(BALANCED, 'elbv2-describe-load-balancers'),
    BALANCED['elbv2-describe-load-balancers.json'],
  ),
  row(
    'aws elb describe-load-balancers',
    {
      ...NET,
      'ec2-describe-instances.json': instance(PRIVATE_NIC),
      'elbv2-describe-load-balancers.json': { LoadBalancers: [] },
    },
    { LoadBalancerDescriptions: [] },
    'no',
  ),
  row(
    `aws elbv2 describe-listeners --load-balancer-arn ${LB}`,
    without(BALANCED, 'elbv2-describe-listeners'),
    BALANCED['elbv2-describe-listeners.json'],
  ),
  row(
    `aws elbv2 describe-rules --listener-arn ${LISTENER}`,
    {
      ...without(BALANCED, 'elbv2-describe-rules'),
      'elbv2-describe-listeners.json': {
        Listeners: [
          { ListenerArn: LISTENER, LoadBalancerArn: LB, Port: 443, Protocol: 'HTTPS', DefaultActions: [] },
        ],
      },
    },
    {
      Rules: [
        {
          RuleArn: LISTENER.replace(':listener/', ':listener-rule/').concat('/3'),
          Priority: '1',
          Actions: FORWARD,
        },
      ],
    },
  ),
  row(
    'aws elbv2 describe-target-groups',
    without(BALANCED, 'elbv2-describe-target-groups'),
    BALANCED['elbv2-describe-target-groups.json'],
  ),
  row(
    `aws elbv2 describe-target-health --target-group-arn ${TG} > elbv2-describe-target-health-t.json 2>&1`,
    without(BALANCED, 'elbv2-describe-target-health-t'),
    BALANCED['elbv2-describe-target-health-t.json'],
  ),
];

/** A firewall between the gateway and the subnet, both ways. */
const FIREWALLED = {
  ...MACHINE,
  'ec2-describe-route-tables.json': {
    RouteTables: [
      {
        RouteTableId: 'rtb-1',
        VpcId: 'vpc-1',
        Associations: [{ SubnetId: 'subnet-1' }],
        Routes: [{ DestinationCidrBlock: EVERY, GatewayId: 'vpce-1', State: 'active' }],
      },
      {
        RouteTableId: 'rtb-2',
        VpcId: 'vpc-1',
        Associations: [{ GatewayId: 'igw-1' }],
        Routes: [{ DestinationCidrBlock: '10.0.0.0/24', GatewayId: 'vpce-1', State: 'active' }],
      },
    ],
  },
} satisfies Settled['known'];
const FIREWALL_POLICY = arn('network-firewall', 'firewall-policy/p');
const FIREWALL = {
  Firewall: {
    FirewallName: 'edge',
    FirewallArn: arn('network-firewall', 'firewall/edge'),
    FirewallPolicyArn: FIREWALL_POLICY,
  },
  FirewallStatus: { SyncStates: { 'eu-west-1a': { Attachment: { EndpointId: 'vpce-1' } } } },
};
const passing = (action: string): JsonObject => ({
  FirewallPolicyResponse: { FirewallPolicyName: 'p', FirewallPolicyArn: FIREWALL_POLICY },
  FirewallPolicy: { StatelessDefaultActions: [action] },
});

/** A target in another network, by its address, over a transit gateway. */
const hop = (id: string, vpc: string, subnet: string, to: string): JsonObject => ({
  RouteTableId: id,
  VpcId: vpc,
  Associations: [{ SubnetId: subnet }],
  Routes: [
    { DestinationCidrBlock: to, TransitGatewayId: 'tgw-1', State: 'active' },
    ...(vpc === 'vpc-1' ? [{ DestinationCidrBlock: EVERY, GatewayId: 'igw-1', State: 'active' }] : []),
  ],
});
const attachment = (vpc: string): JsonObject => ({
  TransitGatewayAttachmentId: `tgw-attach-${vpc}`,
  TransitGatewayId: 'tgw-1',
  ResourceId: vpc,
  ResourceType: 'vpc',
  Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
});
const ROUTED = {
  Routes: [
    ['10.9.0.0/16', 'vpc-2'],
    ['10.0.0.0/16', 'vpc-1'],
  ].map(([DestinationCidrBlock, ResourceId]) => ({
    DestinationCidrBlock: DestinationCidrBlock as string,
    State: 'active',
    TransitGatewayAttachments: [{ ResourceId: ResourceId as string, ResourceType: 'vpc' }],
  })),
};
const LINKED = {
  ...BALANCED,
  'ec2-describe-instances.json': instance(
    {
      ...PRIVATE_NIC,
      VpcId: 'vpc-2',
      SubnetId: 'subnet-9',
      PrivateIpAddress: '10.9.0.5',
      Groups: [{ GroupId: 'sg-1' }],
    },
    { VpcId: 'vpc-2', SubnetId: 'subnet-9' },
  ),
  'ec2-describe-route-tables.json': {
    RouteTables: [
      hop('rtb-1', 'vpc-1', 'subnet-1', '10.9.0.0/16'),
      hop('rtb-9', 'vpc-2', 'subnet-9', '10.0.0.0/16'),
    ],
  },
  'elbv2-describe-target-groups.json': {
    TargetGroups: [{ ...BALANCED['elbv2-describe-target-groups.json'].TargetGroups[0], TargetType: 'ip' }],
  },
  'elbv2-describe-target-health-t.json': {
    TargetHealthDescriptions: [{ Target: { Id: '10.9.0.5', Port: 443 }, TargetHealth: { State: 'healthy' } }],
  },
} satisfies Settled['known'];

const LINK_ROWS: readonly Settled[] = [
  row(
    'aws network-firewall describe-firewall --firewall-name NAME',
    { ...FIREWALLED, 'network-firewall-describe-firewall-policy.json': passing('aws:pass') },
    FIREWALL,
  ),
  row(
    `aws network-firewall describe-firewall-policy --firewall-policy-arn ${FIREWALL_POLICY}`,
    { ...FIREWALLED, 'network-firewall-describe-firewall.json': FIREWALL },
    passing('aws:drop'),
    'no',
  ),
  row(
    'aws ec2 describe-transit-gateway-attachments',
    { ...LINKED, 'ec2-search-transit-gateway-routes-tgw-rtb-1.json': ROUTED },
    { TransitGatewayAttachments: [attachment('vpc-1'), attachment('vpc-2')] },
  ),
  row(
    'aws ec2 search-transit-gateway-routes --transit-gateway-route-table-id tgw-rtb-1 --filters Name=state,Values=active,blackhole > ec2-search-transit-gateway-routes-tgw-rtb-1.json 2>&1',
    {
      ...LINKED,
      'ec2-describe-transit-gateway-attachments.json': {
        TransitGatewayAttachments: [attachment('vpc-1'), attachment('vpc-2')],
      },
    },
    ROUTED,
  ),
];

const CLUSTER = arn('ecs', 'cluster/c');
const TASK = arn('ecs', 'task/c/t1');
const CONTAINER_INSTANCE = arn('ecs', 'container-instance/c/m1');
const DEFINITION = arn('ecs', 'task-definition/web:1');
const onMachine = (task: JsonObject): JsonObject => ({
  tasks: [
    {
      taskArn: TASK,
      clusterArn: CLUSTER,
      containerInstanceArn: CONTAINER_INSTANCE,
      taskDefinitionArn: DEFINITION,
      group: 'service:web',
      lastStatus: 'RUNNING',
      ...task,
    },
  ],
});
const BOUND = { containers: [{ networkBindings: [{ hostPort: 443, protocol: 'tcp' }] }] };
const MACHINES = {
  containerInstances: [{ containerInstanceArn: CONTAINER_INSTANCE, ec2InstanceId: 'i-1' }],
};
const SCALING = {
  AutoScalingGroups: [
    {
      AutoScalingGroupARN: arn('autoscaling', 'autoScalingGroup:1:autoScalingGroupName/web'),
      AutoScalingGroupName: 'web',
      VPCZoneIdentifier: 'subnet-1',
      Instances: [{ InstanceId: 'i-9' }],
      LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' },
    },
  ],
};
const template = (data: JsonObject): JsonObject => ({
  LaunchTemplateVersions: [
    { LaunchTemplateId: 'lt-1', VersionNumber: 1, DefaultVersion: true, LaunchTemplateData: data },
  ],
});

const WORKLOAD_ROWS: readonly Settled[] = [
  row(
    'aws ec2 describe-network-interfaces',
    {
      ...NET,
      'ecs-describe-tasks.json': {
        tasks: [
          {
            taskArn: TASK,
            clusterArn: CLUSTER,
            attachments: [{ type: 'eni', details: [{ name: 'networkInterfaceId', value: 'eni-1' }] }],
          },
        ],
      },
    },
    { NetworkInterfaces: [NIC] },
  ),
  row(
    `aws ecs describe-container-instances --cluster ${CLUSTER} --container-instances ${CONTAINER_INSTANCE}`,
    { ...MACHINE, 'ecs-describe-tasks.json': onMachine(BOUND) },
    MACHINES,
  ),
  row(
    'aws ec2 describe-instances',
    {
      ...NET,
      'ecs-describe-tasks.json': onMachine(BOUND),
      'ecs-describe-container-instances.json': MACHINES,
    },
    instance(),
  ),
  row(
    `aws ecs describe-task-definition --task-definition ${DEFINITION}`,
    {
      ...MACHINE,
      'ecs-describe-tasks.json': onMachine({ containers: [{}] }),
      'ecs-describe-container-instances.json': MACHINES,
    },
    { taskDefinition: { taskDefinitionArn: DEFINITION, family: 'web', networkMode: 'host' } },
  ),
  row(
    `aws ecs describe-tasks --cluster ${CLUSTER} --tasks IDS`,
    {
      ...MACHINE,
      'ecs-describe-services.json': {
        services: [{ serviceArn: arn('ecs', 'service/c/web'), serviceName: 'web', clusterArn: CLUSTER }],
      },
      'ecs-describe-container-instances.json': MACHINES,
    },
    onMachine(BOUND),
  ),
  row(
    'aws elasticbeanstalk describe-environment-resources --environment-name shop',
    {
      ...MACHINE,
      'elasticbeanstalk-describe-environments.json': {
        Environments: [
          { EnvironmentArn: arn('elasticbeanstalk', 'environment/app/shop'), EnvironmentName: 'shop' },
        ],
      },
    },
    { EnvironmentResources: { EnvironmentName: 'shop', Instances: [{ Id: 'i-1' }], LoadBalancers: [] } },
  ),
  row(
    'aws ec2 describe-launch-template-versions --launch-template-id lt-1',
    { ...NET, 'autoscaling-describe-auto-scaling-groups.json': SCALING },
    template({
      SecurityGroupIds: ['sg-1'],
      NetworkInterfaces: [{ AssociatePublicIpAddress: true, Groups: ['sg-1'] }],
    }),
  ),
  row(
    'aws autoscaling describe-launch-configurations --launch-configuration-names old',
    {
      ...NET,
      'autoscaling-describe-auto-scaling-groups.json': {
        AutoScalingGroups: [
          { ...SCALING.AutoScalingGroups[0], LaunchTemplate: null, LaunchConfigurationName: 'old' },
        ],
      },
    },
    {
      LaunchConfigurations: [
        {
          LaunchConfigurationName: 'old',
          LaunchConfigurationARN: arn('autoscaling', 'launchConfiguration:1:launchConfigurationName/old'),
          AssociatePublicIpAddress: true,
          SecurityGroups: ['sg-1'],
        },
      ],
    },
  ),
  row(
    'aws ec2 describe-subnets',
    {
      ...without(NET, 'ec2-describe-subnets'),
      'autoscaling-describe-auto-scaling-groups.json': SCALING,
      'ec2-describe-launch-template-versions.json': template({ SecurityGroupIds: ['sg-1'] }),
    },
    SUBNETS,
    'no',
  ),
  row(
    'aws emr describe-cluster --cluster-id j-1',
    {
      ...NET,
      'emr-list-clusters.json': {
        Clusters: [
          {
            Id: 'j-1',
            ClusterArn: arn('elasticmapreduce', 'cluster/j-1'),
            Name: 'jobs',
            NormalizedInstanceHours: 1,
          },
        ],
      },
    },
    {
      Cluster: {
        Id: 'j-1',
        ClusterArn: arn('elasticmapreduce', 'cluster/j-1'),
        Name: 'jobs',
        Status: { State: 'RUNNING' },
        MasterPublicDnsName: 'ec2-3-3-3-3.eu-west-1.compute.amazonaws.com',
        Ec2InstanceAttributes: { Ec2SubnetId: 'subnet-1', EmrManagedMasterSecurityGroup: 'sg-1' },
      },
    },
  ),
];

/** Questions of networks, load balancers and machines of AWS. */
export const AWS_NETWORK_SETTLED: readonly Settled[] = [...NETWORK_ROWS, ...LINK_ROWS, ...WORKLOAD_ROWS];
