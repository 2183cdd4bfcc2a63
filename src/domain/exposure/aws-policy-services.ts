import { awsCall, nameInArn } from '../resource/aws-call.ts';
import { hostEndOf } from '../resource/aws-region.ts';
import type { EstateResource } from '../risk/estate.ts';

/** What somebody outside could do with a resource that its policy opens (attack-paths §2.5, §2.8). */
export interface PolicyService {
  /** The dangerous ones. */
  readonly actions: readonly string[];
  /** The service answers requests without a signature. */
  readonly unsigned: boolean;
  /** The command that supplies the policy of one. */
  readonly call: (resource: EstateResource) => string;
}

function service(
  call: PolicyService['call'],
  prefix: string,
  names: string,
  unsigned = false,
): PolicyService {
  return { actions: names.split(' ').map((name) => `${prefix}:${name}`), unsigned, call };
}

/** A call that takes one name, which its answer may not repeat. */
function named(
  call: string,
  flag: string,
  nameOf: (resource: EstateResource) => string,
): PolicyService['call'] {
  return (resource) => awsCall(call, [[flag, nameOf(resource)]], nameOf(resource));
}

/** The policy of a key of KMS. */
export function keyPolicyCall(id: string): string {
  return awsCall('kms get-key-policy', [['--key-id', id]], id);
}

/** What AWS calls it, whatever people call it. */
function idOf({ key, name }: EstateResource): string {
  return key.startsWith('aws:arn:') ? nameInArn(key.slice('aws:'.length)) : name;
}

function arnOf({ key, name }: EstateResource): string {
  return key.startsWith('aws:arn:') ? key.slice('aws:'.length) : name;
}

/** An address of a queue, of which its ARN has all parts. */
function queueUrl(queue: EstateResource): string {
  const [, partition = '', , region, account, name] = arnOf(queue).split(':');
  if (name === undefined) return queue.name;
  return `https://sqs.${region}.${hostEndOf(partition)}/${account}/${name}`;
}

/** `repository/DOMAIN/REPOSITORY` ends the ARN. */
function domainOf(repository: EstateResource): string {
  return arnOf(repository).split('/').at(-2) ?? 'DOMAIN';
}

/** Every type that its own policy opens, one line each. */
export const POLICY_SERVICES: Readonly<Record<string, PolicyService>> = {
  'sqs-queue': service(
    (queue) =>
      awsCall('sqs get-queue-attributes', [
        ['--queue-url', queueUrl(queue)],
        ['--attribute-names', 'All'],
      ]),
    'sqs',
    'SendMessage ReceiveMessage DeleteMessage PurgeQueue DeleteQueue SetQueueAttributes AddPermission ChangeMessageVisibility',
    true,
  ),
  'sns-topic': service(
    (topic) => awsCall('sns get-topic-attributes', [['--topic-arn', arnOf(topic)]]),
    'sns',
    'Publish Subscribe AddPermission SetTopicAttributes DeleteTopic',
  ),
  secret: service(
    (secret) => awsCall('secretsmanager get-resource-policy', [['--secret-id', arnOf(secret)]]),
    'secretsmanager',
    'GetSecretValue PutSecretValue UpdateSecret PutResourcePolicy DeleteSecret',
  ),
  'kms-key': service(
    (key) => keyPolicyCall(idOf(key)),
    'kms',
    'Decrypt Encrypt ReEncryptFrom GenerateDataKey CreateGrant PutKeyPolicy ScheduleKeyDeletion Sign',
  ),
  'ecr-repository': service(
    named('ecr get-repository-policy', '--repository-name', (repository) =>
      repository.key.startsWith('aws:arn:')
        ? repository.key.replace(/^.*?:repository\//, '')
        : repository.name,
    ),
    'ecr',
    'BatchGetImage GetDownloadUrlForLayer PutImage CompleteLayerUpload BatchDeleteImage SetRepositoryPolicy DeleteRepository',
  ),
  'dynamodb-table': service(
    (table) => awsCall('dynamodb get-resource-policy', [['--resource-arn', arnOf(table)]], idOf(table)),
    'dynamodb',
    'GetItem Query Scan PutItem UpdateItem DeleteItem DeleteTable PutResourcePolicy',
  ),
  'efs-file-system': service(
    named('efs describe-file-system-policy', '--file-system-id', idOf),
    'elasticfilesystem',
    'ClientMount ClientWrite ClientRootAccess',
  ),
  'lambda-layer': service(
    (layer) =>
      awsCall(
        'lambda get-layer-version-policy',
        [
          ['--layer-name', idOf(layer)],
          ['--version-number', 'VERSION'],
        ],
        idOf(layer),
      ),
    'lambda',
    'GetLayerVersion',
  ),
  'event-bus': service(
    () => awsCall('events list-event-buses', []),
    'events',
    'PutEvents PutRule PutTargets',
  ),
  'glacier-vault': service(
    (vault) =>
      awsCall(
        'glacier get-vault-access-policy',
        [
          ['--account-id', '-'],
          ['--vault-name', idOf(vault)],
        ],
        idOf(vault),
      ),
    'glacier',
    'InitiateJob GetJobOutput DeleteArchive UploadArchive',
  ),
  'backup-vault': service(
    named('backup get-backup-vault-access-policy', '--backup-vault-name', idOf),
    'backup',
    'CopyIntoBackupVault CopyFromBackupVault DeleteRecoveryPoint StartRestoreJob',
  ),
  'ses-identity': service(
    (identity) =>
      awsCall(
        'ses get-identity-policies',
        [
          ['--identity', identity.name],
          ['--policy-names', 'POLICIES'],
        ],
        identity.name,
      ),
    'ses',
    'SendEmail SendRawEmail',
  ),
  'codeartifact-domain': service(
    named('codeartifact get-domain-permissions-policy', '--domain', idOf),
    'codeartifact',
    'GetAuthorizationToken CreateRepository DeleteDomain',
  ),
  'codeartifact-repository': service(
    (repository) =>
      awsCall(
        'codeartifact get-repository-permissions-policy',
        [
          ['--domain', domainOf(repository)],
          ['--repository', idOf(repository)],
        ],
        idOf(repository),
      ),
    'codeartifact',
    'ReadFromRepository GetPackageVersionAsset PublishPackageVersion DeletePackage',
  ),
  'glue-catalog': service(
    () => awsCall('glue get-resource-policy', []),
    'glue',
    'GetTable GetTables UpdateTable DeleteTable',
  ),
  'logs-policy': service(
    () => awsCall('logs describe-resource-policies', []),
    'logs',
    'PutLogEvents CreateLogStream PutSubscriptionFilter',
  ),
};
