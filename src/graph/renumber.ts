import type { EdgeList, Graph } from './graph.ts';
import { reachOver } from './reach.ts';

/**
 * New numbers by old ones, in the order in which a breadth-first search from the roots meets the nodes; those that it
 * does not meet follow in their old order. Neighbours then lie near each other in memory, and searches from the same
 * roots run 1.2 to 2.7 times as fast (attack-paths §6.1).
 */
export function breadthFirstNumbers(
  graph: Pick<Graph, 'nodeCount' | 'out'>,
  roots: ArrayLike<number>,
): Int32Array {
  const { order, hops } = reachOver(graph.out, graph.nodeCount, roots);
  const numbers = new Int32Array(graph.nodeCount);
  for (let i = 0; i < order.length; i++) numbers[order[i] as number] = i;
  let next = order.length;
  for (let node = 0; node < graph.nodeCount; node++) if (hops[node] === -1) numbers[node] = next++;
  return numbers;
}

/** The same edges, in the same order, between the new numbers of their ends. */
export function renumberEdges(list: EdgeList, numbers: Int32Array): EdgeList {
  return {
    nodeCount: list.nodeCount,
    tails: list.tails.map((node) => numbers[node] as number),
    heads: list.heads.map((node) => numbers[node] as number),
    costs: list.costs,
  };
}
