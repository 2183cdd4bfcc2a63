import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphCases, graphOf, openEdges, reachedByGrowing } from './graph.test-suite.ts';
import { minimumCut } from './minimum-cut.ts';

type Edges = ReturnType<typeof openEdges>;

interface Units {
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
}

function leads(edges: Edges, source: number, target: number, { nodes, edges: cut }: Units): boolean {
  const left = edges.filter(
    ({ edge, tail, head }) => !cut.includes(edge) && !nodes.includes(tail) && !nodes.includes(head),
  );
  return reachedByGrowing(left, [source]).has(target);
}

/** The size of the smallest cut, by trying all sets of units, small ones first; null when not even all are enough. */
function smallestBySize(edges: Edges, source: number, target: number, units: Units): number | null {
  if (leads(edges, source, target, units)) return null;
  const all = [
    ...units.nodes.map((node) => ({ nodes: [node], edges: [] })),
    ...units.edges.map((edge) => ({ nodes: [], edges: [edge] })),
  ];
  const isCut = (size: number, from: number, cut: Units): boolean => {
    if (size === 0) return !leads(edges, source, target, cut);
    return all.some(
      (unit, index) =>
        index >= from &&
        isCut(size - 1, index + 1, {
          nodes: [...cut.nodes, ...unit.nodes],
          edges: [...cut.edges, ...unit.edges],
        }),
    );
  };
  return [...Array(all.length + 1).keys()].find((size) => isCut(size, 0, { nodes: [], edges: [] })) ?? null;
}

describe('the minimum cut', () => {
  test('is as small as the smallest of all sets, cuts every way, and takes only what may be cut', () => {
    fc.assert(
      fc.property(
        graphCases({ nodesMin: 2, nodesMax: 7, edgesMax: 12 }),
        fc.nat(),
        fc.nat(),
        fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
        fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        ({ graph, closed }, from, to, ofNodes, ofEdges) => {
          const source = from % graph.nodeCount;
          const target = to % graph.nodeCount;
          fc.pre(source !== target);
          const edges = openEdges(graph, closed);
          const cuttable = {
            nodes: Uint8Array.from({ length: graph.nodeCount }, (_, node) => Number(ofNodes[node])),
            edges: Uint8Array.from({ length: graph.edgeCount }, (_, edge) => Number(ofEdges[edge])),
          };
          const units = {
            nodes: [...cuttable.nodes.keys()].filter(
              (node) => cuttable.nodes[node] === 1 && node !== source && node !== target,
            ),
            edges: edges.map(({ edge }) => edge).filter((edge) => cuttable.edges[edge] === 1),
          };
          const cut = minimumCut(graph, source, target, cuttable, closed);
          expect(cut && cut.nodes.length + cut.edges.length).toBe(
            smallestBySize(edges, source, target, units),
          );
          if (cut === null) return;
          expect(leads(edges, source, target, cut)).toBe(false);
          expect(units.nodes).toEqual(expect.arrayContaining([...cut.nodes]));
          expect(units.edges).toEqual(expect.arrayContaining([...cut.edges]));
        },
      ),
      { numRuns: 500 },
    );
  });

  const everyNode = { nodes: new Uint8Array(9).fill(1) };

  test('takes back what it sent when another way needs it', () => {
    // The shortest way, over 1 and 4, uses up both of the two longer ones.
    const graph = graphOf(8, [
      [0, 1],
      [1, 4],
      [4, 7],
      [0, 2],
      [2, 3],
      [3, 4],
      [1, 5],
      [5, 6],
      [6, 7],
    ]);
    expect(minimumCut(graph, 0, 7, everyNode)).toEqual({ nodes: [1, 2], edges: [] });
  });

  test('takes back also what it sent through a node on its way back', () => {
    // Two ways of equal length meet in 1.
    const graph = graphOf(7, [
      [4, 1],
      [1, 6],
      [2, 3],
      [0, 5],
      [0, 2],
      [5, 4],
      [3, 1],
    ]);
    expect(minimumCut(graph, 0, 6, everyNode)).toEqual({ nodes: [1], edges: [] });
  });

  test('is the one nearest to the source of several equally small ones', () => {
    const chain = graphOf(5, [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
    expect(minimumCut(chain, 0, 4, everyNode)).toEqual({ nodes: [1], edges: [] });
    expect(minimumCut(chain, 0, 4, { edges: new Uint8Array(4).fill(1) })).toEqual({ nodes: [], edges: [0] });
  });

  test('is nothing where nothing leads, and none where an edge leads straight or source and target are one', () => {
    const graph = graphOf(3, [[0, 1]]);
    expect(minimumCut(graph, 0, 2, everyNode)).toEqual({ nodes: [], edges: [] });
    expect(minimumCut(graph, 0, 1, everyNode)).toBeNull();
    expect(minimumCut(graph, 1, 1, everyNode)).toBeNull();
  });
});
