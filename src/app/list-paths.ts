import type { PathList } from '#domain/ports/path-store.ts';
import { type AppContext, permit } from './context.ts';

/** The attack paths of open issues, in the order of the inbox, and what was left out of the search. */
export async function listPaths(ctx: AppContext): Promise<PathList> {
  permit(ctx, 'read');
  return ctx.paths.list();
}
