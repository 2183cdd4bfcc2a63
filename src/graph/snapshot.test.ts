import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildGates } from './gates.ts';
import { graphCases, graphOf } from './graph.test-suite.ts';
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot.ts';

const cases = fc
  .tuple(
    graphCases({ edgesMax: 10 }),
    fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 5 })), { minLength: 10, maxLength: 10 }),
  )
  .map(
    ([{ graph }, listed]): Snapshot => ({
      graph,
      gates: buildGates(graph, 7, listed.slice(0, graph.edgeCount)),
    }),
  );

const codeOf = (bytes: Uint8Array) => {
  const read = readSnapshot(bytes);
  return 'code' in read ? read.code : null;
};

describe('a snapshot', () => {
  test('gives back the graph and its gates, and is the same bytes for the same graph', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 7 }), (snapshot, offset) => {
        const bytes = writeSnapshot(snapshot);
        const elsewhere = new Uint8Array(bytes.length + offset).subarray(offset);
        elsewhere.set(bytes);
        expect(readSnapshot(elsewhere)).toEqual(snapshot);
        expect(writeSnapshot(snapshot)).toEqual(bytes);
      }),
    );
  });

  test('that lost or gained bytes, or of which one bit is another, is refused', () => {
    fc.assert(
      fc.property(cases, fc.nat(), fc.integer({ min: 0, max: 7 }), (snapshot, place, bit) => {
        const bytes = writeSnapshot(snapshot);
        const damaged = bytes.slice();
        damaged[place % bytes.length]! ^= 1 << bit;
        expect(codeOf(damaged)).not.toBeNull();
        expect(codeOf(bytes.subarray(0, place % bytes.length))).toBe('snapshot_cut');
        expect(codeOf(new Uint8Array([...bytes, bit]))).toBe('snapshot_cut');
      }),
    );
  });

  test('of any bytes at all is refused and does no harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200, size: 'max' }), (bytes) => {
        expect(codeOf(bytes)).toMatch(/^snapshot_(cut|foreign)$/);
      }),
    );
  });

  const graph = graphOf(3, [
    [0, 1, 5],
    [0, 2, 6],
    [1, 2, 7],
  ]);
  const good = writeSnapshot({ graph, gates: buildGates(graph, 2, [[0], [], [0, 1]]) });
  // Header 0 to 7, starts 8 to 11, heads 12 to 14, ranks 15 to 17, starts of gates 18 to 21, gates 22 to 24, costs 25.

  test.each([
    ['another beginning', 0, 1, 'snapshot_foreign', 'does not begin'],
    ['the version of tomorrow', 1, 2, 'snapshot_version', 'Version 1 can be read, this one is 2'],
    ['a negative count of nodes', 3, -1, 'snapshot_broken', 'negative'],
    ['a negative count of edges', 4, -1, 'snapshot_broken', 'negative'],
    ['a negative count of gates', 5, -1, 'snapshot_broken', 'negative'],
    ['a negative count of entries', 6, -1, 'snapshot_broken', 'negative'],
    ['nodes beyond all bounds', 3, 0x7fffffff, 'snapshot_broken', 'too many'],
    ['gates beyond all bounds', 5, 0x7fffffff, 'snapshot_broken', 'too many'],
    ['edges that it does not hold', 4, 0x7fffffff, 'snapshot_cut', 'asks for'],
    ['rows that begin late', 8, 1, 'snapshot_broken', 'rows of nodes do not go from 0 to 3'],
    ['rows that end early', 11, 2, 'snapshot_broken', 'rows of nodes do not go from 0 to 3'],
    ['rows that go back', 9, 9, 'snapshot_broken', 'rows of nodes go back at 2'],
    ['a head outside', 12, 3, 'snapshot_broken', 'head 0 is 3, outside of 0 to 2'],
    ['a negative head', 13, -1, 'snapshot_broken', 'head 1 is -1'],
    ['a rank given twice', 15, 1, 'snapshot_broken', 'edge 1 has the rank 1'],
    ['a rank outside', 16, 99, 'snapshot_broken', 'edge 1 has the rank 99'],
    ['a negative rank', 17, -5, 'snapshot_broken', 'edge 2 has the rank -5'],
    ['rows of gates that go back', 19, 3, 'snapshot_broken', 'rows of gates go back at 2'],
    ['a gate outside', 24, 2, 'snapshot_broken', 'gate 2 is 2, outside of 0 to 1'],
    ['an edge for nothing', 25, 0x070600, 'snapshot_broken', 'cost 0 is 0, outside of 1 to 127'],
    ['an edge too dear', 25, 0xff0605, 'snapshot_broken', 'cost 2 is 255'],
  ])('with %s is refused though its checksum is right', (_, word, value, code, message) => {
    const bytes = good.slice();
    new Int32Array(bytes.buffer)[word] = value;
    const signed = withChecksum(bytes);
    expect(readSnapshot(signed)).toEqual({ code, message: expect.stringContaining(message) });
  });

  test('that is whole is read, its checksum made by the test as well', () => {
    expect(withChecksum(good)).toEqual(good);
    expect(codeOf(good)).toBeNull();
  });
});

/** The checksum as the format tells it, so that the test can make up what whoever writes a file could. */
function withChecksum(bytes: Uint8Array): Uint8Array {
  const signed = bytes.slice();
  const words = new Int32Array(signed.buffer);
  let sum = 0x811c9dc5;
  for (const [at, word] of words.entries()) {
    if (at === 2) continue;
    sum = Math.imul(sum ^ word, 0x01000193);
    sum ^= sum >>> 15;
  }
  words[2] = sum;
  return signed;
}
