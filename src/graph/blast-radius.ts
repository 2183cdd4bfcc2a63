import type { Components } from './components.ts';
import { type Graph, startsOf } from './graph.ts';
import { reach } from './reach.ts';

const WORD = 32;

/**
 * Which of the targets each node reaches, itself included, for all nodes at once: one row of bits for each component
 * from which a target can be reached, joined from the last components to the first (attack-paths §4.9).
 *
 * O(edges × targets / 32) in time, rows × targets / 8 bytes. Where that is too much, the targets are given in portions.
 */
export class BlastRadius {
  readonly #components: Components;
  readonly #words: number;
  /** By component: the number of its row, -1 where it reaches no target. */
  readonly #rows: Int32Array;
  readonly #bits: Int32Array;

  /** `closed` has to be that of the components. */
  constructor(graph: Graph, components: Components, targets: ArrayLike<number>, closed?: Uint8Array) {
    this.#components = components;
    this.#words = Math.ceil(targets.length / WORD);
    const { rows, rowCount } = rowsOf(graph, components, targets, closed);
    this.#rows = rows;
    this.#bits = this.#joined(graph, targets, rowCount, closed);
  }

  #joined(
    graph: Graph,
    targets: ArrayLike<number>,
    rowCount: number,
    closed: Uint8Array | undefined,
  ): Int32Array {
    const components = this.#components;
    const rows = this.#rows;
    const words = this.#words;
    const members = membersOf(components);
    const bits = new Int32Array(rowCount * words);
    for (let target = 0; target < targets.length; target++) {
      const row = rows[components.of[targets[target] as number] as number] as number;
      const word = row * words + (target >>> 5);
      bits[word] = (bits[word] as number) | (1 << (target & 31));
    }
    const { start, nodes } = graph.out;
    // Rows of the same component met again would be joined again, in hubs many times.
    const joined = new Int32Array(rowCount).fill(-1);
    for (let component = 0; component < components.count; component++) {
      const row = rows[component] as number;
      if (row < 0) continue;
      joined[row] = row;
      const own = row * words;
      const membersEnd = members.start[component + 1] as number;
      for (let i = members.start[component] as number; i < membersEnd; i++) {
        const node = members.nodes[i] as number;
        const last = start[node + 1] as number;
        for (let edge = start[node] as number; edge < last; edge++) {
          const other = rows[components.of[nodes[edge] as number] as number] as number;
          if (other < 0 || joined[other] === row || closed?.[edge] === 1) continue;
          joined[other] = row;
          const from = other * words;
          for (let word = 0; word < words; word++)
            bits[own + word] = (bits[own + word] as number) | (bits[from + word] as number);
        }
      }
    }
    return bits;
  }

  /** The places in the list of targets of those that a node reaches, ascending. */
  targetsOf(node: number): readonly number[] {
    const found: number[] = [];
    const row = this.#rows[this.#components.of[node] as number] as number;
    if (row < 0) return found;
    for (let word = 0; word < this.#words; word++)
      for (let rest = this.#bits[row * this.#words + word] as number; rest !== 0; rest &= rest - 1)
        found.push(word * WORD + lowestBit(rest));
    return found;
  }

  /** Whether a node reaches the target at a place in the list of targets. */
  reaches(node: number, place: number): boolean {
    const row = this.#rows[this.#components.of[node] as number] as number;
    return (
      row >= 0 && (((this.#bits[row * this.#words + (place >>> 5)] as number) >>> (place & 31)) & 1) === 1
    );
  }

  /** By node: the sum of the values, one for each target, of all targets that it reaches. */
  sums(values: ArrayLike<number>): Float64Array {
    const words = this.#words;
    const ofComponent = this.#rows.reduce((sums, row, component) => {
      let sum = 0;
      for (let word = 0; row >= 0 && word < words; word++)
        for (let rest = this.#bits[row * words + word] as number; rest !== 0; rest &= rest - 1)
          sum += values[word * WORD + lowestBit(rest)] as number;
      sums[component] = sum;
      return sums;
    }, new Float64Array(this.#rows.length));
    return Float64Array.from(this.#components.of, (component) => ofComponent[component] as number);
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

interface Members {
  readonly start: Int32Array;
  readonly nodes: Int32Array;
}

function membersOf({ count, of }: Components): Members {
  const start = startsOf(of, count);
  const place = start.slice();
  const nodes = new Int32Array(of.length);
  for (let node = 0; node < of.length; node++) {
    const component = of[node] as number;
    const slot = place[component] as number;
    place[component] = slot + 1;
    nodes[slot] = node;
  }
  return { start, nodes };
}

/** Numbers those components from which a target can be reached: in real estates they are few. */
function rowsOf(
  graph: Graph,
  { of, count }: Components,
  targets: ArrayLike<number>,
  closed: Uint8Array | undefined,
): { readonly rows: Int32Array; readonly rowCount: number } {
  const { order } = reach(graph, targets, { direction: 'backward', closed });
  const rows = new Int32Array(count).fill(-1);
  let rowCount = 0;
  for (let i = 0; i < order.length; i++) {
    const component = of[order[i] as number] as number;
    if (rows[component] === -1) rows[component] = rowCount++;
  }
  return { rows, rowCount };
}
