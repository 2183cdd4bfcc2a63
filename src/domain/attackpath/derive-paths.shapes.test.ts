import { describe, expect, test } from 'vitest';
import type { AttackStep } from './attack-step.ts';
import SHAPES from './data/shapes.json' with { type: 'json' };
import { factsOf } from './derive-paths.clouds.test-sample.ts';
import { derivePaths } from './derive-paths.ts';
import type { PathFacts } from './path-facts.ts';
import { ALL_LABS } from './path-world.all-labs.test-sample.ts';
import { CLOUD_LABS } from './path-world.cloud-labs.test-sample.ts';
import { IDENTITY_LABS } from './path-world.identity-labs.test-sample.ts';
import { factsOfLab, type Lab } from './path-world.labs.test-sample.ts';
import { NETWORK_LABS } from './path-world.network-labs.test-sample.ts';
import { SHAPE_LABS } from './path-world.shape-labs.test-sample.ts';
import { SHAPE_TWINS } from './path-world.shape-twins.test-sample.ts';
import { VARIANT_LABS } from './path-world.variant-labs.test-sample.ts';
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

const WORLDS: readonly (readonly [string, Lab])[] = [
  ...Object.entries(SHAPE_LABS),
  ...Object.entries(VARIANT_LABS).map(([shape, { lab }]) => [shape, lab] as const),
];
const GUARDED: readonly (readonly [string, Lab])[] = [
  ...Object.entries(SHAPE_TWINS),
  ...Object.entries(VARIANT_LABS).map(([shape, { hardened }]) => [shape, hardened] as const),
];

describe.each(WORLDS)('the world of %s', (shape, lab) => {
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

test.each(GUARDED)('the guarded world of %s has no path', (_shape, twin) => {
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

test.each([
  ['EKS, a policy of an access entry', 'workload-runs-as-admin'],
  ['EKS, groups of an access entry', 'workload-runs-as-admin'],
  ['EKS, a group that may enter the pods of a privileged account', 'workload-escalates-to-admin'],
  ['a repository that Argo CD applies to its cluster', 'fork-pull-request'],
])('logins to clusters and what is applied to them have the shapes that tell of them: %s', (name, shape) => {
  expect(
    shapesOf(factsOfLab((ALL_LABS[name as keyof typeof ALL_LABS] as { readonly lab: Lab }).lab)),
  ).toContain(shape);
});

test('every shape, with each of its variants, is found in some world', () => {
  const worlds = [
    ...Object.values(ALL_LABS).flatMap(({ lab }) => [lab, { ...lab, lens: 'insider' as const }]),
    ...WORLDS.map(([, lab]) => lab),
  ];
  const found = new Set([
    ...worlds.flatMap((lab) => shapesOf(factsOfLab(lab))),
    ...Object.values(CLOUD_LABS).flatMap(({ estate }) => shapesOf(factsOf(estate))),
  ]);
  expect(SHAPES.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([]);
});
