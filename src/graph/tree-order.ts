import type { Graph } from './graph.ts';
import { int32s } from './large-array.ts';
import { NO_EDGE, treeWeights } from './tree-weights.ts';

/** A forest in an order in which all that hangs on a node comes right after it. */
export interface TreeOrder {
  /** By node: its place in the order. */
  readonly places: Int32Array;
  /** By node: how many nodes hang on it, itself included. */
  readonly weights: Int32Array;
}

/** The forest is given by `lastEdges`: by node the edge that leads to it, or `NO_EDGE`. O(nodes). */
export function treeOrder(graph: Graph, lastEdges: Int32Array): TreeOrder {
  const { nodeCount, tails } = graph;
  const weights = treeWeights(graph, lastEdges);
  const places = int32s(nodeCount).fill(-1);
  /** By node: the place of what is met next of all that hangs on it. */
  const free = int32s(nodeCount);
  const upwards: number[] = [];
  let end = 0;
  for (let node = 0; node < nodeCount; node++) {
    for (let at = node; places[at] === -1; ) {
      const edge = lastEdges[at] as number;
      if (edge === NO_EDGE) {
        places[at] = end;
        free[at] = end + 1;
        end += weights[at] as number;
      } else {
        upwards.push(at);
        at = tails[edge] as number;
      }
    }
    for (let at = upwards.pop(); at !== undefined; at = upwards.pop()) {
      const parent = tails[lastEdges[at] as number] as number;
      const place = free[parent] as number;
      places[at] = place;
      free[at] = place + 1;
      free[parent] = place + (weights[at] as number);
    }
  }
  return { places, weights };
}
