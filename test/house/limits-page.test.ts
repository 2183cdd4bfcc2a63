import { expect, test } from 'vitest';
import { INPUT_LIMITS, readLimits } from '../../src/domain/ports/input-limits.ts';
import { textOf } from './tree.ts';

const page = textOf('docs/reference/limits.md');

/** The table of the page, as the program has it. */
function limitTable(): string {
  const rows = Object.entries(INPUT_LIMITS).map(
    ([name, { usual, least, most, sentence }]) =>
      `| \`${name}\` | ${sentence} | ${number(usual)} | ${number(least)} to ${number(most)} |`,
  );
  return ['| name | is | usual | range |', '|---|---|---|---|', ...rows].join('\n');
}

function number(value: number): string {
  return value.toLocaleString('en');
}

test('the page of limits has the table of those that can be moved', () => {
  const table = /<!-- limits -->\n([\s\S]*?)<!-- \/limits -->/.exec(page)?.[1]?.trim();
  expect(table, 'Put this table between the marks of docs/reference/limits.md.').toBe(limitTable());
});

test('what the page shows can be set', () => {
  const shown = /SECURITY_INBOX_LIMITS='([^']+)'/.exec(page)?.[1] ?? '';
  expect(readLimits(shown)).toMatchObject({ 'upload-mb': 8_192, 'findings-of-a-report': 5_000_000 });
});
