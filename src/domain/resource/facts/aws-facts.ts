import type { FactFields, Facts } from './fact-shape.ts';

/**
 * The facts of AWS resources other than networks, containers and identities, by resource type: what evaluation needs, under the names of the AWS
 * API (`describe` shape), whatever inventory they came from. Read them with
 * `readFacts(SHAPE, resource.facts)`. An absent member was not described; an empty list or a policy
 * without statements is known to be empty.
 */

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
  /** The secret in which RDS keeps the login of the master user. */
  MasterUserSecret: { SecretArn: 'text' },
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

/** `rds-snapshot`, `rds-cluster-snapshot`; `Restore` are the accounts that may restore it, `all` for everybody. */
export const DB_SNAPSHOT = {
  /** The database that it is a copy of. */
  DBInstanceIdentifier: 'text',
  DBClusterIdentifier: 'text',
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
  /** Name of the bucket in which who read what of it is written down. */
  LogsTo: 'text',
} as const satisfies FactFields;
export type BucketFacts = Facts<typeof BUCKET>;

/** `s3-object-acl`: the access control list of one object that somebody looked at. */
export const OBJECT_LIST = { Bucket: 'text', Key: 'text', Grants: [GRANT] } as const satisfies FactFields;

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
  /** Of a key: who may use it beside its policy. */
  Grants: [{ GranteePrincipal: 'text', Operations: 'texts' }],
} as const satisfies FactFields;
export type PolicyHolderFacts = Facts<typeof POLICY_HOLDER>;

/** `dynamodb-table`. One that is described (`TableStatus`) and says nothing of a key has one that AWS owns. */
export const TABLE = {
  ...POLICY_HOLDER,
  TableStatus: 'text',
  SSEDescription: { SSEType: 'text', KMSMasterKeyArn: 'text' },
} as const satisfies FactFields;

/** `backup-vault`. */
export const BACKUP_VAULT = {
  ...POLICY_HOLDER,
  NumberOfRecoveryPoints: 'number',
  Locked: 'boolean',
} as const satisfies FactFields;

/** `event-source-mapping`: which function takes what a queue or stream holds. */
export const EVENT_SOURCE_MAPPING = {
  UUID: 'text',
  EventSourceArn: 'text',
  FunctionArn: 'text',
  State: 'text',
} as const satisfies FactFields;

/** `snapshot` of a volume; `CreateVolumePermissions` holds `all` when everybody may use it. */
export const SNAPSHOT = {
  SnapshotId: 'text',
  VolumeId: 'text',
  OwnerId: 'text',
  Encrypted: 'boolean',
  CreateVolumePermissions: 'texts',
} as const satisfies FactFields;

/** `ami`. */
export const MACHINE_IMAGE = {
  ImageId: 'text',
  Name: 'text',
  OwnerId: 'text',
  ImageOwnerAlias: 'text',
  Public: 'boolean',
  CreationDate: 'text',
} as const satisfies FactFields;

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
    IamInstanceProfile: 'text',
  },
} as const satisfies FactFields;

/** `cloudtrail-trail`. */
export const TRAIL = { Name: 'text', TrailARN: 'text', S3BucketName: 'text' } as const satisfies FactFields;

/**
 * `access-finding`: what IAM Access Analyzer proved of a resource (an ARN).
 * `Status` is `ACTIVE`, `ARCHIVED` (somebody wants it so) or `RESOLVED`; `Restriction` says that a policy of the
 * organisation may close it.
 */
export const ACCESS_FINDING = {
  id: 'text',
  Resource: 'text',
  IsPublic: 'boolean',
  Principals: 'texts',
  Actions: 'texts',
  Status: 'text',
  Restriction: 'text',
  AnalyzedAt: 'text',
} as const satisfies FactFields;
export type AccessFindingFacts = Facts<typeof ACCESS_FINDING>;

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

/** `glue-job`; `Role` is a name or an ARN. */
export const GLUE_JOB = { Name: 'text', Role: 'text' } as const satisfies FactFields;

/** `glue-dev-endpoint`. */
export const GLUE_DEV_ENDPOINT = {
  EndpointName: 'text',
  RoleArn: 'text',
  /** Absent for an endpoint that has none. */
  PublicAddress: 'text',
  VpcId: 'text',
  SubnetId: 'text',
  SecurityGroupIds: 'texts',
} as const satisfies FactFields;

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

/** `instance-connect-endpoint`. */
export const INSTANCE_CONNECT_ENDPOINT = {
  InstanceConnectEndpointId: 'text',
  State: 'text',
  VpcId: 'text',
} as const satisfies FactFields;

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
