import { describe, expect, test } from 'vitest';
import type { EstateResource } from '../../risk/estate.ts';
import { cataloguedAction } from './action-catalogue.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import { found, OPEN, SHAPED } from './escalation-method.test-sample.ts';
import { ESCALATION_METHODS } from './escalation-method.ts';
import { IamIndex } from './iam-index.ts';
import {
  allow,
  attached,
  bounded,
  deny,
  iam,
  listing,
  policy,
  role,
  SEEN,
  user,
} from './iam-principal.test-sample.ts';

describe('the table of escalation methods', () => {
  test('is keyed by what is required: no two records say the same', () => {
    const keys = ESCALATION_METHODS.map(({ target, requires, service, gains, preconditions }) =>
      JSON.stringify([
        target,
        service,
        gains,
        requires.map(({ action, on }) => `${action} ${on}`).sort(),
        [...preconditions].sort(),
      ]),
    );
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    expect(new Set(ESCALATION_METHODS.map(({ id }) => id)).size).toBe(ESCALATION_METHODS.length);
  });

  test('names actions of the catalogue, and targets only where statements can name them', () => {
    const wrong = ESCALATION_METHODS.flatMap(({ id, requires }) =>
      requires
        .filter(({ action, on }) => {
          const known = cataloguedAction(action);
          return known === undefined || (/^(?:target|existing:|own-)/.test(on) && known.on.length === 0);
        })
        .map(({ name }) => `${id} ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test('has a way to mend and a technique for each', () => {
    expect(
      ESCALATION_METHODS.filter(({ mitre, fixHints }) => mitre.length === 0 || fixHints.length === 0).map(
        ({ id }) => id,
      ),
    ).toEqual([]);
  });
});

describe.each(ESCALATION_METHODS.map((method) => [method.id, method] as const))('%s', (_, method) => {
  test('works', () => {
    const isOpen = method.id === 'org-detach-policy' || method.preconditions.some((name) => OPEN.has(name));
    expect(found(method, {})).toBe(isOpen ? 'possible' : 'certain');
  });

  const names = [...new Set(method.requires.map(({ name }) => name))];
  const others = (name: string): boolean => {
    const left = names.filter((each) => each !== name);
    // What is left is another method over the same data.
    return ESCALATION_METHODS.some(
      (each) =>
        each !== method &&
        each.target === method.target &&
        each.target.startsWith('data:') &&
        each.requires.every((one) => left.includes(one.name)),
    );
  };
  // A role that names its caller needs no policy of the caller's.
  test.each(names.filter((name) => !others(name) && name !== 'sts:AssumeRole'))(
    'does not work without %s',
    (without) => {
      expect(found(method, { without })).toBe('no');
    },
  );

  test.each(names)('does not work where %s is denied', (denied) => {
    if (others(denied)) expect(SHAPED.test(method.id)).toBe(false);
    else expect(found(method, { denied })).toBe('no');
  });

  test('does not work within a boundary', () => {
    // A trust policy that names a user by ARN does not mind the user's boundary (attack-paths §3.1, step 4).
    expect(found(method, { isBounded: true })).toBe(method.id === 'sts-001' ? 'certain' : 'no');
  });

  // Whether a port can be reached is a matter of exposure; the others have tests of their own below.
  const ownTests = [
    'reaches-ssh',
    'tags-chosen',
    ...(method.id === 'iam-016' ? ['free-policy-version'] : []),
  ];
  test.each(method.preconditions.filter((name) => !ownTests.includes(name)))(
    'does not work unless: %s',
    (lacks) => {
      expect(found(method, { lacks })).toBe('no');
    },
  );

  if (method.service !== null && method.service !== 'cognito-identity.amazonaws.com')
    test('does not work where the role trusts another service', () => {
      expect(found(method, { trusted: ['other.amazonaws.com'] })).toBe('no');
    });
  if (method.target === 'passed-role')
    test('does not work where roles may be passed to another service only', () => {
      expect(found(method, { passedTo: 'other.amazonaws.com' })).toBe('no');
    });
});

test.each([
  [
    's3:GetObject',
    { is: 'unknown', missing: [expect.stringContaining('get-account-authorization-details')] },
  ],
  ['s3:PutObject', { is: 'deny' }],
  ['s3:DeleteObject', { is: 'deny' }],
])('in a boundary that nobody described, %s', (action, answer) => {
  const allowed = [allow(['s3:GetObject', 's3:DeleteObject']), deny('s3:DeleteObject')];
  const index = new IamIndex([user('u', allowed, bounded('lost'))], SEEN);
  const [judged] = index.judged;
  if (judged === undefined) throw new Error('no caller');
  expect(index.answer(judged, action.toLowerCase(), 'arn:aws:s3:::logs/a')).toMatchObject(answer);
  expect(judged.class.of.any(action.toLowerCase())).toBe(answer.is === 'unknown' ? 1 : 0);
});

test.each([
  [4, 'P2'],
  [5, 'unknown'],
])('a role that one may assume is raised by its policy of %i versions: %s', (versions, level) => {
  const estate = [
    role('worker', { AWS: iam('user', 'u') }, [], attached('of-worker')),
    policy('of-worker', [allow('s3:ListBucket')], { VersionCount: versions }),
    user('u', [allow(['sts:AssumeRole', 'iam:CreatePolicyVersion'])]),
    role('admin', { Service: 'ec2.amazonaws.com' }, [allow('*')]),
    listing('iam-role'),
  ];
  expect(levelOf(estate)).toBe(level);
});

test.each([
  [{ PasswordEnabled: true, MfaActive: true }, 'P2'],
  [{ PasswordEnabled: true, MfaActive: false }, 'P2'],
  [{ PasswordEnabled: true }, 'P2'],
  [{ PasswordEnabled: false }, 'none'],
])('a password of an administrator with %j is replaced: %s', (facts, level) => {
  expect(levelOf([user('boss', [allow('*')], facts), user('u', [allow('iam:UpdateLoginProfile')])])).toBe(
    level,
  );
});

const TAGGED = { Condition: { StringEquals: { 'aws:ResourceTag/keys': 'open' } } };

test.each([
  [['iam:TagUser'], 'iam:CreateAccessKey', 'P2'],
  [[], 'iam:CreateAccessKey', 'none'],
  [['iam:TagUser', 'iam:DeleteAccessKey'], 'iam:CreateAccessKey', 'P2'],
])('whoever may do %j chooses the tags under which %s works: %s', (more, action, level) => {
  const estate = [
    user('boss', [allow('*')], { AccessKeyCount: more.length > 1 ? 2 : 1, Tags: [] }),
    user('u', [allow(action, TAGGED), ...(more.length > 0 ? [allow(more)] : [])], { Tags: [] }),
  ];
  expect(levelOf(estate)).toBe(level);
});

function levelOf(estate: readonly EstateResource[]): string | undefined {
  return new AwsPrivileges(estate, SEEN).byArn().get(iam('user', 'u'))?.level;
}
