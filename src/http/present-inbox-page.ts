import type { InboxListing } from '#app/list-inbox.ts';
import { presentIssue } from '#contract/from-domain/present-issue.ts';
import type { InboxPage } from '#contract/inbox-page.ts';
import { writeCursor } from './inbox-cursor.ts';

export function presentInboxPage({
  items,
  query,
  next,
  totals,
  facets,
  holdingBack,
}: InboxListing): InboxPage {
  return {
    items: items.map(presentIssue),
    query,
    nextCursor: next === null ? null : writeCursor(next),
    total: totals.total,
    admittedTotal: totals.admitted,
    waiting: totals.waiting,
    holdingBack: [...holdingBack],
    facets,
  };
}
