import { expect, test } from 'vitest';
import type { InboxFilter } from '../ports/inbox-store.ts';
import { narrowInbox } from './narrow-inbox.ts';
import { parseQuery } from './parse-query.ts';
import { printQuery } from './print-query.ts';

const PLAIN: InboxFilter = {
  all: false,
  severities: [],
  types: [],
  risks: [],
  statuses: [],
  muted: 'no',
  text: null,
  condition: null,
};
const STATUSES = ['open', 'in_progress', 'snoozed', 'resolved'];

/** The filter with its condition in words. */
function narrowed(text: string, filter: InboxFilter = PLAIN) {
  const { condition, ...others } = narrowInbox(filter, parseQuery(text));
  return { ...others, condition: condition === null ? null : printQuery(condition) };
}

test.each([
  ['', {}],
  ['   ', {}],
  ['*', {}],
  ['log4j', { text: 'log4j' }],
  ['  Log4J   core ', { text: 'Log4J core' }],
  ['severity:high', { severities: ['high'] }],
  ['severity:high,critical', { severities: ['high', 'critical'] }],
  ['severity:high, critical', { severities: ['high', 'critical'] }],
  ['severity:high,', { severities: ['high'] }],
  ['Severity:HIGH severity:low,high', { severities: ['high', 'low'] }],
  ['severity:high OR severity:low', { severities: ['high', 'low'] }],
  ['severity:(high OR low) x', { severities: ['high', 'low'], text: 'x' }],
  ['severity:<=low', { severities: ['low', 'info'] }],
  ['severity:>medium', { severities: ['critical', 'high'] }],
  ['@severity:(critical OR high) @status:open', { severities: ['critical', 'high'], statuses: ['open'] }],
  ['type:library_vulnerability,secret', { types: ['library_vulnerability', 'secret'] }],
  [
    'type:library,infra,iac',
    { types: ['library_vulnerability', 'infrastructure_vulnerability', 'iac_misconfiguration'] },
  ],
  [
    'type:*_vulnerability',
    { types: ['library_vulnerability', 'code_vulnerability', 'infrastructure_vulnerability'] },
  ],
  ['risk:in_production,under_attack', { risks: ['in_production', 'under_attack'] }],
  ['risk:in_production risk:under_attack', { risks: ['in_production', 'under_attack'] }],
  ['@risk.is_production:true', { risks: ['in_production'] }],
  ['status:resolved', { statuses: ['resolved'] }],
  ['status:Open,resolved status:open', { statuses: ['open', 'resolved'] }],
  ['muted:yes', { muted: 'only' }],
  ['muted:NO', { muted: 'no' }],
  ['muted:yes,no', { muted: 'any' }],
  [
    'openssl severity:critical risk:publicly_accessible bash',
    { severities: ['critical'], risks: ['publicly_accessible'], text: 'openssl bash' },
  ],
  ['"trivy:avd-1" curl', { text: 'trivy:avd-1 curl' }],
  ['"severity:high"', { text: 'severity:high' }],
  ['"" x', { text: 'x' }],
  ['CVE-2021-44228', { text: 'CVE-2021-44228' }],
  ['127.0.0.1:80', { text: '127.0.0.1:80' }],
  ['memcpy() 100% a_b', { text: 'memcpy() 100% a_b' }],
  ['and or not -', { text: 'and or not -' }],
  ['a b c d e f g h i "j k"', { text: 'a b c d e f g h', condition: 'i "j k"' }],
  ['a*b', { condition: 'a*b' }],
  ['severity:high AND severity:low', { severities: ['high'], condition: 'severity:low' }],
  ['-severity:high x', { text: 'x', condition: '-severity:high' }],
  ['risk:in_production OR severity:high', { condition: 'risk:in_production OR severity:high' }],
  ['admitted:yes', {}],
  ['admitted:no', { all: true, condition: 'admitted:no' }],
  ['admitted:no,yes', { all: true }],
  ['-status:resolved', { statuses: STATUSES, condition: '-status:resolved' }],
  ['status:open OR team:x', { statuses: STATUSES, condition: 'status:open OR team:x' }],
  ['-(muted:yes team:x)', { muted: 'any', condition: '-(muted:yes team:x)' }],
])('%j narrows the inbox', (text, expected) => {
  expect(narrowed(text)).toEqual({ ...PLAIN, ...expected });
});

test.each([
  ['severity:low', { severities: ['high'] }, { condition: 'severity:low' }],
  ['type:secret', { types: ['code_vulnerability'] }, { condition: 'type:secret' }],
  ['risk:in_production', { risks: ['under_attack'] }, { risks: ['under_attack', 'in_production'] }],
  ['status:open', { statuses: ['resolved'] }, { condition: 'status:open' }],
  ['muted:no', { muted: 'only' }, { condition: 'muted:no' }],
  ['a', { text: 'q r' }, { text: 'q r a' }],
  ['severity:low', { all: true }, { all: true, severities: ['low'] }],
  ['admitted:yes', { all: true }, { all: false }],
] satisfies [string, Partial<InboxFilter>, object][])(
  '%j narrows what %j lets through',
  (text, given, expected) => {
    const filter = { ...PLAIN, ...given };
    expect(narrowed(text, filter)).toEqual({ ...filter, ...expected });
  },
);
