import { describe, expect, test } from 'vitest';
import type { ScanView, ScopeView, SourceView } from '#domain/ports/source-store.ts';
import { sourceSchema } from '../source.ts';
import { presentSource } from './present-source.ts';

const AT = Date.UTC(2026, 9, 1);
const SCAN: ScanView = {
  id: 's1',
  files: ['a.json', 'b.json'],
  format: 'trivy',
  reportAt: AT,
  arrivedAt: AT + 1_000,
  isComplete: true,
  records: 12,
  findings: 9,
  rejects: 1,
  sentence: 'moved',
};
const SCOPE: ScopeView = {
  id: '1',
  keys: { image: 'shop' },
  lastReportAt: AT,
  isCounting: true,
  isRetired: false,
  openSightings: 9,
  notLookedAt: null,
  held: [],
};
const SOURCE: SourceView = {
  id: 'ci',
  name: 'CI',
  tool: 'trivy',
  isDerived: false,
  isRetired: false,
  openFindings: 9,
  lastReportAt: AT,
  rhythm: { days: 2, from: 'learned' },
  isOverdue: false,
  scopes: [SCOPE],
  lastScan: SCAN,
};

describe('a source', () => {
  test('is told with its newest scan and the scopes that count', () => {
    const unlooked = { ...SCOPE, notLookedAt: { open: 2, since: AT } };
    const retired = { ...unlooked, id: '2', keys: { image: 'old' }, isRetired: true };
    expect(sourceSchema.parse(presentSource({ ...SOURCE, scopes: [unlooked, retired] }))).toEqual({
      id: 'ci',
      name: 'CI',
      format: 'trivy',
      derived: false,
      scopes: [{ image: 'shop' }],
      openFindings: 9,
      lastReportAt: '2026-10-01T00:00:00.000Z',
      rhythm: { days: 2, from: 'learned' },
      overdue: false,
      lastScan: {
        id: 's1',
        file: 'a.json, b.json',
        at: '2026-10-01T00:00:00.000Z',
        importedAt: '2026-10-01T00:00:01.000Z',
        complete: true,
        records: 12,
        findings: 9,
        rejects: 1,
      },
      notLookedAt: [{ scope: { image: 'shop' }, open: 2, since: '2026-10-01T00:00:00.000Z' }],
      held: [],
      retired: false,
    });
  });

  test('that read nothing yet has no scan', () => {
    expect(sourceSchema.parse(presentSource({ ...SOURCE, scopes: [], lastScan: null }))).toMatchObject({
      format: null,
      lastScan: null,
      scopes: [],
      held: [],
    });
  });
});

describe('a held closing', () => {
  const hold = {
    count: 7,
    since: AT,
    why: 'more than 30 % would close',
    scanId: 's0',
    files: ['x.json', 'y.json'],
    open: 9,
    flags: ['--source', 'ci', '--scope', 'cluster=the blue one'],
  };
  const held = { ...SCOPE, held: [hold] };

  test('says how many, why, and what to type for the scan that holds them', () => {
    expect(presentSource({ ...SOURCE, scopes: [held] }).held).toEqual([
      {
        scanId: 's0',
        scope: { image: 'shop' },
        at: '2026-10-01T00:00:00.000Z',
        count: 7,
        open: 9,
        sentence: 'more than 30 % would close',
        remedy: "security-inbox import x.json y.json --source ci --scope 'cluster=the blue one' --confirm",
      },
    ]);
  });

  test('of a scope that was retired asks nothing any more', () => {
    expect(presentSource({ ...SOURCE, scopes: [{ ...held, isRetired: true }] }).held).toEqual([]);
  });

  test.each([
    ['a b.json', "'a b.json'"],
    ["it's.json", "'it'\\''s.json'"],
    ['$(reboot).json', "'$(reboot).json'"],
    ['a;reboot\n', "'a;reboot'"],
    ['-rf', './-rf'],
    ['`x`', "'`x`'"],
  ])('names the file %j so that a shell takes it for a name', (file, word) => {
    const scope = { ...SCOPE, held: [{ ...hold, files: [file], flags: [] }] };
    const source = presentSource({ ...SOURCE, scopes: [scope] });
    expect(source.held[0]?.remedy).toBe(`security-inbox import ${word} --confirm`);
  });
});
