import { ahead } from '#base/ahead.ts';
import { compareBytes } from '#base/compare.ts';
import type { Instant } from '#base/instant.ts';
import type { AutomationRule } from '#domain/automation/automation-rule.ts';
import { type RuleChange, reachOf } from '#domain/automation/rule-changes.ts';
import { rulesInForce } from '#domain/automation/rules-in-force.ts';
import type { RuledIssue, RuleMatches, RulesPreview } from '#domain/ports/automation-store.ts';
import { SEVERITIES, type Severity } from '#domain/severity/severity.ts';
import type { AlikeIssue } from './assess-alike.ts';
import { loadSettings } from './assess-issues.ts';
import { assessedParts } from './assessed-parts.ts';
import { readsOtherwise } from './changed-issues.ts';
import type { Connection, Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';
import { reachedIssues } from './reached-issues.ts';
import { matchesOf } from './rule-matches.ts';
import { rolledIssue } from './save-issues.ts';
import type { StoredIssue } from './stored-issues.ts';
import { ticketRulesAsking } from './wanted-tickets.ts';

const SAMPLES_MAX = 20;

/** One issue as the preview compares it. */
interface Standing extends Omit<RuledIssue, 'place'> {
  readonly rank: bigint;
  readonly isInInbox: boolean;
}

/** What other rules would do, from the findings as they are; nothing is written. */
export async function previewRules(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  rules: {
    readonly before: readonly AutomationRule[];
    readonly after: readonly AutomationRule[];
    readonly changes: readonly RuleChange[];
  },
  reader: Queryable = connection,
): Promise<RulesPreview> {
  const reached = await reachedIssues(connection, organisation, now, reachOf(rules.before, rules.after));
  const settings = {
    ...(await loadSettings(connection, organisation, now)),
    automation: rulesInForce(rules.after),
  };
  const asked = new Set(rules.changes.map(({ id }) => id));
  const matches = new Map<string, { findings: number; issues: number }>();
  const tickets = new Map<string, Standing>();
  // Those that stay as and where they are are known by their rows.
  const pairs: { readonly before: Standing; readonly after: Standing }[] = [];
  const isAhead = reader !== connection;
  const parts = assessedParts(reader, organisation, settings, reached, { isAhead, areFindingsSame: true });
  for await (const { loaded, stored } of isAhead ? ahead(parts) : parts) {
    for (const issue of loaded) {
      const row = stored.get(issue.id);
      if (row !== undefined && readsOtherwise(row, rolledIssue(issue)))
        pairs.push({ before: storedStanding(row), after: standingOf(issue) });
      for (const rule of ticketRulesAsking(issue)) {
        if (!asked.has(rule.id)) continue;
        const [worst, next] = [tickets.get(rule.id), standingOf(issue)];
        if (worst === undefined || byRank(next, worst) < 0) tickets.set(rule.id, next);
      }
      for (const { rule, takenBy, findings } of matchesOf(issue.assessed.members)) {
        if (!asked.has(rule)) continue;
        const key = JSON.stringify([rule, takenBy]);
        const sum = matches.get(key) ?? { findings: 0, issues: 0 };
        matches.set(key, { findings: sum.findings + findings, issues: sum.issues + 1 });
      }
    }
  }
  const places = await placesOf(connection, organisation.shard, pairs);
  const inOrder = pairs.toSorted((a, b) => weightOf(b) - weightOf(a) || byRank(lookOf(a), lookOf(b)));
  return {
    changes: rules.changes,
    assessed: reached.length,
    matches: [...matches].map(([key, sums]): RuleMatches => {
      const [rule, takenBy] = JSON.parse(key) as [string, string | null];
      return { rule, takenBy, ...sums };
    }),
    enter: pairs.filter(({ before, after }) => !before.isInInbox && after.isInInbox).length,
    leave: pairs.filter(({ before, after }) => before.isInInbox && !after.isInInbox).length,
    moved: pairs.filter(
      ({ before, after }) => before.isInInbox && after.isInInbox && before.severity !== after.severity,
    ).length,
    changed: pairs.length,
    samples: inOrder.slice(0, SAMPLES_MAX).map(({ before, after }) => ({
      before: shown(before, places.before),
      after: shown(after, places.after),
    })),
    tickets: [...tickets].map(([rule, issue]) => ({ rule, issue: shown(issue, places.after) })),
  };
}

/** What enters or leaves matters more than what moves, and that more than the rest. */
function weightOf({ before, after }: { readonly before: Standing; readonly after: Standing }): number {
  if (before.isInInbox !== after.isInInbox) return 2;
  return before.severity === after.severity ? 0 : 1;
}

function lookOf({ before, after }: { readonly before: Standing; readonly after: Standing }): Standing {
  return after.isInInbox ? after : before;
}

function byRank(a: Pick<Standing, 'rank' | 'id'>, b: Pick<Standing, 'rank' | 'id'>): number {
  if (a.rank !== b.rank) return a.rank > b.rank ? -1 : 1;
  return compareBytes(b.id, a.id);
}

function shown(
  { rank: _, isInInbox: __, ...issue }: Standing,
  places: ReadonlyMap<string, number>,
): RuledIssue {
  return { ...issue, place: places.get(issue.id) ?? null };
}

/** The places in the inbox as it is and as it would be, by the issue. */
async function placesOf(
  connection: Connection,
  shard: bigint,
  pairs: readonly { readonly before: Standing; readonly after: Standing }[],
): Promise<Record<'before' | 'after', ReadonlyMap<string, number>>> {
  const result = await connection.query<{ id: string; rank: bigint }>(
    `select id, rank from issue where shard = $1 and is_admitted and not is_muted and status in ('open', 'in_progress') order by rank desc, id desc`,
    [shard],
  );
  const moved = new Map(pairs.map(({ after }) => [after.id, after]));
  const left = result.rows.filter(({ id }) => !moved.has(id));
  const after = [...left, ...[...moved.values()].filter(({ isInInbox }) => isInInbox)].sort(byRank);
  const numbered = (rows: readonly { readonly id: string }[]) =>
    new Map(rows.map(({ id }, index) => [id, index + 1]));
  return { before: numbered(result.rows), after: numbered(after) };
}

function standingOf({ id, assessed }: AlikeIssue): Standing {
  const { title, type, severity, score, rank, isAdmitted, isMuted, dueAt, assignee, team } = assessed;
  return {
    id,
    title,
    type,
    severity,
    score: listedScore(score),
    rank,
    isAdmitted,
    admittedBy: assessed.admittedBy,
    isMuted,
    dueAt,
    assignee,
    team,
    isInInbox: isAdmitted && !isMuted && assessed.status !== 'snoozed',
  };
}

/** As the column keeps and lists show it. */
function listedScore(score: number): number {
  return Math.round(Math.fround(score) * 10) / 10;
}

function storedStanding(row: StoredIssue): Standing {
  return {
    id: row.id,
    title: row.title,
    type: row.type,
    severity: SEVERITIES[SEVERITIES.length - 1 - row.severity] as Severity,
    score: listedScore(row.score),
    rank: row.rank,
    isAdmitted: row.is_admitted,
    admittedBy: row.admitted_by,
    isMuted: row.is_muted,
    dueAt: row.due_at,
    assignee: row.assignee,
    team: row.team,
    isInInbox: row.is_admitted && !row.is_muted && row.status !== 'snoozed',
  };
}
