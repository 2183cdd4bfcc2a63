import type { IssueSelection } from '#app/selected-issues.ts';
import { InboxError } from '#base/inbox-error.ts';
import { listingFilter } from '#contract/from-domain/listing-filter.ts';
import type { BulkActionBody } from '#contract/issue-action.ts';

/** The issues that a body means. Throws `usage` where it says both or neither. */
export function selectionOf({ ids, listing }: Pick<BulkActionBody, 'ids' | 'listing'>): IssueSelection {
  if ((ids === undefined) === (listing === undefined))
    throw new InboxError(
      'usage',
      'Issues are given by "ids", or by a "listing" that holds them: by one of both.',
    );
  return ids !== undefined ? { ids } : { listing: listingFilter(listing ?? {}) };
}
