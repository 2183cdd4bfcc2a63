import fc from 'fast-check';
import { expect, test } from 'vitest';
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
  role,
  SEEN,
  user,
} from './iam-principal.test-sample.ts';

/** What policies come to say: each moves somebody to another level, or keeps somebody where it is. */
const SAYINGS: readonly (readonly JsonObject[])[] = [
  [allow('*')],
  [],
  [allow('s3:ListBucket')],
  [allow('s3:GetObject')],
  [allow('sts:AssumeRole', { Resource: iam('role', 'a*') })],
  [allow('iam:CreateAccessKey')],
  [allow('iam:PutRolePolicy'), allow('sts:AssumeRole')],
  [allow('iam:CreatePolicyVersion', { Resource: iam('policy', 'p1') })],
  [allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])],
  [allow('iam:AddUserToGroup')],
  [deny('*')],
  [allow('*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'core' } } })],
];
const NAMES = ['p0', 'p1', 'p2', 'p3'];
const HELD = [['p0'], ['p1'], ['p2'], ['p0', 'p1'], ['p2', 'p3'], []];
const ROOT: JsonObject = { AWS: `arn:aws:iam::${ACCOUNT}:root` };

const PEOPLE: readonly EstateResource[] = [
  listing('iam-role'),
  ...HELD.flatMap((held, index) => [
    user(`u${index}`, [], attached(...held)),
    role(`a${index}`, index % 2 === 0 ? ROOT : { Service: 'lambda.amazonaws.com' }, [], attached(...held)),
  ]),
  user('bounded', [allow('*')], bounded('p3')),
  user('member', [allow('iam:CreateAccessKey')], { GroupList: ['g'] }),
  user('named', []),
  role('a-named', { AWS: iam('user', 'named') }, [], attached('p1')),
  group('g', [], attached('p2')),
];

function levels(privileges: AwsPrivileges): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...privileges.byArn()].map(([arn, { level, missing }]) => [arn, `${level} ${missing.length > 0}`]),
  );
}

test('other versions of policies, one after another, come to what a look at all of it afresh does', () => {
  const change = fc.tuple(fc.nat(NAMES.length - 1), fc.nat(SAYINGS.length - 1));
  fc.assert(
    fc.property(
      fc.array(fc.nat(SAYINGS.length - 1), { minLength: NAMES.length, maxLength: NAMES.length }),
      fc.array(change, { minLength: 1, maxLength: 5 }),
      (first, changes) => {
        const policies = NAMES.map((name, index) => policy(name, SAYINGS[first[index] as number] ?? []));
        const kept = new AwsPrivileges([...policies, ...PEOPLE], SEEN);
        kept.byArn();
        for (const [which, saying] of changes) {
          policies[which] = policy(NAMES[which] as string, SAYINGS[saying] ?? []);
          kept.replacePolicy(policies[which]);
          expect(levels(kept)).toEqual(levels(new AwsPrivileges([...policies, ...PEOPLE], SEEN)));
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('only who holds a policy, or is bounded by it, is judged anew', () => {
  const policies = NAMES.map((name) => policy(name, []));
  const privileges = new AwsPrivileges([...policies, ...PEOPLE], SEEN);
  const changed = (name: string): number => privileges.replacePolicy(policy(name, [allow('*')]));
  // Users and roles alike; the boundary, the group and its member, the role that is named.
  expect(NAMES.map(changed)).toEqual([4, 5, 6, 3]);
  expect(changed('p0')).toBe(4);
  expect(privileges.replacePolicy(policy('nobody-has-it', []))).toBe(0);
});

test('whoever could assume a role by name cannot any more where a policy comes to deny it', () => {
  const boss = role('boss', { AWS: [iam('user', 'n'), iam('user', 'm')] }, [allow('*')]);
  const people = [listing('iam-role'), user('n', [], attached('p0')), user('m', [], attached('p1')), boss];
  const kept = new AwsPrivileges([policy('p0', []), policy('p1', []), ...people], SEEN);
  const levels = (): readonly unknown[] =>
    ['n', 'm'].map((name) => kept.byArn().get(iam('user', name))?.level);
  expect(levels()).toEqual(['P1', 'P1']);
  kept.replacePolicy(policy('p0', [deny('sts:AssumeRole')]));
  expect(levels()).toEqual(['none', 'P1']);
  kept.replacePolicy(policy('p0', []));
  expect(levels()).toEqual(['P1', 'P1']);
});
