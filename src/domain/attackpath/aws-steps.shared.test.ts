import { expect, test } from 'vitest';
import { allow, attached, iam, role, user } from '../privilege/aws/iam-principal.test-sample.ts';
import { awsFacts } from './aws-search.test-sample.ts';
import { awsSteps } from './aws-steps.ts';

const LAMBDA = { Service: 'lambda.amazonaws.com' };
const OTHER = '222222222222';
const key = (name: string, kind = 'role', account?: string) => `aws:${iam(kind, name, account)}`;

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

test('whom an administrator becomes gets as far as what nobody described of him lets be certain', () => {
  const trusting = (name: string) => role(`trusts-${name}`, { AWS: iam('user', name) }, [], {}, OTHER);
  const unseen = attached('seen-by-nobody');
  const world = [
    user('a', [], unseen),
    user('b', []),
    user('c', [], unseen),
    user('d', []),
    user('admin', [allow('*')]),
    ...['a', 'b', 'c', 'd'].map(trusting),
  ];
  const { steps } = awsSteps(awsFacts(world, { held: [key('admin', 'user')] }));
  expect(steps.flatMap(({ rule, to }) => (rule === 'administrator-assumes' ? [to.asset] : []))).toEqual([
    key('trusts-b', 'role', OTHER),
    key('trusts-d', 'role', OTHER),
  ]);
});

test('whoever administers an account gets to roles elsewhere that trust everybody as the first that may assume them', () => {
  const world = [
    ...['a', 'b', 'c'].map((name) => user(name, name === 'a' ? [] : [allow('sts:AssumeRole')])),
    user('admin', [allow('*')]),
    role('open', { AWS: '*' }, [], {}, OTHER),
  ];
  const { steps } = awsSteps(awsFacts(world, { held: [key('admin', 'user')] }));
  expect(
    steps.filter(({ rule }) => rule === 'administrator-assumes').map(({ sentence }) => sentence),
  ).toEqual([
    'An administrator of account 111111111111 can become b, which may assume open of account 222222222222',
  ]);
});

test('of two rights on the same target each is a gate of what grants it', () => {
  const granting = (Sid: string, action: string) => allow(action, { Sid, Resource: iam('user', 'ops') });
  const world = [
    user('ops', []),
    role('web', LAMBDA, [
      granting('login', 'iam:CreateLoginProfile'),
      granting('attach', 'iam:AttachUserPolicy'),
    ]),
  ];
  const { steps } = awsSteps(awsFacts(world, { held: [key('web')] }));
  const [both] = steps.filter(({ kind }) => kind === 'user-attach-createloginprofile');
  expect(both?.gates.map(({ id, sentence }) => [id.replace(/^.*#/, ''), sentence])).toEqual([
    ['attach', 'take iam:AttachUserPolicy from web'],
    ['login', 'take iam:CreateLoginProfile from web'],
  ]);
});

test('statements of which any one grants a right are one gate, whichever comes first', () => {
  const granting = (Sid: string) => allow('iam:CreateAccessKey', { Sid, Resource: iam('user', 'ops') });
  const gateIds = (...sids: readonly string[]) => {
    const world = [user('ops', []), role('web', LAMBDA, sids.map(granting))];
    const { steps } = awsSteps(awsFacts(world, { held: [key('web')] }));
    const [made] = steps.filter(({ kind }) => kind === 'iam-002');
    return made?.gates.map(({ id }) => id.replace(`${key('web')} `, '').replaceAll(/[0-9a-f]{16}#/g, ''));
  };
  expect(gateIds('one', 'two')).toEqual(['one or two']);
  expect(gateIds('two', 'one')).toEqual(['one or two']);
  expect(gateIds('two')).toEqual(['two']);
});

test('rights that hang on a condition are given to nobody who comes back', () => {
  const raising = (condition: object) => [
    user('ops', [allow('sts:AssumeRole', { Resource: iam('role', 'web') })]),
    role('web', { AWS: iam('user', 'ops') }, [
      allow('iam:PutUserPolicy', { Resource: iam('user', 'ops'), ...condition }),
    ]),
  ];
  const stepsTo = (condition: object) =>
    awsSteps(awsFacts(raising(condition), { held: [key('ops', 'user')] })).steps.filter(({ assumptions }) =>
      assumptions.includes('Whoever gets here came as ops.'),
    );
  expect(stepsTo({})).toHaveLength(1);
  expect(stepsTo({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })).toEqual([]);
});
