import type { FactFields, Facts } from './fact-shape.ts';

/**
 * The facts of AWS resources, by resource type: what evaluation needs, under the names of the AWS
 * API (`describe` shape), whatever inventory they came from. Read them with
 * `readFacts(SHAPE, resource.facts)`. An absent member was not described; an empty list or a policy
 * without statements is known to be empty.
 */

const ADDRESSES = { PublicIp: 'text', IpOwnerId: 'text' } as const satisfies FactFields;

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
export type RouteTableFacts = Facts<typeof ROUTE_TABLE>;

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
} as const satisfies FactFields;
export type TargetGroupFacts = Facts<typeof TARGET_GROUP>;

/** `target-health`: one target of a target group, which is named as the request named it: by name or ARN. */
export const TARGET_HEALTH = {
  TargetGroup: 'text',
  Id: 'text',
  Port: 'number',
} as const satisfies FactFields;
export type TargetHealthFacts = Facts<typeof TARGET_HEALTH>;

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
  DBClusterMembers: [{ DBInstanceIdentifier: 'text' }],
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'text' }],
  StorageEncrypted: 'boolean',
  KmsKeyId: 'text',
} as const satisfies FactFields;
export type DbClusterFacts = Facts<typeof DB_CLUSTER>;

/** `rds-snapshot`, `rds-cluster-snapshot`; `Restore` are the accounts that may restore it, `all` for everybody. */
export const DB_SNAPSHOT = { Restore: 'texts', Encrypted: 'boolean' } as const satisfies FactFields;

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
  Website: 'boolean',
} as const satisfies FactFields;
export type BucketFacts = Facts<typeof BUCKET>;

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
  Public: 'boolean',
  CreationDate: 'text',
} as const satisfies FactFields;
export type MachineImageFacts = Facts<typeof MACHINE_IMAGE>;

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

/** `iam-user`. The lists of policies are absent where only names were listed: then its rights are not known. */
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

/** `iam-policy`; `Document` is the version in force. */
export const IAM_POLICY = {
  Arn: 'text',
  PolicyName: 'text',
  PolicyId: 'text',
  DefaultVersionId: 'text',
  AttachmentCount: 'number',
  Document: 'policy',
} as const satisfies FactFields;
export type IamPolicyFacts = Facts<typeof IAM_POLICY>;

/**
 * `resource-part`: what one call said about a resource that another call lists (the policy of a
 * bucket, the URL of a function). `Facts` has members of the shape of the resource's type; `Of` is its
 * name or ARN.
 */
export const RESOURCE_PART = { OfType: 'text', Of: 'text' } as const satisfies FactFields;

/**
 * `inventory-listing`: an inventory listed every resource of one type in one account and region. It
 * makes an absence known: without it a resource that is not in the estate may just not have been described.
 */
export const LISTING = { Of: 'text' } as const satisfies FactFields;
