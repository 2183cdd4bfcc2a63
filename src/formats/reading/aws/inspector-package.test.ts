import { expect, test } from 'vitest';
import { inspectorDistribution, inspectorPackage } from './inspector-package.ts';

test.each([
  ['krb5', undefined, 'ALPINE_LINUX_3_9', true, { type: 'apk', namespace: '', name: 'krb5', isSystem: true }],
  ['kernel', 'OS', 'AMAZON_LINUX_2', true, { type: 'rpm', namespace: '', name: 'kernel', isSystem: true }],
  ['openssl', 'OS', 'UBUNTU_20_04', false, { type: 'deb', namespace: '', name: 'openssl', isSystem: true }],
  ['kb', 'OS', 'WINDOWS_SERVER_2019', false, { type: 'generic', namespace: '', name: 'kb', isSystem: true }],
  [
    'org.eclipse.jetty:jetty-util',
    'JAR',
    'UBUNTU_20_04',
    false,
    { type: 'maven', namespace: 'org.eclipse.jetty', name: 'jetty-util', isSystem: false },
  ],
  [
    '@babel/core',
    'npm',
    undefined,
    false,
    { type: 'npm', namespace: '@babel', name: 'core', isSystem: false },
  ],
  [
    'requests',
    'PYTHONPKG',
    undefined,
    false,
    { type: 'pypi', namespace: '', name: 'requests', isSystem: false },
  ],
  [
    'thing',
    'NEWMANAGER',
    'UBUNTU_20_04',
    false,
    { type: 'generic', namespace: '', name: 'thing', isSystem: false },
  ],
])('%s of %s on %s', (name, manager, platform, hasRelease, expected) => {
  expect(inspectorPackage(name, manager, platform, hasRelease)).toEqual(expected);
});

test.each([
  ['ALPINE_LINUX_3_17', 'alpine 3.17'],
  ['AMAZON_LINUX_2', 'amazon 2'],
  ['UBUNTU_20_04', 'ubuntu 20.04'],
  ['DEBIAN_11', 'debian 11'],
  ['WINDOWS_SERVER_2019', undefined],
  ['UNKNOWN', undefined],
  [undefined, undefined],
])('the platform %s is %s', (platform, distribution) => {
  expect(inspectorDistribution(platform)).toBe(distribution);
});
