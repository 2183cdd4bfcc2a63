import { oneIssue } from '#app/one-issue.ts';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { InboxAccess } from './inbox-access.ts';

/**
 * The id of the issue that a person means by its id, the beginning of it (at least 4 characters), its
 * key, or its advisory; muted and resolved ones too. Throws `not_found`, and `usage` where several are meant.
 */
export async function findIssue(inbox: Pick<InboxAccess, 'find'>, named: string): Promise<string> {
  const name = named.trim();
  const only = oneIssue(name, name === '' ? [] : await inbox.find(name));
  if (only === null)
    throw new InboxError(
      'not_found',
      `No issue has the id, key or advisory "${oneLine(name, 100)}". "list --all" prints the ids; four characters of one are enough.`,
    );
  return only;
}
