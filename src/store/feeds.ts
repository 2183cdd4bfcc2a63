import { DAY_MS, type Instant, instantTextOrNull } from '#base/instant.ts';
import { storableJson } from '#base/json-value.ts';
import { LEAST_LIKELIHOOD } from '#domain/attackpath/weakness.ts';
import { packageKey } from '#domain/package/package-name.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { FeedChange, FeedState, FeedStore, FeedWriter } from '#domain/ports/feed-store.ts';
import type { AdvisoryFact, FeedId } from '#domain/ports/intelligence-feed.ts';
import { EPSS_HIGH, EPSS_LOW } from '#domain/severity/adjust-vulnerability.ts';
import { EXPLOIT_ABSENCE_DAYS } from '#domain/severity/exploit-state.ts';
import { refreshPaths, refreshPathsOfFindings } from './attackpath/refresh-paths.ts';
import { begin, type Connection, commit, lockOrganisation, type Pool } from './database.ts';
import { recordEvent } from './events.ts';
import { severitiesOf, tellFeedTurns } from './feed-turns.ts';
import { copyInto, copyLine } from './import/copy-rows.ts';
import { IssueIds } from './issue-ids.ts';
import type { Organisation } from './organisation.ts';
import { aliasesInFeeds } from './rekey/feed-aliases.ts';
import { rekeyFindings } from './rekey/rekey-findings.ts';
import { loadAliases, saveAliases } from './rekey/stored-aliases.ts';
import { rollUpIssues } from './roll-up.ts';

/** Keeps the feeds in PostgreSQL. */
export class PostgresFeedStore implements FeedStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async list(): Promise<readonly FeedState[]> {
    const result = await this.#pool.query<{
      id: FeedId;
      origin: string;
      version: string | null;
      content_at: Instant;
      read_at: Instant;
      entries: bigint;
    }>('select id, origin, version, content_at, read_at, entries from feed order by id');
    return result.rows.map((row) => ({
      id: row.id,
      origin: row.origin,
      version: row.version,
      contentAt: row.content_at,
      readAt: row.read_at,
      entries: Number(row.entries),
    }));
  }

  async open(feed: FeedId): Promise<FeedWriter> {
    const connection = await this.#pool.connect();
    try {
      await connection.query(
        'create temporary table stage_feed (advisory text not null, body jsonb not null)',
      );
    } catch (error) {
      connection.release(true);
      throw error;
    }
    return new PostgresFeedWriter(connection, this.#organisation, this.#clock, feed);
  }
}

/** Feeds whose records tell other names of what they are about. */
const TELL_NAMES: readonly FeedId[] = ['ghsa', 'osv'];

const ROWS_MAX = 20_000;

class PostgresFeedWriter implements FeedWriter {
  readonly #connection: Connection;
  readonly #organisation: Organisation;
  readonly #clock: Clock;
  readonly #feed: FeedId;
  #lines: string[] = [];

  constructor(connection: Connection, organisation: Organisation, clock: Clock, feed: FeedId) {
    this.#connection = connection;
    this.#organisation = organisation;
    this.#clock = clock;
    this.#feed = feed;
  }

