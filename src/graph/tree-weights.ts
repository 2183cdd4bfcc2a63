import type { Graph } from './graph.ts';
import { int32s } from './large-array.ts';

/** Of a node that no edge of the tree leads to. */
export const NO_EDGE = -1;

const COUNTED = -1;

/**
 * How many nodes of a forest hang on each of its nodes, itself included. `lastEdges` holds by node the edge of the forest that
 * leads to it, or `NO_EDGE`. O(nodes).
 */
export function treeWeights({ nodeCount, tails }: Graph, lastEdges: Int32Array): Int32Array {
  const weights = int32s(nodeCount).fill(1);
  const children = int32s(nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    const edge = lastEdges[node] as number;
    if (edge !== NO_EDGE) children[tails[edge] as number] = (children[tails[edge] as number] as number) + 1;
  }
  for (let leaf = 0; leaf < nodeCount; leaf++) {
    // Up from it as long as all that hangs on what is met was counted.
    for (let node = leaf; children[node] === 0; ) {
      children[node] = COUNTED;
      const edge = lastEdges[node] as number;
      if (edge === NO_EDGE) break;
      const parent = tails[edge] as number;
      weights[parent] = (weights[parent] as number) + (weights[node] as number);
      children[parent] = (children[parent] as number) - 1;
      node = parent;
    }
  }
  return weights;
}
