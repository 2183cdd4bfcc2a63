import { bestPaths } from '../../src/graph/best-paths.ts';
import { BlastRadius } from '../../src/graph/blast-radius.ts';
import { components } from '../../src/graph/components.ts';
import { dominators, subtreeSums } from '../../src/graph/dominators.ts';
import { DynamicDistances } from '../../src/graph/dynamic-distances.ts';
import { GateSwitches } from '../../src/graph/gate-switches.ts';
import { buildGates, type Gates, maskOfGates } from '../../src/graph/gates.ts';
import { buildGraph, type EdgeList, type Graph } from '../../src/graph/graph.ts';
import { minimumCut } from '../../src/graph/minimum-cut.ts';
import { reach } from '../../src/graph/reach.ts';
import { breadthFirstNumbers, renumberEdges } from '../../src/graph/renumber.ts';
import { pathTo, shortestPaths, UNREACHED } from '../../src/graph/shortest-paths.ts';
import { readSnapshot, writeSnapshot } from '../../src/graph/snapshot.ts';
import { strongBridges } from '../../src/graph/strong-bridges.ts';
import { onTheWay } from '../../src/graph/subgraph.ts';
import { type GraphEstateSize, graphEstate } from './graph-estate.ts';
import { bestOf, percentile, streamed } from './measure.ts';

/** What the design asks for, in passes over the adjacency of the dense graph of 100 k nodes. */
const BARS: Readonly<Record<string, number>> = {
  reach: 30,
  'shortest paths': 230,
  'dominators and subtree sums': 680,
};

/** Milliseconds that each may take (attack-paths §6.4), with 100 k nodes and with 1 M. */
const BUDGETS = {
  'everything anew from resident arrays': [300, 4_000],
  'one what-if, what is reached': [20, 400],
  'one what-if, how likely': [20, 400],
  // Other programs interrupt some of a hundred thousand.
  'one change, 9,999 of 10,000': [50, 500],
} as const;

function sayBudget(name: string, what: keyof typeof BUDGETS, time: number, nodes: number): void {
  const limit = BUDGETS[what][nodes > 100_000 ? 1 : 0];
  const said = time <= limit ? 'within' : 'BEYOND';
  console.log(`${name}: budget: ${what} ${time.toFixed(2)} ms, ${said} ${limit} ms`);
}

const FLIPS = 100_000;
/** Long enough that even on a busy machine some of the rounds are left alone. */
const BUDGET_MS = 5_000;
const SHORT_BUDGET_MS = 800;

type Measure = (what: string, action: () => unknown) => void;

/** One estate as the kernel sees it, its nodes renumbered as searches from the root meet them. */
interface Estate {
  readonly list: EdgeList;
  readonly graph: Graph;
  readonly root: number;
  readonly targets: Int32Array;
  readonly gates: Gates;
}

/**
 * Prints what the graph kernel does with the worst graph and with a realistic one, in milliseconds and as passes of one
 * streaming pass over the adjacency in the same run. Other programs only ever make a round slower, so the best one counts.
 */
export function measureGraph(isFull: boolean): void {
  const sizes = [{ nodes: 100_000, edges: 500_000 }];
  if (isFull) sizes.push({ nodes: 1_000_000, edges: 5_000_000 });
  for (const size of sizes) {
    measureDense({ ...size, kind: 'dense' });
    measureGated({ ...size, kind: 'gated' });
  }
  console.log(
    `graph: resident ${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most, the making of the estates included`,
  );
}

