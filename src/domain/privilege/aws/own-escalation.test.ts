import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import {
  ACCOUNT,
  allow,
  attached,
  bounded,
  deny,
  group,
  iam,
  listing,
  policy,
  resource,
  role,
  SEEN,
  user,
} from './iam-principal.test-sample.ts';

const LISTED = ['iam-role', 'lambda-function', 'rds-instance', 'ec2-instance'].map((type) => listing(type));
const EVERYTHING = allow('*');
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

function told(who: EstateResource, ...others: readonly EstateResource[]) {
  const found = new AwsPrivileges([...LISTED, who, ...others], SEEN).byArn().get(who.facts['Arn'] as string);
  if (found === undefined) throw new Error('nobody');
  return found;
}

const where = (operator: string, key: string, value: string): JsonObject => ({
  Condition: { [operator]: { [key]: value } },
});
/** All is denied but these. */
const allBut = (...actions: readonly string[]): JsonObject => ({
  Effect: 'Deny',
  NotAction: [...actions],
  Resource: '*',
});
const versions = (count: number): JsonObject => ({
  OtherVersions: Array.from({ length: count }, () => ({ Statement: [allow('s3:ListBucket')] })),
});
const withTags = (who: EstateResource, tags: Readonly<Record<string, string>>): EstateResource => ({
  ...who,
  tags,
});
const organisation = resource('organization', 'organization/o-1', { Id: 'o-1', MasterAccountId: ACCOUNT });
const WIDE = policy('wide', [EVERYTHING]);
const SELF = { Resource: iam('user', 'u') };

