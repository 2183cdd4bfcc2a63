import { expect, test } from 'vitest';
import { onDockerHub, parseImageName, runtimeReference } from './image-name.ts';

const HEX = 'ab'.repeat(32);
const DIGEST = `sha256:${HEX}`;

/** What stands in fingerprints of images: a change here moves everybody's data. */
test.each<[string, string | null, string, string | null, string | null]>([
  ['redis', null, 'redis', null, null],
  ['redis:7', null, 'redis', '7', null],
  ['acme/Shop:V1', null, 'acme/shop', 'V1', null],
  ['redis:', null, 'redis', null, null],
  [`redis@${DIGEST}`, null, 'redis', null, DIGEST],
  [`redis:7@SHA256:${HEX.toUpperCase()}`, null, 'redis', '7', DIGEST],
  ['redis:7@sha256:short', null, 'redis', '7', null],
  ['Registry.Example.com/Shop/Cart:1.0', 'registry.example.com', 'shop/cart', '1.0', null],
  ['registry.example.com:5000/cart', 'registry.example.com:5000', 'cart', null, null],
  ['registry:5000/cart:1', 'registry:5000', 'cart', '1', null],
  ['localhost/cart:1', 'localhost', 'cart', '1', null],
  ['locals/cart:1', null, 'locals/cart', '1', null],
  ['docker.io/redis:7', 'docker.io', 'library/redis', '7', null],
  ['docker.io/acme/shop:7', 'docker.io', 'acme/shop', '7', null],
  ['index.docker.io/redis', 'docker.io', 'library/redis', null, null],
  ['registry-1.docker.io/redis', 'docker.io', 'library/redis', null, null],
  ['registry.hub.docker.com/redis', 'docker.io', 'library/redis', null, null],
  ['hub.docker.com/redis', 'docker.io', 'library/redis', null, null],
  ['  redis:7\n', null, 'redis', '7', null],
  ['docker-pullable://redis:7', null, 'redis', '7', null],
  ['docker://redis:7', null, 'redis', '7', null],
  ['containerd://redis:7', null, 'redis', '7', null],
  ['cri-o://redis:7', null, 'redis', '7', null],
  ['oci:redis:7', null, 'redis', '7', null],
  ['docker-archive:redis:7', null, 'redis', '7', null],
  [
    'arn:aws:ecr:eu-west-1:123456789012:repository/Shop/cart',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    'Shop/cart',
    null,
    null,
  ],
  [
    `arn:aws:ecr:eu-west-1:123456789012:repository/cart/SHA256:${HEX.toUpperCase()}`,
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    'cart',
    null,
    DIGEST,
  ],
  [
    'arn:aws-cn:ecr:cn-north-1:123456789012:repository/cart',
    '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
    'cart',
    null,
    null,
  ],
  [`${'a'.repeat(1_000)}`, null, 'a'.repeat(1_000), null, null],
])('%s is of the registry %s: %s, tag %s, digest %s', (reference, registry, repository, tag, digest) => {
  expect(parseImageName(reference)).toEqual({ registry, repository, tag, digest });
});

test.each([
  ['nothing', ''],
  ['spaces', ' \n'],
  ['a text of several words', 'two words'],
  ['more than a thousand characters', 'a'.repeat(1_001)],
  ['a digest alone', DIGEST],
  ['a digest of nothing', `@${DIGEST}`],
  ['a registry alone', 'registry.example.com/'],
  ['a tag alone', ':7'],
])('%s is no image', (_, reference) => {
  expect(parseImageName(reference)).toBeNull();
  expect(runtimeReference(reference)).toBe('');
});

test.each([
  ['redis:7', 'docker.io/library/redis:7'],
  ['acme/shop:1', 'docker.io/acme/shop:1'],
  ['registry.example.com/shop:1', 'registry.example.com/shop:1'],
  ['index.docker.io/redis:7', 'docker.io/library/redis:7'],
  ['redis', 'docker.io/library/redis:latest'],
  ['registry.example.com:5000/cart', 'registry.example.com:5000/cart:latest'],
  [`redis@${DIGEST}`, ''],
])('a runtime pulls %s as %s', (reference, pulled) => {
  expect(runtimeReference(reference)).toBe(pulled);
});

test('a name of one part is in the library of Docker Hub', () => {
  expect(['redis', 'acme/shop'].map(onDockerHub)).toEqual(['library/redis', 'acme/shop']);
});
