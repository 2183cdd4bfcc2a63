import type { AssessedMember } from '#domain/inbox/assess-issue.ts';
import type { LoadedIssue } from './assess-issues.ts';
import type { Queryable } from './database.ts';

interface MatchedFindings {
  readonly rule: string;
  /** Null: the rule acts itself. */
  readonly takenBy: string | null;
  readonly findings: number;
}

/** How many findings of an issue each rule matches. */
export function matchesOf(members: readonly AssessedMember[]): readonly MatchedFindings[] {
  const found = new Map<string, { rule: string; takenBy: string | null; findings: number }>();
  for (const { automation, told } of members)
    for (const { rule, takenBy } of automation.matches) {
      const key = `${rule} ${takenBy ?? ''}`;
      const sum = found.get(key);
      if (sum === undefined) found.set(key, { rule, takenBy, findings: told.findings });
      else sum.findings += told.findings;
    }
  return [...found.values()];
}

/** Stores which rules match findings of these issues, in the place of what was known; of issues that are not loaded nothing is open. */
export async function saveMatches(
  db: Queryable,
  shard: bigint,
  issueIds: readonly string[],
  loaded: readonly LoadedIssue[],
): Promise<void> {
  await db.query({
    name: 'forget-rule-matches',
    text: 'delete from rule_match where shard = $1 and issue_id = any($2::text[])',
    values: [shard, issueIds],
  });
  const rows = loaded.flatMap(({ id, assessed }) =>
    matchesOf(assessed.members).map(({ rule, takenBy, findings }) => ({
      issue_id: id,
      rule_id: rule,
      taken_by: takenBy ?? '',
      findings,
    })),
  );
  if (rows.length === 0) return;
  await db.query({
    name: 'save-rule-matches',
    text: `insert into rule_match (shard, issue_id, rule_id, taken_by, findings)
      select $1, issue_id, rule_id, taken_by, findings from jsonb_to_recordset($2) as row (issue_id text, rule_id text, taken_by text, findings integer)`,
    values: [shard, JSON.stringify(rows)],
  });
}
