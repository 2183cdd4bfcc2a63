import { largest, smallest } from '#base/extremes.ts';
import type { Instant } from '#base/instant.ts';
import { findingFacts, type ResourcePlace, type ToldFinding } from '#domain/automation/finding-facts.ts';
import { fineSignature, nextFlipOf } from '#domain/automation/fine-signature.ts';
import type { FineField } from '#domain/automation/rules-in-force.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { VexStatement } from '#domain/finding/vex.ts';
import {
  type AssessedIssue,
  type AssessedMember,
  assessIssue,
  type IssueSettings,
  type Member,
  teamOf,
  titleOf,
} from '#domain/inbox/assess-issue.ts';
import { type Decisions, NO_DECISIONS } from '#domain/inbox/decisions.ts';
import type { OwnerCandidate } from '#domain/resource/owner.ts';
import { type AdvisoryFacts, unknownAdvisory } from '#domain/risk/advisory-facts.ts';
import type { FindingInput } from '#domain/risk/assess-finding.ts';
import { unknownResource } from '#domain/risk/deployment.ts';
import { loadAdvisories } from './advisories.ts';
import { fixSinceOf, loadFixes } from './advisory-fixes.ts';
import type { LoadedIssue } from './assess-issues.ts';
import { countPaths } from './attackpath/count-paths.ts';
import { type FindingInFiles, loadCodeOwners } from './code-owners.ts';
import type { Queryable } from './database.ts';
import { loadDecidedFindings } from './decisions.ts';
import { loadGroupMembers } from './group-members.ts';
import type { Organisation } from './organisation.ts';
import { loadResourcePlaces } from './resource-places.ts';
import { loadResourceLikenesses, type ResourceLikeness } from './resources.ts';
import { loadServiceRunners, type ServiceRunners } from './service-runners.ts';
import { loadSourcesOfScopes, SHOWING_SCOPES } from './showing-sources.ts';
import { loadVexWords } from './vex-words.ts';
import { loadRunningWorkloads, type RunningWorkload, runningOf } from './workloads.ts';

/** Open findings of one issue that are alike and on one resource. */
interface AlikeRow {
  readonly issue_id: string;
  readonly likeness: bigint;
  readonly resource_key: string;
  readonly resource_kind: string;
  readonly resource_name: string;
  /** The smallest. */
  readonly fingerprint: string;
  readonly findings: number;
  readonly first_seen: Instant;
  /** Where a rule asks for it. */
  readonly title?: string;
  readonly fixable?: boolean | null;
  readonly scopes?: readonly string[];
  /** The latest. */
  readonly reopened_at: Instant | null;
}

/** What the findings of one issue that are alike have in common. */
interface CommonRow {
  readonly fingerprint: string;
  readonly issue_id: string;
  readonly issue_key: string;
  readonly likeness: bigint;
  readonly type: FindingType;
  readonly advisory: string | null;
  readonly control: string | null;
  readonly tool_check: string | null;
  readonly summary: FindingSummary;
}

/** An assessed issue with of its members what is stored, told or counted of them. */
export interface AlikeIssue extends Omit<LoadedIssue, 'assessed'> {
  readonly assessed: Omit<AssessedIssue, 'members'> & { readonly members: readonly AlikeMember[] };
}

export interface AlikeMember extends Pick<AssessedMember, 'decisions' | 'isMuted' | 'isAdmitted'> {
  readonly automation: Pick<AssessedMember['automation'], 'matches' | 'ticket'>;
  readonly told: Pick<ToldFinding, 'findings'>;
}

/** Above so many groups the issues of a chunk are assessed in smaller parts. */
const GROUPS_MAX = 50_000;

/**
 * Assesses issues from their open findings, each kind of finding once for each kind of place where it is
 * deployed: an issue of fifty thousand findings costs little more than counting them. Answers a part at a
 * time; issues without an open finding are left out.
 */
export async function* assessAlike(
  db: Queryable,
  organisation: Organisation,
  settings: IssueSettings,
  issueIds: readonly string[],
): AsyncIterable<readonly AlikeIssue[]> {
  const limit = issueIds.length === 1 ? null : GROUPS_MAX;
  const decided = await loadDecidedFindings(db, organisation.shard, issueIds);
  const vex = await loadVexWords(db, organisation, issueIds);
  const fine = settings.automation.fineFields;
  const groups = await loadGroups(
    db,
    organisation.shard,
    issueIds,
    [...new Set([...decided.keys(), ...vex.keys()])],
    fine,
    limit,
  );
  if (groups.length === limit) {
    const half = Math.ceil(issueIds.length / 2);
    yield* assessAlike(db, organisation, settings, issueIds.slice(0, half));
    yield* assessAlike(db, organisation, settings, issueIds.slice(half));
    return;
  }
  if (groups.length > 0) yield await assessGroups(db, organisation, settings, groups, { decided, vex });
}

