import { spelledAdvisory } from '#domain/finding/advisory-name.ts';
import { issueId } from '#domain/finding/identify-finding.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type {
  DecidedIssue,
  DecidedIssues,
  InboxCounts,
  InboxFilter,
  InboxPageRequest,
  InboxStore,
  IssueDecision,
  IssueEvent,
  IssueGrouping,
  IssueGroups,
  IssueRow,
  IssueView,
  MendedIssue,
  UndoneAction,
} from '#domain/ports/inbox-store.ts';
import { assessForView } from './assess-for-view.ts';
import { loadPath } from './attackpath/load-paths.ts';
import { loadSamePathsOf } from './attackpath/load-same-paths.ts';
import { isPathSearchDue, refreshPaths } from './attackpath/refresh-paths.ts';
import { inTransaction, LOCK, type Pool } from './database.ts';
import { sweepEstates } from './estate/sweep-estates.ts';
import { loadFindingViews } from './finding-views.ts';
import { IssueActions } from './issue-actions.ts';
import { IssueColumns } from './issue-columns.ts';
import { issueConditions } from './issue-conditions.ts';
import { countIssues } from './issue-counts.ts';
import { loadIssueEvents } from './issue-events.ts';
import { groupIssues } from './issue-groups.ts';
import { IssueIds } from './issue-ids.ts';
import { ISSUE_COLUMNS, type IssueRecord, issueRow } from './issue-rows.ts';
import { JOINED_TEXTS, searchPatterns } from './issue-search.ts';
import { loadMendedIssues } from './mended-issues.ts';
import type { Organisation } from './organisation.ts';
import { currentIssueId } from './rekey/issue-redirects.ts';
import { loadAliases } from './rekey/stored-aliases.ts';
import { rollUpIssues } from './roll-up.ts';

const FINDINGS_SHOWN_MAX = 500;
const SWEEP_ISSUES_MAX = 2_000;
const FOUND_MAX = 10;
/** An id, or enough of its beginning. Its letters end with v. */
const ID_OR_PREFIX = /^[0-9a-v]{4,16}$/;

