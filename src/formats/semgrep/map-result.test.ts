import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import { mapResult } from './map-result.ts';

function read(extra: JsonObject, shared: readonly string[] = []): FindingObservation {
  const result = { check_id: 'python.lang.security.x', path: 'a.py', start: { line: 3 }, extra };
  const [finding] = mapResult(result, { pathOf: (path) => path ?? '', shared: new Set(shared) });
  return finding as FindingObservation;
}

test.each([
  ['ERROR', 'high'],
  ['WARNING', 'medium'],
  ['INFO', 'low'],
  ['CRITICAL', 'critical'],
  ['HIGH', 'high'],
  ['EXPERIMENT', null],
  [undefined, null],
])('%s is %s', (severity, expected) => {
  expect(read({ severity }).severity).toBe(expected);
});

test.each<[JsonObject, readonly string[], unknown]>([
  [{ fingerprint: 'f_0', lines: 'eval(x)' }, [], { toolFingerprint: 'f_0', flaggedText: 'eval(x)' }],
  [{ fingerprint: 'requires login', lines: 'requires login' }, [], { message: 'm' }],
  [{ fingerprint: 'f_0', lines: ' eval(x) ' }, ['f_0'], { flaggedText: 'eval(x)' }],
])('%j, of fingerprints shared %j, is placed by %j', (extra, shared, place) => {
  const { path, line, ...mark } = read({ message: 'm', ...extra }, shared).place as never as JsonObject;
  expect({ path, line }).toEqual({ path: 'a.py', line: 3 });
  expect(JSON.parse(JSON.stringify(mark))).toEqual({ is: 'code', message: 'm', ...(place as object) });
});

test('a rule of another category is not about security', () => {
  expect(read({ metadata: { category: 'correctness' } }).about).toBe('other');
  expect(read({ metadata: { category: 'security' } }).about).toBe('security');
});

test('a result of the supply chain is about the package', () => {
  const finding = read({
    severity: 'HIGH',
    metadata: { 'sca-vuln-database-identifier': 'CVE-2026-1111' },
    sca_info: {
      dependency_match: { found_dependency: { package: '@acme/x', version: '1.0.0', ecosystem: 'npm' } },
    },
  });
  expect(finding).toMatchObject({
    type: 'library_vulnerability',
    subject: { id: 'CVE-2026-1111' },
    place: { is: 'package', purlType: 'npm', namespace: '@acme', name: 'x' },
    locations: [{ path: 'a.py', version: '1.0.0' }],
  });
});

test('what is ignored in the source arrives muted', () => {
  expect(read({ is_ignored: true }).state).toEqual({ is: 'suppressed', reason: 'ignored in the source' });
});
