import { expect, test } from 'vitest';
import { advisoryName, isCve } from './advisory-name.ts';

test.each([
  ['a CVE', 'CVE-2026-1234', [], 'CVE-2026-1234'],
  ["another's id without the spaces around it", ' GO-2026-1 ', [], 'GO-2026-1'],
  ['a CVE in small letters', ' cve-2026-1234 ', [], 'CVE-2026-1234'],
  [
    'a CVE, whatever else it is called',
    'CVE-2026-1234',
    ['CVE-2026-9999', 'GHSA-2222-3333-4444'],
    'CVE-2026-1234',
  ],
  ['the only CVE among the aliases', 'GHSA-2222-3333-4444', ['cve-2026-1234', 'GO-2026-1'], 'CVE-2026-1234'],
  ['the same CVE twice', 'GO-2026-1', ['CVE-2026-1234', 'cve-2026-1234'], 'CVE-2026-1234'],
  [
    'itself where the aliases name two CVEs, which are never one',
    'OSV-2026-1',
    ['CVE-2026-1234', 'CVE-2026-5678'],
    'OSV-2026-1',
  ],
  [
    'GHSA where the aliases name two CVEs',
    'GHSA-2222-3333-4444',
    ['CVE-2026-1234', 'CVE-2026-5678'],
    'GHSA-2222-3333-4444',
  ],
  ["GHSA before the tool's own", 'PYSEC-2026-1', ['ghsa-2222-3333-4444'], 'GHSA-2222-3333-4444'],
  [
    'itself where the aliases name two GHSA',
    'PYSEC-2026-1',
    ['GHSA-2222-3333-4444', 'GHSA-2222-3333-5555'],
    'PYSEC-2026-1',
  ],
  ["the tool's own as it is spelled", 'snyk-JS-lodash', [], 'snyk-JS-lodash'],
  ['what only looks like a CVE as it is spelled', 'cve-2026-12', [], 'cve-2026-12'],
])('%s', (_case, id, aliases, expected) => {
  expect(advisoryName({ is: 'advisory', id, aliases })).toBe(expected);
});

test('only whole ids are CVEs', () => {
  expect(['CVE-2026-1234', 'CVE-2026-123', 'xCVE-2026-1234', 'GHSA-2222-3333-4444'].map(isCve)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
