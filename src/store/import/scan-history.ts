import type { Instant } from '#base/instant.ts';
import type { OpenSighting } from '#domain/finding/finding-state.ts';
import type { SightingContent } from '#domain/finding/sighting.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { type ImageScopeRow, judgeImages, runningImages } from './image-scopes.ts';

/** A scan that came after one that is taken back, and of which is kept what it changed. */
export interface LaterScan {
  readonly id: string;
  readonly scope_id: bigint;
  readonly report_at: Instant;
  readonly arrived_at: Instant;
  /** The scope before it; null of the scan that made it. */
  readonly scope: ScopeRow | null;
}

interface ScopeRow extends ImageScopeRow {
  readonly source_name: string;
  readonly source_id: string;
  readonly environment: string | null;
  readonly services: readonly string[];
  readonly team: string | null;
  readonly image_key: string | null;
  readonly retired_at: Instant | null;
}

interface SightingRow {
  readonly scope_id: bigint;
  readonly fingerprint: string;
  readonly first_seen: Instant;
  readonly changed_at: Instant;
  readonly gone_at: Instant | null;
  readonly gone_why: string | null;
  readonly content: SightingContent;
}

/** Something from the scan of this place in the list on; -1: since before all of them. */
interface Since<T> {
  readonly from: number;
  readonly value: T;
}

/** Whether a scope shows its open sightings; when, where no scan tells, and why it ceased. */
interface Showing {
  readonly isShown: boolean;
  readonly at: Instant | null;
  readonly why: string;
}

/** A sighting after a scan. */
export interface SeenSighting {
  /** The same of one sighting after every scan. */
  readonly key: string;
  readonly isShown: boolean;
  readonly firstSeen: Instant;
  /** When and why it ceased to be shown; null: when its image ceased to count. */
  readonly at: Instant | null;
  readonly why: string;
  readonly said: OpenSighting;
}

const SCOPE =
  'id, source_id, environment, services, team, image_key, image_line, image_digest, image_id, image_reference, first_report_at, last_report_at, retired_at';
const SIGHTING = 'first_seen, changed_at, gone_at, gone_why, content';

/**
 * The sightings of some findings as they were after each of the scans that came since one that is taken back, and as
 * they would have been had that one never come: its own changes are to be taken back before.
 */
export class ScanHistory {
  /** In the order of arrival. */
  readonly scans: readonly LaterScan[];
  readonly #scopes: ReadonlyMap<bigint, readonly Since<ScopeRow | null>[]>;
  readonly #showing = new Map<bigint, Since<Showing>[]>();
  readonly #sightings = new Map<string, (readonly Since<SightingRow | null>[])[]>();

  private constructor(
    scans: readonly LaterScan[],
    scopes: ReadonlyMap<bigint, readonly Since<ScopeRow | null>[]>,
  ) {
    this.scans = scans;
    this.#scopes = scopes;
  }

