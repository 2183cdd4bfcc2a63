import type { Instant } from '#base/instant.ts';
import type { AttackPath } from '#domain/attackpath/attack-path.ts';
import type { Lens } from '#domain/attackpath/lens-steps.ts';
import type { PathFacts } from '#domain/attackpath/path-facts.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { PathList, PathStore } from '#domain/ports/path-store.ts';
import { inTransaction, type Pool } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { loadPathFacts } from './load-path-facts.ts';

/** Attack paths in PostgreSQL. */
export class PostgresPathStore implements PathStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

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
       where issue.shard = $1 and issue.type = 'attack_path' and not issue.is_muted and issue.status = 'open'
       order by issue.rank desc, issue.id desc`,
      [shard],
    );
    const [row] = searched.rows;
    return {
      searchedAt: row?.at ?? null,
      notes: row?.notes ?? [],
      paths: paths.rows.map(({ id: issueId, body }) => ({ issueId, path: body })),
    };
  }

  facts(lens: Lens): Promise<{ readonly facts: PathFacts; readonly notes: readonly string[] }> {
    return inTransaction(this.#pool, (connection) =>
      loadPathFacts(connection, this.#organisation, this.#clock.now(), lens),
    );
  }
}
