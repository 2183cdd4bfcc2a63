import type { AlikeIssue, AlikeMember } from './assess-alike.ts';
import type { Queryable } from './database.ts';

interface MatchedFindings {
  readonly rule: string;
  /** Null: the rule acts itself. */
  readonly takenBy: string | null;
  readonly findings: number;
}

/** How many findings of an issue each rule matches. */
export function matchesOf(
  members: readonly Pick<AlikeMember, 'automation' | 'told'>[],
): readonly MatchedFindings[] {
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

/** Which rules match findings of these issues, as `saveMatches` takes it. */
export function writtenMatches(loaded: readonly AlikeIssue[]): string {
  const rows = loaded.flatMap(({ id, assessed }) =>
    matchesOf(assessed.members).map(({ rule, takenBy, findings }) => ({
      issue_id: id,
      rule_id: rule,
      taken_by: takenBy ?? '',
      findings,
    })),
  );
  return JSON.stringify(rows);
}

/** Stores which rules match findings of these issues, in the place of what was known; of issues that nothing is written of nothing is open. */
export async function saveMatches(
  db: Queryable,
  shard: bigint,
  issueIds: readonly string[],
  matches: string,
): Promise<void> {
  if (issueIds.length === 0) return;
  // Without a name, so that it is planned anew: how many rows there are changes with every change of the rules.
  await db.query({
    text: `with given as (select * from json_to_recordset($3) as row (issue_id text, rule_id text, taken_by text, findings integer)),
        gone as (delete from rule_match where shard = $1 and issue_id = any($2::text[])
          and (issue_id, rule_id, taken_by) not in (select issue_id, rule_id, taken_by from given))
      insert into rule_match (shard, issue_id, rule_id, taken_by, findings)
      select $1, issue_id, rule_id, taken_by, findings from given
      on conflict (shard, issue_id, rule_id, taken_by) do update set findings = excluded.findings where rule_match.findings <> excluded.findings`,
    values: [shard, issueIds, matches],
  });
}
