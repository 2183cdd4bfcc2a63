import { InboxError } from '#base/inbox-error.ts';

/** Refusals become a result of their file; anything else is a fault of ours and ends the import. */
export function refusal(error: unknown): InboxError {
  if (error instanceof InboxError) return error;
  throw error;
}