describe('what acts on oneself', () => {
  test.each<readonly [string, string, EstateResource, ...EstateResource[]]>([
    [
      'the surest of several ways counts, whatever else is not known',
      'P1',
      user('u', [
        allow('iam:PutUserPolicy', where('Bool', 'aws:MultiFactorAuthPresent', 'true')),
        allow('sso:CreateAccountAssignment'),
      ]),
    ],
    ['a role is no user', 'unknown', role('r', {}, [allow('iam:PutUserPolicy')])],
    ['a user is no role', 'unknown', user('u', [allow('iam:PutRolePolicy')])],
    ['an inline policy has no versions', 'unknown', user('u', [allow('iam:CreatePolicyVersion')])],
    [
      'what is about no resource of its own is asked of any',
      'P2',
      user('u', [allow('sso:CreateAccountAssignment', { Resource: 'arn:aws:sso:::*' })]),
      organisation,
    ],
    [
      'a condition on tags of the target finds its own',
      'P1',
      withTags(user('u', [allow('iam:PutUserPolicy', where('StringEquals', 'aws:ResourceTag/team', 'a'))]), {
        team: 'a',
      }),
    ],
    [
      'and none that it has not',
      'none',
      withTags(
        user('u', [
          allow('iam:PutUserPolicy', { ...SELF, ...where('StringEquals', 'aws:ResourceTag/team', 'b') }),
        ]),
        { team: 'a' },
      ),
    ],
    [
      'its own tags are not those of its policy',
      'unknown',
      withTags(
        user(
          'u',
          [allow('iam:CreatePolicyVersion', where('StringEquals', 'aws:ResourceTag/team', 'a'))],
          attached('own'),
        ),
        { team: 'a' },
      ),
      policy('own', []),
    ],
    [
      'a condition on the boundary of the target finds its own',
      'P1',
      user(
        'u',
        [
          allow('iam:PutUserPolicy', {
            ...SELF,
            ...where('StringEquals', 'iam:PermissionsBoundary', iam('policy', 'wide')),
          }),
        ],
        bounded('wide'),
      ),
      WIDE,
    ],
    [
      'which is not that of its group',
      'none',
      user(
        'u',
        [
          allow('iam:PutGroupPolicy', {
            Resource: iam('group', 'g'),
            ...where('StringEquals', 'iam:PermissionsBoundary', iam('policy', 'wide')),
          }),
        ],
        { ...bounded('wide'), GroupList: ['g'] },
      ),
      WIDE,
      group('g', []),
    ],
    ...(
      [
        ['P1', ADMINISTRATOR],
        ['none', iam('policy', 'narrow')],
      ] as const
    ).map(([level, arn]): [string, string, EstateResource, EstateResource] => [
      `a boundary may be replaced by ${arn} alone`,
      level,
      user('u', [EVERYTHING], bounded('narrow')),
      policy('narrow', [
        allow('iam:PutUserPermissionsBoundary', {
          ...SELF,
          ...where('StringEquals', 'iam:PermissionsBoundary', arn),
        }),
      ]),
    ]),
    [
      'a Deny that is attached may be detached',
      'P1',
      user('u', [EVERYTHING], attached('guard')),
      policy('guard', [allBut('iam:DetachUserPolicy')]),
    ],
    [
      'also one of several that are',
      'P1',
      user('u', [EVERYTHING], attached('guard', 'other')),
      policy('guard', [allow('s3:ListBucket'), allBut('iam:DetachUserPolicy')]),
      policy('other', [allow('s3:ListBucket')]),
    ],
    [
      'one that is inline may not be detached',
      'none',
      user('u', [EVERYTHING, allBut('iam:DetachUserPolicy')], attached('other')),
      policy('other', [allow('s3:ListBucket')]),
    ],
    [
      'not with one beside it that may',
      'none',
      user('u', [EVERYTHING, allBut('iam:DetachUserPolicy')], attached('other')),
      policy('other', [deny('s3:DeleteBucket')]),
    ],
    ['but deleted', 'P1', user('u', [EVERYTHING, allBut('iam:DeleteUserPolicy')])],
    [
      'one that is attached may not be deleted so',
      'none',
      user('u', [EVERYTHING], attached('guard')),
      policy('guard', [allBut('iam:DeleteUserPolicy')]),
    ],
    [
      'one of a group is left behind with it',
      'P1',
      user('u', [EVERYTHING], { GroupList: ['g'] }),
      group('g', [allBut('iam:RemoveUserFromGroup')]),
    ],
    [
      'a policy that has room for a version is rewritten',
      'P1',
      user('u', [allow('iam:CreatePolicyVersion', { Resource: iam('policy', 'own') })], attached('own')),
      policy('own', [], versions(3)),
    ],
    [
      'one that has none is not',
      'unknown',
      user('u', [allow('iam:CreatePolicyVersion', { Resource: iam('policy', 'own') })], attached('own')),
      policy('own', [], versions(4)),
    ],
    [
      'unless one may be deleted first',
      'P1',
      user(
        'u',
        [allow(['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion'], { Resource: iam('policy', 'own') })],
        attached('own'),
      ),
      policy('own', [], versions(4)),
    ],
    [
      'an older version that is an administrator is put in force',
      'P1',
      user(
        'u',
        [allow('iam:SetDefaultPolicyVersion', { Resource: iam('policy', 'own') })],
        attached('own', 'other'),
      ),
      policy('own', [], { OtherVersions: [{ Version: '2012-10-17', Statement: [EVERYTHING] }] }),
      policy('other', [allow('s3:ListBucket')]),
    ],
    [
      'one that another policy keeps from being one is not',
      'unknown',
      user(
        'u',
        [allow('iam:SetDefaultPolicyVersion', { Resource: iam('policy', 'own') })],
        attached('own', 'other'),
      ),
      policy('own', [], { OtherVersions: [{ Version: '2012-10-17', Statement: [EVERYTHING] }] }),
      policy('other', [deny(['kms:*', 's3:*', 'secretsmanager:*', 'rds:*', 'dynamodb:*', 'iam:PassRole'])]),
    ],
  ])('%s: %s', (_, level, ...resources) => {
    const [who, ...others] = resources as [EstateResource, ...EstateResource[]];
    expect(told(who, ...others).level).toBe(level);
  });

  test('under a condition that nobody knows names the condition, and nothing of the organisation', () => {
    const condition = where('StringEquals', 'aws:SourceIdentity', 'x');
    expect(told(user('u', [allow('iam:PutUserPolicy', { ...SELF, ...condition })])).missing).toEqual([
      'the conditions under which it may give itself any right with iam:PutUserPolicy on u',
    ]);
  });
});

test('a step that attaches the second of two policies tells the conditions under which it attaches that one', () => {
  const Condition = {
    ArnNotEquals: { 'iam:PolicyARN': ADMINISTRATOR },
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
  };
  const first = role('first', { AWS: `arn:aws:iam::${ACCOUNT}:root` }, []);
  const { level, reasons } = told(
    user('u', [allow('iam:AttachRolePolicy', { Condition }), allow('sts:AssumeRole')]),
    first,
  );
  expect([level, reasons]).toEqual([
    'P2',
    [
      'may give first any right with iam:AttachRolePolicy and become it (needs a session with a second factor)',
    ],
  ]);
});
