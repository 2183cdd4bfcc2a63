import { asNumber, asObject, asObjects, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { partitionOfRegion } from '#domain/resource/aws-region.ts';
import {
  LAUNCH_TEMPLATE_VERSION,
  TARGET_HEALTH,
  TRANSIT_GATEWAY_ROUTE,
} from '#domain/resource/facts/aws-network-facts.ts';
import { trimFacts } from '#domain/resource/facts/fact-shape.ts';
import { readAccessFinding } from '../reading/aws/access-finding.ts';
import type { AwsKindName } from '../reading/aws/aws-kinds.ts';
import { awsListingWithin } from '../reading/aws/aws-listing.ts';
import { KEY_OF_SECRETS } from '../reading/aws/aws-names.ts';
import { describeAwsLink, describeAwsPart } from '../reading/aws/aws-part.ts';
import { API_CALLS } from './api-calls.ts';
import type { Asked } from './asked.ts';
import { DNS_CALLS } from './dns-calls.ts';
import { GLUE_CALLS } from './glue-calls.ts';
import type { ListCall } from './list-call.ts';
import {
  accountAlias,
  administratorsDescribed,
  organisationAccount,
  organisationAdministrator,
  organisationParent,
  organisationPolicy,
  organisationPolicyTarget,
  organisationTag,
  organisationUnit,
} from './organisation-calls.ts';
import { requestParameter } from './request-parameter.ts';
import { TAG_CALLS } from './tag-calls.ts';

type Options = Partial<
  Pick<ListCall, 'unit' | 'inner' | 'respelled' | 'describe' | 'isAsked' | 'isShared' | 'whole'>
>;

/** `proof` names the members with a space between them. */
function list(key: string, type: AwsKindName | null, proof: string, options: Options = {}): ListCall {
  return { key, type, proof: proof.split(' '), unit: 'record', ...options };
}

/** A list of bare names or ARNs, which become the member `member`. */
function texts(
  key: string,
  type: AwsKindName | null,
  member: string | ((text: string) => JsonObject),
  options: Options = {},
): ListCall {
  const describe = typeof member === 'string' ? (text: string): JsonObject => ({ [member]: text }) : member;
  return {
    key,
    type,
    proof: null,
    unit: 'record',
    respelled: (element) => describe(String(element)),
    ...options,
  };
}

/** Every list that is read, one line each; the first line with the key whose proof an element shows decides. */
export const LIST_CALLS: readonly ListCall[] = [
  list('Reservations', 'ec2-instance', 'Instances', { inner: 'Instances' }),
  list('NetworkInterfaces', 'network-interface', 'NetworkInterfaceId'),
  list('SecurityGroups', 'security-group', 'GroupId'),
  list('SecurityGroupRules', 'security-group-rule', 'SecurityGroupRuleId'),
  list('Subnets', 'subnet', 'SubnetId'),
  list('RouteTables', 'route-table', 'RouteTableId'),
  list('Vpcs', 'vpc', 'VpcId'),
  list('NetworkAcls', 'network-acl', 'NetworkAclId'),
  list('InternetGateways', 'internet-gateway', 'InternetGatewayId'),
  list('NatGateways', 'nat-gateway', 'NatGatewayId'),
  list('Addresses', 'elastic-ip', 'AllocationId'),
  list('VpcEndpoints', 'vpc-endpoint', 'VpcEndpointId'),
  list('ServiceConfigurations', 'vpc-endpoint-service', 'ServiceId'),
  list('VpcPeeringConnections', 'vpc-peering-connection', 'VpcPeeringConnectionId'),
  list('VpcBlockPublicAccessExclusions', 'vpc-block-public-access-exclusion', 'ExclusionId'),
  list('TransitGatewayAttachments', 'transit-gateway-attachment', 'TransitGatewayAttachmentId'),
  list('Routes', null, 'DestinationCidrBlock TransitGatewayAttachments', { describe: transitGatewayRoute }),
  list('InstanceConnectEndpoints', 'instance-connect-endpoint', 'InstanceConnectEndpointId'),
  list('PrefixLists', 'prefix-list', 'PrefixListId'),
  list('Volumes', 'volume', 'VolumeId'),
  list('Snapshots', 'snapshot', 'VolumeId', { isAsked: true }),
  list('Images', 'ami', 'ImageId', { isAsked: true }),
  list('Regions', null, 'RegionName'),
  list('AvailabilityZones', null, 'ZoneName'),
  list('LoadBalancers', 'load-balancer', 'LoadBalancerArn'),
  list('LoadBalancerDescriptions', 'classic-load-balancer', 'LoadBalancerName'),
  list('Listeners', 'accelerator-listener', 'ListenerArn PortRanges', { isAsked: true }),
  list('Listeners', 'listener', 'ListenerArn', { isAsked: true }),
  list('Rules', 'listener-rule', 'RuleArn', { isAsked: true }),
  list('TargetGroups', 'target-group', 'TargetGroupArn'),
  list('Attributes', null, 'Key Value', { describe: targetGroupAttribute }),
  list('AutoScalingGroups', 'auto-scaling-group', 'AutoScalingGroupARN'),
  list('LaunchConfigurations', 'launch-configuration', 'LaunchConfigurationARN'),
  list('LaunchTemplateVersions', null, 'LaunchTemplateId LaunchTemplateData', {
    describe: launchTemplateVersion,
  }),
  list('Accelerators', 'global-accelerator', 'AcceleratorArn'),
  list('EndpointGroups', 'accelerator-endpoint-group', 'EndpointGroupArn', { isAsked: true }),
  ...API_CALLS,
  ...TAG_CALLS,
  ...GLUE_CALLS,
  ...DNS_CALLS,
  list('DBInstances', 'rds-instance', 'DBInstanceIdentifier'),
  list('DBClusters', 'rds-cluster', 'DBClusterIdentifier'),
  list('DBSnapshots', 'rds-snapshot', 'DBSnapshotIdentifier'),
  list('DBClusterSnapshots', 'rds-cluster-snapshot', 'DBClusterSnapshotIdentifier'),
  list('Clusters', 'redshift-cluster', 'ClusterIdentifier'),
  list('ClusterSubnetGroups', 'redshift-subnet-group', 'ClusterSubnetGroupName'),
  list('Buckets', 's3-bucket', 'Name'),
  list('Functions', 'lambda-function', 'FunctionArn'),
  list('EventSourceMappings', 'event-source-mapping', 'UUID'),
  list('Topics', 'sns-topic', 'TopicArn'),
  texts('QueueUrls', 'sqs-queue', queueOfUrl),
  list('SecretList', 'secret', 'ARN', { respelled: listedSecret }),
  list('Keys', 'kms-key', 'KeyArn', { respelled: listedKey }),
  texts('TableNames', 'dynamodb-table', 'TableName'),
  list('repositories', 'ecr-repository', 'repositoryArn'),
  texts('clusters', 'eks-cluster', 'name'),
  list('associations', 'eks-pod-identity-association', 'associationArn clusterName serviceAccount', {
    isAsked: true,
    whole: associationsDescribed,
  }),
  list('clusters', 'ecs-cluster', 'clusterArn'),
  texts('clusterArns', 'ecs-cluster', 'clusterArn'),
  list('services', 'ecs-service', 'serviceArn', { isAsked: true }),
  texts('serviceArns', 'ecs-service', 'serviceArn', { isAsked: true }),
  texts('taskDefinitionArns', 'ecs-task-definition', 'taskDefinitionArn'),
  list('tasks', 'ecs-task', 'taskArn', { isAsked: true }),
  list('containerInstances', 'ecs-container-instance', 'containerInstanceArn', { isAsked: true }),
  list('ClusterInfoList', 'kafka-cluster', 'ClusterArn', { respelled: kafkaCluster }),
  list('DomainNames', 'opensearch-domain', 'DomainName'),
  list('DomainStatusList', 'opensearch-domain', 'DomainName'),
  list('collectionSummaries', 'opensearch-collection', 'arn'),
  list('DBProxies', 'rds-proxy', 'DBProxyArn'),
  list('CacheClusters', 'elasticache-cluster', 'CacheClusterId'),
  list('Clusters', 'memorydb-cluster', 'NumberOfShards ARN'),
  list('workgroups', 'redshift-workgroup', 'workgroupArn'),
  list('graphqlApis', 'appsync-api', 'apiId'),
  list('IdentityPools', 'cognito-identity-pool', 'IdentityPoolId'),
  list('ServiceSummaryList', 'app-runner-service', 'ServiceArn'),
  list('Environments', 'beanstalk-environment', 'EnvironmentArn'),
  list('instances', 'lightsail-instance', 'arn networking'),
  list('NotebookInstances', 'sagemaker-notebook', 'NotebookInstanceArn'),
  list('Clusters', 'emr-cluster', 'ClusterArn NormalizedInstanceHours'),
  list('AccessPointList', 's3-access-point', 'Bucket NetworkOrigin'),
  list('FileSystems', 'efs-file-system', 'FileSystemId'),
  list('Layers', 'lambda-layer', 'LayerArn'),
  list('EventBuses', 'event-bus', 'Arn', { respelled: withPolicy('Policy') }),
  list('VaultList', 'glacier-vault', 'VaultARN'),
  list('BackupVaultList', 'backup-vault', 'BackupVaultArn'),
  texts('Identities', 'ses-identity', 'Name'),
  list('domains', 'codeartifact-domain', 'arn encryptionKey'),
  list('repositories', 'ecr-public-repository', 'repositoryArn catalogData'),
  list('repositories', 'codeartifact-repository', 'arn domainName'),
  list('resourcePolicies', 'logs-policy', 'policyName', { respelled: logsPolicy }),
  list('DocumentIdentifiers', 'ssm-document', 'Owner Name'),
  list('trailList', 'cloudtrail-trail', 'TrailARN'),
  list('analyzers', 'access-analyzer', 'arn'),
  list('findings', null, 'id resource resourceType status analyzedAt', {
    isShared: true,
    describe: accessFinding,
  }),
  texts('ResourceArns', null, 'ResourceArn', { describe: webAclAssociation }),
  texts('DetectorIds', 'guardduty-detector', 'DetectorId'),
  texts('FindingIds', null, 'FindingId'),
  list('Stacks', 'cloudformation-stack', 'StackId'),
  list('UserDetailList', 'iam-user', 'UserName'),
  list('RoleDetailList', 'iam-role', 'RoleName'),
  list('GroupDetailList', 'iam-group', 'GroupName', { unit: 'beside' }),
  list('Policies', 'iam-policy', 'PolicyVersionList', { unit: 'beside', respelled: policyInForce }),
  list('Policies', null, 'AwsManaged', { describe: organisationPolicy }),
  list('Targets', null, 'TargetId', { describe: organisationPolicyTarget }),
  list('DelegatedAdministrators', null, 'Id DelegationEnabledDate', {
    describe: organisationAdministrator,
    whole: administratorsDescribed,
  }),
  list('Parents', null, 'Id', { describe: organisationParent }),
  list('Accounts', null, 'Id Arn JoinedMethod', { describe: organisationAccount }),
  list('OrganizationalUnits', null, 'Id Arn Name', { describe: organisationUnit }),
  list('Tags', null, 'Key Value', { isShared: true, describe: organisationTag }),
  texts('AccountAliases', null, 'Name', { describe: accountAlias }),
  list('Jobs', 'glue-job', 'Role'),
  list('DevEndpoints', 'glue-dev-endpoint', 'EndpointName'),
  list('projects', 'codebuild-project', 'serviceRole', { isAsked: true }),
  list('InstanceInformationList', 'ssm-managed-instance', 'PingStatus'),
  list('Policies', 'iam-policy', 'PolicyName', { isAsked: true }),
  list('Users', 'iam-user', 'UserName'),
  list('Roles', 'iam-role', 'RoleName'),
  list('Groups', 'iam-group', 'GroupName', { isAsked: true }),
  list('InstanceProfiles', 'instance-profile', 'InstanceProfileName', { isAsked: true }),
  list('TargetHealthDescriptions', null, 'Target', { describe: targetHealth, whole: targetsDescribed }),
  list('FunctionUrlConfigs', null, 'FunctionArn', { describe: functionUrl, whole: urlsDescribed }),
  list('Entries', null, 'Cidr', { describe: prefixListEntry }),
  list('SAMLProviderList', 'saml-provider', 'Arn'),
  list('OpenIDConnectProviderList', 'oidc-provider', 'Arn'),
  list('AccessKeyMetadata', 'iam-access-key', 'AccessKeyId', { isAsked: true }),
];

/** The lists of `get-account-authorization-details` belong together; a large one shows only its first key early. */
export const ACCOUNT_DETAILS: readonly string[] = [
  'UserDetailList',
  'RoleDetailList',
  'GroupDetailList',
  'Policies',
];

/** The answer does not say which web ACL it is about; the file's name does. */
function webAclAssociation(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const acl = requestParameter(fileName, 'list-resources-for-web-acl');
  const arn = asText(element['ResourceArn']);
  return acl === undefined || arn === undefined
    ? []
    : [describeAwsLink('web-acl-association', `${acl} ${arn}`, { WebAcl: acl, ResourceArn: arn }, place)];
}

function accessFinding(element: JsonObject, { place }: Asked): readonly Observation[] {
  const finding = readAccessFinding(element, place);
  return finding === undefined ? [] : [finding];
}

/**
 * The answer does not say whose targets they are; the file's name does. One that is not registered is listed only where
 * it was asked for by its name.
 */
function targetHealth(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const targetGroup = requestParameter(fileName, 'describe-target-health');
  const target = asObject(element['Target']);
  const id = asText(target?.['Id']);
  if (targetGroup === undefined || id === undefined) return [];
  const health = asObject(element['TargetHealth']);
  const isRegistered = health?.['Reason'] !== 'Target.NotRegistered';
  const facts = trimFacts(TARGET_HEALTH, {
    ...target,
    TargetGroup: targetGroup,
    State: asText(health?.['State']) ?? null,
    ...(isRegistered ? {} : { Reason: 'Target.NotRegistered' }),
  });
  const described = describeAwsLink(
    'target-health',
    `${targetGroup}/${id}:${asNumber(target?.['Port']) ?? ''}`,
    facts,
    place,
  );
  if (isRegistered) return [described];
  const selection = { TargetGroup: targetGroup, IsSelection: true };
  return [described, describeAwsLink('target-health', targetGroup, selection, place)];
}

/** The answer lists all targets of its group, also where there is none. */
function targetsDescribed({ place, fileName }: Asked): readonly Observation[] {
  const targetGroup = requestParameter(fileName, 'describe-target-health');
  return targetGroup === undefined
    ? []
    : [describeAwsLink('target-health', targetGroup, { TargetGroup: targetGroup }, place)];
}

/** The answer lists all associations of its cluster, also where there is none; only the file's name tells which one that is. */
function associationsDescribed({ place, fileName }: Asked): readonly Observation[] {
  const cluster = requestParameter(fileName, 'list-pod-identity-associations');
  return cluster === undefined
    ? []
    : awsListingWithin('eks-pod-identity-association', place, { member: 'clusterName', value: cluster });
}

function prefixListEntry(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const list = requestParameter(fileName, 'get-managed-prefix-list-entries');
  const cidr = asText(element['Cidr']);
  return list === undefined || cidr === undefined
    ? []
    : [describeAwsLink('prefix-list-entry', `${list}/${cidr}`, { PrefixListId: list, Cidr: cidr }, place)];
}

/** The answer does not say which table it is about; the file's name does. */
function transitGatewayRoute(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const table = requestParameter(fileName, 'search-transit-gateway-routes');
  const destination = asText(element['DestinationCidrBlock']);
  if (table === undefined || destination === undefined) return [];
  const facts = {
    Table: table,
    DestinationCidrBlock: destination,
    State: element['State'] ?? null,
    ResourceIds: asObjects(element['TransitGatewayAttachments']).flatMap(
      (each) => asText(each['ResourceId']) ?? [],
    ),
  };
  return [
    describeAwsLink(
      'transit-gateway-route',
      `${table}/${destination}`,
      trimFacts(TRANSIT_GATEWAY_ROUTE, facts),
      place,
    ),
  ];
}

function functionUrl(element: JsonObject, { place }: Asked): readonly Observation[] {
  const arn = asText(element['FunctionArn']);
  return arn === undefined ? [] : [describeAwsPart('lambda-function', arn, 'url', { Url: element }, place)];
}

/** A function that has no URL is described too, by a list without one. */
function urlsDescribed({ place, fileName }: Asked): readonly Observation[] {
  const name = requestParameter(fileName, 'list-function-url-configs');
  return name === undefined ? [] : [describeAwsPart('lambda-function', name, 'url list', { Url: {} }, place)];
}

/** The answer does not say whose attributes they are; the file's name does. */
function targetGroupAttribute(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const group = requestParameter(fileName, 'describe-target-group-attributes');
  const value = asText(element['Value']);
  return group === undefined || value === undefined || element['Key'] !== 'preserve_client_ip.enabled'
    ? []
    : [describeAwsPart('target-group', group, 'attributes', { PreserveClientIp: value }, place)];
}

function launchTemplateVersion(element: JsonObject, { place }: Asked): readonly Observation[] {
  const id = asText(element['LaunchTemplateId']);
  const version = asNumber(element['VersionNumber']);
  return id === undefined || version === undefined
    ? []
    : [
        describeAwsLink(
          'launch-template-version',
          `${id}/${version}`,
          trimFacts(LAUNCH_TEMPLATE_VERSION, element),
          place,
        ),
      ];
}

/** The newer call keeps what it always had in a member of its own. */
function kafkaCluster(element: JsonValue): JsonObject {
  const cluster = asObject(element) ?? {};
  return { ...asObject(cluster['Provisioned']), ...cluster };
}

/** A list of keys tells their ARN and nothing else: that they are there. */
function listedKey(element: JsonValue): JsonObject {
  const key = asObject(element) ?? {};
  return { ...key, Arn: key['KeyArn'] ?? null };
}

function listedSecret(element: JsonValue): JsonObject {
  return { KmsKeyId: KEY_OF_SECRETS, ...asObject(element) };
}

/** A list that repeats each one's policy knows of those without one. */
function withPolicy(member: string): (element: JsonValue) => JsonObject {
  return (element) => {
    const described = asObject(element) ?? {};
    return { ...described, Policy: described[member] ?? { Statement: [] } };
  };
}

function logsPolicy(element: JsonValue): JsonObject {
  const policy = asObject(element) ?? {};
  return { Name: policy['policyName'] ?? null, Policy: policy['policyDocument'] ?? { Statement: [] } };
}

/** Several versions of a policy are listed; one is in force. */
function policyInForce(element: JsonValue): JsonObject {
  const policy = asObject(element) ?? {};
  const versions = asObjects(policy['PolicyVersionList']);
  const inForce =
    versions.find((version) => version['IsDefaultVersion'] === true) ??
    versions.find((version) => version['VersionId'] === policy['DefaultVersionId']);
  const others = versions.filter((version) => version !== inForce);
  return {
    ...policy,
    Document: inForce?.['Document'] ?? null,
    VersionCount: versions.length,
    ...(others.length === 0 ? {} : { OtherVersions: others.map((version) => version['Document'] ?? null) }),
  };
}

const QUEUE_URL =
  /^https?:\/\/(?:sqs\.([a-z0-9-]{5,20})\.|([a-z0-9-]{5,20})\.queue\.|queue\.)amazonaws\.(?:com|com\.cn|eu)\/(\d{12})\/([A-Za-z0-9_.-]{1,80})$/;
/** The oldest endpoint carries no region. */
const REGION_OF_BARE_ENDPOINT = 'us-east-1';

function queueOfUrl(url: string): JsonObject {
  const match = QUEUE_URL.exec(url.slice(0, 300));
  if (match === null) return { QueueUrl: url, Name: asText(url.slice(url.lastIndexOf('/') + 1)) ?? url };
  const [, modern, old, account, name] = match;
  const region = modern ?? old ?? REGION_OF_BARE_ENDPOINT;
  const partition = partitionOfRegion(region);
  return { QueueUrl: url, Name: name as string, Arn: `arn:${partition}:sqs:${region}:${account}:${name}` };
}
