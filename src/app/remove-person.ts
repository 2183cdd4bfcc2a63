import { InboxError } from '#base/inbox-error.ts';
import { type AppContext, permit } from './context.ts';
import { normalName } from './normal-name.ts';

/** Removes a person: links, sessions and tokens end at once; what they decided stays. Throws `not_found`. */
export async function removePerson(ctx: AppContext, { name }: { readonly name: string }): Promise<void> {
  permit(ctx, 'administer');
  if (await ctx.people.remove(normalName(name), ctx.actor.name)) return;
  throw new InboxError('not_found', `Nobody is called "${name}". "person list" shows who is there.`);
}