  /** `own` are the fingerprints of the sightings. */
  static async read(
    connection: Connection,
    { id, shard }: Organisation,
    sinceScanId: string,
    image: { readonly sourceId: string; readonly key: string | null },
    own: readonly string[],
  ): Promise<ScanHistory> {
    const sightings = await connection.query<SightingRow>(
      `select scope_id, fingerprint, ${SIGHTING} from sighting where shard = $1 and fingerprint = any($2::uuid[])`,
      [shard, own],
    );
    const scopes = await connection.query<ScopeRow>(
      `select ${columnsOf('scope', SCOPE)}, source.name as source_name from scope join source on source.organisation = $1 and source.id = scope.source_id
       where scope.organisation = $1 and (scope.id = any($2::bigint[]) or (scope.source_id = $3 and scope.image_key = $4)
         or (scope.source_id, scope.image_key) in (select source_id, image_key from scope where organisation = $1 and id = any($2::bigint[]) and image_key is not null))`,
      [id, [...new Set(sightings.rows.map((row) => row.scope_id))], image.sourceId, image.key],
    );
    const scopeIds = scopes.rows.map((row) => row.id);
    const nameOf = new Map(scopes.rows.map((row) => [row.id, row.source_name]));
    const scans = await connection.query<
      Omit<LaterScan, 'scope'> &
        Omit<ScopeRow, 'id'> & { readonly scan_id: string; readonly id: bigint | null }
    >(
      `select scan.id as scan_id, scan.scope_id, scan.report_at, scan.arrived_at, ${columnsOf('kept', SCOPE)}
       from scan left join lateral jsonb_populate_record(null::scope, nullif(scan.before -> 'scope', 'null')) as kept on true
       where scan.organisation = $1 and scan.scope_id = any($2::bigint[]) and scan.id > $3 and scan.before is not null order by scan.id`,
      [id, scopeIds, sinceScanId],
    );
    const later = scans.rows.map(
      ({ scan_id, scope_id, report_at, arrived_at, id: kept, ...scope }): LaterScan => ({
        id: scan_id,
        scope_id,
        report_at,
        arrived_at,
        scope: kept === null ? null : { ...scope, id: kept, source_name: nameOf.get(scope_id) ?? '' },
      }),
    );
    const byScope = new Map(
      scopes.rows.map((row) => [row.id, sinceEach(later, row.id, (scan) => scan.scope, row)]),
    );
    const history = new ScanHistory(later, byScope);
    await history.#judge(connection, shard, scopes.rows);
    const changes = await connection.query<
      Omit<SightingRow, 'first_seen'> & { scan_id: string; first_seen: Instant | null }
    >(
      `select scan_change.scope_id, scan_change.scan_id, scan_change.fingerprint, ${columnsOf('kept', SIGHTING)}
       from scan_change left join lateral jsonb_populate_record(null::sighting, scan_change.before) as kept on true
       where scan_change.shard = $1 and scan_change.scope_id = any($2::bigint[]) and scan_change.scan_id = any($3::text[]) and scan_change.fingerprint = any($4::uuid[])`,
      [shard, scopeIds, later.map((scan) => scan.id), own],
    );
    const changed = new Map(
      changes.rows.map(({ first_seen, ...row }) => [
        `${row.scan_id} ${row.fingerprint}`,
        first_seen === null ? null : { ...row, first_seen },
      ]),
    );
    for (const row of sightings.rows) {
      const before = (scan: LaterScan) =>
        scan.scope === null ? null : changed.get(`${scan.id} ${row.fingerprint}`);
      const each = sinceEach(later, row.scope_id, before, row);
      const others = history.#sightings.get(row.fingerprint);
      if (others === undefined) history.#sightings.set(row.fingerprint, [each]);
      else others.push(each);
    }
    return history;
  }