/** The inbox in PostgreSQL. */
export class PostgresInboxStore implements InboxStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;
  readonly #columns: IssueColumns;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
    this.#columns = new IssueColumns(pool, organisation.shard);
  }

  async list(request: InboxPageRequest): Promise<readonly IssueRow[]> {
    const isSearch = searchPatterns(request.text).length > 0;
    const ids = isSearch ? await this.#columns.page(request, request.after, request.limit) : null;
    if (ids !== null) return this.rows(ids);
    const { sql, values } = issueConditions(this.#organisation, this.#clock.now(), request);
    const after =
      request.after === null
        ? ''
        : ` and (rank, issue.id) < ($${values.push(request.after.rank)}, $${values.push(request.after.id)})`;
    const limit = values.push(request.limit);
    const result = await this.#pool.query<IssueRecord>(
      `select ${ISSUE_COLUMNS} from issue${isSearch ? JOINED_TEXTS : ''} where ${sql}${after} order by rank desc, issue.id desc limit $${limit}`,
      values,
    );
    return result.rows.map(issueRow);
  }

  groups(
    filter: InboxFilter,
    by: IssueGrouping,
    size: { readonly limit: number; readonly rows: number },
  ): Promise<IssueGroups> {
    return groupIssues(this.#pool, this.#organisation, this.#clock.now(), filter, by, size);
  }

  async rows(ids: readonly string[]): Promise<readonly IssueRow[]> {
    if (ids.length === 0) return [];
    const result = await this.#pool.query<IssueRecord>({
      name: 'issues-of-page',
      text: `select ${ISSUE_COLUMNS} from issue where shard = $1 and id = any($2::text[])`,
      values: [this.#organisation.shard, ids],
    });
    const rows = new Map(result.rows.map((record) => [record.id, issueRow(record)]));
    return ids.flatMap((id) => rows.get(id) ?? []);
  }

  async countAbove(
    marks: readonly { readonly rank: bigint; readonly id: string }[],
  ): Promise<readonly number[]> {
    if (marks.length === 0) return [];
    const result = await this.#pool.query<{ above: number }>({
      name: 'issues-above',
      text: `select (select count(*)::integer from issue where shard = $1 and is_admitted and not is_muted and status in ('open', 'in_progress') and (rank, id) > (mark.rank, mark.id)) as above
        from unnest($2::bigint[], $3::text[]) with ordinality as mark (rank, id, place) order by place`,
      values: [this.#organisation.shard, marks.map(({ rank }) => rank), marks.map(({ id }) => id)],
    });
    return result.rows.map(({ above }) => above);
  }

  mended(fingerprints: readonly string[], issueIds: readonly string[]): Promise<readonly MendedIssue[]> {
    return loadMendedIssues(this.#pool, this.#organisation, this.#clock.now(), fingerprints, issueIds);
  }

  counts(filter: InboxFilter): Promise<InboxCounts> {
    return countIssues(this.#pool, this.#organisation, this.#clock.now(), filter, this.#columns);
  }

  async find(name: string): Promise<readonly string[]> {
    const lower = name.toLowerCase();
    const values: unknown[] = [
      this.#organisation.shard,
      issueId(name),
      [name, name.toUpperCase()],
      FOUND_MAX,
    ];
    const beginning = ID_OR_PREFIX.test(lower)
      ? `or id >= $${values.push(lower)} and id < $${values.push(`${lower}w`)}`
      : '';
    const result = await this.#pool.query<{ id: string }>(
      `select id from issue where shard = $1 and (id = $2 or advisory = any($3::text[]) ${beginning}) order by rank desc, id desc limit $4`,
      values,
    );
    if (result.rows.length > 0) return result.rows.map((row) => row.id);
    return this.#findMoved(name, lower);
  }

  /** Where no issue has the name: the one that an issue of that id or key went on as, or those of the advisory that it is an alias of. */
  async #findMoved(name: string, lower: string): Promise<readonly string[]> {
    const { shard } = this.#organisation;
    const aliases = await loadAliases(this.#pool, this.#organisation);
    const advisory = aliases.advisory(spelledAdvisory(name));
    const result = await this.#pool.query<{ id: string }>(
      `select id from issue_redirect where shard = $1 and (id = $2 or (id >= $3 and id < $3 || 'w'))
       union all (select id from issue where shard = $1 and advisory = $4 order by rank desc, id desc) limit $5`,
      [shard, issueId(name), ID_OR_PREFIX.test(lower) ? lower : null, advisory, FOUND_MAX],
    );
    const current = await Promise.all(result.rows.map((row) => currentIssueId(this.#pool, shard, row.id)));
    return [...new Set(current)];
  }

  async view(asked: string): Promise<IssueView | null> {
    const { shard } = this.#organisation;
    const id = await currentIssueId(this.#pool, shard, asked);
    const result = await this.#pool.query<IssueRecord>({
      name: 'issue',
      text: `select ${ISSUE_COLUMNS} from issue where shard = $1 and id = $2`,
      values: [shard, id],
    });
    const record = result.rows[0];
    if (record === undefined) return null;
    const { findings, count } = await loadFindingViews(
      this.#pool,
      this.#organisation,
      this.#clock.now(),
      id,
      FINDINGS_SHOWN_MAX,
    );
    const loaded = await assessForView(
      this.#pool,
      this.#organisation,
      this.#clock.now(),
      id,
      findings.map((finding) => finding.fingerprint),
    );
    return {
      row: issueRow(record),
      firstSeen: record.first_seen,
      assessed: loaded?.assessed ?? null,
      openFindings: loaded?.openFindings ?? 0,
      findings,
      findingCount: count,
      attackPath: record.type === 'attack_path' ? await loadPath(this.#pool, shard, id) : null,
      alsoFoundBy: record.type === 'attack_path' ? await loadSamePathsOf(this.#pool, shard, id) : [],
    };
  }

  async decide(asked: string, decision: IssueDecision, actor: string): Promise<DecidedIssue | null> {
    const id = await currentIssueId(this.#pool, this.#organisation.shard, asked);
    return this.#actions().decide(id, decision, actor);
  }

  async decideAll(ids: readonly string[], decision: IssueDecision, actor: string): Promise<DecidedIssues> {
    return this.#actions().decideAll(ids, decision, actor);
  }

  undo(action: string, actor: string): Promise<UndoneAction | null> {
    return this.#actions().undo(action, actor);
  }

  async ids(filter: InboxFilter, limit: number | null): Promise<readonly string[]> {
    const { sql, values } = issueConditions(this.#organisation, this.#clock.now(), filter);
    const isSearch = searchPatterns(filter.text).length > 0;
    const result = await this.#pool.query<{ id: string }>(
      `select issue.id from issue${isSearch ? JOINED_TEXTS : ''} where ${sql} order by rank desc, issue.id desc limit $${values.push(limit)}`,
      values,
    );
    return result.rows.map((row) => row.id);
  }

  #actions(): IssueActions {
    return new IssueActions(this.#pool, this.#organisation, this.#clock);
  }

  async history(asked: string): Promise<readonly IssueEvent[] | null> {
    const { shard } = this.#organisation;
    const id = await currentIssueId(this.#pool, shard, asked);
    const known = await this.#pool.query('select from issue where shard = $1 and id = $2', [shard, id]);
    return known.rowCount === 0 ? null : loadIssueEvents(this.#pool, shard, id);
  }

  async sweep(): Promise<number> {
    const { id, shard } = this.#organisation;
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      const lock = await connection.query<{ taken: boolean }>(
        'select pg_try_advisory_xact_lock($1, $2) as taken',
        [LOCK.organisation, Number(id)],
      );
      if (lock.rows[0]?.taken !== true) return 0;
      const due = await connection.query<{ id: string }>(
        'select id from issue where shard = $1 and valid_until <= $2 order by valid_until limit $3',
        [shard, new Date(now), SWEEP_ISSUES_MAX],
      );
      const issueIds = new IssueIds();
      issueIds.addAll(due.rows.map((row) => row.id));
      const estates = await sweepEstates(connection, this.#organisation, now, issueIds);
      await rollUpIssues(connection, this.#organisation, now, issueIds);
      if (issueIds.size + estates > 0 || (await isPathSearchDue(connection, this.#organisation, now)))
        await refreshPaths(connection, this.#organisation, now);
      return issueIds.size + estates;
    });
  }
}
