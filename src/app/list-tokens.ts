import type { TokenView } from '#domain/ports/people-store.ts';
import { type AppContext, permit } from './context.ts';

/** The tokens that were not revoked, newest first; those that have expired are among them. */
export async function listTokens(ctx: AppContext): Promise<readonly TokenView[]> {
  permit(ctx, 'administer');
  return ctx.people.listTokens();
}
