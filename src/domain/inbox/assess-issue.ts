import { compareBytes, compareInOrder } from '#base/compare.ts';
import { largest, smallest } from '#base/extremes.ts';
import { DAY_MS, type Instant } from '#base/instant.ts';
import { type AppliedRules, applyAutomation } from '../automation/apply-automation.ts';
import { dueByRule } from '../automation/due-by-rule.ts';
import type { ToldFinding } from '../automation/finding-facts.ts';
import type { RulesInForce } from '../automation/rules-in-force.ts';
import type { EffectiveControls } from '../control/effective-controls.ts';
import type { FindingType } from '../finding/finding-type.ts';
import type { VexStatement } from '../finding/vex.ts';
import { packRank } from '../ranking/packed-rank.ts';
import { distinctOwners, type OwnerCandidate, rankOwners } from '../resource/owner.ts';
import {
  type Assessment,
  type AssessmentSettings,
  assessFinding,
  type FindingInput,
} from '../risk/assess-finding.ts';
import { DETECTED_RISKS, type DetectedRisk, type RiskState } from '../risk/detected-risk.ts';
import { kevAbsenceUntil, knownExploited } from '../risk/known-exploited.ts';
import { EPSS_YOUNG_DAYS } from '../severity/adjust-vulnerability.ts';
import { EXPLOIT_ABSENCE_DAYS } from '../severity/exploit-state.ts';
import { type Severity, severityRank } from '../severity/severity.ts';
import { applyRules, type ConditionName, type RuleVerdict } from './admission.ts';
import type { AdmissionRule, Condition } from './admission-rule.ts';
import { type Decisions, isMuted } from './decisions.ts';
import { KindMemo } from './kind-memo.ts';
import { wakingReasons } from './snooze.ts';

/** One open finding of an issue. */
export interface Member {
  readonly finding: FindingInput;
  readonly decisions: Decisions;
  /** When it was seen again after it was closed; absent or null: it was never closed. */
  readonly reopenedAt?: Instant | null;
  /** Keys of further resources, like this one in everything but their name, on which a finding like this one is open. */
  readonly alsoOn?: Iterable<string>;
  /** What VEX says of it, where that is that nothing is to be done. */
  readonly vex?: VexStatement | undefined;
  /** What the rules of the organisation may ask of it. */
  readonly told: ToldFinding;
}

export interface IssueSettings extends AssessmentSettings {
  readonly rules: readonly AdmissionRule[];
  /** The rules of the organisation that act on findings. */
  readonly automation: RulesInForce;
}

/** One member, assessed. */
export interface AssessedMember extends Member {
  /** With the severity as it counts, modified by a rule or not. */
  readonly assessment: Assessment;
  readonly automation: AppliedRules;
  readonly verdicts: readonly RuleVerdict[];
  readonly isAdmitted: boolean;
  readonly isMuted: boolean;
  readonly dueAt: Instant | null;
  readonly assignee: string | null;
}

/** One row of the inbox: what is stored, listed and ranked. */
export interface AssessedIssue {
  readonly title: string;
  readonly type: FindingType;
  readonly severity: Severity;
  readonly score: number;
  readonly riskStates: Readonly<Record<DetectedRisk, RiskState>>;
  readonly riskCount: number;
  readonly resources: number;
  readonly services: number;
  /** The names of those services, and the accounts and clusters that it is in, each once and in order. */
  readonly serviceNames: readonly string[];
  readonly accounts: readonly string[];
  readonly impact: number;
  readonly rank: bigint;
  readonly isAdmitted: boolean;
  /** Ids of the rules that admitted it, and `by-hand` where somebody did by hand. */
  readonly admittedBy: readonly string[];
  readonly isMuted: boolean;
  /** Snoozed while any of its findings is; in progress where somebody works on any of them since it was last back. */
  readonly status: 'open' | 'in_progress' | 'snoozed';
  /** Until when it is snoozed; null: it is not, or until it gets worse. */
  readonly snoozedUntil: Instant | null;
  /** Why a snooze that is stored has ended; empty: it lasts, or there is none. */
  readonly wokenBy: readonly string[];
  /** When one of its findings was last seen again after it was closed; null: none ever was. */
  readonly regressedAt: Instant | null;
  readonly dueAt: Instant | null;
  readonly assignee: string | null;
  readonly team: string | null;
  /** The team that a person gave it to; null: nobody did. */
  readonly teamByHand: string | null;
  /** What keeps an issue out; empty for admitted ones. */
  readonly heldBackBy: readonly ConditionName[];
  readonly lead: AssessedMember;
  readonly members: readonly AssessedMember[];
  /** When anything of this may change by the passing of time alone; null when it may not. */
  readonly validUntil: Instant | null;
}

