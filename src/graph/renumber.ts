import type { EdgeList, LeavingRows } from './graph.ts';
import { reachOver } from './reach.ts';

/**
 * New numbers by old ones, in the order in which a breadth-first search from the roots meets the nodes; those that it
 * does not meet follow in their old order. Neighbours then lie near each other in memory, and searches from the same
 * roots run 1.2 to 2.7 times as fast (attack-paths §6.1).
 */
export function breadthFirstNumbers({ nodeCount, out }: LeavingRows, roots: ArrayLike<number>): Int32Array {
  const { order, hops } = reachOver(out, nodeCount, roots);
  const numbers = new Int32Array(nodeCount);
  for (let i = 0; i < order.length; i++) numbers[order[i] as number] = i;
  let next = order.length;
  for (let node = 0; node < nodeCount; node++) if (hops[node] === -1) numbers[node] = next++;
  return numbers;
}

/** The same edges, in the same order, between the new numbers of their ends; the columns of the list are written over. */
export function renumberEdges(list: EdgeList, numbers: Int32Array): EdgeList {
  for (const ends of [list.tails, list.heads])
    for (let i = 0; i < ends.length; i++) ends[i] = numbers[ends[i] as number] as number;
  return list;
}
