import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { type AwsPrivilege, AwsPrivileges } from './aws-privileges.ts';
import {
  ACCOUNT,
  allow,
  deny,
  document,
  iam,
  listing,
  resource,
  role,
  SEEN,
  user,
} from './iam-principal.test-sample.ts';

const OTHER = '222222222222';
const EC2: JsonObject = { Service: 'ec2.amazonaws.com' };

function told(arn: string, ...resources: readonly EstateResource[]): AwsPrivilege | undefined {
  const listings = [listing('iam-role'), listing('iam-role', OTHER)];
  return new AwsPrivileges([...listings, ...resources], SEEN).byArn().get(arn);
}

/** A role as a list of names and rights has it: whom it trusts is not told. */
function untrusting(name: string, statements: readonly JsonObject[], account = ACCOUNT): EstateResource {
  const { facts, ...rest } = role(name, {}, statements, {}, account);
  const { AssumeRolePolicyDocument: _, ...others } = facts;
  return { ...rest, facts: others };
}

test.each<readonly [string, string, JsonObject]>([
  ['its inline policies alone are told, as a state tells them', 'unknown', { UserPolicyList: [] }],
  [
    'an inline one that allows everything is told',
    'P0',
    { UserPolicyList: [{ PolicyName: 'all', PolicyDocument: document(allow('*')) }] },
  ],
  ['what is attached alone is told, as a dump tells it', 'none', { AttachedManagedPolicies: [] }],
  ['nothing is told', 'unknown', {}],
  ['a part is told, and it gives nothing', 'unknown', { AttachedManagedPolicies: [], ArePart: true }],
  [
    'a part is told, and it allows everything',
    'P0',
    {
      UserPolicyList: [{ PolicyName: 'all', PolicyDocument: document(allow('*')) }],
      AttachedManagedPolicies: [],
      ArePart: true,
    },
  ],
])('a user of whose policies %s: %s', (_, level, lists) => {
  const arn = iam('user', 'p');
  const p = resource('iam-user', arn, { Arn: arn, UserName: 'p', GroupList: [], ...lists });
  expect(told(arn, p)?.level).toBe(level);
});

test.each([
  ['iam-group', 'group', 'GroupPolicyList'],
  ['iam-role', 'role', 'RolePolicyList'],
] as const)('an %s of which a part is told has more that nobody told', (type, kind, list) => {
  const arn = iam(kind, 'p');
  const facts = {
    Arn: arn,
    AssumeRolePolicyDocument: document(),
    [list]: [],
    AttachedManagedPolicies: [],
  };
  expect(told(arn, resource(type, arn, facts))?.level).toBe('none');
  expect(told(arn, resource(type, arn, { ...facts, ArePart: true }))).toMatchObject({
    level: 'unknown',
    missing: ['the policies of p: aws iam get-account-authorization-details'],
  });
});

test('a user of a group of which a part is told has more that nobody told', () => {
  const group = resource('iam-group', iam('group', 'g'), {
    Arn: iam('group', 'g'),
    GroupName: 'g',
    AttachedManagedPolicies: [],
    ArePart: true,
  });
  const arn = iam('user', 'p');
  const member = resource('iam-user', arn, { Arn: arn, GroupList: ['g'], AttachedManagedPolicies: [] });
  expect(told(arn, group, member)?.level).toBe('unknown');
});

