import { hasRunOut } from '#domain/automation/apply-automation.ts';
import { type AutomationRule, RULE_TYPES } from '#domain/automation/automation-rule.ts';
import { rulesInForce } from '#domain/automation/rules-in-force.ts';
import type { RunningChange } from '#domain/ports/automation-store.ts';
import { writeRulesFile } from './automation/write-rules-file.ts';
import { type AppContext, permit } from './context.ts';

/** A rule with what it does now. */
export interface ListedRule {
  readonly rule: AutomationRule;
  /** Its place in the list of its type, from 1. */
  readonly position: number;
  /** Open findings on which it acts, and the issues that they are of. */
  readonly findings: number;
  readonly issues: number;
  /** Findings that match it and on which an earlier rule acts instead, by that rule. */
  readonly takenBy: readonly { readonly id: string; readonly findings: number }[];
  /**
   * `acts`; `no match`: no open finding matches; `shadowed`: earlier rules act on all that match; `off`; `over`: it
   * muted for a time; `unreadable`: this program does not know what it asks for.
   */
  readonly state: 'acts' | 'no match' | 'shadowed' | 'off' | 'over' | 'unreadable';
  /** What to do about it; null where it acts. */
  readonly sentence: string | null;
}

/** The change of the rules that is at work now, with how far it has come; null: none is. */
export function showRunningChange(ctx: AppContext): Promise<RunningChange | null> {
  permit(ctx, 'read');
  return ctx.automation.running();
}

/** The rules that act on findings, by type and in their order. */
export async function listAutomation(ctx: AppContext): Promise<readonly ListedRule[]> {
  permit(ctx, 'read');
  const [rules, matches] = await Promise.all([ctx.automation.rules(), ctx.automation.matches()]);
  const { unreadable } = rulesInForce(rules);
  const byRule = Map.groupBy(matches, ({ rule }) => rule);
  return RULE_TYPES.flatMap((type) =>
    rules
      .filter(({ action }) => action.type === type)
      .map((rule, index): ListedRule => {
        const own = byRule.get(rule.id) ?? [];
        const acting = own.find(({ takenBy }) => takenBy === null);
        const takenBy = own.flatMap(({ takenBy: id, findings }) => (id === null ? [] : [{ id, findings }]));
        const listed = {
          rule,
          position: index + 1,
          findings: acting?.findings ?? 0,
          issues: acting?.issues ?? 0,
          takenBy,
        };
        return { ...listed, ...stateOf(listed, unreadable.get(rule.id), ctx.clock.now()) };
      }),
  );
}

function stateOf(
  { rule, findings, takenBy }: Pick<ListedRule, 'rule' | 'findings' | 'takenBy'>,
  unreadable: string | undefined,
  now: number,
): Pick<ListedRule, 'state' | 'sentence'> {
  if (!rule.isEnabled) return { state: 'off', sentence: 'It is switched off.' };
  if (unreadable !== undefined) return { state: 'unreadable', sentence: unreadable };
  if (hasRunOut(rule, now))
    return { state: 'over', sentence: 'Its time is over: it mutes nothing any more.' };
  if (findings > 0) return { state: 'acts', sentence: null };
  if (takenBy.length === 0) return { state: 'no match', sentence: 'No open finding matches it.' };
  return {
    state: 'shadowed',
    sentence: `On every finding that matches it an earlier rule acts: ${takenBy.map(({ id }) => id).join(', ')}. Move it before, or make that one narrower.`,
  };
}

/** The rules as a file that "rules apply" reads as the same rules. */
export async function exportAutomation(ctx: AppContext): Promise<string> {
  permit(ctx, 'read');
  return writeRulesFile(await ctx.automation.rules());
}
