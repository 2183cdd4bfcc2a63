import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { ToldOwners } from '#domain/ports/owner-store.ts';
import { type AppContext, permit } from './context.ts';
import { type OwnerRows, readOwnerRows } from './owner-rows.ts';

const NAME_MAX = 100;

/** What the organisation says about owners. */
export async function listOwners(ctx: AppContext): Promise<ToldOwners> {
  permit(ctx, 'read');
  return ctx.owners.list();
}

/**
 * Puts a file of preferences in the place of those before (attack-paths §7.3); rows that cannot be used are told and left out. Whose
 * everything is is derived anew at once. Throws `usage` for what is no such file.
 */
export async function applyOwners(ctx: AppContext, { text }: { readonly text: string }): Promise<OwnerRows> {
  permit(ctx, 'administer');
  const rows = readOwnerRows(text);
  await ctx.owners.replace(rows, ctx.actor.name);
  return rows;
}

/** A person says whose a resource is: it is the answer, whatever tags and catalogues say. Throws `not_found`. */
export async function acceptOwner(
  ctx: AppContext,
  request: { readonly resource: string; readonly owner: string },
): Promise<{ readonly resource: string; readonly owner: string }> {
  permit(ctx, 'triage');
  const owner = oneLine(request.owner, NAME_MAX).trim();
  if (owner === '') throw new InboxError('usage', 'An owner was expected, found none.');
  const resource = await ctx.owners.accept(request.resource.trim(), owner, ctx.actor.name);
  if (resource === null) throw unknown(request.resource);
  return { resource, owner };
}

/** Nobody is accepted for a resource any more. Throws `not_found`. */
export async function withdrawOwner(ctx: AppContext, request: { readonly resource: string }): Promise<void> {
  permit(ctx, 'triage');
  if (!(await ctx.owners.withdraw(request.resource.trim(), ctx.actor.name)))
    throw new InboxError(
      'not_found',
      `Nobody was accepted as the owner of ${oneLine(request.resource, 200)}. "owners list" prints whose resources were accepted.`,
    );
}

function unknown(resource: string): InboxError {
  return new InboxError('not_found', `No inventory and no report knows ${oneLine(resource, 200)}.`);
}
