import type { BulkActionBody } from '../issue-action.ts';

/** What narrows a listing, as verbs take it. */
export function listingFilter(listing: NonNullable<BulkActionBody['listing']>) {
  const { all = false, severity = [], type = [], risk = [], status = [], muted = false, q, query } = listing;
  return {
    all,
    severities: severity,
    types: type,
    risks: risk,
    statuses: status,
    muted: muted ? ('only' as const) : ('no' as const),
    text: q === undefined || q.trim() === '' ? null : q,
    query: query ?? null,
  };
}
