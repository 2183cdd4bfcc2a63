import { randomBytes } from 'node:crypto';
import { base32Hex } from '#base/digest.ts';
import { InboxError } from '#base/inbox-error.ts';
import { type Instant, instantText } from '#base/instant.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type {
  DecidedIssue,
  DecidedIssues,
  IssueChange,
  IssueDecision,
  IssueRow,
  UndoneAction,
} from '#domain/ports/inbox-store.ts';
import { loadPathsThrough } from './attackpath/load-paths-through.ts';
import {
  beginAlone,
  type Connection,
  inTransaction,
  lockOrganisation,
  type Pool,
  type Queryable,
} from './database.ts';
import { saveDecision } from './decisions.ts';
import { recordEvents } from './events.ts';
import { ISSUE_COLUMNS, type IssueRecord, issueRow, standOf } from './issue-rows.ts';
import type { Organisation } from './organisation.ts';
import { currentIssueId } from './rekey/issue-redirects.ts';
import { rollUpIssues } from './roll-up.ts';

/** So many issues are decided of in one transaction: what waits for it waits for a moment. */
const ISSUES_PER_CHUNK = 500;

/** What one word of a person does to one or many issues, and how it is taken back. */
export class IssueActions {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  /** Answers the issue as it is afterwards; null when there is none. */
  async decide(id: string, decision: IssueDecision, actor: string): Promise<DecidedIssue | null> {
    const action = newActionId(this.#clock.now());
    const [issue] = await this.#locked((connection) =>
      this.#decide(connection, action, [id], decision, actor),
    );
    return issue === undefined ? null : { issue, action };
  }

  async decideAll(ids: readonly string[], decision: IssueDecision, actor: string): Promise<DecidedIssues> {
    const action = newActionId(this.#clock.now());
    let issues = 0;
    for (const { chunk, isFirst } of chunksOf([...new Set(ids)])) {
      try {
        const rows = await this.#locked(
          (connection) => this.#decide(connection, action, chunk, decision, actor),
          isFirst,
        );
        issues += rows.length;
      } catch (error) {
        if (isFirst) throw error;
        if (error instanceof InboxError) return { action, issues, stopped: error.message };
        throw new InboxError(
          'internal',
          `It was decided of ${issues} issues before something went wrong: "issue undo ${action}" takes that back.`,
          { cause: error },
        );
      }
    }
    return { action, issues, stopped: null };
  }

