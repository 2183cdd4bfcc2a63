import { expect, test } from 'vitest';
import { ASSUME_ROLE, askingsFor } from './class-edges.ts';
import type { Answer } from './decide.ts';
import { ESCALATION_METHODS, type EscalationMethod } from './escalation-method.ts';
import { IamIndex, type JudgedPrincipal } from './iam-index.ts';
import {
  allow,
  attached,
  bounded,
  deny,
  iam,
  policy,
  role,
  SEEN,
  user,
} from './iam-principal.test-sample.ts';
import { asTarget } from './iam-principal.ts';

const WHOEVER_READS = [allow('iam:GetRole')];
/** What depends on who asks. */
const OF_ITSELF = [
  allow('iam:CreateAccessKey', { Resource: `arn:aws:iam::111111111111:user/\${aws:username}` }),
  allow('iam:UpdateLoginProfile', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } }),
];
/** What depends on what the request fixes. */
const OF_A_SERVICE = [
  allow('iam:PassRole', { Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } }),
  allow('iam:PassRole', {
    Sid: 'machines',
    Resource: 'arn:aws:iam::111111111111:role/t*',
    Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
  }),
  allow('iam:AttachUserPolicy', {
    Resource: 'arn:aws:iam::111111111111:user/b',
    Condition: { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/IAMFullAccess' } },
  }),
  allow('iam:AttachUserPolicy', {
    Sid: 'with-factor',
    Resource: 'arn:aws:iam::111111111111:user/a',
    Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  }),
];
const OF_A_TARGET = [
  allow('iam:UpdateAssumeRolePolicy', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'red' } } }),
  deny('iam:CreateAccessKey', { Resource: 'arn:aws:iam::111111111111:user/b' }),
  allow('iam:CreateAccessKey', { Resource: 'arn:aws:iam::111111111111:user/*' }),
];

const world = [
  policy('target', OF_A_TARGET),
  policy('elsewhere', [allow('s3:ListBucket')]),
  policy('narrow', [allow(['iam:CreateAccessKey', 'iam:PassRole'])]),
  user('a', OF_ITSELF),
  user('b', OF_ITSELF),
  user('c', [allow('iam:CreateAccessKey')], attached('seen-by-nobody')),
  user('d', [allow('iam:CreateAccessKey')], attached('nor-this', 'elsewhere')),
  user('e', [], attached('target')),
  user('f', [], { ...attached('target'), ...bounded('narrow') }),
  user('g', OF_A_SERVICE),
  role('h', { Service: 'lambda.amazonaws.com' }, OF_A_SERVICE),
  role('t', { AWS: iam('user', 'a') }, WHOEVER_READS),
  role('u', { AWS: '111111111111' }, []),
].map((each) => (each.name === 't' ? { ...each, tags: { team: 'red' } } : each));

const BEST_FIRST: readonly Answer['is'][] = ['allow', 'conditional', 'unknown', 'deny'];

/** Each question put by itself. */
function askedAnew(
  index: IamIndex,
  from: JudgedPrincipal,
  { requires, service }: EscalationMethod,
  { principal }: JudgedPrincipal,
): readonly Answer[] {
  const target = asTarget(principal);
  return requires.flatMap(({ action, on }) => {
    if (on !== 'target') return [];
    const side = action === ASSUME_ROLE ? index.assumptions.sideOf(principal) : null;
    return askingsFor(action, service, 'aws')
      .map(({ request }) => index.answer(from, action, target.arn, { target, request }, side))
      .sort((one, other) => BEST_FIRST.indexOf(one.is) - BEST_FIRST.indexOf(other.is))
      .slice(0, 1);
  });
}

test('what a step rests on is what each question by itself is answered with, whoever asked before', () => {
  const index = new IamIndex(world, SEEN);
  const met = new Set<Answer['is']>();
  for (const method of ESCALATION_METHODS)
    for (const from of index.judged)
      for (const to of index.judged) {
        if (method.target.startsWith('workload:')) continue;
        const answers = index.stepAnswers(from, method, to);
        for (const { is } of answers) met.add(is);
        expect(answers, `${from.principal.caller.name} ${method.id} ${to.principal.caller.name}`).toEqual(
          askedAnew(index, from, method, to),
        );
      }
  expect([...met].sort()).toEqual(['allow', 'conditional', 'deny', 'unknown']);
});
