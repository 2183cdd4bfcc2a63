import { describe, expect, test } from 'vitest';
import { asset } from './attack-path.test-sample.ts';
import { lensSteps } from './lens-steps.ts';
import type { Credential, PathAsset } from './path-facts.ts';
import { credential, database, lambda } from './path-world.labs.test-sample.ts';

const trusting = (...reasons: readonly string[]) =>
  asset('aws:vendor', 'iam-role', { privilege: { level: 'P3', reasons } });
const told = (
  lens: Parameters<typeof lensSteps>[0],
  assets: readonly PathAsset[],
  credentials: readonly Credential[] = [],
) =>
  lensSteps(lens, assets, credentials).map(
    ({ rule, from, to, probability }) =>
      `${rule}: ${from.asset} > ${to.capability} ${to.asset} ${probability.toFixed(3)}`,
  );

describe('a vendor that was broken into', () => {
  const FOREIGN = 'can be assumed from account 333333333333';

  test.each<[string, string, readonly string[]]>([
    ['has its role', FOREIGN, ['vendor-breach: vendor > use aws:vendor 0.950']],
    [
      'may not know its id',
      `${FOREIGN}, with its external id`,
      ['vendor-breach: vendor > use aws:vendor 0.095'],
    ],
    [
      'may not meet conditions',
      `${FOREIGN}, under conditions`,
      ['vendor-breach: vendor > use aws:vendor 0.475'],
    ],
    ['is none where everybody is let in', 'can be assumed from any account', []],
    ['is none by other rights', 'has every right', []],
  ])('%s', (_what, reason, expected) => {
    expect(told('vendor', [trusting('has every right', reason)])).toEqual(expected);
  });

  test('has each account that the role trusts closed by itself, and nothing but roles', () => {
    const role = trusting(FOREIGN, 'can be assumed from account 444444444444 (Some)');
    const gates = lensSteps('vendor', [role], []).map(({ gates: [gate] }) => gate?.id);
    expect(gates).toEqual(['aws:vendor trust of 333333333333', 'aws:vendor trust of 444444444444']);
    expect(told('vendor', [{ ...role, type: 'iam-user' }])).toEqual([]);
  });
});

describe('somebody inside', () => {
  const place = lambda('keeper', 'nobody');
  const opened = database('db');

  test('is a user of an account, or reads a repository and what lies in it', () => {
    const credentials = [credential('public repository', opened), credential(place, opened)];
    expect(told('insider', [asset('aws:alice', 'iam-user'), trusting()], credentials)).toEqual([
      'assumed-breach: any-employee > use aws:alice 0.950',
      'assumed-breach: any-employee > read repo:github.com/lab/app 0.950',
    ]);
  });
});

test('from outside the entries of all other rules begin', () => {
  const credentials = [credential('public repository', database('db'))];
  expect(told('outside', [asset('aws:alice', 'iam-user'), trusting()], credentials)).toEqual([]);
});

test.each([
  ['vendor', trusting('can be assumed from account 333333333333'), 'vendor-breach', 'trust of 333333333333'],
  ['insider', asset('aws:alice', 'iam-user'), 'assumed-breach', 'credentials'],
] as const)(
  'a step of the lens of a %s has its evidence, a technique and a gate',
  (lens, one, rule, gate) => {
    const [step] = lensSteps(lens, [one], []);
    expect(step).toMatchObject({
      rule,
      technique: expect.stringMatching(/^T/),
      gates: [{ id: `${one.context.key} ${gate}` }],
      evidence: [{ provenance: 'aws', at: 0 }],
    });
    expect(lensSteps(lens, [{ ...one, described: null }], [])[0]?.evidence).toEqual([]);
  },
);

test('each repository that somebody inside reads has a gate of its own', () => {
  const gates = lensSteps('insider', [], [credential('public repository', database('db'))]).map(
    ({ gates: [gate] }) => gate?.id,
  );
  expect(gates).toEqual(['repo:github.com/lab/app readers']);
});