  /** An issue of which nothing is decided; null when there is none. */
  async undecided(id: string): Promise<DecidedIssue | null> {
    const issue = (await rowsOf(this.#pool, this.#organisation.shard, [id])).get(id);
    return issue === undefined ? null : { issue, action: null };
  }

  async undo(action: string, actor: string): Promise<UndoneAction | null> {
    const { shard } = this.#organisation;
    const known = await this.#pool.query<{ kind: IssueDecision['kind']; actor: string }>(
      'select kind, actor from action where shard = $1 and id = $2 and undone_at is null',
      [shard, action],
    );
    const [row] = known.rows;
    if (row === undefined) return null;
    const touched = await this.#pool.query<{ issue_id: string }>(
      'select distinct issue_id from action_before where shard = $1 and action_id = $2 order by issue_id',
      [shard, action],
    );
    const undone = { issues: 0, kept: 0 };
    for (const { chunk, isFirst } of chunksOf(touched.rows.map((each) => each.issue_id))) {
      const part = await this.#locked(
        (connection) =>
          this.#takeBack(connection, { id: action, kind: row.kind, by: row.actor }, chunk, actor),
        isFirst,
      );
      undone.issues += part.issues;
      undone.kept += part.kept;
    }
    await this.#pool.query('update action set undone_at = $3 where shard = $1 and id = $2', [
      shard,
      action,
      new Date(this.#clock.now()),
    ]);
    return undone;
  }

  /** What has begun waits for an import to end, where whoever only begins is told that somebody else is at work. */
  #locked<T>(work: (connection: Connection) => Promise<T>, isFirst = true): Promise<T> {
    const { id } = this.#organisation;
    if (isFirst) return inTransaction(this.#pool, work, (connection) => beginAlone(connection, id));
    return inTransaction(this.#pool, async (connection) => {
      await connection.query('set local statement_timeout = 0; set local lock_timeout = 0');
      await lockOrganisation(connection, id);
      return work(connection);
    });
  }

  async #decide(
    connection: Connection,
    action: string,
    asked: readonly string[],
    decision: IssueDecision,
    actor: string,
  ): Promise<readonly IssueRow[]> {
    const { shard } = this.#organisation;
    const now = this.#clock.now();
    const before = await this.#current(connection, asked);
    const ids = [...before.keys()];
    if (ids.length === 0) return [];
    await connection.query(
      `with kept as (insert into action (shard, id, at, actor, kind) values ($1, $2, $5, $6, $4) on conflict (shard, id) do nothing)
       insert into action_before (shard, action_id, fingerprint, issue_id, at, before)
       select $1, $2, finding.fingerprint, finding.issue_id, $5,
         case when decision.kind is not null then jsonb_build_object('value', decision.value, 'actor', decision.actor, 'at', decision.at) end
       from finding left join decision on decision.shard = finding.shard and decision.fingerprint = finding.fingerprint and decision.kind = $4
       where finding.shard = $1 and finding.issue_id = any($3::text[]) and finding.is_open`,
      [shard, action, ids, decision.kind, new Date(now), actor],
    );
    const paths = decision.kind === 'snooze' ? await loadPathsThrough(connection, shard, ids) : null;
    const stands = new Map(
      [...before].map(([id, row]) => [id, { ...standOf(row), ...(paths && { paths: paths.get(id) ?? [] }) }]),
    );
    await saveDecision(connection, shard, stands, decision, actor, now);
    return this.#settle(connection, before, now, actor, decision);
  }

  /** The issues of these ids, or those that they went on as. */
  async #current(connection: Connection, asked: readonly string[]): Promise<ReadonlyMap<string, IssueRow>> {
    const { shard } = this.#organisation;
    const there = await rowsOf(connection, shard, asked);
    if (there.size === asked.length) return there;
    const ids: string[] = [];
    for (const id of asked) ids.push(there.has(id) ? id : await currentIssueId(connection, shard, id));
    return rowsOf(connection, shard, [...new Set(ids)]);
  }

  /** A part that was taken back is taken back for good: whoever repeats an undo that broke off goes on behind it. */
  async #takeBack(
    connection: Connection,
    action: { readonly id: string; readonly kind: IssueDecision['kind']; readonly by: string },
    ids: readonly string[],
    actor: string,
  ): Promise<UndoneAction> {
    const { shard } = this.#organisation;
    const now = this.#clock.now();
    const back = await connection.query<{ issue_id: string; is_back: boolean }>(
      `with part as (delete from action_before where shard = $1 and action_id = $2 and issue_id = any($3::text[]) returning *),
       was as (select part.fingerprint, part.issue_id, part.before, decision.fingerprint is not null as is_back
         from part left join decision on decision.shard = part.shard and decision.fingerprint = part.fingerprint
           and decision.kind = $4 and decision.actor = $5 and decision.at = part.at),
       gone as (delete from decision using was where decision.shard = $1 and decision.fingerprint = was.fingerprint and decision.kind = $4
         and was.is_back and was.before is null),
       changed as (update decision set value = was.before -> 'value', actor = was.before ->> 'actor', at = (was.before ->> 'at')::timestamptz
         from was where decision.shard = $1 and decision.fingerprint = was.fingerprint and decision.kind = $4 and was.is_back and was.before is not null)
       select issue_id, is_back from was`,
      [shard, action.id, ids, action.kind, action.by],
    );
    const before = await rowsOf(connection, shard, [...new Set(back.rows.map((row) => row.issue_id))]);
    await this.#settle(connection, before, now, actor, { kind: 'undo', of: action.kind });
    return { issues: before.size, kept: back.rows.filter((row) => !row.is_back).length };
  }

  /** Rolls up what was decided of, and puts down what that moved. */
  async #settle(
    connection: Connection,
    before: ReadonlyMap<string, IssueRow>,
    at: Instant,
    actor: string,
    what: IssueDecision | { readonly kind: 'undo'; readonly of: IssueDecision['kind'] },
  ): Promise<readonly IssueRow[]> {
    const { shard } = this.#organisation;
    const ids = [...before.keys()];
    await rollUpIssues(connection, this.#organisation, at, ids);
    const after = await rowsOf(connection, shard, ids);
    recordEvents(
      connection,
      shard,
      [...before].map(([id, row]) => ({
        at,
        actor,
        verb: what.kind,
        subject: `issue:${id}`,
        details: { ...what, changes: changesOf(row, after.get(id) ?? row) },
      })),
    );
    return ids.flatMap((id) => after.get(id) ?? []);
  }
}

async function rowsOf(
  connection: Queryable,
  shard: bigint,
  ids: readonly string[],
): Promise<ReadonlyMap<string, IssueRow>> {
  const result = await connection.query<IssueRecord>({
    name: 'issues-decided-of',
    text: `select ${ISSUE_COLUMNS} from issue where shard = $1 and id = any($2::text[])`,
    values: [shard, ids],
  });
  const rows = new Map(result.rows.map((record) => [record.id, issueRow(record)]));
  return new Map(
    ids.flatMap((id) => {
      const row = rows.get(id);
      return row === undefined ? [] : [[id, row] as const];
    }),
  );
}

function changesOf(before: IssueRow, after: IssueRow): readonly IssueChange[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  return is.flatMap(([field, value], index) => {
    const old = was[index]?.[1] ?? null;
    return old === value ? [] : [{ field, before: old, after: value }];
  });
}

function fieldsOf(row: IssueRow): readonly (readonly [IssueChange['field'], string | null])[] {
  return [
    ['status', row.status],
    ['muted', row.isMuted ? 'yes' : 'no'],
    ['admitted', row.isAdmitted ? 'yes' : 'no'],
    ['assignee', row.assignee],
    ['team', row.team],
    ['due', row.dueAt === null ? null : instantText(row.dueAt)],
    ['severity', row.severity],
  ];
}

function* chunksOf(
  ids: readonly string[],
): Iterable<{ readonly chunk: readonly string[]; readonly isFirst: boolean }> {
  for (let from = 0; from < ids.length; from += ISSUES_PER_CHUNK)
    yield { chunk: ids.slice(from, from + ISSUES_PER_CHUNK), isFirst: from === 0 };
}

/** Ids sort by time. */
function newActionId(now: Instant): string {
  const time = Buffer.alloc(6);
  time.writeUIntBE(now, 0, 6);
  return base32Hex(Buffer.concat([time, randomBytes(10)]));
}
