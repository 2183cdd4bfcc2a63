import type { StateGraph } from './state-graph.ts';

/** A node that outsiders get to by themselves: by which edges, and by which others somebody inside would come back to it. */
export interface OutsideNode {
  readonly entries: readonly number[];
  readonly others: readonly number[];
}

/** Those to which the edges given, which are entries, lead. */
export function outsideNodes(states: StateGraph, entryEdges: readonly number[]): readonly OutsideNode[] {
  const { graph } = states;
  const isEntry = new Set(entryEdges);
  const nodes = new Set(
    entryEdges.flatMap((edge) => {
      const { to } = states.stepAt(edge);
      return to.capability === 'reach' || to.family === 'principal' ? [graph.heads[edge] as number] : [];
    }),
  );
  return [...nodes].map((node) => {
    const arriving = [
      ...graph.into.edges.subarray(graph.into.start[node] as number, graph.into.start[node + 1] as number),
    ];
    return {
      entries: arriving.filter((edge) => isEntry.has(edge)),
      others: arriving.filter((edge) => !isEntry.has(edge)),
    };
  });
}

/** Closes in a mask what leads back to where outsiders get to by themselves: it leads round in circles. */
export function closeWaysBack(outside: readonly OutsideNode[], closed: Uint8Array): void {
  for (const { entries, others } of outside)
    if (entries.some((edge) => closed[edge] === 0)) for (const edge of others) closed[edge] = 1;
}
