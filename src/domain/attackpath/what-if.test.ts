import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { administratorOf } from './administrator.ts';
import {
  asset,
  INTERNET,
  principal,
  step,
  store,
  withoutGates,
  workload,
} from './attack-path.test-sample.ts';
import type { AttackPath } from './attack-path.ts';
import type { AttackStep } from './attack-step.ts';
import { derivePaths, modelOf, PathModel } from './derive-paths.ts';
import { ADMIN, ESTATE, TWO, way } from './fix-plan.test-sample.ts';
import { planFixes } from './fix-plan.ts';
import { findingGate } from './gate.ts';
import type { PathFacts } from './path-facts.ts';
import { compareFlips, outlinesOf } from './what-if.flips.test-sample.ts';
import { gatesMeant, gatesOfIssues, whatIf } from './what-if.ts';

describe('what if', () => {
  const told = (...gates: readonly string[]) =>
    whatIf(TWO, gates).map(
      ({ pivot, becomes, effect, before, after }) =>
        `${pivot} ${becomes} ${before?.severity} ${after?.severity ?? null}: ${effect}`,
    );

  test.each<[readonly string[], readonly string[]]>([
    [[], ['image:a the same critical critical: no change', 'image:b the same critical critical: no change']],
    [['CVE-1'], ['image:a gone critical null: resolves', 'image:b the same critical critical: no change']],
    [['rights of role'], ['image:a gone critical null: resolves', 'image:b gone critical null: resolves']],
  ])('%j is closed', (gates, expected) => {
    expect(told(...gates)).toEqual(expected);
  });

  test('tells what is less likely afterwards, and lower', () => {
    const weaker = way('a', 'CVE-3', 0.05)[1] as AttackStep;
    const some = { ...TWO, steps: [...TWO.steps, weaker] };
    expect(whatIf(some, ['CVE-1'])[0]).toMatchObject({
      becomes: 'lower',
      effect: 'reduces',
      before: { severity: 'critical' },
      after: { severity: 'high' },
    });
  });

  test.each([
    ['weaker than', 'CVE-3', 0.05, 'CVE-3'],
    ['as likely as', 'CVE-3', 0.85, 'CVE-1'],
  ])(
    'a path is the same where a flaw that is %s another one is mended',
    (_how, flaw, probability, closed) => {
      const other = way('a', flaw, probability)[1] as AttackStep;
      expect(whatIf({ ...TWO, steps: [...TWO.steps, other] }, [closed])[0]).toMatchObject({
        becomes: 'the same',
        effect: 'no change',
        continuesAs: null,
      });
    },
  );

  const IMAGE = { flawed: { key: 'image:shop', kind: 'image', name: 'shop' } } as const;
  const same = ['a', 'b'].flatMap((name) =>
    way(name, 'CVE-1').map((each) => ('flawed' in each ? { ...each, ...IMAGE } : each)),
  );
  const HOLDS = {
    data: {
      dataClass: 'restricted',
      types: ['pii'],
      clues: [{ dataClass: 'restricted', types: ['pii'], confidence: 0.95, reason: 'Macie found names' }],
    },
  } as const;

  test.each<[string, readonly AttackStep[], string]>([
    ['fewer entries', [...same, ADMIN], 'internet b'],
    [
      'fewer targets',
      [
        ...way('a', 'CVE-1'),
        ...['one', 'other'].map((name) => step('reads-data', principal('role'), store(name), { gate: name })),
      ],
      'other',
    ],
    [
      'fewer resources',
      [
        ...way('a', 'CVE-1'),
        step('assume-role', principal('role'), principal('b'), { kind: 'same-account' }),
        step('reads-data', principal('role'), store('one')),
        step('reads-data', principal('b'), store('other'), { gate: 'over b' }),
        step('reads-data', principal('role'), store('other'), { probability: 0.5 }),
      ],
      'over b',
    ],
  ])('a path with %s afterwards is smaller, and reduced', (_less, steps, gate) => {
    const stores = ['one', 'other'].map((name) => [name, asset(name, 's3-bucket', HOLDS)] as const);
    const world = { ...TWO, assets: new Map([...TWO.assets, ...stores]), steps };
    const changed = whatIf(world, [gate]);
    expect(changed.map(({ becomes, effect }) => [becomes, effect])).toEqual([['smaller', 'reduces']]);
  });

  const TOO = 'aws:222222222222';
  test.each<[string, readonly AttackStep[], string]>([
    ['entries', [...same, ADMIN], 'internet b'],
    [
      'targets',
      [
        ...way('a', 'CVE-1'),
        ADMIN,
        step('administrator', principal('role'), administratorOf(TOO), { gate: 'the other account' }),
      ],
      'the other account',
    ],
  ])(
    'a path is smaller with fewer %s alone, where no inventory knows what it goes through',
    (_, steps, gate) => {
      const [about] = TWO.estates.values();
      const estates = new Map([ESTATE, TOO].map((estate) => [estate, about as NonNullable<typeof about>]));
      const changed = whatIf({ assets: new Map(), estates, steps }, [gate]);
      expect(changed.map(({ becomes, effect }) => [becomes, effect])).toEqual([['smaller', 'reduces']]);
    },
  );

  test('a path that is less likely afterwards and graver, as it needs no flaw then, is not reduced', () => {
    const steps = [
      step('open-trust', INTERNET, principal('a')),
      step('found-credential', principal('a'), principal('role'), { gate: 'the key', probability: 0.1 }),
      ...['a', 'b', 'c', 'd'].map((name, at, names) =>
        step(
          'pushes-image',
          at === 0 ? principal('a') : workload('exec', names[at - 1]),
          workload('exec', name),
          {
            probability: 0.5,
          },
        ),
      ),
      step('workload-role', workload('exec', 'd'), principal('role')),
      ADMIN,
    ];
    expect(whatIf({ ...TWO, steps }, ['the key'])).toMatchObject([
      {
        becomes: 'less likely',
        effect: 'no change',
        before: { severity: 'high' },
        after: { severity: 'critical' },
      },
    ]);
  });

  test('a path whose place another of another shape takes is not resolved', () => {
    const other = step('iam-escalation', principal('role'), administratorOf(ESTATE), {
      kind: 'iam-001',
      probability: 0.9,
    });
    const some = { ...TWO, steps: [...way('a', 'CVE-1'), ADMIN, other] };
    const [gone, fresh] = whatIf(some, ['rights of role']);
    expect(gone).toMatchObject({ becomes: 'gone', effect: 'reduces', continuesAs: fresh?.issueId });
    expect(fresh).toMatchObject({ becomes: 'new', before: null, shape: 'workload-escalates-to-admin' });
    expect(gone?.left).toBe(fresh?.after);
    expect(fresh?.left).toBe(fresh?.after);
    expect(whatIf(some, ['rights of role', 'CVE-1'])[0]).toMatchObject({ effect: 'resolves', left: null });
  });

  test('a path whose place one takes that is as bad, as likely and as large is not reduced', () => {
    const other = step('iam-escalation', principal('role'), administratorOf(ESTATE), { kind: 'iam-001' });
    const some = { ...TWO, steps: [...way('a', 'CVE-1'), ADMIN, other] };
    const [gone, fresh] = whatIf(some, ['rights of role']);
    expect(gone).toMatchObject({ becomes: 'gone', effect: 'no change', continuesAs: fresh?.issueId });
  });

  test('a path that is gone does not go on as one to another class of targets, though that is new', () => {
    const stored = asset('store', 's3-bucket', { ...HOLDS, estate: ESTATE });
    const reads = (from: string, probability: number) =>
      step('reads-data', principal(from), store('store'), { probability, gate: `${from} reads` });
    const assets = new Map([...TWO.assets, ['store', stored] as const]);
    const detour = step('assume-role', principal('role'), principal('b'), { kind: 'other-account' });
    const steps = [
      ...way('a', 'CVE-1'),
      { ...ADMIN, gates: reads('role', 1).gates },
      reads('role', 1),
      detour,
      reads('b', 1),
    ];
    const changed = whatIf({ ...TWO, assets, steps }, ['role reads']);
    const called = ({ targetClass, becomes, effect, continuesAs }: (typeof changed)[number]) =>
      [targetClass, becomes, effect, continuesAs !== null].join(' ');
    expect(changed.map(called)).toEqual([
      'account-admin gone resolves false',
      'sensitive-data gone reduces true',
      'sensitive-data new no change false',
    ]);
  });

  test('knows how much a path is about before it was told', () => {
    const stores = ['one', 'other'].map((name) => [name, asset(name, 's3-bucket', HOLDS)] as const);
    const steps = [
      ...way('a', 'CVE-1'),
      ...way('b', 'CVE-2', 0.45),
      // What is no more than knocked at is not held.
      step('public-endpoint', INTERNET, workload('reach', 'front')),
      step('network-exploit', workload('reach', 'front'), workload('exec', 'a')),
      step('container-escape', workload('exec', 'a'), workload('root', 'a')),
      step('machine-flaw', workload('root', 'a'), workload('exec', 'unknown')),
      step('workload-role', workload('exec', 'unknown'), principal('role')),
      step('reads-data', principal('role'), store('one')),
      step('assume-role', principal('role'), principal('b'), { kind: 'same-account' }),
      step('reads-data', principal('b'), store('other')),
      ADMIN,
    ];
    const front = ['front', asset('front', 'ec2-instance')] as const;
    const world = { ...TWO, assets: new Map([...TWO.assets, ...stores, front]), steps };
    const gates = [...new Set(steps.flatMap((each) => each.gates.map(({ id }) => id)))];
    fc.assert(
      fc.property(fc.subarray(gates, { maxLength: 4 }), (closed) => {
        const asked = new PathModel(world);
        const found = asked.outlines(closed).paths.map((outline) => asked.extentOf(outline));
        const told = new PathModel(world).derive(closed).paths;
        expect(found).toEqual(
          told.map(({ entries, targets, resources }) => entries + targets.length + resources.length),
        );
      }),
    );
  });

  test('of any gates is what is derived from the steps that are left, whatever the steps', () => {
    const gates = [...new Set(TWO.steps.flatMap((each) => each.gates.map(({ id }) => id)))];
    fc.assert(
      fc.property(fc.subarray([...TWO.steps]), fc.subarray(gates), (steps, closed) => {
        const left = steps.filter((each) => !each.gates.some(({ id }) => closed.includes(id)));
        const expected = outlinesOf(derivePaths({ ...TWO, steps: left })).paths;
        const found = whatIf({ ...TWO, steps }, closed).flatMap(({ after }) => after ?? []);
        expect(new Set(found)).toEqual(new Set(expected));
        // Closing never makes a way where there was none.
        const before = derivePaths({ ...TWO, steps }).paths.flatMap(({ targets }) => targets);
        const after = modelOf({ ...TWO, steps }).derive(closed).paths;
        for (const target of after.flatMap(({ targets }) => targets)) expect(before).toContain(target);
      }),
    );
  });
});

