import { largest, smallest } from '#base/extremes.ts';
import { type Instant, instantTextOrNull } from '#base/instant.ts';
import { type FindingMoments, moveMoments } from '#domain/finding/finding-moments.ts';
import { type FindingSummary, likenessOf, summariseFinding } from '#domain/finding/finding-state.ts';
import type { Connection } from '../database.ts';
import { refreshFindings } from '../findings.ts';
import type { Organisation } from '../organisation.ts';
import { sightingsOfFindings } from '../rekey/rekeyed.ts';
import { type LaterScan, ScanHistory, type SeenSighting } from './scan-history.ts';

/** A scan that is taken back. */
export interface UndoneRef {
  readonly scanId: string;
  readonly scopeId: bigint;
  readonly sourceId: string;
  readonly imageKey: string | null;
  readonly reportAt: Instant;
}

/** What findings are without a scan. */
export interface ReplayedFindings {
  readonly issueIds: ReadonlySet<string>;
  /** Of issues, the first sights of findings that are not what they were: those may be the issue's own. */
  readonly movedFrom: readonly { readonly issueId: string; readonly firstSeen: Instant }[];
  /** The first later scan after which a finding of an issue opens. */
  readonly openedBy: ReadonlyMap<string, LaterScan>;
}

/** What a closed finding says. */
interface Said {
  readonly summary: FindingSummary;
  readonly likeness: bigint;
}

interface Stand {
  readonly moments: FindingMoments;
  /** Of a closed one. */
  readonly said: Said | null;
}

interface StandRow {
  readonly fingerprint: string;
  readonly is_open: boolean;
  readonly first_seen: Instant;
  readonly closed_at: Instant | null;
  readonly closed_why: string | null;
  readonly reopened_at: Instant | null;
  readonly summary: FindingSummary | null;
  readonly likeness: bigint | null;
}

interface KeptRow {
  readonly scope_id: bigint;
  readonly scan_id: string;
  readonly fingerprint: string;
  readonly before: Stand;
}

const STAND_TYPES =
  'is_open boolean, first_seen timestamptz, closed_at timestamptz, closed_why text, reopened_at timestamptz, summary jsonb, likeness bigint';

const CHUNK = 1_000;

/**
 * Brings findings to what they were had a scan never come: from what they were before it through every later scan that
 * could touch them, which is applied to them again. What later scans keep of them is that of this course of things too,
 * so that those can be taken back after it. The scan's own changes of sightings and scopes are to be taken back before.
 */
export async function replayFindings(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  undone: UndoneRef,
  fingerprints: readonly string[],
): Promise<ReplayedFindings> {
  const issueIds = new Set<string>();
  const movedFrom: { issueId: string; firstSeen: Instant }[] = [];
  const openedBy = new Map<string, LaterScan>();
  for (let from = 0; from < fingerprints.length; from += CHUNK) {
    const chunk = fingerprints.slice(from, from + CHUNK);
    const current = await currentStands(connection, organisation.shard, chunk);
    const course = await Course.read(connection, organisation, now, undone, chunk, current);
    await refreshFindings(connection, organisation, chunk, { at: now, why: new Map() });
    const kept: KeptRow[] = [];
    const stands = new Map<string, Stand>();
    for (const [fingerprint, { issueId, stand }] of current) {
      issueIds.add(issueId);
      const replayed = course.replay(fingerprint);
      if (replayed.stand !== null) stands.set(fingerprint, replayed.stand);
      kept.push(...replayed.kept);
      const { isOpen, firstSeen } = stand.moments;
      const then = replayed.stand?.moments;
      if (then?.firstSeen !== firstSeen || then.isOpen !== isOpen) movedFrom.push({ issueId, firstSeen });
      const first = openedBy.get(issueId);
      const opening = replayed.openedBy;
      if (opening !== null && (first === undefined || opening.id < first.id)) openedBy.set(issueId, opening);
    }
    await saveStands(connection, organisation.shard, stands);
    await saveKept(connection, organisation.shard, course.history.scans, chunk, kept);
  }
  return { issueIds, movedFrom, openedBy };
}

/** The course of things since a scan, without it. */
class Course {
  readonly #now: Instant;
  readonly history: ScanHistory;
  /** What each finding was before the scan; null of one that was not there. */
  readonly #before: ReadonlyMap<string, Stand | null>;
  readonly #own: ReadonlyMap<string, readonly string[]>;

  private constructor(
    now: Instant,
    history: ScanHistory,
    before: ReadonlyMap<string, Stand | null>,
    own: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#now = now;
    this.history = history;
    this.#before = before;
    this.#own = own;
  }

