import { expect, test } from 'vitest';
import { artifactName } from './artifact-name.ts';
import { distributionOf, distributionOfPackage, ratingProvider, systemPackageType } from './distribution.ts';
import { parsePackageUrl } from './package-url.ts';
import { scannedImage } from './scanned-image.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;

test('an image is named as it was asked for, with the digest of that registry', () => {
  expect(
    scannedImage({
      names: ['acme/web:1'],
      repoTags: ['acme/web:1', 'acme/web:latest'],
      repoDigests: [`other/web@${OTHER}`, `acme/web@${DIGEST}`],
      imageId: 'sha256:c',
      os: 'linux',
      architecture: 'arm',
      variant: 'v7',
    }),
  ).toEqual({
    kind: 'image',
    reference: 'acme/web:1',
    digest: DIGEST,
    imageId: 'sha256:c',
    tags: ['acme/web:1', 'acme/web:latest'],
    platform: 'linux/arm/v7',
    inRegistry: true,
  });
});

test.each([
  [
    'an archive by its smallest tag',
    { names: ['build/web.tar.gz'], repoTags: ['web:2', 'web:10'] },
    'web:10',
    undefined,
  ],
  [
    'an archive by the name in it',
    { names: ['/images/web.tar', 'ghcr.io/acme/web:1'], repoTags: ['a:1'] },
    'ghcr.io/acme/web:1',
    undefined,
  ],
  [
    'nothing asked by its registry name',
    { repoDigests: [`acme/web@${DIGEST}`] },
    `acme/web@${DIGEST}`,
    DIGEST,
  ],
  [
    'a reference with its own digest',
    { names: [`acme/web:1@${DIGEST}`], repoDigests: [`acme/web@${OTHER}`] },
    `acme/web:1@${DIGEST}`,
    DIGEST,
  ],
  ['an archive without names by its path', { names: ['web.tar'] }, 'web.tar', undefined],
  ['by its id', { imageId: 'sha256:c' }, 'sha256:c', undefined],
])('%s', (_what, scanned, reference, digest) => {
  expect(scannedImage(scanned)).toMatchObject({ reference });
  expect(scannedImage(scanned)?.digest).toBe(digest);
});

test('nothing is nothing; a registry digest that is none does not put an image into a registry', () => {
  expect(scannedImage({ names: [undefined], repoDigests: ['x@sha256:short'] })).toBe(null);
  expect(scannedImage({ names: ['x'], repoDigests: ['x@sha256:short'] })?.inRegistry).toBe(undefined);
});

test.each([
  ['.', null],
  ['./', null],
  ['', null],
  ['..', null],
  ['/', null],
  ['/src', null],
  ['/tmp/x/y', null],
  ['/private/var/folders/a/b', null],
  ['C:\\Users\\a\\AppData\\Local\\Temp\\x', null],
  ['/github/workspace', null],
  ['dir:.', null],
  [undefined, null],
  ['./services/cart/', 'services/cart'],
  ['services/cart', 'services/cart'],
  ['/srv/www/shop', '/srv/www/shop'],
  ['file:app.jar', 'app.jar'],
  ['Acme Shop', 'Acme Shop'],
])('files called %j are %j', (path, name) => {
  expect(artifactName(path)).toBe(name);
});

test('a distribution has one name, however it is spelled', () => {
  expect(
    [
      'rhel',
      'Red Hat Enterprise Linux',
      'amzn',
      'ol',
      'almalinux',
      'sles',
      'suse-cvrf',
      'cbl-mariner',
      'Debian',
      'unheard-of',
    ].map((each) => distributionOf(each, undefined)?.name),
  ).toEqual([
    'redhat',
    'redhat',
    'amazon',
    'oracle',
    'alma',
    'suse',
    'suse',
    'azurelinux',
    'debian',
    'unheard-of',
  ]);
  expect(distributionOf('rhel', '9.4')).toEqual({ name: 'redhat', release: 'redhat 9.4' });
  expect(distributionOf(undefined, '9')).toBe(null);
  expect(['debian', 'alpine', 'rocky', 'arch-linux', 'busybox'].map(systemPackageType)).toEqual([
    'deb',
    'apk',
    'rpm',
    'alpm',
    undefined,
  ]);
});

test.each([
  ['pkg:deb/ubuntu/curl@1?arch=amd64&distro=ubuntu-22.04', { name: 'ubuntu', release: 'ubuntu 22.04' }],
  ['pkg:deb/debian/apt@1?distro=bookworm', { name: 'debian', release: 'debian' }],
  ['pkg:rpm/rhel/nss@1', { name: 'redhat', release: 'redhat' }],
  ['pkg:npm/%40debian/x@1?distro=debian-11', null],
  ['pkg:deb/apt@1', null],
])('%s', (purl, expected) => {
  expect(distributionOfPackage(parsePackageUrl(purl))).toEqual(expected);
});

test.each([
  ['nvd', 'debian', 'nvd'],
  ['NVD', undefined, 'nvd'],
  ['ghsa', undefined, 'ghsa'],
  ['github', undefined, 'ghsa'],
  ['debian', 'debian', 'distribution:debian'],
  ['redhat', 'debian', 'distribution:redhat'],
  ['redhat', 'centos', 'distribution:centos'],
  ['oracle-oval', 'oracle', 'distribution:oracle'],
  ['bitnami', 'debian', 'scanner:tool'],
  ['SNYK', undefined, 'scanner:tool'],
])('a rating by %s of a package of %s is claimed by %s', (vendor, distribution, provider) => {
  expect(ratingProvider(vendor, distribution, 'tool')).toBe(provider);
});
