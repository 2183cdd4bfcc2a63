import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeHead, HEAD_BYTES, readHead } from './describe-head.ts';

function describe(text: string | Buffer) {
  const { shape, json, root } = describeHead('report', Buffer.from(text as string));
  return root === null ? { shape, json } : { shape, root };
}

test.each([
  ['', { shape: 'empty', json: null }],
  [' \n\t ', { shape: 'empty', json: null }],
  ['null', { shape: 'json', json: null }],
  ['{}', { shape: 'json', json: {} }],
  ['[]', { shape: 'json', json: [] }],
  [' [1, "a", true, null, -2.5e3]', { shape: 'json', json: [1, 'a', true, null, -2500] }],
  ['{"a":1}\n{"a":2}', { shape: 'json-lines', json: { a: 1 } }],
  ['{"a":1}{"a":2}', { shape: 'json-lines', json: { a: 1 } }],
  ['{"a":1}\ngarbage', { shape: 'json', json: { a: 1 } }],
  ['{"a":{"b":[1,{"c":"cut he', { shape: 'json', json: { a: { b: [1, {}] } } }],
  ['{"a":1,"b":{"c":2,"d', { shape: 'json', json: { a: 1, b: { c: 2 } } }],
  ['{"a":1,"b":', { shape: 'json', json: { a: 1 } }],
  ['{"a":1 "b":2}', { shape: 'json', json: { a: 1 } }],
  ['{"a":"\\u00e9","b":bad}', { shape: 'json', json: { a: 'é' } }],
  ['{"__proto__":{"x":1},"a":1}', { shape: 'json', json: { a: 1 } }],
  ['{unquoted: 1}', { shape: 'text', json: null }],
  ['[INFO] started', { shape: 'text', json: null }],
  ['{', { shape: 'text', json: null }],
  ['col1,col2\n1,2', { shape: 'text', json: null }],
  [
    '<?xml version="1.0"?><a:bom xmlns:a="urn:x" b="1"><c>',
    { shape: 'xml', root: { name: 'bom', namespace: 'urn:x' } },
  ],
  ['<!DOCTYPE nmaprun>\n<!-- c --><nmaprun args="', { shape: 'text', json: null }],
  [
    '<!DOCTYPE nmaprun>\n<!-- c --><nmaprun args="">',
    { shape: 'xml', root: { name: 'nmaprun', namespace: '' } },
  ],
  [
    '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]><x>&a;</x>',
    { shape: 'xml', root: { name: 'x', namespace: '' } },
  ],
  ['< no xml', { shape: 'text', json: null }],
])('%s', (text, expected) => {
  expect(describe(text)).toEqual(expected);
});

test('nesting without end is cut at 64 levels', () => {
  const { json } = describeHead('deep', Buffer.from(`[1,${'['.repeat(100_000)}`));
  expect(JSON.stringify(json)).toBe(`[1,${'['.repeat(63)}${']'.repeat(63)}]`);
  expect(describe('<a>'.repeat(50_000))).toEqual({ shape: 'xml', root: { name: 'a', namespace: '' } });
});

test('whole values are read as JSON.parse reads them, and any cut of them gives a part and never throws', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 4 }),
      fc.nat(400),
      fc.integer({ min: 0, max: 2 }),
      (value, cut, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(describe(text).json).toEqual(
          JSON.parse(text, (key, each) => (key === '__proto__' ? undefined : each)),
        );
        expect(describe(Buffer.from(text).subarray(0, cut)).shape).toBeTypeOf('string');
      },
    ),
  );
});

test('no key reaches a prototype', () => {
  const { json } = describeHead('hostile', Buffer.from('{"__proto__":{"x":1},"a":1}'));
  expect(Object.getPrototypeOf(json)).toBe(Object.prototype);
});

test('bytes of any kind give a shape', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      (bytes) => void expect(describeHead('any', bytes).shape).toBeTypeOf('string'),
    ),
  );
});

test('only the head of an input is read', async () => {
  let opened = 0;
  const chunk = Buffer.from(`{"a":"${'x'.repeat(100_000)}","b`);
  const input = {
    name: 'endless.json',
    open: async function* () {
      for (opened = 0; ; opened++) yield chunk;
    },
  };
  const head = await readHead(input);
  expect({ shape: head.shape, keys: Object.keys(head.json as object), name: head.name }).toEqual({
    shape: 'json',
    keys: ['a'],
    name: 'endless.json',
  });
  expect(head.text.length).toBe(HEAD_BYTES);
  expect(opened).toBe(2);
});
