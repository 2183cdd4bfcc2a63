import { expect, test } from 'vitest';
import { FORMATS } from '../../src/formats/formats.ts';
import { formatsPage } from '../../tools/formats-page.ts';
import { textOf } from './tree.ts';

const page = textOf('docs/reference/formats.md');

test('the page of formats is what the list says', () => {
  expect(page, 'Write it anew: node bin/launch.mjs --run tools/write-formats-page.ts').toBe(formatsPage());
});

test('the page names every format once, with the command that makes its report', () => {
  const named = [...page.matchAll(/^\| \[`([\w-]+)`\].* \| (.+) \|$/gm)];
  expect(named.map(([, id]) => id)).toEqual(FORMATS.map(({ id }) => id));
  expect(named.filter(([, , command]) => command?.trim() === '')).toEqual([]);
});
