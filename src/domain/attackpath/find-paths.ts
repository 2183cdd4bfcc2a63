import { compareBytes, compareInOrder } from '#base/compare.ts';
import { counted } from '#base/text.ts';
import { pathTo, shortestPaths, UNREACHED } from '#graph/shortest-paths.ts';
import { onTheWay } from '#graph/subgraph.ts';
import type { ResourceIdentity } from '../resource/resource-key.ts';
import type { AttackStep } from './attack-step.ts';
import { costOfProbability } from './likelihood.ts';
import { includesState, stateKey } from './state.ts';
import { StateGraph } from './state-graph.ts';
import { stepRule } from './step-rules.ts';
import type { Target } from './target.ts';

/** The best way from one entry over one pivot to one target. */
export interface Way {
  readonly pivot: string;
  readonly target: Target;
  /** Of all steps together. */
  readonly cost: number;
  readonly steps: readonly AttackStep[];
}

/** All ways, and what was left out of them, in sentences. */
export interface FoundWays {
  readonly ways: readonly Way[];
  readonly notes: readonly string[];
}

/** Longer ways are none that anybody would go (attack-paths §4.6 step 7). */
export const STEPS_MAX = 12;
/** Ways that are told apart; those to further targets are counted. */
const WAYS_MAX = 50_000;
/** Visits of edges by searches backwards, one for each target: half a second or so. */
const VISITS_MAX = 100_000_000;

/** How somebody gets to the first thing that is theirs: by an entry, and by a flaw where it takes one. */
interface Start {
  readonly pivot: string;
  readonly entry: string;
  readonly steps: readonly AttackStep[];
  readonly cost: number;
  readonly node: number;
}

/**
 * The best way from each entry over each pivot to each target (attack-paths §4.6). A pivot is what has the flaw that the
 * way begins with, or, where no flaw is needed, what outsiders hold first; it depends on one way alone, so that no other
 * way that comes or goes moves it. One search backwards from each target answers for all starts at once.
 */
export function findWays(steps: readonly AttackStep[], targets: readonly Target[]): FoundWays {
  const entries = steps.filter(({ rule }) => stepRule(rule).category === 'entry');
  const outside = new Set(
    entries.flatMap(({ to }) =>
      to.capability === 'reach' || to.family === 'principal' ? [stateKey(to)] : [],
    ),
  );
  // Who goes on to where outsiders get by themselves goes round in circles.
  const others = steps.filter(
    ({ rule, to }) => stepRule(rule).category !== 'entry' && !outside.has(stateKey(to)),
  );
  const roots = entries.map(({ to }) => to);
  const graph = new StateGraph(others, [...roots, ...targets.map(({ state }) => state)]);
  const starts = startsOf(entries, graph);
  const wanted = targetNodes(targets, graph);
  const part = onTheWay(
    graph.graph,
    starts.map(({ node }) => node),
    wanted.flatMap(({ nodes }) => nodes),
  );
  const numbers = new Map([...part.nodes].map((node, number) => [node, number]));
  const onWay = starts.filter(({ node }) => numbers.has(node));
  const notes: string[] = [];
  const ways: Way[] = [];
  let tooLong = 0;
  let visits = 0;
  let unsearched = 0;
  let more = 0;
  for (const { target, nodes } of wanted) {
    const ends = nodes.flatMap((node) => numbers.get(node) ?? []);
    if (ends.length === 0) continue;
    if (visits > VISITS_MAX) {
      unsearched++;
      continue;
    }
    visits += part.graph.edgeCount + part.graph.nodeCount + onWay.length;
    const back = shortestPaths(part.graph, ends, { direction: 'backward' });
    for (const start of bestStarts(onWay, (node) => back.costs[numbers.get(node) as number] as number)) {
      if (ways.length >= WAYS_MAX) {
        more++;
        continue;
      }
      const rest = pathTo(part.graph, back, numbers.get(start.node) as number) as Int32Array;
      const all = [...start.steps, ...[...rest].map((edge) => graph.stepAt(part.edges[edge] as number))];
      if (all.length > STEPS_MAX) {
        tooLong++;
        continue;
      }
      const cost = start.cost + (back.costs[numbers.get(start.node) as number] as number);
      ways.push({ pivot: start.pivot, target, cost, steps: all });
    }
  }
  if (tooLong > 0)
    notes.push(
      `${counted(tooLong, 'way')} of more than ${STEPS_MAX} steps ${tooLong === 1 ? 'is' : 'are'} left out.`,
    );
  if (more > 0)
    notes.push(`${counted(more, 'way')} beyond the first ${WAYS_MAX} ${more === 1 ? 'is' : 'are'} left out.`);
  if (unsearched > 0)
    notes.push(`Ways to ${counted(unsearched, 'target')} were not looked for: the graph is too dense.`);
  return { ways, notes };
}

