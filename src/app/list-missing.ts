import { type MissingInput, missingInputs } from '#domain/risk/missing-inputs.ts';
import { type AppContext, permit } from './context.ts';

const SHOWN = 20;

/** The inputs that nobody supplied and that would turn most unknown risks into yes or no, at most 20. */
export async function listMissing(ctx: AppContext): Promise<readonly MissingInput[]> {
  permit(ctx, 'read');
  return missingInputs(await ctx.explorer.lacks(), SHOWN);
}