/** What findings do not share that are alike on one resource, told apart only where a rule asks for it. */
const FINE_COLUMNS: Readonly<Record<FineField, { readonly by: string; readonly as?: string }>> = {
  fixable: { by: "(summary ->> 'fixable')::boolean", as: 'fixable' },
  first_seen: { by: 'first_seen' },
  title: { by: "summary ->> 'title'", as: 'title' },
  resource: { by: 'resource_name' },
  kind: { by: 'resource_kind' },
  // Groups are of one resource already.
  place: { by: 'resource_key' },
  source: { by: SHOWING_SCOPES, as: 'scopes' },
  // Whose a file is follows from its path.
  team: { by: `case when ${isInFilesSql()} then fingerprint end` },
};

function isInFilesSql(): string {
  return "resource_kind in ('repository', 'artifact')";
}

/** Decisions are about single findings: each of those is a group of its own. */
async function loadGroups(
  db: Queryable,
  shard: bigint,
  issueIds: readonly string[],
  decided: readonly string[],
  fine: ReadonlySet<FineField>,
  limit: number | null,
): Promise<readonly AlikeRow[]> {
  const asked = [...fine].sort();
  const apart = asked.map((field) => FINE_COLUMNS[field]);
  const told = apart.flatMap(({ by, as }) => (as === undefined ? [] : [`, ${by} as ${as}`])).join('');
  const by = apart.map((each) => `, ${each.by}`).join('');
  const grouped = await db.query<AlikeRow>({
    name: ['alike-findings', ...asked].join(' '),
    text: `select issue_id, likeness, resource_key, min(resource_kind) as resource_kind, min(resource_name) as resource_name, min(fingerprint::text collate "C") as fingerprint, count(*)::integer as findings,
        min(first_seen) as first_seen, max(reopened_at) as reopened_at${told}
      from finding where shard = $1 and issue_id = any($2::text[]) and is_open and ($3::uuid[] is null or fingerprint <> all($3::uuid[]))
      group by issue_id, likeness, resource_key${by} limit $4`,
    values: [shard, issueIds, decided.length === 0 ? null : decided, limit],
  });
  if (decided.length === 0) return grouped.rows;
  const single = await db.query<AlikeRow>({
    name: ['decided-findings-alike', ...asked].join(' '),
    text: `select issue_id, likeness, resource_key, resource_kind, resource_name, fingerprint, 1 as findings, first_seen, reopened_at${told}
      from finding where shard = $1 and fingerprint = any($2::uuid[]) and is_open`,
    values: [shard, decided],
  });
  return [...grouped.rows, ...single.rows].slice(0, limit ?? undefined);
}

