import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { Caller } from './caller.ts';
import { CERTAIN, NO } from './certainty.ts';
import { document, iam, SEEN } from './iam-principal.test-sample.ts';
import { PolicyCompiler } from './policy-document.ts';
import { trustsRepository } from './repository-trust.ts';

const ISSUER = 'token.actions.githubusercontent.com';
const CALLER = { arn: iam('role', 'deployer'), account: '111111111111', kind: 'role' } as unknown as Caller;

function trusts(
  condition: JsonObject,
  more: JsonObject = {},
  repository = 'github.com/acme/shop',
): boolean | 'unsure' {
  const trust = document({
    Effect: 'Allow',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: iam('oidc-provider', ISSUER) },
    Condition: condition,
    ...more,
  });
  const compiled = new PolicyCompiler().compile(trust as never);
  const certainty = trustsRepository(compiled, CALLER, repository, SEEN);
  return certainty === CERTAIN ? true : certainty === NO ? false : 'unsure';
}

test.each<[string, JsonObject, boolean]>([
  ['any branch', { StringLike: { [`${ISSUER}:sub`]: 'repo:acme/shop:*' } }, true],
  ['in the spelling of GitHub', { StringLike: { [`${ISSUER}:sub`]: 'repo:Acme/Shop:*' } }, true],
  ['one branch', { StringEquals: { [`${ISSUER}:sub`]: 'repo:acme/shop:ref:refs/heads/release' } }, true],
  ['any repository of the owner', { StringLike: { [`${ISSUER}:sub`]: 'repo:Acme/*' } }, true],
  ['any repository at all', {}, true],
  ['by the claim of the repository', { StringEquals: { [`${ISSUER}:repository`]: 'acme/shop' } }, true],
  ['another repository', { StringLike: { [`${ISSUER}:sub`]: 'repo:acme/cart:*' } }, false],
  ['one that begins like it', { StringLike: { [`${ISSUER}:sub`]: 'repo:acme/shop-two:*' } }, false],
  ['another owner', { StringEquals: { [`${ISSUER}:repository_owner`]: 'other' } }, false],
  ['the usual audience', { StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com' } }, true],
  ['its main branch, by any claim', { StringLike: { [`${ISSUER}:sub`]: '*:ref:refs/heads/main' } }, true],
  ['its master branch, by any claim', { StringLike: { [`${ISSUER}:sub`]: '*:ref:refs/heads/master' } }, true],
  ['its pull requests', { StringLike: { [`${ISSUER}:sub`]: '*:pull_request' } }, true],
  ['a branch that anybody can make', { StringEquals: { [`${ISSUER}:ref`]: 'refs/heads/release' } }, true],
  ['branches by pattern', { StringLike: { [`${ISSUER}:ref`]: 'refs/heads/release/*' } }, true],
  ['another audience', { StringEquals: { [`${ISSUER}:aud`]: 'elsewhere' } }, false],
])('a policy for %s', (_what, condition, expected) => {
  expect(trusts(condition)).toBe(expected);
});

test('another issuer, another action, and a denial trust nobody', () => {
  expect(trusts({}, { Principal: { Federated: iam('oidc-provider', 'gitlab.com') } })).toBe(false);
  expect(trusts({}, { Action: 'sts:AssumeRole' })).toBe(false);
  expect(trusts({}, { Effect: 'Deny' })).toBe(false);
});

const LAB = 'gitlab.com';
test.each<[string, JsonObject, boolean]>([
  ['any branch', { StringLike: { [`${LAB}:sub`]: 'project_path:acme/web/shop:*' } }, true],
  [
    'one branch, in the spelling of GitLab',
    { StringEquals: { [`${LAB}:sub`]: 'project_path:Acme/web/Shop:ref_type:branch:ref:main' } },
    true,
  ],
  ['any project of the group', { StringLike: { [`${LAB}:sub`]: 'project_path:Acme/*' } }, true],
  ['any project at all', {}, true],
  ['an audience, which the pipeline names', { StringEquals: { [`${LAB}:aud`]: 'https://acme' } }, true],
  ['another project', { StringLike: { [`${LAB}:sub`]: 'project_path:acme/web/cart:*' } }, false],
  ['another group', { StringLike: { [`${LAB}:sub`]: 'project_path:other/*' } }, false],
  ['a repository of that name at GitHub', { StringLike: { [`${LAB}:sub`]: 'repo:acme/web/shop:*' } }, false],
])('a policy for GitLab and %s', (_what, condition, expected) => {
  const lab = { Principal: { Federated: iam('oidc-provider', LAB) } };
  expect(trusts(condition, lab, 'gitlab.com/acme/web/shop')).toBe(expected);
  expect(trusts(condition, lab, 'git.example.com/acme/web/shop')).toBe(false);
  expect(trusts(condition, {}, 'gitlab.com/acme/web/shop')).toBe(false);
});
