import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import type { AppliedScan } from './applied-scan.ts';

/** So many scans of a scope can be taken back, the latest first. */
const SCANS_MAX = 3;

const CHUNK = 5_000;

/** The tables that keep what scans change. */
const JOURNALS = ['scan_change', 'scan_finding', 'scan_issue', 'scan_unit'] as const;

// `lateral (… limit 1)` looks each row up by its key: joined otherwise, a few thousand changes can cost reading a million rows.

const KEEP_SIGHTINGS = `insert into scan_change (shard, scope_id, scan_id, fingerprint, before, covers)
  select $1, $2, $3, changed.fingerprint, to_jsonb(sighting),
    array(select cover from sighting_cover where sighting_cover.shard = $1 and sighting_cover.scope_id = $2 and sighting_cover.fingerprint = changed.fingerprint)
  from (FROM) as changed
  left join lateral (select * from sighting where shard = $1 and scope_id = $2 and fingerprint = changed.fingerprint limit 1) as sighting on true
  on conflict (shard, scope_id, scan_id, fingerprint) do nothing`;

/** Of one that is closed also what it says: where it opens, its last sightings may say otherwise later. */
const KEEP_FINDINGS = `insert into scan_finding (shard, scope_id, scan_id, fingerprint, before)
  select distinct on (finding.fingerprint) $1::bigint, $2::bigint, $3, finding.fingerprint,
    jsonb_build_object('is_open', is_open, 'first_seen', first_seen, 'closed_at', closed_at, 'closed_why', closed_why, 'reopened_at', reopened_at)
      || case when is_open then '{}' else jsonb_build_object('summary', summary, 'likeness', likeness) end
  from (FROM) as changed
  join lateral (select * from finding where shard = $1 and fingerprint = changed.fingerprint limit 1) as finding on true
  on conflict (shard, scope_id, scan_id, fingerprint) do nothing`;

/** How resolved issues stood last, and when the last of their findings closed. */
const KEEP_ISSUES = `insert into scan_issue (shard, scope_id, scan_id, issue_id, before, closed_at)
  select $1, $2, $3, issue.id, to_jsonb(issue),
    (select max(closed_at) from finding where finding.shard = $1 and finding.issue_id = issue.id and not finding.is_open)
  from unnest($4::text[]) as listed (id)
  join lateral (select * from issue where shard = $1 and issue.id = listed.id limit 1) as issue on true
  where issue.status = 'resolved'
  on conflict (shard, scope_id, scan_id, issue_id) do nothing`;

/**
 * What a scan changes, as it was before, so that the scan can be taken back (design: identity, scope): of the
 * sightings of its scope, of findings and of issues. What does not change costs nothing. The sightings of the
 * first scan of a scope need no journal, as all of them are its own.
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

  /** To be called before the stage is applied. `isCounting`: what the scope shows is open, so that findings that are open stay so. */
  async keepStaged(isCounting: boolean): Promise<void> {
    const { importId, isFirst, end } = this.#scan;
    const stage = 'from stage_sighting where stage_sighting.shard = $1 and stage_sighting.import_id = $4';
    if (!isFirst)
      await this.#connection.query(KEEP_SIGHTINGS.replace('FROM', `select distinct fingerprint ${stage}`), [
        ...this.#values(),
        importId,
      ]);
    await this.#connection.query(
      KEEP_FINDINGS.replace('FROM', `select coalesce(finding, fingerprint) as fingerprint ${stage}`).replace(
        'on conflict',
        'where $5::boolean or not finding.is_open or finding.first_seen > $6 on conflict',
      ),
      [...this.#values(), importId, !isCounting, new Date(end.reportAt)],
    );
  }

  /** To be called before these sightings of the scope change. */
  async keepSightings(fingerprints: readonly string[]): Promise<void> {
    if (this.#scan.isFirst || fingerprints.length === 0) return;
    const listed = 'select distinct fingerprint from unnest($4::uuid[]) as listed (fingerprint)';
    await this.#connection.query(KEEP_SIGHTINGS.replace('FROM', listed), [...this.#values(), fingerprints]);
  }

  /** To be called before the findings of these fingerprints, or of sightings with them, change. */
  async keepFindings(fingerprints: Iterable<string>): Promise<void> {
    const listed = `select coalesce(rekeyed.fingerprint, listed.fingerprint) as fingerprint from unnest($4::uuid[]) as listed (fingerprint)
      left join rekeyed on rekeyed.shard = $1 and rekeyed.own = listed.fingerprint`;
    for (const chunk of chunksOf(fingerprints))
      await this.#connection.query(KEEP_FINDINGS.replace('FROM', listed), [...this.#values(), chunk]);
  }

  /** To be called before these issues are assessed anew. */
  async keepIssues(issueIds: Iterable<string>): Promise<void> {
    for (const chunk of chunksOf(issueIds))
      await this.#connection.query(KEEP_ISSUES, [...this.#values(), chunk]);
  }

  /** Scope, source, other images that do not count and what a catalogue said as they are before the scan, as JSON: its numbers are larger than those of this language. Null of the one that the scan makes. */
  async before(): Promise<string> {
    const { request, scopeId } = this.#scan;
    const result = await this.#connection.query<{ before: string }>(
      `select jsonb_build_object('scope', (select to_jsonb(scope) from scope where organisation = $1 and id = $2),
         'source', (select to_jsonb(source) from source where organisation = $1 and id = $3),
         'images', (select jsonb_agg(jsonb_build_object('id', id::text, 'since', not_counting_since)) from scope
           where organisation = $1 and source_id = $3 and id <> $2 and image_key = $5 and not is_counting),
         'catalogue', (select jsonb_agg(to_jsonb(catalogue_entry)) from catalogue_entry where shard = $4 and source_id = $3 and scope_id = $2))::text as before`,
      [
        this.#organisation.id,
        scopeId,
        request.source.id,
        this.#organisation.shard,
        request.scope.image?.resourceKey ?? null,
      ],
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
    await forgetJournal(
      this.#connection,
      shard,
      [this.#scan.scopeId],
      old.rows.map((row) => row.id),
    );
  }

  #values(): readonly unknown[] {
    return [this.#organisation.shard, this.#scan.scopeId, this.#scanId];
  }
}

function* chunksOf(names: Iterable<string>): Iterable<readonly string[]> {
  let chunk: string[] = [];
  for (const name of names) {
    chunk.push(name);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Lets go of what is kept of scans of these scopes: of these, or of all where none are named. */
export async function forgetJournal(
  connection: Connection,
  shard: bigint,
  scopeIds: readonly bigint[],
  scanIds: readonly string[] | null,
): Promise<void> {
  for (const table of JOURNALS)
    await connection.query(
      `delete from ${table} where shard = $1 and scope_id = any($2::bigint[]) and ($3::text[] is null or scan_id = any($3::text[]))`,
      [shard, scopeIds, scanIds],
    );
}
