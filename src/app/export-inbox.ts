import type { ExportedFinding } from '#domain/ports/export-store.ts';
import type { InboxFilter, InboxPageRequest, IssueRow } from '#domain/ports/inbox-store.ts';
import { narrowInbox } from '#domain/query/narrow-inbox.ts';
import { parseQuery } from '#domain/query/parse-query.ts';
import { EVERYTHING } from '#domain/query/query.ts';
import { type AppContext, permit } from './context.ts';

/** A part of an export: some issues in their order, and some of their findings, those of one issue beside each other. */
export interface ExportPart {
  readonly issues: readonly IssueRow[];
  readonly findings: readonly ExportedFinding[];
}

export interface ExportRequest extends Omit<InboxFilter, 'condition'> {
  /** In the query language; null: nothing more has to hold. */
  readonly query: string | null;
  /** Which of the findings of the issues come along. */
  readonly findings: 'none' | 'open' | 'muted';
}

const ISSUES_PER_PART = 200;

/**
 * All issues of a listing in rank order, a part at a time: an export of any length needs the memory of a part. With
 * `findings: 'muted'` muted issues are looked at too. Throws `usage` for a query that cannot be read.
 */
export function exportInbox(
  ctx: AppContext,
  { query: text, findings, ...given }: ExportRequest,
): AsyncIterable<ExportPart> {
  permit(ctx, 'read');
  const query = text === null ? EVERYTHING : parseQuery(text);
  const narrowed = narrowInbox({ ...given, condition: null }, query);
  const filter =
    findings === 'muted' && given.muted === 'no' && narrowed.muted === 'no'
      ? ({ ...narrowed, muted: 'any' } as const)
      : narrowed;
  return parts(ctx, filter, findings);
}

async function* parts(
  ctx: AppContext,
  filter: InboxFilter,
  wanted: ExportRequest['findings'],
): AsyncGenerator<ExportPart> {
  let after: InboxPageRequest['after'] = null;
  for (;;) {
    const issues: readonly IssueRow[] = await ctx.inbox.list({ ...filter, after, limit: ISSUES_PER_PART });
    yield { issues, findings: [] };
    if (wanted !== 'none')
      for await (const findings of wanted === 'open'
        ? ctx.exports.findings(issues)
        : ctx.exports.muted(issues))
        yield { issues: [], findings };
    const last = issues.at(-1);
    if (last === undefined || issues.length < ISSUES_PER_PART) return;
    after = { rank: last.rank, id: last.id };
  }
}
