import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DataType } from '../resource/data-class.ts';
import { administratorOf } from './administrator.ts';
import { asset, INTERNET, principal, step, store, verdict, workload } from './attack-path.test-sample.ts';
import type { AttackStep } from './attack-step.ts';
import { blastRadius } from './blast-radius.ts';
import { implicationsOf } from './compliance-implications.ts';
import type { PathAsset, PathFacts } from './path-facts.ts';
import { includesState, type State } from './state.ts';
import { targetsOf } from './target.ts';

const ESTATE = 'aws:111111111111';

function holding(key: string, types: readonly ('pii' | 'pci')[], team: string | null): PathAsset {
  const plain = asset(key, 's3-bucket');
  return {
    ...plain,
    context: {
      ...plain.context,
      team,
      services: team === 'shop' ? ['shop', 'till'] : [],
      environment: 'production',
      production: verdict('yes'),
    },
    data: {
      dataClass: 'restricted',
      types,
      clues: [{ dataClass: 'restricted', types, confidence: 0.9, reason: 'Macie found it' }],
    },
  };
}

const STEPS: readonly AttackStep[] = [
  step('public-endpoint', INTERNET, workload('reach')),
  step('network-exploit', workload('reach'), workload('exec')),
  step('workload-role', workload('exec'), principal('role')),
  step('reads-data', principal('role'), store('cards')),
  step('reads-data', principal('role'), store('people'), { probability: 0.5 }),
  step('reads-data', principal('other'), store('logs')),
  step('administrator', principal('other'), administratorOf(ESTATE)),
  step('assume-role', principal('role'), principal('role')),
];

const FACTS: PathFacts = {
  assets: new Map(
    [
      asset('web', 'ec2-instance'),
      asset('role', 'iam-role'),
      asset('other', 'iam-role'),
      holding('cards', ['pci', 'pii'], 'shop'),
      holding('people', ['pii'], 'crm'),
      holding('logs', [], null),
    ].map((each) => [each.context.key, each]),
  ),
  estates: new Map([[ESTATE, { production: 'yes', evidence: [], name: 'account 1' }]]),
  steps: STEPS,
};

