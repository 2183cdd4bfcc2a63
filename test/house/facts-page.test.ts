import { expect, test } from 'vitest';
import { factsPage } from '../../tools/facts-page.ts';
import { textOf } from './tree.ts';

test('the page of facts is what the shapes say', () => {
  expect(
    textOf('docs/reference/facts.md'),
    'Write it anew: node bin/launch.mjs --run tools/write-facts-page.ts',
  ).toBe(factsPage());
});
