import type { Instant } from '#base/instant.ts';
import type { BomCandidate, BomStore, DueBom } from '#domain/ports/bom-store.ts';
import type { ScanRequest } from '#domain/ports/import-store.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Pool } from './database.ts';
import type { Organisation } from './organisation.ts';

/** Listed packages that a feed speaks of; of a record that both feeds have the newer one counts. */
const CANDIDATES = (table: string, other: string) =>
  `select listed.body as installed, ${table}.body as affected from bom_package as listed join ${table} on ${table}.package = listed.package
     where listed.shard = $1 and listed.scope_id = $2
       and not exists (select from ${other} where ${other}.record = ${table}.record and ${other}.modified_at > ${table}.modified_at)`;

/** Bills of materials in PostgreSQL. */
export class PostgresBomStore implements BomStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;

  constructor(pool: Pool, organisation: Organisation) {
    this.#pool = pool;
    this.#organisation = organisation;
  }

  async due(): Promise<readonly DueBom[]> {
    const { id, shard } = this.#organisation;
    const result = await this.#pool.query<{
      scope_id: bigint;
      request: ScanRequest;
      resource: ResourceDescription;
      report_at: Instant;
      due_at: Instant;
      is_retired: boolean;
      matched: string | null;
    }>(
      `select bom.scope_id, bom.request, bom.resource, greatest(bom.report_at, feeds.content_at) as report_at, coalesce(bom.due_at, bom.report_at) as due_at,
          scope.id is null or scope.retired_at is not null as is_retired, bom.matched
        from bom
        left join scope on scope.organisation = $1 and scope.id = bom.scope_id
        cross join (select max(content_at) as content_at from feed where id in ('osv', 'ghsa')) as feeds
        where bom.shard = $2 and (bom.due_at is not null or bom.is_retired <> (scope.id is null or scope.retired_at is not null))
        order by bom.scope_id`,
      [id, shard],
    );
    return result.rows.map((row) => ({
      scopeId: String(row.scope_id),
      request: row.request,
      resource: row.resource,
      reportAt: row.report_at,
      dueAt: row.due_at,
      isRetired: row.is_retired,
      matched: row.matched,
    }));
  }

  async candidates(scopeId: string): Promise<readonly BomCandidate[]> {
    const result = await this.#pool.query<{
      installed: BomCandidate['installed'];
      affected: BomCandidate['affected'];
    }>(`${CANDIDATES('feed_ghsa', 'feed_osv')} union all ${CANDIDATES('feed_osv', 'feed_ghsa')}`, [
      this.#organisation.shard,
      scopeId,
    ]);
    return result.rows;
  }

  async settle(scopeId: string, dueAt: Instant, matched: string, isRetired: boolean): Promise<void> {
    await this.#pool.query(
      `update bom set due_at = case when due_at > $3 then due_at end, matched = $4, is_retired = $5 where shard = $1 and scope_id = $2`,
      [this.#organisation.shard, scopeId, new Date(dueAt), matched, isRetired],
    );
  }
}
