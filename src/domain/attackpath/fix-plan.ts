import { compareBytes } from '#base/compare.ts';
import { type Gates, gatesOfEdges, maskOfGates } from '#graph/gates.ts';
import type { Graph } from '#graph/graph.ts';
import { pathTo, type ShortestPaths, shortestPaths, UNREACHED } from '#graph/shortest-paths.ts';
import { onTheWay } from '#graph/subgraph.ts';
import type { Effort, Gate } from './attack-step.ts';
import { modelOf } from './derive-paths.ts';
import { effortOf } from './gate.ts';
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
/** Of the likeliest ways, for one question, and visits of edges by all of them: more would take seconds. */
const SEARCHES_MAX = 2_000;
const VISITS_MAX = 40_000_000;
/** Gates that are tried for each fix of a plan, however much leads everywhere. */
const TRIES_MIN = 16;
/** Of sums of a thousand worths. */
const ROUNDING = 1e-9;
/** Below this a fix is not worth a line. */
const LEAST_SHARE = 0.001;

/** One fix of a plan, after those before it. */
export interface PlannedFix {
  /** The same as long as what is closed is the same. */
  readonly id: string;
  readonly gate: Gate;
  readonly effort: Effort;
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

/** By the risk that a fix takes, or by that for the work that it is. */
export type PlanOrder = 'risk' | 'cheapest';

/** Fixes, one after another, and how near that is to the best that there is. */
export interface PlannedFixes {
  readonly fixes: readonly PlannedFix[];
  /** Share of all risk that all of them take. */
  readonly share: number;
  /** No fewer fixes than that close every path: so many paths share no gate. */
  readonly atLeast: number;
  /** What was left out of the search for paths, and of the plan, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Which fixes take the most risk, one after another (attack-paths §4.8). Risk is what each target is worth times how likely
 * it is reached; a fix that leaves another way as likely takes none. Where none takes any by itself, because ways are as
 * likely as each other, those of the likeliest ways left are closed until one does. The first is the best that there is;
 * after each it is told what any plan of as many could take at most, and how many any plan needs that takes everything.
 * The cheapest first: a fix that takes half as much for a third of the work comes before.
 */
export function planFixes(facts: PathFacts, order: PlanOrder = 'risk'): PlannedFixes {
  const model = new RiskModel(facts, order);
  const before = model.risk([]);
  const bounds = model.leastLeft(FIXES_MAX);
  const plan: PlannedFix[] = [];
  const closed: number[] = [];
  const paths = modelOf(facts);
  const { paths: first, notes } = paths.outlines();
  let names = first;
  let now = before;
  while (plan.length < FIXES_MAX && now.risk > 0) {
    const best = model.bestNext(closed, now.risk);
    const isWorth = best !== null && now.risk - best.after.risk >= before.risk * LEAST_SHARE;
    const next = isWorth ? best.gate : model.gateOfLikeliest(closed);
    if (next === null) break;
    closed.push(next);
    const after = isWorth ? best.after : model.risk(closed);
    const gate = model.gateAt(next);
    const left = paths.outlines(closed.map((each) => model.gateAt(each).id)).paths;
    plan.push({
      id: gate.fix,
      gate,
      effort: effortOf(gate),
      share: (now.risk - after.risk) / before.risk,
      shareSoFar: (before.risk - after.risk) / before.risk,
      atMost: (before.risk - (bounds[closed.length] as number)) / before.risk,
      targetsCut: now.reached - after.reached,
      changes: changedPaths(paths, names, left).filter(({ effect }) => effect !== 'no change'),
      left: left.length,
    });
    names = left;
    now = after;
  }
  return {
    fixes: plan,
    share: before.risk === 0 ? 0 : (before.risk - now.risk) / before.risk,
    atLeast: before.risk === 0 ? 0 : Math.max(1, model.disjointPaths()),
    notes:
      plan.length === FIXES_MAX && now.risk > 0
        ? [...notes, `The plan ends after ${FIXES_MAX} fixes, though others would take more.`]
        : notes,
  };
}

interface RiskTarget {
  readonly worth: number;
  readonly nodes: readonly number[];
  /** The gates of each step that makes it a target, of which any is enough; null where it needs none. */
  readonly by: readonly (readonly number[])[] | null;
}

interface Risk {
  readonly risk: number;
  readonly reached: number;
}

/** The steps on the way from origins to targets as one graph, and what its targets are worth. */
class RiskModel {
  readonly #states: StateGraph;
  readonly #graph: Graph;
  readonly #gates: Gates;
  readonly #roots: readonly number[];
  readonly #targets: readonly RiskTarget[];
  readonly #order: PlanOrder;
  readonly #searchesMax: number;
  readonly #triesMax: number;

