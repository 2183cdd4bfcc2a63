import { InboxError } from '#base/inbox-error.ts';
import type { InboxFilter } from '#domain/ports/inbox-store.ts';
import { narrowInbox } from '#domain/query/narrow-inbox.ts';
import { parseQuery } from '#domain/query/parse-query.ts';
import { EVERYTHING } from '#domain/query/query.ts';
import type { AppContext } from './context.ts';

/** Issues by their ids, or all that a listing holds. */
export type IssueSelection =
  | { readonly ids: readonly string[] }
  | { readonly listing: Omit<InboxFilter, 'condition'> & { readonly query: string | null } };

/**
 * The ids of a selection, each once, a listing's in its order. Throws `conflict` where they are not as many as a person
 * saw (`expected` null: nobody says), and `usage` for more than `most` (null: they may be as many as there are).
 */
export async function selectedIssues(
  ctx: AppContext,
  {
    selection,
    expected,
    most,
  }: { readonly selection: IssueSelection; readonly expected: number | null; readonly most: number | null },
): Promise<readonly string[]> {
  const ids =
    'ids' in selection
      ? [...new Set(selection.ids)]
      : await idsOfListing(ctx, selection.listing, most === null ? null : most + 1);
  if (most !== null && ids.length > most)
    throw new InboxError(
      'usage',
      `The selection holds more than ${most} issues, which is more than one word decides. Narrow the query and do it in parts.`,
    );
  if (expected !== null && expected !== ids.length)
    throw new InboxError(
      'conflict',
      `The selection holds ${ids.length} issues now, ${expected} were expected: the inbox has changed. Look again; nothing was done.`,
    );
  return ids;
}

function idsOfListing(
  ctx: AppContext,
  { query, ...filter }: Omit<InboxFilter, 'condition'> & { readonly query: string | null },
  limit: number | null,
): Promise<readonly string[]> {
  const parsed = query === null ? EVERYTHING : parseQuery(query);
  return ctx.inbox.ids(narrowInbox({ ...filter, condition: null }, parsed), limit);
}
