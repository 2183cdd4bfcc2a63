import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';

/** The only issue that a name can mean; null where it means none. Throws `usage` where it means several, and lists them. */
export function oneIssue(name: string, ids: readonly string[]): string | null {
  const [only = null, ...others] = ids;
  if (others.length > 0) throw severalIssues(name, ids);
  return only;
}

/** The refusal of a name that can mean several issues. */
export function severalIssues(name: string, ids: readonly string[]): InboxError {
  return new InboxError(
    'usage',
    `"${oneLine(name, 100)}" could mean several issues: ${ids.join(', ')}. Name one of them.`,
  );
}
