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

it.each([
  ['Log4JRCE_HEADER', 'high', ['T1190']],
  ['JavaDeserializationRCE_BODY', 'high', ['T1190']],
  ['GenericRFI_QUERYARGUMENTS', 'high', ['T1190']],
  ['UNIXShellCommandsVariables_BODY', 'high', ['T1190']],
  ['PowerShellCommands_BODY', 'high', ['T1190']],
  ['PHPHighRiskMethodsVariables_BODY', 'high', ['T1190']],
  ['SQLiExtendedPatterns_BODY', 'high', ['T1190']],
  ['SQL_INJECTION', 'high', ['T1190']],
  ['EC2MetaDataSSRF_BODY', 'high', ['T1190']],
  ['GenericLFI_URIPATH', 'medium', ['T1190']],
  ['RestrictedExtensions_URIPATH', 'medium', ['T1190']],
  ['CrossSiteScripting_BODY', 'medium', ['T1189']],
  ['XSS', 'medium', ['T1189']],
  ['ExploitablePaths_URIPATH', 'medium', ['T1190']],
  ['WordPressExploitableCommands_QUERYSTRING', 'medium', ['T1190']],
  ['AWSManagedRulesATPRuleSet', 'medium', ['T1110']],
  ['VolumetricSession', 'medium', ['T1110']],
] as const)('the managed rule %s is a way of attack: %s', (rule, severity, techniques) => {
  expect(worstRule(counted(rule))).toEqual({ rule, severity, techniques, whyNoAttack: null });
});

it('a rule in a group that is excluded or counts is named with its group; its conditions tell too', () => {
  const match = { ruleId: 'own', ruleMatchDetails: [{ conditionType: 'XSS' }] };
  expect(worstRule({ ruleGroupList: [{ ruleGroupId: 'g', excludedRules: [match] }] })).toMatchObject({
    rule: 'g/own',
    severity: 'medium',
  });
  expect(
    worstRule({ ruleGroupList: [{ ruleGroupId: 'g', nonTerminatingMatchingRules: [match] }] })?.rule,
  ).toBe('g/own');
  expect(worstRule({ ruleGroupList: [{ nonTerminatingMatchingRules: [match, {}] }] })?.rule).toBe('own');
  const details = [{ conditionType: 'SQL_INJECTION' }];
  expect(
    worstRule({ action: 'ALLOW', terminatingRuleId: 'let', terminatingRuleMatchDetails: details }),
  ).toMatchObject({ rule: 'let', severity: 'high', whyNoAttack: null });
  expect(worstRule({ action: 'BLOCK', terminatingRuleMatchDetails: details })).toMatchObject({
    rule: 'Default_Action',
    severity: 'high',
  });
  expect(
    worstRule({ action: 'BLOCK', terminatingRuleId: 'own', labels: [{ name: 'awswaf:managed:aws:xss:x' }] }),
  ).toMatchObject({ rule: 'own', severity: 'medium' });
});