describe('a role whose trust policy nobody described', () => {
  const boss = untrusting('boss', [allow('*')]);
  const TRUST = 'the trust policy of boss: aws iam get-account-authorization-details';
  const profile = { InstanceProfileList: [{ Arn: iam('instance-profile', 'boss') }] };
  const PASSES = allow('iam:PassRole', { Resource: iam('role', 'boss') });
  test.each<readonly [string, string, ...EstateResource[]]>([
    ['may trust anybody in its account', 'unknown', user('p', []), boss],
    ['and whoever may assume it', 'unknown', user('p', [allow('sts:AssumeRole')]), boss],
    ['but nobody to whom assuming it is denied', 'none', user('p', [deny('sts:AssumeRole')]), boss],
    ['leads to nothing where it has no rights', 'none', user('p', []), untrusting('boss', [])],
    [
      'in another account may trust whoever may assume it',
      'unknown',
      user('p', [allow('sts:AssumeRole')]),
      untrusting('boss', [allow('*')], OTHER),
    ],
    [
      'in another account is nothing to whom nothing is allowed',
      'none',
      user('p', []),
      untrusting('boss', [allow('*')], OTHER),
    ],
  ])('%s: %s', (_, level, ...resources) => {
    const privilege = told(iam('user', 'p'), ...(resources as EstateResource[]));
    expect([privilege?.level, privilege?.missing]).toEqual([level, level === 'unknown' ? [TRUST] : []]);
  });

  test('that is known by its name alone concerns whoever may assume it', () => {
    const named = resource('iam-role', iam('role', 'boss'), { Arn: iam('role', 'boss') });
    const rights = 'the policies of boss: aws iam get-account-authorization-details';
    const may = (resourceOf: string): JsonObject => allow('sts:AssumeRole', { Resource: resourceOf });
    expect(told(iam('user', 'p'), user('p', [may(iam('role', 'boss'))]), named)).toMatchObject({
      level: 'unknown',
      missing: [TRUST, rights],
    });
    expect(told(iam('user', 'p'), user('p', [may(iam('role', 'other'))]), named)?.level).toBe('none');
    expect(told(iam('user', 'p'), user('p', []), named)?.level).toBe('none');
  });

  test.each<readonly [string, string, EstateResource]>([
    ['may be passed to a machine', 'unknown', { ...boss, facts: { ...boss.facts, ...profile } }],
    ['trusts the service', 'P2', role('boss', EC2, [allow('*')], profile)],
    ['trusts another one', 'none', role('boss', { Service: 'ecs.amazonaws.com' }, [allow('*')], profile)],
  ])('%s: %s', (_, level, target) => {
    // Nobody who passes roles may assume them, so that passing alone is what is asked.
    const who = user('p', [PASSES, allow('ec2:RunInstances'), deny('sts:AssumeRole')]);
    expect(told(iam('user', 'p'), who, target)?.level).toBe(level);
  });

  test.each<readonly [string, readonly string[], JsonObject]>([
    ['a pool of Cognito', ['cognito-identity:*'], { Federated: 'cognito-identity.amazonaws.com' }],
    ['a directory', ['iam:UpdateSAMLProvider'], { Federated: iam('saml-provider', 'people') }],
  ])('may trust %s', (_, actions, trust) => {
    const who = user('p', [PASSES, allow(actions), deny('sts:AssumeRole')]);
    expect(told(iam('user', 'p'), who, boss)?.level).toBe('unknown');
    expect(told(iam('user', 'p'), who, role('boss', trust, [allow('*')]))?.level).toBe('P2');
    expect(told(iam('user', 'p'), who, role('boss', EC2, [allow('*')]))?.level).toBe('none');
  });
});

