import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import { ACCOUNT, document, iam, listing, resource, role, SEEN } from './iam-principal.test-sample.ts';

const WEB = 'sts:AssumeRoleWithWebIdentity';
const EKS = 'oidc.eks.eu-west-1.amazonaws.com/id/ABC';

function reasonsOf(statement: JsonObject): readonly string[] {
  return reasonsIn([], { Effect: 'Allow', Action: 'sts:AssumeRole', ...statement });
}

function reasonsIn(
  organisation: readonly EstateResource[],
  ...statements: readonly JsonObject[]
): readonly string[] {
  const own = role('r', {}, [], { AssumeRolePolicyDocument: document(...statements) });
  const resources = [listing('iam-role'), own, ...organisation];
  return new AwsPrivileges(resources, SEEN).byArn().get(iam('role', 'r'))?.reasons ?? [];
}

function by(issuer: string, subject: JsonValue, operator = 'StringLike'): JsonObject {
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
  [
    'a vendor that is known',
    {
      Principal: { AWS: 'arn:aws:iam::464622532012:root' },
      Condition: { StringEquals: { 'sts:ExternalId': 'x' } },
    },
    ['can be assumed from account 464622532012 (Datadog), with its external id'],
  ],
  [
    'a vendor without an external id',
    { Principal: { AWS: '754728514883' } },
    ['can be assumed from account 754728514883 (New Relic)'],
  ],
  ['its own account', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }, []],
  ['GitHub without a subject', by(GITHUB, null), ['can be assumed by any GitHub user']],
  ['GitHub with every subject', by(GITHUB, 'repo:*'), ['can be assumed by any GitHub user']],
  [
    'an organisation at GitHub',
    by(GITHUB, 'repo:shop/*'),
    ['can be assumed by pipelines of GitHub: repo:shop/* (any repository of it)'],
  ],
  [
    'a repository at GitHub',
    by(GITHUB, 'repo:shop/api:*'),
    ['can be assumed by pipelines of GitHub: repo:shop/api:* (any branch or pull request)'],
  ],
  [
    'pull requests of a repository',
    by(GITHUB, 'repo:shop/api:pull_request'),
    ['can be assumed by pipelines of GitHub: repo:shop/api:pull_request (pull requests)'],
  ],
  [
    'one branch of a repository',
    by(GITHUB, 'repo:shop/api:ref:refs/heads/main', 'StringEquals'),
    ['can be assumed by pipelines of GitHub: repo:shop/api:ref:refs/heads/main'],
  ],
  [
    'four subjects of one organisation, of which three are told',
    {
      Action: WEB,
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}` },
      Condition: {
        StringEquals: { [`${GITHUB}:sub`]: ['a', 'b', 'c', 'd'].map((each) => `repo:shop/${each}:ref:x`) },
      },
    },
    ['can be assumed by pipelines of GitHub: repo:shop/a:ref:x, repo:shop/b:ref:x, repo:shop/c:ref:x'],
  ],
  [
    'one subject of an organisation, and one of everybody',
    {
      Action: WEB,
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}` },
      Condition: { StringLike: { [`${GITHUB}:sub`]: ['repo:shop/api:*', 'repo:*'] } },
    },
    ['can be assumed by any GitHub user'],
  ],
  [
    'a directory beside a token',
    {
      Action: WEB,
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/corp` },
    },
    [],
  ],
  ['an organisation of unknown end', by(GITHUB, 'repo:shop*'), ['can be assumed by any GitHub user']],
  [
    'a repository of whatever organisation begins so',
    by(GITHUB, 'repo:shop*/api:*'),
    ['can be assumed by any GitHub user'],
  ],
  [
    'a repository of whatever organisation',
    by(GITHUB, 'repo:*/api:ref:refs/heads/main'),
    ['can be assumed by any GitHub user'],
  ],
  [
    'everybody but one repository',
    by(GITHUB, 'repo:evil/api:*', 'StringNotLike'),
    ['can be assumed by any GitHub user'],
  ],
  [
    'tokens with a subject, whatever it is',
    by(GITHUB, 'false', 'Null'),
    ['can be assumed by any GitHub user'],
  ],
  [
    'every subject of one owner',
    {
      Action: WEB,
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}` },
      Condition: {
        StringLike: { [`${GITHUB}:sub`]: 'repo:*', [`${GITHUB}:repository_owner`]: 'shop' },
      },
    },
    ['can be assumed by pipelines of GitHub: repository_owner shop'],
  ],
  [
    'a workflow that anybody may call',
    {
      Action: WEB,
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}` },
      Condition: { StringLike: { [`${GITHUB}:job_workflow_ref`]: 'shop/ci/.github/workflows/d.yml@*' } },
    },
    ['can be assumed by any GitHub user'],
  ],
  [
    'an enterprise at GitHub, by its own issuer',
    by(`${GITHUB}/shop`, null),
    ['can be assumed by every pipeline of shop at GitHub'],
  ],
  [
    'a workspace at Bitbucket',
    by('api.bitbucket.org/2.0/workspaces/shop/pipelines-config/identity/oidc', null),
    ['can be assumed by every pipeline of shop at Bitbucket'],
  ],
  [
    'an organisation at CircleCI',
    by('oidc.circleci.com/org/1b2c', null),
    ['can be assumed by every pipeline of 1b2c at CircleCI'],
  ],
  [
    'a project at CircleCI',
    by('oidc.circleci.com/org/1b2c', 'org/1b2c/project/77/user/*'),
    ['can be assumed by pipelines of CircleCI: org/1b2c/project/77/user/*'],
  ],
  [
    'a customer of Spacelift',
    by('shop.app.spacelift.io', 'space:root:stack:*'),
    ['can be assumed by pipelines of Spacelift: space:root:stack:*'],
  ],
  [
    'another directory',
    by('login.example.com', 'ann', 'StringEquals'),
    ['can be assumed by people of the identity provider login.example.com'],
  ],
  [
    'everybody with an account at Google',
    { Action: WEB, Principal: { Federated: 'accounts.google.com' } },
    ['can be assumed by anybody with an account at accounts.google.com'],
  ],
  [
    'an application at Google',
    {
      Action: WEB,
      Principal: { Federated: 'accounts.google.com' },
      Condition: { StringEquals: { 'accounts.google.com:aud': '66677788899900pro0' } },
    },
    ['can be assumed by people who sign in at accounts.google.com'],
  ],
  [
    'every account but those of the organisation',
    { Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
    ['can be assumed from any AWS account'],
  ],
  [
    'every account, with a second factor',
    { Principal: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
    ['can be assumed from any AWS account'],
  ],
  [
    'everybody from one network',
    { Principal: '*', Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } },
    [],
  ],
  [
    'everybody from everywhere',
    { Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } },
    ['can be assumed from any AWS account'],
  ],
  [
    'every role of a name',
    { Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy-*' } } },
    ['can be assumed from any AWS account'],
  ],
  [
    'roles of its own account by pattern',
    { Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/*` } } },
    [],
  ],
  [
    'every principal but one',
    { NotPrincipal: { AWS: iam('user', 'u') } },
    ['can be assumed from any AWS account'],
  ],
  [
    'a role of another account',
    { Principal: { AWS: 'arn:aws:iam::333333333333:role/ci' } },
    ['can be assumed from account 333333333333'],
  ],
  [
    'another account from one address',
    { Principal: { AWS: '333333333333' }, Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.1/32' } } },
    ['can be assumed from account 333333333333, under conditions'],
  ],
  [
    'a session of a role of another account',
    { Principal: { AWS: 'arn:aws:sts::333333333333:assumed-role/ci/build' } },
    ['can be assumed from account 333333333333'],
  ],
  ['what is denied to another account', { Effect: 'Deny', Principal: { AWS: '333333333333' } }, []],
  ['a stranger by its name', { Principal: '*', Condition: { StringLike: { 'aws:username': 'x' } } }, []],
  [
    'who signed in by a second factor not long ago',
    { Principal: '*', Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } } },
    ['can be assumed from any AWS account'],
  ],
  [
    'everybody with a tag, which strangers give themselves',
    { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalTag/team': 'web' } } },
    ['can be assumed from any AWS account'],
  ],
  [
    'users of every account, and no roles',
    { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalType': 'User' } } },
    ['can be assumed from any AWS account'],
  ],
  [
    'roles of every account, and no users',
    { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } } },
    ['can be assumed from any AWS account'],
  ],
  [
    'accounts at a place of an organisation of which nothing is told',
    {
      Principal: { AWS: '333333333333' },
      Condition: { StringLike: { 'aws:PrincipalOrgPaths': 'o-1/r-1/*' } },
    },
    ['can be assumed from account 333333333333, under conditions'],
  ],
  [
    'whoever signs in somewhere, in one region',
    {
      Action: WEB,
      Principal: { Federated: 'accounts.google.com' },
      Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    },
    ['can be assumed by anybody with an account at accounts.google.com'],
  ],
  [
    'GitHub, by what a token of another issuer says',
    {
      Action: WEB,
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}` },
      Condition: { StringLike: { 'gitlab.com:sub': 'repo:shop/api:*' } },
    },
    ['can be assumed by any GitHub user'],
  ],
  [
    'a subject of which a star is a part of the name',
    by(GITHUB, 'repo:*', 'StringEquals'),
    ['can be assumed by any GitHub user'],
  ],
  [
    'everybody but roles of a name',
    { Principal: '*', Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/deploy-*' } } },
    ['can be assumed from any AWS account'],
  ],
  [
    'pods of a namespace',
    by(EKS, 'system:serviceaccount:shop:*'),
    ['can be assumed by every pod of the namespace shop'],
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
        StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:pool' },
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
      Condition: {
        StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:pool' },
        'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
      },
    },
    [],
  ],
  [
    'guests and others of an identity pool',
    {
      Action: WEB,
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Condition: {
        StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:pool' },
        'ForAnyValue:StringLike': {
          'cognito-identity.amazonaws.com:amr': ['authenticated', 'unauthenticated'],
        },
      },
    },
    ['can be assumed by anybody through its Cognito identity pool'],
  ],
  [
    'all but guests of an identity pool, by what it denies only',
    {
      Action: WEB,
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Condition: {
        StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:pool' },
        'ForAnyValue:StringNotLike': { 'cognito-identity.amazonaws.com:amr': 'twitter.com' },
      },
    },
    ['can be assumed by anybody through its Cognito identity pool'],
  ],
  [
    'those who signed in to any identity pool',
    {
      Action: WEB,
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Condition: { 'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' } },
    },
    ['can be assumed by anybody through a Cognito identity pool of their own'],
  ],
  [
    'users of any account by pattern',
    { Principal: '*', Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } } },
    ['can be assumed from any AWS account'],
  ],
  [
    'users of one path of another account',
    {
      Principal: { AWS: '333333333333' },
      Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/ops/*' } },
    },
    ['can be assumed from account 333333333333'],
  ],
  [
    'another account that may be of the organisation',
    {
      Principal: { AWS: '333333333333' },
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
    },
    ['can be assumed from account 333333333333, under conditions'],
  ],
  [
    'every owner at GitHub',
    {
      Action: WEB,
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}` },
      Condition: { StringLike: { [`${GITHUB}:repository_owner`]: ['shop', '*'] } },
    },
    ['can be assumed by any GitHub user'],
  ],
  [
    'a claim of GitHub at GitLab',
    {
      Action: WEB,
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com` },
      Condition: { StringEquals: { 'gitlab.com:repository_owner': 'shop' } },
    },
    ['can be assumed by any GitLab user'],
  ],
  [
    'a claim of another issuer',
    {
      Action: WEB,
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}` },
      Condition: { StringEquals: { 'gitlab.com:sub': 'repo:shop/api:ref:x' } },
    },
    ['can be assumed by any GitHub user'],
  ],
  [
    'one service account, and every other',
    by(EKS, ['system:serviceaccount:shop:api', 'system:serviceaccount:*:*']),
    ['can be assumed by every pod of its cluster'],
  ],
  [
    'a token, for nobody who assumes the plain way',
    { Action: 'sts:AssumeRole', Principal: by(GITHUB, null)['Principal'] as JsonObject },
    [],
  ],
  [
    'a service that may only name its session',
    { Action: 'sts:TagSession', Principal: { Service: 'config.amazonaws.com' } },
    [],
  ],
  ['a service by what it is denied', { Effect: 'Deny', Principal: { Service: 'config.amazonaws.com' } }, []],
  [
    'a token of a directory that answers otherwise',
    { Action: 'sts:AssumeRoleWithSAML', Principal: by(GITHUB, null)['Principal'] as JsonObject },
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

const PARTNER: JsonObject = {
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { AWS: 'arn:aws:iam::333333333333:root' },
};
const OUTSIDE_ONLY: JsonObject = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'sts:AssumeRole',
  Resource: '*',
  Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } },
};
const ORGANISATION = resource('organization', 'organization/o-1', {
  Id: 'o-1',
  MasterAccountId: '999999999999',
});

