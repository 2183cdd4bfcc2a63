import type { Instant } from '#base/instant.ts';
import { INNER_TYPES } from '#domain/attackpath/asset-family.ts';
import { DANGLING_CONTROLS } from '#domain/attackpath/dangling-steps.ts';
import { joinedWorkloads } from '#domain/attackpath/joined-workload.ts';
import type { Weakness } from '#domain/attackpath/path-facts.ts';
import { GATE_CONTROLS } from '#domain/attackpath/told-gates.ts';
import { machineFlawOf, weaknessOf } from '#domain/attackpath/weakness.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { ResourceIdentity } from '#domain/resource/resource-key.ts';
import { unknownAdvisory } from '#domain/risk/advisory-facts.ts';
import { loadAdvisories, loadFeedDates } from '../advisories.ts';
import type { Connection } from '../database.ts';
import { MACHINE_TYPES } from '../estate/cloud-doors.ts';
import { loadGroupsOf } from '../group-members.ts';
import type { Organisation } from '../organisation.ts';
import { loadRatings } from '../organisation-settings.ts';
import { loadRunningWorkloads, runningOf } from '../workloads.ts';
import { PIPELINE_FLAW } from './load-pipelines.ts';

interface FlawRow {
  readonly fingerprint: string;
  readonly issue_id: string;
  readonly type: FindingType;
  readonly advisory: string;
  readonly resource_key: string;
  readonly resource_kind: ResourceIdentity['kind'];
  readonly resource_name: string;
  readonly place: string;
  readonly summary: FindingSummary;
}

/** The open findings on these workloads, on the images that they run, and on the scaling groups that they are in, by which whoever reaches one may run code on it. */
export async function loadWeaknesses(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  workloads: readonly string[],
): Promise<readonly Weakness[]> {
  if (workloads.length === 0) return [];
  const { shard } = organisation;
  const ratings = await loadRatings(connection, organisation);
  const imageKeys = await imagesOf(connection, shard, workloads);
  const running = await loadRunningWorkloads(connection, shard, imageKeys);
  const groups = await loadGroupsOf(connection, shard, workloads);
  // A vector that cannot be one of a flaw that runs code over the network is not even read.
  const found = await connection.query<FlawRow>({
    name: 'flaws-of-workloads',
    text: `select finding.fingerprint, issue_id, type, finding.advisory, resource_key, resource_kind, summary, place,
        coalesce((select name from resource where resource.shard = finding.shard and resource.key = resource_key and facts is not null), resource_name) as resource_name
      from finding left join feed_nvd on feed_nvd.advisory = finding.advisory
      where finding.shard = $1 and resource_key = any($2::text[]) and is_open and finding.advisory is not null
        and type in ('library_vulnerability', 'infrastructure_vulnerability')
        and (finding.advisory = any($3::text[]) or (summary ->> 'vectors' like '%AV:N%' or feed_nvd.claims::text like '%AV:N%')
          and (summary ->> 'vectors' ~ 'I:[HC]' or feed_nvd.claims::text ~ 'I:[HC]'))
      order by finding.fingerprint`,
    values: [shard, [...workloads, ...imageKeys, ...groups.keys()], [...ratings.keys()]],
  });
  const { feeds, flawOf } = await knownFlaws(connection, found.rows);
  const reachable = new Set(workloads);
  return found.rows.flatMap((row) => {
    const members = reachable.has(row.resource_key) ? [row.resource_key] : groups.get(row.resource_key);
    const on =
      members?.map((key) => ({ key, assumed: null })) ??
      runningOf(running.get(row.resource_key), row.summary.scopes).filter(({ key }) => reachable.has(key));
    if (on.length === 0) return [];
    const weakness = weaknessOf({ ...flawOf(row), ...joinedWorkloads(on) }, feeds, ratings, now);
    return weakness === null ? [] : [weakness];
  });
}

