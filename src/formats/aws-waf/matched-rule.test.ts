import { expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { worstRule } from './matched-rule.ts';

const counted = (ruleId: string): JsonObject => ({
  nonTerminatingMatchingRules: [{ ruleId, action: 'COUNT' }],
});

it.each<[string, JsonObject, { rule: string; severity: string; isAttack: boolean } | null]>([
  ['let through by default', { action: 'ALLOW', terminatingRuleId: 'Default_Action' }, null],
  ['turned away by default', { action: 'BLOCK', terminatingRuleId: 'Default_Action' }, null],
  [
    'an own rule',
    { action: 'BLOCK', terminatingRuleId: 'geo' },
    { rule: 'geo', severity: 'low', isAttack: true },
  ],
  [
    'a rate rule',
    { action: 'BLOCK', terminatingRuleId: 'SQLi-rate', terminatingRuleType: 'RATE_BASED' },
    { rule: 'SQLi-rate', severity: 'low', isAttack: true },
  ],
  [
    'a managed rule that blocks',
    {
      action: 'BLOCK',
      terminatingRuleId: 'AWS-AWSManagedRulesCommonRuleSet',
      ruleGroupList: [{ ruleGroupId: 'AWS#Common', terminatingRule: { ruleId: 'GenericLFI_BODY' } }],
    },
    { rule: 'AWS#Common/GenericLFI_BODY', severity: 'medium', isAttack: true },
  ],
  [
    'a way of attack that is counted',
    counted('Log4JRCE_BODY'),
    { rule: 'Log4JRCE_BODY', severity: 'high', isAttack: true },
  ],
  [
    'anything else that is counted',
    counted('NoUserAgent_HEADER'),
    { rule: 'NoUserAgent_HEADER', severity: 'info', isAttack: false },
  ],
  [
    'a challenge',
    { action: 'CHALLENGE', terminatingRuleId: 'bots' },
    { rule: 'bots', severity: 'low', isAttack: true },
  ],
  [
    'the worst of several',
    { ...counted('SQLi_BODY'), action: 'BLOCK', terminatingRuleId: 'reputation' },
    { rule: 'SQLi_BODY', severity: 'high', isAttack: true },
  ],
])('%s', (_, record, expected) => {
  const worst = worstRule(record);
  expect(
    worst === null
      ? null
      : { rule: worst.rule, severity: worst.severity, isAttack: worst.whyNoAttack === null },
  ).toEqual(expected);
});