async function assessGroups(
  db: Queryable,
  organisation: Organisation,
  settings: IssueSettings,
  groups: readonly AlikeRow[],
  { decided, vex }: Pick<World, 'decided' | 'vex'>,
): Promise<readonly AlikeIssue[]> {
  const { shard } = organisation;
  const common = await loadCommon(db, shard, groups);
  const images = distinct(groups.filter((row) => row.resource_kind === 'image'));
  const workloads = await loadRunningWorkloads(db, shard, images);
  const running = [...workloads.values()].flat().map((workload) => workload.key);
  const machines = await loadGroupMembers(db, shard, distinct(groups));
  const own = await loadResourceLikenesses(db, organisation, settings.now, [
    ...new Set([...distinct(groups), ...running, ...[...machines.values()].flat()]),
  ]);
  const inCode = groups.map((row) => ({ ...(common.get(commonName(row)) as CommonRow), ...row }));
  const runners = await loadServiceRunners(db, shard, inCode, (key) => own.get(key)?.context);
  // Only resources with findings are compared by their likeness, and those are all of the first answer.
  const resources = new Map([
    ...(await loadResourceLikenesses(db, organisation, settings.now, runners.keys)),
    ...own,
  ]);
  const advisories = await loadAdvisories(
    db,
    [...new Set([...common.values()].flatMap((row) => row.advisory ?? []))],
    settings.feeds,
  );
  const attackPaths = await countPathsOfSnoozed(db, shard, groups, decided);
  const { fineFields } = settings.automation;
  const fixes = fineFields.has('fixable')
    ? await loadFixes(db, shard, [...new Set([...common.values()].flatMap((row) => row.advisory ?? []))])
    : new Map();
  const sources = fineFields.has('source') ? await loadSourcesOfScopes(db, organisation) : new Map();
  const places = fineFields.has('place')
    ? await loadResourcePlaces(db, shard, [...new Set([...distinct(groups), ...running])])
    : new Map();
  const ownersByFinding = fineFields.has('team')
    ? await ownersOfFindings(
        db,
        shard,
        groups.map(({ fingerprint, resource_key, resource_kind }) => ({
          fingerprint,
          resource: { key: resource_key, kind: resource_kind },
        })),
      )
    : new Map();
  const world: World = {
    settings,
    common,
    workloads,
    machines,
    runners,
    resources,
    advisories,
    decided,
    vex,
    sources,
    fixes,
    places,
    ownersByFinding,
  };
  const issues = [...Map.groupBy(groups, (row) => row.issue_id)].map(([id, rows]) => {
    const first = common.get(commonName(rows[0] as AlikeRow)) as CommonRow;
    return {
      id,
      key: first.issue_key,
      advisory: first.advisory,
      firstSeen: smallest(rows.map((row) => row.first_seen)) ?? settings.now,
      openFindings: rows.reduce((sum, row) => sum + row.findings, 0),
      assessed: withoutEvidence(assessIssue(membersOf(rows, world), settings, attackPaths.get(id))),
    };
  });
  const leads = issues.map(({ assessed }) => assessed.lead.finding);
  const titles = await loadTitles(
    db,
    shard,
    leads.map(({ fingerprint }) => fingerprint),
    common,
  );
  const codeOwners = await ownersOfFindings(db, shard, leads);
  return issues.map(({ assessed, ...issue }) => {
    const { finding } = assessed.lead;
    const title = titles.get(finding.fingerprint);
    const titled = title === undefined ? finding : { ...finding, summary: { ...finding.summary, title } };
    const lead = {
      ...assessed.lead,
      finding: { ...finding, codeOwners: codeOwners.get(finding.fingerprint) },
    };
    return {
      ...issue,
      assessed: {
        ...assessed,
        lead,
        title: title === undefined ? assessed.title : titleOf(titled, settings.controls),
        team: assessed.teamByHand ?? teamOf(lead),
      },
    };
  });
}

/** Of thousands of issues at once what they were assessed from goes at once. */
function withoutEvidence({ members, ...assessed }: AssessedIssue): AlikeIssue['assessed'] {
  return {
    ...assessed,
    members: members.map(({ decisions, isMuted, isAdmitted, automation: { matches, ticket }, told }) => ({
      decisions,
      isMuted,
      isAdmitted,
      automation: { matches, ticket },
      told: { findings: told.findings },
    })),
  };
}

/** How many attack paths lead through those of the issues of which a finding is snoozed. */
async function countPathsOfSnoozed(
  db: Queryable,
  shard: bigint,
  groups: readonly AlikeRow[],
  decided: ReadonlyMap<string, Decisions>,
): Promise<ReadonlyMap<string, number>> {
  const snoozed = groups.flatMap(({ fingerprint, issue_id }) =>
    (decided.get(fingerprint)?.snooze ?? null) === null ? [] : [issue_id],
  );
  return snoozed.length === 0 ? new Map() : countPaths(db, shard, [...new Set(snoozed)]);
}

/** Whose the files of these findings are, by CODEOWNERS: which files they are in is no matter of their kind. */
async function ownersOfFindings(
  db: Queryable,
  shard: bigint,
  findings: readonly FindingOnResource[],
): Promise<ReadonlyMap<string, readonly OwnerCandidate[]>> {
  const inFiles = findings.filter(({ resource: { kind } }) => kind === 'repository' || kind === 'artifact');
  if (inFiles.length === 0) return new Map();
  const ownersOfFiles = await loadCodeOwners(
    db,
    shard,
    inFiles.map(({ resource }) => resource.key),
  );
  const result = await db.query<FindingInFiles & { readonly fingerprint: string }>({
    name: 'files-of-findings',
    text: `select fingerprint, type, resource_key, place, summary -> 'locations' as locations from finding where shard = $1 and fingerprint = any($2::uuid[])`,
    values: [shard, inFiles.map(({ fingerprint }) => fingerprint)],
  });
  return new Map(result.rows.map((row) => [row.fingerprint, ownersOfFiles(row)]));
}

