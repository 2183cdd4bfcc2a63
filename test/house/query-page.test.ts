import { expect, test } from 'vitest';
import { parseCondition, parseQuery } from '../../src/domain/query/parse-query.ts';
import { QUERY_FIELDS, type QueryField, RULE_FIELDS } from '../../src/domain/query/query-fields.ts';
import { textOf } from './tree.ts';

const page = textOf('docs/reference/query-language.md');

/** The table of the page, as the catalogue has it. */
function fieldTable(fields: readonly QueryField[]): string {
  return ['| field | takes | is | example |', '|---|---|---|---|', ...fields.map(row)].join('\n');
}

function row({ name, aliases, kind, values, shortValues, of, sentence, example }: QueryField): string {
  const names = [name, ...aliases].map((each) => `\`${each}\``).join(', ');
  const short = Object.keys(shortValues).filter((word) => !['true', 'false'].includes(word));
  const words = [...values, ...short].map((word) => `\`${word}\``).join(', ');
  const takes = kind === 'choice' ? words : kind;
  const whose = of === 'findings' ? ' (Of findings.)' : '';
  return `| ${names} | ${takes} | ${sentence}${whose} | \`${example.replace('|', '\\|')}\` |`;
}

test.each([
  ['fields', QUERY_FIELDS],
  ['rule fields', RULE_FIELDS],
])('the page of the query language has the table of its %s', (mark, fields) => {
  const table = new RegExp(`<!-- ${mark} -->\n([\\s\\S]*?)<!-- /${mark} -->`).exec(page)?.[1]?.trim();
  expect(table, 'Put this table between the marks of docs/reference/query-language.md.').toBe(
    fieldTable(fields),
  );
});

test('every query of the page and of the catalogue can be read', () => {
  const shown = /```text\n([\s\S]*?)```/.exec(page)?.[1]?.trim().split('\n') ?? [];
  expect(shown.length).toBeGreaterThan(3);
  for (const query of [...shown, ...QUERY_FIELDS.map((field) => field.example)])
    expect(() => parseQuery(query), query).not.toThrow();
  for (const { example } of RULE_FIELDS) {
    expect(() => parseCondition(example, () => null), example).not.toThrow();
    expect(() => parseQuery(example), example).toThrow('asked for by rules only');
  }
});

test('the limits that the page tells are those that hold', () => {
  const told =
    /^([\d,]+) characters, (\d+) words and values, (\d+) levels of brackets and (\d+) of NOT, (\d+) values of fields of findings\./m.exec(
      page,
    );
  const [characters = 0, words = 0, brackets = 0, denials = 0, onFindings = 0] = (told ?? [])
    .slice(1)
    .map((text) => Number(text.replace(',', '')));
  const asked: readonly (readonly [(count: number) => string, number])[] = [
    [(count) => 'x'.repeat(count), characters],
    [(count) => 'a '.repeat(count), words],
    [(count) => `${'('.repeat(count)}a${')'.repeat(count)}`, brackets],
    [(count) => `${'-'.repeat(count)}a`, denials],
    [(count) => 'tool:a '.repeat(count), onFindings],
  ];
  for (const [query, most] of asked) {
    expect(() => parseQuery(query(most)), query(most)).not.toThrow();
    expect(() => parseQuery(query(most + 1))).toThrow('at most');
  }
});
