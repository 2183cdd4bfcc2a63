import { type DominatorTree, dominates } from './dominators.ts';
import type { Graph } from './graph.ts';

/**
 * By node: the one edge without which nothing leads from the root to it, -1 where there is none. Taking that edge away
 * loses all that the node dominates. O(nodes + edges).
 *
 * A path meets a node first by an edge whose tail the node does not dominate; where only one such edge is left, every
 * path has it (G. Italiano, L. Laura, F. Santaroni, Theoretical Computer Science 447, 2012; attack-paths §4.8). Of
 * parallel edges none is one. `closed` has to be that of the tree.
 */
export function strongBridges(graph: Graph, tree: DominatorTree, closed?: Uint8Array): Int32Array {
  const { start, nodes, edges } = graph.into;
  const bridges = new Int32Array(graph.nodeCount).fill(-1);
  for (let i = 1; i < tree.order.length; i++) {
    const node = tree.order[i] as number;
    let only = -1;
    let count = 0;
    const last = start[node + 1] as number;
    for (let slot = start[node] as number; slot < last && count < 2; slot++) {
      const tail = nodes[slot] as number;
      const edge = edges[slot] as number;
      if ((tree.places[tail] as number) < 0 || dominates(tree, node, tail) || closed?.[edge] === 1) continue;
      only = edge;
      count++;
    }
    if (count === 1) bridges[node] = only;
  }
  return bridges;
}
