import { describe, expect, test } from 'vitest';
import type { AttackStep } from './attack-step.ts';
import { derivePaths } from './derive-paths.ts';
import type { PathFacts } from './path-facts.ts';
import { ALL_LABS } from './path-world.all-labs.test-sample.ts';
import { BOTH_WAYS } from './path-world.chained-labs.test-sample.ts';
import { factsOfLab } from './path-world.labs.test-sample.ts';
import { stateKey } from './state.ts';

/** A path in words: where it begins, and each step with what it leads to. */
function told(facts: PathFacts): readonly string[] {
  return derivePaths(facts)
    .paths.flatMap(({ paths }) =>
      paths.map(
        ({ entry, steps }) =>
          `${entry}: ${steps.map(({ rule, to }) => `${rule} ${shortName(to.asset)}`).join(', ')}`,
      ),
    )
    .sort();
}

function shortName(asset: string): string {
  if (asset.startsWith('account-admin:')) return asset.endsWith('111111111111') ? 'account' : 'other account';
  return asset.slice(Math.max(asset.lastIndexOf('/'), asset.lastIndexOf(':')) + 1);
}

/** Steps between the same states. */
function others(facts: PathFacts, step: AttackStep): readonly AttackStep[] {
  return facts.steps.filter(
    ({ from, to }) => stateKey(from) === stateKey(step.from) && stateKey(to) === stateKey(step.to),
  );
}

function without(facts: PathFacts, gate: string): PathFacts {
  return { ...facts, steps: facts.steps.filter(({ gates }) => !gates.some(({ id }) => id === gate)) };
}

describe.each(Object.entries(ALL_LABS))('%s', (_name, { lab, expected, hardened }) => {
  const facts = factsOfLab(lab);

  test('has exactly these paths', () => {
    expect(told(facts)).toEqual([...expected].sort());
  });

  test('has none when any of its gates is closed, unless another step does the same without it', () => {
    for (const { steps } of derivePaths(facts).paths.flatMap(({ paths }) => paths))
      for (const step of steps) {
        expect(step.gates.length, step.sentence).toBeGreaterThan(0);
        for (const gate of step.gates) {
          const alternatives = others(facts, step).filter(
            ({ gates }) => !gates.some(({ id }) => id === gate.id),
          );
          const left = told(without(facts, gate.id));
          if (alternatives.length === 0) expect(left, gate.id).toEqual([]);
          // Every alternative has gates of its own, and closing one of each closes the path.
          const all = [gate.id, ...alternatives.map(({ gates }) => gates[0]?.id ?? '')];
          expect(told(all.reduce(without, facts)), all.join(' and ')).toEqual([]);
        }
      }
  });

  test('has none where it is hardened', () => {
    expect(told(factsOfLab(hardened))).toEqual([]);
  });
});

test('of two ways to one bucket either stays while the other is closed (pathfinding-labs, reverse blast radius)', () => {
  const facts = factsOfLab(BOTH_WAYS.lab);
  expect(told(facts)).toEqual(BOTH_WAYS.expected);
  expect(told(factsOfLab(BOTH_WAYS.hardened))).toEqual([]);
  for (const { steps, entry } of derivePaths(facts).paths.flatMap(({ paths }) => paths))
    for (const gate of steps.flatMap(({ gates }) => gates)) {
      const [left, ...others] = told(without(facts, gate.id));
      expect(others, entry).toEqual([]);
      expect(left, gate.id).not.toContain(steps[0]?.to.asset.split('/').at(-1));
    }
});
