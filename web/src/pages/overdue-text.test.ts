import { expect, test } from 'vitest';
import { overdueText } from './overdue-text.ts';

const source = (name: string, overdue = true, retired = false) => ({ name, overdue, retired });

test.each([
  [[], null],
  [[source('fresh', false), source('gone', true, true)], null],
  [[source('fresh', false), source('nightly')], 'No report of nightly for longer than expected.'],
  [[source('a'), source('b')], 'No report of a and 1 other source for longer than expected.'],
  [[source('a'), source('b'), source('c')], 'No report of a and 2 other sources for longer than expected.'],
])('%j: %s', (sources, text) => {
  expect(overdueText(sources)).toBe(text);
});
