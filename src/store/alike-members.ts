import { largest, smallest } from '#base/extremes.ts';
import { getOrMake } from '#base/get-or-make.ts';
import type { Instant } from '#base/instant.ts';
import { findingFacts, type ResourcePlace, type ToldFinding } from '#domain/automation/finding-facts.ts';
import { fineSignature, nextFlipOf } from '#domain/automation/fine-signature.ts';
import type { VexStatement } from '#domain/finding/vex.ts';
import { type IssueSettings, type Member, titleOf } from '#domain/inbox/assess-issue.ts';
import { type Decisions, NO_DECISIONS } from '#domain/inbox/decisions.ts';
import type { OwnerCandidate } from '#domain/resource/owner.ts';
import { type AdvisoryFacts, unknownAdvisory } from '#domain/risk/advisory-facts.ts';
import type { FindingInput } from '#domain/risk/assess-finding.ts';
import { assumedPlace } from '#domain/risk/assumed-place.ts';
import { type ResourceContext, unknownResource } from '#domain/risk/deployment.ts';
import { fixSinceOf } from './advisory-fixes.ts';
import type { AlikeGroup } from './alike-findings.ts';
import type { ResourceLikeness } from './resources.ts';
import type { ServiceRunners } from './service-runners.ts';
import { type RunningWorkload, runningOf } from './workloads.ts';

/** What was loaded about the findings of many issues, by the names that their groups have. */
export interface World {
  readonly settings: IssueSettings;
  readonly workloads: ReadonlyMap<string, readonly RunningWorkload[]>;
  /** By scaling group. */
  readonly machines: ReadonlyMap<string, readonly string[]>;
  readonly runners: ServiceRunners;
  readonly resources: ReadonlyMap<string, ResourceLikeness>;
  /** Those that nobody described, as they are met. */
  readonly undescribed: Map<string, ResourceContext>;
  readonly advisories: ReadonlyMap<string, AdvisoryFacts>;
  readonly decided: ReadonlyMap<string, Decisions>;
  readonly vex: ReadonlyMap<string, VexStatement>;
  /** Since when advisories have a fix; empty where no rule counts from that. */
  readonly fixes: ReadonlyMap<string, Instant>;
  /** By scope; empty where no rule asks for sources. */
  readonly sources: ReadonlyMap<string, ToldFinding['sources'][number]>;
  /** Where resources are; empty where no rule asks for that. */
  readonly places: ReadonlyMap<string, ResourcePlace>;
  /** Whose the files are; empty where no rule asks for teams. */
  readonly ownersByFinding: ReadonlyMap<string, readonly OwnerCandidate[]>;
}

interface Folded {
  row: AlikeGroup;
  readonly alsoOn: string[];
  firstSeen: Instant;
  findings: number;
  flipsAt: Instant | null;
}

/**
 * The groups of one issue; those on resources that are alike, and of which each condition of a rule says the same, are
 * one member, led by the smallest fingerprint.
 */
export function membersOf(rows: readonly AlikeGroup[], world: World): readonly Member[] {
  const { automation, now } = world.settings;
  const members: Member[] = [];
  const folded = new Map<string, Folded>();
  for (const row of rows) {
    const decisions = world.decided.get(row.fingerprint);
    const resource = world.resources.get(row.resource_key);
    const isDeployed = world.workloads.has(row.resource_key) || world.machines.has(row.resource_key);
    const flipsAt = nextFlipOf(automation, row.common.type, row.first_seen, now);
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
function fineNameOf(row: AlikeGroup, world: World): string {
  const { automation, controls, now } = world.settings;
  if (automation.fineConditions.length === 0 && automation.fineFields.size === 0) return '';
  const owners = world.ownersByFinding.get(row.fingerprint) ?? [];
  const told = toldOf({ row, firstSeen: row.first_seen, findings: row.findings, flipsAt: null }, world);
  const title = () =>
    titleOf({ ...identityOf(row, world), summary: { title: row.fine?.title ?? '' } }, controls);
  const facts = findingFacts({ told, title, team: () => null, assessed: null });
  return JSON.stringify([
    fineSignature(automation, facts, now),
    row.fine?.fixable ?? null,
    row.fine?.tool_check ?? null,
    owners,
  ]);
}

function toldOf(
  { row, firstSeen, findings, flipsAt }: Omit<Folded, 'alsoOn'>,
  { sources, fixes, places, workloads }: World,
): ToldFinding {
  const { issue_key, advisory, summary } = row.common;
  const at =
    places.size === 0
      ? NONE
      : [
          row.resource_key,
          ...runningOf(workloads.get(row.resource_key), summary.scopes).map(({ key }) => key),
        ];
  return {
    firstSeen,
    title: row.fine?.title,
    findings,
    issue: { id: row.issue_id, key: issue_key },
    resource: { key: row.resource_key, kind: row.resource_kind, name: row.resource_name ?? row.resource_key },
    fixSince: fixSinceOf(fixes, row.fine?.fixable ?? null, advisory, firstSeen),
    places: at.flatMap((key) => places.get(key) ?? []),
    sources: (row.scopes ?? []).flatMap((scope) => sources.get(scope) ?? []),
    flipsAt,
  };
}

/** What a finding is, wherever it is. */
function identityOf(
  row: AlikeGroup,
  { advisories }: World,
): Pick<FindingInput, 'type' | 'control' | 'toolCheck' | 'summary' | 'advisory'> {
  const { type, control, advisory, summary } = row.common;
  return {
    type,
    control,
    toolCheck: row.fine === undefined ? row.common.tool_check : row.fine.tool_check,
    summary,
    advisory: advisory === null ? null : (advisories.get(advisory) ?? unknownAdvisory(advisory)),
  };
}

function undescribed({ resource_key: key, resource_kind: kind }: AlikeGroup, world: World): ResourceContext {
  return getOrMake(world.undescribed, `${kind} ${key}`, () => unknownResource(key, kind, key));
}

/** Most findings have none of many things. */
const NONE: readonly never[] = [];

function memberOf(folded: Folded, decisions: Decisions, world: World): Member {
  const { row, alsoOn } = folded;
  const { workloads, machines, runners, resources, ownersByFinding } = world;
  const identity = identityOf(row, world);
  const { summary } = identity;
  const resource = resources.get(row.resource_key)?.context;
  const running = runningOf(workloads.get(row.resource_key), summary.scopes);
  const runningCode = runners.of(
    { type: identity.type, resource_key: row.resource_key, resource_kind: row.resource_kind, summary },
    resource,
  );
  const contexts = (keys: readonly string[]) =>
    keys.length === 0 ? NONE : keys.flatMap((key) => resources.get(key)?.context ?? []);
  return {
    finding: {
      fingerprint: row.fingerprint,
      ...identity,
      resource: resource ?? undescribed(row, world),
      workloads: running.flatMap(({ key, assumed }) => {
        const context = resources.get(key)?.context;
        return context === undefined ? [] : assumedPlace(context, assumed);
      }),
      machines: contexts(machines.get(row.resource_key) ?? NONE),
      codeOwners: ownersByFinding.get(row.fingerprint),
      runners: contexts(runningCode),
    },
    decisions,
    reopenedAt: row.reopened_at,
    vex: world.vex.get(row.fingerprint),
    alsoOn,
    told: toldOf(folded, world),
  };
}
