import type { Overview } from '#domain/ports/overview-store.ts';
import { type AppContext, permit } from './context.ts';

/** Where the risk is and whether it falls, over so many weeks. */
export async function showOverview(
  ctx: AppContext,
  { weeks }: { readonly weeks: number },
): Promise<Overview> {
  permit(ctx, 'read');
  return ctx.overview.overview(weeks);
}
