import * as containers from '#domain/resource/facts/aws-container-facts.ts';
import * as facts from '#domain/resource/facts/aws-facts.ts';
import * as identities from '#domain/resource/facts/aws-identity-facts.ts';
import * as network from '#domain/resource/facts/aws-network-facts.ts';
import type { FactFields } from '#domain/resource/facts/fact-shape.ts';

/** How the ARN of a kind is put together where an answer gives the bare id alone. */
export interface ArnPattern {
  readonly service: string;
  /** What stands before the id: `instance/`. */
  readonly prefix: string;
  /** Which of account and region the ARN has. */
  readonly holds: 'account-and-region' | 'region' | 'account' | 'neither';
}

/** One type of resource as AWS describes it. */
export interface AwsKind {
  /** Member with the id, unique for its type in the account (and region). */
  readonly id: string;
  /** Member with the ARN; null where AWS gives none. */
  readonly arn: string | null;
  readonly pattern: ArnPattern | null;
  /** Member with the name that people gave it, if it is not a tag. */
  readonly name: string | null;
  readonly shape: FactFields;
}

const NOTHING: FactFields = {};

function regional(
  service: string,
  prefix: string,
  id: string,
  shape: FactFields = NOTHING,
  arn: string | null = null,
  name: string | null = null,
): AwsKind {
  return { id, arn, pattern: { service, prefix, holds: 'account-and-region' }, name, shape };
}

/** A kind whose answers always carry the ARN. */
function named(arn: string, name: string, shape: FactFields = NOTHING): AwsKind {
  return { id: arn, arn, pattern: null, name, shape };
}

function global(
  service: string,
  prefix: string,
  id: string,
  arn: string | null,
  shape: FactFields = NOTHING,
): AwsKind {
  return { id, arn, pattern: { service, prefix, holds: 'account' }, name: id, shape };
}

/** A kind whose ARN names a region and no account. */
function ofRegion(service: string, prefix: string, id: string, name: string, shape: FactFields): AwsKind {
  return { id, arn: null, pattern: { service, prefix, holds: 'region' }, name, shape };
}

