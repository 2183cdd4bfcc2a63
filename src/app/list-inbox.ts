import { type HoldingBack, holdingBack } from '#domain/inbox/holding-back.ts';
import type { InboxFacets, InboxPageRequest, InboxTotals, IssueRow } from '#domain/ports/inbox-store.ts';
import { narrowInbox } from '#domain/query/narrow-inbox.ts';
import { parseQuery } from '#domain/query/parse-query.ts';
import { printQuery } from '#domain/query/print-query.ts';
import { EVERYTHING } from '#domain/query/query.ts';
import { type AppContext, permit } from './context.ts';

export interface InboxQuestion extends Omit<InboxPageRequest, 'condition'> {
  /** What has to hold besides, in the query language; null: nothing. */
  readonly query: string | null;
}

export interface InboxListing {
  readonly items: readonly IssueRow[];
  /** Where the next page begins; null: this was the last. */
  readonly next: { readonly rank: bigint; readonly id: string } | null;
  readonly totals: InboxTotals;
  readonly facets: InboxFacets;
  /** The query as it was understood, in its one spelling; null where it asks for everything. */
  readonly query: string | null;
  /** The conditions that hold back most, while the inbox admits little; empty otherwise. */
  readonly holdingBack: readonly HoldingBack[];
}

/** While fewer issues than this are admitted, a listing says what holds the others back. */
const LITTLE = 10;

/** One page of the inbox in rank order, with exact counts. Throws `usage` for a query that cannot be read. */
export async function listInbox(
  ctx: AppContext,
  { query: text, ...given }: InboxQuestion,
): Promise<InboxListing> {
  permit(ctx, 'read');
  const query = text === null ? EVERYTHING : parseQuery(text);
  const { after, limit } = given;
  const filter = narrowInbox({ ...given, condition: null }, query);
  const request = { ...filter, after, limit };
  const [items, { totals, facets }] = await Promise.all([
    ctx.inbox.list({ ...request, limit: request.limit + 1 }),
    ctx.inbox.counts(filter),
  ]);
  const page = items.slice(0, request.limit);
  const last = page.at(-1);
  return {
    items: page,
    next: items.length > request.limit && last !== undefined ? { rank: last.rank, id: last.id } : null,
    totals,
    facets,
    query: query.is === 'everything' ? null : printQuery(query),
    holdingBack: totals.admitted < LITTLE && totals.waiting > 0 ? holdingBack(totals.heldBack) : [],
  };
}
