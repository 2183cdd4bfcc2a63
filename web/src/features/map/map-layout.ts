import type { PathMap } from '../../../../src/contract/attack-path.ts';
import { isAround } from './map-ways.ts';

export const NODE_WIDTH = 156;
export const NODE_HEIGHT = 86;
const COLUMN_GAP = 68;
const ROW_GAP = 28;
/** How often columns are put in order by their neighbours; more changes nothing for maps of sixty things. */
const SWEEPS = 6;

export interface PlacedNode {
  readonly node: PathMap['nodes'][number];
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge {
  readonly edge: PathMap['edges'][number];
  /** Of the line, as SVG writes it. */
  readonly line: string;
  readonly middle: { readonly x: number; readonly y: number };
}

/** One column; what is around a step of the map stands in one before it, and is not counted. */
export interface Column {
  readonly x: number;
  /** From 0, without the columns of what is around; null of one of these. */
  readonly step: number | null;
}

/** The columns of a map from left to right, with what stands in each. */
export function columnsOf<Node extends Pick<PathMap['nodes'][number], 'layer' | 'kind'>>(
  nodes: readonly Node[],
): readonly { readonly step: number | null; readonly nodes: readonly Node[] }[] {
  const layers = [...new Set(nodes.map(({ layer }) => layer))].sort((a, b) => a - b);
  let step = 0;
  return layers.flatMap((layer) => {
    const here = nodes.filter((node) => node.layer === layer);
    const [around, own] = [here.filter(isNetwork), here.filter((node) => !isNetwork(node))];
    return [
      ...(around.length === 0 ? [] : [{ step: null, nodes: around }]),
      ...(own.length === 0 ? [] : [{ step: step++, nodes: own }]),
    ];
  });
}

/** By step, the part of the network that is drawn on its line: the first, in order, that it passes and that lets it in. */
export function frontsOf({
  nodes,
  edges,
}: Pick<PathMap, 'nodes' | 'edges'>): ReadonlyMap<PathMap['edges'][number], string> {
  const pairs = new Set(edges.filter(isAround).map(({ from, to }) => pairOf(from, to)));
  const parts = nodes.filter(isNetwork);
  return new Map(
    edges.flatMap((edge) => {
      if (isAround(edge)) return [];
      const front = parts.find(
        ({ id }) => pairs.has(pairOf(edge.from, id)) && pairs.has(pairOf(id, edge.to)),
      );
      return front === undefined ? [] : [[edge, front.id] as const];
    }),
  );
}

function pairOf(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

/** Whether it is what requests pass on their way, and nothing that anybody holds. */
function isNetwork({ kind }: Pick<PathMap['nodes'][number], 'kind'>): boolean {
  return kind === 'network';
}

/** Where everything of a map stands, in units of its picture, from 0 at the left top. */
export interface MapLayout {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly columns: readonly Column[];
  readonly width: number;
  readonly height: number;
}

/**
 * Columns by the server's layers, those without anything left out, with what is around a step before it. In a column things stand near what leads to them and
 * from them, and never over each other. The same map is always placed the same.
 */
export function layoutMap({ nodes, edges }: Pick<PathMap, 'nodes' | 'edges'>): MapLayout {
  const steps = columnsOf(nodes);
  let columns = steps.map((column) => column.nodes.map(({ id }) => id));
  const around = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) {
    around.get(from)?.push(to);
    around.get(to)?.push(from);
  }
  const rows = new Map<string, number>();
  const place = () => {
    for (const column of columns)
      for (const [index, id] of column.entries()) rows.set(id, index - (column.length - 1) / 2);
  };
  const wish = (id: string): number => {
    const near = (around.get(id) ?? []).map((other) => rows.get(other) ?? 0);
    return near.length === 0 ? (rows.get(id) ?? 0) : near.reduce((sum, row) => sum + row, 0) / near.length;
  };
  place();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const wishes = new Map(nodes.map(({ id }) => [id, wish(id)]));
    columns = columns.map((column) =>
      column.toSorted((a, b) => (wishes.get(a) as number) - (wishes.get(b) as number)),
    );
    place();
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (const column of columns) spread(column, column.map(wish), rows);

  const top = Math.min(0, ...rows.values());
  const placeOf = (index: number): number => index * (NODE_WIDTH + COLUMN_GAP);
  const x = new Map(
    steps.flatMap((column, index) => column.nodes.map(({ id }) => [id, placeOf(index)] as const)),
  );
  const placed = nodes.map((node) => ({
    node,
    x: x.get(node.id) ?? 0,
    y: ((rows.get(node.id) ?? 0) - top) * (NODE_HEIGHT + ROW_GAP),
  }));
  const at = new Map(placed.map((each) => [each.node.id, each]));
  const fronts = frontsOf({ nodes, edges });
  const drawnThrough = new Set(
    edges.flatMap((edge) => {
      const front = fronts.get(edge);
      return front === undefined ? [] : [pairOf(edge.from, front), pairOf(front, edge.to)];
    }),
  );
  return {
    nodes: placed,
    edges: edges.flatMap((edge) => {
      const [from, to] = [at.get(edge.from), at.get(edge.to)];
      if (from === undefined || to === undefined) return [];
      const front = at.get(fronts.get(edge) ?? '');
      if (front !== undefined) return [{ edge, ...lineThrough(from, front, to) }];
      const isTold = isAround(edge) && drawnThrough.has(pairOf(edge.from, edge.to));
      return isTold ? [] : [{ edge, ...lineBetween(from, to) }];
    }),
    columns: steps.map(({ step }, index) => ({ x: placeOf(index), step })),
    width: Math.max(0, ...placed.map((each) => each.x)) + NODE_WIDTH,
    height: Math.max(0, ...placed.map((each) => each.y)) + NODE_HEIGHT,
  };
}

/** Puts a column as near to its wishes as it can without changing its order or standing closer than one row. */
function spread(column: readonly string[], wishes: readonly number[], rows: Map<string, number>): void {
  const found: number[] = [];
  for (const [index, wanted] of wishes.entries())
    found.push(index === 0 ? wanted : Math.max(wanted, (found[index - 1] as number) + 1));
  // What was pushed down is taken back by half of what it was pushed in the mean.
  const pushed = found.reduce((sum, row, index) => sum + row - (wishes[index] as number), 0);
  const back = column.length === 0 ? 0 : pushed / column.length;
  for (const [index, id] of column.entries()) rows.set(id, (found[index] as number) - back);
}

/** By way of what stands between, named before it. */
function lineThrough(from: PlacedNode, front: PlacedNode, to: PlacedNode): Omit<PlacedEdge, 'edge'> {
  const [before, after] = [lineBetween(from, front), lineBetween(front, to)];
  return { line: `${before.line}${after.line}`, middle: before.middle };
}

/** From the right of one to the left of the other; within a column and backwards around the outside. */
function lineBetween(from: PlacedNode, to: PlacedNode): Omit<PlacedEdge, 'edge'> {
  const [fromY, toY] = [from.y + NODE_HEIGHT / 2, to.y + NODE_HEIGHT / 2];
  const start = from.x + NODE_WIDTH;
  if (to.x > from.x) {
    const bend = Math.min((to.x - start) / 2, COLUMN_GAP);
    return {
      line: `M${start} ${fromY}C${start + bend} ${fromY} ${to.x - bend} ${toY} ${to.x} ${toY}`,
      // Lines over several columns are named where they begin: further on they pass behind things.
      middle: { x: start + COLUMN_GAP / 2, y: middleOf(fromY, toY, to.x - start) },
    };
  }
  const end = to.x + NODE_WIDTH;
  const bend = COLUMN_GAP * 0.7;
  return {
    line: `M${start} ${fromY}C${start + bend} ${fromY} ${end + bend} ${toY} ${end} ${toY}`,
    middle: { x: Math.max(start, end) + bend * 0.75, y: (fromY + toY) / 2 },
  };
}

function middleOf(fromY: number, toY: number, width: number): number {
  return width <= COLUMN_GAP + 1 ? (fromY + toY) / 2 : fromY + (toY - fromY) * 0.12;
}
