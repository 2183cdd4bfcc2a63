import { describe, expect, test } from 'vitest';
import { administratorOf } from './administrator.ts';
import { asset, INTERNET, principal, step, store, workload } from './attack-path.test-sample.ts';
import type { PathFacts } from './path-facts.ts';
import type { State } from './state.ts';
import { waysTo } from './ways-to.ts';

const reach: State = workload('reach', 'quiet');
const FACTS: PathFacts = {
  assets: new Map(['web', 'api', 'quiet'].map((key) => [key, asset(key, 'ec2-instance')])),
  estates: new Map(),
  steps: [
    ...['web', 'api'].flatMap((name) => [
      step('public-endpoint', INTERNET, workload('reach', name)),
      step('network-exploit', workload('reach', name), workload('exec', name), {
        probability: name === 'api' ? 0.4 : 0.85,
      }),
      step('workload-role', workload('exec', name), principal(`${name} role`)),
      step('reads-data', principal(`${name} role`), store('data')),
    ]),
    step('writes-data', principal('web role'), { ...store('data'), capability: 'write' }),
    step('public-endpoint', INTERNET, reach),
  ],
};

const told = (key: string) =>
  waysTo(FACTS, key).ways.map(({ through, gains, steps }) => `${through} ${gains} in ${steps.length}`);

describe('who can reach', () => {
  test('a store of data: the best way from each entry, the likeliest first', () => {
    expect(told('data')).toEqual(['web read in 4', 'api read in 4']);
    const [first, second] = waysTo(FACTS, 'data').ways;
    expect(first?.likelihood).toBeGreaterThan(second?.likelihood ?? 1);
  });

  test('from each entry, however much lies between', () => {
    const between = Array.from({ length: 70_000 }, (_, at) => [
      step('assume-role', principal('hub'), principal(`role ${at}`)),
      step('reads-data', principal(`role ${at}`), store('data')),
    ]).flat();
    const entries = ['p', 'q', 'r'].flatMap((name) => [
      step('open-trust', INTERNET, principal(name)),
      step('assume-role', principal(name), principal('hub')),
    ]);
    const { ways, notes } = waysTo({ ...FACTS, steps: [...entries, ...between] }, 'data');
    expect([ways.map(({ through }) => through).sort(), notes]).toEqual([['p', 'q', 'r'], []]);
  });

  test('through something that is called as steps call it, its key where nothing names it', () => {
    const named = { ...asset('web', 'ec2-instance') };
    const assets = new Map([['web', { ...named, context: { ...named.context, name: 'shop front' } }]]);
    const { ways } = waysTo({ ...FACTS, assets }, 'data');
    expect(ways.map(({ through, throughName }) => [through, throughName])).toEqual([
      ['web', 'shop front'],
      ['api', 'api'],
    ]);
  });

  test('the likeliest first, whatever it is called', () => {
    const steps = FACTS.steps.map((each) =>
      each.rule === 'network-exploit' ? { ...each, probability: each.to.asset === 'api' ? 0.85 : 0.4 } : each,
    );
    const { ways } = waysTo({ ...FACTS, steps }, 'data');
    expect(ways.map(({ through }) => through)).toEqual(['api', 'web']);
  });

  test('one flaw that several have is a way from each of them', () => {
    const image = { key: 'image:shop', kind: 'image', name: 'shop' } as const;
    const steps = FACTS.steps.map((each) =>
      each.rule === 'network-exploit' ? { ...each, flawed: image } : each,
    );
    const { ways } = waysTo({ ...FACTS, steps }, 'data');
    expect(ways.map(({ through }) => through)).toEqual(['web', 'api']);
  });

  test('fifty entries, and how many more there are', () => {
    const steps = Array.from({ length: 53 }, (_, at) =>
      step('open-trust', INTERNET, principal(`role-${at}`)),
    ).flatMap((entry) => [entry, step('reads-data', entry.to, store('data'))]);
    const { ways, more } = waysTo({ ...FACTS, steps }, 'data');
    expect([ways.length, more]).toEqual([50, 3]);
  });

  test('of several things that are held of it the likeliest', () => {
    const steps = FACTS.steps.map((each) =>
      each.rule === 'reads-data' ? { ...each, probability: 0.3 } : each,
    );
    const { ways } = waysTo({ ...FACTS, steps }, 'data');
    expect(ways.map(({ through, gains }) => `${through} ${gains}`)).toEqual(['web write', 'api read']);
  });

  test('what only answers: those first whom it answers likelier', () => {
    const entries = (['any-aws-account', 'internet'] as const).map((asset, at) =>
      step('public-endpoint', { ...INTERNET, asset }, reach, { probability: at === 0 ? 0.3 : 0.9 }),
    );
    const { ways } = waysTo({ ...FACTS, steps: entries }, 'quiet');
    expect(ways.map(({ entry }) => entry)).toEqual(['internet', 'any-aws-account']);
  });

  describe('whoever administers the account that it is in', () => {
    const ESTATE = 'aws:111111111111';
    const steps = [
      ...FACTS.steps,
      step('open-trust', INTERNET, principal('boss')),
      step('administrator', principal('boss'), administratorOf(ESTATE)),
    ];
    const of = (key: string, estate: string | null) =>
      waysTo({ ...FACTS, steps }, key, estate).ways.map(
        ({ through, gains, target }) => `${through} ${gains} ${target}`,
      );

    test('as its inventory says, or whoever asks', () => {
      expect(of('web', null)).toEqual(['boss admin web', 'web exec web']);
      expect(of('unseen', ESTATE)).toEqual(['boss admin unseen']);
      expect(of('unseen', 'aws:222222222222')).toEqual([]);
      expect(of('unseen', null)).toEqual([]);
    });

    test('beside those to whom it only answers', () => {
      expect(of('quiet', null)).toEqual(['quiet reach quiet', 'boss admin quiet']);
    });
  });

  test('and what is left out for its length', () => {
    const chain = Array.from({ length: 12 }, (_, at) =>
      step('assume-role', principal(`r${at}`), principal(`r${at + 1}`)),
    );
    const steps = [step('open-trust', INTERNET, principal('r0')), ...chain];
    expect(waysTo({ ...FACTS, steps }, 'r12')).toEqual({
      ways: [],
      more: 0,
      notes: ['1 way of more than 12 steps is left out.'],
    });
  });

  test.each([
    ['a role on the way', 'api role', ['api use in 3']],
    ['a workload with a flaw', 'web', ['web exec in 2']],
    ['a workload without one, which only answers', 'quiet', ['quiet reach in 1']],
    ['what nobody gets to', 'nothing', []],
  ])('%s', (_what, key, expected) => {
    expect(told(key)).toEqual(expected);
  });
});