test('a model that lives on says after every flip of a gate what is derived anew', () => {
  expect(compareFlips(400, 3)).toBeGreaterThan(400);
});

test('a model that lives on tells of an issue no way that a better one of another shape replaces, though other ways still take all its steps', () => {
  const data = {
    data: {
      dataClass: 'restricted',
      types: ['pii'],
      clues: [{ dataClass: 'restricted', types: ['pii'], confidence: 0.95, reason: 'Macie found names' }],
    },
  } as const;
  const stores = ['one', 'other'].map((name) => [name, asset(name, 's3-bucket', data)] as const);
  const image = { flawed: { key: 'image:web', kind: 'image', name: 'web' } } as const;
  const world = {
    ...TWO,
    assets: new Map([...TWO.assets, ...stores]),
    steps: [
      ...way('a', 'CVE-1').map((each) => ('flawed' in each ? { ...each, ...image } : each)),
      ...way('b', 'CVE-1').map((each) => ('flawed' in each ? { ...each, ...image } : each)),
      step('reads-data', principal('role'), store('one')),
      step('reads-data', principal('role'), store('other')),
      step('reads-data', workload('exec', 'b'), store('other'), { gate: 'mount' }),
    ],
  };
  const model = new PathModel(world);
  const [before, ...others] = model.derive(['mount']).paths;
  expect([before?.paths.length, others]).toEqual([4, []]);
  const after = model.derive();
  expect(after).toEqual(new PathModel(world).derive());
  // What all is compared with is found once, and what all of it comes to too.
  model.derive(['mount']);
  expect(model.derive()).toBe(after);
  const [outline] = model.outlines().paths;
  model.outlines(['mount']);
  expect(model.outlines().paths[0]).toBe(outline);
  const told = ({ shape, paths, resources }: AttackPath) => [shape, paths.length, resources];
  const all = ['a', 'b', 'one', 'other', 'role'];
  expect(after.paths.map(told)).toContainEqual([before?.shape, 3, all]);
  expect(after.paths).toHaveLength(2);
});

