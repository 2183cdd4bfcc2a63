import { InboxError } from '#base/inbox-error.ts';

/** What the inbox answers about an issue. Throws `not_found` where it is null: there is no such issue. */
export function knownIssue<Answer>(id: string, answer: Answer | null): Answer {
  if (answer === null)
    throw new InboxError('not_found', `There is no issue ${id}. The command "list" prints the ids.`);
  return answer;
}
