import { expect, test } from 'vitest';
import { AwsPrivileges } from './aws-privileges.ts';
import { allow, iam, listing, role, SEEN, user } from './iam-principal.test-sample.ts';

const users = iam('user', 'x');
const others = iam('user', 'y');
const [trusting, changed] = [iam('role', 'a'), iam('role', 'b')];

/**
 * What all parts of a method have to be about is one thing, not one thing each (attack-paths §1.4, conjunctions). Whether it
 * has whom it changes in its hand by another way, nobody tells.
 */
test.each([
  [
    'policies and keys of one user',
    'P2',
    [allow('iam:AttachUserPolicy', { Resource: users }), allow('iam:CreateAccessKey', { Resource: users })],
  ],
  [
    'policies of one and keys of another',
    'unknown',
    [allow('iam:AttachUserPolicy', { Resource: users }), allow('iam:CreateAccessKey', { Resource: others })],
  ],
  [
    'the other way round',
    'unknown',
    [allow('iam:AttachUserPolicy', { Resource: others }), allow('iam:CreateAccessKey', { Resource: users })],
  ],
  [
    'policies and trust of one role',
    'P2',
    [
      allow('iam:PutRolePolicy', { Resource: trusting }),
      allow('iam:UpdateAssumeRolePolicy', { Resource: trusting }),
    ],
  ],
  [
    'policies of one role and trust of another',
    'unknown',
    [
      allow('iam:PutRolePolicy', { Resource: changed }),
      allow('iam:UpdateAssumeRolePolicy', { Resource: trusting }),
    ],
  ],
] as const)('whoever changes %s: %s', (_title, level, statements) => {
  const estate = [
    listing('iam-role'),
    user('p', [...statements]),
    user('x', []),
    user('y', []),
    role('a', { Service: 'ec2.amazonaws.com' }, []),
    role('b', { Service: 'ec2.amazonaws.com' }, []),
  ];
  expect(new AwsPrivileges(estate, SEEN).byArn().get(iam('user', 'p'))?.level).toBe(level);
});
