import { expect, test } from 'vitest';
import { sampleSummary } from '../finding/finding-state.test-sample.ts';
import type { FindingSummary } from '../finding/finding-state.ts';
import { codeWeaknessesOf, cweOfTriedCheck } from './code-weakness.ts';

const SUMMARY = sampleSummary({ title: 'A flaw.', severity: 'high', sources: ['scanner'] });

const weaknesses = (cwe: string | null, isTried: boolean, summary: Partial<FindingSummary> = {}) =>
  codeWeaknessesOf({
    fingerprint: 'f',
    issueId: 'i',
    cwe,
    isTried,
    summary: { ...SUMMARY, ...summary },
    flawed: { key: 'repo:shop', kind: 'repository', name: 'shop' },
    on: ['web'],
  });

const weakness = (...asked: Parameters<typeof weaknesses>) => weaknesses(...asked)[0] ?? null;

test.each([
  ['CWE-77', 'exec'],
  ['CWE-78', 'exec'],
  ['CWE-94', 'exec'],
  ['CWE-95', 'exec'],
  ['CWE-502', 'exec'],
  ['CWE-434', 'exec'],
  ['CWE-917', 'exec'],
  ['CWE-1336', 'exec'],
  ['CWE-89', 'query'],
  ['CWE-564', 'query'],
  ['CWE-943', 'query'],
  ['CWE-918', 'ssrf'],
  ['CWE-22', 'files'],
  ['CWE-73', 'files'],
  ['CWE-98', 'files'],
  ['CWE-611', 'files'],
  ['CWE-287', 'records'],
  ['CWE-306', 'records'],
  ['CWE-862', 'records'],
  ['CWE-863', 'records'],
])('%s gives %s, more likely where somebody tried it', (cwe, gives) => {
  expect(weakness(cwe, false)).toMatchObject({
    gives,
    isOwnCode: true,
    probability: 0.25,
    assumptions: ['The code that was read is what answers requests from outside.'],
    evidence: [{ sentence: 'A flaw.', provenance: 'scanner', at: null }],
  });
  expect(weakness(cwe, true)).toMatchObject({ gives, probability: 0.8, assumptions: [] });
});

test('external entities give files and requests both', () => {
  expect(weaknesses('CWE-611', true).map(({ gives }) => gives)).toEqual(['files', 'ssrf']);
});

test('a default password that was tried gives what its software runs, and one that was read in code nothing', () => {
  expect(weakness('CWE-1392', true)).toMatchObject({ gives: 'exec', probability: 0.9, assumptions: [] });
  expect(weakness('CWE-1392', false)).toBeNull();
});

test.each<[string, string | null, Partial<FindingSummary>]>([
  ['a weakness that gives nobody anything', 'CWE-79', {}],
  ['a password in code, of which nothing tells what it opens', 'CWE-798', {}],
  ['one of a name that objects have', 'constructor', {}],
  ['none', null, {}],
  ['one that is not grave', 'CWE-89', { severity: 'medium' }],
  ['one without a word', 'CWE-89', { severity: null }],
  ['one that is about something else', 'CWE-89', { about: 'other' }],
])('%s is no way in', (_what, cwe, summary) => {
  expect(weakness(cwe, true, summary)).toBeNull();
});

test.each([
  ['zap:40018', 'CWE-89'],
  ['zap:40046', 'CWE-918'],
  ['zap:6', 'CWE-22'],
  ['zap:7', 'CWE-98'],
  ['zap:90023', 'CWE-611'],
  ['burp:1049344', 'CWE-22'],
  ['burp:1049600', 'CWE-611'],
  ['burp:1048832', 'CWE-78'],
  ['nuclei:tomcat-default-login', 'CWE-1392'],
  ['nuclei:grafana-default-login', null],
  ['toString', null],
])('%s looks for %s', (check, cwe) => {
  expect(cweOfTriedCheck(check)).toBe(cwe);
});
