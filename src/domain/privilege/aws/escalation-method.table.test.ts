import { expect, test } from 'vitest';
import { ESCALATION_METHODS } from './escalation-method.ts';

/** The methods of attack-paths §3.4: whom each leads to, the service that has to be trusted, all that is required, and of what. */
const METHODS: readonly (readonly [id: string, says: string])[] = [
  ['iam-001', 'S self: iam:CreatePolicyVersion where free-policy-version'],
  ['rhino-2', 'S self: iam:SetDefaultPolicyVersion where older-version-is-admin'],
  ['iam-005', 'S self: iam:PutRolePolicy'],
  ['iam-009', 'S self: iam:AttachRolePolicy'],
  ['iam-007', 'S self: iam:PutUserPolicy'],
  ['iam-008', 'S self: iam:AttachUserPolicy'],
  ['iam-010', 'S self: iam:AttachGroupPolicy'],
  ['iam-011', 'S self: iam:PutGroupPolicy'],
  ['iam-013', 'S group: iam:AddUserToGroup where caller-is-user'],
  ['iam-010-join', 'S group: iam:AttachGroupPolicy + iam:AddUserToGroup where caller-is-user'],
  ['iam-011-join', 'S group: iam:PutGroupPolicy + iam:AddUserToGroup where caller-is-user'],
  ['own-boundary-user', 'S self: iam:DeleteUserPermissionsBoundary where unbounded-is-admin'],
  ['own-boundary-role', 'S self: iam:DeleteRolePermissionsBoundary where unbounded-is-admin'],
  ['own-deny-detachuserpolicy', 'S self: iam:DetachUserPolicy where attached-deny-hides-admin'],
  ['own-deny-deleteuserpolicy', 'S self: iam:DeleteUserPolicy where inline-deny-hides-admin'],
  ['own-deny-detachrolepolicy', 'S self: iam:DetachRolePolicy where attached-deny-hides-admin'],
  ['own-deny-deleterolepolicy', 'S self: iam:DeleteRolePolicy where inline-deny-hides-admin'],
  ['own-tag-user', 'S self: iam:TagUser where tags-make-admin'],
  ['own-tag-role', 'S self: iam:TagRole where tags-make-admin'],
  ['iam-002', 'P user: iam:CreateAccessKey where target-has-a-free-key'],
  ['iam-003', 'P user: iam:CreateAccessKey + iam:DeleteAccessKey'],
  ['iam-004', 'P user: iam:CreateLoginProfile where target-has-no-password'],
  ['iam-006', 'P user: iam:UpdateLoginProfile where target-has-password'],
  ['iam-015', 'P user: iam:AttachUserPolicy + iam:CreateAccessKey'],
  ['iam-018', 'P user: iam:PutUserPolicy + iam:CreateAccessKey'],
  ['sts-001', 'P role: sts:AssumeRole where trusts-caller'],
  ['iam-012', 'P role: iam:UpdateAssumeRolePolicy'],
  ['iam-014', 'P role: iam:AttachRolePolicy + sts:AssumeRole where trusts-caller'],
  ['iam-016', 'P role: iam:CreatePolicyVersion + sts:AssumeRole where trusts-caller, free-policy-version'],
  ['iam-017', 'P role: iam:PutRolePolicy + sts:AssumeRole where trusts-caller'],
  ['iam-019', 'P role: iam:AttachRolePolicy + iam:UpdateAssumeRolePolicy'],
  ['iam-020', 'P role: iam:CreatePolicyVersion + iam:UpdateAssumeRolePolicy where free-policy-version'],
  ['iam-021', 'P role: iam:PutRolePolicy + iam:UpdateAssumeRolePolicy'],
  ['saml-provider', 'P role: iam:UpdateSAMLProvider where trusts-saml-provider'],
  ['oidc-provider', 'P role: iam:CreateOpenIDConnectProvider where trusts-missing-oidc-provider'],
  ['oidc-client', 'P role: iam:AddClientIDToOpenIDConnectProvider where trusts-oidc-provider-by-issuer'],
  ['sso-001', 'P account: sso:CreateAccountAssignment where delegated-administrator'],
  ['sso-002', 'P account: sso:AttachManagedPolicyToPermissionSet where delegated-administrator'],
  ['sso-003', 'P account: sso:PutInlinePolicyToPermissionSet where delegated-administrator'],
  ['org-detach-policy', 'S self: organizations:DetachPolicy where scp-hides-admin, delegated-administrator'],
  ['ec2-001', 'N passed-role by ec2: iam:PassRole + ec2:RunInstances where instance-profile'],
  [
    'ec2-001-new-profile',
    'N passed-role by ec2: iam:PassRole + ec2:RunInstances + iam:CreateInstanceProfile + iam:AddRoleToInstanceProfile',
  ],
  ['ec2-003', 'N passed-role by ec2: iam:PassRole + ec2:RequestSpotInstances where instance-profile'],
  [
    'ec2-associate-profile',
    'N passed-role by ec2: iam:PassRole + ec2:AssociateIamInstanceProfile + ssm:StartSession where instance-profile',
  ],
  [
    'autoscaling-launch-configuration',
    'N passed-role by ec2: iam:PassRole + autoscaling:CreateLaunchConfiguration + autoscaling:CreateAutoScalingGroup where instance-profile, autoscaling-role-exists',
  ],
  [
    'autoscaling-launch-template',
    'N passed-role by ec2: iam:PassRole + ec2:CreateLaunchTemplate + autoscaling:CreateAutoScalingGroup where instance-profile, autoscaling-role-exists',
  ],
  [
    'autoscaling-update-configuration',
    'N passed-role by ec2: iam:PassRole + autoscaling:CreateLaunchConfiguration + autoscaling:UpdateAutoScalingGroup where instance-profile',
  ],
  [
    'autoscaling-update-template',
    'N passed-role by ec2: iam:PassRole + ec2:CreateLaunchTemplate + autoscaling:UpdateAutoScalingGroup where instance-profile',
  ],
  [
    'ec2-004-stronger-profile',
    'E passed-role by ec2: iam:PassRole + ec2:CreateLaunchTemplateVersion + ec2:ModifyLaunchTemplate where instance-profile, group-launches-default',
  ],
  [
    'ec2-004-stronger-profile-latest',
    'E passed-role by ec2: iam:PassRole + ec2:CreateLaunchTemplateVersion where instance-profile, group-launches-latest',
  ],
  ['lambda-001', 'N passed-role by lambda: iam:PassRole + lambda:CreateFunction + lambda:InvokeFunction'],
  [
    'lambda-002',
    'N passed-role by lambda: iam:PassRole + lambda:CreateFunction + lambda:CreateEventSourceMapping',
  ],
  ['lambda-006', 'N passed-role by lambda: iam:PassRole + lambda:CreateFunction + lambda:AddPermission'],
  ['lambda-swap-role', 'E passed-role by lambda: iam:PassRole + lambda:UpdateFunctionConfiguration'],
  [
    'ecs-001',
    'N passed-role by ecs-tasks: iam:PassRole + ecs:CreateCluster + ecs:RegisterTaskDefinition + ecs:CreateService',
  ],
  [
    'ecs-002',
    'N passed-role by ecs-tasks: iam:PassRole + ecs:CreateCluster + ecs:RegisterTaskDefinition + ecs:RunTask',
  ],
  [
    'ecs-003',
    'N passed-role by ecs-tasks: iam:PassRole + ecs:RegisterTaskDefinition + ecs:CreateService where cluster-exists',
  ],
  [
    'ecs-004',
    'N passed-role by ecs-tasks: iam:PassRole + ecs:RegisterTaskDefinition + ecs:RunTask where cluster-exists',
  ],
  [
    'ecs-005',
    'N passed-role by ecs-tasks: iam:PassRole + ecs:RegisterTaskDefinition + ecs:StartTask where cluster-exists',
  ],
  ['ecs-008', 'N passed-role by ecs-tasks: iam:PassRole + ecs:RunTask where task-definition-exists'],
  ['ecs-009', 'N passed-role by ecs-tasks: iam:PassRole + ecs:StartTask where task-definition-exists'],
  [
    'ecs-007',
    'N passed-role by ecs-tasks: iam:PassRole + ecs:RegisterContainerInstance + ecs:StartTask where task-definition-exists, cluster-exists',
  ],
  ['glue-001', 'N passed-role by glue: iam:PassRole + glue:CreateDevEndpoint'],
  ['glue-003', 'N passed-role by glue: iam:PassRole + glue:CreateJob + glue:StartJobRun'],
  ['glue-004', 'N passed-role by glue: iam:PassRole + glue:CreateJob + glue:CreateTrigger'],
  ['glue-005', 'E passed-role by glue: iam:PassRole + glue:UpdateJob + glue:StartJobRun'],
  ['glue-006', 'E passed-role by glue: iam:PassRole + glue:UpdateJob + glue:CreateTrigger'],
  ['glue-007', 'N passed-role by glue: iam:PassRole + glue:CreateSession + glue:RunStatement'],
  ['cloudformation-001', 'N passed-role by cloudformation: iam:PassRole + cloudformation:CreateStack'],
  [
    'cloudformation-003',
    'N passed-role by cloudformation: iam:PassRole + cloudformation:CreateStackSet + cloudformation:CreateStackInstances',
  ],
  ['cloudformation-004', 'E passed-role by cloudformation: iam:PassRole + cloudformation:UpdateStackSet'],
  [
    'cloudformation-change-set',
    'N passed-role by cloudformation: iam:PassRole + cloudformation:CreateChangeSet + cloudformation:ExecuteChangeSet',
  ],
  [
    'codebuild-001',
    'N passed-role by codebuild: iam:PassRole + codebuild:CreateProject + codebuild:StartBuild',
  ],
  [
    'codebuild-004',
    'N passed-role by codebuild: iam:PassRole + codebuild:CreateProject + codebuild:StartBuildBatch',
  ],
  [
    'sagemaker-001',
    'N passed-role by sagemaker: iam:PassRole + sagemaker:CreateNotebookInstance + sagemaker:CreatePresignedNotebookInstanceUrl',
  ],
  ['sagemaker-002', 'N passed-role by sagemaker: iam:PassRole + sagemaker:CreateTrainingJob'],
  ['sagemaker-003', 'N passed-role by sagemaker: iam:PassRole + sagemaker:CreateProcessingJob'],
  ['apprunner-001', 'N passed-role by tasks.apprunner: iam:PassRole + apprunner:CreateService'],
  [
    'datapipeline-001',
    'N passed-role by datapipeline: iam:PassRole + datapipeline:CreatePipeline + datapipeline:PutPipelineDefinition + datapipeline:ActivatePipeline',
  ],
  [
    'bedrock-001',
    'N passed-role by bedrock-agentcore: iam:PassRole + bedrock-agentcore:CreateCodeInterpreter + bedrock-agentcore:StartCodeInterpreterSession + bedrock-agentcore:InvokeCodeInterpreter',
  ],
  [
    'batch-001',
    'N passed-role by ecs-tasks: iam:PassRole + batch:RegisterJobDefinition + batch:SubmitJob where job-queue-exists',
  ],
  [
    'batch-002',
    'N passed-role by ecs-tasks: iam:PassRole + batch:RegisterJobDefinition + batch:SubmitJob + batch:CreateJobQueue + batch:CreateComputeEnvironment',
  ],
  ['braket-001', 'N passed-role by braket: iam:PassRole + braket:CreateJob'],
  [
    'codedeploy-001',
    'N passed-role by codedeploy: iam:PassRole + codedeploy:CreateDeploymentGroup + codedeploy:CreateDeployment',
  ],
  [
    'cognitoidentity-001',
    'N passed-role by cognito-identity: iam:PassRole + cognito-identity:SetIdentityPoolRoles where trusts-cognito',
  ],
  ['emr-001', 'N passed-role by ec2: iam:PassRole + elasticmapreduce:RunJobFlow where instance-profile'],
  [
    'emrserverless-001',
    'N passed-role by emr-serverless: iam:PassRole + emr-serverless:CreateApplication + emr-serverless:StartJobRun',
  ],
  ['gamelift-001', 'N passed-role by gamelift: iam:PassRole + gamelift:CreateBuild + gamelift:CreateFleet'],
  ['scheduler-001', 'N passed-role by scheduler: iam:PassRole + scheduler:CreateSchedule'],
  [
    'stepfunctions-001',
    'N passed-role by states: iam:PassRole + states:CreateStateMachine + states:StartExecution',
  ],
  [
    'stepfunctions-002',
    'E passed-role by states: iam:PassRole + states:UpdateStateMachine + states:StartExecution',
  ],
  ['ssm-003', 'N passed-role by ssm: iam:PassRole + ssm:StartAutomationExecution'],
  [
    'rolesanywhere',
    'N passed-role by rolesanywhere: iam:PassRole + rolesanywhere:CreateTrustAnchor + rolesanywhere:CreateProfile',
  ],
  [
    'ec2-002',
    'E workload:ec2-instance: ec2:ModifyInstanceAttribute + ec2:StopInstances + ec2:StartInstances',
  ],
  [
    'ec2-004',
    'E workload:auto-scaling-group: ec2:CreateLaunchTemplateVersion + ec2:ModifyLaunchTemplate where group-takes-default',
  ],
  [
    'ec2-004-latest',
    'E workload:auto-scaling-group: ec2:CreateLaunchTemplateVersion where group-takes-latest',
  ],
  [
    'ec2instanceconnect-003',
    'E workload:ec2-instance: ec2-instance-connect:SendSSHPublicKey where instance-runs, reaches-ssh',
  ],
  [
    'ec2instanceconnect-tunnel',
    'E workload:ec2-instance: ec2-instance-connect:SendSSHPublicKey + ec2-instance-connect:OpenTunnel where instance-runs, connect-endpoint-exists',
  ],
  ['ssm-001', 'E workload:ec2-instance: ssm:StartSession where instance-runs, ssm-managed'],
  ['ssm-002', 'E workload:ec2-instance: ssm:SendCommand where instance-runs, ssm-managed'],
  [
    'ssm-tag',
    'E workload:ec2-instance: ec2:CreateTags + ssm:StartSession where instance-runs, ssm-managed, tags-chosen',
  ],
  ['lambda-003', 'E workload:lambda-function: lambda:UpdateFunctionCode'],
  ['lambda-004', 'E workload:lambda-function: lambda:UpdateFunctionCode + lambda:InvokeFunction'],
  ['lambda-005', 'E workload:lambda-function: lambda:UpdateFunctionCode + lambda:AddPermission'],
  ['lambda-configuration', 'E workload:lambda-function: lambda:UpdateFunctionConfiguration'],
  ['lambda-grant', 'E workload:lambda-function: lambda:AddPermission'],
  ['ecs-006', 'E workload:ecs-service: ecs:ExecuteCommand where exec-enabled'],
  ['glue-002', 'E workload:glue-dev-endpoint: glue:UpdateDevEndpoint'],
  ['cloudformation-002', 'E workload:cloudformation-stack: cloudformation:UpdateStack'],
  [
    'cloudformation-005',
    'E workload:cloudformation-stack: cloudformation:CreateChangeSet + cloudformation:ExecuteChangeSet',
  ],
  ['codebuild-002', 'E workload:codebuild-project: codebuild:StartBuild'],
  ['codebuild-003', 'E workload:codebuild-project: codebuild:StartBuildBatch'],
  ['sagemaker-004', 'E workload:sagemaker-notebook: sagemaker:CreatePresignedNotebookInstanceUrl'],
  [
    'sagemaker-005',
    'E workload:sagemaker-notebook: sagemaker:CreateNotebookInstanceLifecycleConfig + sagemaker:StopNotebookInstance + sagemaker:UpdateNotebookInstance + sagemaker:StartNotebookInstance',
  ],
  ['apprunner-002', 'E workload:app-runner-service: apprunner:UpdateService'],
  [
    'bedrock-002',
    'E workload:bedrock-code-interpreter: bedrock-agentcore:StartCodeInterpreterSession + bedrock-agentcore:InvokeCodeInterpreter',
  ],
  ['eks-access-entry', 'P cluster: eks:CreateAccessEntry + eks:AssociateAccessPolicy'],
  ['eks-authentication-mode', 'P cluster: eks:UpdateClusterConfig + eks:CreateAccessEntry'],
  ['s3-bucket-policy', 'P data:bucket: s3:PutBucketPolicy'],
  ['kms-key-policy', 'P data:key: kms:PutKeyPolicy'],
  ['kms-grant', 'P data:key: kms:CreateGrant'],
  ['secret-policy', 'P data:secret: secretsmanager:PutResourcePolicy'],
  ['ecr-policy', 'P data:repository: ecr:SetRepositoryPolicy'],
  ['sqs-policy', 'P data:queue: sqs:SetQueueAttributes'],
  ['sqs-permission', 'P data:queue: sqs:AddPermission'],
  ['sns-policy', 'P data:topic: sns:SetTopicAttributes'],
  ['sns-permission', 'P data:topic: sns:AddPermission'],
  ['rds-share-snapshot', 'P data:database: rds:CreateDBSnapshot + rds:ModifyDBSnapshotAttribute'],
  [
    'rds-restore-snapshot',
    'P data:database: rds:CreateDBSnapshot + rds:RestoreDBInstanceFromDBSnapshot + rds:ModifyDBInstance',
  ],
  ['rds-master-password', 'P data:database: rds:ModifyDBInstance'],
  ['ebs-share-snapshot', 'P data:volume: ec2:CreateSnapshot + ec2:ModifySnapshotAttribute'],
  ['ebs-direct', 'P data:volume: ebs:ListSnapshotBlocks + ebs:GetSnapshotBlock'],
  ['dynamodb-export', 'P data:table: dynamodb:ExportTableToPointInTime'],
  ['iam-001-full', 'S self: iam:CreatePolicyVersion + iam:DeletePolicyVersion'],
  ['own-boundary-put-user', 'S self: iam:PutUserPermissionsBoundary where unbounded-is-admin'],
  ['own-boundary-put-role', 'S self: iam:PutRolePermissionsBoundary where unbounded-is-admin'],
  ['own-deny-removeuserfromgroup', 'S self: iam:RemoveUserFromGroup where group-deny-hides-admin'],
  ['iam-002-tag', 'P user: iam:TagUser + iam:CreateAccessKey where target-has-a-free-key, tags-chosen'],
  ['iam-003-tag', 'P user: iam:TagUser + iam:CreateAccessKey + iam:DeleteAccessKey where tags-chosen'],
  [
    'user-attach-createloginprofile',
    'P user: iam:AttachUserPolicy + iam:CreateLoginProfile where target-has-no-password',
  ],
  [
    'user-attach-updateloginprofile',
    'P user: iam:AttachUserPolicy + iam:UpdateLoginProfile where target-has-password',
  ],
  [
    'user-put-createloginprofile',
    'P user: iam:PutUserPolicy + iam:CreateLoginProfile where target-has-no-password',
  ],
  [
    'user-put-updateloginprofile',
    'P user: iam:PutUserPolicy + iam:UpdateLoginProfile where target-has-password',
  ],
  [
    'ec2-fleet',
    'N passed-role by ec2: iam:PassRole + ec2:CreateFleet + ec2:CreateLaunchTemplate + ec2:RunInstances where instance-profile',
  ],
  [
    'ec2-replace-profile',
    'N passed-role by ec2: iam:PassRole + ec2:ReplaceIamInstanceProfileAssociation + ssm:StartSession where instance-profile',
  ],
  [
    'autoscaling-launch-configuration-first',
    'N passed-role by ec2: iam:PassRole + autoscaling:CreateLaunchConfiguration + autoscaling:CreateAutoScalingGroup + iam:CreateServiceLinkedRole where instance-profile',
  ],
  [
    'autoscaling-launch-template-first',
    'N passed-role by ec2: iam:PassRole + ec2:CreateLaunchTemplate + autoscaling:CreateAutoScalingGroup + iam:CreateServiceLinkedRole where instance-profile',
  ],
  [
    'codebuild-update',
    'E passed-role by codebuild: iam:PassRole + codebuild:UpdateProject + codebuild:StartBuild',
  ],
  [
    'sagemaker-001-lifecycle',
    'N passed-role by sagemaker: iam:PassRole + sagemaker:CreateNotebookInstance + sagemaker:CreateNotebookInstanceLifecycleConfig',
  ],
  ['events-target', 'N passed-role by events: iam:PassRole + events:PutRule + events:PutTargets'],
  ['stepfunctions-update', 'E workload:state-machine: states:UpdateStateMachine + states:StartExecution'],
];

