import { expect, test } from 'vitest';
import { type Rule, RuleTable, readRule, securitySeverity } from './sarif-rule.ts';

test.each([
  ['9.8', 'critical'],
  [7, 'high'],
  ['4.0', 'medium'],
  ['0.1', 'low'],
  ['0', 'info'],
  ['HIGH', 'high'],
  ['10', 'critical'],
  ['10.1', undefined],
  ['-0.1', undefined],
  ['Infinity', undefined],
  ['', undefined],
  [null, undefined],
  [{}, undefined],
])('security-severity %j is %s', (value, severity) => {
  expect(securitySeverity({ 'security-severity': value })).toBe(severity);
});

test.each([[null], ['x'], [{}], [{ id: 7 }], [{ id: '' }]])('%j is no rule', (value) => {
  expect(readRule(value)).toBeUndefined();
});

test('weaknesses come from tags, properties and relationships to the taxonomy', () => {
  const rule = readRule({
    id: 'r',
    properties: { tags: ['external/cwe/cwe-079'], cwe: 'CWE-89: SQL' },
    relationships: [
      { target: { id: 'CWE-327' } },
      { target: { id: '22', toolComponent: { name: 'CWE' } } },
      { target: { id: '5', toolComponent: { name: 'Categories' } } },
    ],
  });
  expect(rule?.cwes).toEqual([22, 79, 89, 327]);
});

function table(): RuleTable {
  const rules = new RuleTable();
  for (const id of ['a', 'b']) rules.add(null, readRule({ id }));
  for (const id of ['x', 'y']) rules.add(1, readRule({ id }));
  return rules;
}

test.each([
  [{ ruleId: 'b' }, 'b'],
  [{ ruleIndex: 0 }, 'a'],
  [{ ruleId: 'b', ruleIndex: 1 }, 'b'],
  [{ ruleId: 'b', ruleIndex: 0 }, 'b'],
  [{ ruleId: 'b/sub', ruleIndex: 1 }, 'b'],
  [{ ruleId: 'a/sub' }, 'a'],
  [{ rule: { index: 1, toolComponent: { index: 1 } } }, 'y'],
  [{ ruleId: 'x' }, 'x'],
  [{ ruleIndex: -1 }, undefined],
  [{ ruleIndex: 99 }, undefined],
  [{ ruleId: 'constructor' }, undefined],
  [{}, undefined],
])('the rule of %j is %s', (result, id) => {
  expect(table().of(result)?.id).toBe(id);
});

test('a rule that cannot be read keeps the indices of the others', () => {
  const rules = new RuleTable();
  rules.add(null, readRule('broken'));
  rules.add(null, readRule({ id: 'second' }));
  expect((rules.of({ ruleIndex: 1 }) as Rule).id).toBe('second');
});
