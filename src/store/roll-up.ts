import { ahead } from '#base/ahead.ts';
import { type Instant, instantTextOrNull } from '#base/instant.ts';
import { hasRules } from '#domain/automation/rules-in-force.ts';
import type { AssessedIssue } from '#domain/inbox/assess-issue.ts';
import { DETECTED_RISKS, type RiskState } from '#domain/risk/detected-risk.ts';
import { severityRank } from '#domain/severity/severity.ts';
import type { AlikeIssue } from './assess-alike.ts';
import { assessClosed, loadSettings } from './assess-issues.ts';
import { assessedParts, chunksOf } from './assessed-parts.ts';
import { changedIssues, fixOfIssue } from './changed-issues.ts';
import { type Connection, lockOrganisation, type Queryable } from './database.ts';
import { saveSearchedTexts } from './issue-search.ts';
import { dropEmptyTallies, NEXT_VERSION, talliedStatement } from './issue-tally.ts';
import { tellTurns } from './issue-turns.ts';
import type { Organisation } from './organisation.ts';
import { ROLLED_COLUMNS, type RolledIssue } from './rolled-columns.ts';
import { saveMatches } from './rule-matches.ts';
import { wantTickets } from './wanted-tickets.ts';

const SAVED = [...ROLLED_COLUMNS, 'fix'].join(', ');

const SAVE = talliedStatement({
  sources: `told as (select * from json_to_recordset($2) as row (id text, key text, type text, title text, advisory text, severity smallint, score real, risks_yes smallint, risks_unknown smallint,
      risk_count smallint, resources integer, services integer, impact integer, rank bigint, is_admitted boolean, admitted_by text[], held_back_by text[], is_muted boolean, status text, snoozed_until timestamptz, regressed_at timestamptz,
      due_at timestamptz, assignee text, team text, lead uuid, open_findings integer, first_seen timestamptz, valid_until timestamptz, service_names text[], accounts text[])),
    given as (select told.*, ${fixOfIssue('told')} as fix from told), `,
  before: (kinds) => `select ${kinds} from issue where shard = $1 and id = any($3::text[])`,
  after: (kinds) => `insert into issue (shard, id, key, type, first_seen, ${SAVED}, version)
    select $1, id, key, type, first_seen, ${SAVED}, ${NEXT_VERSION} from given
    on conflict (shard, id) do update set first_seen = least(issue.first_seen, excluded.first_seen), version = excluded.version,
      ${[...ROLLED_COLUMNS, 'fix'].map((column) => `${column} = excluded.${column}`).join(', ')}
    returning ${kinds}`,
  answer: 'select',
});

const RESOLVE = talliedStatement({
  before: (kinds) => `select ${kinds} from issue where shard = $1 and id = any($2::text[])`,
  after: (kinds) =>
    `update issue set status = 'resolved', snoozed_until = null, open_findings = 0, valid_until = null, version = ${NEXT_VERSION} where shard = $1 and id = any($2::text[]) returning ${kinds}`,
  answer: 'select',
});

interface RollUpOptions {
  readonly isRuleChange?: boolean;
  /** Another connection, which sees the same findings, decisions and estate: it reads on while this one stores. */
  readonly reader?: Queryable;
}

/**
 * Assesses the given issues anew from their open findings and stores their rows. The one place where an
 * issue's severity, risks, admission and rank are computed, and where rules act; listings only read them.
 */
export async function rollUpIssues(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  issueIds: Iterable<string>,
  tell: (done: number) => Promise<void> | void = () => undefined,
  { isRuleChange = false, reader = connection }: RollUpOptions = {},
): Promise<void> {
  await lockOrganisation(connection, organisation.id);
  const settings = await loadSettings(connection, organisation, now);
  const hasTickets = settings.automation.rules.ticket.length > 0;
  const { shard } = organisation;
  const moment = { now, isRuleChange };
  // Without rules nothing is matched, unless that is new.
  const mayMatch = isRuleChange || hasRules(settings.automation) || settings.automation.unreadable.size > 0;
  const parts = assessedParts(reader, organisation, settings, issueIds);
  let done = 0;
  for await (const { loaded, empty } of reader === connection ? parts : ahead(parts)) {
    const ids = loaded.map(({ id }) => id);
    await saveIssues(connection, shard, loaded);
    await resolveIssues(connection, shard, empty);
    if (mayMatch) await saveMatches(connection, shard, [...ids, ...empty], loaded);
    await tellTurns(connection, shard, now, loaded);
    if (hasTickets) await wantTickets(connection, shard, moment, loaded, empty);
    done += ids.length + empty.length;
    await tell(done);
  }
  await dropEmptyTallies(connection, organisation.shard);
}

/**
 * Resolved issues of which nobody knows how they stood last: they are what their findings say that closed last,
 * as of now.
 */
export async function restateResolved(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  issueIds: readonly string[],
): Promise<void> {
  const { shard } = organisation;
  for (const chunk of chunksOf(issueIds)) {
    const last = await connection.query<{ fingerprint: string }>(
      `select fingerprint from (select fingerprint, closed_at, max(closed_at) over (partition by issue_id) as last_at
         from finding where shard = $1 and issue_id = any($2::text[])) as closed where closed_at = last_at`,
      [shard, chunk],
    );
    const fingerprints = last.rows.map((row) => row.fingerprint);
    await saveIssues(connection, shard, await assessClosed(connection, organisation, now, fingerprints));
    await resolveIssues(connection, shard, chunk);
  }
  await dropEmptyTallies(connection, shard);
}

async function saveIssues(
  connection: Connection,
  shard: bigint,
  issues: readonly AlikeIssue[],
): Promise<void> {
  if (issues.length === 0) return;
  const { changed, retitled } = await changedIssues(connection, shard, issues.map(rolledIssue));
  if (changed.length === 0) return;
  const rows = changed.map((issue) => ({
    ...issue,
    rank: String(issue.rank),
    snoozed_until: instantTextOrNull(issue.snoozed_until),
    regressed_at: instantTextOrNull(issue.regressed_at),
    due_at: instantTextOrNull(issue.due_at),
    first_seen: instantTextOrNull(issue.first_seen),
    valid_until: instantTextOrNull(issue.valid_until),
  }));
  await connection.query({
    name: 'save-issues',
    text: SAVE,
    values: [shard, JSON.stringify(rows), changed.map(({ id }) => id)],
  });
  await saveSearchedTexts(
    connection,
    shard,
    changed.filter(({ id }) => retitled.has(id)),
  );
}

function rolledIssue({ id, key, advisory, firstSeen, openFindings, assessed }: AlikeIssue): RolledIssue {
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

async function resolveIssues(connection: Connection, shard: bigint, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await connection.query({ name: 'resolve-issues', text: RESOLVE, values: [shard, ids] });
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
