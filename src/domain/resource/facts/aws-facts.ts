import type { FactFields, Facts } from './fact-shape.ts';

/**
 * The facts of AWS resources, by resource type: what evaluation needs, under the names of the AWS
 * API (`describe` shape), whatever inventory they came from. Read them with
 * `readFacts(SHAPE, resource.facts)`. An absent member was not described; an empty list or a policy
 * without statements is known to be empty.
 */

const ADDRESSES = { PublicIp: 'text', CarrierIp: 'text', IpOwnerId: 'text' } as const satisfies FactFields;

/** `network-interface`. */
export const INTERFACE = {
  NetworkInterfaceId: 'text',
  InterfaceType: 'text',
  RequesterId: 'text',
  Description: 'text',
  SubnetId: 'text',
  VpcId: 'text',
  PrivateIpAddress: 'text',
  PrivateIpAddresses: [{ PrivateIpAddress: 'text', Association: ADDRESSES }],
  Association: ADDRESSES,
  Ipv6Addresses: [{ Ipv6Address: 'text' }],
  Groups: [{ GroupId: 'text' }],
  Attachment: { InstanceId: 'text', Status: 'text' },
} as const satisfies FactFields;
export type InterfaceFacts = Facts<typeof INTERFACE>;

/** `ec2-instance`. */
export const INSTANCE = {
  InstanceId: 'text',
  State: { Name: 'text' },
  SubnetId: 'text',
  VpcId: 'text',
  ImageId: 'text',
  KeyName: 'text',
  LaunchTime: 'text',
  PlatformDetails: 'text',
  PrivateIpAddress: 'text',
  PublicIpAddress: 'text',
  Ipv6Address: 'text',
  SecurityGroups: [{ GroupId: 'text' }],
  NetworkInterfaces: [INTERFACE],
  IamInstanceProfile: { Arn: 'text' },
  MetadataOptions: { HttpTokens: 'text', HttpEndpoint: 'text', HttpPutResponseHopLimit: 'number' },
} as const satisfies FactFields;
export type InstanceFacts = Facts<typeof INSTANCE>;

const PERMISSION = {
  IpProtocol: 'text',
  FromPort: 'number',
  ToPort: 'number',
  IpRanges: [{ CidrIp: 'text' }],
  Ipv6Ranges: [{ CidrIpv6: 'text' }],
  PrefixListIds: [{ PrefixListId: 'text' }],
  UserIdGroupPairs: [{ GroupId: 'text', UserId: 'text' }],
} as const satisfies FactFields;

/** `security-group`. */
export const SECURITY_GROUP = {
  GroupId: 'text',
  GroupName: 'text',
  VpcId: 'text',
  IpPermissions: [PERMISSION],
} as const satisfies FactFields;
export type SecurityGroupFacts = Facts<typeof SECURITY_GROUP>;
export type PermissionFacts = Facts<typeof PERMISSION>;

/** `prefix-list`; those of customers have their entries in `prefix-list-entry`. */
export const PREFIX_LIST = {
  PrefixListId: 'text',
  PrefixListName: 'text',
  OwnerId: 'text',
  Cidrs: 'texts',
} as const satisfies FactFields;
export type PrefixListFacts = Facts<typeof PREFIX_LIST>;

/** `prefix-list-entry`. */
export const PREFIX_LIST_ENTRY = { PrefixListId: 'text', Cidr: 'text' } as const satisfies FactFields;

/** `network-acl`. */
export const NETWORK_ACL = {
  NetworkAclId: 'text',
  VpcId: 'text',
  IsDefault: 'boolean',
  Associations: [{ SubnetId: 'text' }],
  Entries: [
    {
      RuleNumber: 'number',
      Protocol: 'text',
      RuleAction: 'text',
      Egress: 'boolean',
      CidrBlock: 'text',
      Ipv6CidrBlock: 'text',
      PortRange: { From: 'number', To: 'number' },
    },
  ],
} as const satisfies FactFields;
export type NetworkAclFacts = Facts<typeof NETWORK_ACL>;