interface FindingOnResource extends Pick<FindingInput, 'fingerprint'> {
  readonly resource: Pick<FindingInput['resource'], 'key' | 'kind'>;
}

interface World {
  readonly settings: IssueSettings;
  readonly common: ReadonlyMap<string, CommonRow>;
  readonly workloads: ReadonlyMap<string, readonly RunningWorkload[]>;
  /** By scaling group. */
  readonly machines: ReadonlyMap<string, readonly string[]>;
  readonly runners: ServiceRunners;
  readonly resources: ReadonlyMap<string, ResourceLikeness>;
  readonly advisories: ReadonlyMap<string, AdvisoryFacts>;
  readonly decided: ReadonlyMap<string, Decisions>;
  readonly vex: ReadonlyMap<string, VexStatement>;
  /** By scope; empty where no rule asks for sources. */
  /** Since when advisories have a fix; empty where no rule counts from that. */
  readonly fixes: ReadonlyMap<string, Instant>;
  readonly sources: ReadonlyMap<string, ToldFinding['sources'][number]>;
  /** Where resources are; empty where no rule asks for that. */
  readonly places: ReadonlyMap<string, ResourcePlace>;
  /** Whose the files are; empty where no rule asks for teams. */
  readonly ownersByFinding: ReadonlyMap<string, readonly OwnerCandidate[]>;
}

function commonName({ issue_id, likeness }: Pick<AlikeRow, 'issue_id' | 'likeness'>): string {
  return `${issue_id}${likeness}`;
}

/** One summary stands for all findings that are alike: what it says beside that, titles and fixes, is nothing that is assessed. */
async function loadCommon(
  db: Queryable,
  shard: bigint,
  groups: readonly AlikeRow[],
): Promise<ReadonlyMap<string, CommonRow>> {
  const examples = new Map<string, string>();
  for (const row of groups) {
    const name = commonName(row);
    const known = examples.get(name);
    if (known === undefined || row.fingerprint < known) examples.set(name, row.fingerprint);
  }
  const result = await db.query<CommonRow>({
    name: 'common-of-alike',
    text: 'select fingerprint, issue_id, issue_key, likeness, type, advisory, control, tool_check, summary from finding where shard = $1 and fingerprint = any($2::uuid[])',
    values: [shard, [...examples.values()]],
  });
  return new Map(result.rows.map((row) => [commonName(row), row]));
}

/** The titles of those findings of which no summary was loaded. */
async function loadTitles(
  db: Queryable,
  shard: bigint,
  fingerprints: readonly string[],
  common: ReadonlyMap<string, CommonRow>,
): Promise<ReadonlyMap<string, string>> {
  const loaded = new Set([...common.values()].map((row) => row.fingerprint));
  const missing = fingerprints.filter((fingerprint) => !loaded.has(fingerprint));
  if (missing.length === 0) return new Map();
  const result = await db.query<{ fingerprint: string; title: string }>({
    name: 'titles-of-findings',
    text: "select fingerprint, summary ->> 'title' as title from finding where shard = $1 and fingerprint = any($2::uuid[])",
    values: [shard, missing],
  });
  return new Map(result.rows.map((row) => [row.fingerprint, row.title]));
}

interface Folded {
  row: AlikeRow;
  readonly alsoOn: string[];
  firstSeen: Instant;
  findings: number;
  flipsAt: Instant | null;
}

/**
 * The groups of one issue; those on resources that are alike, and of which each condition of a rule says the same, are
 * one member, led by the smallest fingerprint.
 */
