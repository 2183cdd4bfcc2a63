import { compareBytes } from '#base/compare.ts';
import { maskOfGates } from '#graph/gates.ts';
import { pathTo, shortestPaths, UNREACHED } from '#graph/shortest-paths.ts';
import { onTheWay } from '#graph/subgraph.ts';
import type { Gate } from './attack-step.ts';
import { modelOf } from './derive-paths.ts';
import { likelihoodOfCost } from './likelihood.ts';
import type { PathFacts } from './path-facts.ts';
import { includesState } from './state.ts';
import type { StateGraph } from './state-graph.ts';
import { type Target, targetsOf } from './target.ts';
import { type ChangedPath, changedPaths } from './what-if.ts';

/** What a target of a tier is worth (attack-paths §4.5). */
const WORTH: Readonly<Record<Target['tier'], number>> = { 0: 10, 1: 7, 2: 4, 3: 1 };

const FIXES_MAX = 20;
/** Paths without a common gate that are counted. */
const DISJOINT_MAX = 1_000;
/** Of the likeliest way to one target: more would take seconds. */
const SEARCHES_MAX = 2_000;
/** Below this a fix is not worth a line. */
const LEAST_SHARE = 0.001;

/** One fix of a plan, after those before it. */
export interface PlannedFix {
  /** The same as long as what is closed is the same. */
  readonly id: string;
  readonly gate: Gate;
  /** Share of all risk that goes with it, from 0 to 1. */
  readonly share: number;
  /** Share of all risk that it and those before it take. */
  readonly shareSoFar: number;
  /** No plan of as many fixes takes a greater share: how far this one may be from the best. */
  readonly atMost: number;
  /** Targets that nobody reaches any more. */
  readonly targetsCut: number;
  /** What becomes of the attack paths that are there before it and are not the same after it. */
  readonly changes: readonly ChangedPath[];
  /** Attack paths that are still there. */
  readonly left: number;
}

/** Fixes, one after another, and how near that is to the best that there is. */
export interface PlannedFixes {
  readonly fixes: readonly PlannedFix[];
  /** Share of all risk that all of them take. */
  readonly share: number;
  /** No fewer fixes than that close every path: so many paths share no gate. */
  readonly atLeast: number;
}

/**
 * Which fixes take the most risk, one after another (attack-paths §4.8). Risk is what each target is worth times how likely
 * it is reached; a fix that leaves another way as likely takes none. Where none takes any by itself, because ways are as
 * likely as each other, those of the likeliest ways left are closed until one does. The first is the best that there is;
 * after each it is told what any plan of as many could take at most, and how many any plan needs that takes everything.
 */
export function planFixes(facts: PathFacts): PlannedFixes {
  const model = new RiskModel(facts);
  const before = model.risk([]);
  const bounds = model.leastLeft(FIXES_MAX);
  const plan: PlannedFix[] = [];
  const closed: number[] = [];
  const paths = modelOf(facts);
  let names = paths.derive().paths;
  let now = before;
  while (plan.length < FIXES_MAX && now.risk > 0) {
    const best = model.bestNext(closed, now.risk);
    const isWorth = best !== null && now.risk - best.after.risk >= before.risk * LEAST_SHARE;
    const next = isWorth ? best.gate : model.gateOfLikeliest(closed);
    if (next === null) break;
    closed.push(next);
    const after = isWorth ? best.after : model.risk(closed);
    const gate = model.gateAt(next);
    const left = paths.derive(closed.map((each) => model.gateAt(each).id)).paths;
    plan.push({
      id: gate.fix,
      gate,
      share: (now.risk - after.risk) / before.risk,
      shareSoFar: (before.risk - after.risk) / before.risk,
      atMost: (before.risk - (bounds[closed.length] as number)) / before.risk,
      targetsCut: now.reached - after.reached,
      changes: changedPaths(names, left).filter(({ effect }) => effect !== 'no change'),
      left: left.length,
    });
    names = left;
    now = after;
  }
  return {
    fixes: plan,
    share: before.risk === 0 ? 0 : (before.risk - now.risk) / before.risk,
    atLeast: model.disjointPaths(),
  };
}

interface RiskTarget {
  readonly worth: number;
  readonly nodes: readonly number[];
}

interface Risk {
  readonly risk: number;
  readonly reached: number;
}

/** All steps as one graph from its origins, and what its targets are worth. */
class RiskModel {
  readonly #states: StateGraph;
  readonly #roots: readonly number[];
  readonly #targets: readonly RiskTarget[];
  readonly #gates: readonly number[];