/** Every type of AWS resource that is read, one line each. The key is the resource's `type`. */
export const AWS_KINDS = {
  'ec2-instance': regional('ec2', 'instance/', 'InstanceId', network.INSTANCE),
  'network-interface': regional('ec2', 'network-interface/', 'NetworkInterfaceId', network.INTERFACE),
  'security-group-rule': regional(
    'ec2',
    'security-group-rule/',
    'SecurityGroupRuleId',
    network.SECURITY_GROUP_RULE,
  ),
  'security-group': regional(
    'ec2',
    'security-group/',
    'GroupId',
    network.SECURITY_GROUP,
    'SecurityGroupArn',
    'GroupName',
  ),
  'prefix-list': regional(
    'ec2',
    'prefix-list/',
    'PrefixListId',
    network.PREFIX_LIST,
    'PrefixListArn',
    'PrefixListName',
  ),
  subnet: regional('ec2', 'subnet/', 'SubnetId', network.SUBNET, 'SubnetArn'),
  'route-table': regional('ec2', 'route-table/', 'RouteTableId', network.ROUTE_TABLE),
  vpc: regional('ec2', 'vpc/', 'VpcId', network.VPC),
  'network-acl': regional('ec2', 'network-acl/', 'NetworkAclId', network.NETWORK_ACL),
  'internet-gateway': regional('ec2', 'internet-gateway/', 'InternetGatewayId', network.INTERNET_GATEWAY),
  'nat-gateway': regional('ec2', 'natgateway/', 'NatGatewayId'),
  'elastic-ip': regional('ec2', 'elastic-ip/', 'AllocationId'),
  'vpc-endpoint': regional('ec2', 'vpc-endpoint/', 'VpcEndpointId'),
  'vpc-endpoint-service': regional('ec2', 'vpc-endpoint-service/', 'ServiceId', network.ENDPOINT_SERVICE),
  'vpc-peering-connection': regional(
    'ec2',
    'vpc-peering-connection/',
    'VpcPeeringConnectionId',
    network.VPC_PEERING,
  ),
  'transit-gateway-attachment': regional(
    'ec2',
    'transit-gateway-attachment/',
    'TransitGatewayAttachmentId',
    network.TRANSIT_GATEWAY_ATTACHMENT,
  ),
  'network-firewall': named('FirewallArn', 'FirewallName', network.NETWORK_FIREWALL),
  'network-firewall-policy': named(
    'FirewallPolicyArn',
    'FirewallPolicyName',
    network.NETWORK_FIREWALL_POLICY,
  ),
  'instance-connect-endpoint': regional(
    'ec2',
    'instance-connect-endpoint/',
    'InstanceConnectEndpointId',
    facts.INSTANCE_CONNECT_ENDPOINT,
    'InstanceConnectEndpointArn',
  ),
  'ecs-container-instance': named(
    'containerInstanceArn',
    'containerInstanceArn',
    containers.CONTAINER_INSTANCE,
  ),
  'bedrock-code-interpreter': named('codeInterpreterArn', 'name', facts.CODE_INTERPRETER),
  'vpc-block-public-access-exclusion': regional(
    'ec2',
    'vpc-block-public-access-exclusion/',
    'ExclusionId',
    network.BLOCK_PUBLIC_ACCESS_EXCLUSION,
  ),
  volume: regional('ec2', 'volume/', 'VolumeId', facts.VOLUME),
  snapshot: {
    ...regional('ec2', 'snapshot/', 'SnapshotId', facts.SNAPSHOT),
    pattern: { service: 'ec2', prefix: 'snapshot/', holds: 'region' },
  },
  ami: {
    ...regional('ec2', 'image/', 'ImageId', facts.MACHINE_IMAGE, null, 'Name'),
    pattern: { service: 'ec2', prefix: 'image/', holds: 'region' },
  },
  'load-balancer': named('LoadBalancerArn', 'LoadBalancerName', network.LOAD_BALANCER),
  'classic-load-balancer': regional(
    'elasticloadbalancing',
    'loadbalancer/',
    'LoadBalancerName',
    network.CLASSIC_LOAD_BALANCER,
    null,
    'LoadBalancerName',
  ),
  listener: named('ListenerArn', 'ListenerArn', network.LISTENER),
  'listener-rule': named('RuleArn', 'RuleArn', network.LISTENER_RULE),
  'target-group': named('TargetGroupArn', 'TargetGroupName', network.TARGET_GROUP),
  'auto-scaling-group': named('AutoScalingGroupARN', 'AutoScalingGroupName', network.AUTO_SCALING_GROUP),
  'launch-configuration': named(
    'LaunchConfigurationARN',
    'LaunchConfigurationName',
    network.LAUNCH_CONFIGURATION,
  ),
  'global-accelerator': named('AcceleratorArn', 'Name', network.ACCELERATOR),
  'accelerator-listener': named('ListenerArn', 'ListenerArn', network.ACCELERATOR_LISTENER),
  'accelerator-endpoint-group': named(
    'EndpointGroupArn',
    'EndpointGroupArn',
    network.ACCELERATOR_ENDPOINT_GROUP,
  ),
  'cloudfront-distribution': named('ARN', 'Id', network.DISTRIBUTION),
  'cloudfront-vpc-origin': named('Arn', 'Name', network.VPC_ORIGIN),
  // An API's ARN names no account.
  'rest-api': ofRegion('apigateway', '/restapis/', 'id', 'name', network.REST_API),
  'http-api': ofRegion('apigateway', '/apis/', 'ApiId', 'Name', network.HTTP_API),
  'api-domain': ofRegion('apigateway', '/domainnames/', 'DomainName', 'DomainName', network.API_DOMAIN),
  'vpc-link': ofRegion('apigateway', '/vpclinks/', 'id', 'name', network.VPC_LINK),
  'appsync-api': named('arn', 'name', facts.APPSYNC_API),
  'cognito-identity-pool': regional(
    'cognito-identity',
    'identitypool/',
    'IdentityPoolId',
    facts.IDENTITY_POOL,
    null,
    'IdentityPoolName',
  ),
  'app-runner-service': named('ServiceArn', 'ServiceName', facts.APP_RUNNER_SERVICE),
  'beanstalk-environment': named('EnvironmentArn', 'EnvironmentName', facts.BEANSTALK_ENVIRONMENT),
  'lightsail-instance': named('arn', 'name', facts.LIGHTSAIL_INSTANCE),
  'sagemaker-notebook': named('NotebookInstanceArn', 'NotebookInstanceName', facts.NOTEBOOK),
  'emr-cluster': named('ClusterArn', 'Name', facts.EMR_CLUSTER),
  'rds-proxy': named('DBProxyArn', 'DBProxyName'),
  'elasticache-cluster': regional(
    'elasticache',
    'cluster:',
    'CacheClusterId',
    NOTHING,
    'ARN',
    'CacheClusterId',
  ),
  'memorydb-cluster': named('ARN', 'Name'),
  'redshift-workgroup': named('workgroupArn', 'workgroupName', facts.REDSHIFT_WORKGROUP),
  'opensearch-collection': named('arn', 'name'),
  's3-access-point': named('AccessPointArn', 'Name', facts.ACCESS_POINT),
  'ssm-document': regional('ssm', 'document/', 'Name', facts.SSM_DOCUMENT, null, 'Name'),
  'ecr-public-repository': named('repositoryArn', 'repositoryName'),
  'efs-file-system': regional(
    'elasticfilesystem',
    'file-system/',
    'FileSystemId',
    facts.POLICY_HOLDER,
    'FileSystemArn',
    'Name',
  ),
  'lambda-layer': named('LayerArn', 'LayerName', facts.POLICY_HOLDER),
  'event-bus': named('Arn', 'Name', facts.POLICY_HOLDER),
  'glacier-vault': named('VaultARN', 'VaultName', facts.POLICY_HOLDER),
  'backup-vault': named('BackupVaultArn', 'BackupVaultName', facts.BACKUP_VAULT),
  'ses-identity': regional('ses', 'identity/', 'Name', facts.POLICY_HOLDER, null, 'Name'),
  'codeartifact-domain': named('arn', 'name', facts.POLICY_HOLDER),
  'codeartifact-repository': named('arn', 'name', facts.POLICY_HOLDER),
  'glue-catalog': regional('glue', '', 'Name', facts.POLICY_HOLDER, null, 'Name'),
  'logs-policy': regional('logs', 'resource-policy/', 'Name', facts.POLICY_HOLDER, null, 'Name'),
  'rds-instance': regional(
    'rds',
    'db:',
    'DBInstanceIdentifier',
    facts.DB_INSTANCE,
    'DBInstanceArn',
    'DBInstanceIdentifier',
  ),
  'rds-cluster': regional(
    'rds',
    'cluster:',
    'DBClusterIdentifier',
    facts.DB_CLUSTER,
    'DBClusterArn',
    'DBClusterIdentifier',
  ),
  'rds-snapshot': regional(
    'rds',
    'snapshot:',
    'DBSnapshotIdentifier',
    facts.DB_SNAPSHOT,
    'DBSnapshotArn',
    'DBSnapshotIdentifier',
  ),
  'rds-cluster-snapshot': regional(
    'rds',
    'cluster-snapshot:',
    'DBClusterSnapshotIdentifier',
    facts.DB_SNAPSHOT,
    'DBClusterSnapshotArn',
    'DBClusterSnapshotIdentifier',
  ),
  'redshift-cluster': regional(
    'redshift',
    'cluster:',
    'ClusterIdentifier',
    facts.REDSHIFT_CLUSTER,
    null,
    'ClusterIdentifier',
  ),
  'redshift-subnet-group': regional(
    'redshift',
    'subnetgroup:',
    'ClusterSubnetGroupName',
    facts.REDSHIFT_SUBNET_GROUP,
    null,
    'ClusterSubnetGroupName',
  ),
  'dynamodb-table': regional('dynamodb', 'table/', 'TableName', facts.TABLE, 'TableArn', 'TableName'),
  // A bucket's ARN names neither; its region is a fact of its own.
  's3-bucket': {
    id: 'Name',
    arn: null,
    pattern: { service: 's3', prefix: '', holds: 'neither' },
    name: 'Name',
    shape: facts.BUCKET,
  },
  'lambda-function': regional(
    'lambda',
    'function:',
    'FunctionName',
    facts.FUNCTION,
    'FunctionArn',
    'FunctionName',
  ),
  'event-source-mapping': regional(
    'lambda',
    'event-source-mapping:',
    'UUID',
    facts.EVENT_SOURCE_MAPPING,
    'EventSourceMappingArn',
  ),
  'sns-topic': named('TopicArn', 'Name', facts.POLICY_HOLDER),
  'sqs-queue': regional('sqs', '', 'Name', facts.POLICY_HOLDER, 'Arn', 'Name'),
  secret: named('ARN', 'Name', facts.POLICY_HOLDER),
  'kms-key': regional('kms', 'key/', 'KeyId', facts.POLICY_HOLDER, 'KeyArn'),
  'ecr-repository': regional(
    'ecr',
    'repository/',
    'repositoryName',
    facts.POLICY_HOLDER,
    'repositoryArn',
    'repositoryName',
  ),
  'iam-root': named('Arn', 'Name', identities.IAM_ROOT),
  'eks-cluster': regional('eks', 'cluster/', 'name', containers.EKS_CLUSTER, 'arn', 'name'),
  'eks-pod-identity-association': {
    ...named('associationArn', 'associationId', containers.POD_IDENTITY_ASSOCIATION),
    name: null,
  },
  'ecs-cluster': named('clusterArn', 'clusterName'),
  'ecs-service': named('serviceArn', 'serviceName', containers.ECS_SERVICE),
  'ecs-task-definition': named('taskDefinitionArn', 'family', containers.TASK_DEFINITION),
  'ecs-task': { ...named('taskArn', 'taskArn', containers.ECS_TASK), name: null },
  'kafka-cluster': named('ClusterArn', 'ClusterName', facts.KAFKA_CLUSTER),
  'opensearch-domain': regional('es', 'domain/', 'DomainName', facts.OPENSEARCH_DOMAIN, 'ARN', 'DomainName'),
  'cloudtrail-trail': regional('cloudtrail', 'trail/', 'Name', facts.TRAIL, 'TrailARN', 'Name'),
  'access-analyzer': named('arn', 'name'),
  'access-finding': { id: 'id', arn: null, pattern: null, name: null, shape: facts.ACCESS_FINDING },
  'guardduty-detector': regional('guardduty', 'detector/', 'DetectorId'),
  'cloudformation-stack': named('StackId', 'StackName', facts.CLOUDFORMATION_STACK),
  'glue-job': regional('glue', 'job/', 'Name', facts.GLUE_JOB, null, 'Name'),
  'glue-dev-endpoint': regional(
    'glue',
    'devEndpoint/',
    'EndpointName',
    facts.GLUE_DEV_ENDPOINT,
    null,
    'EndpointName',
  ),
  'codebuild-project': named('arn', 'name', facts.BUILD_PROJECT),
  'state-machine': named('stateMachineArn', 'name', facts.STATE_MACHINE),
  'ssm-managed-instance': regional('ssm', 'managed-instance/', 'InstanceId', facts.MANAGED_INSTANCE),
  'instance-profile': global(
    'iam',
    'instance-profile/',
    'InstanceProfileName',
    'Arn',
    identities.INSTANCE_PROFILE,
  ),
  'iam-user': global('iam', 'user/', 'UserName', 'Arn', identities.IAM_USER),
  'iam-access-key': global('iam', 'access-key/', 'AccessKeyId', null, identities.ACCESS_KEY),
  'iam-role': global('iam', 'role/', 'RoleName', 'Arn', identities.IAM_ROLE),
  'iam-group': global('iam', 'group/', 'GroupName', 'Arn', identities.IAM_GROUP),
  'iam-policy': global('iam', 'policy/', 'PolicyName', 'Arn', identities.IAM_POLICY),
  'saml-provider': named('Arn', 'Arn'),
  'oidc-provider': named('Arn', 'Arn'),
} as const satisfies Readonly<Record<string, AwsKind>>;

export type AwsKindName = keyof typeof AWS_KINDS;

const WITHOUT_REGION: ReadonlySet<AwsKindName> = new Set<AwsKindName>([
  'saml-provider',
  'oidc-provider',
  'global-accelerator',
  'accelerator-listener',
  'accelerator-endpoint-group',
  'cloudfront-distribution',
  'cloudfront-vpc-origin',
  'ecr-public-repository',
]);

/** Types that belong to an account and to none of its regions. */
export function isGlobal(type: AwsKindName): boolean {
  const kind: AwsKind = AWS_KINDS[type];
  return kind.pattern?.holds === 'account' || kind.pattern?.holds === 'neither' || WITHOUT_REGION.has(type);
}
