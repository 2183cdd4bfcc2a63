import { instantTextOrNull } from '#base/instant.ts';
import type { AssessedIssue } from '#domain/inbox/assess-issue.ts';
import { DETECTED_RISKS, type RiskState } from '#domain/risk/detected-risk.ts';
import { severityRank } from '#domain/severity/severity.ts';
import type { AlikeIssue } from './assess-alike.ts';
import { changedIssues } from './changed-issues.ts';
import type { Connection } from './database.ts';
import { fixOfIssue } from './fix-of-issue.ts';
import { saveSearchedTexts, saveTexts, searchedText } from './issue-search.ts';
import { NEXT_VERSION, talliedStatement } from './issue-tally.ts';
import { declared, ROLLED_COLUMNS, type RolledIssue, RULED_COLUMNS } from './rolled-columns.ts';
import type { StoredIssue } from './stored-issues.ts';

const SAVED = [...ROLLED_COLUMNS, 'fix'].join(', ');

const BEFORE = (kinds: string) => `select ${kinds} from issue where shard = $1 and id = any($3::text[])`;

const SAVE = talliedStatement({
  sources: `told as (select * from json_to_recordset($2) as row (id text, key text, type text, first_seen timestamptz, ${declared(ROLLED_COLUMNS)})),
    given as (select told.*, ${fixOfIssue('told')} as fix from told), `,
  before: BEFORE,
  after: (kinds) => `insert into issue (shard, id, key, type, first_seen, ${SAVED}, version)
    select $1, id, key, type, first_seen, ${SAVED}, ${NEXT_VERSION} from given
    on conflict (shard, id) do update set first_seen = least(issue.first_seen, excluded.first_seen), version = excluded.version,
      ${[...ROLLED_COLUMNS, 'fix'].map((column) => `${column} = excluded.${column}`).join(', ')}
    returning ${kinds}`,
  answer: 'select',
});

const RULED_FROM_GIVEN = RULED_COLUMNS.map((column) => `${column} = new_${column}`).join(', ');

const SAVE_RULED = talliedStatement({
  sources: `given as (select * from json_to_recordset($2) as row (issue_id text, new_text text, ${declared(RULED_COLUMNS, 'new_')})),
    searched as (${saveTexts('select $1, issue_id, new_text from given where new_text is not null')}), `,
  before: BEFORE,
  after: (kinds) => `update issue set version = ${NEXT_VERSION}, ${RULED_FROM_GIVEN},
      fix = case when lead is distinct from new_lead then ${fixOfIssue('issue', 'new_lead')} else fix end
    from given where issue.shard = $1 and issue.id = issue_id returning ${kinds}`,
  answer: 'select',
});

/** Stores the rows of issues as they were assessed, and of those that are `stored` already only what is new of them. */
export async function saveIssues(
  connection: Connection,
  shard: bigint,
  issues: readonly AlikeIssue[],
  stored: ReadonlyMap<string, StoredIssue>,
): Promise<void> {
  if (issues.length === 0) return;
  const { ruled, others, retitled } = changedIssues(issues.map(rolledIssue), stored);
  if (ruled.length > 0)
    await connection.query({
      name: 'save-ruled-issues',
      text: SAVE_RULED,
      values: [
        shard,
        JSON.stringify(ruled.map((issue) => ruledRow(issue, retitled.has(issue.id)))),
        ruled.map(({ id }) => id),
      ],
    });
  if (others.length > 0)
    await connection.query({
      name: 'save-issues',
      text: SAVE,
      values: [shard, JSON.stringify(others.map(wholeRow)), others.map(({ id }) => id)],
    });
  await saveSearchedTexts(
    connection,
    shard,
    others.filter(({ id }) => retitled.has(id)),
  );
}

const NEW_NAMES = RULED_COLUMNS.map((column) => [column, `new_${column}`] as const);

function ruledRow(issue: RolledIssue, isRetitled: boolean): object {
  const row: Record<string, unknown> = {
    issue_id: issue.id,
    ...(isRetitled ? { new_text: searchedText(issue.title, issue.key) } : {}),
  };
  for (const [column, name] of NEW_NAMES) row[name] = issue[column];
  return {
    ...row,
    new_rank: String(issue.rank),
    new_due_at: instantTextOrNull(issue.due_at),
    new_valid_until: instantTextOrNull(issue.valid_until),
  };
}

function wholeRow(issue: RolledIssue): object {
  return {
    ...issue,
    rank: String(issue.rank),
    snoozed_until: instantTextOrNull(issue.snoozed_until),
    regressed_at: instantTextOrNull(issue.regressed_at),
    due_at: instantTextOrNull(issue.due_at),
    first_seen: instantTextOrNull(issue.first_seen),
    valid_until: instantTextOrNull(issue.valid_until),
  };
}

/** An issue as it is stored once it was assessed so. */
export function rolledIssue({
  id,
  key,
  advisory,
  firstSeen,
  openFindings,
  assessed,
}: AlikeIssue): RolledIssue {
  return {
    id,
    key,
    type: assessed.type,
    title: assessed.title,
    advisory,
    severity: severityRank(assessed.severity),
    score: assessed.score,
    risks_yes: riskBits(assessed, 'yes'),
    risks_unknown: riskBits(assessed, 'unknown'),
    risk_count: assessed.riskCount,
    resources: assessed.resources,
    services: assessed.services,
    impact: assessed.impact,
    rank: assessed.rank,
    is_admitted: assessed.isAdmitted,
    admitted_by: assessed.admittedBy,
    held_back_by: assessed.heldBackBy,
    is_muted: assessed.isMuted,
    status: assessed.status,
    snoozed_until: assessed.snoozedUntil,
    regressed_at: assessed.regressedAt,
    due_at: assessed.dueAt,
    assignee: assessed.assignee,
    team: assessed.team,
    lead: assessed.lead.finding.fingerprint,
    open_findings: openFindings,
    first_seen: firstSeen,
    valid_until: assessed.validUntil,
    service_names: listOrNull(assessed.serviceNames),
    accounts: listOrNull(assessed.accounts),
  };
}

function listOrNull(names: readonly string[]): readonly string[] | null {
  return names.length === 0 ? null : names;
}

/** One bit per detected risk, the first risk lowest. */
function riskBits({ riskStates }: Pick<AssessedIssue, 'riskStates'>, state: RiskState): number {
  return DETECTED_RISKS.reduce(
    (bits, risk, index) => bits | (riskStates[risk] === state ? 1 << index : 0),
    0,
  );
}
