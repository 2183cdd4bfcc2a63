import type { Instant } from '#base/instant.ts';
import type { VectorClaim } from '#domain/finding/observation.ts';
import type { AdvisoryFacts, FeedDates } from '#domain/risk/advisory-facts.ts';
import type { Queryable } from './database.ts';

interface AdvisoryRow {
  readonly id: string;
  readonly kev_added: Instant | null;
  readonly kev_due: Instant | null;
  readonly is_ransomware: boolean | null;
  readonly epss: number | null;
  readonly percentile: number | null;
  readonly exploits: string[] | null;
  readonly modules: string[] | null;
  readonly attacks: string[] | null;
  readonly auxiliary: string[] | null;
  readonly templates: string[] | null;
  readonly nvd: boolean;
  readonly is_rejected: boolean | null;
  readonly published_at: Instant | null;
  readonly claims: readonly VectorClaim[] | null;
  readonly exploit_references: string[] | null;
  readonly emerging_until: Instant | null;
}

/** What the feeds, as of when they are, know about these advisories; those that no feed knows are left out. */
export async function loadAdvisories(
  db: Queryable,
  ids: readonly string[],
  dates: FeedDates,
): Promise<ReadonlyMap<string, AdvisoryFacts>> {
  if (ids.length === 0) return new Map();
  const result = await db.query<AdvisoryRow>({
    name: 'advisories',
    text: `select asked.id, feed_kev.added_at as kev_added, feed_kev.due_at as kev_due, feed_kev.is_ransomware, feed_epss.score as epss, feed_epss.percentile, feed_exploitdb.entries as exploits, feed_exploitdb.modules,
        feed_metasploit.attacks, feed_metasploit.auxiliary, feed_nuclei.templates,
        feed_nvd.advisory is not null as nvd, feed_nvd.is_rejected, feed_nvd.published_at, feed_nvd.claims, feed_nvd.exploit_references, feed_emerging.until as emerging_until
      from unnest($1::text[]) as asked (id)
      left join feed_kev on feed_kev.advisory = asked.id
      left join feed_epss on feed_epss.advisory = asked.id
      left join feed_exploitdb on feed_exploitdb.advisory = asked.id
      left join feed_metasploit on feed_metasploit.advisory = asked.id
      left join feed_nuclei on feed_nuclei.advisory = asked.id
      left join feed_nvd on feed_nvd.advisory = asked.id
      left join feed_emerging on feed_emerging.advisory = asked.id
      where coalesce(feed_kev.advisory, feed_epss.advisory, feed_exploitdb.advisory, feed_metasploit.advisory, feed_nuclei.advisory, feed_nvd.advisory, feed_emerging.advisory) is not null`,
    values: [ids],
  });
  return new Map(result.rows.map((row) => [row.id, advisoryFacts(row, dates)]));
}

function advisoryFacts(row: AdvisoryRow, dates: FeedDates): AdvisoryFacts {
  return {
    id: row.id,
    claims: row.claims ?? [],
    publishedAt: row.published_at,
    knownExploited:
      row.is_ransomware === null
        ? null
        : { addedAt: row.kev_added, ransomware: row.is_ransomware, dueAt: row.kev_due },
    exploitDb: row.exploits ?? [],
    exploitModules: row.modules ?? [],
    attackModules: row.attacks ?? [],
    auxiliaryModules: row.auxiliary ?? [],
    nucleiTemplates: row.templates ?? [],
    nvdExploitReferences: row.exploit_references ?? [],
    isInNvd: row.nvd,
    isRejected: row.is_rejected === true,
    epss:
      row.epss === null || dates.epss === null
        ? null
        : { score: row.epss, percentile: row.percentile ?? 0, at: dates.epss },
    emergingUntil: row.emerging_until,
  };
}

/** As of when the content of each feed is; null where it was never read. */
export async function loadFeedDates(db: Queryable): Promise<FeedDates> {
  const result = await db.query<{ id: keyof FeedDates; content_at: Instant }>({
    name: 'feed-dates',
    text: 'select id, content_at from feed',
  });
  return feedDates(Object.fromEntries(result.rows.map((row) => [row.id, row.content_at])));
}

/** The same rows as one value, for a statement that asks for more. */
export const FEED_DATES_AS_JSON = `jsonb_object_agg(id, floor(extract(epoch from content_at) * 1000))`;

/** By feed; absent where there is no row. */
export type StoredFeedDates = { readonly [Feed in keyof FeedDates]?: Instant | null };

export function feedDates(stored: StoredFeedDates): FeedDates {
  return {
    kev: stored.kev ?? null,
    epss: stored.epss ?? null,
    exploitdb: stored.exploitdb ?? null,
    metasploit: stored.metasploit ?? null,
    nuclei: stored.nuclei ?? null,
    nvd: stored.nvd ?? null,
  };
}
