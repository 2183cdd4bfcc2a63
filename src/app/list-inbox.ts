import { type HoldingBack, holdingBack } from '#domain/inbox/holding-back.ts';
import type { InboxFacets, InboxPageRequest, InboxTotals, IssueRow } from '#domain/ports/inbox-store.ts';
import { type AppContext, permit } from './context.ts';

export interface InboxListing {
  readonly items: readonly IssueRow[];
  /** Where the next page begins; null: this was the last. */
  readonly next: { readonly rank: bigint; readonly id: string } | null;
  readonly totals: InboxTotals;
  readonly facets: InboxFacets;
  /** The conditions that hold back most, while the inbox admits little; empty otherwise. */
  readonly holdingBack: readonly HoldingBack[];
}

/** While fewer issues than this are admitted, a listing says what holds the others back. */
const LITTLE = 10;

/** One page of the inbox in rank order, with exact counts. */
export async function listInbox(ctx: AppContext, request: InboxPageRequest): Promise<InboxListing> {
  permit(ctx, 'read');
  const [items, { totals, facets }] = await Promise.all([
    ctx.inbox.list({ ...request, limit: request.limit + 1 }),
    ctx.inbox.counts(request),
  ]);
  const page = items.slice(0, request.limit);
  const last = page.at(-1);
  return {
    items: page,
    next: items.length > request.limit && last !== undefined ? { rank: last.rank, id: last.id } : null,
    totals,
    facets,
    holdingBack: totals.admitted < LITTLE && totals.waiting > 0 ? holdingBack(totals.heldBack) : [],
  };
}
