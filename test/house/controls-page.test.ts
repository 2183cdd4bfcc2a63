import { expect, test } from 'vitest';
import { CONTROLS } from '../../src/domain/control/control-catalogue.ts';
import { controlsPage } from '../../tools/controls-page.ts';
import { textOf } from './tree.ts';

const page = textOf('docs/reference/controls.md');

test('the page of controls is what the catalogue says', () => {
  expect(page, 'Write it anew: node bin/launch.mjs --run tools/write-controls-page.ts').toBe(controlsPage());
});

test('the page names every control once', () => {
  const named = [...page.matchAll(/^#### `([\w.-]+)` /gm)].map(([, id]) => id);
  expect(named.toSorted()).toEqual(CONTROLS.map(({ id }) => id).toSorted());
});
