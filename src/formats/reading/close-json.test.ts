import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeJson } from './close-json.ts';

test.each([
  ['{"a":1}', '{"a":1}', 7],
  [' {"a":1}\n{"b":2}', '{"a":1}', 8],
  ['{"a":"}\\"]","b":[1,{"c":"cut he', '{"a":"}\\"]","b":[1,{}]}', null],
  ['{"a":1,"b":{"c":2,"d', '{"a":1,"b":{"c":2}}', null],
  ['{"a":1,"b":', '{"a":1}', null],
  ['[[1],[2', '[[1],[]]', null],
  ['[1,2],', '[1,2]', 5],
  ['[[1]', '[[1]]', null],
])('%s is closed as %s', (text, closed, end) => {
  expect(closeJson(text, text.search(/\S/))).toEqual({ text: closed, end });
});

test.each(['"a"', '1', '1,2', 'a,b', 'true', '{', '[', '{"a":', '{"a', `${'['.repeat(65)}1,`])(
  '%s is not',
  (text) => {
    expect(closeJson(text, 0)).toBeNull();
  },
);

test('64 levels are closed', () => {
  expect(closeJson(`${'['.repeat(64)}1,`, 0)?.text).toBe(`${'['.repeat(64)}1${']'.repeat(64)}`);
});

test('whole values are themselves, and any cut of one is JSON that holds a part of it', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.array(fc.jsonValue({ maxDepth: 4 })), fc.dictionary(fc.string(), fc.jsonValue())),
      fc.nat(),
      fc.integer({ min: 0, max: 2 }),
      (value, cut, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(closeJson(text, 0)).toEqual({ text, end: text.length });
        const closed = closeJson(text.slice(0, cut % text.length), 0);
        if (closed !== null) expect(isPart(JSON.parse(closed.text), JSON.parse(text))).toBe(true);
      },
    ),
  );
});

function isPart(part: unknown, whole: unknown): boolean {
  if (typeof part !== 'object' || part === null || typeof whole !== 'object' || whole === null)
    return Object.is(part, whole);
  return (
    Array.isArray(part) === Array.isArray(whole) &&
    Object.entries(part).every(([key, each]) => isPart(each, (whole as Record<string, unknown>)[key]))
  );
}
