import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { AwsEstate } from '../exposure/aws-estate.ts';
import {
  ACCOUNT,
  allow,
  group,
  iam,
  listing,
  resource,
  role,
  SEEN,
  user,
} from '../privilege/aws/iam-principal.test-sample.ts';
import {
  AWS_PRIVILEGE_TYPES,
  awsPrivilegedAccess,
  hasIdentity,
  type KnownPrivileges,
  NO_PRIVILEGES,
  privilegesOf,
} from './aws-privileged-access.ts';
import type { EstateResource } from './estate.ts';

const LAMBDA = { Service: 'lambda.amazonaws.com' };
const ADMIN = role('admin', LAMBDA, [allow('*')]);
const READER = role('reader', LAMBDA, [allow('s3:GetObject')]);
const DEPLOYER = role('deployer', LAMBDA, [allow('iam:PassRole')]);
const NOBODY = role('nobody', LAMBDA, [allow('ec2:DescribeInstances')]);
const UNTOLD = role('untold', LAMBDA, [], {
  AttachedManagedPolicies: [{ PolicyArn: iam('policy', 'untold') }],
});
const ROLES = [ADMIN, READER, DEPLOYER, NOBODY, UNTOLD];
const DUMP = 'aws iam get-account-authorization-details';
const SERVICE = 'SERVICE_CONTROL_POLICY';
const RESOURCES = 'RESOURCE_CONTROL_POLICY';
const ASSUMED = 'Assuming no organisation policy: aws organizations list-policies was not supplied.';

const workload = (type: string, facts: JsonObject): EstateResource =>
  resource(type, `arn:aws:x:eu-west-1:${ACCOUNT}:${type}/w`, facts);
const database = (...roles: readonly string[]): EstateResource =>
  workload('rds-instance', { AssociatedRoles: roles.map((name) => ({ RoleArn: iam('role', name) })) });

/** Level and verdict in words: `P0 yes: why`, `unknown unknown: what is missing`. */
function judged(own: EstateResource, known?: KnownPrivileges): readonly string[] {
  const resources = [listing('iam-role'), ...ROLES, ...(ROLES.includes(own) ? [] : [own])];
  const { verdict, privilege } = awsPrivilegedAccess(
    new AwsEstate(resources),
    own,
    known ?? privilegesOf(resources),
  );
  return [
    `${privilege.level} ${verdict.state}`,
    ...verdict.evidence.map(({ sentence }) => sentence),
    ...verdict.missing.map((each) => `missing ${each}`),
  ];
}

describe('who somebody is', () => {
  test.each<[string, EstateResource, readonly string[]]>([
    ['a role', ADMIN, ['P0 yes', 'IAM role admin may do everything in the account (P0).', ASSUMED]],
    ['a role with data', READER, ['P3 yes', 'IAM role reader may read every object in S3 (P3).', ASSUMED]],
    [
      'a role of the control plane',
      DEPLOYER,
      ['P4 no', 'IAM role deployer may pass every role to services (P4).'],
    ],
    ['a role with nothing', NOBODY, ['none no', 'IAM role nobody has no privileged rights.']],
    [
      'a role of whose policies one was not described',
      UNTOLD,
      ['unknown unknown', `missing policy ${iam('policy', 'untold')}: ${DUMP}`],
    ],
    [
      'a user',
      user('ann', [allow('*')]),
      ['P0 yes', 'IAM user ann may do everything in the account (P0).', ASSUMED],
    ],
    [
      'a group',
      group('admins', [allow('*')]),
      ['P0 yes', 'IAM group admins may do everything in the account (P0).', ASSUMED],
    ],
    [
      'the root user',
      resource('iam-root', `arn:aws:iam::${ACCOUNT}:root`, { AccessKeyCount: 1 }),
      ['P0 yes', 'The root user has an access key to everything (P0).', ASSUMED],
    ],
    [
      'a root user that waits',
      resource('iam-root', `arn:aws:iam::${ACCOUNT}:root`, {
        AccessKeyCount: 0,
        PasswordLastUsed: '2020-01-01T00:00:00Z',
      }),
      ['none no', 'The root user has no privileged rights.'],
    ],
  ])('%s', (_, own, told) => {
    expect(judged(own)).toEqual(told);
  });

  test('is looked up by the ARN that the inventory tells, else by the key', () => {
    const arn = iam('role', 'path/admin');
    const other = { ...ADMIN, key: 'aws:other', facts: { ...ADMIN.facts, Arn: arn } };
    const { facts } = ADMIN;
    const byKey = { ...ADMIN, facts: { ...facts, Arn: 7 } };
    const known = privilegesOf(ROLES);
    const of = (level: 'P1'): KnownPrivileges => ({
      ...known,
      byArn: new Map([[arn, { level, reasons: ['reason'], missing: [] }]]),
    });
    expect(judged(other, of('P1'))[0]).toBe('P1 yes');
    expect(judged(byKey, known)[0]).toBe('P0 yes');
  });

  test('is not known where nobody asked', () => {
    expect(judged(ADMIN, NO_PRIVILEGES)).toEqual(['unknown unknown', `missing ${DUMP}`]);
  });

  const control = (Type: string): EstateResource =>
    resource('organization-policy', Type, { Id: Type, Type, Document: { Statement: [allow('*')] } });
  test.each<[string, readonly string[], ...EstateResource[]]>([
    ['nothing where both kinds of policies were described', [], control(SERVICE), control(RESOURCES)],
    [
      'no resource control policy where others alone were described',
      [
        `Assuming no resource control policy: none was described (aws organizations list-policies --filter ${RESOURCES}).`,
      ],
      control(SERVICE),
    ],
    [
      'no service control policy where others alone were described',
      [
        `Assuming no service control policy: none was described (aws organizations list-policies --filter ${SERVICE}).`,
      ],
      control(RESOURCES),
    ],
    ['none where those alone were described that control nobody', [ASSUMED], control('TAG_POLICY')],
  ])('assumes of the organisation %s', (_, assumed, ...controls) => {
    const known = privilegesOf([...ROLES, ...controls]);
    expect(judged(ADMIN, known)).toEqual([
      'P0 yes',
      'IAM role admin may do everything in the account (P0).',
      ...assumed,
    ]);
  });
});

