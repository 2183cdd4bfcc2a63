import { expect, test } from 'vitest';
import { evaluateQuery, type QueryFacts } from './evaluate-query.ts';
import { parseQuery } from './parse-query.ts';

const NOW = Date.UTC(2026, 10, 28, 12);

const of = (text: string, facts: QueryFacts) => evaluateQuery(parseQuery(text), facts, NOW);

const RISKS: QueryFacts = {
  risk: { values: ['under_attack'], unknown: ['in_production'] },
  unknown: { values: ['in_production'] },
};

test.each([
  ['risk:under_attack', 'yes'],
  ['-risk:under_attack', 'no'],
  ['risk:privileged_access', 'no'],
  ['-risk:privileged_access', 'yes'],
  ['risk:in_production', 'unknown'],
  ['-risk:in_production', 'unknown'],
  ['unknown:in_production', 'yes'],
  ['unknown:in_production,under_attack', 'no'],
  ['risk:under_attack,in_production', 'unknown'],
  ['risk:privileged_access,in_production', 'no'],
  ['risk:under_attack OR risk:in_production', 'yes'],
  ['risk:privileged_access OR risk:in_production', 'unknown'],
  ['-(risk:privileged_access OR risk:in_production)', 'unknown'],
  ['-(risk:privileged_access risk:in_production)', 'yes'],
  ['risk:in_production OR -risk:in_production', 'unknown'],
  ['*', 'yes'],
  ['-*', 'no'],
  ['team:x', 'unknown'],
  ['-team:*', 'unknown'],
])('of a risk that nobody can tell, %j is %s', (text, state) => {
  expect(of(text, RISKS)).toBe(state);
});

test.each([
  ['first_seen:2026-11-01', '2026-11-01T00:00:00.000Z', true],
  ['first_seen:2026-11-01', '2026-11-01T23:59:59.999Z', true],
  ['first_seen:2026-11-01', '2026-11-02T00:00:00.000Z', false],
  ['first_seen:<2026-11-01', '2026-10-31T23:59:59.999Z', true],
  ['first_seen:<2026-11-01', '2026-11-01T00:00:00.000Z', false],
  ['first_seen:<=2026-11-01', '2026-11-01T23:59:59.999Z', true],
  ['first_seen:<=2026-11-01', '2026-11-02T00:00:00.000Z', false],
  ['first_seen:>2026-11-01', '2026-11-01T23:59:59.999Z', false],
  ['first_seen:>2026-11-01', '2026-11-02T00:00:00.000Z', true],
  ['first_seen:>=2026-11-01', '2026-11-01T00:00:00.000Z', true],
  ['first_seen:[2026-11-01 TO 2026-11-02]', '2026-11-02T23:59:59.999Z', true],
  ['first_seen:[2026-11-01 TO 2026-11-02]', '2026-10-31T23:59:59.999Z', false],
  ['first_seen:[* TO now-1h]', '2026-11-28T11:00:00.000Z', true],
  ['first_seen:<2026-11-01T12:00:00Z', '2026-11-01T12:00:00.000Z', false],
  ['first_seen:<=2026-11-01T12:00:00Z', '2026-11-01T12:00:00.000Z', true],
  ['first_seen:>now-30d', '2026-10-29T12:00:00.001Z', true],
  ['first_seen:>now-30d', '2026-10-29T12:00:00.000Z', false],
])('%j of %s is %s', (text, at, holds) => {
  expect(of(text, { first_seen: { values: [Date.parse(at)] } })).toBe(holds ? 'yes' : 'no');
});

test.each<[string, QueryFacts, boolean]>([
  ['due:<7d', { due: { values: [NOW] } }, true],
  ['due:<7d', { due: { values: [] } }, false],
  ['-due:<7d', { due: { values: [] } }, true],
  ['-due:*', { due: { values: [] } }, true],
  ['team:a service:b', { team: { values: ['a'] }, service: { values: ['b'] } }, true],
  ['team:a service:b', { team: { values: ['a'] }, service: { values: ['c'] } }, false],
  ['team:a OR service:b', { team: { values: ['x'] }, service: { values: ['b'] } }, true],
  ['team:a OR service:b', { team: { values: ['x'] }, service: { values: ['c'] } }, false],
  ['score:>=7', { score: { values: [7] } }, true],
  ['score:>7', { score: { values: [7] } }, false],
  ['score:[7 TO 9]', { score: { values: [9] } }, true],
  ['score:7,9', { score: { values: [8] } }, false],
  ['team:PLAT*m', { team: { values: ['platform'] } }, true],
  ['team:plat', { team: { values: ['platform'] } }, false],
  ['team:a*a', { team: { values: ['a'] } }, false],
  ['team:*a*b*', { team: { values: ['xbxa'] } }, false],
  ['team:"*"', { team: { values: ['x'] } }, false],
  ['title:LOG', { title: { values: ['about log4j'] } }, true],
  ['resource:b', { resource: { values: ['a', 'b'] } }, true],
  ['-resource:b', { resource: { values: ['a', 'b'] } }, false],
  ['log4j "remote code"', { words: { values: ['Log4j: Remote Code\nkey'] } }, true],
  ['"remote  code"', { words: { values: ['Log4j: Remote Code\nkey'] } }, false],
  ['log*code', { words: { values: ['Log4j: Remote Code\nkey'] } }, true],
  ['code*log', { words: { values: ['Log4j: Remote Code\nkey'] } }, false],
])('%j of %j is %s', (text, facts, holds) => {
  expect(of(text, facts)).toBe(holds ? 'yes' : 'no');
});
