import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { recordsOf, resource } from '../../../test/support/aws-world.ts';
import { POLICY_SERVICES } from './aws-policy-services.ts';
import type { ExposureRecord } from './exposure-record.ts';

/** What is worth telling of each type that a policy of its own opens (attack-paths §2.5, row of resource policies). */
const DANGEROUS: Readonly<Record<string, string>> = {
  'sqs-queue':
    'sqs: SendMessage ReceiveMessage DeleteMessage PurgeQueue DeleteQueue SetQueueAttributes AddPermission ChangeMessageVisibility',
  'sns-topic': 'sns: Publish Subscribe AddPermission SetTopicAttributes DeleteTopic',
  secret: 'secretsmanager: GetSecretValue PutSecretValue UpdateSecret PutResourcePolicy DeleteSecret',
  'kms-key':
    'kms: Decrypt Encrypt ReEncryptFrom GenerateDataKey CreateGrant PutKeyPolicy ScheduleKeyDeletion Sign',
  'ecr-repository':
    'ecr: BatchGetImage GetDownloadUrlForLayer PutImage CompleteLayerUpload BatchDeleteImage SetRepositoryPolicy DeleteRepository',
  'dynamodb-table':
    'dynamodb: GetItem Query Scan PutItem UpdateItem DeleteItem DeleteTable PutResourcePolicy',
  'efs-file-system': 'elasticfilesystem: ClientMount ClientWrite ClientRootAccess',
  'lambda-layer': 'lambda: GetLayerVersion',
  'event-bus': 'events: PutEvents PutRule PutTargets',
  'glacier-vault': 'glacier: InitiateJob GetJobOutput DeleteArchive UploadArchive',
  'backup-vault': 'backup: CopyIntoBackupVault CopyFromBackupVault DeleteRecoveryPoint StartRestoreJob',
  'ses-identity': 'ses: SendEmail SendRawEmail',
  'codeartifact-domain': 'codeartifact: GetAuthorizationToken CreateRepository DeleteDomain',
  'codeartifact-repository':
    'codeartifact: ReadFromRepository GetPackageVersionAsset PublishPackageVersion DeletePackage',
  'glue-catalog': 'glue: GetTable GetTables UpdateTable DeleteTable',
  'logs-policy': 'logs: PutLogEvents CreateLogStream PutSubscriptionFilter',
};

/** Who comes where a policy is for everybody: unsigned requests reach queues alone, and a file system has no address. */
const WHO: Readonly<Record<string, Partial<ExposureRecord>>> = {
  'sqs-queue': { audience: 'internet', auth: 'none' },
  'efs-file-system': { audience: 'corp', auth: 'iam' },
};

const ACTIONS = Object.entries(DANGEROUS).flatMap(([type, text]) => {
  const [prefix = '', ...names] = text.split(/:? /);
  return names.map((name) => [type, `${prefix}:${name}`] as const);
});

describe('a policy for everybody', () => {
  const waysIn = (type: string, statement: JsonObject): readonly ExposureRecord[] => {
    const one = resource(type, 'one', {
      Policy: { Statement: [{ Effect: 'Allow', Principal: '*', Resource: '*', ...statement }] },
    });
    return recordsOf([one], one);
  };

  it('is asked about the types of the table', () => {
    expect(Object.keys(POLICY_SERVICES).sort()).toEqual(Object.keys(DANGEROUS).sort());
  });

  it.each(ACTIONS)('of %s opens it for %s', (type, action) => {
    expect(waysIn(type, { Action: action })).toEqual([
      expect.objectContaining({
        surface: action,
        verdict: 'yes',
        gates: ['statement 1'],
        ...(WHO[type] ?? { audience: 'any-aws-account', auth: 'iam' }),
      }),
    ]);
  });

  it.each(Object.keys(DANGEROUS))('of %s opens it for nothing else', (type) => {
    const prefix = ACTIONS.find(([of]) => of === type)?.[1].split(':')[0];
    expect(waysIn(type, { Action: `${prefix}:ListTagsForResource` })).toEqual([
      expect.objectContaining({ verdict: 'no' }),
    ]);
  });
});

it.each([
  ['aws', 'eu-west-1', 'amazonaws.com'],
  ['aws-cn', 'cn-north-1', 'amazonaws.com.cn'],
  ['aws-eusc', 'eusc-de-east-1', 'amazonaws.eu'],
])('a queue of %s has its address where that answers', (partition, region, end) => {
  const queue = { ...resource('sqs-queue', 'jobs', {}), key: `aws:arn:${partition}:sqs:${region}:1:jobs` };
  expect(POLICY_SERVICES['sqs-queue']?.call(queue)).toContain(
    `--queue-url https://sqs.${region}.${end}/1/jobs `,
  );
});