  static async read(
    connection: Connection,
    organisation: Organisation,
    now: Instant,
    { scanId, scopeId, sourceId, imageKey, reportAt }: UndoneRef,
    fingerprints: readonly string[],
    current: ReadonlyMap<string, { readonly stand: Stand }>,
  ): Promise<Course> {
    const { shard } = organisation;
    const rekeyed = await sightingsOfFindings(connection, shard, fingerprints);
    const own = new Map(fingerprints.map((fingerprint) => [fingerprint, [fingerprint]]));
    for (const [name, fingerprint] of rekeyed) own.get(fingerprint)?.push(name);
    const history = await ScanHistory.read(
      connection,
      organisation,
      scanId,
      { sourceId, key: imageKey },
      [...own.values()].flat(),
    );
    const kept = await connection.query<StandRow & { readonly scan_id: string }>(
      `select distinct on (fingerprint) fingerprint, scan_id, kept.* from scan_finding, jsonb_to_record(before) as kept (${STAND_TYPES})
       where shard = $1 and scope_id = any($2::bigint[]) and scan_id = any($3::text[]) and fingerprint = any($4::uuid[]) order by fingerprint, scan_id`,
      [
        shard,
        [...new Set([scopeId, ...history.scans.map((scan) => scan.scope_id)])],
        [scanId, ...history.scans.map((scan) => scan.id)],
        fingerprints,
      ],
    );
    const first = new Map(kept.rows.map((row) => [row.fingerprint, row]));
    const before = new Map<string, Stand | null>();
    for (const fingerprint of fingerprints) {
      const row = first.get(fingerprint);
      const stand = row === undefined ? (current.get(fingerprint)?.stand ?? null) : standOf(row);
      const seen = history.seenAfter(own.get(fingerprint) ?? [], -1);
      if (row?.scan_id === scanId) before.set(fingerprint, stand);
      else
        before.set(
          fingerprint,
          seen.length === 0 || stand === null ? null : withoutSight(stand, reportAt, seen),
        );
    }
    return new Course(now, history, before, own);
  }

