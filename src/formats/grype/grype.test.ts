import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { describeHead } from '../reading/describe-head.ts';
import { grype } from './grype.ts';
import { describeScan } from './grype-scan.ts';
import { mapMatch } from './map-match.ts';

const SCAN = describeScan({
  source: { type: 'directory', target: 'services/cart' },
  distro: { name: 'debian', version: '12' },
  descriptor: { name: 'grype' },
});

function match(
  vulnerability: JsonObject,
  artifact: JsonObject = {},
  related: JsonObject[] = [],
  scan = SCAN,
) {
  const findings = mapMatch(
    {
      vulnerability: { id: 'CVE-2025-0001', ...vulnerability },
      artifact: { name: 'bash', type: 'deb', ...artifact },
      relatedVulnerabilities: related,
    },
    scan,
  );
  if (typeof findings === 'string') throw new Error(findings);
  return findings;
}

test.each([
  ['Critical', 'critical'],
  ['Negligible', 'low'],
  ['Unknown', null],
  ['', null],
  [null, null],
  [['High'], null],
])('severity %j is %j', (word, severity) => {
  expect(match({ severity: word as string })[0]?.severity).toBe(severity);
});

test.each([
  [{ versions: ['1', '2'], state: 'fixed' }, '1, 2', true],
  [{ versions: [], state: 'wont-fix' }, undefined, false],
  [{ state: 'fixed' }, undefined, false],
  [null, undefined, false],
  ['fixed', undefined, false],
])('fix %j', (fix, text, fixable) => {
  expect(match({ fix: fix as JsonObject })[0]).toMatchObject({ fixable });
  expect(match({ fix: fix as JsonObject })[0]?.fix).toBe(text);
});

test.each([
  [
    { purl: 'pkg:deb/debian/libc6@2?arch=amd64' },
    'infrastructure_vulnerability',
    { is: 'package', purlType: 'deb', name: 'libc6' },
    'debian 12',
  ],
  [
    { type: 'npm', name: '@shop/cart' },
    'library_vulnerability',
    { is: 'package', purlType: 'npm', namespace: '@shop', name: 'cart' },
    undefined,
  ],
  [
    { type: 'go-module', name: 'github.com/acme/shop', language: 'go' },
    'library_vulnerability',
    { is: 'package', purlType: 'golang', namespace: 'github.com/acme', name: 'shop' },
    undefined,
  ],
  [
    { type: 'binary', purl: 'pkg:generic/busybox@1.32', language: '' },
    'infrastructure_vulnerability',
    { is: 'package', purlType: 'generic', name: 'busybox' },
    undefined,
  ],
  [
    { type: 'python', purl: 'pkg:pypi/redis@4', language: 'python' },
    'library_vulnerability',
    { is: 'package', purlType: 'pypi', name: 'redis' },
    undefined,
  ],
] as const)('package %j', (artifact, type, place, distribution) => {
  expect(match({}, artifact)[0]).toMatchObject({ type, place });
  expect(match({}, artifact)[0]?.distribution).toBe(distribution);
});

test('an id of GitHub meets its CVE; a bulletin gives one finding for each CVE, each with its own ratings', () => {
  const rated = (id: string, vector: string) => ({
    id,
    namespace: 'nvd:cpe',
    cvss: [{ source: 'nvd@nist.gov', vector }],
  });
  expect(match({ id: 'GHSA-2222-3333-4444' }, {}, [rated('CVE-2025-0002', 'v')])).toMatchObject([
    {
      subject: { id: 'GHSA-2222-3333-4444', aliases: ['CVE-2025-0002'] },
      vectors: [{ provider: 'nvd', vector: 'v' }],
    },
  ]);
  expect(
    match({ id: 'ELSA-2025-1' }, {}, [rated('CVE-2025-0002', 'a'), rated('CVE-2025-0003', 'b')]),
  ).toMatchObject([
    { subject: { id: 'CVE-2025-0002', bulletins: ['ELSA-2025-1'] }, vectors: [{ vector: 'a' }] },
    { subject: { id: 'CVE-2025-0003', bulletins: ['ELSA-2025-1'] }, vectors: [{ vector: 'b' }] },
  ]);
  expect(match({ id: 'ELSA-2025-1' })).toMatchObject([{ subject: { id: 'ELSA-2025-1' } }]);
});

test("a rating is claimed by the database of its record; what NVD repeats is its CNA's", () => {
  const cvss = [
    { source: 'nvd@nist.gov', vector: 'a' },
    { source: 'security@acme.example', vector: 'b' },
    { vector: 'a' },
  ];
  const providers = (namespace: string | undefined) =>
    match({ namespace, cvss, severity: 'Low' })[0]?.vectors?.map((claim) => claim.provider);
  expect(providers('nvd:cpe')).toEqual(['nvd', 'cna']);
  expect(providers('github:language:python')).toEqual(['ghsa', 'ghsa']);
  expect(providers('debian:distro:debian:12')).toEqual(['distribution:debian', 'distribution:debian']);
  // Without a database's name the word for a system's package is its distribution's, and the vector is not.
  expect(providers(undefined)).toEqual(['scanner:grype', 'scanner:grype', 'distribution:debian']);
});

test("the own distribution's word counts without a vector", () => {
  expect(match({ namespace: 'debian:distro:debian:12', severity: 'Negligible' })[0]?.vectors).toEqual([
    { provider: 'distribution:debian', vector: null, word: 'low' },
  ]);
  expect(match({ namespace: 'ubuntu:distro:ubuntu:22.04', severity: 'Low' })[0]?.vectors).toEqual([]);
});

test.each([
  [
    { type: 'image', target: { userInput: 'web:1', tags: ['web:1'] } },
    { is: 'image', image: { kind: 'image', reference: 'web:1', tags: ['web:1'] } },
    'all',
  ],
  [{ type: 'image', target: 'gone' }, { is: 'image', image: { kind: 'image', reference: '' } }, 'all'],
  [{ type: 'directory', target: '.' }, { is: 'artifact', name: null }, 'listed'],
  [{ type: 'directory', target: 'services/cart' }, { is: 'artifact', name: 'services/cart' }, 'all'],
  [
    { type: 'purl', target: 'pkg:npm/%40shop/cart@1.0' },
    { is: 'artifact', name: 'pkg:npm/@shop/cart' },
    'all',
  ],
  [undefined, { is: 'artifact', name: null }, 'listed'],
])('source %j', (source, scope, coverage) => {
  const { description } = describeScan({ source });
  expect(JSON.parse(JSON.stringify(description))).toMatchObject({
    tool: 'grype',
    time: null,
    scope,
    coverage,
  });
});

test.each([
  ['{"matches":[],"descriptor":{"name":"grype"}}', true],
  ['{"matches":[{"vulnerability":{"id":"x"},"artifact":{"name":"y"},"cut', true],
  ['{"matches":[]}', false],
  ['{"matches":[{"vulnerability":1}]}', false],
  ['[]', false],
])('claims %s: %s', (text, claimed) => {
  expect(grype.claims(describeHead('x', Buffer.from(text)))).toBe(claimed);
});
