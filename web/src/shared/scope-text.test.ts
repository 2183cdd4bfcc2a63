import { expect, it } from 'vitest';
import { scopeText } from './scope-text.ts';

it.each([
  [{}, 'the whole source'],
  [{ cluster: 'edge-eu', namespace: 'shop' }, 'cluster=edge-eu namespace=shop'],
])('%o is %s', (scope, text) => {
  expect(scopeText(scope)).toBe(text);
});
