import type { Graph } from './graph.ts';

/** What may be cut: 1 by node, 1 by edge id. Source and target never are. */
export interface Cuttable {
  readonly nodes?: Uint8Array;
  readonly edges?: Uint8Array;
}

/** What to take away, ascending. */
export interface Cut {
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
}

/**
 * The fewest nodes and edges, each counted once, without which nothing leads from the source to the target; of several
 * such sets the one nearest to the source. Null when some path has nothing that may be cut. Exact, by maximum flow over
 * units (attack-paths §4.8). Source: E. Dinic, Soviet Math. Doklady 11 (1970); with units only O(edges × √nodes).
 *
 * It answers for nodes and single edges. A gate that closes several edges is not one unit of a flow (the smallest set of
 * such gates is a minimum label cut, which is NP-hard); where all its edges leave or enter one node, cut that node.
 */
export function minimumCut(
  graph: Graph,
  source: number,
  target: number,
  cuttable: Cuttable,
  closed?: Uint8Array,
): Cut | null {
  if (source === target || hasUncuttablePath(graph, source, target, cuttable, closed)) return null;
  const flow = new UnitFlow(graph, source, target, cuttable, closed);
  while (flow.measure()) flow.augmentAll();
  return flow.cut();
}

function hasUncuttablePath(
  { nodeCount, out }: Graph,
  source: number,
  target: number,
  cuttable: Cuttable,
  closed: Uint8Array | undefined,
): boolean {
  const seen = new Uint8Array(nodeCount);
  const stack = [source];
  seen[source] = 1;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const last = out.start[node + 1] as number;
    for (let edge = out.start[node] as number; edge < last; edge++) {
      const other = out.nodes[edge] as number;
      if (seen[other] === 1 || closed?.[edge] === 1 || cuttable.edges?.[edge] === 1) continue;
      if (other === target) return true;
      if (cuttable.nodes?.[other] === 1) continue;
      seen[other] = 1;
      stack.push(other);
    }
  }
  return false;
}

/**
 * Maximum flow over the graph in which each node `v` is an entry `2v` and an exit `2v + 1` with an arc between. The arcs
 * are not stored: those of an entry are its node's own arc and the flow of edges into it backward, those of an exit its
 * edges and its node's arc backward. What may be cut carries one unit, all else any number.
 */
class UnitFlow {
  readonly #graph: Graph;
  readonly #source: number;
  readonly #sink: number;
  readonly #cuttable: Cuttable;
  readonly #closed: Uint8Array | undefined;
  readonly #nodeFlows: Int32Array;
  readonly #edgeFlows: Int32Array;
  readonly #levels: Int32Array;
  readonly #queue: Int32Array;
  /** By entry or exit: how many of its arcs are used up in this phase. */
  readonly #cursors: Int32Array;

  constructor(
    graph: Graph,
    source: number,
    target: number,
    cuttable: Cuttable,
    closed: Uint8Array | undefined,
  ) {
    this.#graph = graph;
    this.#source = 2 * source + 1;
    this.#sink = 2 * target;
    this.#cuttable = cuttable;
    this.#closed = closed;
    this.#nodeFlows = new Int32Array(graph.nodeCount);
    this.#edgeFlows = new Int32Array(graph.edgeCount);
    this.#levels = new Int32Array(2 * graph.nodeCount);
    this.#queue = new Int32Array(2 * graph.nodeCount);
    this.#cursors = new Int32Array(2 * graph.nodeCount);
  }

  /** Sets the levels of a new phase; false when the sink cannot be reached any more, and then all that can is measured. */
  measure(): boolean {
    const levels = this.#levels.fill(-1);
    this.#cursors.fill(0);
    const queue = this.#queue;
    let end = 0;
    levels[this.#source] = 0;
    queue[end++] = this.#source;
    for (let next = 0; next < end; next++) {
      const at = queue[next] as number;
      const level = (levels[at] as number) + 1;
      for (let arc = 0; ; arc++) {
        const other = this.#follow(at, arc);
        if (other === END) break;
        if (other === BLOCKED || levels[other] !== -1) continue;
        levels[other] = level;
        if (other === this.#sink) return true;
        queue[end++] = other;
      }
    }
    return false;
  }

  /** Sends units along shortest ways until none of this phase is left. */
  augmentAll(): void {
    const path: number[] = [];
    let at = this.#source;
    for (;;) {
      if (at === this.#sink) {
        for (const from of path) this.#sendUnit(from, this.#cursors[from] as number);
        path.length = 0;
        at = this.#source;
        continue;
      }
      const other = this.#follow(at, this.#cursors[at] as number);
      if (other >= 0 && this.#levels[other] === (this.#levels[at] as number) + 1) {
        path.push(at);
        at = other;
      } else if (other !== END) {
        this.#cursors[at] = (this.#cursors[at] as number) + 1;
      } else {
        const before = path.pop();
        if (before === undefined) return;
        this.#cursors[before] = (this.#cursors[before] as number) + 1;
        at = before;
      }
    }
  }

  /** After the last phase: the full units between what can be reached and what cannot. */
  cut(): Cut {
    const { nodeCount, edgeCount, tails, heads } = this.#graph;
    const isReached = (at: number) => this.#levels[at] !== -1;
    const cut = { nodes: [] as number[], edges: [] as number[] };
    for (let node = 0; node < nodeCount; node++)
      if (isReached(2 * node) && !isReached(2 * node + 1)) cut.nodes.push(node);
    for (let edge = 0; edge < edgeCount; edge++)
      if (
        this.#closed?.[edge] !== 1 &&
        isReached(2 * (tails[edge] as number) + 1) &&
        !isReached(2 * (heads[edge] as number))
      )
        cut.edges.push(edge);
    return cut;
  }

  /** Where an arc leads: `BLOCKED` when it has no room, `END` behind the last. */
  #follow(at: number, arc: number): number {
    const node = at >> 1;
    if ((at & 1) === 0) {
      if (arc === 0)
        return this.#cuttable.nodes?.[node] === 1 && this.#nodeFlows[node] === 1 ? BLOCKED : at + 1;
      const { start, nodes, edges } = this.#graph.into;
      const slot = (start[node] as number) + arc - 1;
      if (slot >= (start[node + 1] as number)) return END;
      return this.#edgeFlows[edges[slot] as number] === 0 ? BLOCKED : 2 * (nodes[slot] as number) + 1;
    }
    if (arc === 0) return this.#nodeFlows[node] === 0 ? BLOCKED : at - 1;
    const { start, nodes } = this.#graph.out;
    const edge = (start[node] as number) + arc - 1;
    if (edge >= (start[node + 1] as number)) return END;
    if (this.#closed?.[edge] === 1) return BLOCKED;
    return this.#cuttable.edges?.[edge] === 1 && this.#edgeFlows[edge] === 1
      ? BLOCKED
      : 2 * (nodes[edge] as number);
  }

  #sendUnit(at: number, arc: number): void {
    const node = at >> 1;
    const isEntry = (at & 1) === 0;
    if (arc === 0) {
      this.#nodeFlows[node] = (this.#nodeFlows[node] as number) + (isEntry ? 1 : -1);
      return;
    }
    const { into, out } = this.#graph;
    const edge = isEntry
      ? (into.edges[(into.start[node] as number) + arc - 1] as number)
      : (out.start[node] as number) + arc - 1;
    this.#edgeFlows[edge] = (this.#edgeFlows[edge] as number) + (isEntry ? -1 : 1);
  }
}

const BLOCKED = -1;
const END = -2;
