import { int32s } from '#graph/large-array.ts';
import type { PathFacts } from './path-facts.ts';
import type { StateGraph } from './state-graph.ts';

/** Of a node that was not looked at yet, and of one that is no more than the way to something, or nothing that is known. */
const [UNASKED, NONE] = [0, -1] as const;

/**
 * How many known resources an attacker holds more of than the way to it: the length of what `reachOf` tells of one way, without
 * looking at its steps, which lie scattered in memory.
 */
export class ControlledResources {
  readonly #states: StateGraph;
  readonly #assets: PathFacts['assets'];
  /** By node: the number of its resource. */
  readonly #numbers: Int32Array;
  readonly #met = new Map<string, number>();

  constructor(states: StateGraph, { assets }: Pick<PathFacts, 'assets'>) {
    this.#states = states;
    this.#assets = assets;
    this.#numbers = int32s(states.graph.nodeCount);
  }

  /** Of the ends of these edges together. */
  countOn(edges: ArrayLike<number>): number {
    const met: number[] = [];
    for (let at = 0; at < edges.length; at++) {
      const number = this.#at(this.#states.graph.heads[edges[at] as number] as number);
      if (number !== NONE && !met.includes(number)) met.push(number);
    }
    return met.length;
  }

  #at(node: number): number {
    if (this.#numbers[node] === UNASKED) this.#numbers[node] = this.#look(node);
    return this.#numbers[node] as number;
  }

  #look(node: number): number {
    const { asset, capability } = this.#states.stateAt(node);
    if (capability === 'reach' || !this.#assets.has(asset)) return NONE;
    const number = this.#met.get(asset) ?? this.#met.size + 1;
    this.#met.set(asset, number);
    return number;
  }
}