/** `route-table`. */
export const ROUTE_TABLE = {
  RouteTableId: 'text',
  VpcId: 'text',
  Associations: [{ SubnetId: 'text', Main: 'boolean', GatewayId: 'text' }],
  Routes: [
    {
      DestinationCidrBlock: 'text',
      DestinationIpv6CidrBlock: 'text',
      DestinationPrefixListId: 'text',
      GatewayId: 'text',
      CarrierGatewayId: 'text',
      VpcEndpointId: 'text',
      EgressOnlyInternetGatewayId: 'text',
      NatGatewayId: 'text',
      TransitGatewayId: 'text',
      VpcPeeringConnectionId: 'text',
      NetworkInterfaceId: 'text',
      InstanceId: 'text',
      State: 'text',
    },
  ],
} as const satisfies FactFields;
export type RouteFacts = NonNullable<Facts<typeof ROUTE_TABLE>['Routes']>[number];

const BLOCKED = { InternetGatewayBlockMode: 'text' } as const satisfies FactFields;

/** `subnet`. */
export const SUBNET = {
  SubnetId: 'text',
  VpcId: 'text',
  CidrBlock: 'text',
  Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: 'text' }],
  MapPublicIpOnLaunch: 'boolean',
  BlockPublicAccessStates: BLOCKED,
} as const satisfies FactFields;
export type SubnetFacts = Facts<typeof SUBNET>;

/** `vpc`. */
export const VPC = {
  VpcId: 'text',
  CidrBlock: 'text',
  CidrBlockAssociationSet: [{ CidrBlock: 'text' }],
  Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: 'text' }],
  IsDefault: 'boolean',
  BlockPublicAccessStates: BLOCKED,
} as const satisfies FactFields;
export type VpcFacts = Facts<typeof VPC>;

/** `internet-gateway`. */
export const INTERNET_GATEWAY = {
  InternetGatewayId: 'text',
  Attachments: [{ VpcId: 'text', State: 'text' }],
} as const satisfies FactFields;

/** `vpc-peering-connection`. */
export const VPC_PEERING = {
  VpcPeeringConnectionId: 'text',
  Status: { Code: 'text' },
} as const satisfies FactFields;

/** `vpc-block-public-access`: the option of one region. */
export const BLOCK_PUBLIC_ACCESS = {
  InternetGatewayBlockMode: 'text',
  ExclusionsAllowed: 'text',
  State: 'text',
} as const satisfies FactFields;

/** `vpc-block-public-access-exclusion`. */
export const BLOCK_PUBLIC_ACCESS_EXCLUSION = {
  ExclusionId: 'text',
  InternetGatewayExclusionMode: 'text',
  ResourceArn: 'text',
  State: 'text',
} as const satisfies FactFields;

/** `load-balancer`: application, network and gateway load balancers. */
export const LOAD_BALANCER = {
  LoadBalancerArn: 'text',
  LoadBalancerName: 'text',
  DNSName: 'text',
  Type: 'text',
  Scheme: 'text',
  IpAddressType: 'text',
  VpcId: 'text',
  State: { Code: 'text' },
  SecurityGroups: 'texts',
  AvailabilityZones: [{ SubnetId: 'text' }],
} as const satisfies FactFields;
export type LoadBalancerFacts = Facts<typeof LOAD_BALANCER>;

/** `classic-load-balancer`. */
export const CLASSIC_LOAD_BALANCER = {
  LoadBalancerName: 'text',
  DNSName: 'text',
  Scheme: 'text',
  VPCId: 'text',
  Subnets: 'texts',
  SecurityGroups: 'texts',
  Instances: [{ InstanceId: 'text' }],
  ListenerDescriptions: [
    { Listener: { Protocol: 'text', LoadBalancerPort: 'number', InstancePort: 'number' } },
  ],
} as const satisfies FactFields;
export type ClassicLoadBalancerFacts = Facts<typeof CLASSIC_LOAD_BALANCER>;

const CONDITION = {
  Field: 'text',
  Values: 'texts',
  HostHeaderConfig: { Values: 'texts' },
  PathPatternConfig: { Values: 'texts' },
} as const satisfies FactFields;
export type ListenerConditionFacts = Facts<typeof CONDITION>;

const LISTENER_ACTION = {
  Type: 'text',
  Order: 'number',
  TargetGroupArn: 'text',
  ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'text' }] },
} as const satisfies FactFields;
export type ListenerActionFacts = Facts<typeof LISTENER_ACTION>;

