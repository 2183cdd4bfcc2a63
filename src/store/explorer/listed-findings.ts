import type { Instant } from '#base/instant.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { FindingRequest, ListedFinding, ListedPage } from '#domain/ports/explorer-store.ts';
import type { Queryable } from '../database.ts';
import { issueConditions } from '../issue-conditions.ts';
import { tallyOpenFindings } from '../issue-counts.ts';
import { JOINED_TEXTS, searchPatterns } from '../issue-search.ts';
import type { Organisation } from '../organisation.ts';
import { severityOf } from './severity-of.ts';

interface FindingRecord {
  readonly rank: bigint;
  readonly issue_id: string;
  readonly issue_title: string;
  readonly issue_severity: number;
  readonly is_admitted: boolean;
  readonly fingerprint: string;
  readonly type: FindingType;
  readonly resource_key: string;
  readonly resource_kind: string;
  readonly resource_name: string;
  readonly place: string;
  readonly first_seen: Instant;
  readonly summary: FindingSummary;
}

const COLUMNS =
  'finding.fingerprint, finding.type, finding.resource_key, finding.resource_kind, finding.resource_name, finding.place, finding.first_seen, finding.summary';
const ISSUE =
  'issue.rank, issue.id as issue_id, issue.title as issue_title, issue.severity as issue_severity, issue.is_admitted';

/**
 * Open findings in the order of their issues. The walk goes along the index of the issues and stops when the page is
 * full; of one resource it begins with the resource, which has few.
 */
export async function listFindings(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  { filter, resource, after, limit }: FindingRequest,
): Promise<ListedPage<ListedFinding>> {
  const { sql, values } = issueConditions(organisation, now, filter);
  const texts = searchPatterns(filter.text).length > 0 ? JOINED_TEXTS : '';
  const counting = [...values];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const reached =
    after === null ? '' : ` and (rank, issue.id) <= (${bind(after.rank)}::bigint, ${bind(after.issue)})`;
  const behind =
    after === null
      ? ''
      : ` and (issue.rank, issue.id, finding.fingerprint) < (${bind(after.rank)}::bigint, ${bind(after.issue)}, ${bind(after.fingerprint)}::uuid)`;
  const issues = `(select issue.shard, issue.id, rank, title, severity, is_admitted from issue${texts} where issue.shard = $1 and ${sql}${reached}) as issue`;
  const open = 'finding.issue_id = issue.id and finding.is_open';
  const from =
    resource === null
      ? `${issues} cross join lateral (select ${COLUMNS} from finding where finding.shard = $1 and ${open} offset 0) as finding where true`
      : `${issues} join finding on finding.shard = $1 and ${open} where finding.resource_key = ${bind(resource)}`;
  const found = await db.query<FindingRecord>(
    `select ${ISSUE}, ${COLUMNS} from ${from}${behind} order by issue.rank desc, issue.id desc, finding.fingerprint desc limit ${bind(limit + 1)}`,
    values,
  );
  const tallied = resource === null ? await tallyOpenFindings(db, organisation, filter) : null;
  if (tallied !== null) return { rows: found.rows.map(listed), total: tallied };
  const total =
    resource === null
      ? await db.query<{ total: bigint }>(
          `select coalesce(sum(open_findings), 0)::bigint as total from issue${texts} where issue.shard = $1 and ${sql}`,
          counting,
        )
      : await db.query<{ total: bigint }>(
          `select count(*)::bigint as total from finding join (select issue.shard, issue.id from issue${texts} where issue.shard = $1 and ${sql}) as issue on finding.shard = $1 and ${open} where finding.resource_key = $${counting.push(resource)}`,
          counting,
        );
  return { rows: found.rows.map(listed), total: Number(total.rows[0]?.total ?? 0) };
}

function listed(record: FindingRecord): ListedFinding {
  const { summary } = record;
  return {
    place: { rank: record.rank, issue: record.issue_id, fingerprint: record.fingerprint },
    title: summary.title,
    type: record.type,
    issueTitle: record.issue_title,
    issueSeverity: severityOf(record.issue_severity),
    isAdmitted: record.is_admitted,
    severity: summary.severity,
    resource: { key: record.resource_key, kind: record.resource_kind, name: record.resource_name },
    where: record.place,
    firstSeen: record.first_seen,
    fix: summary.fix,
  };
}
