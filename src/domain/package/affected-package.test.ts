import { describe, expect, test } from 'vitest';
import { type AffectedPackage, fixesOf, isAffected, type RangeEvent } from './affected-package.ts';

const AFFECTED: AffectedPackage = {
  record: 'OSV-1',
  aliases: [],
  package: { type: 'npm', namespace: '', name: 'cart' },
  release: '',
  title: null,
  description: null,
  severity: null,
  vectors: [],
  references: [],
  publishedAt: null,
  ranges: [],
  versions: [],
};

/** `introduced 1.0.0, fixed 1.2.0`. */
function range(text: string): readonly RangeEvent[] {
  return text.split(', ').map((event) => {
    const [is, version] = event.split(' ');
    return { is, version } as RangeEvent;
  });
}

const affects = (type: string, version: string, ...ranges: readonly string[]) =>
  isAffected(
    { version, release: '' },
    { ...AFFECTED, package: { ...AFFECTED.package, type }, ranges: ranges.map(range) },
  );

describe('a range has from where it begins', () => {
  test.each([
    ['introduced 0, fixed 1.2.0', ['0.0.1', '1.1.9', '1.2.0-rc.1'], ['1.2.0', '1.2.1', '2.0.0']],
    ['introduced 1.0.0, last_affected 1.2.0', ['1.0.0', '1.2.0'], ['0.9.9', '1.2.1', '1.0.0-rc.1']],
    ['introduced 1.0.0', ['1.0.0', '9.0.0'], ['0.9.9']],
    [
      'introduced 1.0.0, fixed 1.2.0, introduced 2.0.0, fixed 2.1.0',
      ['1.1.0', '2.0.0', '2.0.9'],
      ['1.2.0', '1.9.0', '2.1.0'],
    ],
    ['fixed 1.2.0, introduced 0', ['1.1.0'], ['1.2.0']],
    ['introduced 1.0.0, fixed 1.0.0', [], ['1.0.0', '1.0.1']],
    ['fixed 1.0.0, introduced 1.0.0', [], ['1.0.0', '1.0.1']],
    ['introduced 0, limit 2.0.0', ['1.9.9'], ['2.0.0', '2.0.1']],
    ['introduced 0, fixed 3.0.0, limit *', ['2.0.0'], ['3.0.0']],
  ])('%s', (events, inside, outside) => {
    expect(inside.filter((version) => !affects('npm', version, events))).toEqual([]);
    expect(outside.filter((version) => affects('npm', version, events))).toEqual([]);
  });

  test('one of several is enough', () => {
    const ranges = ['introduced 1.0.0, fixed 1.1.0', 'introduced 3.0.0, fixed 3.1.0'];
    expect(['1.0.5', '2.0.0', '3.0.5'].map((version) => affects('npm', version, ...ranges))).toEqual([
      true,
      false,
      true,
    ]);
  });

  test.each([
    ['cocoapods', '1.0'],
    ['npm', 'latest'],
  ])('nothing that cannot be compared: %s %s', (type, version) => {
    expect(affects(type, version, 'introduced 0, fixed 9.0.0')).toBe(false);
  });
});

/** As the feeds have them: what each ecosystem's own order says of the versions around an end. */
describe('in the order of its ecosystem', () => {
  test.each([
    ['npm', 'introduced 4.0.0, fixed 4.17.21', ['4.17.20', '4.9.0'], ['4.17.21', '4.17.21+1', '5.0.0']],
    ['pypi', 'introduced 0, fixed 2.32.0', ['2.31.0', '2.9', '2.32.0rc1'], ['2.32', '2.32.0.post1']],
    [
      'golang',
      'introduced 0, fixed 0.0.0-20220314234659-1baeb1ce4c0b',
      ['0.0.0-20210921155107-089bfa567519', 'v0.0.0-20220214200702-86341886e292'],
      ['0.17.0', 'v0.0.0-20220314234659-1baeb1ce4c0b'],
    ],
    [
      'maven',
      'introduced 2.0-beta9, fixed 2.15.0',
      ['2.0-rc1', '2.14.1', '2.15.0-rc1'],
      ['2.15.0', '2.0-beta8'],
    ],
    [
      'gem',
      'introduced 7.0.0.alpha1, fixed 7.0.2.3',
      ['7.0.0.rc1', '7.0.2.2'],
      ['7.0.2.3', '7.0.10', '6.1.7'],
    ],
    ['cargo', 'introduced 0.0.0-0, fixed 0.4.20', ['0.4.19', '0.1.0'], ['0.4.20', '0.5.0-beta.1']],
    [
      'nuget',
      'introduced 5.0.0, fixed 5.0.17',
      ['5.0.0', '5.0.9', '5.0.17-preview.1'],
      ['5.0.17.0', '6.0.0'],
    ],
    [
      'deb',
      'introduced 0, fixed 1.1.1n-0+deb11u5',
      ['1.1.1n-0+deb11u4', '1.1.1k-1'],
      ['1.1.1n-0+deb11u5', '1:0'],
    ],
    ['apk', 'introduced 0, fixed 3.1.4-r1', ['3.1.4-r0', '3.1.4_rc1', '3.1.3-r9'], ['3.1.4-r1', '3.1.10-r0']],
    ['rpm', 'introduced 0, fixed 1:1.1.1k-9.el8_7', ['1:1.1.1k-6.el8_5', '1.1.1z-1'], ['1:1.1.1k-12.el8_9']],
  ])('%s', (type, events, inside, outside) => {
    expect(inside.filter((version) => !affects(type, version, events))).toEqual([]);
    expect(outside.filter((version) => affects(type, version, events))).toEqual([]);
  });
});

test('a version that is named is affected, whatever it is', () => {
  expect(isAffected({ version: 'latest', release: '' }, { ...AFFECTED, versions: ['latest'] })).toBe(true);
  expect(isAffected({ version: 'late', release: '' }, { ...AFFECTED, versions: ['latest'] })).toBe(false);
});

test.each([
  ['debian 11', 'debian 11', true],
  ['debian 11.3', 'debian 11', true],
  ['debian 12', 'debian 11', false],
  ['debian 111', 'debian 11', false],
  ['', 'debian 11', false],
  ['debian 11', '', true],
])('a package of %j and an advisory of %j: %s', (release, of, isOf) => {
  expect(isAffected({ version: '1', release }, { ...AFFECTED, release: of, versions: ['1'] })).toBe(isOf);
});

test('what mends it is each end of its ranges, once', () => {
  const ranges = [
    'introduced 1.0.0, fixed 1.1.0',
    'introduced 0, fixed 1.1.0, introduced 2.0.0, fixed 2.1.0',
  ];
  expect(fixesOf({ ...AFFECTED, ranges: ranges.map(range) })).toEqual(['1.1.0', '2.1.0']);
});
