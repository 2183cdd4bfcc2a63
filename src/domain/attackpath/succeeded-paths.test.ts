import { expect, test } from 'vitest';
import { goingPart, type SucceedingPath, succeededPaths } from './succeeded-paths.ts';

const path = (fingerprint: string, targets: string, more: Partial<SucceedingPath> = {}): SucceedingPath => ({
  fingerprint,
  pivot: 'image',
  targets: [...targets],
  severity: 'high',
  ...more,
});

const NONE = { fingerprints: [], isWorse: false };

test.each<[string, SucceedingPath, readonly SucceedingPath[], ReturnType<typeof succeededPaths>]>([
  ['the same under another shape', path('n', 'a'), [path('g', 'a')], { fingerprints: ['g'], isWorse: false }],
  ['most of its targets', path('n', 'abc'), [path('g', 'ab')], { fingerprints: ['g'], isWorse: false }],
  ['half of its targets', path('n', 'ab'), [path('g', 'a')], NONE],
  ['other targets', path('n', 'b'), [path('g', 'a')], NONE],
  ['another pivot', path('n', 'a'), [path('g', 'a', { pivot: 'other' })], NONE],
  ['nothing', path('n', 'a'), [], NONE],
  [
    'two that become one',
    path('n', 'ab'),
    [path('h', 'b'), path('g', 'a')],
    { fingerprints: ['g', 'h'], isWorse: false },
  ],
  ['one that becomes two', path('n', 'a'), [path('g', 'ab')], { fingerprints: ['g'], isWorse: false }],
  [
    'one that was less bad',
    path('n', 'a', { severity: 'critical' }),
    [path('g', 'a')],
    { fingerprints: ['g'], isWorse: true },
  ],
  ['half of its targets, that had others beside them', path('n', 'ab'), [path('g', 'ac')], NONE],
  [
    'one beside another over the same pivot, that led elsewhere',
    path('n', 'a'),
    [path('g', 'a'), path('h', 'b')],
    { fingerprints: ['g'], isWorse: false },
  ],
  [
    'two of which one was less bad',
    path('n', 'ab'),
    [path('g', 'a'), path('h', 'b', { severity: 'medium' })],
    { fingerprints: ['g', 'h'], isWorse: true },
  ],
  [
    'one that was worse',
    path('n', 'a', { severity: 'low' }),
    [path('g', 'a')],
    { fingerprints: ['g'], isWorse: false },
  ],
])('a path goes on as a new one: %s', (_, coming, going, expected) => {
  expect(succeededPaths(coming, going)).toEqual(expected);
});

test.each<[string, string, string, string | null]>([
  ['none of its targets is left', 'ab', '', 'ab'],
  ['one is left, with another one', 'ab', 'bc', 'a'],
  ['all are left', 'ab', 'abc', null],
])('a path goes as far as it loses targets: %s', (_what, before, left, goes) => {
  expect(goingPart(path('g', before), [...left])).toEqual(goes === null ? null : path('g', goes));
});