test.each<[string, readonly EstateResource[], readonly JsonObject[], readonly string[]]>([
  ['a stranger', [ORGANISATION], [PARTNER], ['can be assumed from account 333333333333']],
  [
    'an account of the organisation',
    [
      ORGANISATION,
      resource('organization-parent', 'parent/333333333333', { Child: '333333333333', Parent: 'r-1' }),
    ],
    [PARTNER],
    [],
  ],
  ['a stranger whom a Deny keeps out', [ORGANISATION], [PARTNER, OUTSIDE_ONLY], []],
  [
    'a stranger whom a resource control policy keeps out',
    [
      ORGANISATION,
      resource('organization-policy', 'organization-policy/p-1', {
        Id: 'p-1',
        Type: 'RESOURCE_CONTROL_POLICY',
        Document: document(OUTSIDE_ONLY),
      }),
      resource('organization-policy-target', 'target/p-1', { PolicyId: 'p-1', TargetId: ACCOUNT }),
    ],
    [PARTNER],
    [],
  ],
])('who trusts %s is told so, as the organisation lets it', (_, organisation, statements, reasons) => {
  expect(reasonsIn(organisation, ...statements)).toEqual(reasons);
});

test('nobody from outside becomes a role that is linked to a service', () => {
  const trust = document({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'config.amazonaws.com' },
  });
  const reasons = (Path: string): readonly string[] => {
    const own = role('r', {}, [], { AssumeRolePolicyDocument: trust, Path });
    return new AwsPrivileges([listing('iam-role'), own], SEEN).byArn().get(iam('role', 'r'))?.reasons ?? [];
  };
  expect(reasons('/aws-service-role/config.amazonaws.com/')).toEqual([]);
  expect(reasons('/')).toEqual(['trusts config.amazonaws.com without asking for whose resource it acts']);
});
