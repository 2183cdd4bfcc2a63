import type { Instant } from '#base/instant.ts';
import type { InboxFilter } from '#domain/ports/inbox-store.ts';
import { DETECTED_RISKS } from '#domain/risk/detected-risk.ts';
import { severityRank } from '#domain/severity/severity.ts';
import { issueCondition } from './issue-query.ts';
import { searchPatterns } from './issue-search.ts';
import type { Organisation } from './organisation.ts';

/** The rows that a filter leaves. Severity is the upper part of the rank, so that choosing one is a range of the index. */
export function issueConditions(
  organisation: Organisation,
  now: Instant,
  filter: InboxFilter,
): { readonly sql: string; readonly values: unknown[] } {
  const values: unknown[] = [organisation.shard];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const parts = ['issue.shard = $1'];
  if (filter.muted !== 'any') parts.push(filter.muted === 'only' ? 'is_muted' : 'not is_muted');
  // Written out, as the indexes of the inbox hold these rows only.
  if (filter.statuses.length === 0) parts.push("status in ('open', 'in_progress')");
  else parts.push(`status = any(${bind(filter.statuses)}::text[])`);
  if (!filter.all) parts.push('is_admitted');
  if (filter.severities.length > 0) {
    const ranks = filter.severities.map(severityRank);
    parts.push(`severity = any(${bind(ranks)}::smallint[])`);
    // Severity is the upper part of the rank, so that it bounds the walk through the index.
    parts.push(`rank >= ${bind(BigInt(Math.min(...ranks)) << 48n)}::bigint`);
    parts.push(`rank < ${bind(BigInt(Math.max(...ranks) + 1) << 48n)}::bigint`);
  }
  if (filter.types.length === 1) parts.push(`type = ${bind(filter.types[0])}`);
  else if (filter.types.length > 1) parts.push(`type = any(${bind(filter.types)}::text[])`);
  for (const risk of filter.risks) parts.push(`(risks_yes & ${1 << DETECTED_RISKS.indexOf(risk)}) <> 0`);
  for (const pattern of searchPatterns(filter.text)) parts.push(`issue_text.text like ${bind(pattern)}`);
  if (filter.condition !== null) parts.push(issueCondition(filter.condition, { organisation, now, bind }));
  return { sql: parts.join(' and '), values };
}
