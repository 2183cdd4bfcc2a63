import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import type { AppliedScan } from './applied-scan.ts';

/** So many scans of a scope can be taken back, the latest first. */
const SCANS_MAX = 3;

const KEEP = `insert into scan_change (shard, scope_id, scan_id, fingerprint, before, covers, finding)
  select $1, $2, $3, changed.fingerprint, to_jsonb(sighting),
    array(select cover from sighting_cover where sighting_cover.shard = $1 and sighting_cover.scope_id = $2 and sighting_cover.fingerprint = changed.fingerprint),
    case when finding.fingerprint is not null then jsonb_build_object('is_open', finding.is_open, 'first_seen', finding.first_seen, 'closed_at', finding.closed_at,
      'closed_why', finding.closed_why, 'reopened_at', finding.reopened_at) end
  from (FROM) as changed
  left join sighting on sighting.shard = $1 and sighting.scope_id = $2 and sighting.fingerprint = changed.fingerprint
  left join rekeyed on rekeyed.shard = $1 and rekeyed.own = changed.fingerprint
  left join finding on finding.shard = $1 and finding.fingerprint = coalesce(rekeyed.fingerprint, changed.fingerprint)
  on conflict (shard, scope_id, scan_id, fingerprint) do nothing`;

/**
 * What a scan changes of the sightings of its scope, as it was before, so that the scan can be taken back
 * (design: identity, scope). What does not change costs nothing; the first scan of a scope needs no
 * journal, as all of the scope is its own.
 */
export class ScanJournal {
  readonly #connection: Connection;
  readonly #organisation: Organisation;
  readonly #scanId: string;
  readonly #scan: AppliedScan;

  constructor(connection: Connection, organisation: Organisation, scanId: string, scan: AppliedScan) {
    this.#connection = connection;
    this.#organisation = organisation;
    this.#scanId = scanId;
    this.#scan = scan;
  }

  /** To be called before the stage is applied. */
  async keepStaged(): Promise<void> {
    if (this.#scan.isFirst) return;
    const staged =
      'select distinct fingerprint from stage_sighting where stage_sighting.shard = $1 and stage_sighting.import_id = $4';
    await this.#connection.query(KEEP.replace('FROM', staged), [...this.#values(), this.#scan.importId]);
  }

  /** To be called before these sightings, or the findings of these fingerprints, change. */
  async keep(fingerprints: readonly string[]): Promise<void> {
    if (this.#scan.isFirst || fingerprints.length === 0) return;
    const listed = 'select distinct fingerprint from unnest($4::uuid[]) as listed (fingerprint)';
    await this.#connection.query(KEEP.replace('FROM', listed), [...this.#values(), fingerprints]);
  }

  /** Scope, source and what a catalogue said as they are before the scan, as JSON: its numbers are larger than those of this language. Null of the one that the scan makes. */
  async before(): Promise<string> {
    const { request, scopeId } = this.#scan;
    const result = await this.#connection.query<{ before: string }>(
      `select jsonb_build_object('scope', (select to_jsonb(scope) from scope where organisation = $1 and id = $2),
         'source', (select to_jsonb(source) from source where organisation = $1 and id = $3),
         'catalogue', (select jsonb_agg(to_jsonb(catalogue_entry)) from catalogue_entry where shard = $4 and source_id = $3 and scope_id = $2))::text as before`,
      [this.#organisation.id, scopeId, request.source.id, this.#organisation.shard],
    );
    return (result.rows[0] as { readonly before: string }).before;
  }

  /** Lets go of what is kept of older scans of the scope. */
  async prune(): Promise<void> {
    const { id, shard } = this.#organisation;
    const old = await this.#connection.query<{ id: string }>(
      `update scan set before = null where organisation = $1 and before is not null and id in
         (select id from scan where organisation = $1 and scope_id = $2 order by id desc offset $3) returning id`,
      [id, this.#scan.scopeId, SCANS_MAX],
    );
    if (old.rows.length === 0) return;
    await this.#connection.query(
      'delete from scan_change where shard = $1 and scope_id = $2 and scan_id = any($3::text[])',
      [shard, this.#scan.scopeId, old.rows.map((row) => row.id)],
    );
  }

  #values(): readonly unknown[] {
    return [this.#organisation.shard, this.#scan.scopeId, this.#scanId];
  }
}