/** One call of its own to any right (attack-paths §3.3, P1); what takes a guard away from oneself is such a call too. */
const DIRECT = [
  'iam-001',
  'iam-001-full',
  'rhino-2',
  'iam-005',
  'iam-009',
  'iam-007',
  'iam-008',
  'iam-010',
  'iam-011',
  'iam-013',
  'sts-001',
  'iam-012',
];

const BY_ID = new Map(ESCALATION_METHODS.map((method) => [method.id, method]));

test('each method has its row', () => {
  expect(METHODS.map(([id]) => id).sort()).toEqual(ESCALATION_METHODS.map(({ id }) => id).sort());
});

test.each(METHODS)('%s: %s', (id, says) => {
  const method = BY_ID.get(id);
  const by = method?.service ? ` by ${method.service.replace('.amazonaws.com', '')}` : '';
  const names = [...new Set(method?.requires.map(({ name }) => name))].join(' + ');
  const where = (method?.preconditions.length ?? 0) > 0 ? ` where ${method?.preconditions.join(', ')}` : '';
  expect(`${method?.category} ${method?.target}${by}: ${names}${where}`).toBe(says);
});

test('other names of a method lead to it', () => {
  const named = Object.fromEntries(
    ESCALATION_METHODS.flatMap(({ id, aliases }) => aliases.map((each) => [each, id])),
  );
  expect(named).toMatchObject({
    'sts-002': 'sts-001',
    'sts-003': 'sts-001',
    'cloudformation-005': 'cloudformation-change-set',
    'labs:ec2-003': 'ec2instanceconnect-003',
    'labs:ec2-005': 'ec2-004',
    'cloudgoat:ecs_efs_attack': 'ssm-tag',
  });
});

test('those of one call of its own are few', () => {
  const direct = ESCALATION_METHODS.filter((method) => method.direct).map(({ id }) => id);
  expect(direct.filter((id) => !/^own-|^org-/.test(id)).sort()).toEqual([...DIRECT].sort());
  expect(direct.filter((id) => id.startsWith('own-'))).toHaveLength(11);
});
