import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskOfGates } from '#graph/gates.ts';
import { pathTo, shortestPaths } from '#graph/shortest-paths.ts';
import { INTERNET, principal, step, store, workload } from './attack-path.test-sample.ts';
import type { AttackStep } from './attack-step.ts';
import type { State } from './state.ts';
import { StateGraph } from './state-graph.ts';

const internet = INTERNET;
const role = principal('role');
const bucket = store('bucket');

const STEPS: readonly AttackStep[] = [
  step('public-endpoint', internet, workload('reach'), { gate: 'sgr-1' }),
  step('network-exploit', workload('reach'), workload('exec'), { probability: 0.85, gate: 'CVE-2021-44228' }),
  step('network-exploit', workload('reach'), workload('exec'), { probability: 0.45, gate: 'CVE-2022-22965' }),
  step('container-escape', workload('exec'), workload('root'), { probability: 0.4 }),
  step('workload-role', workload('exec'), role),
  step('reads-data', role, bucket, { gate: 'shop/Read' }),
];

/** The rules of the best path to a state; null when nothing leads there. */
function rulesTo(states: StateGraph, target: State, closed?: Uint8Array): readonly string[] | null {
  const found = shortestPaths(states.graph, [states.nodeOf(internet)!], { closed });
  const path = pathTo(states.graph, found, states.nodeOf(target)!);
  return path && [...path].map((edge) => states.stepAt(edge).rule);
}

describe('the state graph', () => {
  test('leads from an origin through states to what is held at the end', () => {
    const states = new StateGraph(STEPS, [internet]);
    expect(rulesTo(states, bucket)).toEqual([
      'public-endpoint',
      'network-exploit',
      'workload-role',
      'reads-data',
    ]);
    expect(states.nodeOf({ ...bucket, capability: 'write' })).toBeNull();
  });

  test('tells by a number which steps say the same of a path', () => {
    const kinds = ['same-account', 'other-account'].map((kind) =>
      step('assume-role', role, principal(kind), { kind }),
    );
    const states = new StateGraph([...STEPS, ...kinds].reverse(), [internet]);
    const edges = [...Array(states.graph.edgeCount).keys()];
    const sameRule = (a: AttackStep, b: AttackStep) => a.rule === b.rule && a.kind === b.kind;
    for (const a of edges)
      for (const b of edges)
        expect(states.formAt(a) === states.formAt(b)).toBe(sameRule(states.stepAt(a), states.stepAt(b)));
  });

  test('keeps two ways to do the same apart: one gate closed leaves the other, both closed leave none', () => {
    const states = new StateGraph(STEPS, [internet]);
    const closing = (...ids: readonly string[]) =>
      maskOfGates(
        states.gates,
        [...Array(states.gates.gateCount).keys()].filter((gate) => ids.includes(states.gateAt(gate).id)),
      );
    expect(rulesTo(states, bucket, closing('CVE-2021-44228'))).toHaveLength(4);
    expect(rulesTo(states, bucket, closing('CVE-2021-44228', 'CVE-2022-22965'))).toBeNull();
    expect(rulesTo(states, bucket, closing('sgr-1'))).toBeNull();
  });

  test('of two steps that the same gates close takes the likelier, whichever comes first', () => {
    const two = [0.2, 0.7].map((probability) =>
      step('workload-role', workload('exec'), role, { probability, gate: 'profile' }),
    );
    for (const steps of [two, two.toReversed()]) {
      const states = new StateGraph(steps, [workload('exec')]);
      expect(states.graph.edgeCount).toBe(1);
      expect(states.stepAt(0).probability).toBe(0.7);
    }
  });

  test('lets a higher capability take the steps of the lower ones', () => {
    const breakout = step('public-endpoint', internet, workload('root'), { probability: 0.1 });
    const states = new StateGraph([breakout, ...STEPS.slice(4)], [internet]);
    expect(rulesTo(states, bucket)).toEqual(['public-endpoint', 'workload-role', 'reads-data']);
  });

  test('is the same for steps in any order and given twice', () => {
    const described = (states: StateGraph) => ({
      graph: states.graph,
      gates: states.gates,
      states: Array.from({ length: states.graph.nodeCount }, (_, node) => states.stateAt(node)),
      steps: Array.from({ length: states.graph.edgeCount }, (_, edge) => states.stepAt(edge)),
    });
    const expected = described(new StateGraph(STEPS, [internet]));
    fc.assert(
      fc.property(fc.shuffledSubarray([...STEPS, ...STEPS], { minLength: 2 * STEPS.length }), (shuffled) => {
        expect(described(new StateGraph(shuffled, [internet]))).toEqual(expected);
      }),
    );
  });

  test('is the same in any order where a state leads to more than a few', () => {
    const rows = (['reads-data', 'found-credential'] as const).flatMap((rule) =>
      Array.from({ length: 40 }, (_, place) =>
        step(rule, role, store(`bucket-${place % 30}`), { gate: `${place}` }),
      ),
    );
    const wanted = ({ rule, to, gates: [gate] }: AttackStep) => [rule, to.asset, Number(gate!.id)] as const;
    const expected = rows.map(wanted).sort();
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        const states = new StateGraph(shuffled, [internet]);
        const edges = [...states.graph.ranks.keys()];
        expect(edges.map((edge) => wanted(states.stepAt(edge)))).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  test('keeps what has no name apart from a thousand others', () => {
    const nameless = Array.from({ length: 1_000 }, (_, place) =>
      step('reads-data', role, store(''), { gate: `${place}` }),
    );
    const named = (['reads-data', 'found-credential'] as const).flatMap((rule) =>
      Array.from({ length: 1_024 }, (_, place) => step(rule, role, store(`bucket-${place}`))),
    );
    const states = new StateGraph([...named, ...nameless], [internet]);
    expect(states.stateAt(states.nodeOf(store('')) as number)).toEqual(store(''));
    expect(states.graph.nodeCount).toBe(1_024 + 3);
  });

  test('of nothing has its origins alone', () => {
    const states = new StateGraph([], [internet]);
    expect([states.graph.nodeCount, states.graph.edgeCount, states.stateAt(0)]).toEqual([1, 0, internet]);
  });
});
