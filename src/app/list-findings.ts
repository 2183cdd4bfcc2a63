import type { FindingPlace, ListedFinding } from '#domain/ports/explorer-store.ts';
import type { InboxFilter } from '#domain/ports/inbox-store.ts';
import { narrowInbox } from '#domain/query/narrow-inbox.ts';
import { parseQuery } from '#domain/query/parse-query.ts';
import { EVERYTHING } from '#domain/query/query.ts';
import { type AppContext, permit } from './context.ts';
import { type CutPage, cutPage } from './cut-page.ts';

/** Of which issues the findings are wanted. */
export interface IssueQuestion extends Pick<InboxFilter, 'severities' | 'types' | 'risks'> {
  /** What has to hold besides, in the query language; null: nothing. */
  readonly query: string | null;
}

export interface FindingQuestion extends IssueQuestion {
  /** Of one resource only, by its key. */
  readonly resource: string | null;
  readonly after: FindingPlace | null;
  readonly limit: number;
}

/** Open findings in the order of their issues, admitted or not. Throws `usage` for a query that cannot be read. */
export async function listFindings(
  ctx: AppContext,
  { resource, after, limit, ...question }: FindingQuestion,
): Promise<CutPage<ListedFinding>> {
  permit(ctx, 'read');
  const filter = filterOf(question);
  return cutPage(await ctx.explorer.findings({ filter, resource, after, limit }), limit);
}

/** Issues that are open, whether a rule admits them or not, unless the query says something else. */
export function filterOf({ query: text, ...given }: IssueQuestion): InboxFilter {
  const query = text === null ? EVERYTHING : parseQuery(text);
  return narrowInbox({ ...given, all: true, statuses: [], muted: 'no', text: null, condition: null }, query);
}