describe('the blast radius', () => {
  test('of a workload is what its role reads, by data, account, environment, service and team', () => {
    const radius = blastRadius(FACTS, [workload('exec')]);
    expect(radius.sentence).toBe(
      'reads 2 stores of sensitive data (2 with personal data, 1 with card data), of 2 teams',
    );
    expect(radius.targets.map(({ name, steps }) => [name, steps.length])).toEqual([
      ['cards', 2],
      ['people', 2],
    ]);
    expect(radius.targets[0]?.likelihood).toBeGreaterThan(radius.targets[1]?.likelihood ?? 1);
    expect(radius.byDataType).toEqual([
      { name: 'pii', targets: 2 },
      { name: 'pci', targets: 1 },
    ]);
    expect(radius.byAccount).toEqual([{ name: ESTATE, targets: 2 }]);
    expect(radius.byEnvironment).toEqual([{ name: 'production', targets: 2 }]);
    expect(radius.byService).toEqual([
      { name: 'shop', targets: 1 },
      { name: 'till', targets: 1 },
      { name: null, targets: 1 },
    ]);
    expect(radius.byTeam).toEqual([
      { name: 'crm', targets: 1 },
      { name: 'shop', targets: 1 },
    ]);
    expect(radius.controlled).toEqual(['cards', 'people', 'role', 'web']);
  });

  test('does not count what only answers as controlled', () => {
    const steps = [...STEPS, step('network-reach', workload('exec'), workload('reach', 'other'))];
    expect(blastRadius({ ...FACTS, steps }, [workload('exec')]).controlled).not.toContain('other');
  });

  test('of what is wanted itself holds it', () => {
    const held: State = { asset: 'cards', family: 'datastore', capability: 'admin' };
    const { targets } = blastRadius(FACTS, [held]);
    expect(targets.map(({ asset: key, likelihood, steps }) => [key, likelihood, steps])).toEqual([
      ['cards', 1, []],
    ]);
  });

  test('of who writes to a site is what its visitors load, and of who reads it is not', () => {
    const site: PathAsset = { ...asset('site', 's3-bucket'), serves: true };
    const to = (capability: 'read' | 'write'): State => ({ asset: 'site', family: 'datastore', capability });
    const facts = {
      ...FACTS,
      assets: new Map([...FACTS.assets, ['site', site]]),
      steps: [
        step('writes-data', principal('author'), to('write')),
        step('reads-data', principal('reader'), to('read')),
      ],
    };
    const radius = blastRadius(facts, [principal('author')]);
    expect(radius.sentence).toBe('changes what is served by 1 site');
    expect(radius.targets.map(({ name, class: of }) => [name, of])).toEqual([
      ['what site serves', 'served-content'],
    ]);
    expect(blastRadius(facts, [principal('reader')]).targets).toEqual([]);
  });

  test('of who reads a copy holds what the original holds', () => {
    const copy: PathAsset = { ...asset('copy', 'rds-snapshot'), copyOf: holding('cards', ['pci'], 'shop') };
    const facts = {
      ...FACTS,
      assets: new Map([...FACTS.assets, ['copy', copy]]),
      steps: [step('copies-data', principal('reader'), store('copy'))],
    };
    const { targets, byDataType } = blastRadius(facts, [principal('reader')]);
    expect(targets.map(({ name }) => name)).toEqual(['copy, a copy of cards']);
    expect(byDataType).toEqual([{ name: 'pci', targets: 1 }]);
  });

  test('counts kinds of data of stores that are wanted for them, and not of what is wanted for something else', () => {
    const vault = { ...holding('vault', ['pii'], 'ops'), type: 'backup-vault' };
    const facts = {
      ...FACTS,
      assets: new Map([...FACTS.assets, ['vault', vault]]),
      steps: [
        step('deletes-backups', principal('cleaner'), { ...store('vault'), capability: 'write' as const }),
      ],
    };
    const { targets, byDataType } = blastRadius(facts, [principal('cleaner')]);
    expect(targets.map(({ class: of }) => of)).toEqual(['backups']);
    expect(byDataType).toEqual([]);
  });

  test('tells what is worth most first, and of as much the likelier', () => {
    const facts = {
      ...FACTS,
      steps: [
        step('administrator', principal('all'), administratorOf(ESTATE), { probability: 0.1 }),
        step('reads-data', principal('all'), store('cards'), { probability: 0.5 }),
        step('reads-data', principal('all'), store('people')),
      ],
    };
    const { targets, byEnvironment, controlled } = blastRadius(facts, [principal('all')]);
    // What else lies in the account is as likely as its administrator, and what a step leads to no less likely for that.
    expect(targets.map(({ name, likelihood }) => [name, likelihood.toFixed(1)])).toEqual([
      ['account 1', '0.1'],
      ['people', '0.9'],
      ['cards', '0.5'],
      ['logs', '0.1'],
    ]);
    expect(byEnvironment).toEqual([{ name: 'production', targets: 4 }]);
    expect(controlled).toEqual(['cards', 'logs', 'people']);
  });

  test('of who administers one account is not what lies in another, or in none that is known', () => {
    const of = (key: string, estate: string | null) => ({ ...holding(key, ['pii'], null), estate });
    const facts = {
      ...FACTS,
      assets: new Map(
        [of('there', 'aws:222222222222'), of('nowhere', null)].map((each) => [each.context.key, each]),
      ),
      steps: [step('administrator', principal('all'), administratorOf(ESTATE))],
    };
    expect(blastRadius(facts, [principal('all')]).targets.map(({ name }) => name)).toEqual(['account 1']);
  });

  test('of several things held of one store goes by the likeliest', () => {
    const to = (capability: 'read' | 'write', probability: number) =>
      step('reads-data', principal('all'), { ...store('cards'), capability }, { probability });
    for (const steps of [
      [to('read', 0.2), to('write', 0.9)],
      [to('read', 0.9), to('write', 0.2)],
    ])
      expect(blastRadius({ ...FACTS, steps }, [principal('all')]).targets[0]?.likelihood).toBeCloseTo(0.9, 1);
  });

  test('counts a service once that somebody names twice', () => {
    const cards = holding('cards', ['pci'], 'shop');
    const twice = { ...cards, context: { ...cards.context, services: ['shop', 'shop'] } };
    const facts = { ...FACTS, assets: new Map([...FACTS.assets, ['cards', twice]]) };
    expect(blastRadius(facts, [workload('exec')]).byService).toContainEqual({ name: 'shop', targets: 1 });
  });

  test.each<[DataType, boolean, readonly string[]]>([
    [
      'pci',
      false,
      ['PCI DSS 4.0: 1.2, 7, 11', 'SOC 2: CC6.1, CC6.6, CC7.2', 'ISO/IEC 27001:2022: A.8.3, A.8.12'],
    ],
    [
      'phi',
      false,
      [
        'HIPAA: 164.308, 164.312',
        'GDPR: 32',
        'SOC 2: CC6.1, CC6.6, CC7.2',
        'ISO/IEC 27001:2022: A.8.3, A.8.12',
      ],
    ],
    ['pii', false, ['GDPR: 32', 'SOC 2: CC6.1, CC6.6, CC7.2', 'ISO/IEC 27001:2022: A.8.3, A.8.12']],
    ['pii', true, ['GDPR: 32, 33, 34', 'SOC 2: CC6.1, CC6.6, CC7.2', 'ISO/IEC 27001:2022: A.8.3, A.8.12']],
    ['credentials', false, ['ISO/IEC 27001:2022: A.8.3, A.8.12']],
  ])(
    'of data of the type %s, under attack %s, would affect what governs these (attack-paths §4.11)',
    (type, isObserved, expected) => {
      const told = implicationsOf([type], [], isObserved).map(
        ({ framework, items }) =>
          `${framework}: ${items.map((item) => /^(?:Article )?(\S+)/.exec(item)?.[1]).join(', ')}`,
      );
      expect(told).toEqual(expected);
    },
  );

  test('names the control that fails on the way, and each of what it serves once and in order', () => {
    const told = implicationsOf([], ['s3.public-read', 's3.public-list'], false);
    expect(told.length).toBeGreaterThan(0);
    for (const { because, items } of told) {
      expect(because).toMatch(/^failing on the way: \S/);
      expect(items).toEqual([...new Set(items)].sort());
    }
    expect(told.some(({ because }) => because.includes('; '))).toBe(true);
  });

  test('of nothing is nothing, and says so', () => {
    const radius = blastRadius(FACTS, [workload('exec', 'else')]);
    expect(radius).toMatchObject({ targets: [], controlled: [], implications: [], byTeam: [] });
    expect(radius.sentence).toMatch(/^gets to nothing that matters/);
  });

  test('counts an administrator before data, and those of whom nobody knows last', () => {
    const radius = blastRadius(FACTS, [principal('other')]);
    expect(radius.sentence).toBe(
      'administers 1 account and reads 3 stores of sensitive data (2 with personal data, 1 with card data), of 2 teams',
    );
    expect(radius.byTeam).toEqual([
      { name: 'crm', targets: 1 },
      { name: 'shop', targets: 1 },
      { name: null, targets: 2 },
    ]);
    expect(radius.byAccount).toEqual([{ name: ESTATE, targets: 4 }]);
  });

  test('would affect what governs such data, and what a failing control on the way serves', () => {
    const told = {
      ...(STEPS[3] as AttackStep),
      gates: [{ ...(STEPS[3] as AttackStep).gates[0], control: 's3.public-read' }],
    };
    const facts = { ...FACTS, steps: [...STEPS.slice(0, 3), told as AttackStep] };
    const { implications } = blastRadius(facts, [workload('exec')]);
    expect(implications.map(({ framework }) => framework)).toEqual(
      expect.arrayContaining(['PCI DSS 4.0', 'GDPR', 'SOC 2', 'CIS AWS 3.0.0']),
    );
    expect(implications.find(({ framework }) => framework === 'GDPR')).toEqual({
      framework: 'GDPR',
      items: ['Article 32 security of processing'],
      because: 'data within reach: personal data',
    });
  });

  test('would affect what a control serves that fails on the way to what is taken', () => {
    const affected = (...controls: readonly string[]) =>
      blastRadius(FACTS, [workload('exec')], controls).implications.map(({ framework }) => framework);
    expect(affected()).not.toContain('CIS AWS 3.0.0');
    expect(affected('s3.public-read')).toContain('CIS AWS 3.0.0');
  });

  test('of an attack that was seen adds who has to be told', () => {
    const web = asset('web', 'ec2-instance');
    const attacked = { ...web, context: { ...web.context, underAttack: verdict('yes') } };
    const facts = { ...FACTS, assets: new Map([...FACTS.assets, ['web', attacked]]) };
    const gdpr = blastRadius(facts, [workload('exec')]).implications.find(
      ({ framework }) => framework === 'GDPR',
    );
    expect(gdpr?.items).toHaveLength(3);
  });

  test('is what walking from state to state reaches, whatever the steps', () => {
    const states = [
      workload('exec'),
      principal('role'),
      principal('other'),
      store('cards'),
      store('people'),
      store('logs'),
    ];
    const drawn = fc
      .tuple(fc.constantFrom(...states), fc.constantFrom(...states))
      .map(([from, to]) => step('assume-role', from, to));
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 12 }), (steps) => {
        const facts = { ...FACTS, steps };
        const held = new Set([workload('exec')]);
        for (const state of held)
          for (const { from, to } of steps)
            if (
              includesState(state, from) &&
              ![...held].some((known) => known.asset === to.asset && known.capability === to.capability)
            )
              held.add(to as never);
        const expected = targetsOf(facts)
          .filter(({ state }) => [...held].some((known) => includesState(known, state)))
          .map(({ state }) => state.asset);
        expect(new Set(blastRadius(facts, [workload('exec')]).targets.map(({ asset: key }) => key))).toEqual(
          new Set(expected),
        );
      }),
    );
  });
});
