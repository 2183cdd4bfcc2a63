/** What somebody outside could do with a resource that its policy opens (attack-paths §2.5, §2.8). */
export interface PolicyService {
  /** The dangerous ones. */
  readonly actions: readonly string[];
  /** The service answers requests without a signature. */
  readonly unsigned: boolean;
  /** The command that supplies the policy. */
  readonly call: string;
}

function service(call: string, prefix: string, names: string, unsigned = false): PolicyService {
  return { actions: names.split(' ').map((name) => `${prefix}:${name}`), unsigned, call };
}

/** Every type that its own policy opens, one line each. */
export const POLICY_SERVICES: Readonly<Record<string, PolicyService>> = {
  'sqs-queue': service(
    'aws sqs get-queue-attributes --attribute-names All',
    'sqs',
    'SendMessage ReceiveMessage DeleteMessage PurgeQueue DeleteQueue SetQueueAttributes AddPermission ChangeMessageVisibility',
    true,
  ),
  'sns-topic': service(
    'aws sns get-topic-attributes',
    'sns',
    'Publish Subscribe AddPermission SetTopicAttributes DeleteTopic',
  ),
  secret: service(
    'aws secretsmanager get-resource-policy',
    'secretsmanager',
    'GetSecretValue PutSecretValue UpdateSecret PutResourcePolicy DeleteSecret',
  ),
  'kms-key': service(
    'aws kms get-key-policy > kms-get-key-policy-KEY_ID.json',
    'kms',
    'Decrypt Encrypt ReEncryptFrom GenerateDataKey CreateGrant PutKeyPolicy ScheduleKeyDeletion Sign',
  ),
  'ecr-repository': service(
    'aws ecr get-repository-policy',
    'ecr',
    'BatchGetImage GetDownloadUrlForLayer PutImage CompleteLayerUpload BatchDeleteImage SetRepositoryPolicy DeleteRepository',
  ),
  'dynamodb-table': service(
    'aws dynamodb get-resource-policy > dynamodb-get-resource-policy-TABLE.json',
    'dynamodb',
    'GetItem Query Scan PutItem UpdateItem DeleteItem DeleteTable PutResourcePolicy',
  ),
  'efs-file-system': service(
    'aws efs describe-file-system-policy',
    'elasticfilesystem',
    'ClientMount ClientWrite ClientRootAccess',
  ),
  'lambda-layer': service(
    'aws lambda get-layer-version-policy > lambda-get-layer-version-policy-LAYER.json',
    'lambda',
    'GetLayerVersion',
  ),
  'event-bus': service('aws events describe-event-bus', 'events', 'PutEvents PutRule PutTargets'),
  'glacier-vault': service(
    'aws glacier get-vault-access-policy > glacier-get-vault-access-policy-VAULT.json',
    'glacier',
    'InitiateJob GetJobOutput DeleteArchive UploadArchive',
  ),
  'backup-vault': service(
    'aws backup get-backup-vault-access-policy',
    'backup',
    'CopyIntoBackupVault CopyFromBackupVault DeleteRecoveryPoint StartRestoreJob',
  ),
  'ses-identity': service(
    'aws ses get-identity-policies > ses-get-identity-policies-IDENTITY.json',
    'ses',
    'SendEmail SendRawEmail',
  ),
  'codeartifact-domain': service(
    'aws codeartifact get-domain-permissions-policy > codeartifact-get-domain-permissions-policy-DOMAIN.json',
    'codeartifact',
    'GetAuthorizationToken CreateRepository DeleteDomain',
  ),
  'codeartifact-repository': service(
    'aws codeartifact get-repository-permissions-policy > codeartifact-get-repository-permissions-policy-REPOSITORY.json',
    'codeartifact',
    'ReadFromRepository GetPackageVersionAsset PublishPackageVersion DeletePackage',
  ),
  'glue-catalog': service(
    'aws glue get-resource-policy > glue-get-resource-policy.json',
    'glue',
    'GetTable GetTables UpdateTable DeleteTable',
  ),
  'logs-policy': service(
    'aws logs describe-resource-policies',
    'logs',
    'PutLogEvents CreateLogStream PutSubscriptionFilter',
  ),
};
