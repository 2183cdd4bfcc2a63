import { compareBytes } from '#base/compare.ts';
import { maskOfGates } from '#graph/gates.ts';
import { pathTo, shortestPaths, UNREACHED } from '#graph/shortest-paths.ts';
import { onTheWay } from '#graph/subgraph.ts';
import type { AttackPath } from './attack-path.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { derivePaths } from './derive-paths.ts';
import { likelihoodOfCost } from './likelihood.ts';
import type { PathFacts } from './path-facts.ts';
import { includesState } from './state.ts';
import { StateGraph } from './state-graph.ts';
import { type Target, targetsOf } from './target.ts';

/** What a target of a tier is worth (attack-paths §4.5). */
const WORTH: Readonly<Record<Target['tier'], number>> = { 0: 10, 1: 7, 2: 4, 3: 1 };

const FIXES_MAX = 20;
/** Paths without a common gate that are counted. */
const DISJOINT_MAX = 1_000;
/** Below this a fix is not worth a line. */
const LEAST_SHARE = 0.001;

/** One fix of a plan, after those before it. */
export interface PlannedFix {
  readonly gate: Gate;
  /** Share of all risk that goes with it, from 0 to 1. */
  readonly share: number;
  /** Targets that nobody reaches any more. */
  readonly targetsCut: number;
  /** Attack paths that are gone after it and those before it, and those that are still there. */
  readonly closes: readonly PathName[];
  readonly left: number;
}

/** What an attack path is called. */
export type PathName = Pick<AttackPath, 'shape' | 'targetClass' | 'title' | 'severity'> & {
  readonly pivot: string;
};

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
 * of all of them together it is told how many any plan needs at least.
 */
export function planFixes(facts: PathFacts): PlannedFixes {
  const model = new RiskModel(facts);
  const before = model.risk([]);
  const plan: PlannedFix[] = [];
  const closed: number[] = [];
  let names = derivePaths(facts).paths;
  let now = before;
  while (plan.length < FIXES_MAX && now.risk > 0) {
    const best = model.bestNext(closed, now.risk);
    const isWorth = best !== null && now.risk - best.after.risk >= before.risk * LEAST_SHARE;
    const next = isWorth ? best.gate : model.gateOfLikeliest(closed);
    if (next === null) break;
    closed.push(next);
    const after = isWorth ? best.after : model.risk(closed);
    const left = derivePaths(
      withoutGates(
        facts,
        closed.map((gate) => model.gateAt(gate).id),
      ),
    ).paths;
    const still = new Set(left.map(keyOf));
    plan.push({
      gate: model.gateAt(next),
      share: (now.risk - after.risk) / before.risk,
      targetsCut: now.reached - after.reached,
      closes: names.filter((path) => !still.has(keyOf(path))).map(nameOf),
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

/** What becomes of one attack path when gates are closed. */
export interface ChangedPath extends PathName {
  readonly becomes: 'gone' | 'lower' | 'less likely' | 'the same' | 'new';
  /** Null where it is gone. */
  readonly severityAfter: AttackPath['severity'] | null;
  readonly likelihood: number;
  readonly likelihoodAfter: number | null;
}

/** What becomes of all attack paths when these gates are closed (attack-paths §4.8, §4.10). */
export function whatIf(facts: PathFacts, gates: readonly string[]): readonly ChangedPath[] {
  const before = derivePaths(facts).paths;
  const after = new Map(derivePaths(withoutGates(facts, gates)).paths.map((path) => [keyOf(path), path]));
  const known = new Set(before.map(keyOf));
  return [
    ...before.map((path): ChangedPath => {
      const then = after.get(keyOf(path));
      return {
        ...nameOf(path),
        becomes: then === undefined ? 'gone' : becomes(path, then),
        severityAfter: then?.severity ?? null,
        likelihood: path.likelihood,
        likelihoodAfter: then?.likelihood ?? null,
      };
    }),
    // The next best way may have another shape.
    ...[...after.values()]
      .filter((path) => !known.has(keyOf(path)))
      .map(
        (path): ChangedPath => ({
          ...nameOf(path),
          becomes: 'new',
          severityAfter: path.severity,
          likelihood: path.likelihood,
          likelihoodAfter: path.likelihood,
        }),
      ),
  ];
}

function becomes(before: AttackPath, after: AttackPath): ChangedPath['becomes'] {
  if (before.severity !== after.severity) return 'lower';
  return after.likelihood < before.likelihood ? 'less likely' : 'the same';
}

/** The gates of all steps that a word means: its id, the beginning of its issue's id, or words of what closing it means. */
export function gatesMeant(steps: readonly AttackStep[], word: string): readonly Gate[] {
  const lower = word.toLowerCase();
  const gates = new Map(steps.flatMap((step) => step.gates.map((gate) => [gate.id, gate] as const)));
  const exact = gates.get(word);
  if (exact !== undefined) return [exact];
  return [...gates.values()].filter(
    ({ issueId, sentence }) =>
      (word.length >= 4 && issueId?.startsWith(lower)) || sentence.toLowerCase().includes(lower),
  );
}

function withoutGates(facts: PathFacts, gates: readonly string[]): PathFacts {
  const closed = new Set(gates);
  return { ...facts, steps: facts.steps.filter((step) => !step.gates.some(({ id }) => closed.has(id))) };
}

function keyOf({ shape, pivot, targetClass }: AttackPath): string {
  return `${shape}\n${pivot.key}\n${targetClass}`;
}

function nameOf({ shape, pivot, targetClass, title, severity }: AttackPath): PathName {
  return { shape, pivot: pivot.key, targetClass, title, severity };
}

interface Risk {
  readonly risk: number;
  readonly reached: number;
}

/** All steps as one graph from its origins, and what its targets are worth. */
class RiskModel {
  readonly #states: StateGraph;
  readonly #roots: readonly number[];
  readonly #targets: readonly { readonly worth: number; readonly nodes: readonly number[] }[];
  readonly #gates: readonly number[];

  constructor(facts: PathFacts) {
    const origins = facts.steps.flatMap(({ from }) => (from.family === 'origin' ? [from] : []));
    const targets = targetsOf(facts);
    this.#states = new StateGraph(facts.steps, [...origins, ...targets.map(({ state }) => state)]);
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

  #likeliest(closed: readonly number[]): Int32Array | null {
    const { graph, gates } = this.#states;
    const found = shortestPaths(graph, this.#roots, { closed: maskOfGates(gates, closed) });
    let best: { readonly node: number; readonly risk: number } | null = null;
    for (const { worth, nodes } of this.#targets)
      for (const node of nodes) {
        const cost = found.costs[node] as number;
        const risk = cost === UNREACHED ? 0 : worth * likelihoodOfCost(cost);
        if (risk > (best?.risk ?? 0)) best = { node, risk };
      }
    return best === null ? null : pathTo(graph, found, best.node);
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
