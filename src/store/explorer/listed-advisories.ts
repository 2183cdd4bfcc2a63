import type { Instant } from '#base/instant.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { AdvisoryRequest, ListedAdvisory, ListedPage } from '#domain/ports/explorer-store.ts';
import { DETECTED_RISKS, type RiskState } from '#domain/risk/detected-risk.ts';
import type { Queryable } from '../database.ts';
import { issueConditions } from '../issue-conditions.ts';
import { JOINED_TEXTS, searchPatterns } from '../issue-search.ts';
import type { Organisation } from '../organisation.ts';
import { severityOf } from './severity-of.ts';

interface AdvisoryRecord {
  readonly rank: bigint;
  readonly id: string;
  readonly advisory: string;
  readonly type: FindingType;
  readonly title: string;
  readonly severity: number;
  readonly score: number;
  readonly is_admitted: boolean;
  readonly open_findings: number;
  readonly resources: number;
  readonly is_known_exploited: boolean;
  readonly added_at: Instant | null;
  readonly is_ransomware: boolean | null;
  readonly epss: number | null;
  readonly percentile: number | null;
  readonly risks_yes: number;
  readonly risks_unknown: number;
  readonly exploits: number;
  readonly published_at: Instant | null;
}

const KNOWN = 'exists (select from feed_kev where feed_kev.advisory = issue.advisory)';

/** NVD often refers to an entry of Exploit-DB that is counted already. */
const EXPLOITS = `coalesce(cardinality(feed_exploitdb.entries), 0) + coalesce(cardinality(feed_metasploit.attacks), 0)
       + coalesce(cardinality(feed_metasploit.auxiliary), 0) + coalesce(cardinality(feed_nuclei.templates), 0)
       + (select count(*)::integer from unnest(feed_nvd.exploit_references) as reference
          where coalesce('EDB-' || substring(reference from 'exploit-db\\.com/exploits/([0-9]+)') <> all (feed_exploitdb.entries), true))`;

/** Advisories of issues, in the order of the issues: the walk goes along their index, the feeds are asked for the page. */
export async function listAdvisories(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  { filter, isKnownExploited, after, limit }: AdvisoryRequest,
): Promise<ListedPage<ListedAdvisory>> {
  const { sql, values } = issueConditions(organisation, now, filter);
  const texts = searchPatterns(filter.text).length > 0 ? JOINED_TEXTS : '';
  const where = `${sql} and issue.advisory is not null${isKnownExploited ? ` and ${KNOWN}` : ''}`;
  const total = await db.query<{ total: bigint }>(
    `select count(*)::bigint as total from issue${texts} where issue.shard = $1 and ${where}`,
    values,
  );
  const bind = (value: unknown) => `$${values.push(value)}`;
  const behind =
    after === null ? '' : ` and (rank, issue.id) < (${bind(after.rank)}::bigint, ${bind(after.issue)})`;
  const found = await db.query<AdvisoryRecord>(
    `select issue.*, feed_kev.advisory is not null as is_known_exploited, feed_kev.added_at, feed_kev.is_ransomware,
       feed_epss.score as epss, feed_epss.percentile, feed_nvd.published_at,
       ${EXPLOITS} as exploits
     from (select issue.id, rank, issue.advisory, type, title, severity, score, is_admitted, open_findings, resources, risks_yes, risks_unknown
           from issue${texts} where issue.shard = $1 and ${where}${behind} order by rank desc, issue.id desc limit ${bind(limit + 1)}) as issue
     left join feed_kev on feed_kev.advisory = issue.advisory
     left join feed_epss on feed_epss.advisory = issue.advisory
     left join feed_nvd on feed_nvd.advisory = issue.advisory
     left join feed_exploitdb on feed_exploitdb.advisory = issue.advisory
     left join feed_metasploit on feed_metasploit.advisory = issue.advisory
     left join feed_nuclei on feed_nuclei.advisory = issue.advisory
     order by issue.rank desc, issue.id desc`,
    values,
  );
  return { rows: found.rows.map(listed), total: Number(total.rows[0]?.total ?? 0) };
}

const EXPLOIT_BIT = 1 << DETECTED_RISKS.indexOf('exploit_available');

function exploitStateOf({ risks_yes, risks_unknown }: AdvisoryRecord): RiskState {
  return risks_yes & EXPLOIT_BIT ? 'yes' : risks_unknown & EXPLOIT_BIT ? 'unknown' : 'no';
}

function listed(record: AdvisoryRecord): ListedAdvisory {
  return {
    place: { rank: record.rank, issue: record.id },
    advisory: record.advisory,
    type: record.type,
    title: record.title,
    severity: severityOf(record.severity),
    score: Math.round(record.score * 10) / 10,
    isAdmitted: record.is_admitted,
    openFindings: record.open_findings,
    resources: record.resources,
    knownExploited: record.is_known_exploited
      ? { addedAt: record.added_at, isRansomware: record.is_ransomware === true }
      : null,
    epss:
      record.epss === null || record.percentile === null
        ? null
        : { score: record.epss, percentile: record.percentile },
    exploitAvailable: exploitStateOf(record),
    exploits: record.exploits,
    publishedAt: record.published_at,
  };
}