/** `by-hand` stands among the rule ids where somebody took an issue in by hand. */
export const BY_HAND = 'by-hand';

/**
 * Assesses an issue from its open findings, at least one (DESIGN: an issue ranks by its lead finding):
 * the admitted, unmuted member with the highest severity, then the most risks, then the smallest
 * fingerprint. Without one the other unmuted members stand in by the same rule, not admitted: what was
 * muted must not hide what nobody decided about. Where all are muted the muted ones stand in, so that
 * every issue has a rank. `paths`: the attack paths that lead through it, for a snooze to be held against.
 */
export function assessIssue(
  members: readonly Member[],
  settings: IssueSettings,
  paths: readonly string[] = [],
): AssessedIssue {
  const assessed = members.map((member) => assessMember(member, settings));
  const unmuted = assessed.filter((member) => !member.isMuted);
  const isAllMuted = unmuted.length === 0;
  const candidates = isAllMuted ? assessed : unmuted;
  const admitted = candidates.filter((member) => member.isAdmitted);
  const isAdmitted = admitted.length > 0;
  const pool = isAdmitted ? admitted : candidates;
  const inOrder = pool.toSorted(byLead);
  const lead = inOrder[0] as AssessedMember;
  const resources = resourcesOf(pool);
  const services = new Set(
    pool.flatMap((member) => member.assessment.deployments.flatMap((each) => each.services)),
  );
  const accounts = pool.flatMap((member) =>
    member.assessment.deployments.flatMap(({ account }) => account ?? []),
  );
  const impact = resources.size + services.size;
  const { severity, score, risks, riskCount } = lead.assessment;
  const dueAt = smallest(pool.map((member) => member.dueAt));
  const work = workOf(candidates, lead, resources, paths, settings.now);
  return {
    title: titleOf(lead.finding, settings.controls),
    type: lead.finding.type,
    severity,
    score,
    riskStates: Object.fromEntries(DETECTED_RISKS.map((risk) => [risk, risks[risk].state])) as Record<
      DetectedRisk,
      RiskState
    >,
    riskCount,
    resources: resources.size,
    services: services.size,
    serviceNames: [...services].sort(compareBytes),
    accounts: [...new Set(accounts)].sort(compareBytes),
    impact,
    rank: packRank({ severity, riskCount, impact }),
    isAdmitted,
    admittedBy: [...new Set(admitted.flatMap(admittedBy))].sort(compareBytes),
    isMuted: isAllMuted,
    ...work,
    dueAt,
    assignee: inOrder.flatMap(({ assignee }) => assignee ?? [])[0] ?? null,
    team: givenTo(inOrder) ?? teamOf(lead),
    teamByHand: givenTo(inOrder),
    heldBackBy: isAdmitted ? [] : heldBackBy(lead),
    lead,
    members: assessed,
    // Of many due dates the first one counts: that another passes turns nothing.
    validUntil: smallest([
      ...assessed.map((member) => validUntil(member, settings)),
      dueAt !== null && dueAt > settings.now ? dueAt : null,
    ]),
  };
}

function resourcesOf(members: readonly AssessedMember[]): ReadonlySet<string> {
  const keys = new Set(
    members.flatMap(({ assessment }) => assessment.deployments.flatMap((each) => each.resourceKey ?? [])),
  );
  for (const { alsoOn = [] } of members) for (const key of alsoOn) keys.add(key);
  return keys;
}

/** Where the work on an issue stands, by its findings that are not muted; of several snoozes the latest. */
function workOf(
  members: readonly AssessedMember[],
  { assessment }: AssessedMember,
  resources: ReadonlySet<string>,
  paths: readonly string[],
  now: Instant,
): Pick<AssessedIssue, 'status' | 'snoozedUntil' | 'wokenBy' | 'regressedAt'> {
  const regressedAt = largest(members.map(({ reopenedAt }) => reopenedAt ?? null));
  const isStarted = members.some(
    ({ decisions: { startedAt }, reopenedAt }) =>
      startedAt !== null && (reopenedAt ?? startedAt) <= startedAt,
  );
  const status = isStarted ? 'in_progress' : 'open';
  const snoozed = members.filter(({ decisions }) => decisions.snooze !== null);
  const [snooze] = snoozed.flatMap(({ decisions }) => decisions.snooze ?? []).toSorted((a, b) => b.at - a.at);
  if (snooze === undefined) return { status, snoozedUntil: null, wokenBy: [], regressedAt };
  const before = resourcesOf(snoozed);
  const wokenBy = wakingReasons(
    snooze,
    {
      severity: assessment.severity,
      risks: DETECTED_RISKS.filter((risk) => assessment.risks[risk].state === 'yes'),
      resources: resources.size,
      isOnNewResource: [...resources].some((key) => !before.has(key)),
      paths,
      regressedAt,
    },
    now,
  );
  return wokenBy.length > 0
    ? { status, snoozedUntil: null, wokenBy, regressedAt }
    : { status: 'snoozed', snoozedUntil: snooze.until, wokenBy, regressedAt };
}

