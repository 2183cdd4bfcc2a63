import {
  type PlannedFix,
  type PlannedFixes,
  type PlanOrder,
  planFixes as plan,
} from '#domain/attackpath/fix-plan.ts';
import type { AssignedFix } from '#domain/ports/path-store.ts';
import { type AppContext, permit } from './context.ts';

/** A plan of fixes with what people decided about them. */
export interface FixPlanView extends Omit<PlannedFixes, 'fixes'> {
  readonly fixes: readonly (PlannedFix & { readonly assigned: AssignedFix | null })[];
}

/** The fixes that take the most risk of attack paths, one after another; the cheapest first where that is asked for. */
export async function planFixes(
  ctx: AppContext,
  { order = 'risk' }: { readonly order?: PlanOrder } = {},
): Promise<FixPlanView> {
  permit(ctx, 'read');
  const { facts, notes } = await ctx.paths.facts('outside');
  const assigned = new Map((await ctx.paths.fixes()).map((fix) => [fix.id, fix]));
  const planned = plan(facts, order);
  return {
    ...planned,
    fixes: planned.fixes.map((fix) => ({ ...fix, assigned: assigned.get(fix.id) ?? null })),
    notes: [...notes, ...planned.notes],
  };
}
