import { InboxError } from '#base/inbox-error.ts';
import type { AutomationRule, NewAutomationRule, RuleType } from '#domain/automation/automation-rule.ts';
import { type RuleChange, ruleChanges } from '#domain/automation/rule-changes.ts';
import { ruleFaults } from '#domain/automation/rule-faults.ts';
import { plainText, ticketText } from '#domain/delivery/ticket-text.ts';
import type { PreviewedRules, SampleTicket, TellProgress } from '#domain/ports/automation-store.ts';
import { readRulesFile } from './automation/read-rules-file.ts';
import { type AppContext, permit } from './context.ts';

/** A change of the rules of an organisation that act on findings. */
export type RulesEdit =
  /** A file: its lists stand in the place of what is there of their types. */
  | { readonly what: 'file'; readonly text: string }
  /** Puts a rule at a place of its type, from 1; null: where it is, a new one at the end. */
  | { readonly what: 'put'; readonly rule: NewAutomationRule; readonly position: number | null }
  | { readonly what: 'remove'; readonly id: string }
  | { readonly what: 'switch'; readonly id: string; readonly isEnabled: boolean }
  /** All rules of a type in another order. */
  | { readonly what: 'order'; readonly type: RuleType; readonly ids: readonly string[] };

/** Changes the rules; issues follow before it answers. Throws `usage` and `not_found`, and then nothing has changed. */
export async function changeAutomation(
  ctx: AppContext,
  edit: RulesEdit,
  tell: TellProgress = () => undefined,
): Promise<readonly RuleChange[]> {
  permit(ctx, 'administer');
  return ctx.automation.change(editorOf(edit), ctx.actor.name, tell);
}

/** What such a change would do, exactly; nothing is changed. Throws as the change does. */
export async function previewAutomation(ctx: AppContext, edit: RulesEdit): Promise<PreviewedRules> {
  permit(ctx, 'read');
  const preview = await ctx.automation.preview(editorOf(edit));
  const tickets: SampleTicket[] = [];
  for (const { rule, issue } of preview.tickets) {
    const view = await ctx.inbox.view(issue.id);
    // It is gone since it was looked at.
    if (view === null) continue;
    const { severity, score, dueAt } = issue;
    const ticket = ticketText('', { ...view, row: { ...view.row, severity, score, dueAt } }, null);
    tickets.push({ rule, issueId: issue.id, title: ticket.title, text: plainText(ticket) });
  }
  return { ...preview, tickets };
}

/** What a rules file would change, without looking at any finding. Throws `usage`. */
export async function diffRulesFile(
  ctx: AppContext,
  { text }: { readonly text: string },
): Promise<readonly RuleChange[]> {
  permit(ctx, 'read');
  const edit = editorOf({ what: 'file', text });
  const rules = await ctx.automation.rules();
  return ruleChanges(rules, edit(rules));
}

function editorOf(edit: RulesEdit): (rules: readonly AutomationRule[]) => readonly NewAutomationRule[] {
  // A file is read before anything is locked.
  const file = edit.what === 'file' ? readRulesFile(edit.text) : null;
  return (rules) => {
    const edited =
      file === null
        ? editedBy(rules, edit)
        : [...rules.filter(({ action }) => !file.types.has(action.type)), ...file.rules];
    const [fault] = ruleFaults(edited);
    if (fault !== undefined)
      throw new InboxError('usage', fault.message, {
        details: fault.queryPlace === undefined ? {} : { queryPlace: fault.queryPlace },
      });
    return edited;
  };
}

function editedBy(rules: readonly AutomationRule[], edit: RulesEdit): readonly NewAutomationRule[] {
  switch (edit.what) {
    case 'file':
      return rules;
    case 'put':
      return withRule(rules, edit.rule, edit.position);
    case 'remove':
      ruleOf(rules, edit.id);
      return rules.filter(({ id }) => id !== edit.id);
    case 'switch':
      ruleOf(rules, edit.id);
      return rules.map((rule) => (rule.id === edit.id ? { ...rule, isEnabled: edit.isEnabled } : rule));
    case 'order':
      return inOrder(rules, edit.type, edit.ids);
  }
}

function ruleOf(rules: readonly AutomationRule[], id: string): AutomationRule {
  const rule = rules.find((each) => each.id === id);
  if (rule === undefined)
    throw new InboxError('not_found', `There is no rule "${id}". The command "rules list" prints them.`);
  return rule;
}

function withRule(
  rules: readonly AutomationRule[],
  rule: NewAutomationRule,
  position: number | null,
): readonly NewAutomationRule[] {
  const { type } = rule.action;
  const ofType = rules.filter(({ action }) => action.type === type);
  const at = position === null ? ofType.findIndex(({ id }) => id === rule.id) : position - 1;
  const others: NewAutomationRule[] = ofType.filter(({ id }) => id !== rule.id);
  others.splice(at < 0 ? others.length : at, 0, rule);
  return [...rules.filter(({ id, action }) => action.type !== type && id !== rule.id), ...others];
}

/** Throws `usage` unless each rule of the type is named once, and no other. */
function inOrder(
  rules: readonly AutomationRule[],
  type: RuleType,
  ids: readonly string[],
): readonly NewAutomationRule[] {
  const ofType = new Map(rules.filter(({ action }) => action.type === type).map((rule) => [rule.id, rule]));
  const missing = [...ofType.keys()].filter((id) => !ids.includes(id));
  const foreign = ids.filter((id, index) => !ofType.has(id) || ids.indexOf(id) !== index);
  if (missing.length + foreign.length > 0) {
    const parts = [
      ...(missing.length === 0 ? [] : [`${missing.join(', ')} is missing`]),
      ...(foreign.length === 0 ? [] : [`${foreign.join(', ')} is none of them or named twice`]),
    ];
    throw new InboxError(
      'usage',
      `An order names each rule on ${type} once: ${parts.join('; ')}. Nothing was changed.`,
    );
  }
  return [
    ...rules.filter(({ action }) => action.type !== type),
    ...ids.map((id) => ofType.get(id) as AutomationRule),
  ];
}