function assessMember(member: Member, settings: IssueSettings): AssessedMember {
  const { finding, decisions, told } = member;
  const { now, controls } = settings;
  const computed = assessFinding(finding, settings);
  // Findings of one kind are ruled alike where no rule asks for more than that.
  const isOfKind = settings.assessments.has(computed) && finding.advisory?.emergingUntil == null;
  const apply = () =>
    applyAutomation(
      settings.automation,
      {
        finding,
        assessment: computed,
        exploited: () => knownExploited(finding, settings.feeds, now),
        told,
        title: () =>
          titleOf({ ...finding, summary: { title: told.title ?? finding.summary.title } }, controls),
        team: () => ownersOf({ finding, assessment: computed })[0]?.name ?? null,
      },
      now,
    );
  const automation =
    isOfKind && settings.automation.areOfKinds ? APPLIED.of(settings.automation, computed, apply) : apply();
  const { assessment } = automation;
  const admit = () => applyRules(settings.rules, finding, assessment, settings);
  const isShared = isOfKind && (assessment === computed || settings.automation.areOfKinds);
  const verdicts = isShared ? VERDICTS.of(settings.rules, assessment, admit) : admit();
  const isAdmitted =
    decisions.admitted !== null ||
    automation.inbox !== null ||
    verdicts.some((each) => each.verdict === 'met');
  const isLeftAlone = automation.mute !== null || member.vex !== undefined;
  const muted = isMuted(decisions, now) || (isLeftAlone && decisions.isKeptUnmuted !== true);
  return {
    ...member,
    assessment,
    automation,
    verdicts,
    isAdmitted,
    isMuted: muted,
    dueAt: decisions.dueAt ?? (muted || decisions.hasNoDueDate === true ? null : dueOf(member, automation)),
    assignee:
      decisions.assignee ??
      (decisions.hasNoAssignee === true ? null : (automation.assign?.action.person ?? null)),
  };
}

const APPLIED = new KindMemo<RulesInForce, AppliedRules>();
const VERDICTS = new KindMemo<readonly AdmissionRule[], readonly RuleVerdict[]>();

function dueOf({ finding, told }: Member, { dueDate, assessment }: AppliedRules): Instant | null {
  if (dueDate === null) return null;
  return dueByRule(dueDate.action, {
    type: finding.type,
    severity: assessment.severity,
    firstSeen: told.firstSeen,
    fixSince: told.fixSince ?? null,
    kevDueAt: finding.advisory?.knownExploited?.dueAt ?? null,
  });
}

/** The team that somebody gave the first of these members to that anybody gave away. */
function givenTo(members: readonly AssessedMember[]): string | null {
  return members.flatMap(({ decisions }) => decisions.team ?? [])[0] ?? null;
}

/** Whose a finding is: the team that a rule assigns it to, else whoever is most likely to own it. */
export function teamOf(member: AssessedMember): string | null {
  return member.automation.assign?.action.team ?? ownersOf(member)[0]?.name ?? null;
}

const byLead = compareInOrder<AssessedMember>([
  (a, b) => severityRank(b.assessment.severity) - severityRank(a.assessment.severity),
  (a, b) => b.assessment.riskCount - a.assessment.riskCount,
  (a, b) => compareBytes(a.finding.fingerprint, b.finding.fingerprint),
]);

function admittedBy(member: AssessedMember): readonly string[] {
  const rules = [
    ...member.verdicts.filter((each) => each.verdict === 'met').map((each) => each.rule.id),
    ...(member.automation.inbox === null ? [] : [member.automation.inbox.id]),
  ];
  return member.decisions.admitted === null ? rules : [...rules, BY_HAND];
}

