import { expect, test } from 'vitest';
import { imageSource } from './image-source.ts';

const IMAGE = { kind: 'image', reference: 'registry.example.com/cart:1' } as const;
const SOURCE = 'org.opencontainers.image.source';

test.each([
  [{ [SOURCE]: ' https://github.com/acme/shop ' }, 'https://github.com/acme/shop'],
  [
    { [SOURCE]: 'https://github.com/acme/shop', 'org.opencontainers.image.vendor': 'x', env: 'prod' },
    'https://github.com/acme/shop',
  ],
  [{ [SOURCE]: ' ' }, undefined],
  [{ [SOURCE]: 7 }, undefined],
  [{ [SOURCE]: 'x'.repeat(501) }, undefined],
  [{ 'org.opencontainers.image.vendor': 'x' }, undefined],
  [undefined, undefined],
])('labels %j name the repository %s', (labels, source) => {
  const told = imageSource(IMAGE, labels);
  expect(told).toEqual(
    source === undefined
      ? null
      : { kind: 'resource', resource: IMAGE, type: 'image', name: '', tags: { [SOURCE]: source }, facts: {} },
  );
});

test('of what is no image nothing is told', () => {
  expect(
    imageSource({ kind: 'artifact', name: 'x' }, { [SOURCE]: 'https://github.com/acme/shop' }),
  ).toBeNull();
});