test('the code of what runs in production is wanted as long as anything makes it that', () => {
  const code = { asset: 'repo:github.com/acme/shop', family: 'repository', capability: 'write' } as const;
  const shop = {
    asset: 'k8s:shop//ServiceAccount/flux/shop',
    family: 'principal',
    capability: 'use',
  } as const;
  const facts: PathFacts = {
    assets: new Map(),
    estates: new Map([['k8s:shop', { production: 'yes', evidence: [], name: 'cluster shop' }]]),
    steps: [
      step('pipeline-flaw', INTERNET, code, { gate: 'flaw', kind: 'pull-request' }),
      step('applies-repository', code, shop, { gate: 'a', kind: 'flux' }),
      step('applies-repository', code, shop, { gate: 'b', kind: 'argo' }),
    ],
  };
  for (const closed of [['a'], ['b'], ['a', 'b'], ['flaw'], []])
    expect(modelOf(facts).derive(closed).paths, closed.join()).toEqual(
      derivePaths(withoutGates(facts, closed)).paths,
    );
  expect(modelOf(facts).derive(['a']).paths).toHaveLength(1);
  expect(modelOf(facts).derive(['a', 'b']).paths).toEqual([]);
  const { fixes, share, atLeast } = planFixes(facts);
  expect([fixes.map(({ gate }) => gate.id), share, atLeast]).toEqual([['flaw'], 1, 1]);
  // What stands before the cluster closes both: nobody wants the code any more.
  const both = {
    ...facts,
    steps: [
      step('pipeline-flaw', INTERNET, code, { gate: 'flaw 1', kind: 'pull-request' }),
      step('pipeline-flaw', INTERNET, code, { gate: 'flaw 2', kind: 'package' }),
      step('applies-repository', code, shop, { gate: 'a', kind: 'flux' }),
      step('cluster-rights', shop, administratorOf('k8s:shop'), { gate: 'rights' }),
    ],
  };
  expect(planFixes(both).fixes.map(({ gate, share: takes }) => `${gate.id} ${takes}`)).toEqual(['a 1']);
});

test('a word means a gate by its id, its fix or what closing it is; an issue means its gates', () => {
  const ids = (word: string) => gatesMeant(TWO.steps, word).map(({ id }) => id);
  expect(ids('CVE-1')).toEqual(['CVE-1']);
  expect(ids(findingGate('CVE-1', '', '').fix)).toEqual(['CVE-1']);
  expect(gatesOfIssues(TWO.steps, new Set(['issueCVE-2'])).map(({ id }) => id)).toEqual(['CVE-2']);
  expect(ids('mend')).toEqual(['CVE-1', 'CVE-2']);
  expect(ids('Mend cve-1')).toEqual(['CVE-1']);
  expect(ids('nothing of the kind')).toEqual([]);
});
