import type { Network } from '#domain/ports/network-store.ts';
import { type AppContext, permit } from './context.ts';

/** The ranges of addresses that the organisation calls its own. */
export async function listNetworks(ctx: AppContext): Promise<readonly Network[]> {
  permit(ctx, 'read');
  return ctx.networks.list();
}
