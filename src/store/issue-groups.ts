import type { Instant } from '#base/instant.ts';
import type { InboxFilter, IssueGroup, IssueGrouping, IssueGroups } from '#domain/ports/inbox-store.ts';
import { SEVERITIES, type Severity, severityRank } from '#domain/severity/severity.ts';
import type { Queryable } from './database.ts';
import { issueConditions } from './issue-conditions.ts';
import { JOINED_TEXTS, searchPatterns } from './issue-search.ts';
import type { Organisation } from './organisation.ts';

/** The groups that an issue is in, as a list of names; of none, one that is null. */
const NAMES: Readonly<Record<IssueGrouping, string>> = {
  fix: 'array[issue.fix]',
  owner: 'array[coalesce(issue.assignee, issue.team)]',
  service: 'coalesce(issue.service_names, array[null]::text[])',
  account: 'coalesce(issue.accounts, array[null]::text[])',
};

interface GroupRecord {
  readonly name: string | null;
  readonly issues: number;
  readonly severities: readonly number[];
  readonly overdue: number;
  readonly ids: readonly string[];
  readonly places: readonly number[];
  readonly leads: readonly string[];
  readonly groups: number;
  readonly listed: number;
}

/** Lead findings of one group whose fixes are asked for: more say nothing new. */
const LEADS_MAX = 50;

/** The issues of a filter by what they share: one walk over them, and one over the lead findings of the groups that are told. */
export async function groupIssues(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  filter: InboxFilter,
  by: IssueGrouping,
  { limit, rows }: { readonly limit: number; readonly rows: number },
): Promise<IssueGroups> {
  const { sql, values } = issueConditions(organisation, now, filter);
  const bind = (value: unknown) => `$${values.push(value)}`;
  const texts = searchPatterns(filter.text).length > 0 ? JOINED_TEXTS : '';
  const inOrder = 'order by place';
  const counts = SEVERITIES.map(
    (severity) => `count(*) filter (where severity = ${severityRank(severity)})::integer`,
  );
  const result = await db.query<GroupRecord>(
    `with listed as (
       select issue.id, severity, lead, coalesce(due_at <= ${bind(new Date(now))}::timestamptz, false) as is_overdue, ${NAMES[by]} as names,
         row_number() over (order by rank desc, issue.id desc)::integer as place
       from issue${texts} where issue.shard = $1 and ${sql}),
     named as (
       select name, count(*)::integer as issues, array[${counts.join(', ')}] as severities, count(*) filter (where is_overdue)::integer as overdue,
         (array_agg(id ${inOrder}))[1 : ${rows}] as ids, (array_agg(place ${inOrder}))[1 : ${rows + 1}] as places, (array_agg(lead::text ${inOrder}))[1 : ${LEADS_MAX}] as leads
       from listed cross join lateral unnest(names) as each (name) group by name)
     select *, count(*) over ()::integer as groups, (select count(*)::integer from listed) as listed
     from named order by name is null, places[1] limit ${bind(limit)}`,
    values,
  );
  const told =
    by === 'fix' ? await toldOf(db, organisation.shard, result.rows) : new Map<string, readonly string[]>();
  return {
    groups: result.rows.map((row) => groupOf(row, rows, told.get(row.name ?? '') ?? [])),
    total: result.rows[0]?.groups ?? 0,
    issues: result.rows[0]?.listed ?? 0,
  };
}

function groupOf(row: GroupRecord, rows: number, told: readonly string[]): IssueGroup {
  return {
    name: row.name,
    issues: row.issues,
    bySeverity: Object.fromEntries(
      SEVERITIES.map((severity, index) => [severity, row.severities[index] ?? 0]),
    ) as Record<Severity, number>,
    overdue: row.overdue,
    first: row.ids.map((id, index) => ({ id, place: row.places[index] as number })),
    nextPlace: row.places[rows] ?? null,
    told,
  };
}

/** What reports say mends the lead findings of groups, and how the openings of attack paths are closed. */
async function toldOf(
  db: Queryable,
  shard: bigint,
  groups: readonly GroupRecord[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const pairs = groups.flatMap(({ name, leads }) =>
    name === null ? [] : leads.filter((lead) => lead !== null).map((lead) => ({ name, lead })),
  );
  const result = await db.query<{ name: string; told: string }>({
    name: 'fixes-of-leads',
    text: `select distinct asked.name, case when asked.name like 'opening:%' then attack_path.body #>> '{fixes,0,sentence}' else finding.summary ->> 'fix' end as told
      from unnest($2::text[], $3::uuid[]) as asked (name, lead)
      join finding on finding.shard = $1 and finding.fingerprint = asked.lead
      left join attack_path on attack_path.shard = $1 and attack_path.fingerprint = asked.lead
      where case when asked.name like 'opening:%' then attack_path.body #>> '{fixes,0,sentence}' else finding.summary ->> 'fix' end is not null`,
    values: [shard, pairs.map(({ name }) => name), pairs.map(({ lead }) => lead)],
  });
  return new Map(
    [...Map.groupBy(result.rows, (row) => row.name)].map(([name, rows]) => [
      name,
      rows.map((row) => row.told),
    ]),
  );
}
