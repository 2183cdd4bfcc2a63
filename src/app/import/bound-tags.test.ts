import { expect, test } from 'vitest';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { boundTags } from './bound-tags.ts';

function withTags(count: number): ResourceObservation {
  return {
    kind: 'resource',
    resource: { kind: 'host', name: 'web' },
    type: 'host',
    name: 'web',
    facts: {},
    tags: Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v'])),
  };
}

test('a resource keeps 64 tags, and the report says which one had more', () => {
  const rejects: Parameters<typeof boundTags>[1] = [];
  const inside = withTags(64);
  expect(boundTags(inside, rejects)).toBe(inside);
  expect(boundTags({ ...inside, tags: undefined }, rejects).tags).toBeUndefined();
  expect(rejects).toEqual([]);
  expect(boundTags(withTags(65), rejects)).toEqual(inside);
  expect(rejects).toEqual([
    { at: 'web', code: 'too_large', message: 'The resource has 65 tags; the first 64 are kept.' },
  ]);
});