/** `listener`. */
export const LISTENER = {
  ListenerArn: 'text',
  LoadBalancerArn: 'text',
  Port: 'number',
  Protocol: 'text',
  MutualAuthentication: { Mode: 'text' },
  DefaultActions: [LISTENER_ACTION],
} as const satisfies FactFields;
export type ListenerFacts = Facts<typeof LISTENER>;

/** `listener-rule`. */
export const LISTENER_RULE = {
  RuleArn: 'text',
  IsDefault: 'boolean',
  Conditions: [CONDITION],
  Actions: [LISTENER_ACTION],
} as const satisfies FactFields;

/** `target-group`. */
export const TARGET_GROUP = {
  TargetGroupArn: 'text',
  TargetGroupName: 'text',
  TargetType: 'text',
  Protocol: 'text',
  Port: 'number',
  VpcId: 'text',
  LoadBalancerArns: 'texts',
  /** `true` or `false`, where its attributes were described. */
  PreserveClientIp: 'text',
} as const satisfies FactFields;
export type TargetGroupFacts = Facts<typeof TARGET_GROUP>;

/** `auto-scaling-group`; `VPCZoneIdentifier` lists subnets with commas. */
export const AUTO_SCALING_GROUP = {
  AutoScalingGroupName: 'text',
  AutoScalingGroupARN: 'text',
  VPCZoneIdentifier: 'text',
  TargetGroupARNs: 'texts',
  LoadBalancerNames: 'texts',
  Instances: [{ InstanceId: 'text' }],
  LaunchTemplate: { LaunchTemplateId: 'text', Version: 'text' },
  MixedInstancesPolicy: {
    LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId: 'text', Version: 'text' } },
  },
} as const satisfies FactFields;

/** `launch-template-version`. */
export const LAUNCH_TEMPLATE_VERSION = {
  LaunchTemplateId: 'text',
  VersionNumber: 'number',
  DefaultVersion: 'boolean',
  LaunchTemplateData: {
    NetworkInterfaces: [
      { DeviceIndex: 'number', AssociatePublicIpAddress: 'boolean', Groups: 'texts', SubnetId: 'text' },
    ],
    SecurityGroupIds: 'texts',
  },
} as const satisfies FactFields;
export type LaunchTemplateVersionFacts = Facts<typeof LAUNCH_TEMPLATE_VERSION>;

/** `target-health`: one target of a target group, which is named as the request named it: by name or ARN. */
export const TARGET_HEALTH = {
  TargetGroup: 'text',
  Id: 'text',
  Port: 'number',
  State: 'text',
} as const satisfies FactFields;
export type TargetHealthFacts = Facts<typeof TARGET_HEALTH>;

/** `global-accelerator`. */
export const ACCELERATOR = {
  AcceleratorArn: 'text',
  Name: 'text',
  DnsName: 'text',
  Enabled: 'boolean',
} as const satisfies FactFields;

/** `accelerator-listener`; its ARN begins with the accelerator's. */
export const ACCELERATOR_LISTENER = {
  ListenerArn: 'text',
  Protocol: 'text',
  PortRanges: [{ FromPort: 'number', ToPort: 'number' }],
} as const satisfies FactFields;

/** `accelerator-endpoint-group`; its ARN begins with the listener's. */
export const ACCELERATOR_ENDPOINT_GROUP = {
  EndpointGroupArn: 'text',
  EndpointDescriptions: [{ EndpointId: 'text', ClientIPPreservationEnabled: 'boolean' }],
} as const satisfies FactFields;

const SIGNERS = { Enabled: 'boolean' } as const satisfies FactFields;
const BEHAVIOUR = {
  PathPattern: 'text',
  TargetOriginId: 'text',
  TrustedSigners: SIGNERS,
  TrustedKeyGroups: SIGNERS,
} as const satisfies FactFields;

/** `cloudfront-distribution`. */
export const DISTRIBUTION = {
  Id: 'text',
  ARN: 'text',
  DomainName: 'text',
  Enabled: 'boolean',
  Aliases: { Items: 'texts' },
  Origins: {
    Items: [
      {
        Id: 'text',
        DomainName: 'text',
        OriginAccessControlId: 'text',
        S3OriginConfig: { OriginAccessIdentity: 'text' },
        VpcOriginConfig: { VpcOriginId: 'text' },
      },
    ],
  },
  DefaultCacheBehavior: BEHAVIOUR,
  CacheBehaviors: { Items: [BEHAVIOUR] },
} as const satisfies FactFields;
export type DistributionFacts = Facts<typeof DISTRIBUTION>;

