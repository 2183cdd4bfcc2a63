import { expect, test } from 'vitest';
import {
  type Accessibility,
  type AttackVector,
  type Impact,
  type Likelihood,
  likelihoodOf,
  severityOfLikelihood,
} from './likelihood-impact.ts';

test.each([
  ['required_privileges', 'private', 'improbable'],
  ['required_privileges', 'public', 'possible'],
  ['vulnerability', 'private', 'possible'],
  ['vulnerability', 'public', 'probable'],
  ['no_authorization', 'private', 'probable'],
  ['no_authorization', 'public', 'highly_probable'],
] as const)('%s from a %s place is %s', (vector, accessibility, likelihood) => {
  expect(likelihoodOf(vector, accessibility)).toBe(likelihood);
});

test('the whole matrix of severities', () => {
  const rows: [Likelihood, string][] = [
    ['improbable', 'low low medium medium'],
    ['possible', 'low medium high high'],
    ['probable', 'medium high high critical'],
    ['highly_probable', 'medium high critical critical'],
  ];
  const impacts: Impact[] = ['low', 'medium', 'high', 'critical'];
  for (const [likelihood, row] of rows) {
    expect(impacts.map((impact) => severityOfLikelihood(likelihood, impact)).join(' ')).toBe(row);
  }
});

test.each<[string, AttackVector, Accessibility, Impact, string]>([
  ['topic that everyone may subscribe to', 'no_authorization', 'public', 'medium', 'high'],
  ['instance that allows the first metadata service', 'vulnerability', 'private', 'medium', 'medium'],
  ['guests get an administrator role', 'no_authorization', 'public', 'critical', 'critical'],
  ['administrator role that trusts everyone', 'no_authorization', 'public', 'critical', 'critical'],
  ['role without much that trusts everyone', 'no_authorization', 'public', 'medium', 'high'],
  ['instance with an administrator role', 'vulnerability', 'private', 'critical', 'high'],
  ['role with administrator rights', 'required_privileges', 'private', 'critical', 'medium'],
  ['user who can take several administrator roles', 'vulnerability', 'public', 'critical', 'critical'],
  ['role with a large permissions gap', 'required_privileges', 'private', 'medium', 'low'],
  ['user with a large permissions gap', 'vulnerability', 'private', 'medium', 'medium'],
])('%s', (_, vector, accessibility, impact, severity) => {
  expect(severityOfLikelihood(likelihoodOf(vector, accessibility), impact)).toBe(severity);
});
