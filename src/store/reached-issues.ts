import type { Instant } from '#base/instant.ts';
import type { Reach } from '#domain/automation/rule-changes.ts';
import type { Queryable } from './database.ts';
import { issueCondition } from './issue-query.ts';
import type { Organisation } from './organisation.ts';

/** The issues with open findings that a change of rules can reach. */
export async function reachedIssues(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  reaches: readonly Reach[],
): Promise<readonly string[]> {
  if (reaches.length === 0) return [];
  const values: unknown[] = [organisation.shard];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const distinct = new Map(reaches.map((reach) => [JSON.stringify(reach), reach]));
  const parts = [...distinct.values()].map(
    ({ types, condition }) =>
      `(issue.type = any(${bind(types)}::text[]) and ${issueCondition(condition, { organisation, now, bind })})`,
  );
  const result = await db.query<{ id: string }>(
    `select id from issue where issue.shard = $1 and issue.status <> 'resolved' and (${parts.join(' or ')}) order by id`,
    values,
  );
  return result.rows.map((row) => row.id);
}
