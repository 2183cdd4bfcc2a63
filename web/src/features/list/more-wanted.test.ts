import { expect, test } from 'vitest';
import { PAGE_SIZE } from '../../shared/inbox-parameters.ts';
import { isMoreWanted } from './more-wanted.ts';

/** Rows that the tallest window draws of the first page, those beyond its edge among them. */
const DRAWN = 70;

test('the first page is all that is asked for until somebody scrolls', () => {
  expect(isMoreWanted(PAGE_SIZE - DRAWN, false)).toBe(false);
  expect(isMoreWanted(PAGE_SIZE - DRAWN, true)).toBe(true);
});

test('a wheel that passes three rows a picture does not come to the end while pages take a third of a second', () => {
  const perTenth = 18;
  let [loaded, drawn, asked] = [PAGE_SIZE * 3, 30, Number.NaN];
  for (let tenth = 0; tenth < 600; tenth++) {
    if (tenth - asked >= 3) [loaded, asked] = [loaded + 2 * PAGE_SIZE, Number.NaN];
    expect(loaded).toBeGreaterThan(drawn);
    if (Number.isNaN(asked) && isMoreWanted(loaded - drawn, true)) asked = tenth;
    drawn += perTenth;
  }
});
