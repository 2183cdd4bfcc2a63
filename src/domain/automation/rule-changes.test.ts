import { describe, expect, test } from 'vitest';
import { printQuery } from '../query/print-query.ts';
import { sampleRule } from './automation.test-sample.ts';
import type { AutomationRule } from './automation-rule.ts';
import { reachOf, ruleChanges } from './rule-changes.ts';

const mute = { type: 'mute', reason: 'no_fix', until: null, description: null } as const;
const rule = (id: string, query = `cve:${id}`, more: Partial<AutomationRule> = {}) =>
  sampleRule(id, mute, { query, ...more });
const [a, b, c, d] = [rule('a'), rule('b'), rule('c'), rule('d')];

describe('what a change can reach', () => {
  const reached = (before: readonly AutomationRule[], after: readonly AutomationRule[]) =>
    reachOf(before, after).map(({ condition }) => printQuery(condition));

  test.each<[string, readonly AutomationRule[], readonly AutomationRule[], readonly string[]]>([
    ['nothing where nothing differs', [a, b], [a, b], []],
    ['nothing by another name', [a, b], [a, { ...b, name: 'x' }], []],
    ['nothing by what is switched off', [a], [a, rule('b', 'b', { isEnabled: false })], []],
    ['one that is added', [a, c], [a, b, c], ['advisory:b']],
    ['one that is removed', [a, b, c], [a, c], ['advisory:b']],
    ['one as it was and as it is', [a, b], [a, rule('b', 'cve:x')], ['advisory:b', 'advisory:x']],
    [
      'those between which others moved',
      [a, b, c, d],
      [a, c, b, d],
      ['advisory:b', 'advisory:c', 'advisory:c', 'advisory:b'],
    ],
    [
      'all where nothing of an issue is asked for',
      [],
      [rule('x', 'severity:low -risk:in_production')],
      ['*'],
    ],
    [
      'what is asked for besides',
      [],
      [rule('x', 'severity:low control:s3 (kind:image OR tool:trivy)')],
      ['control:s3 (kind:image OR tool:trivy)'],
    ],
    ['all where one of two asks for something else', [], [rule('x', 'control:s3 OR severity:low')], ['*']],
    ['all where it is denied', [], [rule('x', '-control:s3')], ['*']],
    ['all where time changes it', [], [rule('x', 'cve:x first_seen:<now-30d')], ['*']],
  ])('%s', (_what, before, after, expected) => {
    expect(reached(before, after)).toEqual(expected);
  });
});

test('changes are told once for each rule: its content before its place', () => {
  const changed = { ...b, isEnabled: false };
  expect(
    ruleChanges([a, b, c, d], [rule('n'), d, changed, a]).map(({ id, what }) => `${what} ${id}`),
  ).toEqual(['removed c', 'added n', 'moved d', 'changed b', 'moved a']);
  expect(ruleChanges([a, b, c], [a, c])).toMatchObject([{ id: 'b', what: 'removed' }]);
  // As a database keeps an action, its members may come in another order.
  const reordered = {
    ...a,
    action: { description: null, until: null, reason: 'no_fix', type: 'mute' } as const,
  };
  expect(ruleChanges([a], [reordered])).toEqual([]);
});
