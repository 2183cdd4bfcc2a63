import type { z } from 'zod';
import type { inboxQuerySchema } from '#contract/inbox-page.ts';

/** The parameters of a listing as verbs take them. */
export function filterOfQuery({
  all,
  severity = [],
  type = [],
  risk = [],
  status = [],
  muted,
  q,
  query,
}: Omit<z.infer<typeof inboxQuerySchema>, 'cursor' | 'limit'>) {
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
