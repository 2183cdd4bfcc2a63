import type { Instant } from '#base/instant.ts';
import { type MissingInput, missingInputs } from '#domain/risk/missing-inputs.ts';
import { type AppContext, permit } from './context.ts';

const SHOWN = 20;

/** The inputs that nobody supplied and that would turn most unknown risks into yes or no, at most 20, and as of when. */
export async function listMissing(
  ctx: AppContext,
): Promise<{ readonly items: readonly MissingInput[]; readonly countedAt: Instant }> {
  permit(ctx, 'read');
  const { lacks, countedAt } = await ctx.explorer.lacks();
  return { items: missingInputs(lacks, SHOWN), countedAt };
}