describe('an organisation that keeps its people to its own resources', () => {
  const admin = user('p', [allow('*')]);
  const organisation = resource('organization', 'organization/o-1', {
    Id: 'o-1',
    MasterAccountId: '9'.repeat(12),
  });
  const parent = (child: string, of: string): EstateResource =>
    resource('organization-parent', `parent/${child}`, { Child: child, Parent: of });
  const placed = [parent(ACCOUNT, 'ou-1'), parent('ou-1', 'r-1'), parent(OTHER, 'r-1')];
  const perimeter = (condition: JsonObject): readonly EstateResource[] => [
    resource('organization-policy', 'organization-policy/p-1', {
      Id: 'p-1',
      Type: 'SERVICE_CONTROL_POLICY',
      Document: document(deny('*', { Condition: condition })),
    }),
    resource('organization-policy-target', 'target/p-1', { PolicyId: 'p-1', TargetId: ACCOUNT }),
  ];
  test.each<readonly [string, string, JsonObject]>([
    ['by its id', 'P0', { StringNotEquals: { 'aws:ResourceOrgID': 'o-1' } }],
    ['by the id of who asks', 'P0', { StringNotEquals: { 'aws:ResourceOrgID': `\${aws:PrincipalOrgID}` } }],
    ['by their account', 'P0', { StringNotEquals: { 'aws:ResourceAccount': ACCOUNT } }],
    [
      'by where they stand',
      'P0',
      { 'ForAllValues:StringNotLike': { 'aws:ResourceOrgPaths': 'o-1/r-1/ou-1/*' } },
    ],
    ['by another id', 'none', { StringNotEquals: { 'aws:ResourceOrgID': 'o-2' } }],
    ['by another account', 'none', { StringNotEquals: { 'aws:ResourceAccount': OTHER } }],
    [
      'by where nobody stands',
      'none',
      { 'ForAllValues:StringNotLike': { 'aws:ResourceOrgPaths': 'o-1/r-1/ou-2/*' } },
    ],
    [
      'by where the caller stands',
      'none',
      { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-1/r-1/ou-1/*' } },
    ],
    [
      'by where it does not',
      'P0',
      { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-1/r-1/ou-2/*' } },
    ],
  ])('%s: %s', (_, level, condition) => {
    expect(told(iam('user', 'p'), admin, organisation, ...placed, ...perimeter(condition))?.level).toBe(
      level,
    );
  });

  test('where the way down to the account was not told, what it says stays unknown', () => {
    const condition = { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-1/r-1/*' } };
    expect(told(iam('user', 'p'), admin, organisation, ...perimeter(condition))?.level).toBe('unknown');
    expect(
      told(iam('user', 'p'), admin, organisation, parent(ACCOUNT, 'ou-1'), ...perimeter(condition))?.level,
    ).toBe('unknown');
  });

  test('a role of another of its accounts is one of its own', () => {
    const assumes = user('p', [
      allow('sts:AssumeRole', { Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-1' } } }),
    ]);
    const boss = role('boss', { AWS: ACCOUNT }, [allow('*')], {}, OTHER);
    expect(told(iam('user', 'p'), assumes, organisation, boss)?.level).toBe('P1');
    expect(told(iam('user', 'p'), assumes, boss)?.level).toBe('unknown');
  });
});

test('of the roles of several accounts each is asked about where it stands', () => {
  const parent = (child: string, of: string): EstateResource =>
    resource('organization-parent', `parent/${child}`, { Child: child, Parent: of });
  const placed = [
    resource('organization', 'organization/o-1', { Id: 'o-1' }),
    ...[parent(ACCOUNT, 'ou-1'), parent('ou-1', 'r-1'), parent(OTHER, 'r-1')],
  ];
  const within = { 'ForAnyValue:StringLike': { 'aws:ResourceOrgPaths': 'o-1/r-1/ou-1/*' } };
  const who = user('p', [allow('sts:AssumeRole', { Condition: within })]);
  const open = (name: string, account: string, ...statements: readonly JsonObject[]) =>
    role(name, { AWS: ACCOUNT }, statements, {}, account);
  const levelBeside = (...roles: readonly EstateResource[]) =>
    told(iam('user', 'p'), who, ...placed, ...roles)?.level;
  const boss = open('boss', ACCOUNT, allow('*'));
  const foreign = open('boss', OTHER, allow('*'));
  expect([levelBeside(open('a', OTHER), boss), levelBeside(boss, open('a', OTHER))]).toEqual(['P1', 'P1']);
  expect([levelBeside(open('a', ACCOUNT), foreign), levelBeside(foreign, open('a', ACCOUNT))]).toEqual([
    'none',
    'none',
  ]);
});

test('a variable that stands for a tag of what is done something to is filled in for each of them', () => {
  const tagged = (name: string, team: string, statements: readonly JsonObject[]): EstateResource => ({
    ...role(name, { AWS: ACCOUNT }, statements),
    tags: { team },
  });
  const own: JsonObject = { StringEquals: { 'aws:PrincipalTag/team': `\${aws:ResourceTag/team}` } };
  const who = { ...user('p', [allow('sts:AssumeRole', { Condition: own })]), tags: { team: 'web' } };
  const roles = (ofBoss: string) => [tagged('a', 'data', []), tagged('boss', ofBoss, [allow('*')])];
  expect(told(iam('user', 'p'), who, ...roles('web'))?.level).toBe('P1');
  expect(told(iam('user', 'p'), who, ...roles('data'))?.level).toBe('none');
});

describe('a machine that only an endpoint of Instance Connect leads to', () => {
  const region = 'eu-west-1';
  const inNetwork = { VpcId: 'vpc-1', State: { Name: 'running' } };
  const machine = resource(
    'ec2-instance',
    `arn:aws:ec2:${region}:${ACCOUNT}:instance/i-1`,
    { InstanceId: 'i-1', IamInstanceProfile: { Arn: iam('instance-profile', 'boss') }, ...inNetwork },
    { region },
  );
  const boss = role('boss', EC2, [allow('*')], {
    InstanceProfileList: [{ Arn: iam('instance-profile', 'boss') }],
  });
  const who = user('p', [
    allow(['ec2-instance-connect:SendSSHPublicKey', 'ec2-instance-connect:OpenTunnel']),
  ]);
  const endpoint = (more: JsonObject): EstateResource =>
    resource(
      'instance-connect-endpoint',
      `arn:aws:ec2:${region}:${ACCOUNT}:instance-connect-endpoint/e`,
      more,
      { region },
    );
  const listed = { ...listing('instance-connect-endpoint'), region };
  test.each<readonly [string, string, ...EstateResource[]]>([
    ['in its network', 'P2', listed, endpoint({ VpcId: 'vpc-1', State: 'create-complete' })],
    ['in another network', 'unknown', listed, endpoint({ VpcId: 'vpc-2', State: 'create-complete' })],
    ['that is gone', 'unknown', listed, endpoint({ VpcId: 'vpc-1', State: 'delete-complete' })],
    ['of which none is there', 'unknown', listed],
    ['of which nobody told', 'unknown'],
    // Whether it can be reached over the network stays open without one.
  ])('%s: %s', (_, level, ...resources) => {
    expect(told(iam('user', 'p'), who, machine, boss, ...(resources as EstateResource[]))?.level).toBe(level);
  });
});