  /** What the finding is now; null where nothing showed it. And what each later scan that moves it keeps of it. */
  replay(fingerprint: string): {
    readonly stand: Stand | null;
    readonly kept: readonly KeptRow[];
    readonly openedBy: LaterScan | null;
  } {
    const own = this.#own.get(fingerprint) ?? [];
    const kept: KeptRow[] = [];
    let openedBy: LaterScan | null = null;
    const first = this.history.seenAfter(own, -1);
    let stand = settled(this.#before.get(fingerprint) ?? null, first, this.#now);
    let shown = first.filter((each) => each.isShown);
    for (const index of this.history.momentsOf(own)) {
      const scan = this.history.scans[index] as LaterScan;
      const seen = this.history.seenAfter(own, index);
      if (stand === null && seen.length === 0) continue;
      const after = seen.filter((each) => each.isShown);
      const next = moved(stand, scan, shown, after, seen);
      if (stand !== null && next !== stand)
        kept.push({ scope_id: scan.scope_id, scan_id: scan.id, fingerprint, before: stand });
      if (stand?.moments.isOpen !== true && next.moments.isOpen) openedBy ??= scan;
      stand = next;
      shown = after;
    }
    return { stand, kept, openedBy };
  }
}

/** The scan opened nothing that was there before it; that it was the first to see it is another matter. */
function withoutSight(stand: Stand, at: Instant, seen: readonly SeenSighting[]): Stand {
  if (stand.moments.firstSeen !== at) return stand;
  const firstSeen = smallest(seen.map((each) => each.firstSeen)) ?? at;
  return { ...stand, moments: { ...stand.moments, firstSeen } };
}

/** What is no scan may have come between: a source was retired, a resource went, names were learned. */
function settled(stand: Stand | null, seen: readonly SeenSighting[], now: Instant): Stand | null {
  const shown = seen.filter((each) => each.isShown);
  if (stand === null || stand.moments.isOpen === shown.length > 0) return stand;
  const ended = largest(seen.map((each) => each.at ?? now)) ?? now;
  const last = seen.filter((each) => (each.at ?? now) === ended);
  const firstSeen = smallest(shown.map((each) => each.firstSeen));
  const at = firstSeen === null ? ended : now;
  const moments = moveMoments(stand.moments, { at, firstSeen, why: last[0]?.why ?? '' });
  return { moments, said: moments.isOpen ? null : saidBy(last) };
}

function moved(
  stand: Stand | null,
  scan: LaterScan,
  shown: readonly SeenSighting[],
  after: readonly SeenSighting[],
  seen: readonly SeenSighting[],
): Stand {
  const ended = seen.filter((each) => shown.some((was) => was.key === each.key));
  const why = ended.find((each) => each.at !== null) ?? ended[0] ?? seen[0];
  const moments = moveMoments(stand?.moments ?? null, {
    at: (after.length === 0 && stand !== null ? why?.at : null) ?? scan.report_at,
    firstSeen: smallest(after.map((each) => each.firstSeen)),
    why: why?.why ?? '',
  });
  if (moments === stand?.moments) return stand;
  return { moments, said: moments.isOpen ? null : saidBy(shown.length > 0 ? shown : seen) };
}

function saidBy(sightings: readonly SeenSighting[]): Said | null {
  if (sightings.length === 0) return null;
  const summary = summariseFinding(sightings.map((each) => each.said));
  return { summary, likeness: likenessOf(summary) };
}

function standOf(row: StandRow): Stand {
  return {
    moments: {
      isOpen: row.is_open,
      firstSeen: row.first_seen,
      closedAt: row.closed_at,
      closedWhy: row.closed_why,
      reopenedAt: row.reopened_at,
    },
    said:
      row.is_open || row.summary === null || row.likeness === null
        ? null
        : { summary: row.summary, likeness: row.likeness },
  };
}

async function currentStands(
  connection: Connection,
  shard: bigint,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, { readonly issueId: string; readonly stand: Stand }>> {
  const result = await connection.query<StandRow & { readonly issue_id: string }>(
    `select fingerprint, issue_id, is_open, first_seen, closed_at, closed_why, reopened_at, case when not is_open then summary end as summary, likeness
     from finding where shard = $1 and fingerprint = any($2::uuid[])`,
    [shard, fingerprints],
  );
  return new Map(result.rows.map((row) => [row.fingerprint, { issueId: row.issue_id, stand: standOf(row) }]));
}

const ROW = `(fingerprint uuid, ${STAND_TYPES})`;

function rowOf(fingerprint: string, { moments, said }: Stand) {
  return {
    fingerprint,
    is_open: moments.isOpen,
    first_seen: instantTextOrNull(moments.firstSeen),
    closed_at: instantTextOrNull(moments.closedAt),
    closed_why: moments.closedWhy,
    reopened_at: instantTextOrNull(moments.reopenedAt),
    summary: said?.summary ?? null,
    likeness: said === null ? null : String(said.likeness),
  };
}

/** What open findings say is derived from their sightings, and so is whether they are open. */
async function saveStands(
  connection: Connection,
  shard: bigint,
  stands: ReadonlyMap<string, Stand>,
): Promise<void> {
  await connection.query(
    `update finding set first_seen = stand.first_seen, closed_at = stand.closed_at, closed_why = stand.closed_why, reopened_at = stand.reopened_at,
       summary = coalesce(stand.summary, finding.summary), likeness = coalesce(stand.likeness, finding.likeness)
     from jsonb_to_recordset($2) as stand ${ROW}
     where finding.shard = $1 and finding.fingerprint = stand.fingerprint and finding.is_open = stand.is_open`,
    [shard, JSON.stringify([...stands].map(([fingerprint, stand]) => rowOf(fingerprint, stand)))],
  );
}

async function saveKept(
  connection: Connection,
  shard: bigint,
  scans: readonly LaterScan[],
  fingerprints: readonly string[],
  kept: readonly KeptRow[],
): Promise<void> {
  if (scans.length === 0) return;
  await connection.query(
    'delete from scan_finding where shard = $1 and scope_id = any($2::bigint[]) and scan_id = any($3::text[]) and fingerprint = any($4::uuid[])',
    [shard, scans.map((scan) => scan.scope_id), scans.map((scan) => scan.id), fingerprints],
  );
  const rows = kept.map(({ fingerprint, before, scope_id, scan_id }) => ({
    ...rowOf(fingerprint, before),
    scope_id: String(scope_id),
    scan_id,
  }));
  await connection.query(
    `insert into scan_finding (shard, scope_id, scan_id, fingerprint, before)
     select $1, scope_id, scan_id, fingerprint, jsonb_build_object('is_open', is_open, 'first_seen', first_seen, 'closed_at', closed_at, 'closed_why', closed_why, 'reopened_at', reopened_at)
       || case when is_open then '{}' else jsonb_build_object('summary', summary, 'likeness', likeness) end
     from jsonb_to_recordset($2) as kept (scope_id bigint, scan_id text, fingerprint uuid, ${STAND_TYPES})`,
    [shard, JSON.stringify(rows)],
  );
}
