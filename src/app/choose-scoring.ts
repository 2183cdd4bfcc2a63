import type { ScoringSettings } from '#domain/severity/scoring-settings.ts';
import { type AppContext, permit } from './context.ts';

/** What the organisation chose about how findings count. */
export async function showScoring(ctx: AppContext): Promise<ScoringSettings> {
  permit(ctx, 'read');
  return ctx.admission.scoring();
}

/** Changes what is given; everything that it is about is assessed anew at once. */
export async function chooseScoring(
  ctx: AppContext,
  change: { readonly [Name in keyof ScoringSettings]?: ScoringSettings[Name] | undefined },
): Promise<ScoringSettings> {
  permit(ctx, 'administer');
  const before = await ctx.admission.scoring();
  const after: ScoringSettings = {
    severityBasis: change.severityBasis ?? before.severityBasis,
    epssRule: change.epssRule ?? before.epssRule,
    privilegedAccess: change.privilegedAccess ?? before.privilegedAccess,
  };
  const names = Object.keys(after) as (keyof ScoringSettings)[];
  if (names.some((name) => after[name] !== before[name]))
    await ctx.admission.setScoring(after, ctx.actor.name);
  return after;
}
