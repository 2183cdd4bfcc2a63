import { expect, test } from 'vitest';
import type { ResourceIdentity } from '../resource/resource-key.ts';
import { type Alias, Aliases, aliasesOfAdvisory } from './aliases.ts';
import { identifyFinding } from './identify-finding.ts';

const thing = (key: string): ResourceIdentity => ({ key, kind: 'cloud', name: key });
const is = (name: string, target: string): Alias => ({ kind: 'resource', name, target: thing(target) });
const isIn = (name: string, target: string): Alias => ({ kind: 'member', name, target: thing(target) });
const inUse = (aliases: readonly Alias[], key: string) => new Aliases(aliases).resource(thing(key)).key;

test.each<[readonly Alias[], string, string]>([
  [[], 'host:i-1', 'host:i-1'],
  [[is('host:i-1', 'machine')], 'host:i-1', 'machine'],
  [[is('host:i-1', 'machine'), is('host:i-1', 'other')], 'host:i-1', 'host:i-1'],
  [[isIn('machine', 'group')], 'machine', 'group'],
  [[isIn('machine', 'group'), is('host:i-1', 'machine')], 'host:i-1', 'group'],
  [[isIn('machine', 'group'), isIn('machine', 'other')], 'machine', 'machine'],
  [[isIn('machine', 'group'), isIn('group', 'higher')], 'machine', 'group'],
])('of %j: %s is %s', (aliases, key, expected) => {
  expect(inUse(aliases, key)).toBe(expected);
});

test('a machine is a member by any of its names, and a name of something else is none', () => {
  const aliases = new Aliases([is('host:i-1', 'machine'), isIn('machine', 'group'), is('old', 'group')]);
  const members = ['host:i-1', 'machine', 'old', 'group'].filter((key) => aliases.isMember(thing(key)));
  expect(members).toEqual(['host:i-1', 'machine']);
});

test('a new group moves every name of its machines', () => {
  const before = [is('host:i-1', 'machine')];
  const after = new Aliases([...before, isIn('machine', 'group')]);
  expect([...after.changedFrom(new Aliases(before)).resources].sort()).toEqual(['host:i-1', 'machine']);
  expect(after.has(isIn('machine', 'group'))).toBe(true);
  expect(after.has(is('machine', 'group'))).toBe(false);
});

const called = (name: string, target: string): Alias => ({ kind: 'advisory', name, target });
const [CVE, OTHER_CVE] = ['CVE-2026-1111', 'CVE-2026-2222'];
const [GHSA, OTHER_GHSA] = ['GHSA-2222-3333-4444', 'GHSA-5555-6666-7777'];

test.each<[string, readonly Alias[], string, string]>([
  ['nothing is known', [], GHSA, GHSA],
  ['nothing is known of it', [called('PYSEC-2026-1', CVE)], GHSA, GHSA],
  ['one CVE is', [called(GHSA, CVE)], GHSA, CVE],
  ['two CVEs are', [called(GHSA, CVE), called(GHSA, OTHER_CVE)], GHSA, GHSA],
  ['it is a CVE itself', [called(CVE, OTHER_CVE)], CVE, CVE],
  ['one GHSA is', [called('PYSEC-2026-1', GHSA)], 'PYSEC-2026-1', GHSA],
  [
    'two GHSA are',
    [called('PYSEC-2026-1', GHSA), called('PYSEC-2026-1', OTHER_GHSA)],
    'PYSEC-2026-1',
    'PYSEC-2026-1',
  ],
  ['a GHSA of one CVE is', [called('PYSEC-2026-1', GHSA), called(GHSA, CVE)], 'PYSEC-2026-1', CVE],
  [
    'two GHSA of one CVE are',
    [
      called('PYSEC-2026-1', GHSA),
      called('PYSEC-2026-1', OTHER_GHSA),
      called(GHSA, CVE),
      called(OTHER_GHSA, CVE),
    ],
    'PYSEC-2026-1',
    CVE,
  ],
  ['a CVE and a GHSA are', [called('PYSEC-2026-1', GHSA), called('PYSEC-2026-1', CVE)], 'PYSEC-2026-1', CVE],
  ['a GHSA knows another', [called(GHSA, OTHER_GHSA)], GHSA, GHSA],
])('an advisory of which %s: of %j %s is %s', (_, aliases, name, expected) => {
  expect(new Aliases(aliases).advisory(name)).toBe(expected);
  expect(new Aliases(aliases.toReversed()).advisory(name)).toBe(expected);
});

