import type { JsonObject, JsonValue } from '#base/json-value.ts';

/** What a command prints, as small as it can be; the type that it describes, and the name of its file where that tells. */
export interface Answer {
  readonly prints: JsonValue;
  readonly of: string;
  readonly file?: string;
}

const A = '111111111111';
const arn = (service: string, rest: string, region = 'eu-west-1', account = A): string =>
  `arn:aws:${service}:${region}:${account}:${rest}`;
const POLICY = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});
const policyOn = (resource: string): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: resource }] });
function list(key: string, of: string, element: JsonValue, file?: string): Answer {
  return { prints: { [key]: [element] }, of, ...(file === undefined ? {} : { file }) };
}

function one(of: string, prints: JsonObject, file?: string): Answer {
  return { prints, of, ...(file === undefined ? {} : { file }) };
}

/** Every command of AWS that a verdict names, with what it prints. */
export const AWS_ANSWERS: Readonly<Record<string, Answer>> = {
  'aws accessanalyzer get-finding-v2': one('access-finding', {
    id: 'f',
    resource: 'arn:aws:s3:::shop',
    resourceType: 'AWS::S3::Bucket',
    status: 'ACTIVE',
    findingType: 'ExternalAccess',
    findingDetails: [
      { externalAccessDetails: { isPublic: true, action: ['s3:GetObject'], principal: { AWS: '*' } } },
    ],
    analyzedAt: '2026-10-02T00:00:00Z',
  }),
  'aws apprunner describe-service': one('app-runner-service', {
    Service: { ServiceArn: arn('apprunner', 'service/shop/1'), ServiceName: 'shop' },
  }),
  'aws appsync list-graphql-apis': list('graphqlApis', 'appsync-api', {
    apiId: 'x',
    arn: arn('appsync', 'apis/x'),
    authenticationType: 'API_KEY',
  }),
  'aws autoscaling describe-auto-scaling-groups': list('AutoScalingGroups', 'auto-scaling-group', {
    AutoScalingGroupARN: arn('autoscaling', 'autoScalingGroup:1:autoScalingGroupName/web'),
    AutoScalingGroupName: 'web',
  }),
  'aws backup get-backup-vault-access-policy': one('backup-vault', {
    BackupVaultArn: arn('backup', 'backup-vault:v'),
    BackupVaultName: 'v',
    Policy: POLICY,
  }),
  'aws bedrock-agentcore-control get-code-interpreter': one('bedrock-code-interpreter', {
    codeInterpreterId: 'c',
    codeInterpreterArn: arn('bedrock-agentcore', 'code-interpreter/c'),
    name: 'c',
    executionRoleArn: 'arn:aws:iam::111111111111:role/r',
  }),
  'aws cloudformation describe-stacks': list('Stacks', 'cloudformation-stack', {
    StackId: arn('cloudformation', 'stack/s/1'),
    StackName: 's',
  }),
  'aws cloudfront list-distributions': one('cloudfront-distribution', {
    DistributionList: {
      Quantity: 1,
      Items: [{ Id: 'E1', ARN: 'arn:aws:cloudfront::111111111111:distribution/E1', Enabled: true }],
    },
  }),
  'aws cloudtrail describe-trails': list('trailList', 'cloudtrail-trail', {
    Name: 'main',
    TrailARN: arn('cloudtrail', 'trail/main'),
    S3BucketName: 'logs',
  }),
  'aws codeartifact get-domain-permissions-policy': one('codeartifact-domain', {
    policy: { resourceArn: arn('codeartifact', 'domain/d'), document: POLICY },
  }),
  'aws codeartifact get-repository-permissions-policy': one('codeartifact-repository', {
    policy: {
      resourceArn: arn('codeartifact', 'repository/d/r').replace('repository/d', ':repository/d'),
      document: POLICY,
    },
  }),
  'aws codebuild batch-get-projects': list('projects', 'codebuild-project', {
    name: 'p',
    arn: arn('codebuild', 'project/p'),
    serviceRole: 'arn:aws:iam::111111111111:role/r',
  }),
  'aws dynamodb get-resource-policy': one(
    'dynamodb-table',
    { Policy: policyOn(arn('dynamodb', 'table/t')), RevisionId: '1' },
    'dynamodb-get-resource-policy-t.json',
  ),
  'aws ec2 describe-images': list('Images', 'ami', { ImageId: 'ami-1', Public: true }),
  'aws ec2 describe-instance-connect-endpoints': list(
    'InstanceConnectEndpoints',
    'instance-connect-endpoint',
    {
      InstanceConnectEndpointId: 'eice-1',
      VpcId: 'vpc-1',
      State: 'create-complete',
    },
  ),
  'aws ec2 describe-instances': {
    prints: { Reservations: [{ Instances: [{ InstanceId: 'i-1' }] }] },
    of: 'ec2-instance',
  },
  'aws ec2 describe-launch-template-versions': list('LaunchTemplateVersions', 'launch-template-version', {
    LaunchTemplateId: 'lt-1',
    VersionNumber: 1,
    LaunchTemplateData: {},
  }),
  'aws ec2 describe-network-acls': list('NetworkAcls', 'network-acl', { NetworkAclId: 'acl-1' }),
  'aws ec2 describe-network-interfaces': list('NetworkInterfaces', 'network-interface', {
    NetworkInterfaceId: 'eni-1',
  }),
  'aws ec2 describe-route-tables': list('RouteTables', 'route-table', { RouteTableId: 'rtb-1' }),
  'aws ec2 describe-security-groups': list('SecurityGroups', 'security-group', { GroupId: 'sg-1' }),
  'aws ec2 describe-snapshot-attribute': one('snapshot', {
    SnapshotId: 'snap-1',
    CreateVolumePermissions: [{ Group: 'all' }],
  }),
  'aws ec2 describe-subnets': list('Subnets', 'subnet', { SubnetId: 'subnet-1' }),
  'aws ec2 describe-transit-gateway-attachments': list(
    'TransitGatewayAttachments',
    'transit-gateway-attachment',
    {
      TransitGatewayAttachmentId: 'tgw-attach-1',
      TransitGatewayId: 'tgw-1',
      ResourceId: 'vpc-1',
    },
  ),
  'aws ec2 describe-vpc-block-public-access-exclusions': list(
    'VpcBlockPublicAccessExclusions',
    'vpc-block-public-access-exclusion',
    { ExclusionId: 'vpcbpa-exclude-1' },
  ),
  'aws ec2 describe-vpc-block-public-access-options': one('vpc-block-public-access', {
    VpcBlockPublicAccessOptions: { AwsAccountId: A, AwsRegion: 'eu-west-1', InternetGatewayBlockMode: 'off' },
  }),
  'aws ec2 get-managed-prefix-list-entries': list(
    'Entries',
    'prefix-list-entry',
    { Cidr: '0.0.0.0/0' },
    'ec2-get-managed-prefix-list-entries-pl-1.json',
  ),
  'aws ec2 search-transit-gateway-routes': list(
    'Routes',
    'transit-gateway-route',
    {
      DestinationCidrBlock: '10.1.0.0/16',
      State: 'active',
      TransitGatewayAttachments: [{ ResourceId: 'vpc-1' }],
    },
    'ec2-search-transit-gateway-routes-tgw-rtb-1.json',
  ),
  'aws ecr get-repository-policy': one('ecr-repository', {
    registryId: A,
    repositoryName: 'r',
    policyText: POLICY,
  }),
  'aws ecs describe-container-instances': list('containerInstances', 'ecs-container-instance', {
    containerInstanceArn: arn('ecs', 'container-instance/c/1'),
    ec2InstanceId: 'i-1',
  }),
  'aws ecs describe-services': list('services', 'ecs-service', { serviceArn: arn('ecs', 'service/c/s') }),
  'aws ecs describe-task-definition': one('ecs-task-definition', {
    taskDefinition: { taskDefinitionArn: arn('ecs', 'task-definition/t:1'), family: 't' },
  }),
  'aws ecs describe-tasks': list('tasks', 'ecs-task', { taskArn: arn('ecs', 'task/c/1') }),
  'aws ecs list-clusters': list('clusterArns', 'ecs-cluster', arn('ecs', 'cluster/c')),
  'aws efs describe-file-system-policy': one('efs-file-system', { FileSystemId: 'fs-1', Policy: POLICY }),
  'aws eks describe-cluster': one('eks-cluster', { cluster: { name: 'c', arn: arn('eks', 'cluster/c') } }),
  'aws eks describe-pod-identity-association': one('eks-pod-identity-association', {
    association: {
      associationArn: arn('eks', 'podidentityassociation/c/a-1'),
      clusterName: 'c',
      namespace: 'n',
      serviceAccount: 's',
      roleArn: 'arn:aws:iam::111111111111:role/r',
    },
  }),
  'aws elasticbeanstalk describe-environment-resources': one('beanstalk-environment', {
    EnvironmentResources: { EnvironmentName: 'e', Instances: [{ Id: 'i-1' }] },
  }),
  'aws elb describe-load-balancers': list('LoadBalancerDescriptions', 'classic-load-balancer', {
    LoadBalancerName: 'old',
  }),
  'aws elbv2 describe-listeners': list('Listeners', 'listener', {
    ListenerArn: arn('elasticloadbalancing', 'listener/app/web/1/2'),
    Port: 443,
  }),
  'aws elbv2 describe-load-balancers': list('LoadBalancers', 'load-balancer', {
    LoadBalancerArn: arn('elasticloadbalancing', 'loadbalancer/app/web/1'),
    LoadBalancerName: 'web',
  }),
  'aws elbv2 describe-rules': list('Rules', 'listener-rule', {
    RuleArn: arn('elasticloadbalancing', 'listener-rule/app/web/1/2/3'),
  }),
  'aws elbv2 describe-target-groups': list('TargetGroups', 'target-group', {
    TargetGroupArn: arn('elasticloadbalancing', 'targetgroup/t/1'),
    TargetGroupName: 't',
  }),
  'aws elbv2 describe-target-health': list(
    'TargetHealthDescriptions',
    'target-health',
    { Target: { Id: 'i-1', Port: 80 }, TargetHealth: { State: 'healthy' } },
    'elbv2-describe-target-health-web.json',
  ),
  'aws emr describe-cluster': one('emr-cluster', {
    Cluster: { Id: 'j-1', ClusterArn: arn('elasticmapreduce', 'cluster/j-1'), Name: 'jobs' },
  }),
  'aws events describe-event-bus': one('event-bus', {
    Name: 'b',
    Arn: arn('events', 'event-bus/b'),
    Policy: POLICY,
  }),
  'aws glacier get-vault-access-policy': one(
    'glacier-vault',
    { policy: { Policy: POLICY } },
    'glacier-get-vault-access-policy-v.json',
  ),
  'aws globalaccelerator list-accelerators': list('Accelerators', 'global-accelerator', {
    AcceleratorArn: 'arn:aws:globalaccelerator::111111111111:accelerator/1',
    Name: 'fast',
  }),
  'aws globalaccelerator list-listeners': list('Listeners', 'accelerator-listener', {
    ListenerArn: 'arn:aws:globalaccelerator::111111111111:accelerator/1/listener/2',
    PortRanges: [{ FromPort: 443, ToPort: 443 }],
  }),
  'aws glue get-dev-endpoints': list('DevEndpoints', 'glue-dev-endpoint', {
    EndpointName: 'e',
    RoleArn: 'r',
  }),
  'aws glue get-jobs': list('Jobs', 'glue-job', { Name: 'j', Role: 'r' }),
  'aws glue get-resource-policy': one('glue-catalog', { PolicyInJson: POLICY, PolicyHash: 'x' }),
  'aws iam get-account-authorization-details': list('RoleDetailList', 'iam-role', {
    RoleName: 'r',
    Arn: 'arn:aws:iam::111111111111:role/r',
  }),
  'aws iam get-credential-report': one('iam-root', {
    Content: Buffer.from(
      'user,arn,mfa_active,access_key_1_active,access_key_2_active\n<root_account>,arn:aws:iam::111111111111:root,true,false,false\n',
    ).toString('base64'),
    GeneratedTime: '2026-10-02T00:00:00Z',
    ReportFormat: 'text/csv',
  }),
  'aws iam list-open-id-connect-providers': list('OpenIDConnectProviderList', 'oidc-provider', {
    Arn: 'arn:aws:iam::111111111111:oidc-provider/token.example.com',
  }),
  'aws kafka list-clusters': list('ClusterInfoList', 'kafka-cluster', {
    ClusterArn: arn('kafka', 'cluster/c/1'),
    ClusterName: 'c',
  }),
  'aws kms get-key-policy': one(
    'kms-key',
    { Policy: POLICY, PolicyName: 'default' },
    'kms-get-key-policy-k.json',
  ),
  'aws lambda get-function-url-config': one('lambda-function', {
    FunctionUrl: 'https://x.lambda-url.eu-west-1.on.aws/',
    FunctionArn: arn('lambda', 'function:f'),
    AuthType: 'NONE',
  }),
  'aws lambda get-layer-version-policy': one('lambda-layer', {
    Policy: policyOn(arn('lambda', 'layer:l:1')),
    RevisionId: '1',
  }),
  'aws lambda get-policy': one('lambda-function', {
    Policy: policyOn(arn('lambda', 'function:f')),
    RevisionId: '1',
  }),
  'aws lambda list-functions': list('Functions', 'lambda-function', {
    FunctionArn: arn('lambda', 'function:f'),
    FunctionName: 'f',
  }),
  'aws lightsail get-instances': list('instances', 'lightsail-instance', {
    name: 'blog',
    arn: arn('lightsail', 'Instance/1'),
    networking: { ports: [{ fromPort: 80, toPort: 80, protocol: 'tcp' }] },
  }),
  'aws logs describe-resource-policies': list('resourcePolicies', 'logs-policy', {
    policyName: 'p',
    policyDocument: POLICY,
  }),
  'aws network-firewall describe-firewall': one('network-firewall', {
    Firewall: {
      FirewallName: 'f',
      FirewallArn: arn('network-firewall', 'firewall/f'),
      FirewallPolicyArn: arn('network-firewall', 'firewall-policy/p'),
    },
    FirewallStatus: { SyncStates: { 'eu-west-1a': { Attachment: { EndpointId: 'vpce-1' } } } },
  }),
  'aws network-firewall describe-firewall-policy': one('network-firewall-policy', {
    FirewallPolicyResponse: {
      FirewallPolicyName: 'p',
      FirewallPolicyArn: arn('network-firewall', 'firewall-policy/p'),
    },
    FirewallPolicy: { StatelessDefaultActions: ['aws:pass'] },
  }),
  'aws opensearch describe-domain': one('opensearch-domain', {
    DomainStatus: { DomainName: 'd', ARN: arn('es', 'domain/d') },
  }),
  'aws opensearchserverless get-security-policy': one('opensearch-network-policy', {
    securityPolicyDetail: {
      type: 'network',
      name: 'p',
      policy: [
        { Rules: [{ ResourceType: 'collection', Resource: ['collection/*'] }], AllowFromPublic: true },
      ],
    },
  }),
  'aws organizations describe-organization': one('organization', {
    Organization: { Id: 'o-1', MasterAccountId: A },
  }),
  'aws organizations describe-policy': one('organization-policy-content', {
    Policy: { PolicySummary: { Id: 'p-1', Type: 'SERVICE_CONTROL_POLICY' }, Content: POLICY },
  }),
  'aws organizations list-delegated-administrators': list(
    'DelegatedAdministrators',
    'organization-delegated-administrator',
    { Id: A, DelegationEnabledDate: '2026-01-01T00:00:00Z' },
  ),
  'aws organizations list-parents': list(
    'Parents',
    'organization-parent',
    { Id: 'r-1', Type: 'ROOT' },
    'organizations-list-parents-111111111111.json',
  ),
  'aws organizations list-policies': list('Policies', 'organization-policy', {
    Id: 'p-1',
    Name: 'p',
    Type: 'SERVICE_CONTROL_POLICY',
    AwsManaged: false,
  }),
  'aws organizations list-targets-for-policy': list(
    'Targets',
    'organization-policy-target',
    { TargetId: A, Type: 'ACCOUNT' },
    'organizations-list-targets-for-policy-p-1.json',
  ),
  'aws rds describe-db-clusters': list('DBClusters', 'rds-cluster', { DBClusterIdentifier: 'c' }),
  'aws rds describe-db-instances': list('DBInstances', 'rds-instance', { DBInstanceIdentifier: 'd' }),
  'aws rds describe-db-snapshot-attributes': one('rds-snapshot', {
    DBSnapshotAttributesResult: {
      DBSnapshotIdentifier: 's',
      DBSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: ['all'] }],
    },
  }),
  'aws rds describe-db-snapshots': list('DBSnapshots', 'rds-snapshot', { DBSnapshotIdentifier: 's' }),
  'aws redshift describe-cluster-subnet-groups': list('ClusterSubnetGroups', 'redshift-subnet-group', {
    ClusterSubnetGroupName: 'g',
  }),
  'aws redshift describe-clusters': list('Clusters', 'redshift-cluster', { ClusterIdentifier: 'c' }),
  'aws redshift-serverless list-workgroups': list('workgroups', 'redshift-workgroup', {
    workgroupArn: arn('redshift-serverless', 'workgroup/1'),
    workgroupName: 'w',
  }),
  'aws s3api get-bucket-acl': one(
    's3-bucket',
    { Owner: { ID: 'x' }, Grants: [{ Permission: 'READ', Grantee: { Type: 'Group' } }] },
    's3api-get-bucket-acl-shop.json',
  ),
  'aws s3api get-bucket-ownership-controls': one(
    's3-bucket',
    { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
    's3api-get-bucket-ownership-controls-shop.json',
  ),
  'aws s3api get-bucket-policy': one('s3-bucket', { Policy: policyOn('arn:aws:s3:::shop/*') }),
  'aws s3api get-public-access-block': one(
    's3-bucket',
    { PublicAccessBlockConfiguration: { RestrictPublicBuckets: true } },
    's3api-get-public-access-block-shop.json',
  ),
  'aws s3control get-access-point': one('s3-access-point', {
    Name: 'p',
    AccessPointArn: arn('s3', 'accesspoint/p'),
    Bucket: 'shop',
    NetworkOrigin: 'Internet',
  }),
  'aws s3control get-access-point-policy': one(
    's3-access-point',
    { Policy: policyOn(arn('s3', 'accesspoint/p/object/*')) },
    's3control-get-access-point-policy-p.json',
  ),
  'aws s3control get-public-access-block': one(
    's3-account-public-access-block',
    { PublicAccessBlockConfiguration: { RestrictPublicBuckets: true } },
    's3control-get-public-access-block.json',
  ),
  'aws sagemaker describe-notebook-instance': one('sagemaker-notebook', {
    NotebookInstanceArn: arn('sagemaker', 'notebook-instance/n'),
    NotebookInstanceName: 'n',
  }),
  'aws secretsmanager get-resource-policy': one('secret', {
    ARN: arn('secretsmanager', 'secret:s-1'),
    Name: 's',
    ResourcePolicy: POLICY,
  }),
  'aws ses get-identity-policies': one(
    'ses-identity',
    { Policies: { p: POLICY } },
    'ses-get-identity-policies-example.com.json',
  ),
  'aws sns get-topic-attributes': one('sns-topic', {
    Attributes: { TopicArn: arn('sns', 'news'), Policy: POLICY },
  }),
  'aws sqs get-queue-attributes': one('sqs-queue', {
    Attributes: { QueueArn: arn('sqs', 'jobs'), Policy: POLICY },
  }),
  'aws ssm describe-document-permission': one(
    'ssm-document',
    { AccountIds: ['all'], AccountSharingInfoList: [] },
    'ssm-describe-document-permission-d.json',
  ),
  'aws ssm describe-instance-information': list('InstanceInformationList', 'ssm-managed-instance', {
    InstanceId: 'i-1',
    PingStatus: 'Online',
  }),
  'aws stepfunctions describe-state-machine': one('state-machine', {
    stateMachineArn: arn('states', 'stateMachine:s'),
    name: 's',
    roleArn: 'arn:aws:iam::111111111111:role/r',
  }),
};