describe('as whom something acts', () => {
  test.each<[string, EstateResource, readonly string[]]>([
    [
      'a function',
      workload('lambda-function', { Role: iam('role', 'admin') }),
      [
        'P0 yes',
        'Lambda function w runs as the role admin, which may do everything in the account (P0).',
        ASSUMED,
      ],
    ],
    [
      'a function with nothing',
      workload('lambda-function', { Role: iam('role', 'nobody') }),
      ['none no', 'Lambda function w runs as the role nobody, which has no privileged rights.'],
    ],
    [
      'a function whose role was not described',
      workload('lambda-function', { Role: iam('role', 'lost') }),
      ['unknown unknown', `missing the role of w (${iam('role', 'lost')}): ${DUMP}`],
    ],
    [
      'a function of which nobody said',
      workload('lambda-function', {}),
      ['unknown unknown', 'missing the role of w: aws lambda list-functions'],
    ],
    [
      'a machine that acts as nobody',
      workload('ec2-instance', { InstanceId: 'i-1' }),
      ['none no', 'EC2 instance w acts as no role.'],
    ],
    ['what runs nothing', workload('s3-bucket', {}), ['none no', 'S3 bucket w runs as no identity.']],
  ])('%s', (_, own, told) => {
    expect(judged(own)).toEqual(told);
  });

  test.each<[string, readonly string[]]>([
    ['P0 yes', ['nobody', 'reader', 'admin']],
    ['P3 yes', ['deployer', 'untold', 'reader', 'nobody']],
    // A role that may be anything comes before one that is known to be no risk.
    ['unknown unknown', ['nobody', 'deployer', 'untold']],
    ['unknown unknown', ['deployer', 'lost']],
    ['unknown unknown', ['lost', 'nobody']],
    ['P4 no', ['nobody', 'deployer']],
    ['none no', ['nobody']],
    ['none no', []],
  ])('the strongest of several roles: %s', (told, roles) => {
    for (const order of [roles, roles.toReversed()]) expect(judged(database(...order))[0]).toBe(told);
  });
});

test('each level is stronger than the next, and what is not known stands before what is no risk', () => {
  const levels = ['P0', 'P1', 'P2', 'P3', 'unknown', 'P4', 'none'] as const;
  for (const [place, level] of levels.entries())
    for (const other of levels.slice(place + 1)) {
      const byArn = new Map([
        [iam('role', 'first'), { level: other, reasons: ['is'], missing: [] }],
        [iam('role', 'second'), { level, reasons: ['is'], missing: [] }],
      ]);
      const known = { byArn, controlsAssumedAbsent: [] };
      expect(judged(database('first', 'second'), known)[0]?.split(' ')[0]).toBe(level);
    }
});

test('identities, and what acts as them, have one', () => {
  expect(
    ['iam-root', 'iam-user', 'iam-role', 'iam-group', 'lambda-function', 'ec2-instance'].map(hasIdentity),
  ).not.toContain(false);
  expect(['iam-policy', 's3-bucket', 'ec2-security-group'].map(hasIdentity)).not.toContain(true);
});

test('privileges rest on identities, on what acts as them, and on what they may read', () => {
  for (const type of [
    'iam-root',
    'iam-policy',
    'lambda-function',
    'organization-policy',
    's3-bucket',
    'kms-key',
  ])
    expect(AWS_PRIVILEGE_TYPES).toContain(type);
});

test('dates are asked as of the clock, and without one as of the newest description', () => {
  const until = (instant: number) =>
    user('ann', [
      allow('*', { Condition: { DateLessThan: { 'aws:CurrentTime': new Date(instant).toISOString() } } }),
    ]);
  const levelOf = (resources: readonly EstateResource[], now?: number) =>
    privilegesOf(resources, now).byArn.get(iam('user', 'ann'))?.level;
  expect(levelOf([until(SEEN + 1)])).toBe('P0');
  expect(levelOf([until(SEEN)])).toBe('none');
  expect(levelOf([until(SEEN + 1), { ...NOBODY, seenAt: SEEN + 1 }])).toBe('none');
  expect(levelOf([until(SEEN + 1)], SEEN + 1)).toBe('none');
});