/** The open findings on these machines by which code in any of their containers gets out onto them. */
export async function loadMachineFlaws(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  machines: readonly string[],
): Promise<readonly Weakness[]> {
  if (machines.length === 0) return [];
  const { shard } = organisation;
  const ratings = await loadRatings(connection, organisation);
  const groups = await loadGroupsOf(connection, shard, machines);
  const { rows } = await connection.query<FlawRow>({
    name: 'flaws-of-machines',
    text: `select finding.fingerprint, issue_id, type, finding.advisory, resource_key, resource_kind, summary, place, resource_name
      from finding left join feed_nvd on feed_nvd.advisory = finding.advisory
      where finding.shard = $1 and resource_key = any($2::text[]) and is_open and finding.advisory is not null
        and type = 'infrastructure_vulnerability' and place ~* '(linux|kernel|runc|crun|containerd|cri-o|docker|moby)'
        and (finding.advisory = any($3::text[]) or summary ->> 'vectors' like '%AV:L%' or feed_nvd.claims::text like '%AV:L%')
      order by finding.fingerprint`,
    values: [shard, [...machines, ...groups.keys()], [...ratings.keys()]],
  });
  const { feeds, flawOf } = await knownFlaws(connection, rows);
  return rows.flatMap((row) => {
    const told = { ...flawOf(row), on: groups.get(row.resource_key) ?? [row.resource_key] };
    const flaw = machineFlawOf(told, feeds, ratings, now);
    return flaw === null ? [] : [flaw];
  });
}

/** What is known of the flaw of each of these rows, but for what it is on. */
async function knownFlaws(connection: Connection, rows: readonly FlawRow[]) {
  const feeds = await loadFeedDates(connection);
  const advisories = await loadAdvisories(connection, [...new Set(rows.map((row) => row.advisory))], feeds);
  const flawOf = (row: FlawRow) => ({
    fingerprint: row.fingerprint,
    issueId: row.issue_id,
    type: row.type,
    advisory: advisories.get(row.advisory) ?? unknownAdvisory(row.advisory),
    summary: row.summary,
    place: row.place,
    flawed: { key: row.resource_key, kind: row.resource_kind, name: row.resource_name },
  });
  return { feeds, flawOf };
}

async function imagesOf(
  connection: Connection,
  shard: bigint,
  workloads: readonly string[],
): Promise<readonly string[]> {
  const images = await connection.query<{ key: string }>({
    name: 'images-of-workloads',
    text: `select distinct to_key as key from relation where shard = $1 and kind = 'runs-image' and from_key = any($2::text[])`,
    values: [shard, workloads],
  });
  return images.rows.map(({ key }) => key);
}

/**
 * Whether one of these issues has a finding, open or closed, on one of these workloads, on an image that one of them runs or on a
 * scaling group of machines;
 * a secret, or a flaw of code or of a pipeline, may open them from wherever it is, a machine inside may be reached from
 * another, or be a node that what runs on it gets out onto, and a finding about a setting may be what a gate is called by.
 */
export async function areOnWorkloads(
  connection: Connection,
  shard: bigint,
  issueIds: readonly string[],
  workloads: readonly string[],
): Promise<boolean> {
  const images = await imagesOf(connection, shard, workloads);
  const found = await connection.query({
    name: 'issues-on-workloads',
    text: `select from finding where shard = $1 and issue_id = any($3::text[])
        and (resource_key = any($2::text[]) or type in ('secret', 'code_vulnerability', 'api_finding') or ${PIPELINE_FLAW} or control = any($4::text[])
          or exists (select from resource where resource.shard = finding.shard and resource.key = finding.resource_key and resource.type = any($5::text[]))
          or exists (select from relation join resource on resource.shard = relation.shard and resource.key = relation.from_key
            where relation.shard = finding.shard and relation.kind in ('runs-image', 'part-of') and relation.to_key = finding.resource_key and resource.type = any($5::text[])))
      limit 1`,
    values: [
      shard,
      [...workloads, ...images],
      issueIds,
      [...GATE_CONTROLS, ...DANGLING_CONTROLS],
      [...INNER_TYPES, 'node', ...MACHINE_TYPES],
    ],
  });
  return found.rowCount === 1;
}
