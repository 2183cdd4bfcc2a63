import { InboxError } from '#base/inbox-error.ts';
import type { Person } from '#domain/ports/people-store.ts';
import type { AppContext } from './context.ts';
import { newId } from './new-id.ts';
import { normalName } from './normal-name.ts';

/** What the first administrator of an installation is called. */
export const FIRST_ADMINISTRATOR = 'admin';

/** The person of that name; without one the oldest administrator, made where there is none. Throws `not_found`. */
export async function personNamed(ctx: AppContext, name: string | null): Promise<Person> {
  if (name === null) return anyAdministrator(ctx);
  const person = await ctx.people.byName(normalName(name));
  if (person !== null) return person;
  throw new InboxError('not_found', `Nobody is called "${name}". "person list" shows who is there.`);
}

async function anyAdministrator({ people, actor }: AppContext): Promise<Person> {
  const oldest = await people.oldestAdministrator();
  if (oldest !== null) return oldest;
  // The link that the server printed when it started signs them in, too.
  const id = (await people.idOfFirstLink()) ?? newId();
  const person =
    (await people.add({ id, name: FIRST_ADMINISTRATOR, role: 'administer' }, actor.name)) ??
    // Somebody else made them between the two questions.
    (await people.oldestAdministrator());
  if (person !== null) return person;
  throw new InboxError(
    'conflict',
    `Nobody is an administrator, and the name "${FIRST_ADMINISTRATOR}" belongs to somebody with a smaller role. Make one with "person add NAME --role administer".`,
  );
}