  constructor(facts: PathFacts, order: PlanOrder) {
    this.#order = order;
    const origins = facts.steps.flatMap(({ from }) => (from.family === 'origin' ? [from] : []));
    const states = modelOf(facts).states;
    const roots = [...new Set(origins.flatMap((origin) => states.nodeOf(origin) ?? []))];
    const targets = targetsOf(facts).map(({ state, tier, by }) => ({
      worth: WORTH[tier],
      by: by?.map(({ gates }) => gates.flatMap(({ id }) => states.gatesOfId(id))) ?? null,
      nodes: states
        .statesOf(state.asset)
        .filter((held) => includesState(held, state))
        .flatMap((held) => states.nodeOf(held) ?? []),
    }));
    const part = onTheWay(
      states.graph,
      roots,
      targets.flatMap(({ nodes }) => nodes),
    );
    const own = (nodes: readonly number[]): readonly number[] =>
      nodes.map((node) => part.numbers[node] as number).filter((number) => number !== -1);
    this.#states = states;
    this.#graph = part.graph;
    this.#gates = gatesOfEdges(states.gates, part.edges);
    this.#roots = own(roots);
    this.#targets = targets.map(({ worth, by, nodes }) => ({
      worth,
      by,
      nodes: own(nodes),
    }));
    const searches = VISITS_MAX / (part.edges.length + 1);
    this.#searchesMax = Math.ceil(Math.min(SEARCHES_MAX, searches));
    this.#triesMax = Math.max(TRIES_MIN, Math.ceil(searches / FIXES_MAX));
  }

  gateAt(gate: number): Gate {
    return this.#states.gateAt(gate);
  }

  /** What a gain of risk is divided by to compare it with others. */
  #weightOf(gate: number): number {
    return this.#order === 'cheapest' ? effortOf(this.gateAt(gate)) : 1;
  }

  risk(closed: readonly number[]): Risk {
    const found = this.#search(closed);
    let risk = 0;
    let reached = 0;
    for (const target of this.#wanted(closed)) {
      const best = likeliestNode(target, found);
      if (best === null) continue;
      risk += best.risk;
      reached++;
    }
    return { risk, reached };
  }

  /** Targets of which a step that makes them one is left. */
  #wanted(closed: readonly number[]): readonly RiskTarget[] {
    return this.#targets.filter(
      ({ by }) => by === null || by.some((gates) => !gates.some((gate) => closed.includes(gate))),
    );
  }

  /** A gate of the likeliest way to what is worth most among what is left; null where nothing is. */
  gateOfLikeliest(closed: readonly number[]): number | null {
    const path = this.#likeliest(this.#wanted(closed), closed)?.path ?? null;
    const gates = path === null ? [] : this.#gatesOf(path);
    return gates.toSorted((a, b) => this.#weightOf(a) - this.#weightOf(b))[0] ?? null;
  }

  /** Those that closing a gate elsewhere does not make worthless: of the others no bound holds. */
  get #lasting(): readonly RiskTarget[] {
    return this.#targets.filter(({ by }) => by === null);
  }

  /** How many ways there are of which no two share a gate: each needs a fix of its own. */
  disjointPaths(): number {
    const closed: number[] = [];
    let count = 0;
    for (; count < Math.min(DISJOINT_MAX, this.#searchesMax); count++) {
      const path = this.#likeliest(this.#lasting, closed)?.path ?? null;
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
    for (const target of this.#lasting) {
      const closed: number[] = [];
      for (let gates = 0; gates <= count && searches < this.#searchesMax; gates++, searches++) {
        const best = this.#likeliest([target], closed);
        if (best === null) break;
        left[gates] = (left[gates] as number) + best.risk;
        closed.push(...this.#gatesOf(best.path));
      }
    }
    return left;
  }

  /**
   * The gate that takes most beside those that are closed already; of equal ones the first by name. One takes no more than
   * what is at risk by ways that go through it, so those of the most such risk are tried until no other can take as much.
   */
  bestNext(closed: readonly number[], now: number): { readonly gate: number; readonly after: Risk } | null {
    const found = this.#search(closed);
    const through = new Map<number, number>();
    for (const target of this.#targets) {
      const end = likeliestNode(target, found);
      if (end === null) continue;
      const path = pathTo(this.#graph, found, end.node) as Int32Array;
      for (const gate of new Set(this.#gatesOf(path))) through.set(gate, (through.get(gate) ?? 0) + end.risk);
    }
    const candidates = [...through]
      .map(([gate, most]) => ({ gate, most: most / this.#weightOf(gate) }))
      .sort((a, b) => b.most - a.most || compareBytes(this.gateAt(a.gate).id, this.gateAt(b.gate).id));
    let best: { readonly gate: number; readonly after: Risk; readonly gain: number } | null = null;
    for (const { gate, most } of candidates.slice(0, this.#triesMax)) {
      // Sums of the same numbers differ by how they are added.
      if (most < (best?.gain ?? 0) - ROUNDING) break;
      const after = this.risk([...closed, gate]);
      const gain = (now - after.risk) / this.#weightOf(gate);
      const isBetter =
        best === null
          ? after.risk < now
          : gain > best.gain || (gain === best.gain && this.#isBefore(gate, best.gate));
      if (isBetter) best = { gate, after, gain };
    }
    return best;
  }

  #isBefore(a: number, b: number): boolean {
    return compareBytes(this.gateAt(a).id, this.gateAt(b).id) < 0;
  }

  #search(closed: readonly number[]): ShortestPaths {
    return shortestPaths(this.#graph, this.#roots, { closed: maskOfGates(this.#gates, closed) });
  }

  /** The way to the target that is most at risk, by which it is. */
  #likeliest(
    targets: readonly RiskTarget[],
    closed: readonly number[],
  ): { readonly path: Int32Array; readonly risk: number } | null {
    const found = this.#search(closed);
    let best: RiskyNode | null = null;
    for (const target of targets) {
      const node = likeliestNode(target, found);
      if (node !== null && node.risk > (best?.risk ?? 0)) best = node;
    }
    if (best === null) return null;
    return { path: pathTo(this.#graph, found, best.node) as Int32Array, risk: best.risk };
  }

  /** The gates of a path, those of its entry first. */
  #gatesOf(path: Int32Array): readonly number[] {
    const { gateStart, gates } = this.#gates;
    return [...path].flatMap((edge) => [
      ...gates.subarray(gateStart[edge] as number, gateStart[edge + 1] as number),
    ]);
  }
}

interface RiskyNode {
  readonly node: number;
  readonly risk: number;
}

/** By which of its nodes a target is likeliest reached; null where nobody gets there. */
function likeliestNode({ worth, nodes }: RiskTarget, { costs }: ShortestPaths): RiskyNode | null {
  let best: RiskyNode | null = null;
  for (const node of nodes) {
    const cost = costs[node] as number;
    const risk = cost === UNREACHED ? 0 : worth * likelihoodOfCost(cost);
    if (risk > (best?.risk ?? 0)) best = { node, risk };
  }
  return best;
}
