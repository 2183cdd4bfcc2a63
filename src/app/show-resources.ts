import type { ResourceView } from '#domain/ports/resource-store.ts';
import { type AppContext, permit } from './context.ts';

/** What is known of these resources, in the order of their ids; null for those that are not known. */
export async function showResources(
  ctx: AppContext,
  { ids }: { readonly ids: readonly string[] },
): Promise<readonly (ResourceView | null)[]> {
  permit(ctx, 'read');
  return ctx.resources.view(ids.map((id) => id.trim()));
}
