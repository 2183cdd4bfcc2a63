import { describe, expect, test } from 'vitest';
import type { AttackStep } from './attack-step.ts';
import SHAPES from './data/shapes.json' with { type: 'json' };
import { derivePaths } from './derive-paths.ts';
import type { PathFacts } from './path-facts.ts';
import { CHAINED_LABS } from './path-world.chained-labs.test-sample.ts';
import { IDENTITY_LABS } from './path-world.identity-labs.test-sample.ts';
import { factsOfLab, type Lab } from './path-world.labs.test-sample.ts';
import { NETWORK_LABS } from './path-world.network-labs.test-sample.ts';
import { ONE_HOP_LABS } from './path-world.one-hop-labs.test-sample.ts';
import { SHAPE_LABS } from './path-world.shape-labs.test-sample.ts';
import { SHAPE_TWINS } from './path-world.shape-twins.test-sample.ts';
import { SUPPLY_LABS } from './path-world.supply-labs.test-sample.ts';
import { stateKey } from './state.ts';

const shapesOf = (facts: PathFacts): readonly string[] => derivePaths(facts).paths.map(({ shape }) => shape);

const without = (facts: PathFacts, gates: ReadonlySet<string>): PathFacts => ({
  ...facts,
  steps: facts.steps.filter((step) => !step.gates.some(({ id }) => gates.has(id))),
});

/** Ids of one gate of every step that does the same as this one. */
const insteadOf = (facts: PathFacts, step: AttackStep): readonly string[] =>
  facts.steps
    .filter(({ from, to }) => stateKey(from) === stateKey(step.from) && stateKey(to) === stateKey(step.to))
    .flatMap(({ gates }) => gates[0]?.id ?? []);

describe.each(Object.entries(SHAPE_LABS))('the world of %s', (shape, lab) => {
  const facts = factsOfLab(lab);

  test('has a path of that shape', () => {
    expect(shapesOf(facts)).toContain(shape);
  });

  test('has none of it without any one gate of its steps', () => {
    const [found] = derivePaths(facts).paths.filter((path) => path.shape === shape);
    for (const step of found?.paths[0]?.steps ?? [])
      for (const { id } of step.gates)
        expect(shapesOf(without(facts, new Set([id, ...insteadOf(facts, step)]))), id).not.toContain(shape);
  });
});

test('every world of a shape has a twin with a guard in place', () => {
  expect(Object.keys(SHAPE_TWINS)).toEqual(Object.keys(SHAPE_LABS));
});

test.each(Object.entries(SHAPE_TWINS))('the guarded world of %s has no path', (_shape, twin) => {
  expect(shapesOf(factsOfLab(twin))).toEqual([]);
});

test.each<[string, Lab | undefined]>([
  ['insider-machine-commands', NETWORK_LABS['cloudgoat vpc_peering_overexposed']?.lab],
  ['insider-rolls-policy-back', IDENTITY_LABS['cloudgoat iam_privesc_by_rollback']?.lab],
  ['insider-hijacks-jobs', IDENTITY_LABS['cloudgoat glue_privesc']?.lab],
  ['insider-to-other-account', IDENTITY_LABS['pathfinding-labs dev-to-prod multi-hop']?.lab],
])('whoever is inside goes the way of a key that leaked: %s', (shape, lab) => {
  expect(shapesOf(factsOfLab({ ...(lab as Lab), lens: 'insider' }))).toContain(shape);
});

/** Found where they are tested: Entra ID and Google Cloud. */
const ELSEWHERE = [55, 56, 58];

test('every shape is found in some world', () => {
  const labs = { ...NETWORK_LABS, ...IDENTITY_LABS, ...SUPPLY_LABS, ...ONE_HOP_LABS, ...CHAINED_LABS };
  const worlds = [...Object.values(labs).map(({ lab }) => lab), ...Object.values(SHAPE_LABS)];
  const found = new Set(worlds.flatMap((lab) => shapesOf(factsOfLab(lab))));
  const numbers = new Set(SHAPES.flatMap(({ id, number }) => (found.has(id) ? [number] : [])));
  const missing = Array.from({ length: 58 }, (_, at) => at + 1).filter((number) => !numbers.has(number));
  expect(missing).toEqual(ELSEWHERE);
});