  add(fact: AdvisoryFact): Promise<void> | void {
    this.#lines.push(copyLine([fact.advisory, storableJson(JSON.stringify(bodyOf(fact)))]));
    if (this.#lines.length >= ROWS_MAX) return this.#flush();
  }

  async commit(
    state: Omit<FeedState, 'entries'>,
    actor: string,
    accept?: (entries: number) => void,
  ): Promise<FeedChange> {
    const connection = this.#connection;
    try {
      await this.#flush();
      await begin(connection);
      await lockOrganisation(connection, this.#organisation.id);
      const applied = await connection.query<AppliedRow>(APPLY[this.#feed]);
      const changed = applied.rows.filter(({ is_of_paths_alone }) => is_of_paths_alone !== true);
      const ofPackages = this.#feed === 'osv' || this.#feed === 'ghsa' ? " where package <> ''" : '';
      const counted = await connection.query<{ count: bigint }>(
        `select count(*) from feed_${this.#feed}${ofPackages}`,
      );
      const entries = Number(counted.rows[0]?.count ?? 0n);
      accept?.(entries);
      await makeBomsDue(connection, this.#organisation.shard, this.#clock.now(), changed);
      const issues = new IssueIds();
      const issuesOfPaths = new IssueIds();
      if (await isLookedAtAnew(connection, state, this.#clock.now()))
        await addAdvisoryIssues(connection, this.#organisation.shard, issues);
      await addIssuesOf(
        connection,
        this.#organisation.shard,
        changed.map((row) => row.advisory),
        issues,
      );
      await connection.query(
        `insert into feed (id, origin, version, content_at, read_at, entries) values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do update set origin = excluded.origin, version = excluded.version, content_at = excluded.content_at, read_at = excluded.read_at, entries = excluded.entries`,
        [state.id, state.origin, state.version, new Date(state.contentAt), new Date(state.readAt), entries],
      );
      const { shard } = this.#organisation;
      const before = await severitiesOf(connection, shard, issues);
      await rollUpIssues(connection, this.#organisation, this.#clock.now(), issues);
      await tellFeedTurns(connection, shard, this.#clock.now(), this.#feed, before);
      const moved = TELL_NAMES.includes(this.#feed) ? await this.#followNames(connection) : 0;
      await addIssuesOf(
        connection,
        shard,
        applied.rows.flatMap((row) => (row.is_of_paths_alone === true ? [row.advisory] : [])),
        issuesOfPaths,
      );
      issuesOfPaths.addAll(issues);
      if (moved > 0) await refreshPaths(connection, this.#organisation, this.#clock.now());
      else await refreshPathsOfFindings(connection, this.#organisation, this.#clock.now(), issuesOfPaths);
      recordEvent(connection, this.#organisation.shard, {
        at: this.#clock.now(),
        actor,
        verb: 'update feed',
        subject: `feed:${state.id}`,
        details: { origin: state.origin, entries, changedAdvisories: changed.length },
      });
      await commit(connection);
      return { entries, changedAdvisories: changed.length, changedIssues: issues.size };
    } finally {
      // The temporary table goes with the connection, and so does a transaction that broke.
      connection.release(true);
    }
  }

  /** Findings under a name that a feed says to be another of a CVE; answers how many of their identities moved. */
  async #followNames(connection: Connection): Promise<number> {
    const organisation = this.#organisation;
    const now = this.#clock.now();
    const actor = `feed:${this.#feed}`;
    const named = await connection.query<{ advisory: string }>(
      "select distinct advisory from issue where shard = $1 and advisory is not null and advisory not like 'CVE-%'",
      [organisation.shard],
    );
    const learned = await aliasesInFeeds(
      connection,
      named.rows.map(({ advisory }) => advisory),
    );
    const before = await loadAliases(connection, organisation);
    if ((await saveAliases(connection, organisation, learned, actor, now)) === 0) return 0;
    const aliases = await loadAliases(connection, organisation);
    return rekeyFindings(connection, organisation, now, before, aliases, actor);
  }

  async abandon(): Promise<void> {
    this.#connection.release(true);
  }

  async #flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    const lines = this.#lines;
    this.#lines = [];
    await copyInto(this.#connection, 'stage_feed', ['advisory', 'body'], lines);
  }
}

function bodyOf(fact: AdvisoryFact): Record<string, unknown> {
  switch (fact.kind) {
    case 'emerging':
      return { until: instantTextOrNull(fact.until), reason: fact.reason };
    case 'exploited':
      return {
        added_at: instantTextOrNull(fact.dateAdded),
        is_ransomware: fact.ransomware === 'yes',
        due_at: instantTextOrNull(fact.dueDate),
        title: fact.title,
      };
    case 'epss':
      return { score: fact.score, percentile: fact.percentile };
    case 'exploit':
      return { reference: fact.reference, is_module: fact.isModule };
    case 'module':
      return { name: fact.name, is_attack: fact.isExploit };
    case 'template':
      return { path: fact.path };
    case 'affected':
      return {
        package: packageKey(fact.affected.package),
        release: fact.affected.release,
        modified_at: instantTextOrNull(fact.modifiedAt),
        body: fact.affected,
      };
    case 'unaffected':
      return { modified_at: instantTextOrNull(fact.modifiedAt) };
    case 'record':
      return {
        published_at: instantTextOrNull(fact.publishedAt),
        modified_at: instantTextOrNull(fact.modifiedAt),
        is_rejected: fact.rejected,
        title: fact.title ?? fact.description,
        claims: fact.claims.map((claim) => ({ provider: claim.provider, vector: claim.vector, word: null })),
        exploit_references: fact.exploitReferences.slice(0, 5),
      };
  }
}

/**
 * A record replaces what was known of it, all of its packages, where it is not older; what a file does not name stays. Of one that is
 * about no package a row without one stays, so that an older copy of it is known to be older. Answers what it says something else of
 * than before, also where the other feed has the record: what is newer counts.
 */
const APPLY_AFFECTED = (table: AffectedTable, other: AffectedTable) =>
  `with records as (select advisory as record, max((body ->> 'modified_at')::timestamptz) as modified_at from stage_feed group by advisory),
    newer as (select record, modified_at from records
      where not exists (select from ${table} as known where known.record = records.record and known.modified_at > records.modified_at)),
    packages as (select distinct on (package, record, release) body ->> 'package' as package, newer.record, body ->> 'release' as release, newer.modified_at, body -> 'body' as body
      from stage_feed join newer on newer.record = advisory and (body ->> 'modified_at')::timestamptz is not distinct from newer.modified_at
      where body ? 'package' order by package, record, release),
    staged as (select * from packages union all
      select '', record, '', modified_at, '{}'::jsonb from newer where not exists (select from packages where packages.record = newer.record)),
    gone as (delete from ${table} as known using newer where known.record = newer.record
      and not exists (select from staged where (staged.package, staged.record, staged.release) = (known.package, known.record, known.release))
      returning known.record as advisory, known.package),
    saved as (insert into ${table} (package, record, release, modified_at, body) select package, record, release, modified_at, body from staged
      on conflict (package, record, release) do update set modified_at = excluded.modified_at, body = excluded.body
      where ${table}.body <> excluded.body or ${table}.modified_at is distinct from excluded.modified_at returning record as advisory, package),
    changed as (select advisory, package from gone union select advisory, package from saved)
    select advisory, package from changed where package <> '' union
    select record, ${other}.package from ${other} join changed on record = changed.advisory where ${other}.package <> ''`;

type AffectedTable = 'feed_osv' | 'feed_ghsa';

/** The bills of materials that list one of these packages are matched anew. */
async function makeBomsDue(
  connection: Connection,
  shard: bigint,
  now: Instant,
  changed: readonly { readonly package?: string }[],
): Promise<void> {
  const packages = [...new Set(changed.flatMap((row) => row.package ?? []))];
  for (let from = 0; from < packages.length; from += CHUNK)
    await connection.query(
      `update bom set due_at = $2 where shard = $1
        and scope_id in (select scope_id from bom_package where shard = $1 and package = any($3::text[]))`,
      [shard, new Date(now), packages.slice(from, from + CHUNK)],
    );
}

/** Which side of the thresholds of the EPSS rule a score lies on. */
const EPSS_BAND = (column: string) =>
  `(case when ${column} is null then -1 when ${column} <= ${EPSS_LOW}::real then 0 when ${column} >= ${EPSS_HIGH}::real then 2 else 1 end)`;

/** The score as far as it may be the likelihood of a step of an attack path: no flaw is less likely than the lowest of these. */
const EPSS_ON_PATHS = (column: string) => `greatest(coalesce(${column}, 0), ${LEAST_LIKELIHOOD}::real)`;

/** An advisory about which a feed says something else. */
interface AppliedRow {
  readonly advisory: string;
  readonly package?: string;
  /** Whether nothing but the likelihood of attack paths could rest on it; absent where more does. */
  readonly is_of_paths_alone?: boolean;
}

/** Applies the stage to the feed's table, and answers the advisories about which something changed that an issue could rest on. */
const APPLY: Record<FeedId, string> = {
  osv: APPLY_AFFECTED('feed_osv', 'feed_ghsa'),
  ghsa: APPLY_AFFECTED('feed_ghsa', 'feed_osv'),
  emerging: `with staged as (select distinct on (advisory) advisory, (body ->> 'until')::timestamptz as until, body ->> 'reason' as reason from stage_feed order by advisory, body ->> 'until' desc),
    gone as (delete from feed_emerging where advisory not in (select advisory from staged) returning advisory),
    saved as (insert into feed_emerging (advisory, until, reason) select * from staged
      on conflict (advisory) do update set until = excluded.until, reason = excluded.reason
      where (feed_emerging.until, feed_emerging.reason) is distinct from (excluded.until, excluded.reason) returning advisory)
    select advisory from gone union select advisory from saved`,
  kev: `with staged as (select distinct on (advisory) advisory, (body ->> 'added_at')::timestamptz as added_at, (body ->> 'is_ransomware')::boolean as is_ransomware, body ->> 'title' as title, (body ->> 'due_at')::timestamptz as due_at from stage_feed order by advisory),
    gone as (delete from feed_kev where advisory not in (select advisory from staged) returning advisory),
    saved as (insert into feed_kev (advisory, added_at, is_ransomware, title, due_at) select * from staged
      on conflict (advisory) do update set added_at = excluded.added_at, is_ransomware = excluded.is_ransomware, title = excluded.title, due_at = excluded.due_at
      where (feed_kev.added_at, feed_kev.is_ransomware, feed_kev.title, feed_kev.due_at) is distinct from (excluded.added_at, excluded.is_ransomware, excluded.title, excluded.due_at) returning advisory)
    select advisory from gone union select advisory from saved`,
  epss: `with staged as (select distinct on (advisory) advisory, (body ->> 'score')::real as score, (body ->> 'percentile')::real as percentile from stage_feed order by advisory),
    compared as (select coalesce(staged.advisory, feed_epss.advisory) as advisory, ${EPSS_BAND('staged.score')} <> ${EPSS_BAND('feed_epss.score')} as has_crossed,
        ${EPSS_ON_PATHS('staged.score')} <> ${EPSS_ON_PATHS('feed_epss.score')} as has_moved from staged full join feed_epss on feed_epss.advisory = staged.advisory),
    gone as (delete from feed_epss where advisory not in (select advisory from staged)),
    saved as (insert into feed_epss (advisory, score, percentile) select * from staged
      on conflict (advisory) do update set score = excluded.score, percentile = excluded.percentile
      where (feed_epss.score, feed_epss.percentile) is distinct from (excluded.score, excluded.percentile))
    select advisory, not has_crossed as is_of_paths_alone from compared where has_crossed or has_moved`,
  exploitdb: `with staged as (select advisory, array_agg(distinct body ->> 'reference') as entries,
        coalesce(array_agg(distinct body ->> 'reference') filter (where (body ->> 'is_module')::boolean), '{}') as modules from stage_feed group by advisory),
    gone as (delete from feed_exploitdb where advisory not in (select advisory from staged) returning advisory),
    saved as (insert into feed_exploitdb (advisory, entries, modules) select * from staged
      on conflict (advisory) do update set entries = excluded.entries, modules = excluded.modules
      where (feed_exploitdb.entries, feed_exploitdb.modules) is distinct from (excluded.entries, excluded.modules) returning advisory)
    select advisory from gone union select advisory from saved`,
  metasploit: `with staged as (select advisory, coalesce(array_agg(distinct body ->> 'name') filter (where (body ->> 'is_attack')::boolean), '{}') as attacks,
        coalesce(array_agg(distinct body ->> 'name') filter (where not (body ->> 'is_attack')::boolean), '{}') as auxiliary from stage_feed group by advisory),
    gone as (delete from feed_metasploit where advisory not in (select advisory from staged) returning advisory),
    saved as (insert into feed_metasploit (advisory, attacks, auxiliary) select * from staged
      on conflict (advisory) do update set attacks = excluded.attacks, auxiliary = excluded.auxiliary
      where (feed_metasploit.attacks, feed_metasploit.auxiliary) is distinct from (excluded.attacks, excluded.auxiliary) returning advisory)
    select advisory from gone union select advisory from saved`,
  nuclei: `with staged as (select advisory, array_agg(distinct body ->> 'path') as templates from stage_feed group by advisory),
    gone as (delete from feed_nuclei where advisory not in (select advisory from staged) returning advisory),
    saved as (insert into feed_nuclei (advisory, templates) select * from staged
      on conflict (advisory) do update set templates = excluded.templates
      where feed_nuclei.templates is distinct from excluded.templates returning advisory)
    select advisory from gone union select advisory from saved`,
  // NVD publishes what changed: what a file does not name stays.
  nvd: `with staged as (select distinct on (advisory) advisory, (body ->> 'published_at')::timestamptz as published_at, (body ->> 'modified_at')::timestamptz as modified_at,
        (body ->> 'is_rejected')::boolean as is_rejected, body ->> 'title' as title, body -> 'claims' as claims,
        array(select jsonb_array_elements_text(body -> 'exploit_references')) as exploit_references
      from stage_feed order by advisory, body ->> 'modified_at' desc nulls last)
    insert into feed_nvd (advisory, published_at, modified_at, is_rejected, title, claims, exploit_references) select * from staged
      on conflict (advisory) do update set published_at = excluded.published_at, modified_at = excluded.modified_at, is_rejected = excluded.is_rejected, title = excluded.title, claims = excluded.claims, exploit_references = excluded.exploit_references
      where feed_nvd.modified_at is null or excluded.modified_at >= feed_nvd.modified_at
        and (feed_nvd.published_at, feed_nvd.is_rejected, feed_nvd.claims, feed_nvd.exploit_references) is distinct from (excluded.published_at, excluded.is_rejected, excluded.claims, excluded.exploit_references)
      returning advisory`,
};

const CHUNK = 10_000;

async function addIssuesOf(
  connection: Connection,
  shard: bigint,
  advisories: readonly string[],
  issues: IssueIds,
): Promise<void> {
  for (let from = 0; from < advisories.length; from += CHUNK) {
    const result = await connection.query<{ id: string }>(
      'select id from issue where shard = $1 and advisory = any($2::text[])',
      [shard, advisories.slice(from, from + CHUNK)],
    );
    for (const row of result.rows) issues.add(row.id);
  }
}

/**
 * Feeds of which it matters to each advisory whether they are old: their silence says that no exploit of it exists, or that nobody
 * uses it, and of EPSS what it says of an advisory that has ceased to be young.
 */
const TELL_WHILE_FRESH: readonly FeedId[] = ['epss', 'exploitdb', 'kev', 'nvd'];

/**
 * Whether a feed that was old, or never read, is so no longer, or is now: then every advisory is judged otherwise, not only
 * those of which it says something new.
 */
async function isLookedAtAnew(
  connection: Connection,
  { id, contentAt }: Omit<FeedState, 'entries'>,
  now: Instant,
): Promise<boolean> {
  if (!TELL_WHILE_FRESH.includes(id)) return false;
  const result = await connection.query<{ content_at: Instant }>(
    'select content_at from feed where id = $1',
    [id],
  );
  const before = result.rows[0]?.content_at;
  const counts = (at: Instant) => now - at <= EXPLOIT_ABSENCE_DAYS * DAY_MS;
  return before === undefined || counts(before) !== counts(contentAt);
}

async function addAdvisoryIssues(connection: Connection, shard: bigint, issues: IssueIds): Promise<void> {
  const result = await connection.query<{ id: string }>(
    "select id from issue where shard = $1 and advisory is not null and status <> 'resolved'",
    [shard],
  );
  for (const row of result.rows) issues.add(row.id);
}