function measureDense(size: GraphEstateSize): void {
  const { list, graph, root, targets, gates } = estateOf(size);
  const name = labelOf(size);
  const stream = () => streamed(graph.heads);
  let pass = bestOf(stream, BUDGET_MS);
  const measure: Measure = (what, action) => {
    const bar = BARS[what];
    // A pass that was disturbed would make everything look good.
    pass = Math.min(pass, bestOf(stream, SHORT_BUDGET_MS / 4));
    const time = bestOf(action, bar === undefined ? SHORT_BUDGET_MS : BUDGET_MS);
    const said = bar === undefined || size.nodes !== 100_000 ? '' : `, to be at most ${bar}`;
    console.log(`${name}: ${what} ${time.toFixed(2)} ms = ${(time / pass).toFixed(1)} passes${said}`);
  };
  console.log(
    `${name}: one streaming pass ${pass.toFixed(3)} ms; the arrays of the graph ${megabytes(bytesOf(graph))} MB, of its gates ${megabytes(bytesOf(gates))} MB`,
  );
  measure('reach', () => reach(graph, [root]));
  measure('shortest paths', () => shortestPaths(graph, [root]));
  const values = new Float64Array(graph.nodeCount);
  for (const target of targets) values[target] = 1;
  measure('dominators and subtree sums', () => subtreeSums(dominators(graph, root), values));
  measure('building both directions', () => buildGraph(list));
  const closed = maskOfGates(gates, [0]);
  measure('reach around a closed gate', () => reach(graph, [root], { closed }));
  measure(`reach back from ${targets.length} targets`, () =>
    reach(graph, targets, { direction: 'backward' }),
  );
  sayBudget(
    name,
    'everything anew from resident arrays',
    bestOf(() => {
      reach(graph, [root]);
      shortestPaths(graph, [root]);
      subtreeSums(dominators(graph, root), values);
      return components(graph);
    }, SHORT_BUDGET_MS),
    size.nodes,
  );
  sayBudget(
    name,
    'one what-if, what is reached',
    bestOf(() => reach(graph, [root], { closed }), SHORT_BUDGET_MS),
    size.nodes,
  );
  sayBudget(
    name,
    'one what-if, how likely',
    bestOf(() => shortestPaths(graph, [root], { closed }), BUDGET_MS),
    size.nodes,
  );
  const tree = dominators(graph, root);
  measure('strong bridges', () => strongBridges(graph, tree));
  measure('strongly connected components', () => components(graph));
  measureBlastRadius(graph, targets, measure);
  measureBestPaths(graph, root, targets, measure);
  measureCut(graph, root, targets, measure);
  measureDynamic(graph, root, gates, name);
  const bytes = writeSnapshot({ graph, gates });
  measure(`writing a snapshot of ${megabytes(bytes.length)} MB`, () => writeSnapshot({ graph, gates }));
  measure('reading and checking it', () => readSnapshot(bytes));
}

function measureBlastRadius(graph: Graph, targets: Int32Array, measure: Measure): void {
  const strong = components(graph);
  const some = targets.subarray(0, 1_024);
  const ones = new Uint8Array(some.length).fill(1);
  measure(
    `blast radius of every node over ${some.length} targets`,
    () => new BlastRadius(graph, strong, some),
  );
  const radius = new BlastRadius(graph, strong, some);
  measure('the same as sums of values', () => radius.sums(ones));
}

function measureBestPaths(graph: Graph, root: number, targets: Int32Array, measure: Measure): void {
  const found = shortestPaths(graph, [root]);
  const reached = targets.filter((target) => found.costs[target] !== UNREACHED);
  const [nearest = root] = [...reached].sort(
    (a, b) => (found.costs[a] as number) - (found.costs[b] as number),
  );
  measure(`reading out the best path to ${reached.length} targets`, () =>
    reached.map((target) => pathTo(graph, found, target)?.length ?? 0),
  );
  for (const count of [10, 100, 1_000])
    measure(`${count} best paths to the nearest target`, () =>
      firstOf(bestPaths(graph, found, nearest), count),
    );
  measure(`5 best paths to each of ${reached.length} targets`, () =>
    reached.map((target) => firstOf(bestPaths(graph, found, target), 5)),
  );
}

function measureCut(graph: Graph, root: number, targets: Int32Array, measure: Measure): void {
  const nodes = new Uint8Array(graph.nodeCount).fill(1);
  // What the root leads to straight away cannot be cut as a node; what is entered most takes the longest.
  const degree = (node: number) =>
    (graph.into.start[node + 1] as number) - (graph.into.start[node] as number);
  const [busiest = root] = [...targets].sort((a, b) => degree(b) - degree(a));
  const cut = minimumCut(graph, root, busiest, { nodes });
  measure(`minimum cut of ${cut?.nodes.length ?? 0} nodes before the most entered target`, () =>
    minimumCut(graph, root, busiest, { nodes }),
  );
}

