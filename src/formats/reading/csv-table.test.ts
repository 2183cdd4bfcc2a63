import { expect, test } from 'vitest';
import type { ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { csvTable, readTable } from './csv-table.ts';
import { describeHead } from './describe-head.ts';
import { openBytes } from './open-input.ts';

const KNOWN = [['Title', 'Severity'], ['Name']];

async function read(text: string | Buffer): Promise<ReportItem[]> {
  const bytes = Buffer.from(text as string);
  const input: ReportInput = {
    name: 'table.csv',
    open: async function* () {
      for await (const each of openBytes(bytes, 'table.csv')) yield* each.open();
    },
  };
  const items: ReportItem[] = [];
  for await (const item of readTable(input, KNOWN, 'a row', (row) => {
    const title = row.text('Title', 'Name');
    if (title === undefined) return 'a Title was expected';
    return [{ kind: 'coverage', cover: `${title}|${row.text('Severity') ?? '-'}` }];
  }))
    items.push(item);
  return items;
}

function told(items: readonly ReportItem[]): readonly string[] {
  return items.map((item) => {
    if (item.kind === 'reject') return `${item.at}: ${item.message}`;
    const [first] = item.kind === 'record' ? item.observations : [];
    return first?.kind === 'coverage' ? (first.cover ?? '') : 'nothing';
  });
}

test.each([
  ['commas', 'Title,Severity\na,low\n', ['a|low']],
  ['semicolons, a byte order mark and CRLF', '\ufeffTitle;Severity\r\na;low\r\n', ['a|low']],
  ['tabs', 'Title\tSeverity\na\tlow\n', ['a|low']],
  ['the other way to know it', 'Name\na\n', ['a|-']],
  ['rows above the names', '"Report","today"\n"x"\n\nTitle,Severity\na,low\n', ['a|low']],
  ['a cell of two lines with a quote in it', 'Title,Severity\n"a ""b""\nc",low\n', ['a "b"\nc|low']],
  ['a quote in the middle of a cell', 'Title,Severity\nthe "root" one,low\n', ['the "root" one|low']],
  ['of two columns of one name the first', 'Title,Severity,Severity\na,low,high\n', ['a|low']],
  ['fewer and more cells than columns', 'Title,Severity\na\nb,low,more\n', ['a|-', 'b|low']],
  ['an empty row', 'Title,Severity\n,\na,low\n', ['nothing', 'a|low']],
  [
    'a row that lacks what it needs',
    'Title,Severity\n,low\na,low\n',
    ['row 2: As a row a Title was expected.', 'a|low'],
  ],
  [
    'a cell that is too large',
    `Title,Severity\n${'x'.repeat(1024 * 1024 + 1)},low\na,low\n`,
    ['row 2: Expected a row, found a cell that is larger than 1 MB.', 'a|low'],
  ],
  ['names that reach a prototype', '__proto__,Title,Severity\nx,a,low\n', ['a|low']],
])('%s', async (_name, text, expected) => {
  expect(told(await read(text))).toEqual(expected);
});

test.each([
  ['other columns', 'a,b\n1,2\n', 'report_broken', /names of the columns: Title, Severity/],
  [
    'a quote that is never closed',
    'Title,Severity\nok,low\n"open,low\nnext,low\n',
    'report_broken',
    /at row 3: a cell of it opens with a quote that is never closed\. Double the quotes/,
  ],
  ['1,001 columns', `Title,Severity${',x'.repeat(999)}\n`, 'too_large', /1,000 columns/],
])('refused: %s', async (_name, text, code, message) => {
  await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('what came before the break is delivered', async () => {
  const seen: ReportItem[] = [];
  const bytes = Buffer.from('Title,Severity\nok,low\n"open,low\nnext,low\n');
  const input = {
    name: 'x',
    open: async function* () {
      yield bytes;
    },
  };
  const reading = (async () => {
    for await (const item of readTable(input, KNOWN, 'a row', () => [])) seen.push(item);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'report_broken' });
  expect(seen.map((item) => (item.kind === 'record' ? item.at : item.kind))).toEqual(['row 2']);
});

test('1,000 columns are read', async () => {
  expect(told(await read(`Title,Severity${',x'.repeat(998)}\na,low\n`))).toEqual(['a|low']);
});

test('a cell of 1 MB is read; of one more its row is told, and the next one is read', async () => {
  const cell = (length: number) => 'x'.repeat(length);
  expect(told(await read(`Title,Severity\na,${cell(1024 ** 2)}\n`))).toEqual([`a|${cell(1024 ** 2)}`]);
  expect(told(await read(`Title,Severity\na,${cell(1024 ** 2 + 1)}\nb,low\n`))).toEqual([
    'row 2: Expected a row, found a cell that is larger than 1 MB.',
    'b|low',
  ]);
});

test('as many rows as are allowed are read, and one more is refused behind them', async () => {
  const rows = async (max: number) => {
    let read = 0;
    for await (const input of openBytes(Buffer.from('Title,Severity\na,low\nb,low\n'), 'table.csv'))
      for await (const item of readTable(input, KNOWN, 'a row', () => [], max))
        read += item.kind === 'record' ? 1 : 0;
    return read;
  };
  expect(await rows(3)).toBe(2);
  await expect(rows(2)).rejects.toMatchObject({
    code: 'too_large',
    message: expect.stringMatching(/more than 2 rows/),
  });
});

test.each([
  ['JSON', '{"Title":"Severity"}', null],
  ['XML', '<Title/>', null],
  ['a first name in quotes is no JSON', '"Title","Severity"\n', 0],
  ['a number in a row above is no JSON', '1,2\nTitle,Severity\n', 1],
])('detected: %s', (_name, text, above) => {
  expect(csvTable(describeHead('x', Buffer.from(text)), KNOWN)?.above ?? null).toBe(above);
});
