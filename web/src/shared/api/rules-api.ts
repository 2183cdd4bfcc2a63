import {
  type CloneRuleBody,
  type InboxRule,
  inboxRuleListSchema,
  inboxRuleSchema,
} from '../../../../src/contract/admission-rules.ts';
import {
  type AutomationRuleList,
  automationRuleListSchema,
  type RuleChange,
  type RulesEdit,
  type RulesPreview,
  ruleChangesSchema,
  rulesFileSchema,
  rulesPreviewSchema,
} from '../../../../src/contract/automation-rule.ts';
import { post, readAs } from './call-api.ts';

/** The rules of the organisation, by type and in the order in which they are asked. */
export function getAutomation(signal: AbortSignal): Promise<AutomationRuleList> {
  return readAs(automationRuleListSchema, '/rules/automation', { signal });
}

/** All of them as a rules file. */
export function getRulesFile(signal: AbortSignal): Promise<{ readonly text: string }> {
  return readAs(rulesFileSchema, '/rules/automation/export', { signal });
}

/** What a change of the rules would do, exactly; nothing is changed. */
export function previewRules(edit: RulesEdit, signal: AbortSignal): Promise<RulesPreview> {
  return readAs(rulesPreviewSchema, '/rules/automation/preview', { ...post(edit), signal });
}

export function changeRules(edit: RulesEdit): Promise<{ readonly changes: readonly RuleChange[] }> {
  return readAs(ruleChangesSchema, '/rules/automation', post(edit));
}

/** The rules of admission, the default ones first. */
export function getInboxRules(signal: AbortSignal): Promise<{ readonly items: readonly InboxRule[] }> {
  return readAs(inboxRuleListSchema, '/rules', { signal });
}

export function switchInboxRule(id: string, isOn: boolean): Promise<InboxRule> {
  return readAs(inboxRuleSchema, `/rules/${encodeURIComponent(id)}/${isOn ? 'enable' : 'disable'}`, post({}));
}

export function cloneInboxRule(id: string, body: CloneRuleBody): Promise<InboxRule> {
  return readAs(inboxRuleSchema, `/rules/${encodeURIComponent(id)}/clone`, post(body));
}

export function removeInboxRule(id: string): Promise<{ readonly items: readonly InboxRule[] }> {
  return readAs(inboxRuleListSchema, `/rules/${encodeURIComponent(id)}`, { method: 'DELETE' });
}