  constructor(facts: PathFacts) {
    const origins = facts.steps.flatMap(({ from }) => (from.family === 'origin' ? [from] : []));
    const targets = targetsOf(facts);
    this.#states = modelOf(facts).states;
    const { graph, gates } = this.#states;
    this.#roots = [...new Set(origins.flatMap((origin) => this.#states.nodeOf(origin) ?? []))];
    this.#targets = targets.map(({ state, tier }) => ({
      worth: WORTH[tier],
      nodes: this.#states
        .statesOf(state.asset)
        .filter((held) => includesState(held, state))
        .flatMap((held) => this.#states.nodeOf(held) ?? []),
    }));
    const part = onTheWay(
      graph,
      this.#roots,
      this.#targets.flatMap(({ nodes }) => nodes),
    );
    const onWay = new Set<number>();
    for (const edge of part.edges)
      for (let slot = gates.gateStart[edge] as number; slot < (gates.gateStart[edge + 1] as number); slot++)
        onWay.add(gates.gates[slot] as number);
    this.#gates = [...onWay].sort((a, b) => compareBytes(this.gateAt(a).id, this.gateAt(b).id));
  }

  gateAt(gate: number): Gate {
    return this.#states.gateAt(gate);
  }

  risk(closed: readonly number[]): Risk {
    const { graph, gates } = this.#states;
    const found = shortestPaths(graph, this.#roots, { closed: maskOfGates(gates, closed) });
    let risk = 0;
    let reached = 0;
    for (const { worth, nodes } of this.#targets) {
      const cost = Math.min(UNREACHED, ...nodes.map((node) => found.costs[node] as number));
      if (cost === UNREACHED) continue;
      risk += worth * likelihoodOfCost(cost);
      reached++;
    }
    return { risk, reached };
  }

  /** A gate of the likeliest way to what is worth most among what is left; null where nothing is. */
  gateOfLikeliest(closed: readonly number[]): number | null {
    const path = this.#likeliest(closed);
    return path === null ? null : (this.#gatesOf(path)[0] ?? null);
  }

  /** How many ways there are of which no two share a gate: each needs a fix of its own. */
  disjointPaths(): number {
    const closed: number[] = [];
    let count = 0;
    for (; count < DISJOINT_MAX; count++) {
      const path = this.#likeliest(closed);
      const gates = path === null ? [] : this.#gatesOf(path);
      if (gates.length === 0) break;
      closed.push(...gates);
    }
    return count;
  }

  /**
   * By how many gates are closed, what risk is left at least, whichever they are: of ways to a target of which no two share
   * a gate, as many gates close no more, so that one of as many and one more is left, which is no less likely than the last.
   * Gates need not add up for that. Nothing is taken as left where it takes too many searches to know.
   */
  leastLeft(count: number): readonly number[] {
    const left = new Array<number>(count + 1).fill(0);
    let searches = 0;
    for (const target of this.#targets) {
      const closed: number[] = [];
      for (let gates = 0; gates <= count && searches < SEARCHES_MAX; gates++, searches++) {
        const best = this.#likeliestOf([target], closed);
        if (best === null) break;
        left[gates] = (left[gates] as number) + best.risk;
        closed.push(...this.#gatesOf(best.path));
      }
    }
    return left;
  }

  #likeliest(closed: readonly number[]): Int32Array | null {
    return this.#likeliestOf(this.#targets, closed)?.path ?? null;
  }

  #likeliestOf(
    targets: readonly RiskTarget[],
    closed: readonly number[],
  ): { readonly path: Int32Array; readonly risk: number } | null {
    const { graph, gates } = this.#states;
    const found = shortestPaths(graph, this.#roots, { closed: maskOfGates(gates, closed) });
    let best: { readonly node: number; readonly risk: number } | null = null;
    for (const { worth, nodes } of targets)
      for (const node of nodes) {
        const cost = found.costs[node] as number;
        const risk = cost === UNREACHED ? 0 : worth * likelihoodOfCost(cost);
        if (risk > (best?.risk ?? 0)) best = { node, risk };
      }
    return best === null ? null : { path: pathTo(graph, found, best.node) as Int32Array, risk: best.risk };
  }

  /** The gates of a path, those of its entry first. */
  #gatesOf(path: Int32Array): readonly number[] {
    const { gates } = this.#states;
    return [...path].flatMap((edge) => [
      ...gates.gates.subarray(gates.gateStart[edge] as number, gates.gateStart[edge + 1] as number),
    ]);
  }

  /** The gate that takes most beside those that are closed already; of equal ones the first by name. */
  bestNext(closed: readonly number[], now: number): { readonly gate: number; readonly after: Risk } | null {
    let best: { readonly gate: number; readonly after: Risk } | null = null;
    for (const gate of this.#gates) {
      if (closed.includes(gate)) continue;
      const after = this.risk([...closed, gate]);
      if (after.risk < (best?.after.risk ?? now)) best = { gate, after };
    }
    return best;
  }
}
