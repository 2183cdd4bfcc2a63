import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import {
  ACCOUNT,
  allow,
  deny,
  document,
  iam,
  listing,
  role,
  SEEN,
  user,
} from './iam-principal.test-sample.ts';

const OTHER = '222222222222';
const ASSUME = allow('sts:AssumeRole');
const EC2 = { Service: 'ec2.amazonaws.com' };
const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };

/** Who could become an administrator: with a right to assume roles, without one, and with a denial of it. */
const CALLERS: readonly EstateResource[] = [
  { ...user('asker', [ASSUME], { UserId: 'AIDAASKER' }), tags: { team: 'web' } },
  user('plain', [], { UserId: 'AIDAPLAIN' }),
  user('denied', [ASSUME, deny('sts:AssumeRole')]),
  role('worker', EC2, [ASSUME], { RoleId: 'AROAWORKER' }),
  role('idle', EC2, [], { RoleId: 'AROAIDLE' }),
  user('visitor', [ASSUME], {}, OTHER),
];

/** Names of those that may become the administrator by the trust policy; in brackets where that is not known. */
function whoMay(...trust: readonly JsonObject[]): string {
  const admin = role('admin', EC2, [allow('*')], {
    AssumeRolePolicyDocument: document(
      ...trust.map((statement) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement })),
    ),
  });
  const listings = ['iam-role', 'iam-user'].flatMap((type) => [listing(type), listing(type, OTHER)]);
  const said = new AwsPrivileges([...listings, ...CALLERS, admin], SEEN).byArn();
  return CALLERS.flatMap(({ key, name }) => {
    const level = said.get(key.slice('aws:'.length))?.level;
    return level === 'P1' ? [name] : level === 'unknown' ? [`(${name})`] : [];
  }).join(' ');
}

// Attack-paths §3.1, steps 8 and 9: in the account of the role a trust that names somebody is enough by itself.
test.each<[title: string, who: string, ...trust: JsonObject[]]>([
  ['a service', '', { Principal: EC2 }],
  ['the account', 'asker worker', { Principal: ROOT }],
  ['the account by its number', 'asker worker', { Principal: { AWS: ACCOUNT } }],
  ['another account', 'visitor', { Principal: { AWS: OTHER } }],
  ['both accounts', 'asker worker visitor', { Principal: { AWS: [ACCOUNT, OTHER] } }],
  ['a user', 'plain', { Principal: { AWS: iam('user', 'plain') } }],
  ['a user and a role', 'plain idle', { Principal: { AWS: [iam('user', 'plain'), iam('role', 'idle')] } }],
  ['a user whose policies deny it', '', { Principal: { AWS: iam('user', 'denied') } }],
  ['a user by its unique id', 'plain', { Principal: { AWS: 'AIDAPLAIN' } }],
  ['a role by its unique id', 'idle', { Principal: { AWS: 'AROAIDLE' } }],
  ['a session of a role', 'idle', { Principal: { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/idle/build` } }],
  ['a session of a user’s name', '', { Principal: { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/plain/x` } }],
  ['a user of another account', 'visitor', { Principal: { AWS: iam('user', 'visitor', OTHER) } }],
  ['everybody', 'asker plain worker idle visitor', { Principal: '*' }],
  ['everybody but one', 'asker worker idle visitor', { NotPrincipal: { AWS: iam('user', 'plain') } }],
  [
    'users of the account',
    'asker',
    { Principal: ROOT, Condition: { StringEquals: { 'aws:PrincipalType': 'User' } } },
  ],
  [
    'roles of the account',
    'worker',
    { Principal: ROOT, Condition: { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } } },
  ],
  [
    'one of the account by its name',
    'worker',
    { Principal: ROOT, Condition: { ArnLike: { 'aws:PrincipalArn': iam('role', 'w*') } } },
  ],
  [
    'those of the account with a tag',
    'asker',
    { Principal: ROOT, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'web' } } },
  ],
  [
    'a user of the account by its name',
    'asker',
    { Principal: ROOT, Condition: { StringLike: { 'aws:username': 'ask*' } } },
  ],
  [
    'sessions of some day of the account, of which users may have some',
    '(asker) worker',
    { Principal: ROOT, Condition: { DateGreaterThan: { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' } } },
  ],
  ['another action', '', { Principal: ROOT, Action: 'sts:TagSession' }],
  [
    'the account, save one',
    'worker',
    { Principal: ROOT },
    { Effect: 'Deny', Principal: { AWS: iam('user', 'asker') } },
  ],
  [
    'the account, save tags',
    'asker worker',
    { Principal: ROOT },
    { Effect: 'Deny', Action: 'sts:TagSession', Principal: '*' },
  ],
  [
    'a user, denied to the account',
    '',
    { Principal: { AWS: iam('user', 'plain') } },
    { Effect: 'Deny', Principal: ROOT },
  ],
  [
    'the account by two statements, of which one asks for more',
    'asker worker',
    { Principal: ROOT, Condition: { StringEquals: { 'aws:username': 'nobody' } } },
    { Principal: ROOT },
  ],
])('a role that trusts %s may be assumed by: %s', (_title, who, ...trust) => {
  expect(whoMay(...trust)).toBe(who);
});