/**
 * What keeps an issue out: the conditions that nobody can tell, of rules that nothing known speaks
 * against; where there is no such rule, what the rule says that comes closest.
 */
function heldBackBy(lead: AssessedMember): readonly ConditionName[] {
  const open = lead.verdicts.filter((each) => each.verdict === 'unknown').flatMap((each) => each.missing);
  if (open.length > 0) return [...new Set(open)].sort(compareBytes);
  const closest = lead.verdicts.toSorted((a, b) => a.failed.length - b.failed.length)[0];
  return closest === undefined ? ['no_rule'] : [...new Set(closest.failed)].sort(compareBytes);
}

/**
 * Whose a finding may be, best first: whom a person accepted for the resource; whoever the scan names; then the owners of the workload whose risks count; then
 * those of the resource and, of files in a repository, those of CODEOWNERS, by how sure they are (attack-paths §7.3); then those of what runs the code.
 */
export function ownersOf({
  finding,
  assessment,
}: Pick<AssessedMember, 'finding' | 'assessment'>): readonly OwnerCandidate[] {
  const declared = finding.summary.scopes.flatMap(({ team }) =>
    team === null ? [] : [{ name: team, confidence: 1, reason: '--team of the import' }],
  );
  const workload = finding.workloads.find(({ key }) => key === assessment.deployment.resourceKey);
  const accepted = [...(workload?.owners ?? []), ...finding.resource.owners].filter(
    ({ isAccepted }) => isAccepted === true,
  );
  return distinctOwners([
    ...accepted,
    ...declared,
    ...(workload?.owners ?? []),
    ...rankOwners([...finding.resource.owners, ...(finding.codeOwners ?? [])]),
    ...assessment.deployment.owners,
  ]);
}

/** How an issue is called that is led by this finding. */
export function titleOf(
  {
    summary,
    advisory,
    control,
    type,
  }: Pick<FindingInput, 'advisory' | 'control' | 'type'> & {
    readonly summary: Pick<FindingInput['summary'], 'title'>;
  },
  controls: EffectiveControls,
): string {
  if (advisory !== null)
    return summary.title.includes(advisory.id) || summary.title === ''
      ? summary.title || advisory.id
      : `${advisory.id}: ${summary.title}`;
  const known = control === null ? undefined : controls.get(control);
  return known?.title ?? (summary.title || type);
}

function validUntil(
  { finding, decisions, told }: AssessedMember,
  { now, feeds, rules, automation }: IssueSettings,
): Instant | null {
  let until: Instant | null = null;
  const ends = (at: Instant | null | undefined) => {
    if (at != null && at > now && (until === null || at < until)) until = at;
  };
  ends(finding.resource.validUntil);
  for (const each of finding.workloads) ends(each.validUntil);
  for (const each of finding.runners) ends(each.validUntil);
  for (const each of finding.machines ?? []) ends(each.validUntil);
  ends(finding.summary.path?.validUntil);
  ends(decisions.mute?.until);
  ends(decisions.snooze?.until);
  ends(told.flipsAt);
  for (const { rule } of automation.rules.mute)
    if (rule.findingTypes.includes(finding.type)) ends(rule.action.until);
  const published = finding.advisory?.publishedAt ?? finding.summary.publishedAt;
  if (published !== null) {
    for (const days of [...daysOf(rules), EPSS_YOUNG_DAYS]) ends(published + days * DAY_MS + 1);
  }
  if (finding.advisory !== null) {
    ends(finding.advisory.emergingUntil);
    if (feeds.kev !== null) ends(kevAbsenceUntil(feeds));
    for (const readAt of [feeds.exploitdb, feeds.nvd])
      if (readAt !== null) ends(readAt + EXPLOIT_ABSENCE_DAYS * DAY_MS + 1);
  }
  return until;
}

const knownDays = new WeakMap<readonly AdmissionRule[], readonly number[]>();

/** Those of all rules, which are the same for all findings of one assessment. */
function daysOf(rules: readonly AdmissionRule[]): readonly number[] {
  const known = knownDays.get(rules);
  if (known !== undefined) return known;
  const days = rules.flatMap(({ when }) => when.flatMap(publishedWithin));
  knownDays.set(rules, days);
  return days;
}

/** The ages of advisories at which a condition stops to hold, in days. */
function publishedWithin(condition: Condition): readonly number[] {
  if (condition.fact === 'published') return [condition.withinDays];
  return condition.fact === 'any of' || condition.fact === 'all of'
    ? condition.conditions.flatMap(publishedWithin)
    : [];
}
