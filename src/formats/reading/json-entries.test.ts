import { expect, test } from 'vitest';
import { jsonEntries } from './json-entries.ts';

async function read(text: string): Promise<readonly string[]> {
  const input = {
    name: 'log',
    open: async function* () {
      yield Buffer.from(text);
    },
  };
  const found: string[] = [];
  for await (const entry of jsonEntries(input, [], 'a line'))
    found.push(`${entry.at} ${entry.kind === 'entry' ? JSON.stringify(entry.value) : entry.code}`);
  return found;
}

test.each([
  ['in the middle of a value', '{"a":1}\n{"a":\n{"a":3}\n', ['[0] {"a":1}', '[1] not_json', '[2] {"a":3}']],
  [
    'in the middle of a text',
    '{"a":1}\n{"a":"x\n\n{"a":3}\n',
    ['[0] {"a":1}', '[1] not_json', '[2] {"a":3}'],
  ],
  ['with a bracket too many', '{"a":1}\n{"a":2}}\n{"a":3}\n', ['[0] {"a":1}', '[1] {"a":2}', '[2] {"a":3}']],
])('a line that ends %s is told, and the rest is read', async (_case, text, expected) => {
  expect(await read(text)).toEqual(expected);
});

test('a last line that is cut off breaks the report, after all before it', async () => {
  await expect(read('{"a":1}\n{"a":\n{"a":3}\n{"a"')).rejects.toMatchObject({ code: 'report_broken' });
});

test('objects that are printed over several lines are no lines', async () => {
  expect(await read('{\n"a":1\n}\n{\n"a":2\n}\n')).toEqual(['[0] {"a":1}', '[1] {"a":2}']);
  await expect(read('{\n"a":1\n}\n{\n"a":\n}\n{"a":3}\n{')).rejects.toMatchObject({ code: 'report_broken' });
});