/** `cloudfront-vpc-origin`. */
export const VPC_ORIGIN = {
  Id: 'text',
  Arn: 'text',
  OriginEndpointArn: 'text',
} as const satisfies FactFields;

/** `rest-api` of API Gateway. */
export const REST_API = {
  id: 'text',
  name: 'text',
  policy: 'policy',
  disableExecuteApiEndpoint: 'boolean',
  endpointConfiguration: { types: 'texts' },
} as const satisfies FactFields;

/** `http-api`: HTTP and WebSocket APIs. */
export const HTTP_API = {
  ApiId: 'text',
  Name: 'text',
  ProtocolType: 'text',
  ApiEndpoint: 'text',
  DisableExecuteApiEndpoint: 'boolean',
} as const satisfies FactFields;

const INTEGRATION = {
  type: 'text',
  uri: 'text',
  connectionType: 'text',
  connectionId: 'text',
} as const satisfies FactFields;

/** `api-integration`: where routes of an HTTP API lead to. */
export const API_INTEGRATION = {
  Api: 'text',
  IntegrationId: 'text',
  Integration: INTEGRATION,
} as const satisfies FactFields;

/** `api-route`: one method or route of an API; without `Route` it says that the API's were listed. */
export const API_ROUTE = {
  Api: 'text',
  Route: 'text',
  AuthorizationType: 'text',
  ApiKeyRequired: 'boolean',
  IntegrationId: 'text',
  Integration: INTEGRATION,
} as const satisfies FactFields;
export type ApiRouteFacts = Facts<typeof API_ROUTE>;

/** `api-stage`; without `Stage` it says that the API's were listed. */
export const API_STAGE = { Api: 'text', Stage: 'text' } as const satisfies FactFields;

/** `api-domain`: a domain of its own, in the spelling of either version of the service. */
export const API_DOMAIN = {
  DomainName: 'text',
  mutualTlsAuthentication: { truststoreUri: 'text' },
  MutualTlsAuthentication: { TruststoreUri: 'text' },
} as const satisfies FactFields;

/** `api-mapping`: which API a domain leads to. */
export const API_MAPPING = { Api: 'text', DomainName: 'text' } as const satisfies FactFields;

/** `vpc-link` of API Gateway. */
export const VPC_LINK = { id: 'text', name: 'text', targetArns: 'texts' } as const satisfies FactFields;

/** `rds-instance`. */
export const DB_INSTANCE = {
  DBInstanceIdentifier: 'text',
  DBInstanceArn: 'text',
  DBClusterIdentifier: 'text',
  DBInstanceStatus: 'text',
  Engine: 'text',
  EngineVersion: 'text',
  PubliclyAccessible: 'boolean',
  Endpoint: { Address: 'text', Port: 'number' },
  DBSubnetGroup: { VpcId: 'text', Subnets: [{ SubnetIdentifier: 'text' }] },
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'text' }],
  IAMDatabaseAuthenticationEnabled: 'boolean',
  StorageEncrypted: 'boolean',
  KmsKeyId: 'text',
  AssociatedRoles: [{ RoleArn: 'text' }],
} as const satisfies FactFields;
export type DbInstanceFacts = Facts<typeof DB_INSTANCE>;

/** `rds-cluster`. */
export const DB_CLUSTER = {
  DBClusterIdentifier: 'text',
  DBClusterArn: 'text',
  Status: 'text',
  Engine: 'text',
  EngineVersion: 'text',
  Port: 'number',
  PubliclyAccessible: 'boolean',
  HttpEndpointEnabled: 'boolean',
  DBClusterMembers: [{ DBInstanceIdentifier: 'text' }],
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'text' }],
  StorageEncrypted: 'boolean',
  KmsKeyId: 'text',
  AssociatedRoles: [{ RoleArn: 'text' }],
} as const satisfies FactFields;
export type DbClusterFacts = Facts<typeof DB_CLUSTER>;

/** `rds-snapshot`, `rds-cluster-snapshot`; `Restore` are the accounts that may restore it, `all` for everybody. */
export const DB_SNAPSHOT = {
  Restore: 'texts',
  Encrypted: 'boolean',
  KmsKeyId: 'text',
} as const satisfies FactFields;

