import { expect, test } from 'vitest';
import { INTERNET, principal, step, store, workload } from './attack-path.test-sample.ts';
import { pathSeverity, traitsOf } from './path-severity.ts';
import type { State } from './state.ts';
import type { Target } from './target.ts';

const target = (tier: Target['tier'], production: Target['production'] = 'yes'): Target => ({
  state: principal('t'),
  class: 'account-admin',
  tier,
  name: 't',
  production,
  evidence: [],
});
const BY_FLAW = [
  step('public-endpoint', INTERNET, workload('reach')),
  step('network-exploit', workload('reach'), workload('exec')),
];
const BY_CONFIGURATION = [step('open-trust', INTERNET, principal('t'))];

test.each([
  [0.9, 'critical critical high medium'],
  [0.5, 'critical critical high medium'],
  [0.49, 'critical high high medium'],
  [0.15, 'critical high high medium'],
  [0.14, 'high high medium low'],
  [0.03, 'high high medium low'],
  [0.02, 'medium medium low low'],
])('a likelihood of %f', (likelihood, expected) => {
  const severities = ([0, 1, 2, 3] as const).map(
    (tier) => pathSeverity(likelihood, traitsOf(BY_FLAW), target(tier)).severity,
  );
  expect(severities.join(' ')).toBe(expected);
});

test('what is open by configuration alone and rules over production is critical, however unlikely', () => {
  expect(pathSeverity(0.1, traitsOf(BY_CONFIGURATION), target(0)).severity).toBe('critical');
  expect(pathSeverity(0.1, traitsOf(BY_CONFIGURATION), target(2)).severity).toBe('medium');
  expect(pathSeverity(0.1, traitsOf(BY_FLAW), target(0)).severity).toBe('high');
});

test('sensitive data that lie open are critical; a band less where they are known to be no production', () => {
  const open = [step('public-data', INTERNET, store('t'))];
  const data = (production: Target['production']): Target => ({
    ...target(1, production),
    class: 'sensitive-data',
  });
  expect(pathSeverity(0.2, traitsOf(open), data('unknown')).severity).toBe('critical');
  expect(pathSeverity(0.2, traitsOf(open), data('no')).severity).toBe('high');
  // Neither over a role that is open, nor by a flaw or a guess.
  const onward = [...BY_CONFIGURATION, step('reads-data', principal('t'), store('t'))];
  expect(pathSeverity(0.2, traitsOf(onward), data('unknown')).severity).toBe('high');
  const guessed = [step('guessed-login', INTERNET, store('t'))];
  expect(pathSeverity(0.05, traitsOf(guessed), data('unknown')).severity).toBe('high');
});

test('a band less outside production, and never less than low', () => {
  expect(pathSeverity(0.9, traitsOf(BY_FLAW), target(2, 'no')).severity).toBe('medium');
  expect(pathSeverity(0.9, traitsOf(BY_FLAW), target(2, 'unknown')).severity).toBe('high');
  expect(pathSeverity(0.01, traitsOf(BY_FLAW), target(3, 'no')).severity).toBe('low');
});

test('a path of which a step was observed is as likely as any', () => {
  const seen = BY_FLAW.map((each, at) => (at === 1 ? { ...each, isObserved: true as const } : each));
  expect(pathSeverity(0.02, traitsOf(seen), target(1)).severity).toBe('critical');
  expect(pathSeverity(0.02, traitsOf(BY_FLAW), target(1)).severity).toBe('medium');
});

test('a path that begins with somebody inside is high at most, however likely and open it is', () => {
  const inside: State = { asset: 'any-employee', family: 'origin', capability: 'reach' };
  const turned = [step('assumed-breach', inside, principal('t'))];
  expect(pathSeverity(0.9, traitsOf(turned), target(0)).severity).toBe('high');
  expect(pathSeverity(0.9, traitsOf(turned), target(0, 'no')).severity).toBe('medium');
  expect(pathSeverity(0.02, traitsOf(turned), target(0)).severity).toBe('medium');
});

test.each([
  ['account-admin', 'yes', 'control of all of an account in production'],
  ['sensitive-data', 'yes', 'sensitive data in production'],
  ['sensitive-data', 'unknown', 'sensitive data'],
  ['production-data', 'yes', 'data in production'],
  ['source-code', 'yes', 'code of what runs in production'],
  ['cluster-node', 'unknown', 'a node of a cluster'],
  ['cluster-admin', 'unknown', 'control of all of a cluster'],
  ['cluster-secrets', 'yes', 'all secrets of a cluster in production'],
  ['service-data', 'unknown', 'data that a service of others keeps'],
  ['served-content', 'unknown', 'what people load'],
  ['delivery', 'unknown', 'a server that builds what is shipped'],
  ['vital-service', 'yes', 'a service that is called vital in production'],
  ['backups', 'unknown', 'all backups in a vault'],
] as const)('a target of the kind %s, production %s, is named alone', (kind, production, words) => {
  expect(pathSeverity(0.15, traitsOf(BY_FLAW), { ...target(1, production), class: kind }).why).toBe(
    `It follows from a likelihood of about 15 % and from what is reached, ${words}.`,
  );
});

test.each([
  [0.147, 'a likelihood of about 15 %'],
  [0.01, 'a likelihood of about 1 %'],
  [0.009, 'a likelihood of less than 1 %'],
])('a likelihood of %f is told as %s', (likelihood, words) => {
  expect(pathSeverity(likelihood, traitsOf(BY_FLAW), target(2)).why).toContain(words);
});

test('an attack that was seen is what its severity follows from, whatever the likelihood', () => {
  const seen = BY_FLAW.map((each) => ({ ...each, isObserved: true as const }));
  expect(pathSeverity(0.02, traitsOf(seen), target(2)).why).toMatch(
    /^It follows from an attack that was seen/,
  );
});

test('what hangs on a condition is not open by configuration alone, and on one that nobody knows high at most unless an attack was seen', () => {
  const under = (more: object) => [
    ...BY_CONFIGURATION,
    step('assume-role', principal('t'), principal('u'), { probability: 0.475, ...more }),
  ];
  expect(pathSeverity(0.1, traitsOf(under({})), target(0)).severity).toBe('high');
  expect(pathSeverity(0.4, traitsOf(under({})), target(0)).severity).toBe('critical');
  expect(pathSeverity(0.4, traitsOf(under({ isUnknown: true })), target(0))).toMatchObject({
    severity: 'high',
    why: expect.stringContaining('nobody knows whether its conditions can be met'),
  });
  expect(pathSeverity(0.1, traitsOf(under({ isUnknown: true })), target(2)).severity).toBe('medium');
  expect(pathSeverity(0.1, traitsOf(under({ isUnknown: true, isObserved: true })), target(0)).severity).toBe(
    'critical',
  );
});
