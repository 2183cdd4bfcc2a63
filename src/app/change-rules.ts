import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { Condition } from '#domain/inbox/admission-rule.ts';
import type { EffectiveRule } from '#domain/inbox/effective-rules.ts';
import { type AppContext, permit } from './context.ts';
import { ruleNamed } from './list-rules.ts';
import { newId } from './new-id.ts';

/** Switches a rule on or off; what it takes in enters or leaves the inbox at once. Throws `not_found`. */
export async function switchRule(
  ctx: AppContext,
  { id, isEnabled }: { readonly id: string; readonly isEnabled: boolean },
): Promise<EffectiveRule> {
  permit(ctx, 'administer');
  const rule = await ruleNamed(ctx, id);
  if (rule.isEnabled !== isEnabled) await ctx.admission.switchRule(id, isEnabled, rule.types, ctx.actor.name);
  return ruleNamed(ctx, id);
}

export interface CloneRequest {
  readonly id: string;
  readonly title: string;
  /** What people read as its criterion; null: that of the original. */
  readonly sentence: string | null;
  /** Null: those of the original. */
  readonly types: readonly FindingType[] | null;
  readonly when: readonly Condition[] | null;
}

/** Makes a rule of the organisation out of another one, with what is to be different. Throws `not_found` and `usage`. */
export async function cloneRule(ctx: AppContext, request: CloneRequest): Promise<EffectiveRule> {
  permit(ctx, 'administer');
  const original = await ruleNamed(ctx, request.id);
  const title = oneLine(request.title, 200);
  if (title === '') throw new InboxError('usage', 'A rule needs a title that is not empty.');
  const types = request.types ?? original.types;
  if (types.length === 0) throw new InboxError('usage', 'A rule needs at least one type of finding.');
  const id = `own.${newId()}`;
  await ctx.admission.addRule(
    {
      id,
      title,
      sentence: oneLine(request.sentence ?? original.sentence, 500),
      types,
      when: request.when ?? original.when,
      clonedFrom: original.id,
    },
    ctx.actor.name,
  );
  return ruleNamed(ctx, id);
}

/** Takes a rule of the organisation away; default rules are switched off instead. Throws `not_found` and `usage`. */
export async function removeRule(ctx: AppContext, { id }: { readonly id: string }): Promise<void> {
  permit(ctx, 'administer');
  const rule = await ruleNamed(ctx, id);
  if (rule.isDefault)
    throw new InboxError('usage', `${id} ships with the product: "rules disable ${id}" switches it off.`);
  await ctx.admission.removeRule(id, rule.types, ctx.actor.name);
}
