import { int32s } from '#graph/large-array.ts';
import type { PathFacts } from './path-facts.ts';
import type { StateGraph } from './state-graph.ts';
import type { WayOverEdges } from './way.ts';

/** Of a node that was not looked at yet, and of one that is no more than the way to something, or nothing that is known. */
const [UNASKED, NONE] = [0, -1] as const;

/**
 * How many known resources an attacker holds more of than the way to it: the length of what `reachOf` tells of ways, without
 * looking at their steps, which lie scattered in memory.
 */
export class ControlledResources {
  readonly #states: StateGraph;
  readonly #assets: PathFacts['assets'];
  /** By node: the number of its resource. */
  readonly #numbers: Int32Array;
  readonly #met = new Map<string, number>();
  /** By the number of a resource: the last question that counted it. */
  readonly #counted: Int32Array;
  #question = 0;

  constructor(states: StateGraph, { assets }: Pick<PathFacts, 'assets'>) {
    this.#states = states;
    this.#assets = assets;
    this.#numbers = int32s(states.graph.nodeCount);
    this.#counted = int32s(states.graph.nodeCount + 1);
  }

  /** Of all that these ways lead through and to. */
  countOn(ways: readonly Pick<WayOverEdges, 'edges'>[]): number {
    const { heads } = this.#states.graph;
    // As it is kept: of 32 bits.
    this.#question = (this.#question + 1) | 0;
    let count = 0;
    for (const { edges } of ways)
      for (let at = 0; at < edges.length; at++) {
        const number = this.#at(heads[edges[at] as number] as number);
        if (number === NONE || this.#counted[number] === this.#question) continue;
        this.#counted[number] = this.#question;
        count++;
      }
    return count;
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