  get scopeIds(): readonly bigint[] {
    return [...this.#scopes.keys()];
  }

  /** After which scans anything may be seen otherwise of the sightings with these fingerprints. */
  momentsOf(own: readonly string[]): readonly number[] {
    const moments = new Set<number>();
    for (const fingerprint of own)
      for (const each of this.#sightings.get(fingerprint) ?? []) {
        const scopeId = each.at(-1)?.value?.scope_id;
        for (const { from } of each) moments.add(from);
        for (const { from } of this.#showing.get(scopeId as bigint) ?? []) moments.add(from);
      }
    moments.delete(BEFORE);
    return [...moments].sort((a, b) => a - b);
  }

  /** The sightings with these fingerprints that were there after this scan, whether they showed their finding or not. */
  seenAfter(own: readonly string[], index: number): readonly SeenSighting[] {
    return own.flatMap((fingerprint) =>
      (this.#sightings.get(fingerprint) ?? []).flatMap((each) => {
        const sighting = valueAt(each, index);
        if (sighting === null) return [];
        const scope = valueAt(this.#scopes.get(sighting.scope_id) ?? [], index);
        const showing = valueAt(this.#showing.get(sighting.scope_id) ?? [], index);
        return scope === null || showing === null ? [] : [seen(sighting, scope, showing)];
      }),
    );
  }

  /** Since when the image of a scope does not count, where that is because of one of these scans. */
  notCountingSince(scopeId: bigint): Instant | null {
    const last = this.#showing.get(scopeId)?.at(-1);
    return last === undefined || last.value.isShown || last.value.at !== null
      ? null
      : (this.scans[last.from]?.arrived_at ?? null);
  }

  /** Which scopes show their sightings, after each scan of an image that they share a repository with. */
  async #judge(connection: Connection, shard: bigint, scopes: readonly ScopeRow[]): Promise<void> {
    const groups = Map.groupBy(scopes, (row) =>
      row.image_key === null ? String(row.id) : `${row.source_id}\n${row.image_key}`,
    );
    for (const group of groups.values()) {
      const imageKey = group[0]?.image_key ?? null;
      const runs = imageKey === null ? [] : await runningImages(connection, shard, imageKey);
      const ids = new Set(group.map((row) => row.id));
      const moments = [
        BEFORE,
        ...this.scans.flatMap((scan, index) => (ids.has(scan.scope_id) ? [index] : [])),
      ];
      for (const index of moments) {
        const states = group.map((row) => valueAt(this.#scopes.get(row.id) ?? [], index));
        const judged = judgeImages(states.filter(isActiveImage), runs);
        for (const [place, { id }] of group.entries()) {
          const state = states[place] ?? null;
          if (state === null) continue;
          const showing = this.#showing.get(id);
          const value: Showing =
            state.retired_at !== null
              ? { isShown: false, at: state.retired_at, why: 'its source was retired' }
              : { isShown: judged.get(id)?.isCounting ?? true, at: null, why: judged.get(id)?.why ?? '' };
          if (showing === undefined) this.#showing.set(id, [{ from: index, value }]);
          else if (showing.at(-1)?.value.isShown !== value.isShown) showing.push({ from: index, value });
        }
      }
    }
  }
}

const BEFORE = -1;

function isActiveImage(scope: ScopeRow | null): scope is ScopeRow {
  return scope !== null && scope.image_key !== null && scope.retired_at === null;
}

/**
 * What something of a scope was since before the scans and after each of them that changed it, from what it was before
 * each of those and what it is now. `before` answers undefined where a scan did not change it.
 */
function sinceEach<T>(
  scans: readonly LaterScan[],
  scopeId: bigint,
  before: (scan: LaterScan) => T | null | undefined,
  now: T,
): readonly Since<T | null>[] {
  const each: Since<T | null>[] = [];
  let from = BEFORE;
  for (const [index, scan] of scans.entries()) {
    if (scan.scope_id !== scopeId) continue;
    const value = before(scan);
    if (value === undefined) continue;
    each.push({ from, value });
    from = index;
  }
  each.push({ from, value: now });
  return each;
}

function valueAt<T>(each: readonly Since<T | null>[], index: number): T | null {
  return each.findLast(({ from }) => from <= index)?.value ?? null;
}

function seen(sighting: SightingRow, scope: ScopeRow, showing: Showing): SeenSighting {
  const isGone = sighting.gone_at !== null;
  const image =
    scope.image_key === null
      ? null
      : { digest: scope.image_digest, imageId: scope.image_id, reference: scope.image_reference };
  return {
    key: `${sighting.scope_id} ${sighting.fingerprint}`,
    isShown: !isGone && showing.isShown,
    firstSeen: sighting.first_seen,
    at: isGone ? sighting.gone_at : showing.at,
    why: isGone ? (sighting.gone_why ?? '') : showing.why,
    said: {
      source: scope.source_name,
      scope: { environment: scope.environment, services: scope.services, team: scope.team, image },
      seenAt: sighting.changed_at,
      content: sighting.content,
    },
  };
}

function columnsOf(table: string, columns: string): string {
  return columns
    .split(', ')
    .map((column) => `${table}.${column}`)
    .join(', ');
}
