import { type AppContext, permit } from './context.ts';

/** Ids of the issues that a person can mean by an id, the beginning of one, a key or an advisory; empty: none, at most 10. */
export async function findIssue(
  ctx: AppContext,
  { name }: { readonly name: string },
): Promise<readonly string[]> {
  permit(ctx, 'read');
  return ctx.inbox.find(name.trim());
}
