import { type Comparison, compareBytes, compareInOrder } from '#base/compare.ts';
import { counted } from '#base/text.ts';
import type { ResourceIdentity } from '../resource/resource-key.ts';
import type { AttackStep } from './attack-step.ts';
import { stateKey } from './state.ts';
import type { StateGraph } from './state-graph.ts';
import type { Target } from './target.ts';
import { wholeOf } from './whole-of.ts';

/** The best way from one entry over one pivot to one target. */
export interface Way {
  readonly pivot: string;
  readonly target: Target;
  /** Of all steps together. */
  readonly cost: number;
  readonly steps: readonly AttackStep[];
}

/** What a way is about. */
export interface Pivot {
  readonly key: string;
  /** The same as what has the flaw that the way begins with; null where it begins with none. */
  readonly flawed: ResourceIdentity | null;
}

/** A way over edges of the states; the steps of these, which lie scattered in memory, are looked up when they are asked for. */
export class WayOverEdges implements Way {
  readonly over: Pivot;
  readonly target: Target;
  readonly cost: number;
  readonly edges: ArrayLike<number>;
  readonly #states: StateGraph;
  #steps: readonly AttackStep[] | null = null;

  constructor(states: StateGraph, edges: ArrayLike<number>, target: Target, cost: number, over: Pivot) {
    this.#states = states;
    this.edges = edges;
    this.target = target;
    this.cost = cost;
    this.over = over;
  }

  get pivot(): string {
    return this.over.key;
  }

  get steps(): readonly AttackStep[] {
    this.#steps ??= Array.from(this.edges, (edge) => this.#states.stepAt(edge));
    return this.#steps;
  }
}

/** A target, and the nodes of the states that include what is wanted of it. */
export interface WantedNodes {
  readonly target: Target;
  readonly nodes: readonly number[];
}

/** All ways, and what was left out of them, in sentences. */
export interface FoundWays {
  readonly ways: readonly WayOverEdges[];
  readonly notes: readonly string[];
}

/** Longer ways are none that anybody would go (attack-paths §4.6 step 7). */
export const STEPS_MAX = 12;
/** Ways that are told apart; those to further targets are counted. */
const WAYS_MAX = 50_000;

/** The ways that are found, and how many were left out. */
export class WayList {
  readonly #ways: WayOverEdges[] = [];
  #tooLong = 0;
  #more = 0;

  /** Tells a way, or counts it where that is too many; null is one of too many steps. */
  add(way: WayOverEdges | null): void {
    if (this.#ways.length >= WAYS_MAX) this.#more++;
    else if (way === null) this.#tooLong++;
    else this.#ways.push(way);
  }

  /** `dense` is the number of targets where alternatives were not looked for. */
  told(dense: number | null): FoundWays {
    const notes: string[] = [];
    const are = (count: number): string => (count === 1 ? 'is' : 'are');
    if (this.#tooLong > 0)
      notes.push(
        `${counted(this.#tooLong, 'way')} of more than ${STEPS_MAX} steps ${are(this.#tooLong)} left out.`,
      );
    if (this.#more > 0)
      notes.push(`${counted(this.#more, 'way')} beyond the first ${WAYS_MAX} ${are(this.#more)} left out.`);
    if (dense !== null)
      notes.push(
        `So much leads to ${counted(dense, 'target')} that to each only the likeliest way was looked for: other ways are left out.`,
      );
    return { ways: this.#ways, notes };
  }
}

/** Likeliest first; ties by fewer steps, then by names. */
export const byLikelihood = compareInOrder<Way>([
  (a, b) => a.cost - b.cost,
  (a, b) => a.steps.length - b.steps.length,
  compareNames,
]);

/** The same order of ways over the edges of one graph of states, in a small part of the time. */
export function byLikelihoodOver(states: StateGraph): Comparison<WayOverEdges> {
  return compareInOrder<WayOverEdges>([
    (a, b) => a.cost - b.cost,
    (a, b) => a.edges.length - b.edges.length,
    (a, b) => {
      for (let at = 0; at < a.edges.length; at++) {
        const [edge, other] = [a.edges[at] as number, b.edges[at] as number];
        const order = edge === other ? 0 : states.compareSteps(edge, other);
        if (order !== 0) return order;
      }
      return compareTargets(a, b);
    },
  ]);
}

/** Of as many steps: one after another, as most differ early. */
function compareNames(a: Way, b: Way): number {
  for (const [index, step] of a.steps.entries()) {
    const other = b.steps[index] as AttackStep;
    if (step === other) continue;
    const order = compareBytes(step.rule, other.rule) || compareBytes(stateKey(step.to), stateKey(other.to));
    if (order !== 0) return order;
  }
  return compareTargets(a, b);
}

function compareTargets(a: Way, b: Way): number {
  return compareBytes(stateKey(a.target.state), stateKey(b.target.state));
}

/** Whether outsiders may do no more there than send requests, so that a flaw has to follow. */
export function isKnock({ to }: AttackStep): boolean {
  return to.family === 'workload' && to.capability === 'reach';
}

/**
 * What has the flaw that a way over these edges begins with, or, where no flaw is needed, what outsiders hold first. It depends
 * on the way alone, so that no other way that comes or goes moves it.
 */
export function pivotOfEdges(states: StateGraph, edges: ArrayLike<number>): Pivot {
  const [entry, first] = [edges[0], edges[1]];
  const { to } = states.stepAt(entry as number);
  // What closes a part closes its whole, and parts come and go.
  if (first === undefined || !isKnock(states.stepAt(entry as number)))
    return { key: wholeOf(to.asset) ?? to.asset, flawed: null };
  const { flawed = null } = states.stepAt(first);
  return { key: flawed?.key ?? to.asset, flawed };
}
