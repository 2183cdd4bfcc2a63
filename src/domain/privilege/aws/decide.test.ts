import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { PolicyFacts } from '../../resource/facts/fact-shape.ts';
import type { Caller, Question } from './caller.ts';
import { type Answer, decide, type ResourceSide } from './decide.ts';
import { allow, deny, document, iam } from './iam-principal.test-sample.ts';
import { type CompiledStatement, PolicyCompiler } from './policy-document.ts';

const ACCOUNT = '111111111111';
const OTHER = '222222222222';
const NOW = Date.UTC(2026, 9, 1);
const USER: Caller = {
  arn: iam('user', 'ann'),
  account: ACCOUNT,
  kind: 'user',
  name: 'ann',
  uniqueId: 'AIDA1',
  tags: { team: 'web' },
  choosesItsTags: false,
  isBounded: false,
  organisation: 'o-1',
};
const ROLE: Caller = { ...USER, arn: iam('role', 'app'), kind: 'role', name: 'app', uniqueId: 'AROA1' };
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/app/s`;
const OBJECT = 'arn:aws:s3:::logs/ann/a';

interface Asked {
  readonly caller?: Caller;
  readonly identity?: readonly JsonObject[];
  readonly version?: string;
  readonly boundary?: readonly JsonObject[];
  readonly controls?: readonly (readonly JsonObject[])[];
  /** None where nothing is said. */
  readonly resourcePolicy?: readonly JsonObject[] | 'undescribed';
  readonly account?: string;
  readonly grants?: readonly JsonObject[];
  readonly resourceControls?: readonly JsonObject[];
  readonly action?: string;
  readonly resource?: string;
  readonly missing?: readonly string[];
}

function answer(asked: Asked): Answer {
  const compiler = new PolicyCompiler();
  const compile = (statements: readonly JsonObject[], version = '2012-10-17'): readonly CompiledStatement[] =>
    compiler.compile({ ...document(...statements), Version: version } as unknown as PolicyFacts).statements;
  const caller = { ...(asked.caller ?? USER), isBounded: asked.boundary !== undefined };
  const question: Question = {
    caller,
    action: (asked.action ?? 's3:GetObject').toLowerCase(),
    resource: asked.resource ?? OBJECT,
    target: {
      arn: asked.resource ?? OBJECT,
      account: asked.account ?? ACCOUNT,
      tags: { team: 'web' },
      boundary: null,
      isTaggable: false,
    },
    request: new Map(),
    now: NOW,
  };
  const side: ResourceSide = {
    account: asked.account ?? ACCOUNT,
    policy:
      asked.resourcePolicy === undefined
        ? null
        : asked.resourcePolicy === 'undescribed'
          ? undefined
          : compiler.compile(document(...asked.resourcePolicy) as unknown as PolicyFacts),
    command: 'aws s3api get-bucket-policy',
    missing: [],
    grants: compile(asked.grants ?? []),
    controls: asked.resourceControls === undefined ? [] : [compile(asked.resourceControls)],
  };
  const rights = {
    caller,
    identity: compile(asked.identity ?? [], asked.version),
    boundary: asked.boundary === undefined ? null : compile(asked.boundary),
    controls: (asked.controls ?? []).map((level) => compile(level)),
    missing: asked.missing ?? [],
  };
  return decide(rights, question, side);
}

const when = (operator: string, key: string, ...values: readonly string[]): JsonObject => ({
  Condition: { [operator]: { [key]: [...values] } },
});
const get = (more: JsonObject = {}): readonly JsonObject[] => [allow('s3:GetObject', more)];
const to = (principal: JsonObject | string, more: JsonObject = {}): readonly JsonObject[] => [
  { ...allow('*', more), Principal: principal },
];

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

describe('what is told with an answer', () => {
  const named = (Sid: string, statement: JsonObject): JsonObject => ({ ...statement, Sid });
  const from = when('IpAddress', 'aws:SourceIp', '10.0.0.0/8');
  const unknown = when('StringEquals', 'x:y', 'z');
  const everything = named('all', allow('*'));
  const onPath = (effect: typeof allow) =>
    effect('*', { Resource: `arn:aws:s3:::logs/\${aws:SourceIdentity}/*` });

  test.each<readonly [string, Asked, object]>([
    [
      'an Allow: the statements that apply',
      { identity: [named('one', allow('s3:*')), named('two', allow('ec2:*')), everything] },
      { is: 'allow', by: ['one', 'all'] },
    ],
    [
      'of the resource too',
      {
        identity: [everything],
        resourcePolicy: [
          named('bucket', { ...allow('*'), Principal: '*' }),
          named('others', { ...allow('*'), Principal: { AWS: OTHER } }),
          named('not', { ...deny('*', when('StringEquals', 'aws:username', 'bob')), Principal: '*' }),
        ],
      },
      { is: 'allow', by: ['all', 'bucket'] },
    ],
    [
      'those that apply most certainly',
      { identity: [named('from', allow('s3:*', from)), everything] },
      { is: 'allow', by: ['all'] },
    ],
    [
      'a Deny: the statements that deny',
      {
        identity: [
          everything,
          named('no', deny('s3:*')),
          named('nor', deny('s3:*', from)),
          named('never', deny('ec2:*')),
        ],
      },
      { is: 'deny', by: ['no'] },
    ],
    ['nothing that allows', {}, { is: 'deny', by: [] }],
    [
      'a condition of an Allow',
      { identity: [named('from', allow('s3:*', from))] },
      {
        is: 'conditional',
        by: ['from'],
        residue: [{ statement: 'from', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a condition that nobody knows',
      { identity: [named('x', allow('s3:*', unknown))] },
      { is: 'conditional', by: ['x'], residue: [{ statement: 'x', key: 'x:y', is: 'undecided' }] },
    ],
    [
      'a condition of a Deny',
      { identity: [everything, named('no', deny('*', from))] },
      {
        is: 'conditional',
        by: ['all'],
        residue: [{ statement: 'no', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a condition of the policy in another account, beside an Allow without any',
      {
        identity: [everything],
        account: OTHER,
        resourcePolicy: [{ ...named('there', allow('s3:*', from)), Principal: { AWS: USER.arn } }],
      },
      {
        is: 'conditional',
        by: ['all'],
        residue: [{ statement: 'there', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a condition of the boundary',
      { identity: [everything], boundary: [named('cap', allow('s3:*', from))] },
      {
        is: 'conditional',
        by: ['all'],
        residue: [{ statement: 'cap', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a condition of a control policy',
      { identity: [everything], controls: [[named('guard', allow('s3:*', from))]] },
      {
        is: 'conditional',
        by: ['all'],
        residue: [{ statement: 'guard', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'no condition of a Deny that is about somebody else',
      {
        identity: [
          named('from', allow('s3:*', from)),
          named('no', deny('*', { Condition: { StringEquals: { 'aws:username': 'bob', 'x:y': 'z' } } })),
        ],
      },
      {
        is: 'conditional',
        by: ['from'],
        residue: [{ statement: 'from', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a condition of a key that names the caller, beside one for its account',
      {
        caller: ROLE,
        action: 'kms:Decrypt',
        resourcePolicy: [
          { ...named('key', allow('kms:*', from)), Principal: { AWS: ROLE.arn } },
          { ...named('root', allow('kms:*', unknown)), Principal: { AWS: ROOT } },
        ],
      },
      {
        is: 'conditional',
        by: ['key'],
        residue: [{ statement: 'key', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a condition of a key that names the caller, which needs nothing of its own',
      {
        action: 'kms:Decrypt',
        identity: [named('own', allow('kms:*', from))],
        resourcePolicy: [
          { ...named('key', allow('kms:*', from)), Principal: { AWS: USER.arn } },
          { ...named('root', allow('kms:*')), Principal: { AWS: ROOT } },
        ],
      },
      {
        is: 'conditional',
        by: ['root'],
        residue: [{ statement: 'key', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a grant of a key in another account',
      {
        action: 'kms:Decrypt',
        account: OTHER,
        resourcePolicy: [],
        grants: [{ ...named('granted', allow('kms:*')), Principal: { AWS: USER.arn } }],
      },
      { is: 'allow', by: ['granted'] },
    ],
    [
      'a grant of a key, and what denies it somewhere',
      {
        action: 'kms:Decrypt',
        identity: [named('x', allow('kms:*', unknown)), named('no', deny('*', from))],
        resourcePolicy: 'undescribed',
        grants: [{ ...named('granted', allow('kms:*')), Principal: { AWS: USER.arn } }],
      },
      {
        is: 'conditional',
        by: ['granted'],
        residue: [{ statement: 'no', key: 'aws:sourceip', is: 'environment' }],
      },
    ],
    [
      'a variable that nobody knows',
      { identity: [named('path', onPath(allow))] },
      {
        is: 'conditional',
        by: ['path'],
        residue: [{ statement: 'path', key: 'a variable in its resources', is: 'undecided' }],
      },
    ],
    [
      'a variable of a Deny',
      { identity: [everything, named('path', onPath(deny))] },
      {
        is: 'conditional',
        by: ['all'],
        residue: [{ statement: 'path', key: 'a variable in its resources', is: 'undecided' }],
      },
    ],
    [
      'a Deny that may not spare the caller',
      {
        identity: [everything],
        resourcePolicy: [named('others', { ...deny('*'), NotPrincipal: { AWS: USER.arn } })],
      },
      {
        is: 'conditional',
        by: ['all'],
        residue: [{ statement: 'others', key: 'the principals that it spares', is: 'undecided' }],
      },
    ],
    [
      'what was not described',
      { identity: [everything], missing: ['the boundary'] },
      { is: 'unknown', by: ['all'], missing: ['the boundary'] },
    ],
    [
      'what was not described, where it is denied anyway',
      { identity: [everything, named('no', deny('*'))], missing: ['the boundary'] },
      { is: 'deny', by: ['no'] },
    ],
    [
      'a policy of another account that was not described',
      { identity: [everything], account: OTHER, resourcePolicy: 'undescribed' },
      { is: 'unknown', by: ['all'], missing: ['aws s3api get-bucket-policy'] },
    ],
    [
      'a policy of its own account that was not described',
      { identity: [everything], resourcePolicy: 'undescribed' },
      { is: 'allow', by: ['all'] },
    ],
    [
      'a policy of its own account that was not described, where nothing else allows',
      { resourcePolicy: 'undescribed' },
      { is: 'unknown', by: [], missing: ['aws s3api get-bucket-policy'] },
    ],
    [
      'a key of its own account that was not described',
      { identity: [everything], action: 'kms:Decrypt', resourcePolicy: 'undescribed' },
      { is: 'unknown', by: ['all'], missing: ['aws s3api get-bucket-policy'] },
    ],
    [
      'a bucket of another account without a policy',
      { identity: [everything], account: OTHER },
      { is: 'deny', by: [] },
    ],
  ])('%s', (_, asked, expected) => {
    // Before the name of a statement stands the hash of its document.
    expect(JSON.parse(JSON.stringify(answer(asked)).replace(/\b[0-9a-f]{16}#/g, ''))).toEqual(expected);
  });
});
