import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Observation, ResourceObservation } from '#domain/finding/observation.ts';
import { AWS_ANSWERS } from './formats.commands.test-sample.ts';
import { OTHER_ANSWERS } from './formats.other-commands.test-sample.ts';
import { FORMATS } from './formats.ts';
import { readHead } from './reading/describe-head.ts';
import { detectFormat } from './reading/detect-format.ts';
import { openBytes } from './reading/open-input.ts';

const ANSWERS = { ...AWS_ANSWERS, ...OTHER_ANSWERS };
/** Where verdicts are made that say what is missing. */
const ROOMS = ['exposure', 'privilege', 'risk'];
const COMMAND =
  /\baws [a-z0-9-]+ [a-z]+-[a-z0-9-]+|\baz (?:[a-z-]+ )*(?:list|show|query|rest)\b|\bgcloud asset export --content-type=[a-z-]+|\bgcloud (?:[a-z-]+ )+[a-z-]+(?: --group-email)?|\bkubectl get [a-z,.]+/g;

function namedCommands(): readonly string[] {
  const domain = join(import.meta.dirname, '../domain');
  const files = ROOMS.flatMap((room) => globSync(`${domain}/${room}/**/*.ts`)).filter(
    (file) => !/\.test(?:-sample)?\.ts$/.test(file),
  );
  const commands = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(?:\*|\/\/|\/\*)/.test(line))
      .flatMap((line) => line.match(COMMAND) ?? []),
  );
  return [...new Set(commands)].sort();
}

/** What is read from an answer; whatever format says that it is its own. */
async function readAnswer(prints: unknown, file: string): Promise<readonly Observation[]> {
  const observations: Observation[] = [];
  const text = typeof prints === 'string' ? prints : JSON.stringify(prints);
  for await (const input of openBytes(Buffer.from(text), file)) {
    const format = detectFormat(await readHead(input), FORMATS);
    const context = { root: null, account: '111111111111', region: 'eu-west-1', cluster: 'c' };
    for await (const item of format?.read(input, context) ?? [])
      if (item.kind === 'record' || item.kind === 'beside') observations.push(...item.observations);
  }
  return observations;
}

function describedIn(observations: readonly Observation[]): readonly string[] {
  return observations
    .filter(
      (each): each is ResourceObservation => each.kind === 'resource' && each.type !== 'inventory-listing',
    )
    .map(({ type, facts }) => (type === 'resource-part' ? String(facts['OfType']) : type));
}

describe('a command that a verdict names', () => {
  it('is one of these', () => {
    expect(Object.keys(ANSWERS).sort()).toEqual(namedCommands());
  });

  it.each(Object.entries(ANSWERS))('%s is read', async (command, { prints, of, file }) => {
    const name = file ?? `${command.replace(/^aws /, '').replaceAll(/[^a-z0-9]+/g, '-')}.json`;
    expect(describedIn(await readAnswer(prints, name))).toEqual(expect.arrayContaining(of.split(',')));
  });

  it.each([
    ['s3api-get-bucket-policy-x', 'NoSuchBucketPolicy', 'GetBucketPolicy', 's3-bucket'],
    [
      's3api-get-public-access-block-x',
      'NoSuchPublicAccessBlockConfiguration',
      'GetPublicAccessBlock',
      's3-bucket',
    ],
    [
      's3api-get-bucket-ownership-controls-x',
      'OwnershipControlsNotFoundError',
      'GetBucketOwnershipControls',
      's3-bucket',
    ],
    [
      's3control-get-access-point-policy-x',
      'NoSuchAccessPointPolicy',
      'GetAccessPointPolicy',
      's3-access-point',
    ],
    ['lambda-get-policy-x', 'ResourceNotFoundException', 'GetPolicy', 'lambda-function'],
    [
      'lambda-get-function-url-config-x',
      'ResourceNotFoundException',
      'GetFunctionUrlConfig',
      'lambda-function',
    ],
    [
      'lambda-get-layer-version-policy-x',
      'ResourceNotFoundException',
      'GetLayerVersionPolicy',
      'lambda-layer',
    ],
    ['dynamodb-get-resource-policy-x', 'PolicyNotFoundException', 'GetResourcePolicy', 'dynamodb-table'],
    [
      'ecr-get-repository-policy-x',
      'RepositoryPolicyNotFoundException',
      'GetRepositoryPolicy',
      'ecr-repository',
    ],
    ['efs-describe-file-system-policy-x', 'PolicyNotFound', 'DescribeFileSystemPolicy', 'efs-file-system'],
    [
      'backup-get-backup-vault-access-policy-x',
      'ResourceNotFoundException',
      'GetBackupVaultAccessPolicy',
      'backup-vault',
    ],
    [
      'glacier-get-vault-access-policy-x',
      'ResourceNotFoundException',
      'GetVaultAccessPolicy',
      'glacier-vault',
    ],
    [
      'codeartifact-get-domain-permissions-policy-x',
      'ResourceNotFoundException',
      'GetDomainPermissionsPolicy',
      'codeartifact-domain',
    ],
    [
      'codeartifact-get-repository-permissions-policy-x',
      'ResourceNotFoundException',
      'GetRepositoryPermissionsPolicy',
      'codeartifact-repository',
    ],
  ])('%s is read where it answers that there is none', async (name, error, call, type) => {
    const text = `An error occurred (${error}) when calling the ${call} operation: There is none`;
    expect(describedIn(await readAnswer(text, `${name}.txt`))).toEqual([type]);
  });

  it('of a secret without a policy is read', async () => {
    const secret = { ARN: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:s-1', Name: 's' };
    expect(await readAnswer(secret, 'secretsmanager-get-resource-policy.json')).toMatchObject([
      { type: 'resource-part', facts: { OfType: 'secret', Facts: { Policy: { Statement: [] } } } },
    ]);
  });
});