/** `redshift-cluster`. */
export const REDSHIFT_CLUSTER = {
  ClusterIdentifier: 'text',
  ClusterStatus: 'text',
  PubliclyAccessible: 'boolean',
  Endpoint: { Address: 'text', Port: 'number' },
  VpcId: 'text',
  ClusterSubnetGroupName: 'text',
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'text' }],
  Encrypted: 'boolean',
  IamRoles: [{ IamRoleArn: 'text' }],
} as const satisfies FactFields;
export type RedshiftClusterFacts = Facts<typeof REDSHIFT_CLUSTER>;

/** `redshift-subnet-group`. */
export const REDSHIFT_SUBNET_GROUP = {
  ClusterSubnetGroupName: 'text',
  VpcId: 'text',
  Subnets: [{ SubnetIdentifier: 'text' }],
} as const satisfies FactFields;

/** `redshift-workgroup`, of Redshift Serverless. */
export const REDSHIFT_WORKGROUP = {
  workgroupName: 'text',
  workgroupArn: 'text',
  publiclyAccessible: 'boolean',
  port: 'number',
  endpoint: { address: 'text', port: 'number' },
  securityGroupIds: 'texts',
  subnetIds: 'texts',
} as const satisfies FactFields;

/** The four switches of S3 Block Public Access; off where nobody set them. */
const PUBLIC_ACCESS_BLOCK_FLAGS = {
  BlockPublicAcls: 'boolean',
  IgnorePublicAcls: 'boolean',
  BlockPublicPolicy: 'boolean',
  RestrictPublicBuckets: 'boolean',
} as const satisfies FactFields;
export type PublicAccessBlockFacts = Facts<typeof PUBLIC_ACCESS_BLOCK_FLAGS>;

const GRANT = { Grantee: { URI: 'text' }, Permission: 'text' } as const satisfies FactFields;

/** `s3-bucket`. */
export const BUCKET = {
  Name: 'text',
  CreationDate: 'text',
  Policy: 'policy',
  PublicAccessBlock: PUBLIC_ACCESS_BLOCK_FLAGS,
  Grants: [GRANT],
  ObjectOwnership: 'text',
  DefaultEncryption: 'text',
  /** The key of `aws:kms`; absent for AWS's own. */
  EncryptionKey: 'text',
  Website: 'boolean',
  /** Names of the buckets that its objects are copied to. */
  ReplicatesTo: 'texts',
} as const satisfies FactFields;
export type BucketFacts = Facts<typeof BUCKET>;

/** `s3-access-point`. */
export const ACCESS_POINT = {
  Name: 'text',
  AccessPointArn: 'text',
  Bucket: 'text',
  NetworkOrigin: 'text',
  Policy: 'policy',
  PublicAccessBlock: PUBLIC_ACCESS_BLOCK_FLAGS,
} as const satisfies FactFields;

/** `s3-account-public-access-block`: the account's own, which wins where it is stricter. */
export const ACCOUNT_PUBLIC_ACCESS_BLOCK = {
  PublicAccessBlock: PUBLIC_ACCESS_BLOCK_FLAGS,
} as const satisfies FactFields;

/** `lambda-function`. */
export const FUNCTION = {
  FunctionName: 'text',
  FunctionArn: 'text',
  Role: 'text',
  Runtime: 'text',
  PackageType: 'text',
  CodeSha256: 'text',
  LastModified: 'text',
  VpcConfig: { VpcId: 'text', SubnetIds: 'texts', SecurityGroupIds: 'texts' },
  Policy: 'policy',
  Url: { FunctionUrl: 'text', AuthType: 'text', CreationTime: 'text' },
} as const satisfies FactFields;
export type FunctionFacts = Facts<typeof FUNCTION>;

/** `sns-topic`, `sqs-queue`, `secret`, `kms-key`, `ecr-repository`: things that only their own policy can open. */
export const POLICY_HOLDER = {
  Arn: 'text',
  Name: 'text',
  KmsKeyId: 'text',
  Uri: 'text',
  KeyManager: 'text',
  Policy: 'policy',
} as const satisfies FactFields;
export type PolicyHolderFacts = Facts<typeof POLICY_HOLDER>;

