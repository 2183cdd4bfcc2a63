import type { Instant } from '#base/instant.ts';
import type { BomCandidate, BomStore, DueBom } from '#domain/ports/bom-store.ts';
import type { ScanRequest } from '#domain/ports/import-store.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Pool } from './database.ts';
import type { Organisation } from './organisation.ts';

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
    }>(
      `select listed.body as installed, feed_ghsa.body as affected from bom_package as listed join feed_ghsa on feed_ghsa.package = listed.package
          where listed.shard = $1 and listed.scope_id = $2
        union all
        select listed.body, feed_osv.body from bom_package as listed join feed_osv on feed_osv.package = listed.package
          where listed.shard = $1 and listed.scope_id = $2`,
      [this.#organisation.shard, scopeId],
    );
    return result.rows;
  }

  async settle(scopeId: string, dueAt: Instant, matched: string, isRetired: boolean): Promise<void> {
    await this.#pool.query(
      `update bom set due_at = case when due_at > $3 then due_at end, matched = $4, is_retired = $5 where shard = $1 and scope_id = $2`,
      [this.#organisation.shard, scopeId, new Date(dueAt), matched, isRetired],
    );
  }
}
