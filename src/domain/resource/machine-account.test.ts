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
  expect(isMachineAccount(name, 'account')).toBe(true);
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
  expect(isMachineAccount(name, 'account')).toBe(false);
});

const machine = (name: string) => isMachineAccount(name, 'account');

test('tools and words for machines are machines, as names and in mail addresses', () => {
  const names =
    `terraform opentofu terragrunt atlantis pulumi cloudformation cdk crossplane ansible puppet chef serverless
    jenkins github-action github-actions github-actions-user web-flow gitlab-ci gitlab-runner circleci buildkite teamcity
    bamboo drone codebuild codepipeline code-pipeline azure-pipelines azure-devops travis travis-ci spinnaker argocd argo-cd
    flux fluxcd helm karpenter eksctl kops renovate mend-for-github-com dependabot dependabot-preview greenkeeper snyk
    semantic-release release-please pre-commit-ci ci cd cicd ci-cd bot root admin administrator system automation robot
    deploy deployer deployment build builder none null unknown nobody n/a -`.split(/\s+/);
  expect(names.filter((name) => !machine(name))).toEqual([]);
  expect(names.filter((name) => !machine(`${name.toUpperCase()}@acme.example`))).toEqual([]);
  expect(names.filter((name) => !name.includes('-') && machine(`${name}ova`))).toEqual([]);
  const shapes = [
    'acme_bot',
    'acme.ci',
    'acme ci',
    'bot-acme',
    'sa_acme',
    'service-account.acme',
    'aws-go-sdk-1',
  ];
  expect([...shapes, 'aws-sdk-java-1', 'AWSCLI-Session-1'].filter((name) => !machine(name))).toEqual([]);
  const mails = ['no-reply', 'donotreply', 'bot', 'ci', 'build', 'root', 'actions', 'x[bot]', 'noreply'];
  expect(mails.filter((name) => !machine(`${name}@acme.example`))).toEqual([]);
});

const ALL = ['team', 'owner', 'account'] as const;

test.each([
  [
    'every place tells the same of what only machines have, and of nobody',
    ['renovate[bot]', '4711+renovate[bot]@users.noreply.github.com', 'botocore-session-1691234567'],
    ['team', 'owner', 'account'],
  ],
  [
    'service accounts, instances and roles too',
    [
      'web@kestrel.iam.gserviceaccount.com',
      'system:serviceaccount:shop:web',
      'system:node:n1',
      'i-0abc1234def567890',
      'AWSServiceRoleForECS',
      'arn:aws:iam::111111111111:role/shop-deployer',
      'arn:aws-cn:sts::111111111111:assumed-role/shop/run-1',
      'noreply@acme.example',
    ],
    ['team', 'owner', 'account'],
  ],
  [
    'words for nobody are nobody',
    ['none', 'Null', 'unknown', 'N/A', 'TBD', 'tba', 'todo', 'unassigned', 'unowned', 'undefined', '-', '??'],
    ['team', 'owner', 'account'],
  ],
  [
    'a tool owns nothing, and a team may be called like one',
    ['terraform', 'flux', 'jenkins', 'acme-bot', 'svc-deploy', 'admin', 'bot_shop'],
    ['owner', 'account'],
  ],
  [
    'what teams are called as well as logins is a login where it did something',
    ['ci', 'ci-platform', 'platform-ci', 'automation', 'build', 'sa-payments', 'deployer'],
    ['account'],
  ],
  [
    'handles and mail addresses are accounts',
    ['@platform-ci', 'build@acme.example', 'actions@acme.example'],
    ['owner', 'account'],
  ],
  [
    'words of logins are asked of logins',
    [
      'terraform-prod',
      'shop-deployer',
      'team-deploy',
      'jenkins-prod',
      'deploy.shop@acme.example',
      'x_automation',
    ],
    ['account'],
  ],
  ['a handle with an organisation is a team', ['@acme/platform-ci', '@acme/renovate', '@acme/tools/bot'], []],
  [
    'people are somebody everywhere',
    [
      'tom.jenkins',
      'tom.jenkins@acme.example',
      'arn:aws:iam::111111111111:user/maria',
      'arn:aws:sts::111111111111:assumed-role/admin/maria@acme.example',
      'reactions@acme.example',
      'nonetheless',
      'actions',
    ],
    [],
  ],
] as const)('%s', (_title, names, places) => {
  for (const name of names)
    expect([name, ALL.filter((told) => isMachineAccount(name, told))]).toEqual([name, places]);
});
