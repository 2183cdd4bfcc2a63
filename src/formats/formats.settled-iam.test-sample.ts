import type { JsonObject } from '#base/json-value.ts';
import { A, arn, config, row, type Settled } from './formats.settled.test-sample.ts';

const OTHER = '222222222222';
const iam = (rest: string): string => `arn:aws:iam::${A}:${rest}`;

const allow = (...Action: readonly string[]): JsonObject => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: [...Action], Resource: '*' }],
});
const DENY_ALL = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
});
const role = (
  name: string,
  Service: string,
  document: JsonObject | null,
  more: JsonObject = {},
): JsonObject => ({
  RoleName: name,
  RoleId: `AROA${name.toUpperCase()}`,
  Arn: iam(`role/${name}`),
  AssumeRolePolicyDocument: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }],
  },
  RolePolicyList: document === null ? [] : [{ PolicyName: 'own', PolicyDocument: document }],
  AttachedManagedPolicies: [],
  InstanceProfileList: [],
  ...more,
});
const BOSS = role('boss', 'lambda.amazonaws.com', allow('*'));
const ada = (PolicyDocument: JsonObject): JsonObject => ({
  UserName: 'ada',
  UserId: 'AIDAADA',
  Arn: iam('user/ada'),
  GroupList: [],
  UserPolicyList: [{ PolicyName: 'own', PolicyDocument }],
  AttachedManagedPolicies: [],
});
const dumpOf = (user: JsonObject, roles: readonly JsonObject[] = []): JsonObject => ({
  UserDetailList: [user],
  GroupDetailList: [],
  RoleDetailList: [...roles],
  Policies: [],
});
const dump = (actions: readonly string[], ...roles: readonly JsonObject[]): JsonObject =>
  dumpOf(ada(allow(...actions)), roles);
const may = (actions: readonly string[], ...roles: readonly JsonObject[]): Settled['known'] => ({
  'iam-get-account-authorization-details.json': dump(actions, ...roles),
});
const FUNCTION = { FunctionArn: arn('lambda', 'function:f'), FunctionName: 'f' };
const PROFILE = iam('instance-profile/boss');
const MACHINE_BOSS = role('boss', 'ec2.amazonaws.com', allow('*'), {
  InstanceProfileList: [
    { InstanceProfileName: 'boss', Arn: PROFILE, Roles: [{ RoleName: 'boss', Arn: iam('role/boss') }] },
  ],
});
const MACHINE = {
  'ec2-describe-instances.json': {
    Reservations: [
      {
        Instances: [
          {
            InstanceId: 'i-1',
            State: { Name: 'running' },
            VpcId: 'vpc-1',
            IamInstanceProfile: { Arn: PROFILE },
          },
        ],
      },
    ],
  },
} satisfies Settled['known'];
const PROVIDER = iam('oidc-provider/token.actions.githubusercontent.com');
const PIPELINE_BOSS = role('boss', 'lambda.amazonaws.com', allow('*'), {
  AssumeRolePolicyDocument: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: PROVIDER } },
    ],
  },
});
const SERVICE_ARN = arn('ecs', 'service/c/web');
const DEFINITION = arn('ecs', 'task-definition/web:1');
const TASK_BOSS = role('boss', 'ecs-tasks.amazonaws.com', allow('*'));

const SCP = { Id: 'p-1', Name: 'guard', Type: 'SERVICE_CONTROL_POLICY', AwsManaged: false };
const POLICIES = { 'organizations-list-policies.json': { Policies: [SCP] } } satisfies Settled['known'];
const CONTENT = {
  'organizations-describe-policy.json': { Policy: { PolicySummary: SCP, Content: DENY_ALL } },
} satisfies Settled['known'];
const targets = (TargetId: string, Type: string): Settled['known'] => ({
  'organizations-list-targets-for-policy-p-1.json': { Targets: [{ TargetId, Arn: 'arn', Name: 'x', Type }] },
});
const ASSIGNS = [
  'sso:CreateAccountAssignment',
  'sso:AttachManagedPolicyToPermissionSet',
  'sso:PutInlinePolicyToPermissionSet',
];

/** Somebody with a right to all of a kind but one, which alone is known of, and the list of them, with nothing else. */
const allBut = (command: string, Action: string, type: string, one: string, prints: JsonObject): Settled => {
  const PolicyDocument: JsonObject = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action, Resource: '*' },
      { Effect: 'Deny', Action, Resource: one },
    ],
  };
  const details = dumpOf(ada(PolicyDocument));
  return row(
    command,
    { 'iam-get-account-authorization-details.json': details, 'config.json': config(type, one, 'x', {}) },
    prints,
    'no',
  );
};
const SECRET = arn('secretsmanager', 'secret:x');
const TABLE = arn('dynamodb', 'table/x');
const KEY = arn('kms', 'key/x');
const REPOSITORY = arn('ecr', 'repository/x');
const QUEUE = arn('sqs', 'x');
const TOPIC = arn('sns', 'x');

