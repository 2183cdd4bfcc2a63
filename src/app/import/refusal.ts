import { InboxError } from '#base/inbox-error.ts';

/** Refusals become a result of their file; a database that went away is no file's, and a fault of ours neither: both end the import. */
export function refusal(error: unknown): InboxError {
  if (error instanceof InboxError && error.code !== 'database_unreachable') return error;
  throw error;
}
