import type { AliasView } from '#domain/ports/alias-store.ts';
import { type AppContext, permit } from './context.ts';

/** The other names of advisories that the inbox knows, with who told them. */
export async function listAliases(ctx: AppContext): Promise<readonly AliasView[]> {
  permit(ctx, 'read');
  return ctx.aliases.list();
}
