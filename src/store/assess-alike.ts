import { setImmediate as othersTurn } from 'node:timers/promises';
import { smallest } from '#base/extremes.ts';
import type { ToldFinding } from '#domain/automation/finding-facts.ts';
import { isVulnerabilityOfComponent } from '#domain/finding/finding-type.ts';
import {
  type AssessedIssue,
  type AssessedMember,
  assessIssue,
  type IssueSettings,
  teamOf,
  titleOf,
} from '#domain/inbox/assess-issue.ts';
import type { Decisions } from '#domain/inbox/decisions.ts';
import type { OwnerCandidate } from '#domain/resource/owner.ts';
import type { FindingInput } from '#domain/risk/assess-finding.ts';
import { isDeployedWithServices } from '#domain/risk/deployment.ts';
import { loadAdvisories } from './advisories.ts';
import { loadFixes } from './advisory-fixes.ts';
import {
  type AlikeGroup,
  type AlikeRow,
  type CommonIdentity,
  loadGroups,
  loadToldLeads,
  withCommon,
  withFine,
} from './alike-findings.ts';
import { membersOf, type World } from './alike-members.ts';
import type { LoadedIssue } from './assess-issues.ts';
import { loadPathsThrough } from './attackpath/load-paths-through.ts';
import { type FindingInFiles, loadCodeOwners } from './code-owners.ts';
import type { Queryable } from './database.ts';
import { loadDecidedFindings } from './decisions.ts';
import { loadStandIns } from './group-members.ts';
import { KeptSummaries } from './kept-summaries.ts';
import type { Organisation } from './organisation.ts';
import { loadResourcePlaces } from './resource-places.ts';
import { loadResourceLikenesses } from './resources.ts';
import { loadServiceRunners } from './service-runners.ts';
import { loadSourcesOfScopes } from './showing-sources.ts';
import type { StoredIssue } from './stored-issues.ts';
import { loadVexWords } from './vex-words.ts';
import { loadRunningWorkloads } from './workloads.ts';

/** An assessed issue with of its members what is stored, told or counted of them. */
export interface AlikeIssue extends Omit<LoadedIssue, 'assessed'> {
  readonly assessed: Omit<AssessedIssue, 'members'> & { readonly members: readonly AlikeMember[] };
  /** What mends its lead, where that was read with it; absent where it was not. */
  readonly fix?: string | null;
}

export interface AlikeMember extends Pick<AssessedMember, 'decisions' | 'isMuted' | 'isAdmitted'> {
  readonly automation: Pick<AssessedMember['automation'], 'matches' | 'ticket'>;
  readonly told: Pick<ToldFinding, 'findings'>;
}

/** Above so many groups the issues of a chunk are assessed in smaller parts. */
const GROUPS_MAX = 50_000;

/** How issues are stored already. */
export interface KnownIssues {
  readonly stored: ReadonlyMap<string, StoredIssue>;
  /** Whether their findings are as they were when they were stored, so that one whose lead stays is called the same. */
  readonly areFindingsSame: boolean;
}

const NOTHING_KNOWN: KnownIssues = { stored: new Map(), areFindingsSame: false };

/** Everything that some issues with open findings are assessed from. */
export interface AlikeWorld extends World {
  readonly groups: readonly AlikeGroup[];
  readonly known: KnownIssues;
  /** The attack paths that lead through those of which a finding is snoozed. */
  readonly attackPaths: ReadonlyMap<string, readonly string[]>;
}

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
  kept = new KeptSummaries(),
): AsyncIterable<readonly AlikeIssue[]> {
  for await (const world of loadAlike(db, organisation, settings, issueIds, kept, NOTHING_KNOWN))
    yield await withToldLeads(db, organisation, await assessWorld(world), world);
}

/** What these issues are assessed from, a part at a time. */
export async function* loadAlike(
  db: Queryable,
  organisation: Organisation,
  settings: IssueSettings,
  issueIds: readonly string[],
  kept: KeptSummaries,
  known: KnownIssues,
): AsyncIterable<AlikeWorld> {
  const limit = issueIds.length === 1 ? null : GROUPS_MAX;
  const decided = await loadDecidedFindings(db, organisation.shard, issueIds);
  const vex = await loadVexWords(db, organisation, issueIds);
  const fine = settings.automation.fineFields;
  const rows = await loadGroups(
    db,
    organisation.shard,
    issueIds,
    [...new Set([...decided.keys(), ...vex.keys()])],
    fine,
    limit,
  );
  if (rows.length === limit) {
    const half = Math.ceil(issueIds.length / 2);
    yield* loadAlike(db, organisation, settings, issueIds.slice(0, half), kept, known);
    yield* loadAlike(db, organisation, settings, issueIds.slice(half), kept, known);
    return;
  }
  if (rows.length === 0) return;
  const fineRows = await withFine(db, organisation.shard, rows, kept);
  const groups = await withCommon(db, organisation.shard, fineRows, kept, identitiesOf(known));
  yield await loadWorld(db, organisation, settings, groups, { decided, vex, known });
}

/** An issue of an advisory tells all that its findings are about (design: identity, issue keys). */
function identitiesOf({ stored }: KnownIssues): ReadonlyMap<string, CommonIdentity> {
  const identities = new Map<string, CommonIdentity>();
  for (const { id, key, type, advisory } of stored.values())
    if (isVulnerabilityOfComponent(type) && advisory !== null)
      identities.set(id, { issue_key: key, type, advisory, control: null, tool_check: null });
  return identities;
}

