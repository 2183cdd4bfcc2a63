import { describe, expect, test } from 'vitest';
import { type SpokenOf, type VexStatement, vexWord } from './vex.ts';

const finding: SpokenOf = {
  place: 'npm/lodash',
  resourceKey: 'image:registry.example.com/shop',
  resourceName: 'registry.example.com/shop',
  references: ['registry.example.com/shop:1.0'],
  versions: ['4.17.20'],
  digests: ['sha256:aa'],
};
const said = (more: Partial<VexStatement>): VexStatement => ({
  advisory: 'CVE-2026-1',
  product: 'pkg:npm/lodash@4.17.20',
  within: null,
  status: 'not_affected',
  justification: 'vulnerable_code_not_present',
  statement: null,
  statedAt: 5,
  source: 'vendor',
  ...more,
});

describe('a statement is about a finding', () => {
  test.each<[string, Partial<VexStatement>, boolean]>([
    ['of the component in the version that was seen', {}, true],
    ['of the component in any version', { product: 'pkg:npm/lodash' }, true],
    ['of another version', { product: 'pkg:npm/lodash@4.17.21' }, false],
    ['of another component', { product: 'pkg:npm/lodash-es@4.17.20' }, false],
    ['of another ecosystem', { product: 'pkg:pypi/lodash@4.17.20' }, false],
    ['of the image whatever its tag', { product: 'registry.example.com/shop' }, true],
    ['of the image by its name', { product: 'registry.example.com/shop:1.0' }, true],
    ['of the image by a purl', { product: 'pkg:oci/shop?repository_url=registry.example.com/shop' }, true],
    [
      'of the image in its digest',
      { product: 'pkg:oci/shop@sha256%3Aaa?repository_url=registry.example.com/shop' },
      true,
    ],
    [
      'of the image in another digest',
      { product: 'pkg:oci/shop@sha256%3Abb?repository_url=registry.example.com/shop' },
      false,
    ],
    [
      'of an image that ends alike',
      { product: 'pkg:oci/hop?repository_url=registry.example.com/hop' },
      false,
    ],
    ['of the component in the image', { within: 'registry.example.com/shop:1.0' }, true],
    ['of the component in another image', { within: 'registry.example.com/cart:1.0' }, false],
    ['of a text that is no purl', { product: 'pkg:' }, false],
    ['of a purl with a broken sign', { product: 'pkg:npm/lo%dash' }, false],
  ])('%s', (_, more, is) => {
    expect(vexWord([said(more)], finding) !== null).toBe(is);
  });

  test('of a package of a distribution, whose name is no part of the place', () => {
    const ofSystem = { ...finding, place: 'deb/openssl', versions: ['1.0'] };
    const product = 'pkg:deb/debian/openssl@1.0?arch=amd64&distro=debian-12';
    expect(vexWord([said({ product })], ofSystem)).not.toBeNull();
    expect(vexWord([said({ product: 'pkg:npm/debian/openssl@1.0' })], ofSystem)).toBeNull();
  });

  test('but for a version that nobody saw', () => {
    expect(vexWord([said({})], { ...finding, versions: [] })).toBeNull();
    expect(vexWord([said({})], { ...finding, versions: ['4.17.20', '4.17.21'] })).toBeNull();
  });

  test('and the latest counts, of equally old ones that it is affected', () => {
    const older = said({ status: 'affected', statedAt: 4 });
    const same = said({ status: 'under_investigation', source: 'z' });
    expect(vexWord([older, said({})], finding)?.status).toBe('not_affected');
    expect(vexWord([said({}), same, older], finding)?.status).toBe('under_investigation');
    expect(vexWord([], finding)).toBeNull();
  });
});
