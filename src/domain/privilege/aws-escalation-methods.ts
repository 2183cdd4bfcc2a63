/**
 * Known ways to gain rights in AWS IAM (ids of pathfinding.cloud), as data: what must be allowed, and
 * on what. The engine that asks is `aws-privilege.ts`.
 */

/** Sentinel actions: whoever may do all of them on everything is an administrator, however the policies are cut. */
export const SENTINELS: readonly (readonly [action: string, onEverything: string])[] = [
  ['iam:AttachRolePolicy', 'role'],
  ['iam:PutRolePolicy', 'role'],
  ['iam:PutUserPolicy', 'user'],
  ['iam:CreatePolicyVersion', 'policy'],
  ['iam:CreateAccessKey', 'user'],
  ['iam:UpdateAssumeRolePolicy', 'role'],
  ['iam:PassRole', 'role'],
  ['sts:AssumeRole', 'role'],
  ['s3:GetObject', 'object'],
  ['s3:PutBucketPolicy', 'bucket'],
  ['kms:Decrypt', 'key'],
  ['kms:PutKeyPolicy', 'key'],
  ['ec2:RunInstances', 'instance'],
  ['lambda:UpdateFunctionCode', 'function'],
  ['secretsmanager:GetSecretValue', 'secret'],
  ['rds:ModifyDBInstance', 'database'],
];

/** An ARN of each kind that only a pattern for all of them matches. */
export function anyOf(kind: string, account: string): string {
  const name = '~every~';
  switch (kind) {
    case 'role':
    case 'user':
    case 'group':
    case 'policy':
      return `arn:aws:iam::${account}:${kind}/${name}`;
    case 'object':
      return `arn:aws:s3:::${name}/${name}`;
    case 'bucket':
      return `arn:aws:s3:::${name}`;
    case 'key':
      return `arn:aws:kms:~:${account}:key/${name}`;
    case 'instance':
      return `arn:aws:ec2:~:${account}:instance/${name}`;
    case 'function':
      return `arn:aws:lambda:~:${account}:function:${name}`;
    case 'secret':
      return `arn:aws:secretsmanager:~:${account}:secret:${name}`;
    case 'database':
      return `arn:aws:rds:~:${account}:db:${name}`;
    case 'parameter':
      return `arn:aws:ssm:~:${account}:parameter/${name}`;
    case 'table':
      return `arn:aws:dynamodb:~:${account}:table/${name}`;
    case 'snapshot':
      return `arn:aws:ec2:~::snapshot/${name}`;
    case 'db-snapshot':
      return `arn:aws:rds:~:${account}:snapshot:${name}`;
    default:
      return `arn:aws:${kind}:~:${account}:${name}`;
  }
}

/** What makes somebody privileged over data: all actions of one line on everything. */
export const DATA_PRIVILEGES: readonly {
  readonly reason: string;
  readonly actions: readonly (readonly [action: string, kind: string])[];
}[] = [
  { reason: 'may read every object in S3', actions: [['s3:GetObject', 'object']] },
  { reason: 'may read every secret', actions: [['secretsmanager:GetSecretValue', 'secret']] },
  { reason: 'may read every parameter', actions: [['ssm:GetParameter', 'parameter']] },
  { reason: 'may read every parameter', actions: [['ssm:GetParameters', 'parameter']] },
  { reason: 'may read every parameter', actions: [['ssm:GetParametersByPath', 'parameter']] },
  { reason: 'may read every DynamoDB table', actions: [['dynamodb:Scan', 'table']] },
  { reason: 'may decrypt with every key', actions: [['kms:Decrypt', 'key']] },
  {
    reason: 'may copy every database out of the account',
    actions: [
      ['rds:CreateDBSnapshot', 'database'],
      ['rds:ModifyDBSnapshotAttribute', 'db-snapshot'],
    ],
  },
  {
    reason: 'may copy every volume out of the account',
    actions: [
      ['ec2:CreateSnapshot', 'snapshot'],
      ['ec2:ModifySnapshotAttribute', 'snapshot'],
    ],
  },
];

/** Actions on oneself that add any right; `on` is the principal itself, or its group. */
export const SELF_METHODS: readonly {
  readonly id: string;
  readonly action: string;
  readonly of: 'user' | 'role' | 'group';
}[] = [
  { id: 'iam-005', action: 'iam:PutRolePolicy', of: 'role' },
  { id: 'iam-009', action: 'iam:AttachRolePolicy', of: 'role' },
  { id: 'iam-007', action: 'iam:PutUserPolicy', of: 'user' },
  { id: 'iam-008', action: 'iam:AttachUserPolicy', of: 'user' },
  { id: 'iam-011', action: 'iam:PutGroupPolicy', of: 'group' },
  { id: 'iam-010', action: 'iam:AttachGroupPolicy', of: 'group' },
];

/** Actions that give the credentials of another user. */
export const TAKE_USER: readonly { readonly id: string; readonly action: string }[] = [
  { id: 'iam-002', action: 'iam:CreateAccessKey' },
  { id: 'iam-004', action: 'iam:CreateLoginProfile' },
  { id: 'iam-006', action: 'iam:UpdateLoginProfile' },
];

