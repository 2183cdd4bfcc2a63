import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asset, INTERNET, principal, step, workload } from './attack-path.test-sample.ts';
import type { AttackStep } from './attack-step.ts';
import { gatesMeant, planFixes, whatIf } from './fix-plan.ts';
import { findingGate } from './gate.ts';
import type { PathFacts } from './path-facts.ts';
import { administratorOf } from './workload-steps.ts';

const ESTATE = 'aws:111111111111';
const image = (name: string) => ({ flawed: { key: `image:${name}`, kind: 'image' as const, name } });
const way = (name: string, flaw: string, probability = 0.85): readonly AttackStep[] => [
  step('public-endpoint', INTERNET, workload('reach', name)),
  step('network-exploit', workload('reach', name), workload('exec', name), {
    probability,
    gates: [findingGate(flaw, `issue${flaw}`, `mend ${flaw}`)],
    ...image(name),
  }),
  step('workload-role', workload('exec', name), principal('role')),
];
const ADMIN = step('administrator', principal('role'), administratorOf(ESTATE), { gate: 'rights of role' });

const facts = (...steps: readonly AttackStep[]): PathFacts => ({
  assets: new Map(
    ['a', 'b', 'role'].map((key) => [key, asset(key, key === 'role' ? 'iam-role' : 'ec2-instance')]),
  ),
  estates: new Map([[ESTATE, { production: 'yes', evidence: [], name: 'account' }]]),
  steps,
});
const TWO = facts(...way('a', 'CVE-1'), ...way('b', 'CVE-2', 0.45), ADMIN);

describe('a plan of fixes', () => {
  test('begins with what all ways go through', () => {
    const { fixes, share, atLeast } = planFixes(TWO);
    const [first, ...others] = fixes;
    expect([share, atLeast]).toEqual([1, 1]);
    expect(first).toMatchObject({ gate: { id: 'rights of role' }, targetsCut: 1, left: 0 });
    expect(first?.share).toBe(1);
    expect(first?.closes).toHaveLength(2);
    expect(others).toEqual([]);
  });

  test('of nothing is empty', () => {
    expect(planFixes(facts())).toEqual({ fixes: [], share: 0, atLeast: 0 });
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
});

describe('what if', () => {
  const told = (...gates: readonly string[]) =>
    whatIf(TWO, gates).map(
      ({ pivot, becomes, severity, severityAfter }) => `${pivot} ${becomes} ${severity} ${severityAfter}`,
    );

  test.each<[readonly string[], readonly string[]]>([
    [[], ['image:a the same critical critical', 'image:b the same critical critical']],
    [['CVE-1'], ['image:a gone critical null', 'image:b the same critical critical']],
    [['rights of role'], ['image:a gone critical null', 'image:b gone critical null']],
  ])('%j is closed', (gates, expected) => {
    expect(told(...gates)).toEqual(expected);
  });

  test('tells what is less likely afterwards, and lower', () => {
    const weaker = way('a', 'CVE-3', 0.05)[1] as AttackStep;
    const some = { ...TWO, steps: [...TWO.steps, weaker] };
    expect(whatIf(some, ['CVE-1'])[0]).toMatchObject({
      becomes: 'lower',
      severity: 'critical',
      severityAfter: 'high',
    });
  });
});

test('a word means a gate by its id, its issue or what closing it is', () => {
  const ids = (word: string) => gatesMeant(TWO.steps, word).map(({ id }) => id);
  expect(ids('CVE-1')).toEqual(['CVE-1']);
  expect(ids('issuecve-1')).toEqual([]);
  expect(ids('mend')).toEqual(['CVE-1', 'CVE-2']);
  expect(ids('nothing of the kind')).toEqual([]);
});
