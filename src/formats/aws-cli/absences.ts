import type { JsonObject } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import type { AwsKindName } from '../reading/aws/aws-kinds.ts';
import { describeAwsPart } from '../reading/aws/aws-part.ts';
import type { AwsPlace } from '../reading/aws/describe-aws-resource.ts';
import { accountBlock, BLOCK_CALL, isAboutAccount } from './public-access-block.ts';
import { requestParameter } from './request-parameter.ts';

interface Absence {
  readonly error: string;
  readonly call: string;
  readonly type: AwsKindName;
  readonly facts: JsonObject;
}

const NO_POLICY: JsonObject = { Policy: { Statement: [] } };
const ALL_OFF = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

/** Errors of the AWS CLI that mean *there is none*, one line each. A file that holds one is an answer. */
const ABSENCES: readonly Absence[] = [
  { error: 'NoSuchBucketPolicy', call: 'get-bucket-policy', type: 's3-bucket', facts: NO_POLICY },
  {
    error: 'NoSuchPublicAccessBlockConfiguration',
    call: BLOCK_CALL,
    type: 's3-bucket',
    facts: { PublicAccessBlock: ALL_OFF },
  },
  {
    error: 'OwnershipControlsNotFoundError',
    call: 'get-bucket-ownership-controls',
    type: 's3-bucket',
    facts: { ObjectOwnership: 'ObjectWriter' },
  },
  {
    error: 'ResourceNotFoundException) when calling the GetPolicy',
    call: 'get-policy',
    type: 'lambda-function',
    facts: NO_POLICY,
  },
  {
    error: 'ResourceNotFoundException) when calling the GetFunctionUrlConfig',
    call: 'get-function-url-config',
    type: 'lambda-function',
    facts: { Url: {} },
  },
  {
    error: 'ResourceNotFoundException) when calling the GetLayerVersionPolicy',
    call: 'get-layer-version-policy',
    type: 'lambda-layer',
    facts: NO_POLICY,
  },
  {
    error: 'NoSuchAccessPointPolicy',
    call: 'get-access-point-policy',
    type: 's3-access-point',
    facts: NO_POLICY,
  },
  {
    error: 'PolicyNotFoundException) when calling the GetResourcePolicy',
    call: 'get-resource-policy',
    type: 'dynamodb-table',
    facts: NO_POLICY,
  },
  {
    error: 'PolicyNotFound) when calling the DescribeFileSystemPolicy',
    call: 'describe-file-system-policy',
    type: 'efs-file-system',
    facts: NO_POLICY,
  },
  {
    error: 'ResourceNotFoundException) when calling the GetBackupVaultAccessPolicy',
    call: 'get-backup-vault-access-policy',
    type: 'backup-vault',
    facts: NO_POLICY,
  },
  {
    error: 'ResourceNotFoundException) when calling the GetVaultAccessPolicy',
    call: 'get-vault-access-policy',
    type: 'glacier-vault',
    facts: NO_POLICY,
  },
  {
    error: 'ResourceNotFoundException) when calling the GetDomainPermissionsPolicy',
    call: 'get-domain-permissions-policy',
    type: 'codeartifact-domain',
    facts: NO_POLICY,
  },
  {
    error: 'ResourceNotFoundException) when calling the GetRepositoryPermissionsPolicy',
    call: 'get-repository-permissions-policy',
    type: 'codeartifact-repository',
    facts: NO_POLICY,
  },
  {
    error: 'RepositoryPolicyNotFoundException',
    call: 'get-repository-policy',
    type: 'ecr-repository',
    facts: NO_POLICY,
  },
];

const ERROR_TEXT_MAX = 4_096;

/** True for the text of an error that means that there is none. */
export function saysAbsence(text: string): boolean {
  return absenceIn(text) !== undefined;
}

/** What is known to be absent, by the error and the name of the file; empty where it does not tell whose. */
export function readAbsence(text: string, fileName: string, place: AwsPlace): readonly Observation[] {
  const absence = absenceIn(text);
  if (absence === undefined) return [];
  if (absence.call === BLOCK_CALL && isAboutAccount(fileName)) return accountBlock(ALL_OFF, fileName, place);
  const of = requestParameter(fileName, absence.call);
  return of === undefined ? [] : [describeAwsPart(absence.type, of, absence.call, absence.facts, place)];
}

function absenceIn(text: string): Absence | undefined {
  if (text.length > ERROR_TEXT_MAX || !text.includes('An error occurred (')) return undefined;
  return ABSENCES.find((each) => text.includes(`An error occurred (${each.error}`));
}