/** `eks-cluster`. */
export const EKS_CLUSTER = {
  name: 'text',
  arn: 'text',
  version: 'text',
  status: 'text',
  roleArn: 'text',
  resourcesVpcConfig: {
    endpointPublicAccess: 'boolean',
    endpointPrivateAccess: 'boolean',
    publicAccessCidrs: 'texts',
    clusterSecurityGroupId: 'text',
    vpcId: 'text',
  },
  accessConfig: { authenticationMode: 'text' },
  identity: { oidc: { issuer: 'text' } },
} as const satisfies FactFields;
export type EksClusterFacts = Facts<typeof EKS_CLUSTER>;

/** `iam-root`; `PasswordLastUsed` is a time, `no_information` where nobody ever signed in. */
export const IAM_ROOT = {
  Arn: 'text',
  MfaActive: 'boolean',
  AccessKeyCount: 'number',
  PasswordLastUsed: 'text',
} as const satisfies FactFields;
export type RootFacts = Facts<typeof IAM_ROOT>;

/** `eks-pod-identity-association`: which role the pods of a service account get; lists leave the role out. */
export const POD_IDENTITY_ASSOCIATION = {
  associationArn: 'text',
  clusterName: 'text',
  namespace: 'text',
  serviceAccount: 'text',
  roleArn: 'text',
} as const satisfies FactFields;

/** `snapshot` of a volume; `CreateVolumePermissions` holds `all` when everybody may use it. */
export const SNAPSHOT = {
  SnapshotId: 'text',
  VolumeId: 'text',
  OwnerId: 'text',
  Encrypted: 'boolean',
  CreateVolumePermissions: 'texts',
} as const satisfies FactFields;
export type SnapshotFacts = Facts<typeof SNAPSHOT>;

/** `ami`. */
export const MACHINE_IMAGE = {
  ImageId: 'text',
  Name: 'text',
  OwnerId: 'text',
  ImageOwnerAlias: 'text',
  Public: 'boolean',
  CreationDate: 'text',
} as const satisfies FactFields;
export type MachineImageFacts = Facts<typeof MACHINE_IMAGE>;

/** `ssm-document`; `AccountIds` are those it is shared with, `all` for everybody. */
export const SSM_DOCUMENT = {
  Name: 'text',
  Owner: 'text',
  AccountIds: 'texts',
} as const satisfies FactFields;

/** `opensearch-domain`. */
export const OPENSEARCH_DOMAIN = {
  DomainName: 'text',
  ARN: 'text',
  Endpoint: 'text',
  EndpointV2: 'text',
  Endpoints: { vpc: 'text' },
  VPCOptions: { VPCId: 'text', SubnetIds: 'texts', SecurityGroupIds: 'texts' },
  AccessPolicies: 'policy',
  AdvancedSecurityOptions: { Enabled: 'boolean' },
} as const satisfies FactFields;

/** `opensearch-network-policy` of OpenSearch Serverless: one rule's resources (`collection/logs`, with `*` at the end). */
export const OPENSEARCH_COLLECTION_POLICY = {
  Resources: 'texts',
  AllowFromPublic: 'boolean',
} as const satisfies FactFields;

/** `kafka-cluster`. */
export const KAFKA_CLUSTER = {
  ClusterArn: 'text',
  ClusterName: 'text',
  BrokerNodeGroupInfo: {
    ClientSubnets: 'texts',
    SecurityGroups: 'texts',
    ConnectivityInfo: { PublicAccess: { Type: 'text' } },
  },
} as const satisfies FactFields;

/** `app-runner-service`. */
export const APP_RUNNER_SERVICE = {
  ServiceArn: 'text',
  ServiceName: 'text',
  ServiceId: 'text',
  ServiceUrl: 'text',
  Status: 'text',
  InstanceConfiguration: { InstanceRoleArn: 'text' },
  NetworkConfiguration: { IngressConfiguration: { IsPubliclyAccessible: 'boolean' } },
} as const satisfies FactFields;

/** `lightsail-instance`. */
export const LIGHTSAIL_INSTANCE = {
  name: 'text',
  arn: 'text',
  publicIpAddress: 'text',
  state: { name: 'text' },
  networking: {
    ports: [{ fromPort: 'number', toPort: 'number', protocol: 'text', cidrs: 'texts', ipv6Cidrs: 'texts' }],
  },
} as const satisfies FactFields;

