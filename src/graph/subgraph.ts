import { type Graph, graphOfRows } from './graph.ts';
import { reach } from './reach.ts';

/** A part of a graph with numbers of its own, and what they were in the whole. */
export interface Subgraph {
  /** Its `ranks` are those of the whole: ties fall alike in both. */
  readonly graph: Graph;
  /** The node of the whole by the node of the part, ascending. */
  readonly nodes: Int32Array;
  /** The edge of the whole by the edge of the part, ascending. */
  readonly edges: Int32Array;
}

/**
 * The part of a graph that lies on the way from a root to a target: what the roots reach and what reaches a target, and
 * the open edges between. All paths from roots to targets are in it, so questions about them cost what the part costs; of
 * a realistic graph that is less than a thousandth (attack-paths §4.6 step 2). O(nodes + edges).
 */
export function onTheWay(
  graph: Graph,
  roots: ArrayLike<number>,
  targets: ArrayLike<number>,
  closed?: Uint8Array,
): Subgraph {
  const { order } = reach(graph, roots, { closed });
  const back = reach(graph, targets, { direction: 'backward', closed });
  const nodes = order.filter((node) => back.hops[node] !== -1).sort();
  const numbers = new Int32Array(graph.nodeCount).fill(-1);
  for (let i = 0; i < nodes.length; i++) numbers[nodes[i] as number] = i;
  const start = new Int32Array(nodes.length + 1);
  const kept: number[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as number;
    const last = graph.out.start[node + 1] as number;
    for (let edge = graph.out.start[node] as number; edge < last; edge++)
      if (numbers[graph.heads[edge] as number] !== -1 && closed?.[edge] !== 1) kept.push(edge);
    start[i + 1] = kept.length;
  }
  const edges = Int32Array.from(kept);
  const part = graphOfRows(
    start,
    edges.map((edge) => numbers[graph.heads[edge] as number] as number),
    Uint8Array.from(kept, (edge) => graph.costs[edge] as number),
    edges.map((edge) => graph.ranks[edge] as number),
  );
  return { graph: part, nodes, edges };
}
