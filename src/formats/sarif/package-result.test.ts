import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { readPackageResult } from './package-result.ts';
import { NOWHERE } from './result-place.ts';
import { type Rule, readRule } from './sarif-rule.ts';

function read(options: {
  check?: string;
  result?: JsonObject;
  help?: string;
  purls?: string[];
  message?: string;
  path?: string;
  logicalName?: string;
  aliases?: string[];
}) {
  const rule = readRule({
    id: 'r',
    help: { text: options.help ?? null },
    deprecatedIds: options.aliases ?? [],
    properties: { purls: options.purls ?? [] },
  }) as Rule;
  return readPackageResult(
    options.result ?? {},
    options.check ?? 'CVE-2024-0001',
    rule,
    options.message,
    { ...NOWHERE, path: options.path ?? '', logicalName: options.logicalName },
    'library',
  );
}

test('Grype: lines of the help', () => {
  const help =
    'Vulnerability GHSA-9pgh-qqpf-7wqj\nSeverity: Low\nPackage: org.acme:lib\nVersion: 1.1\nFix Version: 1.2\nType: java-archive\nLocation: a.jar';
  expect(read({ check: 'GHSA-9pgh-qqpf-7wqj-lib', help })).toEqual({
    advisory: 'GHSA-9pgh-qqpf-7wqj',
    aliases: [],
    place: { is: 'package', purlType: 'maven', namespace: 'org.acme', name: 'lib' },
    nature: 'library',
    version: '1.1',
    fixedIn: '1.2',
    word: 'low',
  });
});

test('Trivy: lines of the message before the help, which is of another package of the same rule', () => {
  const found = read({
    message: 'Package: libssl1.1\nInstalled Version: 1.1.1c-r0\nFixed Version: \nSeverity: MEDIUM',
    help: 'Package: libcrypto1.1\nFixed Version: 9',
  });
  expect(found).toMatchObject({
    place: { name: 'libssl1.1', purlType: 'generic' },
    version: '1.1.1c-r0',
    fixedIn: undefined,
    word: 'medium',
  });
});

test.each([
  [
    'a purl of the rule',
    { purls: ['pkg:deb/debian/openssl@1.1?arch=amd64'] },
    { is: 'package', purlType: 'deb', namespace: undefined, name: 'openssl' },
  ],
  [
    'a purl as logical location',
    { logicalName: 'pkg:npm/%40acme/lib@1.0' },
    { is: 'package', purlType: 'npm', namespace: '@acme', name: 'lib' },
  ],
  [
    'name and version as logical location',
    { logicalName: '@acme/lib@1.0', path: 'web/package-lock.json' },
    { is: 'package', purlType: 'npm', namespace: '@acme', name: 'lib' },
  ],
  [
    'a lock file that is not known',
    { logicalName: 'lib@1.0', path: 'deps.weird' },
    { is: 'package', purlType: 'generic', namespace: undefined, name: 'lib' },
  ],
  ['nothing', { message: 'Something is vulnerable.' }, { is: 'none' }],
])('the package from %s', (_, options, place) => {
  expect(read(options).place).toEqual(place);
});

test('a package of an operating system is infrastructure, whatever the rule says', () => {
  expect(read({ purls: ['pkg:apk/alpine/openssl@3'] }).nature).toBe('os-package');
});

test('other ids of the rule are aliases only where they are advisories', () => {
  expect(read({ aliases: ['GHSA-9pgh-qqpf-7wqj', 'old name'] }).aliases).toEqual(['GHSA-9pgh-qqpf-7wqj']);
});
