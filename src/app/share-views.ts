import { InboxError } from '#base/inbox-error.ts';
import type { JsonObject } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import type { SharedView } from '#domain/ports/view-store.ts';
import { type AppContext, isRoleWithin, permit } from './context.ts';
import { normalName } from './normal-name.ts';

const VIEWS_MAX = 100;
const NAME_MAX = 60;

/** The lists by name that all of the organisation sees, by name. */
export async function listViews(ctx: AppContext): Promise<readonly SharedView[]> {
  permit(ctx, 'read');
  return ctx.views.list();
}

/**
 * Shares a list by name, in the place of one of that name. Throws `usage` without a name and when there are 100 already,
 * and `forbidden` where another person shared that name, but for an administrator.
 */
export async function shareView(
  ctx: AppContext,
  request: { readonly name: string; readonly search: JsonObject },
): Promise<void> {
  permit(ctx, 'triage');
  const name = oneLine(normalName(request.name), NAME_MAX).trim();
  if (name === '') throw new InboxError('usage', 'A view needs a name.');
  const views = await ctx.views.list();
  const before = views.find((view) => view.name === name);
  if (before === undefined && views.length >= VIEWS_MAX)
    throw new InboxError('usage', `There are ${VIEWS_MAX} shared views already. Remove one first.`);
  if (before !== undefined) permitOwn(ctx, before);
  await ctx.views.put({ name, search: request.search, actor: ctx.actor.name, at: ctx.clock.now() });
}

/** It is shared no longer. Whoever shared it may do that, and an administrator. Throws `not_found` and `forbidden`. */
export async function removeView(ctx: AppContext, request: { readonly name: string }): Promise<void> {
  permit(ctx, 'triage');
  const name = normalName(request.name);
  const view = (await ctx.views.list()).find((each) => each.name === name);
  if (view !== undefined) permitOwn(ctx, view);
  if (view === undefined || !(await ctx.views.remove(name, ctx.actor.name, ctx.clock.now())))
    throw new InboxError('not_found', `There is no shared view ${oneLine(name, NAME_MAX)}.`);
}

function permitOwn({ actor: { name, role } }: AppContext, view: SharedView): void {
  const isAdministrator = role !== 'ingest' && isRoleWithin('administer', role);
  if (view.actor !== name && !isAdministrator)
    throw new InboxError(
      'forbidden',
      `${oneLine(view.actor, NAME_MAX)} shared that view; they or an administrator can change it.`,
    );
}