/** `sagemaker-notebook`. */
export const NOTEBOOK = {
  NotebookInstanceName: 'text',
  NotebookInstanceArn: 'text',
  DirectInternetAccess: 'text',
  SubnetId: 'text',
  SecurityGroups: 'texts',
  RoleArn: 'text',
} as const satisfies FactFields;

/** `appsync-api`. */
export const APPSYNC_API = {
  name: 'text',
  arn: 'text',
  visibility: 'text',
  authenticationType: 'text',
  additionalAuthenticationProviders: [{ authenticationType: 'text' }],
} as const satisfies FactFields;

/** `beanstalk-environment`: what serves it, by names and ids. */
export const BEANSTALK_ENVIRONMENT = {
  EnvironmentName: 'text',
  EnvironmentArn: 'text',
  LoadBalancers: [{ Name: 'text' }],
  Instances: [{ Id: 'text' }],
} as const satisfies FactFields;

/** `emr-cluster`. */
export const EMR_CLUSTER = {
  Id: 'text',
  ClusterArn: 'text',
  Name: 'text',
  Status: { State: 'text' },
  MasterPublicDnsName: 'text',
  Ec2InstanceAttributes: {
    Ec2SubnetId: 'text',
    EmrManagedMasterSecurityGroup: 'text',
    AdditionalMasterSecurityGroups: 'texts',
  },
} as const satisfies FactFields;

/** `ecs-task`; its attachments name its interface. */
export const ECS_TASK = {
  taskArn: 'text',
  clusterArn: 'text',
  taskDefinitionArn: 'text',
  containerInstanceArn: 'text',
  group: 'text',
  lastStatus: 'text',
  attachments: [{ type: 'text', details: [{ name: 'text', value: 'text' }] }],
} as const satisfies FactFields;

/** `cloudtrail-trail`. */
export const TRAIL = { Name: 'text', TrailARN: 'text', S3BucketName: 'text' } as const satisfies FactFields;

/** `cognito-identity-pool`. */
export const IDENTITY_POOL = {
  IdentityPoolId: 'text',
  IdentityPoolName: 'text',
  AllowUnauthenticatedIdentities: 'boolean',
} as const satisfies FactFields;

/** `volume`. */
export const VOLUME = {
  VolumeId: 'text',
  Encrypted: 'boolean',
  KmsKeyId: 'text',
  Attachments: [{ InstanceId: 'text' }],
} as const satisfies FactFields;

/** `instance-profile`. */
export const INSTANCE_PROFILE = {
  Arn: 'text',
  InstanceProfileName: 'text',
  Roles: [{ Arn: 'text', RoleName: 'text' }],
} as const satisfies FactFields;
export type InstanceProfileFacts = Facts<typeof INSTANCE_PROFILE>;

const ATTACHED = [{ PolicyArn: 'text', PolicyName: 'text' }] as const;
const INLINE = [{ PolicyName: 'text', PolicyDocument: 'policy' }] as const;
const BOUNDARY = { PermissionsBoundaryArn: 'text' } as const satisfies FactFields;

/**
 * `iam-user`. The lists of policies are absent where only names were listed: then its rights are not known. Password,
 * second factor and active keys come from the credential report.
 */
export const IAM_USER = {
  Arn: 'text',
  UserName: 'text',
  UserId: 'text',
  Path: 'text',
  CreateDate: 'text',
  GroupList: 'texts',
  UserPolicyList: INLINE,
  AttachedManagedPolicies: ATTACHED,
  PermissionsBoundary: BOUNDARY,
  PasswordEnabled: 'boolean',
  MfaActive: 'boolean',
  AccessKeyCount: 'number',
} as const satisfies FactFields;
export type IamUserFacts = Facts<typeof IAM_USER>;

/** `iam-group`. */
export const IAM_GROUP = {
  Arn: 'text',
  GroupName: 'text',
  GroupId: 'text',
  Path: 'text',
  GroupPolicyList: INLINE,
  AttachedManagedPolicies: ATTACHED,
} as const satisfies FactFields;
export type IamGroupFacts = Facts<typeof IAM_GROUP>;

