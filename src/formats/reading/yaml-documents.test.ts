import { expect, test } from 'vitest';
import { readYamlDocuments } from './yaml-documents.ts';

function read(text: string) {
  return readYamlDocuments({
    name: 'catalog-info.yaml',
    open: async function* () {
      yield Buffer.from(text);
    },
  });
}

const MB = 1024 * 1024;

function inBrackets(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

test('several documents, one of them broken', async () => {
  expect(await read('a: 1\n---\nb: [1, }\n---\n# nothing\n---\n- list\n')).toEqual([
    { value: { a: 1 } },
    { fault: expect.any(String) },
    { fault: 'no object, or nested too deep' },
  ]);
});

test.each([
  ['a tag makes nothing', 'a: !!js/function "x"\n', { value: { a: 'x' } }],
  ['dates and words stay texts', 'a: 2020-01-01\nb: yes\n', { value: { a: '2020-01-01', b: 'yes' } }],
  ['an alias is what it names', 'a: &x [1]\nb: *x\n', { value: { a: [1], b: [1] } }],
])('%s', async (_title, text, expected) => {
  expect(await read(text)).toEqual([expected]);
});

test('a prototype is no member', async () => {
  await read('__proto__:\n  polluted: true\n');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('a thousand laughs are refused', async () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++) lines.push(`a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}*a${i - 1}]`);
  expect(await read(lines.join('\n'))).toEqual([{ fault: 'made of too many aliases' }]);
});

test.each([
  ['brackets without end', `a: ${'['.repeat(100_000)}`, 'report_too_deep'],
  ['65 levels of brackets', `[${inBrackets(64)}]`, 'report_too_deep'],
  ['a byte more than 2 MB', `a: ${'x'.repeat(2 * MB - 2)}`, 'too_large'],
  ['10,001 documents', 'a: 1\n---\n'.repeat(10_000), 'too_large'],
])('%s: refused', async (_title, text, code) => {
  await expect(read(text)).rejects.toMatchObject({ code });
});

test.each([
  ['64 levels of brackets', `{a: ${inBrackets(63)}}`, 1],
  ['2 MB', `a: ${'x'.repeat(2 * MB - 3)}`, 1],
  ['10,000 documents', `${'a: 1\n---\n'.repeat(9_999)}a: 1`, 10_000],
])('%s: read', async (_title, text, documents) => {
  const found = await read(text);
  expect([found.length, found.filter((each) => 'fault' in each)]).toEqual([documents, []]);
});

test.each([
  [64, false],
  [65, true],
  [400, true],
])('%i levels without brackets: too deep is %s', async (levels, isTooDeep) => {
  const deep = Array.from({ length: levels }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
  expect(await read(`${deep} 1`)).toEqual(
    isTooDeep ? [{ fault: 'no object, or nested too deep' }] : [{ value: expect.anything() }],
  );
});
