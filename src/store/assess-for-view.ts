import type { Instant } from '#base/instant.ts';
import { assessAlike } from './assess-alike.ts';
import { assessFindings, assessIssues, type LoadedIssue, loadSettings } from './assess-issues.ts';
import type { Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';

/** Up to here every open finding is looked at with its evidence. */
const WHOLE_MAX = 500;

/**
 * Assesses one issue for somebody who looks at it, with the evidence. Of an issue of very many findings only the
 * lead and those that are `shown` have evidence, and they are all its members; what the issue is comes from all
 * of its findings, by their kinds as in the roll-up. Null without an open finding.
 */
export async function assessForView(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  issueId: string,
  shown: readonly string[],
): Promise<LoadedIssue | null> {
  const { shard } = organisation;
  const some = await db.query({
    name: 'some-open-findings',
    text: 'select from finding where shard = $1 and issue_id = $2 and is_open limit $3',
    values: [shard, issueId, WHOLE_MAX + 1],
  });
  if ((some.rowCount ?? 0) <= WHOLE_MAX)
    return (await assessIssues(db, organisation, now, [issueId]))[0] ?? null;
  const settings = await loadSettings(db, organisation, now);
  for await (const [issue] of assessAlike(db, organisation, settings, [issueId])) {
    if (issue === undefined) continue;
    const lead = issue.assessed.lead.finding.fingerprint;
    const [seen] = await assessFindings(db, organisation, now, [...new Set([lead, ...shown])]);
    const members = seen?.assessed.members ?? [];
    return {
      ...issue,
      assessed: {
        ...issue.assessed,
        lead: members.find((member) => member.finding.fingerprint === lead) ?? issue.assessed.lead,
        members,
      },
    };
  }
  return null;
}
