import { expect, test } from 'vitest';
import { ReadTwice } from './read-twice.ts';

const MB = 1024 ** 2;

test.each([
  ['from memory where the file has 16 MB', 16 * MB, 1],
  ['from the file where it has more', 16 * MB + 1, 2],
])('what is read comes again %s', async (_name, size, opened) => {
  let opens = 0;
  const input = {
    name: 'x',
    open: async function* () {
      opens++;
      yield Buffer.alloc(size - 1);
      yield Buffer.alloc(1);
    },
  };
  const twice = new ReadTwice(input, async function* (bytes) {
    for await (const { length } of bytes) yield length;
  });
  const all = async () => {
    const found: number[] = [];
    for await (const each of twice.all()) found.push(each);
    return found;
  };
  expect(await all()).toEqual([size - 1, 1]);
  expect(await all()).toEqual([size - 1, 1]);
  expect(opens).toBe(opened);
});

test('what was not read to its end is read again', async () => {
  const input = {
    name: 'x',
    open: async function* () {
      yield Buffer.from('ab');
    },
  };
  const twice = new ReadTwice(input, async function* (bytes) {
    for await (const chunk of bytes) for (const byte of chunk) yield byte;
  });
  for await (const first of twice.all()) {
    expect(first).toBe(97);
    break;
  }
  const found: number[] = [];
  for await (const each of twice.all()) found.push(each);
  expect(found).toEqual([97, 98]);
});
