import { expect, test } from 'vitest';
import { allow, iam, role, user } from '../privilege/aws/iam-principal.test-sample.ts';
import { awsFacts } from './aws-search.test-sample.ts';
import { awsSteps } from './aws-steps.ts';

const LAMBDA = { Service: 'lambda.amazonaws.com' };
const key = (name: string, kind = 'role') => `aws:${iam(kind, name)}`;

test('one right leads to many, is one gate of each principal, and is taken from whom each step leads to', () => {
  const changing = [allow('iam:UpdateAssumeRolePolicy', { Resource: 'arn:aws:iam::*:role/t*' })];
  const world = ['t1', 't2', 'x', 'y'].map((name) =>
    role(name, LAMBDA, name.startsWith('t') ? [] : changing),
  );
  const { steps } = awsSteps(awsFacts(world, { held: [key('x'), key('y')] }));
  const changes = steps.filter(({ kind, to }) => kind === 'iam-012' && to.family === 'principal');
  expect(changes.flatMap(({ gates }) => gates.map(({ sentence }) => sentence)).sort()).toEqual([
    'take iam:UpdateAssumeRolePolicy on t1 from x',
    'take iam:UpdateAssumeRolePolicy on t1 from y',
    'take iam:UpdateAssumeRolePolicy on t2 from x',
    'take iam:UpdateAssumeRolePolicy on t2 from y',
  ]);
  const ids = Map.groupBy(
    changes.flatMap(({ from, gates }) => gates.map(({ id, fix }) => ({ from: from.asset, id, fix }))),
    ({ from }) => from,
  );
  for (const [from, gates] of ids) {
    expect(gates.every(({ id }) => id.startsWith(`${from} `))).toBe(true);
    expect(new Set(gates.map(({ id }) => id)).size).toBe(1);
    expect(new Set(gates.map(({ fix }) => fix)).size).toBe(1);
  }
  expect(new Set(changes.flatMap(({ gates }) => gates.map(({ fix }) => fix))).size).toBe(2);
});

test.each([
  ['itself among the first', 66, 0, 1],
  ['itself among the last', 66, 65, 1],
  ['itself as one too many', 65, 64, 0],
  ['itself as one of just enough', 64, 3, 0],
])('of those whom one reaches, %s, it itself is neither a way nor left out', (_, count, own, left) => {
  const names = Array.from({ length: count }, (__, at) => `u${String(at).padStart(2, '0')}`);
  const rights = [allow('iam:CreateAccessKey', { Resource: 'arn:aws:iam::*:user/u*' })];
  const world = names.map((name, at) => user(name, at === own ? rights : []));
  const { steps, leftOut } = awsSteps(awsFacts(world, { held: [key(names[own] as string, 'user')] }));
  const others = names.filter((__, at) => at !== own).slice(0, 64);
  expect(steps.filter(({ kind }) => kind === 'iam-002').map(({ to }) => to.asset)).toEqual(
    others.map((name) => key(name, 'user')),
  );
  expect(leftOut).toBe(left);
});

test('administrators come first among those whom one reaches', () => {
  const names = Array.from({ length: 70 }, (_, at) => `u${String(at).padStart(2, '0')}`);
  const world = [
    ...names.map((name, at) => user(name, at === 68 || at === 69 ? [allow('*')] : [])),
    role('web', LAMBDA, [allow('iam:CreateAccessKey', { Resource: 'arn:aws:iam::*:user/u*' })]),
  ];
  const { steps } = awsSteps(awsFacts(world, { held: [key('web')] }));
  const reached = steps.filter(({ kind, from }) => kind === 'iam-002' && from.asset === key('web'));
  expect(reached.slice(0, 3).map(({ to }) => to.asset)).toEqual(
    ['u68', 'u69', 'u00'].map((name) => key(name, 'user')),
  );
  expect(reached).toHaveLength(64);
});

test('who gives rights by one action may not do so by another', () => {
  const assumes = [allow('sts:AssumeRole', { Resource: iam('role', 'web') })];
  const world = [
    user('attached', assumes),
    user('put', assumes),
    role('web', { AWS: [iam('user', 'attached'), iam('user', 'put')] }, [
      allow('iam:AttachUserPolicy', { Resource: iam('user', 'attached') }),
      allow('iam:PutUserPolicy', { Resource: iam('user', 'put') }),
    ]),
  ];
  const { steps } = awsSteps(awsFacts(world, { held: [key('attached', 'user'), key('put', 'user')] }));
  expect(
    steps.flatMap(({ assumptions, gates }) =>
      assumptions.length > 0 ? [[assumptions[0], gates[0]?.sentence]] : [],
    ),
  ).toEqual([
    ['Whoever gets here came as attached.', 'take iam:AttachUserPolicy on attached from web'],
    ['Whoever gets here came as put.', 'take iam:PutUserPolicy on put from web'],
  ]);
});
