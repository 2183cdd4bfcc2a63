import { type Graph, startsOf } from './graph.ts';
import { int32s, uint8s } from './large-array.ts';

/** The most gates of a graph. */
export const GATES_MAX = 2 ** 22;

/**
 * Gates are named things that edges need: an edge is open while all of its gates are. Both directions are rows in the
 * manner of an `Adjacency`: edge to gates and gate to edges (attack-paths §1.4, §6.4).
 */
export interface Gates {
  readonly gateCount: number;
  /** The gates of edge `e` are `gates[gateStart[e]]` to `gates[gateStart[e + 1] - 1]`. */
  readonly gateStart: Int32Array;
  readonly gates: Int32Array;
  /** The edges of gate `g` are `edges[edgeStart[g]]` to `edges[edgeStart[g + 1] - 1]`, ascending. */
  readonly edgeStart: Int32Array;
  readonly edges: Int32Array;
}

/** `gatesOfEdge` is by the index in the caller's list of edges, not by edge id. An edge names a gate once. */
export function buildGates(
  graph: Graph,
  gateCount: number,
  gatesOfEdge: readonly (readonly number[])[],
): Gates {
  if (!(gateCount >= 0 && gateCount <= GATES_MAX))
    throw new RangeError(`There are 0 to ${GATES_MAX} gates, not ${gateCount}`);
  const gateStart = int32s(graph.edgeCount + 1);
  for (let edge = 0; edge < graph.edgeCount; edge++) {
    const own = gatesOfEdge[graph.ranks[edge] as number] as readonly number[];
    gateStart[edge + 1] = (gateStart[edge] as number) + own.length;
  }
  const gates = int32s(gateStart[graph.edgeCount] as number);
  for (let edge = 0; edge < graph.edgeCount; edge++)
    gates.set(gatesOfEdge[graph.ranks[edge] as number] as readonly number[], gateStart[edge]);
  for (const gate of gates)
    if (gate < 0 || gate >= gateCount) throw new RangeError(`Gate ${gate} is none of ${gateCount}`);
  return gatesOfRows(gateCount, gateStart, gates);
}

/** Gates from the rows by edge id. */
export function gatesOfRows(gateCount: number, gateStart: Int32Array, gates: Int32Array): Gates {
  const edgeStart = startsOf(gates, gateCount);
  const place = edgeStart.slice();
  const edges = int32s(gates.length);
  for (let edge = 0; edge + 1 < gateStart.length; edge++) {
    const last = gateStart[edge + 1] as number;
    for (let i = gateStart[edge] as number; i < last; i++) {
      const gate = gates[i] as number;
      const slot = place[gate] as number;
      place[gate] = slot + 1;
      edges[slot] = edge;
    }
  }
  return { gateCount, gateStart, gates, edgeStart, edges };
}

/** The gates of some edges, by their place among these. */
export function gatesOfEdges({ gateCount, gateStart, gates }: Gates, edges: Int32Array): Gates {
  const start = int32s(edges.length + 1);
  for (let at = 0; at < edges.length; at++) {
    const edge = edges[at] as number;
    const own = (gateStart[edge + 1] as number) - (gateStart[edge] as number);
    start[at + 1] = (start[at] as number) + own;
  }
  const rows = int32s(start[edges.length] as number);
  for (let at = 0; at < edges.length; at++) {
    const first = gateStart[edges[at] as number] as number;
    const last = start[at + 1] as number;
    for (let row = start[at] as number; row < last; row++)
      rows[row] = gates[first + row - (start[at] as number)] as number;
  }
  return gatesOfRows(gateCount, start, rows);
}

/** The mask of a what-if: by edge id, 1 where one of the gates given is needed. Written into one that is given. */
export function maskOfGates(
  gates: Gates,
  closed: Iterable<number>,
  mask: Uint8Array = uint8s(gates.gateStart.length - 1),
): Uint8Array {
  mask.fill(0);
  for (const gate of closed) {
    const last = gates.edgeStart[gate + 1] as number;
    for (let i = gates.edgeStart[gate] as number; i < last; i++) mask[gates.edges[i] as number] = 1;
  }
  return mask;
}
