import type { EdgeList } from '../../src/graph/graph.ts';

/** A made-up estate as a graph: one root outside, accounts of nodes of five kinds, and what leads from one to another. */
export interface GraphEstate {
  readonly list: EdgeList;
  readonly root: number;
  readonly targets: Int32Array;
  /** What a node is; null for the root and what is left over. */
  readonly kindOf: (node: number) => NodeKind | null;
  readonly gateCount: number;
  /** By index in the list: the gates that an edge needs. */
  readonly gatesOfEdge: readonly (readonly number[])[];
}

export interface GraphEstateSize {
  readonly nodes: number;
  readonly edges: number;
  /** Dense: every edge is there, the worst that could be. Gated: only few are, as in a real estate. */
  readonly kind: 'dense' | 'gated';
  /** How many are wanted; the same share of all nodes where it is not given. */
  readonly targets?: number;
}

export type NodeKind = 'exposed' | 'workload' | 'principal' | 'data' | 'misc';

const NODES_OF_ACCOUNT = 500;
const SHARES: Readonly<Record<NodeKind, number>> = {
  exposed: 0.05,
  workload: 0.35,
  principal: 0.25,
  data: 0.15,
  misc: 0.2,
};
const TARGETS_SHARE = 0.004_39;
const GATES = 386;

/** From, to, how often among all edges, how often across accounts, which share is there in a gated estate. */
const LINKS: readonly (readonly [NodeKind, NodeKind, number, number, number])[] = [
  ['exposed', 'workload', 0.08, 0, 0.06],
  ['workload', 'principal', 0.24, 0, 0.2],
  ['workload', 'workload', 0.16, 0, 0.02],
  ['principal', 'data', 0.2, 0.02, 0.1],
  ['principal', 'principal', 0.12, 0.1, 0.03],
  ['principal', 'workload', 0.08, 0, 0.02],
  ['data', 'principal', 0.02, 0.02, 0.02],
  ['misc', 'workload', 0.05, 0, 0.05],
  ['workload', 'misc', 0.05, 0, 0.05],
];

/** The same estate for the same size and seed on every machine. Node numbers are shuffled, as those of a real import are. */
export function graphEstate({ nodes, edges, kind, targets }: GraphEstateSize, seed = 7): GraphEstate {
  const next = randomFrom(seed);
  const below = (bound: number) => Math.floor(next() * bound);
  // Few are met often: the square of an even number lies near nothing (hubs).
  const hub = (bound: number) => Math.floor(next() ** 3 * bound);
  const accounts = Math.max(1, Math.floor((nodes - 1) / NODES_OF_ACCOUNT));
  const names = shuffled(nodes, below);
  const ranges = rangesOf(Math.floor((nodes - 1) / accounts));
  const nodeOf = (account: number, of: NodeKind, place: (bound: number) => number) =>
    names[1 + account * ranges.size + ranges.first[of] + place(ranges.count[of])] as number;
  const root = names[0] as number;
  const tails: number[] = [];
  const heads: number[] = [];
  const costs: number[] = [];
  const add = (tail: number, head: number) => {
    tails.push(tail);
    heads.push(head);
    costs.push(1 + below(40));
  };
  for (let account = 0; account < accounts; account++)
    for (let place = 0; place < ranges.count.exposed; place++)
      if (kind === 'dense' || next() < 0.06)
        add(
          root,
          nodeOf(account, 'exposed', () => place),
        );
  const wanted = edges - accounts * ranges.count.exposed;
  for (let i = 0; i < wanted; i++) {
    const account = below(accounts);
    const [from, to, , across, gated] = linkAt(next());
    const other = next() < across ? hub(accounts) : account;
    if (kind === 'gated' && next() >= gated) continue;
    add(nodeOf(account, from, below), nodeOf(other, to, to === 'workload' || to === 'misc' ? below : hub));
  }
  const oneGate = Array.from({ length: GATES }, (_, gate) => [gate]);
  const noGate: readonly number[] = [];
  return {
    list: {
      nodeCount: nodes,
      tails: Int32Array.from(tails),
      heads: Int32Array.from(heads),
      costs: Uint8Array.from(costs),
    },
    root,
    targets: Int32Array.from({ length: targets ?? Math.floor(nodes * TARGETS_SHARE) }, () =>
      nodeOf(below(accounts), 'data', hub),
    ),
    kindOf: kindsOf(nodes, accounts, ranges, names),
    gateCount: GATES,
    gatesOfEdge: tails.map(() => (next() < 0.3 ? (oneGate[hub(GATES)] as readonly number[]) : noGate)),
  };
}

function linkAt(share: number): (typeof LINKS)[number] {
  let rest = share;
  for (const link of LINKS) {
    rest -= link[2];
    if (rest < 0) return link;
  }
  return LINKS[0] as (typeof LINKS)[number];
}

function rangesOf(size: number) {
  const kinds = Object.keys(SHARES) as NodeKind[];
  const count = {} as Record<NodeKind, number>;
  const first = {} as Record<NodeKind, number>;
  let at = 0;
  for (const kind of kinds) {
    first[kind] = at;
    count[kind] = Math.max(1, Math.floor(size * SHARES[kind]));
    at += count[kind];
  }
  return { size, count, first };
}

function kindsOf(
  nodes: number,
  accounts: number,
  { size, count, first }: ReturnType<typeof rangesOf>,
  names: Int32Array,
): GraphEstate['kindOf'] {
  const kinds = new Array<NodeKind | null>(nodes).fill(null);
  for (let account = 0; account < accounts; account++)
    for (const kind of Object.keys(SHARES) as NodeKind[])
      for (let place = 0; place < count[kind]; place++)
        kinds[names[1 + account * size + first[kind] + place] as number] = kind;
  return (node) => kinds[node] ?? null;
}

function shuffled(count: number, below: (bound: number) => number): Int32Array {
  const numbers = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = below(i + 1);
    const held = numbers[i] as number;
    numbers[i] = numbers[j] as number;
    numbers[j] = held;
  }
  return numbers;
}

/** Evenly from 0 to below 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
