import { InboxError } from '#base/inbox-error.ts';
import { type EffectiveRule, effectiveRules } from '#domain/inbox/effective-rules.ts';
import { type AppContext, permit } from './context.ts';

/** All rules of admission as they count for the organisation, the default ones first. */
export async function listRules(ctx: AppContext): Promise<readonly EffectiveRule[]> {
  permit(ctx, 'read');
  return effectiveRules(await ctx.admission.edits());
}

/** One of them. Throws `not_found`. */
export async function ruleNamed(ctx: AppContext, id: string): Promise<EffectiveRule> {
  const rule = effectiveRules(await ctx.admission.edits()).find((each) => each.id === id);
  if (rule === undefined)
    throw new InboxError('not_found', `There is no rule "${id}". The command "rules list" prints them.`);
  return rule;
}
