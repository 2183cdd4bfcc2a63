import type { Instant } from '#base/instant.ts';
import type { AttackPath } from '#domain/attackpath/attack-path.ts';
import type { Gate } from '#domain/attackpath/attack-step.ts';
import type { Lens } from '#domain/attackpath/lens-steps.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { AssignedFix, PathList, PathStore } from '#domain/ports/path-store.ts';
import { inTransaction, type Pool } from '../database.ts';
import { recordEvent } from '../events.ts';
import type { Organisation } from '../organisation.ts';
import { KeptFacts } from './kept-facts.ts';
import { type LoadedPathFacts, loadPathFacts } from './load-path-facts.ts';
import { loadSamePaths } from './load-same-paths.ts';

/** Attack paths in PostgreSQL. */
export class PostgresPathStore implements PathStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;
  readonly #kept = new KeptFacts<LoadedPathFacts>();

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async list(): Promise<PathList> {
    const { id, shard } = this.#organisation;
    const searched = await this.#pool.query<{ at: Instant; notes: readonly string[] }>(
      'select at, notes from attack_path_search where organisation = $1',
      [id],
    );
    const paths = await this.#pool.query<{ id: string; body: AttackPath }>(
      `select issue.id, attack_path.body from issue
       join finding on finding.shard = issue.shard and finding.issue_id = issue.id and finding.is_open
       join attack_path on attack_path.shard = finding.shard and attack_path.fingerprint = finding.fingerprint
       where issue.shard = $1 and issue.type = 'attack_path' and not issue.is_muted and issue.status in ('open', 'in_progress')
       order by issue.rank desc, issue.id desc`,
      [shard],
    );
    const same = await loadSamePaths(this.#pool, shard);
    const [row] = searched.rows;
    return {
      searchedAt: row?.at ?? null,
      notes: [...(row?.notes ?? []), ...same.notes],
      paths: paths.rows.map(({ id: issueId, body }) => ({
        issueId,
        path: body,
        alsoFoundBy: same.byIssue.get(issueId) ?? [],
      })),
    };
  }

  facts(lens: Lens, taken: readonly string[] = []): Promise<LoadedPathFacts> {
    const now = this.#clock.now();
    return this.#kept.get(this.#pool, JSON.stringify([lens, ...taken]), now, () =>
      inTransaction(this.#pool, (connection) =>
        loadPathFacts(connection, this.#organisation, now, lens, taken),
      ),
    );
  }

  async fixes(): Promise<readonly AssignedFix[]> {
    const result = await this.#pool.query<AssignedFix>({
      name: 'assigned-fixes',
      text: 'select id, gate, assignee, due_at as "dueAt", actor, at from fix where shard = $1 order by due_at nulls last, id',
      values: [this.#organisation.shard],
    });
    return result.rows;
  }

  async decideFix(
    id: string,
    gate: Gate,
    { assignee, dueAt }: { readonly assignee: string | null; readonly dueAt: Instant | null },
    actor: string,
  ): Promise<void> {
    const { shard } = this.#organisation;
    const now = this.#clock.now();
    await inTransaction(this.#pool, async (connection) => {
      if (assignee === null && dueAt === null)
        await connection.query('delete from fix where shard = $1 and id = $2', [shard, id]);
      else
        await connection.query(
          `insert into fix (shard, id, gate, assignee, due_at, actor, at) values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (shard, id) do update set gate = excluded.gate, assignee = excluded.assignee, due_at = excluded.due_at, actor = excluded.actor, at = excluded.at`,
          [
            shard,
            id,
            JSON.stringify(gate),
            assignee,
            dueAt === null ? null : new Date(dueAt),
            actor,
            new Date(now),
          ],
        );
      recordEvent(connection, shard, {
        at: now,
        actor,
        verb: 'decide fix',
        subject: `fix:${id}`,
        details: { sentence: gate.sentence, assignee, dueAt },
      });
    });
  }
}
