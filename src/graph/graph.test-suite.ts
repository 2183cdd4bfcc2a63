import fc from 'fast-check';
import { buildGraph, type Graph } from './graph.ts';

/** A graph, some of its nodes and a mask, as small as a wrong answer needs it. */
export interface GraphCase {
  readonly graph: Graph;
  readonly roots: readonly number[];
  readonly targets: readonly number[];
  readonly closed: Uint8Array | undefined;
}

export interface CaseSize {
  readonly nodesMin?: number;
  readonly nodesMax?: number;
  readonly edgesMax?: number;
  /** Few different costs make many ties. */
  readonly costsMax?: number;
}

/**
 * Random edges, so that parallel ones, self loops, circles and nodes that nothing reaches come by themselves. Every number
 * of edges up to the bound is as likely: left to itself a list stays so short that ties are rare.
 */
export function graphCases(size: CaseSize = {}): fc.Arbitrary<GraphCase> {
  const { nodesMin = 0, nodesMax = 12, edgesMax = 30, costsMax = 4 } = size;
  return fc
    .tuple(fc.integer({ min: nodesMin, max: nodesMax }), fc.integer({ min: 0, max: edgesMax }))
    .chain(([nodeCount, wanted]) => {
      const edgeCount = nodeCount === 0 ? 0 : wanted;
      const node = fc.integer({ min: 0, max: Math.max(0, nodeCount - 1) });
      const nodes = (maxLength: number) =>
        nodeCount === 0
          ? fc.constant([])
          : fc.oneof(
              { weight: 1, arbitrary: fc.constant([]) },
              { weight: 9, arbitrary: fc.array(node, { minLength: 1, maxLength }) },
            );
      const edge = fc.tuple(node, node, fc.integer({ min: 1, max: costsMax }));
      const isClosed = fc.integer({ min: 0, max: 3 }).map((number) => Number(number === 0));
      const listOf = <T>(arbitrary: fc.Arbitrary<T>) =>
        fc.array(arbitrary, { minLength: edgeCount, maxLength: edgeCount });
      return fc
        .record({
          edges: listOf(edge),
          roots: nodes(2),
          targets: nodes(5),
          closed: fc.option(listOf(isClosed), { freq: 2, nil: undefined }),
        })
        .map(({ edges, roots, targets, closed }) => ({
          graph: graphOf(nodeCount, edges),
          roots,
          targets,
          closed: closed && Uint8Array.from(closed),
        }));
    });
}

/** A graph of edges written as [tail, head] or [tail, head, cost]. */
export function graphOf(nodeCount: number, edges: readonly (readonly [number, number, number?])[]): Graph {
  return buildGraph({
    nodeCount,
    tails: Int32Array.from(edges, ([tail]) => tail),
    heads: Int32Array.from(edges, ([, head]) => head),
    costs: Uint8Array.from(edges, ([, , cost = 1]) => cost),
  });
}

/** The open edges of a graph by id, in the plainest form. */
export function openEdges(graph: Graph, closed?: Uint8Array) {
  return Array.from({ length: graph.edgeCount }, (_, edge) => ({
    edge,
    tail: graph.tails[edge] as number,
    head: graph.heads[edge] as number,
    cost: graph.costs[edge] as number,
    rank: graph.ranks[edge] as number,
  })).filter(({ edge }) => closed?.[edge] !== 1);
}

type Edges = ReturnType<typeof openEdges>;

/** Which nodes the roots reach, by growing a set until it grows no more. */
export function reachedByGrowing(edges: Edges, roots: Iterable<number>): ReadonlySet<number> {
  const reached = new Set(roots);
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const { tail, head } of edges) if (reached.has(tail)) reached.add(head);
  }
  return reached;
}

/** All paths without a node met twice that begin at a root and meet no root again, by trying all. */
export function allLooplessPaths(edges: Edges, roots: readonly number[], target: number): readonly Edges[] {
  const found: Edges[] = [];
  const walk = (node: number, path: Edges, passed: readonly number[]): void => {
    if (node === target) {
      found.push(path);
      return;
    }
    for (const edge of edges)
      if (edge.tail === node && !passed.includes(edge.head) && !roots.includes(edge.head))
        walk(edge.head, [...path, edge], [...passed, edge.head]);
  };
  for (const root of new Set(roots)) walk(root, [], [root]);
  return found;
}
