import type { Graph } from './graph.ts';

/** Which nodes lead to each other. */
export interface Components {
  readonly count: number;
  /**
   * By node: the number of its component. An edge never leads to a component of a higher number: ascending numbers go
   * from where no way leads out to where none leads in.
   */
  readonly of: Int32Array;
}

/**
 * Strongly connected components in one depth-first pass, O(nodes + edges). Source: R. Tarjan, "Depth-First Search and
 * Linear Graph Algorithms", SIAM J. Comput. 1 (1972), without recursion.
 */
export function components({ nodeCount, out }: Graph, closed?: Uint8Array): Components {
  const { start, nodes } = out;
  const component = new Int32Array(nodeCount).fill(-1);
  const met = new Int32Array(nodeCount);
  const lows = new Int32Array(nodeCount);
  const cursor = start.slice();
  const path = new Int32Array(nodeCount);
  const pending = new Int32Array(nodeCount);
  let pendingSize = 0;
  let count = 0;
  let clock = 0;
  for (let first = 0; first < nodeCount; first++) {
    if (met[first] !== 0) continue;
    let depth = 0;
    path[0] = first;
    pending[pendingSize++] = first;
    met[first] = lows[first] = ++clock;
    while (depth >= 0) {
      const node = path[depth] as number;
      const last = start[node + 1] as number;
      let slot = cursor[node] as number;
      let low = lows[node] as number;
      let next = -1;
      for (; slot < last; slot++) {
        const other = nodes[slot] as number;
        if (component[other] !== -1 || closed?.[slot] === 1) continue;
        const seen = met[other] as number;
        if (seen === 0) {
          next = other;
          slot++;
          break;
        }
        if (seen < low) low = seen;
      }
      cursor[node] = slot;
      lows[node] = low;
      if (next !== -1) {
        met[next] = lows[next] = ++clock;
        path[++depth] = next;
        pending[pendingSize++] = next;
        continue;
      }
      depth--;
      if (depth >= 0) {
        const above = path[depth] as number;
        if (low < (lows[above] as number)) lows[above] = low;
      }
      if (low !== met[node]) continue;
      for (;;) {
        const member = pending[--pendingSize] as number;
        component[member] = count;
        if (member === node) break;
      }
      count++;
    }
  }
  return { count, of: component };
}
