import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  ACCOUNT,
  type Asked,
  answer,
  get,
  OTHER,
  ROLE,
  ROOT,
  SESSION,
  to,
  USER,
  when,
} from './decide.asked.test-sample.ts';
import type { Answer } from './decide.ts';
import { allow, deny, iam } from './iam-principal.test-sample.ts';

describe('the order of decisions', () => {
  test.each<readonly [string, Answer['is'], Asked]>([
    ['nothing allows', 'deny', {}],
    ['an identity policy allows', 'allow', { identity: get() }],
    ['1: a Deny in an identity policy', 'deny', { identity: [...get(), deny('s3:*')] }],
    [
      '1: a Deny in the resource policy',
      'deny',
      { identity: get(), resourcePolicy: [{ ...deny('*'), Principal: '*' }] },
    ],
    [
      '1: a Deny in the resource policy for somebody else',
      'allow',
      { identity: get(), resourcePolicy: [{ ...deny('*'), Principal: { AWS: iam('user', 'bob') } }] },
    ],
    ['1: a Deny in the boundary', 'deny', { identity: get(), boundary: [allow('*'), deny('s3:*')] }],
    ['1: a Deny in a control policy', 'deny', { identity: get(), controls: [[allow('*'), deny('s3:*')]] }],
    [
      '1: a Deny in a resource control policy',
      'deny',
      { identity: get(), resourceControls: [{ ...allow('*') }, { ...deny('s3:*'), Principal: '*' }] },
    ],
    [
      '2: a resource control policy that does not allow',
      'deny',
      { identity: get(), resourceControls: [allow('kms:*')] },
    ],
    [
      '3: each level of control policies must allow',
      'deny',
      { identity: get(), controls: [[allow('*')], [allow('ec2:*')]] },
    ],
    [
      '4: a resource policy that names the user passes its boundary',
      'allow',
      { boundary: [allow('ec2:*')], resourcePolicy: to({ AWS: USER.arn }) },
    ],
    [
      '4: one that names the role does not',
      'deny',
      { caller: ROLE, boundary: [allow('ec2:*')], resourcePolicy: to({ AWS: ROLE.arn }) },
    ],
    [
      '4: one that names a session of the role does',
      'allow',
      {
        caller: ROLE,
        boundary: [allow('ec2:*')],
        resourcePolicy: to({ AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/app/s` }),
      },
    ],
    [
      '4: one that names the account leaves it to identity policies',
      'deny',
      { resourcePolicy: to({ AWS: `arn:aws:iam::${ACCOUNT}:root` }) },
    ],
    [
      '4: almost nothing in the identity policy, and the bucket’s grants',
      'allow',
      { identity: [allow('s3:ListAllMyBuckets')], resourcePolicy: to({ AWS: USER.arn }) },
    ],
    [
      '4: the bucket’s denies all but somebody else',
      'deny',
      {
        identity: [allow('*')],
        resourcePolicy: [{ ...deny('*'), NotPrincipal: { AWS: iam('user', 'bob') } }],
      },
    ],
    ...(
      [
        ['the caller and its account', 'allow', USER, [USER.arn, ROOT]],
        ['the caller and its account by number', 'allow', USER, [USER.arn, ACCOUNT]],
        ['the caller alone', 'conditional', USER, [USER.arn]],
        ['the account alone', 'deny', USER, [ROOT]],
        ['somebody else of the account', 'deny', USER, [iam('user', 'bob'), ROOT]],
        ['the caller and another account', 'conditional', USER, [USER.arn, OTHER]],
        ['everybody', 'allow', USER, ['*']],
        ['a role, a session of it and their account', 'allow', ROLE, [ROLE.arn, SESSION, ROOT]],
        ['a role alone, and nothing certain of its sessions', 'conditional', ROLE, [ROLE.arn]],
        ['a role and its account', 'conditional', ROLE, [ROLE.arn, ROOT]],
        ['a session and its account', 'conditional', ROLE, [SESSION, ROOT]],
        ['a role and its session', 'conditional', ROLE, [ROLE.arn, SESSION]],
        ['the account of a role', 'deny', ROLE, [ROOT]],
      ] as const
    ).map(([whom, is, caller, AWS]): [string, Answer['is'], Asked] => [
      `1: a Deny that spares ${whom}`,
      is,
      { caller, identity: get(), resourcePolicy: [{ ...deny('*'), NotPrincipal: { AWS: [...AWS] } }] },
    ]),
    [
      '1: NotPrincipal always denies who has a boundary',
      'deny',
      {
        identity: get(),
        boundary: [allow('*')],
        resourcePolicy: [{ ...deny('*'), NotPrincipal: { AWS: [USER.arn, ROOT] } }],
      },
    ],
    ['6: the boundary does not allow', 'deny', { identity: get(), boundary: [allow('ec2:*')] }],
    [
      '6: a boundary that nobody described',
      'unknown',
      { identity: get(), missing: ['permissions boundary'] },
    ],
    [
      '8: another account, both sides',
      'allow',
      { identity: get(), account: OTHER, resourcePolicy: to({ AWS: ACCOUNT }) },
    ],
    ['8: another account, only the identity side', 'deny', { identity: get(), account: OTHER }],
    [
      '8: another account, only the resource side',
      'deny',
      { account: OTHER, resourcePolicy: to({ AWS: USER.arn }) },
    ],
    [
      '8: another account whose policy nobody described',
      'unknown',
      { identity: get(), account: OTHER, resourcePolicy: 'undescribed' },
    ],
    [
      '8: another account whose policy nobody described, without the identity side',
      'deny',
      { account: OTHER, resourcePolicy: 'undescribed' },
    ],
    [
      '4: a policy that nobody described may name whom nothing else allows',
      'unknown',
      { resourcePolicy: 'undescribed' },
    ],
    [
      '4: and is not needed where an identity policy allows',
      'allow',
      { identity: get(), resourcePolicy: 'undescribed' },
    ],
    [
      '1: a Deny decides where a policy was not described too',
      'deny',
      { identity: [deny('s3:*')], resourcePolicy: 'undescribed' },
    ],
    [
      '3: and so does a level of control policies that does not allow',
      'deny',
      { controls: [[allow('ec2:*')]], resourcePolicy: 'undescribed' },
    ],
    [
      '9: a trust policy that nobody described',
      'unknown',
      { action: 'sts:AssumeRole', resourcePolicy: 'undescribed' },
    ],
    [
      '9: the same for whoever may assume it by its own policies',
      'unknown',
      { identity: [allow('sts:*')], action: 'sts:AssumeRole', resourcePolicy: 'undescribed' },
    ],
    [
      '9: a key whose policy does not name the account',
      'deny',
      { identity: [allow('kms:*')], action: 'kms:Decrypt', resourcePolicy: to({ AWS: iam('user', 'bob') }) },
    ],
    [
      '9: a key whose policy delegates',
      'allow',
      {
        identity: [allow('kms:*')],
        action: 'kms:Decrypt',
        resourcePolicy: to({ AWS: `arn:aws:iam::${ACCOUNT}:root` }),
      },
    ],
    [
      '9: a trust policy that names the caller suffices',
      'allow',
      {
        action: 'sts:AssumeRole',
        resourcePolicy: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: USER.arn } }],
      },
    ],
    [
      '9: one that names the account does not',
      'deny',
      {
        action: 'sts:AssumeRole',
        resourcePolicy: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ACCOUNT } }],
      },
    ],
  ])('%s: %s', (_, is, asked) => {
    expect(answer(asked).is).toBe(is);
  });

  test('names the statements that decide', () => {
    expect(answer({ identity: get({ Sid: 'Read' }) })).toEqual({
      is: 'allow',
      by: [expect.stringMatching(/^[0-9a-f]{16}#Read$/)],
    });
    expect(answer({ identity: [...get(), deny('s3:*', { Sid: 'Stop' })] })).toEqual({
      is: 'deny',
      by: [expect.stringMatching(/#Stop$/)],
    });
    expect(answer({ identity: get(when('Bool', 'aws:MultiFactorAuthPresent', 'true')) })).toMatchObject({
      is: 'conditional',
      residue: [{ key: 'aws:multifactorauthpresent', is: 'environment' }],
    });
    expect(answer({ identity: get(), account: OTHER, resourcePolicy: 'undescribed' })).toMatchObject({
      missing: ['aws s3api get-bucket-policy'],
    });
  });
});

describe('a statement', () => {
  test.each<readonly [string, Answer['is'], Asked]>([
    ['actions in any case, with wildcards', 'allow', { identity: [allow('S3:get?bject')] }],
    ['resources in their own case', 'deny', { identity: get({ Resource: 'arn:aws:s3:::LOGS/*' }) }],
    ['a star crosses colons and slashes', 'allow', { identity: get({ Resource: 'arn:*/a' }) }],
    [
      'NotAction grants everything else',
      'allow',
      { identity: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }] },
    ],
    [
      'NotResource',
      'deny',
      { identity: [{ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::logs/*' }] },
    ],
    [
      'an action without resources matches a bare star',
      'allow',
      { action: 'ec2:DescribeInstances', resource: '*', identity: [allow('ec2:*')] },
    ],
    [
      'and nothing narrower',
      'deny',
      {
        action: 'ec2:DescribeInstances',
        resource: '*',
        identity: [allow('ec2:*', { Resource: 'arn:aws:ec2:*:*:instance/*' })],
      },
    ],
    [
      'whatever it is asked of',
      'deny',
      {
        action: 'ec2:DescribeInstances',
        resource: `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-1`,
        identity: [allow('ec2:*', { Resource: 'arn:aws:ec2:*:*:instance/*' })],
      },
    ],
    [
      'a variable is filled in',
      'allow',
      { identity: get({ Resource: `arn:aws:s3:::logs/\${aws:username}/*` }) },
    ],
    [
      'not in version 2008-10-17',
      'deny',
      { version: '2008-10-17', identity: get({ Resource: `arn:aws:s3:::logs/\${aws:username}/*` }) },
    ],
    [
      'nor where no version is named',
      'deny',
      { version: null, identity: get({ Resource: `arn:aws:s3:::logs/\${aws:username}/*` }) },
    ],
    [
      'a variable that is absent never matches',
      'deny',
      { caller: ROLE, identity: get({ Resource: `arn:aws:s3:::logs/\${aws:username}*` }) },
    ],
    [
      'unless it has a default',
      'allow',
      { caller: ROLE, identity: get({ Resource: `arn:aws:s3:::logs/\${aws:username, 'ann'}/*` }) },
    ],
    [
      'a variable that nobody knows opens an Allow',
      'conditional',
      { identity: get({ Resource: `arn:aws:s3:::logs/\${aws:SourceIdentity}/*` }) },
    ],
    [
      'and leaves a Deny open',
      'conditional',
      { identity: [...get(), deny('*', { Resource: `arn:aws:s3:::logs/\${aws:SourceIdentity}/*` })] },
    ],
  ])('%s: %s', (_, is, asked) => {
    expect(answer(asked).is).toBe(is);
  });
});

describe('a condition', () => {
  test.each<readonly [string, Answer['is'], JsonObject]>([
    ['decidable and met', 'allow', when('StringEquals', 'aws:PrincipalTag/team', 'web')],
    ['decidable and not met', 'deny', when('StringEquals', 'aws:PrincipalTag/team', 'admins')],
    ['the organisation', 'allow', when('StringEquals', 'aws:PrincipalOrgID', 'o-1')],
    ['a tag of the resource', 'allow', when('StringEquals', 'aws:ResourceTag/team', 'web')],
    ['chosen by the caller', 'allow', when('StringEquals', 'aws:RequestTag/x', 'y')],
    ['of the surroundings', 'conditional', when('IpAddress', 'aws:SourceIp', '10.0.0.0/8')],
    ['an address that is any', 'allow', when('IpAddress', 'aws:SourceIp', '0.0.0.0/0')],
    ['a key that nobody knows', 'conditional', when('StringEquals', 'x:y', 'z')],
    ['an operator that nobody knows', 'conditional', when('StringSounds', 'aws:username', 'ann')],
    ['IfExists on an absent key', 'allow', when('StringEqualsIfExists', 'aws:PrincipalTag/none', 'x')],
    ['an absent key', 'deny', when('StringEquals', 'aws:PrincipalTag/none', 'x')],
    ['a negated operator on an absent key', 'allow', when('StringNotEquals', 'aws:PrincipalTag/none', 'x')],
    [
      'ForAllValues on an absent key',
      'allow',
      when('ForAllValues:StringEquals', 'aws:PrincipalTag/none', 'x'),
    ],
    [
      'ForAnyValue on an absent key',
      'deny',
      when('ForAnyValue:StringNotEquals', 'aws:PrincipalTag/none', 'x'),
    ],
    ['Null: true on an absent key', 'allow', when('Null', 'aws:PrincipalTag/none', 'true')],
    ['Null: false on an absent key', 'deny', when('Null', 'aws:PrincipalTag/none', 'false')],
    ['letters of another case', 'allow', when('StringEqualsIgnoreCase', 'aws:username', 'ANN')],
    [
      'ArnLike whose star would have to cross a colon',
      'deny',
      when('ArnLike', 'aws:PrincipalArn', 'arn:*:user/ann'),
    ],
    ['StringLike whose star crosses it', 'allow', when('StringLike', 'aws:PrincipalArn', 'arn:*:user/ann')],
    ['one of several values', 'allow', when('StringEquals', 'aws:username', 'bob', 'ann')],
    ['none of several values', 'deny', when('StringNotEquals', 'aws:username', 'bob', 'ann')],
    [
      'several keys, all of them',
      'deny',
      { Condition: { StringEquals: { 'aws:username': 'ann', 'aws:PrincipalTag/team': 'x' } } },
    ],
    ['a date in the past', 'deny', when('DateLessThan', 'aws:CurrentTime', '2020-01-01T00:00:00Z')],
    ['a date to come', 'allow', when('DateLessThan', 'aws:CurrentTime', '2030-01-01T00:00:00Z')],
  ])('%s: %s', (_, is, condition) => {
    expect(answer({ identity: get(condition) }).is).toBe(is);
  });

  test.each<readonly [string, Answer['is'], JsonObject]>([
    ['that is met', 'deny', when('StringEquals', 'aws:username', 'ann')],
    ['that the caller avoids', 'allow', when('StringEquals', 'aws:RequestTag/x', 'y')],
    ['of the surroundings', 'conditional', when('BoolIfExists', 'aws:MultiFactorAuthPresent', 'false')],
    ['that nobody knows', 'conditional', when('StringEquals', 'x:y', 'z')],
  ])('of a Deny %s: %s', (_, is, condition) => {
    expect(answer({ identity: [...get(), deny('*', condition)] }).is).toBe(is);
  });
});
