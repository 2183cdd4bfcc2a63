import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeOfPackage, splitPackageName } from '#domain/package/package-name.ts';
import { parsePackageUrl } from './package-url.ts';

test.each([
  ['pkg:deb/debian/apt@1.8.2.3?arch=amd64&distro=debian-10', 'deb', undefined, 'apt', '1.8.2.3'],
  ['pkg:apk/alpine/libcrypto1.1@1.1.1c-r0?arch=x86_64', 'apk', undefined, 'libcrypto1.1', '1.1.1c-r0'],
  [
    'pkg:rpm/rhel/nss-softokn@3.79.0-17.el9_1?upstream=nss',
    'rpm',
    undefined,
    'nss-softokn',
    '3.79.0-17.el9_1',
  ],
  ['pkg:npm/%40babel/traverse@7.0.0', 'npm', '@babel', 'traverse', '7.0.0'],
  ['pkg:npm/@babel/traverse@7.0.0', 'npm', '@babel', 'traverse', '7.0.0'],
  [
    'pkg:maven/org.apache.logging.log4j/log4j-core@2.13.2?type=jar',
    'maven',
    'org.apache.logging.log4j',
    'log4j-core',
    '2.13.2',
  ],
  ['pkg:golang/github.com/acme/shop/v2@v2.0.1#cmd/web', 'golang', 'github.com/acme/shop', 'v2', 'v2.0.1'],
  ['pkg:golang/stdlib@1.21', 'golang', undefined, 'stdlib', '1.21'],
  ['pkg:PyPI/Django', 'pypi', undefined, 'Django', undefined],
  ['pkg://npm/left-pad@1', 'npm', undefined, 'left-pad', '1'],
  [
    'pkg:oci/ubuntu@sha256%3A6042?repository_url=index.docker.io%2Flibrary%2Fubuntu',
    'oci',
    undefined,
    'ubuntu',
    'sha256:6042',
  ],
  ['pkg:deb/debian/bad%zz@1', 'deb', undefined, 'bad%zz', '1'],
])('%s', (text, type, namespace, name, version) => {
  const purl = parsePackageUrl(text);
  expect(purl?.version).toBe(version);
  expect(purl === null ? null : placeOfPackage(purl)).toEqual({
    is: 'package',
    purlType: type,
    namespace,
    name,
  });
});

test.each([
  undefined,
  '',
  'pkg:',
  'pkg:npm',
  'pkg:npm/',
  'pkg:/x',
  'npm/left-pad',
  `pkg:npm/${'x'.repeat(3000)}`,
])('%s is none', (text) => {
  expect(parsePackageUrl(text)).toBe(null);
});

test('qualifiers are read by name', () => {
  expect([
    ...(parsePackageUrl('pkg:oci/a@1?arch=amd64&Repository_URL=x%2Fy&broken&=z')?.qualifiers ?? []),
  ]).toEqual([
    ['arch', 'amd64'],
    ['repository_url', 'x/y'],
  ]);
});

test.each([
  ['npm', '@shop/cart', '@shop', 'cart'],
  ['npm', 'cart', '', 'cart'],
  ['maven', 'org.example:core', 'org.example', 'core'],
  ['golang', 'github.com/acme/shop', 'github.com/acme', 'shop'],
  ['composer', 'acme/shop', 'acme', 'shop'],
  ['pypi', 'a/b', '', 'a/b'],
  ['npm', '/x', '', '/x'],
  ['npm', 'x/', '', 'x/'],
])('%s %s', (type, fullName, namespace, name) => {
  expect(splitPackageName(type, fullName)).toEqual({ type, namespace, name });
});

test('a package URL of any parts is split into them', () => {
  const part = fc
    .string({ minLength: 1, maxLength: 12 })
    .filter((text) => encodeURIComponent(text) !== '' && !/[\ud800-\udfff]/.test(text));
  fc.assert(
    fc.property(part, part, part, (namespace, name, version) => {
      const text = `pkg:generic/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
      expect(parsePackageUrl(text)).toMatchObject({ type: 'generic', namespace, name, version });
    }),
  );
});