/** Questions of privilege in AWS. */
export const IAM_SETTLED: readonly Settled[] = [
  row(
    'aws iam get-account-authorization-details',
    { 'lambda-list-functions.json': { Functions: [{ ...FUNCTION, Role: iam('role/boss') }] } },
    dump([], BOSS),
  ),
  row(
    'aws lambda list-functions',
    {
      ...may([], BOSS),
      'config.json': config('AWS::Lambda::Function', FUNCTION.FunctionArn, 'f', { functionName: 'f' }),
    },
    { Functions: [{ ...FUNCTION, Role: iam('role/boss') }] },
  ),
  row(
    'aws lambda list-functions',
    may(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'], BOSS),
    { Functions: [] },
    'no',
  ),
  row(
    `aws ecs describe-task-definition --task-definition ${DEFINITION}`,
    { ...may([], TASK_BOSS), 'ecs-list-task-definitions.json': { taskDefinitionArns: [DEFINITION] } },
    { taskDefinition: { taskDefinitionArn: DEFINITION, family: 'web', taskRoleArn: iam('role/boss') } },
  ),
  row(
    'aws ecs describe-services --cluster c --services web',
    {
      ...may([], TASK_BOSS),
      'ecs-list-services.json': { serviceArns: [SERVICE_ARN] },
      'ecs-describe-task-definition.json': {
        taskDefinition: { taskDefinitionArn: DEFINITION, family: 'web', taskRoleArn: iam('role/boss') },
      },
    },
    { services: [{ serviceArn: SERVICE_ARN, serviceName: 'web', taskDefinition: DEFINITION }] },
  ),
  row(
    'aws sagemaker describe-notebook-instance --notebook-instance-name n',
    {
      ...may([], BOSS),
      'sagemaker-list-notebook-instances.json': {
        NotebookInstances: [
          { NotebookInstanceArn: arn('sagemaker', 'notebook-instance/n'), NotebookInstanceName: 'n' },
        ],
      },
    },
    {
      NotebookInstanceArn: arn('sagemaker', 'notebook-instance/n'),
      NotebookInstanceName: 'n',
      RoleArn: iam('role/boss'),
    },
  ),
  row(
    `aws apprunner describe-service --service-arn ${arn('apprunner', 'service/shop/1')}`,
    {
      ...may([], BOSS),
      'apprunner-list-services.json': {
        ServiceSummaryList: [{ ServiceArn: arn('apprunner', 'service/shop/1'), ServiceName: 'shop' }],
      },
    },
    {
      Service: {
        ServiceArn: arn('apprunner', 'service/shop/1'),
        ServiceName: 'shop',
        ServiceId: '1',
        InstanceConfiguration: { Cpu: '1024' },
      },
    },
    'no',
  ),
  row(
    'aws eks describe-cluster --name c',
    { ...may([], BOSS), 'eks-list-clusters.json': { clusters: ['c'] } },
    { cluster: { name: 'c', arn: arn('eks', 'cluster/c'), roleArn: iam('role/boss') } },
  ),
  row(
    'aws rds describe-db-instances',
    {
      ...may([], BOSS),
      'config.json': config('AWS::RDS::DBInstance', arn('rds', 'db:d'), 'd', { dBInstanceIdentifier: 'd' }),
    },
    {
      DBInstances: [
        {
          DBInstanceArn: arn('rds', 'db:d'),
          DBInstanceIdentifier: 'd',
          AssociatedRoles: [{ RoleArn: iam('role/boss') }],
        },
      ],
    },
  ),
  row(
    'aws rds describe-db-clusters',
    {
      ...may([], BOSS),
      'config.json': config('AWS::RDS::DBCluster', arn('rds', 'cluster:d'), 'd', {
        dBClusterIdentifier: 'd',
      }),
    },
    {
      DBClusters: [{ DBClusterArn: arn('rds', 'cluster:d'), DBClusterIdentifier: 'd', AssociatedRoles: [] }],
    },
    'no',
  ),
  row(
    'aws redshift describe-clusters',
    {
      ...may([], BOSS),
      'config.json': config('AWS::Redshift::Cluster', arn('redshift', 'cluster:d'), 'd', {
        clusterIdentifier: 'd',
      }),
    },
    { Clusters: [{ ClusterIdentifier: 'd', IamRoles: [] }] },
    'no',
  ),
  row(
    'aws ec2 describe-instances',
    may(['ssm:StartSession', 'ssm:SendCommand', 'ssm:TerminateSession'], MACHINE_BOSS),
    { Reservations: [] },
    'no',
  ),
  row(
    'aws ssm describe-instance-information',
    { ...may(['ssm:StartSession'], MACHINE_BOSS), ...MACHINE },
    { InstanceInformationList: [{ InstanceId: 'i-1', PingStatus: 'Online' }] },
  ),
  row(
    'aws ssm describe-instance-information',
    { ...may(['ssm:StartSession'], MACHINE_BOSS), ...MACHINE },
    { InstanceInformationList: [] },
    'no',
  ),
  row('aws iam list-open-id-connect-providers', may(['iam:CreateOpenIDConnectProvider'], PIPELINE_BOSS), {
    OpenIDConnectProviderList: [{ Arn: iam('oidc-provider/other.example.com') }],
  }),
  row(
    'aws iam list-open-id-connect-providers',
    may(['iam:CreateOpenIDConnectProvider'], PIPELINE_BOSS),
    { OpenIDConnectProviderList: [{ Arn: PROVIDER }] },
    'no',
  ),
  row(
    'aws ecs list-clusters',
    may(['iam:PassRole', 'ecs:RegisterTaskDefinition', 'ecs:RunTask'], TASK_BOSS),
    { clusterArns: [arn('ecs', 'cluster/c')] },
  ),
  row(
    'aws ecs describe-services --cluster CLUSTER --services NAMES',
    {
      ...may(['ecs:ExecuteCommand', 'ecs:DescribeTasks'], TASK_BOSS),
      'ecs-list-services.json': { serviceArns: [SERVICE_ARN] },
      'ecs-describe-task-definition.json': {
        taskDefinition: { taskDefinitionArn: DEFINITION, family: 'web', taskRoleArn: iam('role/boss') },
      },
      'config.json': config('AWS::ECS::Service', SERVICE_ARN, 'web', {
        serviceArn: SERVICE_ARN,
        serviceName: 'web',
        taskDefinition: DEFINITION,
      }),
    },
    {
      services: [
        {
          serviceArn: SERVICE_ARN,
          serviceName: 'web',
          taskDefinition: DEFINITION,
          enableExecuteCommand: true,
        },
      ],
    },
  ),
  row(
    'aws autoscaling describe-auto-scaling-groups',
    may(['ec2:CreateLaunchTemplateVersion', 'iam:PassRole'], MACHINE_BOSS),
    { AutoScalingGroups: [] },
    'no',
  ),
  row(
    'aws autoscaling describe-launch-configurations',
    {
      ...may([], MACHINE_BOSS),
      'autoscaling-describe-auto-scaling-groups.json': {
        AutoScalingGroups: [
          {
            AutoScalingGroupARN: arn('autoscaling', 'autoScalingGroup:1:autoScalingGroupName/web'),
            AutoScalingGroupName: 'web',
            LaunchConfigurationName: 'old',
            Instances: [],
          },
        ],
      },
    },
    {
      LaunchConfigurations: [
        {
          LaunchConfigurationName: 'old',
          LaunchConfigurationARN: arn('autoscaling', 'launchConfiguration:1:launchConfigurationName/old'),
          IamInstanceProfile: 'boss',
        },
      ],
    },
  ),
  row(
    'aws organizations describe-policy --policy-id p-1',
    { ...may(['*']), ...POLICIES, ...targets(A, 'ACCOUNT') },
    { Policy: { PolicySummary: SCP, Content: DENY_ALL } },
    'no',
  ),
  row(
    'aws organizations list-targets-for-policy --policy-id p-1 > organizations-list-targets-for-policy-p-1.json 2>&1',
    { ...may(['*']), ...POLICIES, ...CONTENT },
    { Targets: [{ TargetId: OTHER, Arn: 'arn', Name: 'x', Type: 'ACCOUNT' }] },
  ),
  row(
    `aws organizations list-parents --child-id ${A} > organizations-list-parents-${A}.json 2>&1`,
    { ...may(['*']), ...POLICIES, ...CONTENT, ...targets('ou-1', 'ORGANIZATIONAL_UNIT') },
    { Parents: [{ Id: 'r-1', Type: 'ROOT' }] },
  ),
  row(
    'aws organizations describe-organization',
    { ...may(ASSIGNS), 'organizations-list-delegated-administrators.json': { DelegatedAdministrators: [] } },
    { Organization: { Id: 'o-1', MasterAccountId: A } },
  ),
  row(
    'aws organizations list-delegated-administrators',
    {
      ...may(ASSIGNS),
      'organizations-describe-organization.json': { Organization: { Id: 'o-1', MasterAccountId: OTHER } },
    },
    { DelegatedAdministrators: [] },
    'no',
  ),
  allBut(
    'aws secretsmanager list-secrets',
    'secretsmanager:GetSecretValue',
    'AWS::SecretsManager::Secret',
    SECRET,
    { SecretList: [{ ARN: SECRET, Name: 'x' }] },
  ),
  allBut('aws dynamodb list-tables', 'dynamodb:Scan', 'AWS::DynamoDB::Table', TABLE, { TableNames: ['x'] }),
  allBut('aws kms list-keys', 'kms:Decrypt', 'AWS::KMS::Key', KEY, {
    Keys: [{ KeyId: 'x', KeyArn: KEY }],
  }),
  allBut('aws ecr describe-repositories', 'ecr:SetRepositoryPolicy', 'AWS::ECR::Repository', REPOSITORY, {
    repositories: [{ repositoryArn: REPOSITORY, repositoryName: 'x' }],
  }),
  allBut('aws sqs list-queues', 'sqs:AddPermission', 'AWS::SQS::Queue', QUEUE, {
    QueueUrls: [`https://sqs.eu-west-1.amazonaws.com/${A}/x`],
  }),
  allBut('aws sns list-topics', 'sns:AddPermission', 'AWS::SNS::Topic', TOPIC, {
    Topics: [{ TopicArn: TOPIC }],
  }),
];