/** `iam-role`. */
export const IAM_ROLE = {
  Arn: 'text',
  RoleName: 'text',
  RoleId: 'text',
  Path: 'text',
  CreateDate: 'text',
  MaxSessionDuration: 'number',
  AssumeRolePolicyDocument: 'policy',
  RolePolicyList: INLINE,
  AttachedManagedPolicies: ATTACHED,
  PermissionsBoundary: BOUNDARY,
  InstanceProfileList: [{ Arn: 'text' }],
  RoleLastUsed: { LastUsedDate: 'text' },
} as const satisfies FactFields;
export type IamRoleFacts = Facts<typeof IAM_ROLE>;

/** `iam-policy`; `Document` is the version in force, `OtherVersions` the rest of them. */
export const IAM_POLICY = {
  Arn: 'text',
  PolicyName: 'text',
  PolicyId: 'text',
  DefaultVersionId: 'text',
  AttachmentCount: 'number',
  Document: 'policy',
  VersionCount: 'number',
  OtherVersions: ['policy'],
} as const satisfies FactFields;
export type IamPolicyFacts = Facts<typeof IAM_POLICY>;

/** `ecs-task-definition`; `family` is there where it was described and not only named. */
export const TASK_DEFINITION = {
  taskDefinitionArn: 'text',
  family: 'text',
  taskRoleArn: 'text',
  executionRoleArn: 'text',
  networkMode: 'text',
} as const satisfies FactFields;

/** `ecs-service`. */
export const ECS_SERVICE = {
  serviceArn: 'text',
  serviceName: 'text',
  clusterArn: 'text',
  taskDefinition: 'text',
  enableExecuteCommand: 'boolean',
} as const satisfies FactFields;

/** `glue-job`; `Role` is a name or an ARN. */
export const GLUE_JOB = { Name: 'text', Role: 'text' } as const satisfies FactFields;

/** `glue-dev-endpoint`. */
export const GLUE_DEV_ENDPOINT = { EndpointName: 'text', RoleArn: 'text' } as const satisfies FactFields;

/** `codebuild-project`. */
export const BUILD_PROJECT = { name: 'text', arn: 'text', serviceRole: 'text' } as const satisfies FactFields;

/** `cloudformation-stack`. */
export const CLOUDFORMATION_STACK = {
  StackName: 'text',
  StackStatus: 'text',
  RoleARN: 'text',
} as const satisfies FactFields;

/** `bedrock-code-interpreter`. */
export const CODE_INTERPRETER = {
  codeInterpreterArn: 'text',
  executionRoleArn: 'text',
} as const satisfies FactFields;

/** `state-machine`. */
export const STATE_MACHINE = { name: 'text', roleArn: 'text' } as const satisfies FactFields;

/** `ssm-managed-instance`: an instance that Systems Manager reaches. */
export const MANAGED_INSTANCE = { InstanceId: 'text', PingStatus: 'text' } as const satisfies FactFields;

/** `organization`. */
export const ORGANIZATION = { Id: 'text', MasterAccountId: 'text' } as const satisfies FactFields;

/** `organization-policy`: a service or resource control policy. */
export const ORGANIZATION_POLICY = {
  Id: 'text',
  Arn: 'text',
  Name: 'text',
  Type: 'text',
  Document: 'policy',
} as const satisfies FactFields;

/** `organization-policy-target`: the account, unit or root that a policy is attached to. */
export const ORGANIZATION_POLICY_TARGET = {
  PolicyId: 'text',
  TargetId: 'text',
} as const satisfies FactFields;

/** `organization-parent`: the unit or root in which an account or unit stands. */
export const ORGANIZATION_PARENT = { Child: 'text', Parent: 'text' } as const satisfies FactFields;

/**
 * `resource-part`: what one call said about a resource that another call lists (the policy of a
 * bucket, the URL of a function). `Facts` has members of the shape of the resource's type; `Of` is its
 * name or ARN. `SecondHand`: another tool knew it, so that whatever the cloud's own answers say counts before it.
 */
export const RESOURCE_PART = {
  OfType: 'text',
  Of: 'text',
  SecondHand: 'boolean',
} as const satisfies FactFields;

/**
 * `inventory-listing`: an inventory listed every resource of one type in one account and region. It
 * makes an absence known: without it a resource that is not in the estate may just not have been described.
 */
export const LISTING = { Of: 'text' } as const satisfies FactFields;
