import { expect, it } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import { SignalTally } from './signal-tally.ts';

const DAY = Date.UTC(2026, 10, 20);
const SIGNAL: SignalObservation = {
  kind: 'signal',
  tool: 'aws-waf',
  rule: 'SQLi',
  title: 'SQLi (blocked)',
  severity: 'high',
  firstAt: DAY,
  lastAt: DAY,
  count: 1,
  resources: [],
  names: ['shop.example.com'],
  isAttack: true,
};

function tallied(...signals: readonly Partial<SignalObservation>[]) {
  const tally = new SignalTally();
  for (const signal of signals) tally.add({ ...SIGNAL, ...signal });
  return tally.values().map(({ count, firstAt, lastAt, title }) => ({ count, firstAt, lastAt, title }));
}

it('counts what is the same on one day, whatever the order', () => {
  const late = { firstAt: DAY + 5, lastAt: DAY + 5, title: 'SQLi (let through)', count: 2 };
  const expected = [{ count: 3, firstAt: DAY, lastAt: DAY + 5, title: 'SQLi (let through)' }];
  expect(tallied({}, late)).toEqual(expected);
  expect(tallied(late, {})).toEqual(expected);
});

it.each<[string, Partial<SignalObservation>]>([
  ['another day', { firstAt: DAY + DAY_MS, lastAt: DAY + DAY_MS }],
  ['another rule', { rule: 'XSS' }],
  ['another target', { names: ['www.example.com'] }],
  ['no attack', { isAttack: false }],
  ['an id of its own', { externalId: 'a' }],
])('keeps apart: %s', (_, other) => {
  expect(tallied({}, other)).toHaveLength(2);
});