/** Flips random edges, and then shuts and opens gates; what is left must equal what is found anew. */
function measureDynamic(graph: Graph, root: number, gates: Gates, name: string): void {
  const distances = new DynamicDistances(graph, [root]);
  const closed = new Uint8Array(graph.edgeCount);
  const closing: number[] = [];
  const opening: number[] = [];
  let differences = 0;
  for (let flip = 0; flip < FLIPS; flip++) {
    // A large odd step meets edges all over the graph, and each again only after all others.
    const edge =
      Math.floor(flip / 2) % 2 === 0
        ? (flip * 7_919_777) % graph.edgeCount
        : ((flip - 2) * 7_919_777) % graph.edgeCount;
    const start = performance.now();
    distances.flip([edge]);
    (closed[edge] === 1 ? opening : closing).push(performance.now() - start);
    closed[edge] = 1 - (closed[edge] as number);
    if ((flip + 1) % (FLIPS / 10) === 0) differences += differencesOf(graph, root, distances, closed);
  }
  for (const [what, times] of [
    ['closing', closing],
    ['opening', opening],
  ] as const)
    console.log(
      `${name}: ${what} an edge, ${times.length} times: p50 ${microseconds(times, 0.5)}, p99 ${microseconds(times, 0.99)}, at most ${microseconds(times, 1)}`,
    );
  sayBudget(
    name,
    'one change, 9,999 of 10,000',
    percentile([...closing, ...opening], 0.9999),
    graph.nodeCount,
  );
  const switches = new GateSwitches(gates);
  const isOpen = (edge: number): boolean => closed[edge] === 0;
  const flips: number[] = [];
  for (let gate = 0; gate < gates.gateCount; gate++) {
    const start = performance.now();
    distances.flip(switches.shut(gate).filter(isOpen));
    distances.flip(switches.reopen(gate).filter(isOpen));
    flips.push(performance.now() - start);
  }
  differences += differencesOf(graph, root, distances, closed);
  console.log(
    `${name}: shutting a gate and opening it again, ${flips.length} gates of ${gates.edges.length} edges: p50 ${percentile(flips, 0.5).toFixed(2)} ms, at most ${Math.max(...flips).toFixed(1)} ms; nodes that differ from finding all anew: ${differences}`,
  );
}

function differencesOf(graph: Graph, root: number, distances: DynamicDistances, closed: Uint8Array): number {
  const fresh = shortestPaths(graph, [root], { closed });
  let count = 0;
  for (let node = 0; node < graph.nodeCount; node++)
    if (distances.costOf(node) !== fresh.costs[node] || distances.hopsOf(node) !== fresh.hops[node]) count++;
  return count;
}

function measureGated(size: GraphEstateSize): void {
  const { list, graph, root, targets, gates } = estateOf(size);
  const name = labelOf(size);
  const part = onTheWay(graph, [root], targets);
  const reached = reach(graph, [root]).order.length;
  const wayIn = part.nodes.indexOf(root);
  console.log(
    `${name}: ${graph.edgeCount} edges, ${reached} nodes reached, on the way to a target ${part.graph.nodeCount} nodes and ${part.graph.edgeCount} edges`,
  );
  const say: Measure = (what, action) =>
    console.log(`${name}: ${what} ${bestOf(action, SHORT_BUDGET_MS).toFixed(3)} ms`);
  say('building both directions', () => buildGraph(list));
  say('reach', () => reach(graph, [root]));
  say('what is on the way', () => onTheWay(graph, [root], targets));
  if (wayIn === -1) return;
  const tree = dominators(part.graph, wayIn);
  const bridges = strongBridges(part.graph, tree).filter((edge) => edge !== -1);
  say('dominators on the way', () => dominators(part.graph, wayIn));
  say(`strong bridges on the way, ${bridges.length} of them,`, () => strongBridges(part.graph, tree));
  const masks = Array.from({ length: gates.gateCount }, (_, gate) => {
    const mask = maskOfGates(gates, [gate]);
    return Uint8Array.from(part.edges, (edge) => mask[edge] as number);
  });
  say(`what-ifs of all ${masks.length} gates on the way`, () =>
    masks.map((closed) => reach(part.graph, [wayIn], { closed })),
  );
}

function estateOf(size: GraphEstateSize): Estate {
  const estate = graphEstate(size);
  const numbers = breadthFirstNumbers(buildGraph(estate.list), [estate.root]);
  const list = renumberEdges(estate.list, numbers);
  const graph = buildGraph(list);
  return {
    list,
    graph,
    root: numbers[estate.root] as number,
    targets: estate.targets.map((target) => numbers[target] as number),
    gates: buildGates(graph, estate.gateCount, estate.gatesOfEdge),
  };
}

/** How many of the first `count` paths there are. */
function firstOf(paths: Iterable<unknown>, count: number): number {
  let taken = 0;
  for (const _ of paths) if (++taken === count) break;
  return taken;
}

/** All typed arrays of a value, each once: two names of one array are one. */
function bytesOf(value: object): number {
  const arrays = new Set<ArrayBufferLike>();
  const visit = (part: unknown): void => {
    if (ArrayBuffer.isView(part)) arrays.add(part.buffer);
    else if (typeof part === 'object' && part !== null) Object.values(part).forEach(visit);
  };
  visit(value);
  return [...arrays].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function labelOf({ nodes, edges, kind }: GraphEstateSize): string {
  return `graph ${nodes / 1_000} k / ${edges / 1_000} k ${kind}`;
}

function microseconds(times: readonly number[], share: number): string {
  return `${(percentile(times, share) * 1_000).toFixed(1)} µs`;
}

function megabytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}