test.each<[string, readonly string[], readonly (readonly [string, string])[]]>([
  [GHSA, [], []],
  [GHSA, ['cve-2026-1111'], [[GHSA, CVE]]],
  [CVE, [GHSA], [[GHSA, CVE]]],
  [CVE, [OTHER_CVE], []],
  [
    'GO-2026-1',
    [GHSA, CVE],
    [
      ['GO-2026-1', GHSA],
      ['GO-2026-1', CVE],
      [GHSA, CVE],
    ],
  ],
  ['GO-2026-1', ['PYSEC-2026-1'], []],
  ['ab', [CVE], []],
  ['abc', [CVE], [['abc', CVE]]],
  ['1bc', [CVE], []],
  [`a${'b'.repeat(79)}`, [CVE], [[`a${'b'.repeat(79)}`, CVE]]],
  [`a${'b'.repeat(80)}`, [CVE], []],
  ['a text of several words', [CVE], []],
])('a record of %s with %j tells %j', (id, aliases, expected) => {
  const told = aliasesOfAdvisory({ is: 'advisory', id, aliases });
  expect(told.map(({ name, target }) => [name, target])).toEqual(expected);
});

test('of the aliases of one record twenty are looked at', () => {
  const others = Array.from({ length: 20 }, (_, index) => `GO-2026-${index}`);
  expect(aliasesOfAdvisory({ is: 'advisory', id: 'OSV-1', aliases: [...others.slice(1), CVE] })).toHaveLength(
    20,
  );
  expect(aliasesOfAdvisory({ is: 'advisory', id: 'OSV-1', aliases: [...others, CVE] })).toEqual([]);
});

test('a finding has the identity that its names in use make, or its own', () => {
  const context = {
    naming: { sourceId: 'ci', cluster: null, repository: null, artifact: null },
    secretKey: Buffer.alloc(32),
  };
  const identity = (id: string, host: string) =>
    identifyFinding(
      {
        kind: 'finding',
        type: 'library_vulnerability',
        subject: { is: 'advisory', id },
        resource: { kind: 'host', name: host },
        place: { is: 'none' },
        state: { is: 'open' },
        title: 't',
        severity: null,
      },
      context,
    );
  const own = identity(GHSA, 'old.example.com');
  const other = identity(CVE, 'new.example.com');
  const names = called(GHSA, CVE);
  const resource: Alias = { kind: 'resource', name: own.resource.key, target: other.resource };
  const member: Alias = { kind: 'member', name: own.resource.key, target: other.resource };
  const rekeyed = (...aliases: readonly Alias[]) => new Aliases(aliases).rekeyed(own)?.fingerprint ?? null;
  expect(rekeyed()).toBeNull();
  expect(rekeyed(called('PYSEC-2026-1', CVE))).toBeNull();
  expect(rekeyed(names)).toBe(identity(CVE, 'old.example.com').fingerprint);
  expect(rekeyed(resource)).toBe(identity(GHSA, 'new.example.com').fingerprint);
  expect(rekeyed(member)).toBe(identity(GHSA, 'new.example.com').fingerprint);
  expect(rekeyed(names, resource)).toBe(other.fingerprint);
  expect(rekeyed(names, member)).toBe(other.fingerprint);
  expect(new Aliases([names]).changedFrom(new Aliases([]))).toEqual({ advisories: [GHSA], resources: [] });
  expect(new Aliases([]).changedFrom(new Aliases([names]))).toEqual({ advisories: [GHSA], resources: [] });
  expect(new Aliases([names]).changedFrom(new Aliases([names]))).toEqual({ advisories: [], resources: [] });
  expect(new Aliases([names]).has(names)).toBe(true);
  expect(new Aliases([names]).has(called(CVE, GHSA))).toBe(false);
});
