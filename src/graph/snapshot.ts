import { GATES_MAX, type Gates, gatesOfRows } from './gates.ts';
import { COST_MAX, type Graph, graphOfRows, NODES_MAX } from './graph.ts';

/** A graph and its gates as they are kept between two runs. */
export interface Snapshot {
  readonly graph: Graph;
  readonly gates: Gates;
}

/** Why bytes are no snapshot; the caller then builds the graph anew. */
export interface SnapshotRefusal {
  readonly code: 'snapshot_foreign' | 'snapshot_version' | 'snapshot_cut' | 'snapshot_broken';
  readonly message: string;
}

/** "GRPH" in the byte order of the machine: another order reads as another word. */
const MAGIC = 0x48505247;
const VERSION = 1;
/** Words of the header: magic, version, checksum, nodes, edges, gates, entries of gates, nothing. */
const HEADER_WORDS = 8;
const CHECKSUM_WORD = 2;
const WORD_BYTES = 4;

/**
 * A graph of `buildGraph` and its gates as one binary file: a header, then the columns in the order of edge ids, each a
 * row of 32-bit words but for the costs, which are bytes padded to a word (attack-paths §6.4). What can be counted from
 * these columns is not stored.
 */
export function writeSnapshot({ graph, gates }: Snapshot): Uint8Array {
  const { nodeCount, edgeCount } = graph;
  const words = new Int32Array(wordsOf(nodeCount, edgeCount, gates.gates.length));
  words.set([MAGIC, VERSION, 0, nodeCount, edgeCount, gates.gateCount, gates.gates.length, 0]);
  let at = HEADER_WORDS;
  for (const column of [graph.out.start, graph.heads, graph.ranks, gates.gateStart, gates.gates]) {
    words.set(column, at);
    at += column.length;
  }
  const bytes = new Uint8Array(words.buffer);
  bytes.set(graph.costs, at * WORD_BYTES);
  words[CHECKSUM_WORD] = checksumOf(words);
  return bytes;
}

/**
 * The graph and gates of a snapshot, or why it is none. Every number is checked before it is used, so that no bytes,
 * damaged or made up, lead outside of an array; a snapshot of another version is refused and not guessed at. What is
 * answered rests on the bytes given, which may not change any more.
 */
export function readSnapshot(bytes: Uint8Array): Snapshot | SnapshotRefusal {
  if (bytes.byteLength < HEADER_WORDS * WORD_BYTES)
    return refusal('snapshot_cut', `A snapshot has at least 32 bytes, this one ${bytes.byteLength}`);
  const words = wordsIn(bytes);
  const [magic, version, checksum, nodeCount, edgeCount, gateCount, entryCount] = headerOf(words);
  if (magic !== MAGIC) return refusal('snapshot_foreign', 'It does not begin as a snapshot does');
  if (version !== VERSION)
    return refusal('snapshot_version', `Version ${VERSION} can be read, this one is ${version}`);
  if (Math.min(nodeCount, edgeCount, gateCount, entryCount) < 0)
    return refusal('snapshot_broken', 'A count in its header is negative');
  if (nodeCount > NODES_MAX || gateCount > GATES_MAX)
    return refusal('snapshot_broken', `${nodeCount} nodes and ${gateCount} gates are too many`);
  const expected = wordsOf(nodeCount, edgeCount, entryCount) * WORD_BYTES;
  if (bytes.byteLength !== expected)
    return refusal('snapshot_cut', `Its header asks for ${expected} bytes, there are ${bytes.byteLength}`);
  if (checksum !== checksumOf(words))
    return refusal('snapshot_broken', 'Its checksum is not that of its content');
  let at = HEADER_WORDS;
  const column = (length: number) => {
    at += length;
    return words.subarray(at - length, at);
  };
  const start = column(nodeCount + 1);
  const heads = column(edgeCount);
  const ranks = column(edgeCount);
  const gateStart = column(edgeCount + 1);
  const gates = column(entryCount);
  const costs = new Uint8Array(words.buffer, words.byteOffset + at * WORD_BYTES, edgeCount);
  const fault =
    faultOfStarts('nodes', start, edgeCount) ??
    faultOfNumbers('head', heads, 0, nodeCount - 1) ??
    faultOfNumbers('cost', costs, 1, COST_MAX) ??
    faultOfRanks(ranks) ??
    faultOfStarts('gates', gateStart, entryCount) ??
    faultOfNumbers('gate', gates, 0, gateCount - 1);
  if (fault !== null) return refusal('snapshot_broken', fault);
  return {
    graph: graphOfRows(start, heads, costs, ranks),
    gates: gatesOfRows(gateCount, gateStart, gates),
  };
}

function refusal(code: SnapshotRefusal['code'], message: string): SnapshotRefusal {
  return { code, message };
}

function wordsOf(nodeCount: number, edgeCount: number, entryCount: number): number {
  const columns = nodeCount + 1 + 3 * edgeCount + 1 + entryCount;
  return HEADER_WORDS + columns + Math.ceil(edgeCount / WORD_BYTES);
}

/** The bytes as words, copied only where they do not begin at a word; what is left of a last word is left out. */
function wordsIn(bytes: Uint8Array): Int32Array {
  const { buffer, byteOffset, byteLength } = byteOffsetIsWord(bytes) ? bytes : bytes.slice();
  return new Int32Array(buffer, byteOffset, Math.floor(byteLength / WORD_BYTES));
}

function byteOffsetIsWord(bytes: Uint8Array): boolean {
  return bytes.byteOffset % WORD_BYTES === 0;
}

type Header = readonly [number, number, number, number, number, number, number];

function headerOf(words: Int32Array): Header {
  return Array.from(words.subarray(0, HEADER_WORDS - 1)) as unknown as Header;
}

/** Finds damage, not intent: what is made up is found by the checks of each number. The checksum's own word is left out. */
function checksumOf(words: Int32Array): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) {
    if (i === CHECKSUM_WORD) continue;
    sum = Math.imul(sum ^ (words[i] as number), 0x01000193);
    // A product carries upwards only: without this, two damaged top bits would hide each other.
    sum ^= sum >>> 15;
  }
  return sum;
}

function faultOfStarts(of: string, start: Int32Array, end: number): string | null {
  if (start[0] !== 0 || start[start.length - 1] !== end)
    return `Its rows of ${of} do not go from 0 to ${end}`;
  for (let i = 1; i < start.length; i++)
    if ((start[i] as number) < (start[i - 1] as number)) return `Its rows of ${of} go back at ${i}`;
  return null;
}

function faultOfNumbers(
  what: string,
  numbers: Int32Array | Uint8Array,
  least: number,
  most: number,
): string | null {
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number;
    if (number < least || number > most)
      return `Its ${what} ${i} is ${number}, outside of ${least} to ${most}`;
  }
  return null;
}

function faultOfRanks(ranks: Int32Array): string | null {
  const seen = new Uint8Array(ranks.length);
  for (let edge = 0; edge < ranks.length; edge++) {
    const rank = ranks[edge] as number;
    if (seen[rank] !== 0) return `Its edge ${edge} has the rank ${rank}, which is no rank or another edge's`;
    seen[rank] = 1;
  }
  return null;
}
