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
  ['brackets without end', `a: ${'['.repeat(100_000)}`, 'report_broken'],
  ['a file of many megabytes', `a: ${'x'.repeat(3 * 1024 * 1024)}`, 'too_large'],
])('%s', async (_title, text, code) => {
  await expect(read(text)).rejects.toMatchObject({ code });
});

test('blocks that nest without brackets end too', async () => {
  const deep = Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
  expect(await read(deep)).toEqual([{ fault: 'no object, or nested too deep' }]);
});
