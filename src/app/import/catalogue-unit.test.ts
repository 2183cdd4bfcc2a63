import { expect, test } from 'vitest';
import { catalogueUnit } from './catalogue-unit.ts';

test.each([
  ['catalog-info.yaml', null, 'catalog-info.yaml'],
  ['./shop/catalog-info.yaml', null, 'shop/catalog-info.yaml'],
  ['/builds/4711/shop/catalog-info.yaml', null, 'catalog-info.yaml'],
  ['/builds/4711/shop/catalog-info.yaml', '/builds/4711', 'shop/catalog-info.yaml'],
  ['/elsewhere/catalog-info.yaml', '/builds/4711', 'catalog-info.yaml'],
  ['../other/catalog-info.yaml', null, 'catalog-info.yaml'],
  ['all.zip!shop/catalog-info.yaml', null, 'shop/catalog-info.yaml'],
])('%s below %s', (name, root, unit) => {
  expect(catalogueUnit(name, root)).toBe(unit);
});
