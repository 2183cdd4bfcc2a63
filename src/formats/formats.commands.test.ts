import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Observation, ResourceObservation } from '#domain/finding/observation.ts';
import { AWS_DATA_SETTLED } from './formats.settled-aws-data.test-sample.ts';
import { AWS_NETWORK_SETTLED } from './formats.settled-aws-network.test-sample.ts';
import { AWS_SERVICES_SETTLED } from './formats.settled-aws-services.test-sample.ts';
import { AZURE_PRIVILEGES_SETTLED, AZURE_SETTLED } from './formats.settled-azure.test-sample.ts';
import { AZURE_FRONTS_SETTLED } from './formats.settled-azure-fronts.test-sample.ts';
import { IAM_SETTLED } from './formats.settled-iam.test-sample.ts';
import { GCP_SETTLED, KUBERNETES_SETTLED } from './formats.settled-others.test-sample.ts';
import { FORMATS } from './formats.ts';
import { readHead } from './reading/describe-head.ts';
import { detectFormat } from './reading/detect-format.ts';
import { openBytes } from './reading/open-input.ts';

/** Where verdicts are made that say what is missing. */
const ROOMS = ['exposure', 'privilege', 'risk'];
/** How commands stand in the source: whole, or as the calls that put them together. */
const COMMAND =
  /\baws [a-z0-9-]+ [a-z]+-[a-z0-9-]+|\baz (?:[a-z-]+ )*(?:list|show|query|rest)\b|\bgcloud identity (?:[a-z-]+ )+list|\bkubectl get [a-z,.]+/g;
const PUT_TOGETHER: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\b(?:awsCall|named|byName|byArn)\(\s*'([a-z0-9-]+ [a-z0-9-]+)'/g, ['aws ']],
  [/\bbucketCall\('([a-z-]+)'/g, ['aws s3api ']],
  [/\baccessPointCall\('([a-z-]+)'/g, ['aws s3control ']],
  [/\bfunctionCall\('([a-z-]+)'/g, ['aws lambda ']],
  [/\bapiCall\('(get-stages)'/g, ['aws apigateway ', 'aws apigatewayv2 ']],
  [/\bapiCall\('(get-resources)'/g, ['aws apigateway ']],
  [/\bapiCall\('(get-routes)'/g, ['aws apigatewayv2 ']],
  [/(?:azureCall\(|azureListOf\(|rules: |RULES = )\s*'([a-z -]+ (?:list|show))'/g, ['az ']],
  [/\bassetCall\([^;]*?'((?:resource|iam|org|access)(?:-policy)?)'/g, ['--content-type=']],
];

/** Commands that no verdict can come to name by what these formats read, or that tell one part of what is missing. */
const NOT_ASKED: Readonly<Record<string, string>> = {
  'aws ec2 describe-vpc-block-public-access-options': 'an assumption that a sentence names, not a question',
  'aws efs describe-file-system-policy':
    'without its policy a file system is inside its network all the same',
  'aws glue get-resource-policy': 'the catalogue is known by this answer alone',
  'aws logs describe-resource-policies': 'as the catalogue of Glue',
  'aws iam get-credential-report': 'the root user is known by this answer alone',
  'aws glue get-jobs': 'a job is known by this answer alone, with its role',
  'aws glue get-dev-endpoints': 'as a job of Glue',
  'aws codebuild list-projects': 'names for the next command',
  'aws codebuild batch-get-projects': 'a project is known by this answer alone, with its role',
  'aws cloudformation describe-stacks': 'a stack that names no role has none',
  'aws stepfunctions list-state-machines': 'names for the next command',
  'aws stepfunctions describe-state-machine': 'a machine is known by this answer alone, with its role',
  'aws bedrock-agentcore-control list-code-interpreters': 'names for the next command',
  'aws bedrock-agentcore-control get-code-interpreter': 'an interpreter is known by this answer alone',
  'aws ecs list-task-definitions': 'names for the next command',
  'aws ecs list-services': 'names for the next command',
  'aws ecs list-tasks': 'names for the next command',
  'aws elasticbeanstalk describe-environments': 'names for the next command',
  'aws emr list-clusters': 'names for the next command',
  'aws sagemaker list-notebook-instances': 'names for the next command',
  'aws apprunner list-services': 'names for the next command',
  'aws eks list-clusters': 'names for the next command',
  'aws eks list-pod-identity-associations': 'names for the next command',
  'aws eks describe-pod-identity-association': 'settles pods of a cluster (test/aws-privileges.test.ts)',
  'aws dynamodb describe-table':
    'settles whose word a table of another account needs (store-access.keys.test.ts, aws-cli.tables.test.ts)',
  'aws ec2 describe-instance-connect-endpoints': 'beside the network, which nothing described tells',
  'aws organizations list-policies': 'with the two commands that stand beside it',
  'aws opensearchserverless list-security-policies': 'names for the next command',
  'az network perimeter list': 'names for the next command',
  'az webapp auth show': 'an assumption that a sentence names, not a question',
  'az vmss list': 'beside the machines',
  'az identity federated-credential list': 'settles pods of a cluster (test/worlds/reasoned.test.ts)',
  'kubectl get pods': 'places of an image (src/domain/risk/deployment.test.ts)',
  'kubectl get namespaces':
    'labels of a namespace: those that forbid pods, and those that a listener asks for (kubernetes-route-reach.test.ts)',
  'kubectl get nodes,namespaces,pods,services':
    'settles behind whose address a pod is (kubernetes-exposure.test.ts)',
  'kubectl get services,pods': 'as the services alone',
  'kubectl get referencegrants': 'settles routes across namespaces (kubernetes-route-reach.test.ts)',
  'kubectl get backendconfigs': 'settles logins and filters of GKE (kubernetes-backend-settings.test.ts)',
};

function namedCommands(): readonly string[] {
  const domain = join(import.meta.dirname, '../domain');
  const files = ROOMS.flatMap((room) => globSync(`${domain}/${room}/**/*.ts`)).filter(
    (file) => !/\.test(?:-sample)?\.ts$/.test(file),
  );
  const commands = files.flatMap((file) => {
    const code = readFileSync(file, 'utf8').replaceAll(/^\s*(?:\*|\/\/|\/\*).*$/gm, '');
    const together = PUT_TOGETHER.flatMap(([pattern, starts]) =>
      [...code.matchAll(pattern)].flatMap(([, call]) => starts.map((start) => `${start}${call}`)),
    );
    return [...(code.match(COMMAND) ?? []), ...together];
  });
  return [...new Set(commands)].sort();
}

const SETTLED = [
  ...AWS_NETWORK_SETTLED,
  ...AWS_DATA_SETTLED,
  ...AWS_SERVICES_SETTLED,
  ...IAM_SETTLED,
  ...AZURE_SETTLED,
  ...AZURE_FRONTS_SETTLED,
  ...AZURE_PRIVILEGES_SETTLED,
  ...GCP_SETTLED,
  ...KUBERNETES_SETTLED,
].map(({ command }) => command);

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
  it('is tried with what it prints, but for those of which nobody can be in doubt', () => {
    const untried = namedCommands().filter(
      (name) => !SETTLED.some((command) => `${command} `.includes(name)),
    );
    expect(untried).toEqual(
      Object.keys(NOT_ASKED)
        .filter((name) => untried.includes(name))
        .sort(),
    );
    expect(Object.keys(NOT_ASKED).filter((name) => !namedCommands().includes(name))).toEqual([]);
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
