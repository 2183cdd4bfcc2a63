import type { WayOverEdges } from './way.ts';

/** Ways that were found: where one is found again, it is the same object, so that whoever has it need not compare it. */
export class KnownWays {
  /** By the number of the place: what was found there first, which is with all gates open for most, and what was found last. */
  readonly #ways = new Map<number, readonly WayOverEdges[]>();

  /** The way over these edges, made where it was neither found first nor last. */
  over(place: number, edges: ArrayLike<number>, make: () => WayOverEdges): WayOverEdges {
    const known = this.#ways.get(place) ?? [];
    const same = known.find((way) => areSame(way.edges, edges));
    if (same !== undefined) return same;
    const way = make();
    this.#ways.set(place, [known[0] ?? way, way]);
    return way;
  }
}

function areSame(some: ArrayLike<number>, others: ArrayLike<number>): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false;
  return true;
}
