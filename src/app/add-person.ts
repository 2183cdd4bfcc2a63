import { InboxError } from '#base/inbox-error.ts';
import type { Person, Role } from '#domain/ports/people-store.ts';
import { type AppContext, permit } from './context.ts';
import { newId } from './new-id.ts';
import { normalName } from './normal-name.ts';

/** Letters, digits and marks of any script, and what names and addresses hold beside them. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@+'-]{0,99}$/u;

/** Adds a person. Throws `usage` for a name that cannot be one, `conflict` for one that is taken. */
export async function addPerson(
  ctx: AppContext,
  { name, role }: { readonly name: string; readonly role: Role },
): Promise<Person> {
  permit(ctx, 'administer');
  const normal = normalName(name);
  if (!NAME.test(normal)) {
    throw new InboxError(
      'usage',
      "A name begins with a letter or digit and has at most 100 letters, digits, spaces and . _ @ + ' -.",
    );
  }
  const person = await ctx.people.add({ id: newId(), name: normal, role }, ctx.actor.name);
  if (person !== null) return person;
  throw new InboxError(
    'conflict',
    `Somebody is called "${normal}" already. Choose another name, or remove that person first.`,
  );
}
