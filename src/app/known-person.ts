import { InboxError } from '#base/inbox-error.ts';
import type { AppContext } from './context.ts';
import { normalName } from './normal-name.ts';

/** The name of somebody in its one spelling; null for nobody. Throws `usage` for a name that nobody has. */
export async function knownPerson(ctx: AppContext, name: string | null): Promise<string | null> {
  if (name === null) return null;
  const person = await ctx.people.byName(normalName(name));
  if (person === null)
    throw new InboxError(
      'usage',
      `Nobody is called "${name}". "person list" shows who is there, and "person add" adds somebody.`,
    );
  return person.name;
}
