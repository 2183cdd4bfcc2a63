import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PathMap } from '../../../../src/contract/attack-path.ts';
import { frontsOf, layoutMap, NODE_HEIGHT, NODE_WIDTH } from './map-layout.ts';

const node = (id: string, layer: number): PathMap['nodes'][number] => ({
  id,
  layer,
  kind: 'workload',
  name: id,
  count: 1,
  badges: [],
  issues: [],
  account: null,
  environment: null,
  data: [],
  findings: {},
  owner: null,
  link: null,
});
const edge = (from: string, to: string): PathMap['edges'][number] => ({ from, to, rule: 'r', sentence: 's' });

const drawn = fc.array(fc.nat(6), { minLength: 1, maxLength: 60 }).chain((layers) =>
  fc.record({
    nodes: fc.constant(layers.map((layer, index) => node(`n${index}`, layer))),
    edges: fc.array(
      fc
        .tuple(fc.nat(layers.length - 1), fc.nat(layers.length - 1))
        .map(([from, to]) => edge(`n${from}`, `n${to}`)),
      { maxLength: 80 },
    ),
  }),
);

describe('the layout of a map', () => {
  it('draws a chain as a straight line', () => {
    const { nodes, width, height } = layoutMap({
      nodes: [node('a', 0), node('b', 1), node('c', 2)],
      edges: [edge('a', 'b'), edge('b', 'c')],
    });
    expect(nodes.map(({ y }) => y)).toEqual([0, 0, 0]);
    expect(height).toBe(NODE_HEIGHT);
    expect(width).toBeGreaterThan(3 * NODE_WIDTH);
  });

  it('draws what is around a step in a column before it, which is not counted', () => {
    const around = { ...node('front', 1), kind: 'network' };
    const { nodes, columns } = layoutMap({
      nodes: [node('a', 0), around, node('b', 1), node('c', 3)],
      edges: [edge('a', 'b'), edge('b', 'c'), edge('a', 'front'), edge('front', 'b')],
    });
    expect(columns.map(({ step }) => step)).toEqual([0, null, 1, 2]);
    const x = new Map(nodes.map((each) => [each.node.id, each.x]));
    expect(columns.map((column) => column.x)).toEqual(['a', 'front', 'b', 'c'].map((id) => x.get(id)));
    expect([...x.values()].toSorted((a, b) => a - b)).toEqual(columns.map((column) => column.x));
  });

  it('draws a step through what it passes, and what else lets it in beside it', () => {
    const around = (id: string, from: string, to: string) => [
      { ...edge(from, id), rule: 'passes' },
      { ...edge(id, to), rule: 'lets-in' },
    ];
    const step = edge('a', 'b');
    const map = {
      nodes: [
        node('a', 0),
        ...['front', 'other'].map((id) => ({ ...node(id, 1), kind: 'network' })),
        node('b', 1),
      ],
      edges: [step, ...around('front', 'a', 'b'), ...around('other', 'a', 'b')],
    };
    expect([...frontsOf(map)]).toEqual([[step, 'front']]);
    const { edges, nodes } = layoutMap(map);
    expect(edges.map(({ edge: { from, to, rule } }) => `${from} ${rule} ${to}`)).toEqual([
      'a r b',
      'a passes other',
      'other lets-in b',
    ]);
    const front = nodes.find((each) => each.node.id === 'front');
    const y = (front?.y ?? 0) + NODE_HEIGHT / 2;
    expect(edges[0]?.line).toContain(` ${front?.x} ${y}M${(front?.x ?? 0) + NODE_WIDTH} ${y}`);
    expect(edges[0]?.middle.x).toBeLessThan(front?.x ?? 0);
  });

  it('lets no two things overlap, stays within its size, and keeps to the columns', () => {
    fc.assert(
      fc.property(drawn, (map) => {
        const { nodes, edges, width, height } = layoutMap(map);
        expect(edges).toHaveLength(map.edges.length);
        for (const [index, one] of nodes.entries()) {
          expect(one.x).toBeGreaterThanOrEqual(0);
          expect(one.y).toBeGreaterThanOrEqual(-1e-6);
          expect(one.x + NODE_WIDTH).toBeLessThanOrEqual(width);
          expect(one.y + NODE_HEIGHT).toBeLessThanOrEqual(height + 1e-6);
          for (const other of nodes.slice(index + 1)) {
            expect(Math.sign(other.x - one.x)).toBe(Math.sign(other.node.layer - one.node.layer));
            if (one.x === other.x) expect(Math.abs(one.y - other.y)).toBeGreaterThan(NODE_HEIGHT);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out a line to what is not on the map', () => {
    expect(layoutMap({ nodes: [node('a', 0)], edges: [edge('a', 'gone')] }).edges).toEqual([]);
  });
});
