import { expect, test } from 'vitest';
import { EVERYTHING, parseListQuery } from './list-query.ts';

test.each([
  ['', {}],
  ['   ', {}],
  ['log4j', { text: 'log4j' }],
  ['  Log4J   core ', { text: 'Log4J core' }],
  ['severity:high', { severities: ['high'] }],
  ['severity:high,critical', { severities: ['high', 'critical'] }],
  ['severity:HIGH severity:low,high', { severities: ['high', 'low'] }],
  ['type:library_vulnerability,secret', { types: ['library_vulnerability', 'secret'] }],
  [
    'type:library,infra,iac',
    { types: ['library_vulnerability', 'infrastructure_vulnerability', 'iac_misconfiguration'] },
  ],
  ['risk:in_production,under_attack', { risks: ['in_production', 'under_attack'] }],
  ['status:resolved', { statuses: ['resolved'] }],
  ['status:Open,resolved status:open', { statuses: ['open', 'resolved'] }],
  ['muted:yes', { muted: 'only' }],
  ['muted:NO', { muted: 'no' }],
  [
    'openssl severity:critical risk:publicly_accessible bash',
    { severities: ['critical'], risks: ['publicly_accessible'], text: 'openssl bash' },
  ],
  ['"trivy:avd-1" curl', { text: 'trivy:avd-1 curl' }],
  ['"severity:high"', { text: 'severity:high' }],
  ['CVE-2021-44228', { text: 'CVE-2021-44228' }],
  ['127.0.0.1:80', { text: '127.0.0.1:80' }],
])('%j', (text, expected) => {
  expect(parseListQuery(text)).toEqual({ ...EVERYTHING, ...expected });
});

test.each([
  [
    'state:open',
    'There is no field "state": the fields are severity, type, risk, status and muted. To search for the text itself, put it in quotes: \'"state:open"\'.',
  ],
  ['status:muted', '"muted" is no status: expected open, in_progress, snoozed, resolved.'],
  ['muted:maybe', '"maybe" is no value of muted: expected yes, no.'],
  ['muted:yes,no', '"yes,no" is no value of muted: expected yes, no.'],
  ['severity:', '"severity:" needs a value, such as severity:high,critical.'],
  ['severity:,', '"severity:" needs a value, such as severity:high,critical.'],
  ['severity:severe', '"severe" is no severity: expected critical, high, medium, low, info.'],
  [
    'risk:public',
    '"public" is no risk: expected publicly_accessible, privileged_access, under_attack, exploit_available, in_production.',
  ],
  ['type:constructor', /^"constructor" is no type: expected misconfiguration, /],
  ['"log4j', 'A quote in the query is not closed. Close it, or leave it out.'],
  ['a b c d e f g h i', 'A query has at most 8 words; this one has 9.'],
  ['x'.repeat(201), 'A query has at most 200 characters; this one has 201.'],
])('%j is refused', (text, message) => {
  expect(() => parseListQuery(text)).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    }),
  );
});
