import type { ScoringSettings } from '#domain/severity/scoring-settings.ts';
import { type AppContext, permit } from './context.ts';

/** What the organisation chose about the severity of vulnerabilities. */
export async function showScoring(ctx: AppContext): Promise<ScoringSettings> {
  permit(ctx, 'read');
  return ctx.admission.scoring();
}

/** Changes what is given; all vulnerabilities are assessed anew at once. */
export async function chooseScoring(
  ctx: AppContext,
  change: { readonly [Name in keyof ScoringSettings]?: ScoringSettings[Name] | undefined },
): Promise<ScoringSettings> {
  permit(ctx, 'administer');
  const before = await ctx.admission.scoring();
  const after: ScoringSettings = {
    severityBasis: change.severityBasis ?? before.severityBasis,
    epssRule: change.epssRule ?? before.epssRule,
  };
  const isSame = after.severityBasis === before.severityBasis && after.epssRule === before.epssRule;
  if (!isSame) await ctx.admission.setScoring(after, ctx.actor.name);
  return after;
}
