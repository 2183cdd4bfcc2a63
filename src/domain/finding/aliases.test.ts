import { expect, test } from 'vitest';
import type { ResourceIdentity } from '../resource/resource-key.ts';
import { type Alias, Aliases } from './aliases.ts';

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
