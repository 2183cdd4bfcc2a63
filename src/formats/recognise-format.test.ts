import { expect, test } from 'vitest';
import type { KeptMapping } from '#domain/ports/mapping-store.ts';
import { openBytes } from './reading/open-input.ts';
import { checkMapping, recogniseFormat } from './recognise-format.ts';

const kept = (name: string, text: string): KeptMapping => ({ name, text, actor: 'ann', at: 0 });
const mapping = (tool: string, when: string, more = '') =>
  `tool: ${tool}\nwhen: ${when}\n${more}fields: { title: message }\n`;
const ACME = kept('acme', mapping('Acme', '[message, at.file]'));

async function title(text: string, mappings: readonly KeptMapping[], said: string | null = null) {
  for await (const input of openBytes(Buffer.from(text), 'report'))
    return (await recogniseFormat(input, null, said, mappings)).title;
  throw new Error('nothing was opened');
}

test.each([
  ['an array', '[{"message":"x","at":{"file":"a"}}]', ACME],
  ['one object', '{"message":"x","at":{"file":null}}', ACME],
  ['lines', '{"message":"x","at":{"file":"a"}}\n{"message":"y"}\n', ACME],
  ['a table', 'Message;Where;What\nx;y;z\n', kept('t', mapping('Acme', '[Where, Message]'))],
  [
    'entries by a path',
    '{"runs":[{"issues":[{"message":"x"}]}]}',
    kept('p', mapping('Acme', 'message', 'entries: runs.*.issues.*\n')),
  ],
])(
  'a file that no format knows is read by the kept mapping that it fits: %s',
  async (_name, text, fitting) => {
    const others = [
      kept('other', mapping('Other', 'nowhere')),
      kept('silent', 'tool: S\nfields: {title: message}'),
    ];
    expect(await title(text, [...others, fitting])).toBe('Mapped reports of Acme');
    await expect(title(text, others)).rejects.toMatchObject({ code: 'format_unknown' });
  },
);

test.each([
  ['a member is missing', '[{"message":"x","at":{"path":"a"}}]'],
  ['there is no entry', '[]'],
  ['it is XML', '<message/>'],
])('a mapping does not fit where %s', async (_name, text) => {
  await expect(title(text, [ACME])).rejects.toMatchObject({ code: 'format_unknown' });
});

test('what a format knows is read by it, whatever is kept', async () => {
  const greedy = kept('greedy', mapping('Greedy', '[findings]'));
  expect(await title('{"findings":[{"title":"x","severity":"High"}]}', [greedy])).toContain('Generic');
});

test('two that fit are told by name, and one that is said is the one', async () => {
  const second = kept('beta', mapping('Beta', 'message'));
  const text = '[{"message":"x","at":{"file":"a"}}]';
  await expect(title(text, [ACME, second])).rejects.toMatchObject({
    code: 'format_ambiguous',
    message: expect.stringMatching(/^The file fits the mappings acme and beta\. Say which with --mapping/),
  });
  expect(await title(text, [ACME, second], second.text)).toBe('Mapped reports of Beta');
});

test('what a mapping is for is told, and a mistake in it with its place', () => {
  expect(checkMapping(ACME.text)).toEqual({ tool: 'Acme', when: ['message', 'at.file'] });
  expect(() => checkMapping('tool: x')).toThrow('The mapping, line 1, column 1: fields is missing.');
});
