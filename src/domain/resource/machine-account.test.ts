import { expect, test } from 'vitest';
import { isMachineAccount } from './machine-account.ts';

test.each([
  'terraform',
  '@renovate',
  'renovate[bot]',
  '49699333+dependabot[bot]@users.noreply.github.com',
  'github-actions',
  'acme-bot',
  'release_ci',
  'svc-deploy',
  'noreply@github.com',
  'jenkins@acme.example',
  'ci-acme@acme.example',
  'shop@project.iam.gserviceaccount.com',
  'NoReply@github.com',
  'Acme-Bot',
  'botocore-session-1691234567',
  'i-0abc1234def567890',
  'AWSServiceRoleForECS',
  'unknown',
  'N/A',
  ' terraform ',
])('%s is a machine', (name) => {
  expect(isMachineAccount(name)).toBe(true);
});

test.each([
  'maria',
  'maria@x.gserviceaccount.com.example',
  'talbot',
  'lucia',
  '@acme/checkout',
  'abbot@acme.example',
  'platform',
  'building-services',
  'cicero',
])('%s is somebody', (name) => {
  expect(isMachineAccount(name)).toBe(false);
});

test('tools and words for machines are machines, as names and in mail addresses', () => {
  const names =
    `terraform opentofu terragrunt atlantis pulumi cloudformation cdk crossplane ansible puppet chef serverless
    jenkins github-action github-actions github-actions-user web-flow gitlab-ci gitlab-runner circleci buildkite teamcity
    bamboo drone codebuild codepipeline code-pipeline azure-pipelines azure-devops travis travis-ci spinnaker argocd argo-cd
    flux fluxcd helm karpenter eksctl kops renovate mend-for-github-com dependabot dependabot-preview greenkeeper snyk
    semantic-release release-please pre-commit-ci ci cd cicd ci-cd bot root admin administrator system automation robot
    deploy deployer deployment build builder none null unknown nobody n/a -`.split(/\s+/);
  expect(names.filter((name) => !isMachineAccount(name))).toEqual([]);
  expect(names.filter((name) => !isMachineAccount(`${name.toUpperCase()}@acme.example`))).toEqual([]);
  expect(names.filter((name) => !name.includes('-') && isMachineAccount(`${name}ova`))).toEqual([]);
  const shapes = [
    'acme_bot',
    'acme.ci',
    'acme ci',
    'bot-acme',
    'sa_acme',
    'service-account.acme',
    'aws-go-sdk-1',
  ];
  expect([...shapes, 'aws-sdk-java-1', 'AWSCLI-Session-1'].filter((name) => !isMachineAccount(name))).toEqual(
    [],
  );
  const mails = ['no-reply', 'donotreply', 'bot', 'ci', 'build', 'root', 'actions', 'x[bot]', 'noreply'];
  expect(mails.filter((name) => !isMachineAccount(`${name}@acme.example`))).toEqual([]);
});