function membersOf(rows: readonly AlikeRow[], world: World): readonly Member[] {
  const { automation, now } = world.settings;
  const members: Member[] = [];
  const folded = new Map<string, Folded>();
  for (const row of rows) {
    const decisions = world.decided.get(row.fingerprint);
    const resource = world.resources.get(row.resource_key);
    const isDeployed = world.workloads.has(row.resource_key) || world.machines.has(row.resource_key);
    const { type } = world.common.get(commonName(row)) as CommonRow;
    const flipsAt = nextFlipOf(automation, type, row.first_seen, now);
    const { first_seen: firstSeen, findings } = row;
    if (decisions !== undefined || world.vex.has(row.fingerprint) || resource === undefined || isDeployed) {
      const alone = { row, alsoOn: [], firstSeen, findings, flipsAt };
      members.push(memberOf(alone, decisions ?? NO_DECISIONS, world));
      continue;
    }
    const name = `${row.likeness} ${resource.likeness} ${fineNameOf(row, world)}`;
    const alike = folded.get(name);
    if (alike === undefined) {
      folded.set(name, { row, alsoOn: [], firstSeen, findings, flipsAt });
      continue;
    }
    alike.firstSeen = Math.min(alike.firstSeen, firstSeen);
    alike.findings += findings;
    alike.flipsAt = smallest([alike.flipsAt, flipsAt]);
    const reopenedAt = largest([row.reopened_at, alike.row.reopened_at]);
    if (row.fingerprint < alike.row.fingerprint) {
      alike.alsoOn.push(alike.row.resource_key);
      alike.row = row;
    } else alike.alsoOn.push(row.resource_key);
    alike.row = { ...alike.row, reopened_at: reopenedAt };
  }
  for (const each of folded.values()) members.push(memberOf(each, NO_DECISIONS, world));
  return members;
}

/** The same for groups that no rule tells apart. */
function fineNameOf(row: AlikeRow, world: World): string {
  const { automation, controls, now } = world.settings;
  if (automation.fineConditions.length === 0 && automation.fineFields.size === 0) return '';
  const owners = world.ownersByFinding.get(row.fingerprint) ?? [];
  const told = toldOf({ row, firstSeen: row.first_seen, findings: row.findings, flipsAt: null }, world);
  const title = () => titleOf(identityOf(row, world), controls);
  const facts = findingFacts({ told, title, team: () => null, assessed: null });
  return JSON.stringify([fineSignature(automation, facts, now), row.fixable ?? null, owners]);
}

function toldOf(
  { row, firstSeen, findings, flipsAt }: Omit<Folded, 'alsoOn'>,
  { common, sources, fixes, places, workloads }: World,
): ToldFinding {
  const { issue_key, advisory, summary } = common.get(commonName(row)) as CommonRow;
  const at =
    places.size === 0
      ? []
      : [row.resource_key, ...runningOf(workloads.get(row.resource_key), summary.scopes)];
  return {
    firstSeen,
    findings,
    issue: { id: row.issue_id, key: issue_key },
    resource: { key: row.resource_key, kind: row.resource_kind, name: row.resource_name },
    fixSince: fixSinceOf(fixes, row.fixable ?? null, advisory, firstSeen),
    places: at.flatMap((key) => places.get(key) ?? []),
    sources: (row.scopes ?? []).flatMap((scope) => sources.get(scope) ?? []),
    flipsAt,
  };
}

/** What a finding is, wherever it is. */
function identityOf(
  row: AlikeRow,
  { common, advisories }: World,
): Pick<FindingInput, 'type' | 'control' | 'toolCheck' | 'summary' | 'advisory'> {
  const { type, control, tool_check, advisory, summary } = common.get(commonName(row)) as CommonRow;
  return {
    type,
    control,
    toolCheck: tool_check,
    summary: row.title === undefined ? summary : { ...summary, title: row.title },
    advisory: advisory === null ? null : (advisories.get(advisory) ?? unknownAdvisory(advisory)),
  };
}

function memberOf(folded: Folded, decisions: Decisions, world: World): Member {
  const { row, alsoOn } = folded;
  const { workloads, machines, runners, resources, ownersByFinding } = world;
  const identity = identityOf(row, world);
  const { summary } = identity;
  const resource = resources.get(row.resource_key)?.context;
  const running = runningOf(workloads.get(row.resource_key), summary.scopes);
  return {
    finding: {
      fingerprint: row.fingerprint,
      ...identity,
      resource: resource ?? unknownResource(row.resource_key, row.resource_kind, row.resource_key),
      workloads: running.flatMap((key) => resources.get(key)?.context ?? []),
      machines: (machines.get(row.resource_key) ?? []).flatMap((key) => resources.get(key)?.context ?? []),
      codeOwners: ownersByFinding.get(row.fingerprint),
      runners: runners
        .of({ ...row, type: identity.type, summary }, resource)
        .flatMap((key) => resources.get(key)?.context ?? []),
    },
    decisions,
    reopenedAt: row.reopened_at,
    vex: world.vex.get(row.fingerprint),
    alsoOn,
    told: toldOf(folded, world),
  };
}

function distinct(rows: readonly AlikeRow[]): string[] {
  return [...new Set(rows.map((row) => row.resource_key))];
}
