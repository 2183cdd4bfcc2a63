import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import { ACCOUNT, document, iam, listing, role, SEEN } from './iam-principal.test-sample.ts';

const WEB = 'sts:AssumeRoleWithWebIdentity';
const EKS = 'oidc.eks.eu-west-1.amazonaws.com/id/ABC';

function reasonsOf(statement: JsonObject): readonly string[] {
  const trust = document({ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement });
  const own = role('r', {}, [], { AssumeRolePolicyDocument: trust });
  return new AwsPrivileges([listing('iam-role'), own], SEEN).byArn().get(iam('role', 'r'))?.reasons ?? [];
}

function by(issuer: string, subject: string | null, operator = 'StringLike'): JsonObject {
  return {
    Action: WEB,
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
    Condition: {
      StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
      ...(subject === null ? {} : { [operator]: { [`${issuer}:sub`]: subject } }),
    },
  };
}

const GITHUB = 'token.actions.githubusercontent.com';

// The rows of attack-paths §3.6.
test.each<[string, JsonObject, readonly string[]]>([
  ['everybody', { Principal: '*' }, ['can be assumed from any AWS account']],
  ['every account', { Principal: { AWS: '*' } }, ['can be assumed from any AWS account']],
  [
    'every account of the organisation',
    { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
    [],
  ],
  [
    'another account',
    { Principal: { AWS: 'arn:aws:iam::333333333333:root' } },
    ['can be assumed from account 333333333333'],
  ],
  [
    'another account with an external id',
    { Principal: { AWS: '333333333333' }, Condition: { StringEquals: { 'sts:ExternalId': 'x' } } },
    ['can be assumed from account 333333333333, with its external id'],
  ],
  ['its own account', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }, []],
  ['GitHub without a subject', by(GITHUB, null), ['can be assumed by any GitHub user']],
  ['GitHub with every subject', by(GITHUB, 'repo:*'), ['can be assumed by any GitHub user']],
  [
    'an organisation at GitHub',
    by(GITHUB, 'repo:shop/*'),
    ['can be assumed by pipelines of GitHub: repo:shop/*'],
  ],
  [
    'a repository at GitHub',
    by(GITHUB, 'repo:shop/api:*'),
    ['can be assumed by pipelines of GitHub: repo:shop/api:*'],
  ],
  ['GitLab without a subject', by('gitlab.com', null), ['can be assumed by any GitLab user']],
  [
    'a project at GitLab',
    by('gitlab.com', 'project_path:shop/api:ref_type:branch:ref:main'),
    ['can be assumed by pipelines of GitLab: project_path:shop/api:ref_type:branch:ref:main'],
  ],
  [
    'an organisation at Terraform Cloud',
    by('app.terraform.io', 'organization:shop:project:*:workspace:*:run_phase:*'),
    ['can be assumed by pipelines of Terraform Cloud: organization:shop:project:*:workspace:*:run_phase:*'],
  ],
  [
    'Terraform Cloud',
    by('app.terraform.io', 'organization:*'),
    ['can be assumed by any Terraform Cloud user'],
  ],
  ['Buildkite', by('agent.buildkite.com', null), ['can be assumed by any Buildkite user']],
  ['every pod', by(EKS, 'system:serviceaccount:*:*'), ['can be assumed by every pod of its cluster']],
  ['EKS without a subject', by(EKS, null), ['can be assumed by every pod of its cluster']],
  [
    'one service account',
    by(EKS, 'system:serviceaccount:shop:api', 'StringEquals'),
    ['can be assumed by pods of the service account shop/api'],
  ],
  [
    'strangers of an identity pool',
    {
      Action: WEB,
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Condition: {
        'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' },
      },
    },
    ['can be assumed by anybody through its Cognito identity pool'],
  ],
  [
    'those who signed in to an identity pool',
    {
      Action: WEB,
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Condition: { 'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' } },
    },
    [],
  ],
  [
    'a SAML provider',
    {
      Action: 'sts:AssumeRoleWithSAML',
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/okta` },
    },
    ['can be assumed by people of the identity provider okta'],
  ],
  [
    'a service that acts for anybody',
    { Principal: { Service: 'config.amazonaws.com' } },
    ['trusts config.amazonaws.com without asking for whose resource it acts'],
  ],
  [
    'a service for its own account',
    {
      Principal: { Service: 'config.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
    },
    [],
  ],
  ['machines and functions', { Principal: { Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] } }, []],
])('who trusts %s is told so', (_, statement, reasons) => {
  expect(reasonsOf(statement)).toEqual(reasons);
});