async function loadWorld(
  db: Queryable,
  organisation: Organisation,
  settings: IssueSettings,
  groups: readonly AlikeGroup[],
  { decided, vex, known }: Pick<AlikeWorld, 'decided' | 'vex' | 'known'>,
): Promise<AlikeWorld> {
  const { shard } = organisation;
  const images = distinct(groups.filter((row) => row.resource_kind === 'image'));
  const workloads = await loadRunningWorkloads(db, shard, images);
  const running = [...workloads.values()].flat().map((workload) => workload.key);
  const machines = await loadStandIns(db, shard, groups);
  const own = await loadResourceLikenesses(db, organisation, settings.now, [
    ...new Set([...distinct(groups), ...running, ...[...machines.values()].flat()]),
  ]);
  const inCode = groups.flatMap(({ common: { type, summary }, resource_key, resource_kind }) =>
    isDeployedWithServices(type, resource_kind) ? [{ type, summary, resource_key, resource_kind }] : [],
  );
  const runners = await loadServiceRunners(db, shard, inCode, (key) => own.get(key)?.context);
  // Only resources with findings are compared by their likeness, and those are all of the first answer.
  const resources = new Map([
    ...(await loadResourceLikenesses(db, organisation, settings.now, runners.keys)),
    ...own,
  ]);
  const named = [...new Set(groups.flatMap(({ common }) => common.advisory ?? []))];
  const advisories = await loadAdvisories(db, named, settings.feeds);
  const attackPaths = await pathsThroughSnoozed(db, shard, groups, decided);
  const { fineFields } = settings.automation;
  const fixes = fineFields.has('fixable') ? await loadFixes(db, shard, named) : new Map();
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
  return {
    groups,
    known,
    attackPaths,
    settings,
    workloads,
    machines,
    runners,
    resources,
    undescribed: new Map(),
    advisories,
    decided,
    vex,
    sources,
    fixes,
    places,
    ownersByFinding,
  };
}

/** So many issues at a time, before whatever else waits has its turn: the next are loaded meanwhile. */
const ISSUES_PER_TURN = 20;

/** Assesses the issues of this world; what they are called and whose the files are is told later. */
export async function assessWorld({
  groups,
  attackPaths,
  ...world
}: AlikeWorld): Promise<readonly AlikeIssue[]> {
  const { settings } = world;
  const issues: AlikeIssue[] = [];
  for (const [id, rows] of Map.groupBy(groups, (row) => row.issue_id)) {
    const { common } = rows[0] as AlikeGroup;
    issues.push({
      id,
      key: common.issue_key,
      advisory: common.advisory,
      firstSeen: smallest(rows.map((row) => row.first_seen)) ?? settings.now,
      openFindings: rows.reduce((sum, row) => sum + row.findings, 0),
      assessed: withoutEvidence(assessIssue(membersOf(rows, world), settings, attackPaths.get(id))),
    });
    if (issues.length % ISSUES_PER_TURN === 0) await othersTurn();
  }
  return issues;
}

/** Adds to issues of this world what only people read of their leads. */
export async function withToldLeads(
  db: Queryable,
  { shard }: Organisation,
  issues: readonly AlikeIssue[],
  { known, settings }: Pick<AlikeWorld, 'known' | 'settings'>,
): Promise<readonly AlikeIssue[]> {
  const called = new Map(
    issues.flatMap(({ id, assessed: { lead } }) => {
      const before = known.areFindingsSame ? known.stored.get(id) : undefined;
      return before?.lead === lead.finding.fingerprint ? [[id, before.title]] : [];
    }),
  );
  const leads = issues.map(({ assessed }) => assessed.lead.finding);
  const told = await loadToldLeads(
    db,
    shard,
    issues.flatMap(({ id, assessed: { lead } }) => (called.has(id) ? [] : [lead.finding.fingerprint])),
  );
  const codeOwners = await ownersOfFindings(db, shard, leads);
  return issues.map((issue) => {
    const { assessed } = issue;
    const { finding } = assessed.lead;
    const lead = told.get(finding.fingerprint);
    const fix = lead === undefined || assessed.type === 'attack_path' ? {} : { fix: lead.fix };
    const summary = { ...finding.summary, title: lead?.title ?? '' };
    const title = called.get(issue.id) ?? titleOf({ ...finding, summary }, settings.controls);
    const owners = codeOwners.get(finding.fingerprint);
    if (owners === undefined) return { ...issue, ...fix, assessed: { ...assessed, title } };
    const owned = { ...assessed.lead, finding: { ...finding, codeOwners: owners } };
    const team = assessed.teamByHand ?? teamOf(owned);
    return { ...issue, ...fix, assessed: { ...assessed, lead: owned, title, team } };
  });
}

/** Of thousands of issues at once what they were assessed from goes at once. */
function withoutEvidence(assessed: AssessedIssue): AlikeIssue['assessed'] {
  return { ...assessed, members: assessed.members.map(withoutAssessment) };
}

function withoutAssessment({
  decisions,
  isMuted,
  isAdmitted,
  automation,
  told,
}: AssessedMember): AlikeMember {
  const { matches, ticket } = automation;
  return {
    decisions,
    isMuted,
    isAdmitted,
    automation: { matches, ticket },
    told: { findings: told.findings },
  };
}

/** The attack paths that lead through those of the issues of which a finding is snoozed. */
async function pathsThroughSnoozed(
  db: Queryable,
  shard: bigint,
  groups: readonly AlikeRow[],
  decided: ReadonlyMap<string, Decisions>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const snoozed = groups.flatMap(({ fingerprint, issue_id }) =>
    (decided.get(fingerprint)?.snooze ?? null) === null ? [] : [issue_id],
  );
  return snoozed.length === 0 ? new Map() : loadPathsThrough(db, shard, [...new Set(snoozed)]);
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

function distinct(rows: readonly AlikeRow[]): string[] {
  return [...new Set(rows.map((row) => row.resource_key))];
}
