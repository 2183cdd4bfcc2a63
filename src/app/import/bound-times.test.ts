import { expect, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import {
  type CreatorObservation,
  type FindingObservation,
  type GoneObservation,
  OPEN,
  type ResourceObservation,
  type SignalObservation,
} from '#domain/finding/observation.ts';
import { boundTimes } from './bound-times.ts';

const NOW = Date.UTC(2026, 9, 1);
const LATEST = NOW + DAY_MS;
const host = { kind: 'host', name: 'web' } as const;

const finding = (publishedAt: number | undefined): FindingObservation => ({
  kind: 'finding',
  type: 'library_vulnerability',
  subject: { is: 'advisory', id: 'CVE-2026-1' },
  resource: host,
  place: { is: 'none' },
  state: OPEN,
  title: 'x',
  severity: null,
  publishedAt,
});
const resource = (capturedAt: number | undefined): ResourceObservation => ({
  kind: 'resource',
  resource: host,
  type: 'host',
  name: 'web',
  facts: {},
  capturedAt,
});
const gone = (at: number | undefined): GoneObservation => ({ kind: 'gone', resource: host, at });
const signal = (firstAt: number, lastAt: number): SignalObservation => ({
  kind: 'signal',
  tool: 'falco',
  rule: 'x',
  title: 'x',
  severity: null,
  firstAt,
  lastAt,
  count: 1,
  resources: [],
  isAttack: true,
});

test.each([
  ['a finding', finding],
  ['a description', resource],
  ['an end', gone],
] as const)('a time of %s may be a day ahead, and is unknown beyond', (_name, make) => {
  const inside = make(LATEST);
  expect(boundTimes(inside, NOW)).toBe(inside);
  expect(boundTimes(make(LATEST + 1), NOW)).toEqual(make(undefined));
});

test('a signal keeps its own time, by which it is known again', () => {
  const ahead = signal(LATEST + 1, LATEST + 2);
  expect(boundTimes(ahead, NOW)).toBe(ahead);
});

test('a resource that is made the day after tomorrow is made now', () => {
  const made = (at: number): CreatorObservation => ({
    kind: 'creator',
    resource: { kind: 'account', provider: 'aws', account: '111111111111' },
    name: 'maria',
    call: 'CreateUser',
    at,
  });
  const inside = made(LATEST);
  expect(boundTimes(inside, NOW)).toBe(inside);
  expect(boundTimes(made(LATEST + 1), NOW)).toEqual(made(NOW));
});
