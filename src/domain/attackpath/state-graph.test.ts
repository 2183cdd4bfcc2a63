import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskOfGates } from '#graph/gates.ts';
import { pathTo, shortestPaths } from '#graph/shortest-paths.ts';
import type { AttackStep } from './attack-step.ts';
import type { State } from './state.ts';
import { StateGraph } from './state-graph.ts';

const internet: State = { asset: 'internet', family: 'origin', capability: 'reach' };
const web = (capability: 'reach' | 'exec' | 'root'): State => ({
  asset: 'web',
  family: 'workload',
  capability,
});
const role: State = { asset: 'role', family: 'principal', capability: 'use' };
const bucket: State = { asset: 'bucket', family: 'datastore', capability: 'read' };

const step = (rule: string, from: State, to: State, more: Partial<AttackStep> = {}): AttackStep => ({
  rule,
  from,
  to,
  probability: 0.95,
  gates: [],
  evidence: [],
  assumptions: [],
  technique: null,
  ...more,
});

const STEPS: readonly AttackStep[] = [
  step('public-endpoint', internet, web('reach'), { gates: [{ is: 'network_rule', id: 'sgr-1' }] }),
  step('network-code', web('reach'), web('exec'), {
    probability: 0.85,
    gates: [{ is: 'finding', id: 'CVE-2021-44228' }],
    technique: 'T1190',
  }),
  step('network-code', web('reach'), web('exec'), {
    probability: 0.45,
    gates: [{ is: 'finding', id: 'CVE-2022-22965' }],
    technique: 'T1190',
  }),
  step('local-escalation', web('exec'), web('root'), { probability: 0.4 }),
  step('metadata', web('exec'), role, { technique: 'T1552.005' }),
  step('reads-data', role, bucket, { gates: [{ is: 'statement', id: 'shop/Read' }] }),
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
    expect(rulesTo(states, bucket)).toEqual(['public-endpoint', 'network-code', 'metadata', 'reads-data']);
    expect(states.nodeOf({ ...bucket, capability: 'write' })).toBeNull();
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

  test('lets a higher capability take the steps of the lower ones', () => {
    const breakout = step('escape', internet, web('root'), { probability: 0.1 });
    const states = new StateGraph([breakout, ...STEPS.slice(4)], [internet]);
    expect(rulesTo(states, bucket)).toEqual(['escape', 'metadata', 'reads-data']);
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

  test('of nothing has its origins alone', () => {
    const states = new StateGraph([], [internet]);
    expect([states.graph.nodeCount, states.graph.edgeCount, states.stateAt(0)]).toEqual([1, 0, internet]);
  });
});
