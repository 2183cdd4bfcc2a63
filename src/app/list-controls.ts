import { InboxError } from '#base/inbox-error.ts';
import { type EffectiveControl, effectiveControls } from '#domain/control/effective-controls.ts';
import { type AppContext, permit } from './context.ts';

/** All controls as they count for the organisation, in the catalogue's order. */
export async function listControls(ctx: AppContext): Promise<readonly EffectiveControl[]> {
  permit(ctx, 'read');
  return [...effectiveControls(await ctx.controls.edits()).values()];
}

/** One control. Throws `not_found`. */
export async function showControl(
  ctx: AppContext,
  { id }: { readonly id: string },
): Promise<EffectiveControl> {
  permit(ctx, 'read');
  const control = effectiveControls(await ctx.controls.edits()).get(id);
  if (control === undefined) throw unknownControl(id);
  return control;
}

export function unknownControl(id: string): InboxError {
  return new InboxError('not_found', `There is no control "${id}". The command "controls list" prints them.`);
}
