import { type Graph, graphOfRows } from './graph.ts';
import { int32s, uint8s } from './large-array.ts';
import { reach } from './reach.ts';

/** A part of a graph with numbers of its own, and what they were in the whole. */
export interface Subgraph {
  /** Its `ranks` are those of the whole: ties fall alike in both. */
  readonly graph: Graph;
  /** The node of the whole by the node of the part. */
  readonly nodes: Int32Array;
  /** The node of the part by the node of the whole; -1 of what is not in it. */
  readonly numbers: Int32Array;
  /** The edge of the whole by the edge of the part. */
  readonly edges: Int32Array;
}

/**
 * The part of a graph that lies on the way from a root to a target, its nodes in their order: what the roots reach and what
 * reaches a target, and the open edges between. All paths from roots to targets are in it, so questions about them cost what
 * the part costs; of a realistic graph that is less than a thousandth (attack-paths §4.6 step 2). O(nodes + edges).
 */
export function onTheWay(
  graph: Graph,
  roots: ArrayLike<number>,
  targets: ArrayLike<number>,
  closed?: Uint8Array,
): Subgraph {
  const { order } = reach(graph, roots, { closed });
  const back = reach(graph, targets, { direction: 'backward', closed });
  return partOf(graph, order.filter((node) => back.hops[node] !== -1).sort(), closed);
}

/** The open edges between some nodes, which are numbered as they are listed. O(nodes + edges). */
function partOf(graph: Graph, nodes: Int32Array, closed?: Uint8Array): Subgraph {
  const numbers = int32s(graph.nodeCount).fill(-1);
  for (let i = 0; i < nodes.length; i++) numbers[nodes[i] as number] = i;
  const { start: starts, nodes: heads } = graph.out;
  const start = int32s(nodes.length + 1);
  let most = 0;
  for (const node of nodes) most += (starts[node + 1] as number) - (starts[node] as number);
  const kept = int32s(most);
  let count = 0;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as number;
    const last = starts[node + 1] as number;
    for (let edge = starts[node] as number; edge < last; edge++)
      if (numbers[heads[edge] as number] !== -1 && closed?.[edge] !== 1) kept[count++] = edge;
    start[i + 1] = count;
  }
  const edges = int32s(count);
  edges.set(kept.subarray(0, count));
  const ownHeads = int32s(count);
  const ranks = int32s(count);
  const costs = uint8s(count);
  for (let own = 0; own < count; own++) {
    const edge = edges[own] as number;
    ownHeads[own] = numbers[heads[edge] as number] as number;
    ranks[own] = graph.ranks[edge] as number;
    costs[own] = graph.costs[edge] as number;
  }
  return { graph: graphOfRows(start, ownHeads, costs, ranks), nodes, numbers, edges };
}
