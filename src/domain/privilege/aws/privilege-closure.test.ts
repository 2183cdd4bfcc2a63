import { describe, expect, test } from 'vitest';
import type { EstateResource } from '../../risk/estate.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import {
  allow,
  bounded,
  group,
  iam,
  listing,
  policy,
  role,
  SEEN,
  user,
} from './iam-principal.test-sample.ts';

const LISTED = ['iam-role', 'lambda-function', 'rds-instance'].map((type) => listing(type));
const EC2 = { Service: 'ec2.amazonaws.com' };
const LAMBDA = { Service: 'lambda.amazonaws.com' };
const trustOf = (name: string) => ({ AWS: iam('role', name) });
const ofUser = (name: string) => ({ AWS: iam('user', name) });
const RUNS = ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'];
const BOSS = role('boss', EC2, [allow('*')]);

/** What is said of somebody: level and first reason. */
function told(arn: string, ...resources: readonly EstateResource[]): readonly (string | undefined)[] {
  const found = new AwsPrivileges([...LISTED, ...resources], SEEN).byArn().get(arn);
  return [found?.level, found?.reasons[0]];
}

const level = (name: string, ...resources: readonly EstateResource[]): string | undefined =>
  told(iam('user', name), ...resources)[0];

describe('steps that lead to somebody privileged', () => {
  const chain = [
    user('u', []),
    role('one', ofUser('u'), []),
    role('two', trustOf('one'), []),
    role('three', trustOf('two'), []),
  ];

  test.each<readonly [string, readonly string[]]>([
    [iam('role', 'three'), ['P1', 'may assume end']],
    [iam('role', 'two'), ['P2', 'may assume three, one step from an administrator']],
    [iam('role', 'one'), ['P2', 'may assume two, 2 steps from an administrator']],
    [iam('user', 'u'), ['P2', 'may assume one, 3 steps from an administrator']],
  ])('are counted up to an administrator: %s', (arn, expected) => {
    expect(told(arn, ...chain, role('end', trustOf('three'), [allow('*')]))).toEqual(expected);
  });

  test.each<readonly [string, readonly string[]]>([
    [iam('role', 'three'), ['P3', 'may assume end']],
    [iam('role', 'two'), ['P3', 'may assume three, one step from somebody who reads all data of a kind']],
    [iam('user', 'u'), ['P3', 'may assume one, 3 steps from somebody who reads all data of a kind']],
  ])('are counted up to who reads all data of a kind: %s', (arn, expected) => {
    const [at, reason] = told(arn, ...chain, role('end', trustOf('three'), [allow('s3:GetObject')]));
    expect([at, reason]).toEqual([expected[0], expect.stringContaining(expected[1] as string)]);
  });

  test('may be of any kind behind the first', () => {
    const first = role('first', LAMBDA, [
      allow('iam:UpdateAssumeRolePolicy', { Resource: iam('role', 'boss') }),
    ]);
    const world = [user('u', [allow(RUNS)]), first, BOSS];
    expect(told(iam('role', 'first'), ...world)[0]).toBe('P1');
    expect(told(iam('user', 'u'), ...world)[0]).toBe('P2');
    const second = role('second', trustOf('third'), [allow(RUNS, { Resource: '*' })]);
    const runner = role('runner', LAMBDA, [allow('*')]);
    const others = [user('v', []), role('third', ofUser('v'), []), second, runner];
    expect(told(iam('role', 'second'), ...others)[0]).toBe('P2');
    expect(level('v', ...others)).toBe('P2');
  });

  test('lead there for everybody who has them, whoever else has them too', () => {
    const raises = (name: string, ...more: readonly string[]): EstateResource =>
      user(name, [
        allow(['iam:PutUserPolicy', 'iam:CreateAccessKey'], { Resource: iam('user', 'other') }),
        ...more.map((action) => allow(action)),
      ]);
    const world = [
      raises('u'),
      raises('v', 'ec2:StartInstances'),
      raises('w', 'ec2:StopInstances'),
      user('other', []),
    ];
    expect(['u', 'v', 'w'].map((name) => level(name, ...world))).toEqual(['P2', 'P2', 'P2']);
  });

  test('lead to one who is in several groups of targets, by each of them', () => {
    const retrusts = (name: string, ...roles: readonly string[]): EstateResource =>
      user(name, [allow('iam:UpdateAssumeRolePolicy', { Resource: roles.map((each) => iam('role', each)) })]);
    const world = [
      retrusts('u', 'boss', 'small'),
      retrusts('v', 'boss'),
      retrusts('w', 'boss', 'tiny'),
      BOSS,
      role('small', EC2, []),
      role('tiny', EC2, []),
    ];
    expect(['u', 'v', 'w'].map((name) => level(name, ...world))).toEqual(['P1', 'P1', 'P1']);
  });

  test('into a group stay within the own boundary, on every step', () => {
    const admins = group('admins', [allow('*')]);
    const narrow = policy('narrow', [allow('iam:AddUserToGroup')]);
    const wide = policy('wide', [allow('*')]);
    const joins = allow('iam:AddUserToGroup', { Resource: iam('group', 'admins') });
    const level = (boundary: string): string | undefined =>
      told(iam('user', 'u'), user('u', [joins], bounded(boundary)), admins, narrow, wide)[0];
    expect([level('wide'), level('narrow')]).toEqual(['P1', 'unknown']);
    const near = group('near', [allow('iam:UpdateAssumeRolePolicy', { Resource: iam('role', 'boss') })]);
    const joinsNear = allow('iam:AddUserToGroup', { Resource: iam('group', 'near') });
    const later = (boundary: string): string | undefined =>
      told(iam('user', 'u'), user('u', [joinsNear], bounded(boundary)), near, narrow, wide, BOSS)[0];
    expect([later('wide'), later('narrow')]).toEqual(['P2', 'unknown']);
  });
});
