import { expect, test } from 'vitest';
import { advisoriesOf } from '#domain/package/advisories-of.ts';
import { advisoryInAddress, packageFindings } from './library-finding.ts';

test.each([
  [['GHSA-aaaa-bbbb-cccc', 'CVE-2026-1111'], ['GHSA-aaaa-bbbb-cccc']],
  [['GHSA-aaaa-bbbb-cccc', 'CVE-2026-1111', 'CVE-2026-2222'], ['GHSA-aaaa-bbbb-cccc']],
  [['SNYK-JS-X-1', 'CVE-2026-1111'], ['SNYK-JS-X-1']],
  [
    ['SNYK-JS-X-1', 'CVE-2026-1111', 'CVE-2026-2222'],
    ['CVE-2026-1111', 'CVE-2026-2222'],
  ],
  [[undefined, '', ' '], []],
])('the record %j is about %j', (ids, expected) => {
  expect(advisoriesOf(ids).map(({ id }) => id)).toEqual(expected);
});

test('a tool’s own record that names several CVEs is evidence of each', () => {
  expect(advisoriesOf(['SNYK-1', 'CVE-2026-1111', 'CVE-2026-2222'])[1]).toEqual({
    is: 'advisory',
    id: 'CVE-2026-2222',
    bulletins: ['SNYK-1'],
  });
});

test.each([
  ['https://github.com/advisories/GHSA-aaaa-bbbb-cccc', 'GHSA-aaaa-bbbb-cccc'],
  ['https://nvd.nist.gov/vuln/detail/CVE-2026-1111/', 'CVE-2026-1111'],
  ['https://npmjs.com/advisories/1488', undefined],
  [undefined, undefined],
])('%s names %s', (address, id) => {
  expect(advisoryInAddress(address)).toBe(id);
});

test.each([
  ['deb', 'infrastructure_vulnerability', 'os-packages'],
  ['npm', 'library_vulnerability', 'libraries'],
])('a package of %s is %s', (type, expected, findingClass) => {
  const [finding] = packageFindings({
    resource: { kind: 'artifact', name: null },
    ids: ['CVE-2026-1111'],
    package: { type, namespace: '', name: 'x' },
    title: undefined,
    severity: null,
  });
  expect(finding).toMatchObject({ type: expected, findingClass, title: 'CVE-2026-1111 in x' });
});
