import { expect, it } from 'vitest';
import { someIssue } from '../features/list/issue-row.test-sample.ts';
import { listLines } from '../features/list/list-lines.ts';
import { panelPlace } from './panel-place.ts';

const muted = someIssue('muted', { muted: true });
const last = someIssue('last', { admittedBy: [] });
const lines = listLines([someIssue('a'), someIssue('b'), muted, someIssue('c')], {
  everything: [last],
  count: 1,
});

it.each([
  ['a', '1 of 1,200', 'b'],
  ['b', '2 of 1,200', undefined],
  ['muted', null, undefined],
  ['c', '3 of 1,200', undefined],
  ['last', '4 of 1,200', undefined],
  ['elsewhere', null, undefined],
  [null, null, undefined],
])('the panel of %s says %s and compares with %s', (opened, text, below) => {
  const place = panelPlace(lines, opened, 1200);
  expect(place.text).toBe(text);
  expect(place.below?.issue.id).toBe(below);
});
