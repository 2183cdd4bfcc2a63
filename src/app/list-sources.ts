import type { SourceView } from '#domain/ports/source-store.ts';
import { type AppContext, permit } from './context.ts';

/** The configured origins of reports, by name. */
export async function listSources(ctx: AppContext): Promise<readonly SourceView[]> {
  permit(ctx, 'read');
  return ctx.sources.list();
}