/** Of each pivot and entry the start from which the target is nearest. */
function bestStarts(starts: readonly Start[], distance: (node: number) => number): readonly Start[] {
  const best = new Map<string, { readonly start: Start; readonly cost: number; readonly text: string }>();
  for (const start of starts) {
    const rest = distance(start.node);
    if (rest === UNREACHED) continue;
    const key = `${start.pivot}\n${start.entry}`;
    const cost = start.cost + rest;
    const known = best.get(key);
    if (known !== undefined && known.cost < cost) continue;
    const text = start.steps
      .map((step) => `${step.rule} ${step.gates.map(({ id }) => id).join(' ')}`)
      .join(' ');
    if (known === undefined || cost < known.cost || compareBytes(text, known.text) < 0)
      best.set(key, { start, cost, text });
  }
  return [...best.values()].map(({ start }) => start);
}

function startsOf(entries: readonly AttackStep[], graph: StateGraph): readonly Start[] {
  return entries.flatMap((entry): Start[] => {
    const cost = costOfProbability(entry.probability);
    const { asset, capability, family } = entry.to;
    if (family !== 'workload' || capability !== 'reach') {
      const node = graph.nodeOf(entry.to);
      const one = { pivot: asset, entry: asset, steps: [entry], cost };
      return node === null ? [] : [{ ...one, node }];
    }
    return graph.stepsFrom(entry.to).flatMap((first): Start[] => {
      const node = graph.nodeOf(first.to);
      if (node === null) return [];
      return [
        {
          pivot: first.flawed?.key ?? asset,
          entry: asset,
          steps: [entry, first],
          cost: cost + costOfProbability(first.probability),
          node,
        },
      ];
    });
  });
}

/** The states that include what is wanted of each target. */
function targetNodes(
  targets: readonly Target[],
  graph: StateGraph,
): readonly { readonly target: Target; readonly nodes: readonly number[] }[] {
  return targets.map((target) => ({
    target,
    nodes: graph.statesOf(target.state.asset).flatMap((held) => {
      const node = includesState(held, target.state) ? graph.nodeOf(held) : null;
      return node === null ? [] : [node];
    }),
  }));
}

/** Likeliest first; ties by fewer steps, then by names. */
export const byLikelihood = compareInOrder<Way>([
  (a, b) => a.cost - b.cost,
  (a, b) => a.steps.length - b.steps.length,
  (a, b) => compareBytes(wayText(a), wayText(b)),
]);

function wayText({ steps, target }: Way): string {
  return [...steps.map(({ rule, to }) => `${rule} ${stateKey(to)}`), stateKey(target.state)].join('\n');
}

/** What a pivot is called, from the steps of one of its ways. */
export function pivotOf({ pivot, steps }: Way, named: (key: string) => ResourceIdentity): ResourceIdentity {
  return steps.find(({ flawed }) => flawed?.key === pivot)?.flawed ?? named(pivot);
}
