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
import type { AttackStep } from './attack-step.ts';
import { nodeOf } from './cluster-state.ts';
import { derivePaths } from './derive-paths.ts';
import { ADMIN, ESTATE, facts, TWO, way } from './fix-plan.test-sample.ts';
import { planFixes } from './fix-plan.ts';
import { configuredGate } from './gate.ts';
import type { PathFacts } from './path-facts.ts';
import { whatIf } from './what-if.ts';

const HELD = {
  data: {
    dataClass: 'restricted',
    types: ['pii'],
    clues: [{ dataClass: 'restricted', types: ['pii'], confidence: 0.95, reason: 'Macie found names' }],
  },
} as const;

describe('a plan of fixes', () => {
  test('begins with what all ways go through', () => {
    const { fixes, share, atLeast } = planFixes(TWO);
    const [first, ...others] = fixes;
    expect([share, atLeast]).toEqual([1, 1]);
    expect(first?.id).toBe(first?.gate.fix);
    expect(first).toMatchObject({ gate: { id: 'rights of role' }, targetsCut: 1, left: 0 });
    expect(first?.share).toBe(1);
    expect(first?.changes.map(({ effect }) => effect)).toEqual(['resolves', 'resolves']);
    expect([first?.shareSoFar, first?.atMost]).toEqual([1, 1]);
    expect(others).toEqual([]);
  });

  test('weighs what is closed by what is reached: ten, seven, four and one by tier', () => {
    const [other, cluster] = ['aws:222222222222', 'k8s:lab'];
    const about = { evidence: [], production: 'unknown', name: 'unknown' } as const;
    const role = principal('role');
    const world = facts(
      step('open-trust', INTERNET, role, { gates: [] }),
      step('administrator', role, administratorOf(ESTATE), { gate: 'first' }),
      step('reads-data', role, store('held'), { gate: 'second' }),
      step('administrator', role, administratorOf(other), { gate: 'third' }),
      step('container-escape', role, nodeOf(cluster), { gate: 'fourth' }),
    );
    const { fixes } = planFixes({
      ...world,
      assets: new Map([...world.assets, ['held', asset('held', 's3-bucket', HELD)]]),
      estates: new Map([...world.estates, [other, about], [cluster, about]]),
    });
    expect(fixes.map(({ gate, share }) => `${gate.id} ${Math.round(share * 22)}`)).toEqual([
      'first 10',
      'second 7',
      'third 4',
      'fourth 1',
    ]);
  });

  test('takes the cheapest first where that is asked for: most risk for its work, and not least work', () => {
    // Closing the ways of both flaws is a role's policy; each alone is a rule of a network, and half of it.
    const rule = (name: string, gates: AttackStep['gates']) =>
      step('public-endpoint', INTERNET, workload('reach', name), { gates });
    const apart = facts(
      ...['a', 'b'].flatMap((name) => [
        rule(name, [configuredGate('network_rule', `rule of ${name}`, 'close it')]),
        ...way(name, `CVE-${name}`).slice(1, 2),
        step('workload-role', workload('exec', name), principal(`role-${name}`), { gates: [] }),
        step('assume-role', principal(`role-${name}`), principal(`all-${name}`), {
          gates: [configuredGate('setting', 'all', 'rebuild it', 8)],
        }),
        step('reads-data', principal(`all-${name}`), store(name), { gates: [] }),
      ]),
    );
    const stores = ['a', 'b'].map((name) => [name, asset(name, 's3-bucket', HELD)] as const);
    const world = { ...apart, assets: new Map([...apart.assets, ...stores]) };
    const planned = (order: 'risk' | 'cheapest') =>
      planFixes(world, order).fixes.map(({ gate, effort }) => `${effort} ${gate.id}`);
    expect(planned('risk')).toEqual(['8 all']);
    expect(planned('cheapest')).toEqual(['1 rule of a', '1 rule of b']);
  });

  test('of one fix to mend before a setting that takes a tenth of it, however cheap', () => {
    const small = [
      step('public-endpoint', INTERNET, workload('reach', 'b'), {
        gates: [configuredGate('setting', 'small', 'turn it over')],
        probability: 0.01,
      }),
      step('workload-role', workload('reach', 'b'), principal('reader'), { gates: [] }),
      step('reads-data', principal('reader'), store('b'), { gates: [] }),
    ];
    const large = [
      step('public-endpoint', INTERNET, workload('reach', 'a'), { gates: [] }),
      ...way('a', 'CVE-1').slice(1, 2),
      step('reads-data', workload('exec', 'a'), store('a'), { gates: [] }),
    ];
    const world = facts(...small, ...large);
    const stores = ['a', 'b'].map((name) => [name, asset(name, 's3-bucket', HELD)] as const);
    const { fixes } = planFixes({ ...world, assets: new Map(stores) }, 'cheapest');
    expect(fixes.map(({ gate, effort }) => `${effort} ${gate.id}`)).toEqual(['3 CVE-1', '1 small']);
  });

  test('of nothing is empty', () => {
    expect(planFixes(facts())).toEqual({ fixes: [], share: 0, atLeast: 0, notes: [] });
  });

  test('names no fix that takes nothing: two flaws that do the same go one after the other', () => {
    const same = facts(...way('a', 'CVE-1'), ...way('a', 'CVE-2').slice(1, 2), ADMIN);
    expect(planFixes(same).fixes.map(({ gate }) => gate.id)).not.toContain('CVE-1');
  });

  test('closes ways that are as likely as each other one after the other, and says that no fewer fixes do', () => {
    const apart = facts(
      ...['a', 'b'].flatMap((name) => [
        step('open-trust', INTERNET, principal(name)),
        step('administrator', principal(name), administratorOf(ESTATE), { gate: `rights of ${name}` }),
      ]),
    );
    const { fixes, share, atLeast } = planFixes(apart);
    expect(fixes.map((fix) => [fix.share, fix.targetsCut, fix.left])).toEqual([
      [0, 0, 1],
      [1, 1, 0],
    ]);
    expect([share, atLeast]).toEqual([1, 2]);
    // Each says what it changes itself, and neither what stays the same nor what those before it changed.
    const changed = fixes.map(({ changes }) => changes.map(({ pivot, effect }) => `${pivot} ${effect}`));
    expect(changed.every((each) => each.length === 1)).toBe(true);
    expect(changed.flat().sort()).toEqual(['a resolves', 'b resolves']);
    // One fix leaves the other way, which is as likely; no plan of one does better.
    expect(fixes.map(({ shareSoFar, atMost }) => [shareSoFar, atMost])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  test('says of one fix that it takes nothing where each target has two ways as likely as each other', () => {
    const other = 'aws:222222222222';
    const apart = facts(
      ...[ESTATE, other].flatMap((estate) =>
        ['a', 'b'].flatMap((name) => [
          step('open-trust', INTERNET, principal(`${name} ${estate}`)),
          step('administrator', principal(`${name} ${estate}`), administratorOf(estate)),
        ]),
      ),
    );
    const about = { production: 'yes', evidence: [], name: 'other' } as const;
    const { fixes } = planFixes({ ...apart, estates: new Map([...apart.estates, [other, about]]) });
    expect(fixes.map(({ atMost }) => Math.round(atMost * 100))).toEqual([0, 100, 100, 100]);
  });

  test('ends after twenty fixes, and says so where more would take more', () => {
    const of = (count: number) => {
      const estates = Array.from({ length: count }, (_, at) => `aws:${at}`);
      const about = { production: 'yes', evidence: [], name: 'account' } as const;
      const steps = estates.flatMap((estate) => [
        step('open-trust', INTERNET, principal(estate)),
        step('administrator', principal(estate), administratorOf(estate)),
      ]);
      return planFixes({ ...facts(...steps), estates: new Map(estates.map((estate) => [estate, about])) });
    };
    expect(of(21)).toMatchObject({
      fixes: { length: 20 },
      notes: ['The plan ends after 20 fixes, though others would take more.'],
    });
    expect(of(20)).toMatchObject({ fixes: { length: 20 }, notes: [] });
  });

  test('says what was left out of the search for the paths that it is about', () => {
    const chain = Array.from({ length: 13 }, (_, at) =>
      step('assume-role', principal(`${at}`), principal(`${at + 1}`)),
    );
    const long = facts(
      step('open-trust', INTERNET, principal('0')),
      ...chain,
      step('administrator', principal('13'), administratorOf(ESTATE)),
    );
    expect(planFixes(long).notes).toEqual(['1 way of more than 12 steps is left out.']);
  });

  test('closes what is least work first among ways that are as likely as each other, where that is asked for', () => {
    const apart = facts(
      ...['a', 'b'].flatMap((name) => [
        step('open-trust', INTERNET, principal(name), {
          gates: [configuredGate('statement', `trust of ${name}`, 'edit it')],
        }),
        step('administrator', principal(name), administratorOf(ESTATE), { gate: `setting of ${name}` }),
      ]),
    );
    const planned = (order: 'risk' | 'cheapest') => planFixes(apart, order).fixes[0]?.gate.id;
    expect([planned('risk'), planned('cheapest')]).toEqual(['trust of a', 'setting of a']);
  });

  test('is of twenty fixes at most, and says what they leave', () => {
    const names = Array.from({ length: 22 }, (_, at) => `aws:${String(at).padStart(12, '0')}`);
    const world: PathFacts = {
      assets: new Map(names.map((name) => [name, asset(name, 'iam-role')])),
      estates: new Map(names.map((name) => [name, { production: 'yes', evidence: [], name }])),
      steps: names.flatMap((name) => [
        step('open-trust', INTERNET, principal(name)),
        step('administrator', principal(name), administratorOf(name), { gate: `rights of ${name}` }),
      ]),
    };
    const { fixes, share, atLeast } = planFixes(world);
    expect([fixes.length, atLeast]).toEqual([20, 22]);
    expect(fixes.at(-1)).toMatchObject({ left: 2, targetsCut: 1 });
    expect(share).toBeCloseTo(20 / 22);
  });

  test('takes as much as the best single gate does, by trying each', () => {
    fc.assert(
      fc.property(fc.subarray([...TWO.steps], { minLength: 3 }), (steps) => {
        const some = { ...TWO, steps };
        const [first] = planFixes(some).fixes;
        const closes = (id: string) => whatIf(some, [id]).filter(({ becomes }) => becomes === 'gone').length;
        const all = steps.flatMap(({ gates }) => gates.map(({ id }) => id));
        if (first === undefined) expect(all.map(closes)).not.toContain(1);
        else expect(closes(first.gate.id)).toBeGreaterThanOrEqual(Math.min(1, ...all.map(closes)));
      }),
    );
  });

  test('says what no plan of as many fixes exceeds, by trying all of them', () => {
    const all = facts(
      ...way('a', 'CVE-1'),
      ...way('a', 'CVE-3', 0.45).slice(1, 2),
      ...way('b', 'CVE-2', 0.45),
      ADMIN,
      step('reads-data', principal('role'), store('data')),
      step('public-data', INTERNET, store('data'), { probability: 0.3 }),
    );
    fc.assert(
      fc.property(fc.subarray([...all.steps], { minLength: 3 }), (steps) => {
        const some = { ...all, steps, assets: new Map([...all.assets, ['data', SENSITIVE]]) };
        const gates = [...new Set(steps.flatMap((each) => each.gates.map(({ id }) => id)))];
        const { fixes } = planFixes(some);
        const before = riskOf(some, []);
        for (const [index, fix] of fixes.slice(0, 2).entries()) {
          const plans =
            index === 0 ? gates.map((gate) => [gate]) : gates.flatMap((a) => gates.map((b) => [a, b]));
          const best = Math.max(...plans.map((plan) => (before - riskOf(some, plan)) / before));
          expect(best).toBeLessThanOrEqual(fix.atMost + 1e-9);
          expect(fix.shareSoFar).toBeLessThanOrEqual(best + 1e-9);
          // The first is the best that there is.
          if (index === 0) expect(fix.shareSoFar).toBeGreaterThanOrEqual(best - 1e-9);
        }
      }),
    );
  });
});

const SENSITIVE = asset('data', 's3-bucket', {
  data: {
    dataClass: 'restricted',
    types: ['pii'],
    clues: [{ dataClass: 'restricted', types: ['pii'], confidence: 0.9, reason: 'Macie found it' }],
  },
});

/** What is at risk, by the likeliest way to each target: an administrator is worth ten, data are worth seven. */
function riskOf(some: PathFacts, closed: readonly string[]): number {
  const best = new Map<string, number>();
  for (const { paths, targetClass } of derivePaths(withoutGates(some, closed)).paths)
    for (const { likelihood } of paths)
      best.set(targetClass, Math.max(best.get(targetClass) ?? 0, likelihood));
  return 10 * (best.get('account-admin') ?? 0) + 7 * (best.get('sensitive-data') ?? 0);
}
