import { DAY_MS, type Instant } from '#base/instant.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { Funnel, Load, Overview, OverviewStore, OverviewWeek } from '#domain/ports/overview-store.ts';
import { SEVERITIES, type Severity } from '#domain/severity/severity.ts';
import type { Pool } from './database.ts';
import { severityOf } from './explorer/severity-of.ts';
import { KeptAnswers } from './kept-answers.ts';
import type { Organisation } from './organisation.ts';

const WEEK_MS = 7 * DAY_MS;

interface SpanRow {
  readonly week: number;
  readonly severity: number;
  readonly issues: number;
}

interface ClosedRow {
  readonly week: number;
  readonly closed: number;
  readonly median: number;
  readonly ninth: number;
}

interface PathsRow {
  readonly week: number;
  readonly found: number;
  readonly cut: number;
}

/** The overview, counted from what is stored: open issues by when they were first seen, resolved ones by when they closed. */
export class PostgresOverviewStore implements OverviewStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;
  readonly #kept: KeptAnswers<Omit<Overview, 'countedAt'>>;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
    this.#kept = new KeptAnswers(clock);
  }

  async overview(weeks: number): Promise<Overview> {
    const { answer, at } = await this.#kept.of(`${weeks}`, () => this.#count(weeks));
    return { ...answer, countedAt: at };
  }

  async #count(weeks: number): Promise<Omit<Overview, 'countedAt'>> {
    const now = this.#clock.now();
    const [load, funnel, trend] = await Promise.all([
      this.#load(now),
      this.#funnel(),
      this.#weeks(now, weeks),
    ]);
    return { load, funnel, weeks: trend };
  }

  async #load(now: Instant): Promise<readonly Load[]> {
    const found = await this.#pool.query<{
      owner: string | null;
      severity: number;
      issues: number;
      overdue: number;
    }>({
      name: 'overview-load',
      text: `select coalesce(assignee, team) as owner, severity, count(*)::integer as issues, (count(*) filter (where due_at <= $2))::integer as overdue
        from issue where shard = $1 and is_admitted and not is_muted and status in ('open', 'in_progress')
        group by coalesce(assignee, team), severity order by severity desc, count(*) desc`,
      values: [this.#organisation.shard, new Date(now)],
    });
    return found.rows.map((row) => ({ ...row, severity: severityOf(row.severity) }));
  }

  async #funnel(): Promise<Funnel> {
    const found = await this.#pool.query<Record<keyof Funnel | 'closed', bigint>>({
      name: 'overview-funnel',
      text: `select sum(open_findings)::bigint as open, (sum(open_findings) filter (where risks_yes <> 0))::bigint as risky,
          (sum(open_findings) filter (where is_admitted and not is_muted and status in ('open', 'in_progress')))::bigint as admitted,
          (select sum(issue.open_findings)::bigint from issue where issue.shard = $1 and issue.is_admitted and not issue.is_muted and issue.status in ('open', 'in_progress')
             and (issue.type = 'attack_path' or exists (select from attack_path_gate as gate where gate.shard = $1 and gate.issue_id = issue.id))) as "onPaths",
          (select count(*)::bigint from finding where finding.shard = $1 and not finding.is_open) as closed
        from issue_tally where shard = $1`,
      values: [this.#organisation.shard],
    });
    const [row] = found.rows;
    const open = Number(row?.open ?? 0);
    return {
      all: open + Number(row?.closed ?? 0),
      open,
      risky: Number(row?.risky ?? 0),
      admitted: Number(row?.admitted ?? 0),
      onPaths: Number(row?.onPaths ?? 0),
    };
  }

  async #weeks(now: Instant, count: number): Promise<readonly OverviewWeek[]> {
    const ends = Array.from({ length: count }, (_, index) => now - (count - 1 - index) * WEEK_MS);
    const since = (ends[0] as Instant) - WEEK_MS;
    // A week counts from 0 for the one that ends now; what is older than the first is in none.
    const weekOf = (column: string) =>
      `floor(extract(epoch from ($2::timestamptz - ${column})) / 604800)::integer`;
    const values = [this.#organisation.shard, new Date(now), new Date(since)];
    const [opened, resolved, closed, paths] = await Promise.all([
      this.#pool.query<SpanRow>({
        name: 'overview-opened',
        text: `select greatest(0, ${weekOf('first_seen')}) as week, severity, count(*)::integer as issues from issue
          where shard = $1 and status <> 'resolved' and $3::timestamptz is not null group by 1, 2`,
        values,
      }),
      this.#pool.query<SpanRow & { readonly end_week: number }>({
        name: 'overview-resolved',
        text: `select greatest(0, ${weekOf('spans.first_seen')}) as week, greatest(0, ${weekOf('spans.closed_at')}) as end_week, issue.severity, count(*)::integer as issues
          from (select issue_id, min(first_seen) as first_seen, max(closed_at) as closed_at from finding where shard = $1 and not is_open and closed_at > $3 group by issue_id) as spans
          join issue on issue.shard = $1 and issue.id = spans.issue_id and issue.status = 'resolved'
          group by 1, 2, 3`,
        values,
      }),
      this.#pool.query<ClosedRow>({
        name: 'overview-closed',
        text: `select greatest(0, ${weekOf('closed_at')}) as week, count(*)::integer as closed,
            (percentile_cont(0.5) within group (order by extract(epoch from (closed_at - first_seen)) / 86400))::double precision as median,
            (percentile_cont(0.9) within group (order by extract(epoch from (closed_at - first_seen)) / 86400))::double precision as ninth
          from finding where shard = $1 and not is_open and closed_at > $3 group by 1`,
        values,
      }),
      this.#pool.query<PathsRow>({
        name: 'overview-paths',
        text: `select greatest(0, ${weekOf('moves.at')}) as week, (count(*) filter (where moves.is_found))::integer as found, (count(*) filter (where not moves.is_found))::integer as cut
          from issue
          join finding on finding.shard = $1 and finding.issue_id = issue.id
          cross join lateral (values (finding.first_seen, true), (case when not finding.is_open then finding.closed_at end, false)) as moves (at, is_found)
          where issue.shard = $1 and issue.type = 'attack_path' and moves.at > $3 group by 1`,
        values,
      }),
    ]);
    const byWeek = new Map(closed.rows.map((row) => [row.week, row]));
    const pathsOf = new Map(paths.rows.map((row) => [row.week, row]));
    return ends.map((end, index) => {
      const ago = count - 1 - index;
      const open = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<
        Severity,
        number
      >;
      for (const { week, severity, issues } of opened.rows)
        if (week >= ago) open[severityOf(severity)] += issues;
      for (const { week, end_week, severity, issues } of resolved.rows)
        if (week >= ago && end_week < ago) open[severityOf(severity)] += issues;
      const row = byWeek.get(ago);
      return {
        end,
        open,
        closed: row?.closed ?? 0,
        medianDays: row?.median ?? null,
        ninthDays: row?.ninth ?? null,
        pathsFound: pathsOf.get(ago)?.found ?? 0,
        pathsCut: pathsOf.get(ago)?.cut ?? 0,
      };
    });
  }
}
