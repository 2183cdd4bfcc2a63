import type {
  ListedResource,
  Neighbour,
  ResourcePage,
  ResourceRequest,
} from '#domain/ports/explorer-store.ts';
import { type AppContext, permit } from './context.ts';
import { type CutPage, cutPage } from './cut-page.ts';

/** The resources of the estate by key, and how many of each type there are. */
export async function listResources(
  ctx: AppContext,
  request: ResourceRequest,
): Promise<CutPage<ListedResource> & Pick<ResourcePage, 'types' | 'isMore'>> {
  permit(ctx, 'read');
  const page = await ctx.explorer.resources(request);
  return { ...cutPage(page, request.limit), types: page.types, isMore: page.isMore };
}

/** What is one relation away from a resource; empty for one that is not known. */
export async function listNeighbours(
  ctx: AppContext,
  { key }: { readonly key: string },
): Promise<readonly Neighbour[]> {
  permit(ctx, 'read');
  return ctx.explorer.neighbours(key);
}
