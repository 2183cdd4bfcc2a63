import { instantTextOrNull } from '#base/instant.ts';
import type { AssessedIssue } from '#domain/inbox/assess-issue.ts';
import { DETECTED_RISKS, type RiskState } from '#domain/risk/detected-risk.ts';
import { severityRank } from '#domain/severity/severity.ts';
import type { AlikeIssue } from './assess-alike.ts';
import { changedIssues } from './changed-issues.ts';
import type { Connection } from './database.ts';
import { fixOfIssue } from './fix-of-issue.ts';
import { saveSearchedTexts, searchedText } from './issue-search.ts';
import { movedStatement, NEXT_VERSION, writtenMoves } from './issue-tally.ts';
import { declared, ROLLED_COLUMNS, type RolledIssue, RULED_COLUMNS } from './rolled-columns.ts';
import type { StoredIssue } from './stored-issues.ts';

const SAVED = [...ROLLED_COLUMNS, 'fix'].join(', ');

const SAVE = movedStatement(
  `told as (select * from json_to_recordset($2) as row (id text, key text, type text, first_seen timestamptz, ${declared(ROLLED_COLUMNS)})),
    given as (select told.*, ${fixOfIssue('told')} as fix from told)`,
  `insert into issue (shard, id, key, type, first_seen, ${SAVED}, version)
    select $1, id, key, type, first_seen, ${SAVED}, ${NEXT_VERSION} from given
    on conflict (shard, id) do update set first_seen = least(issue.first_seen, excluded.first_seen), version = excluded.version,
      ${[...ROLLED_COLUMNS, 'fix'].map((column) => `${column} = excluded.${column}`).join(', ')}`,
);

const RULED_FROM_GIVEN = RULED_COLUMNS.map((column) => `${column} = new_${column}`).join(', ');

const SAVE_RULED = movedStatement(
  `given as (select * from json_to_recordset($2) as row (issue_id text, has_fix boolean, new_fix text, new_text text, ${declared(RULED_COLUMNS, 'new_')})),
    searched as (update issue_text set text = new_text from given where issue_text.shard = $1 and id = issue_id and new_text is not null)`,
  `update issue set version = ${NEXT_VERSION}, ${RULED_FROM_GIVEN},
      fix = case when lead is not distinct from new_lead then fix when has_fix then new_fix else ${fixOfIssue('issue', 'new_lead')} end
    from given where issue.shard = $1 and issue.id = issue_id`,
);

/** Rows of issues as statements take them; null where there are none. */
export interface WrittenIssues {
  /** Those of which nothing but what rules and decisions change is another. */
  readonly ruled: Rows | null;
  readonly others: Rows | null;
  /** Those of the others that are called otherwise. */
  readonly retitled: readonly Pick<RolledIssue, 'id' | 'title' | 'key'>[];
}

interface Rows {
  readonly json: string;
  /** How they move between the kinds of the tally. */
  readonly moves: string;
}

/** The rows of issues as they were assessed, and of those that are `stored` already only what is new of them. */
export function writtenIssues(
  issues: readonly AlikeIssue[],
  stored: ReadonlyMap<string, StoredIssue>,
): WrittenIssues {
  const { ruled, others, retitled } = changedIssues(issues.map(rolledIssue), stored);
  return {
    ruled: rowsOf(ruled, stored, (issue) => ruledRow(issue, retitled.has(issue.id))),
    others: rowsOf(others, stored, wholeRow),
    retitled: others.filter(({ id }) => retitled.has(id)),
  };
}

function rowsOf(
  issues: readonly RolledIssue[],
  stored: ReadonlyMap<string, StoredIssue>,
  row: (issue: RolledIssue) => object,
): Rows | null {
  if (issues.length === 0) return null;
  return {
    json: JSON.stringify(issues.map(row)),
    moves: writtenMoves(issues.map((issue) => [stored.get(issue.id), issue])),
  };
}

/** Stores rows of issues. */
export async function saveIssues(
  connection: Connection,
  shard: bigint,
  { ruled, others, retitled }: WrittenIssues,
): Promise<void> {
  if (ruled !== null)
    await connection.query({
      name: 'save-ruled-issues',
      text: SAVE_RULED,
      values: [shard, ruled.json, ruled.moves],
    });
  if (others !== null)
    await connection.query({ name: 'save-issues', text: SAVE, values: [shard, others.json, others.moves] });
  await saveSearchedTexts(connection, shard, retitled);
}

const NEW_NAMES = RULED_COLUMNS.map((column) => [column, `new_${column}`] as const);

function ruledRow(issue: RolledIssue, isRetitled: boolean): object {
  const row: Record<string, unknown> = {
    issue_id: issue.id,
    ...(isRetitled ? { new_text: searchedText(issue.title, issue.key) } : {}),
    has_fix: issue.fix !== undefined,
    new_fix: issue.fix,
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
  fix,
  assessed,
}: AlikeIssue): RolledIssue {
  return {
    ...(fix === undefined ? {} : { fix }),
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
