import type { ListedSignal, SignalRequest } from '#domain/ports/explorer-store.ts';
import { type AppContext, permit } from './context.ts';
import { type CutPage, cutPage } from './cut-page.ts';

/** Observed attacks and the events beside them, the latest first. */
export async function listSignals(ctx: AppContext, request: SignalRequest): Promise<CutPage<ListedSignal>> {
  permit(ctx, 'read');
  return cutPage(await ctx.explorer.signals(request), request.limit);
}