/** Running code as a role that is passed to a service: every one of `actions`, and the role must trust the service. */
export const PASS_ROLE: readonly {
  readonly id: string;
  readonly service: string;
  readonly actions: readonly string[];
}[] = [
  { id: 'ec2-001', service: 'ec2.amazonaws.com', actions: ['ec2:RunInstances'] },
  { id: 'ec2-003', service: 'ec2.amazonaws.com', actions: ['ec2:RequestSpotInstances'] },
  {
    id: 'lambda-001',
    service: 'lambda.amazonaws.com',
    actions: ['lambda:CreateFunction', 'lambda:InvokeFunction'],
  },
  {
    id: 'lambda-002',
    service: 'lambda.amazonaws.com',
    actions: ['lambda:CreateFunction', 'lambda:CreateEventSourceMapping'],
  },
  {
    id: 'lambda-006',
    service: 'lambda.amazonaws.com',
    actions: ['lambda:CreateFunction', 'lambda:AddPermission'],
  },
  {
    id: 'ecs-001',
    service: 'ecs-tasks.amazonaws.com',
    actions: ['ecs:RegisterTaskDefinition', 'ecs:RunTask'],
  },
  {
    id: 'ecs-002',
    service: 'ecs-tasks.amazonaws.com',
    actions: ['ecs:RegisterTaskDefinition', 'ecs:CreateService'],
  },
  {
    id: 'ecs-003',
    service: 'ecs-tasks.amazonaws.com',
    actions: ['ecs:RegisterTaskDefinition', 'ecs:StartTask'],
  },
  { id: 'glue-001', service: 'glue.amazonaws.com', actions: ['glue:CreateDevEndpoint'] },
  { id: 'glue-003', service: 'glue.amazonaws.com', actions: ['glue:CreateJob', 'glue:StartJobRun'] },
  { id: 'glue-004', service: 'glue.amazonaws.com', actions: ['glue:CreateJob', 'glue:CreateTrigger'] },
  { id: 'glue-007', service: 'glue.amazonaws.com', actions: ['glue:CreateSession', 'glue:RunStatement'] },
  {
    id: 'cloudformation-001',
    service: 'cloudformation.amazonaws.com',
    actions: ['cloudformation:CreateStack'],
  },
  {
    id: 'codebuild-001',
    service: 'codebuild.amazonaws.com',
    actions: ['codebuild:CreateProject', 'codebuild:StartBuild'],
  },
  {
    id: 'datapipeline-001',
    service: 'datapipeline.amazonaws.com',
    actions: [
      'datapipeline:CreatePipeline',
      'datapipeline:PutPipelineDefinition',
      'datapipeline:ActivatePipeline',
    ],
  },
  {
    id: 'sagemaker-001',
    service: 'sagemaker.amazonaws.com',
    actions: ['sagemaker:CreateNotebookInstance', 'sagemaker:CreatePresignedNotebookInstanceUrl'],
  },
  { id: 'sagemaker-002', service: 'sagemaker.amazonaws.com', actions: ['sagemaker:CreateTrainingJob'] },
  { id: 'sagemaker-003', service: 'sagemaker.amazonaws.com', actions: ['sagemaker:CreateProcessingJob'] },
];

/** Running code as the role of something that already runs. `needs` says what the inventory must show. */
export const RUN_AS_EXISTING: readonly {
  readonly id: string;
  readonly actions: readonly string[];
  readonly needs: 'lambda-function' | 'ec2-instance' | null;
  readonly what: string;
}[] = [
  {
    id: 'lambda-003',
    actions: ['lambda:UpdateFunctionCode'],
    needs: 'lambda-function',
    what: 'functions: aws lambda list-functions',
  },
  {
    id: 'ssm-001',
    actions: ['ssm:StartSession'],
    needs: null,
    what: 'instances that Systems Manager manages, with their roles',
  },
  {
    id: 'ssm-002',
    actions: ['ssm:SendCommand'],
    needs: null,
    what: 'instances that Systems Manager manages, with their roles',
  },
  {
    id: 'ec2instanceconnect-003',
    actions: ['ec2-instance-connect:SendSSHPublicKey'],
    needs: null,
    what: 'running instances with roles that it reaches over SSH',
  },
  {
    id: 'glue-002',
    actions: ['glue:UpdateDevEndpoint'],
    needs: null,
    what: 'Glue development endpoints with their roles',
  },
  {
    id: 'cloudformation-002',
    actions: ['cloudformation:UpdateStack'],
    needs: null,
    what: 'CloudFormation stacks with their roles',
  },
  {
    id: 'sagemaker-004',
    actions: ['sagemaker:CreatePresignedNotebookInstanceUrl'],
    needs: null,
    what: 'SageMaker notebooks with their roles',
  },
  {
    id: 'codebuild-002',
    actions: ['codebuild:StartBuild'],
    needs: null,
    what: 'CodeBuild projects with their roles',
  },
  {
    id: 'ecs-006',
    actions: ['ecs:ExecuteCommand'],
    needs: null,
    what: 'tasks with execute-command and their roles',
  },
  {
    id: 'ec2-002',
    actions: ['ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances'],
    needs: 'ec2-instance',
    what: 'instances: aws ec2 describe-instances',
  },
];

/** Changing what others may do, which gains something once one of them is controlled. */
export const CHANGE_OTHERS: readonly (readonly [action: string, kind: string])[] = [
  ['iam:AttachUserPolicy', 'user'],
  ['iam:PutUserPolicy', 'user'],
  ['iam:AttachRolePolicy', 'role'],
  ['iam:PutRolePolicy', 'role'],
  ['iam:AttachGroupPolicy', 'group'],
  ['iam:PutGroupPolicy', 'group'],
  ['iam:AddUserToGroup', 'group'],
  ['iam:CreatePolicyVersion', 'policy'],
  ['iam:SetDefaultPolicyVersion', 'policy'],
];
