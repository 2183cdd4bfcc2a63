import { instantText, instantTextOrNull } from '#base/instant.ts';
import type { RuleTrace as DomainTrace } from '#domain/automation/trace-rules.ts';
import type { Location } from '#domain/finding/observation.ts';
import type { VexStatement } from '#domain/finding/vex.ts';
import type { AssessedMember } from '#domain/inbox/assess-issue.ts';
import { admissionSentence, type IssueExplanation, traceOf } from '#domain/inbox/explain-issue.ts';
import { packageUpgrades } from '#domain/package/package-upgrade.ts';
import type { FindingView, IssueRow, IssueView, SightingView } from '#domain/ports/inbox-store.ts';
import { consoleLink } from '#domain/resource/console-link.ts';
import type { ResourceIdentity } from '#domain/resource/resource-key.ts';
import type { ResourceContext } from '#domain/risk/deployment.ts';
import { detectedRiskSchema } from '../detected-risk.ts';
import {
  type Finding,
  type ImpactedResource,
  type IssueDetail,
  type IssueWhy,
  REFERENCES_MAX,
  type RuleTrace,
  type Sighting,
  UPGRADES_MAX,
} from '../issue-detail.ts';
import { presentAttackPath, presentSamePath } from './present-attack-path.ts';
import { presentControl } from './present-control.ts';
import { presentIssue } from './present-issue.ts';

/** An issue with its reasons; null when none of its findings is open any more. */
interface ExplainedIssue extends IssueView {
  readonly why: IssueExplanation | null;
}

/** One issue and why it stands where it stands, as the wire has it. */
export function presentIssueDetail({
  row,
  firstSeen,
  assessed,
  why,
  findings,
  attackPath,
  alsoFoundBy,
}: ExplainedIssue): IssueDetail {
  const { resources: _count, ...rest } = presentIssue(row);
  const members = new Map(assessed?.members.map((member) => [member.finding.fingerprint, member]));
  return {
    ...rest,
    firstSeen: instantText(firstSeen),
    ...presentTold(findings, why?.lead?.findingId ?? null),
    why: why === null ? presentClosed(row) : presentWhy(why),
    findings: findings.map((finding) => presentFinding(finding, members.get(finding.fingerprint), row)),
    upgrades: presentUpgrades(row, findings),
    resources:
      assessed === null
        ? []
        : impactedResources(
            assessed.members.filter((member) => counts(member, row)),
            row,
          ),
    attackPath:
      attackPath === null ? null : presentAttackPath({ issueId: row.id, path: attackPath, alsoFoundBy }),
    alsoFoundBy: alsoFoundBy.map(presentSamePath),
  };
}

/** Only what is shown now is mended; what an earlier scan saw is gone. */
function presentUpgrades({ type }: IssueRow, findings: readonly FindingView[]): IssueDetail['upgrades'] {
  if (type !== 'library_vulnerability' && type !== 'infrastructure_vulnerability') return [];
  const open = findings
    .filter(({ isOpen }) => isOpen)
    .map(({ place, sightings }) => ({ place, sightings: sightings.filter(({ goneAt }) => goneAt === null) }));
  return packageUpgrades(open)
    .slice(0, UPGRADES_MAX)
    .map(({ steps, commands, ...rest }) => ({
      ...rest,
      steps: steps.map((step) => ({ ...step, files: [...step.files] })),
      commands: [...commands],
    }));
}

/** Of scanners that describe a flaw at book length the beginning is enough. */
const DESCRIPTION_MAX = 4_000;

/** What scanners say about it, those that show the lead finding first. */
function presentTold(
  findings: readonly FindingView[],
  lead: string | null,
): Pick<IssueDetail, 'description' | 'references'> {
  const sightings = [...findings]
    .sort((a, b) => Number(b.fingerprint === lead) - Number(a.fingerprint === lead))
    .flatMap((finding) => finding.sightings);
  const description = sightings.map((each) => each.description?.trim()).find(Boolean) ?? null;
  return {
    description:
      description !== null && description.length > DESCRIPTION_MAX
        ? `${description.slice(0, DESCRIPTION_MAX)}…`
        : description,
    references: [...new Set(sightings.flatMap((each) => each.references))]
      .filter((address) => /^https?:\/\//i.test(address))
      .slice(0, REFERENCES_MAX),
  };
}

function presentWhy({
  rank,
  score,
  control,
  admission,
  automation,
  risks,
  lead,
  owners,
}: IssueExplanation): IssueWhy {
  return {
    rank,
    score: { ...score, steps: [...score.steps] },
    control: control === null ? null : presentControl(control),
    admission: {
      admitted: admission.admitted,
      rules: admission.rules.map((rule) => ({ ...rule, missing: [...rule.missing] })),
    },
    automation: automation.map(presentTrace),
    risks: risks.map(({ risk, state, evidence, missing }) => ({
      risk,
      state,
      evidence: evidence.map(({ sentence, provenance, at, link }) => ({
        sentence,
        provenance,
        at: instantTextOrNull(at),
        link: link ?? null,
      })),
      missing: [...missing],
    })),
    lead,
    owners: owners.map((each) => ({ ...each })),
  };
}

/** An issue without an open finding keeps its last row, and nothing is left that would explain it. */
function presentClosed({ severity, riskCount, impact, isAdmitted, riskStates }: IssueRow): IssueWhy {
  const sentence = 'None of its findings is open any more; this is how it stood last.';
  return {
    rank: { severity, riskCount, impact, sentence },
    score: { base: null, steps: [], adjusted: null, severity, sentence },
    control: null,
    admission: { admitted: isAdmitted, rules: [] },
    automation: [],
    risks: detectedRiskSchema.options.map((risk) => ({
      risk,
      state: riskStates[risk],
      evidence: [],
      missing: [],
    })),
    lead: null,
    owners: [],
  };
}

function presentFinding(view: FindingView, member: AssessedMember | undefined, row: IssueRow): Finding {
  const deployments = member?.assessment.deployments ?? view.summary.scopes;
  return {
    id: view.fingerprint,
    title: view.summary.title,
    resource: { id: view.resourceKey, kind: view.resourceKind, name: view.resourceName },
    severity: member?.assessment.severity ?? view.summary.severity ?? row.severity,
    score: member?.assessment.score ?? null,
    state: view.isOpen ? 'open' : 'closed',
    risks: detectedRiskSchema.options.filter((risk) => member?.assessment.risks[risk].state === 'yes'),
    environment: member?.assessment.deployment.environment ?? null,
    services: [...new Set(deployments.flatMap((deployment) => deployment.services))].sort(),
    sightings: view.sightings.map(presentSighting),
    fix: view.summary.fix,
    admission: member === undefined ? null : admissionSentence(member),
    mutedReason: member?.isMuted === true ? mutedReason(member) : null,
    automation: member === undefined ? [] : traceOf(member).map(presentTrace),
  };
}

function presentTrace({ passedOver, ...trace }: DomainTrace): RuleTrace {
  return { ...trace, passedOver: passedOver.map((each) => ({ ...each })) };
}

function mutedReason({ decisions, vex, automation: { mute } }: AssessedMember): string | null {
  if (decisions.mute !== null) return decisions.mute.reason;
  if (mute === null) return vex === undefined ? null : vexReason(vex);
  const { reason, description } = mute.action;
  return `${reason.replaceAll('_', ' ')}${description === null ? '' : `: ${description}`} (rule ${mute.name})`;
}

/** What VEX says, and who does. */
function vexReason({ status, justification, statement, source }: VexStatement): string {
  const because = justification ?? statement;
  return `${status.replaceAll('_', ' ')}${because === null ? '' : `: ${because.replaceAll('_', ' ')}`} (VEX of ${source})`;
}

function presentSighting({
  source,
  scope,
  firstSeen,
  lastConfirmed,
  isOverdue,
  notLookedAtSince,
  goneAt,
  locations,
  title,
  severity,
  fix,
}: SightingView): Sighting {
  const texts = locations.map(locationText).filter((text) => text !== '');
  return {
    source,
    scope,
    firstSeen: instantText(firstSeen),
    lastConfirmed: instantTextOrNull(lastConfirmed),
    overdue: isOverdue,
    notLookedAtSince: instantTextOrNull(notLookedAtSince),
    goneAt: instantTextOrNull(goneAt),
    locations: [...new Set(texts)],
    title,
    severity,
    fix,
  };
}

function locationText({ machine, path, line, version, tag, digest, port, url }: Location): string {
  const file = path === undefined ? undefined : line === undefined ? path : `${path}:${line}`;
  const parts = [machine, file, version, tag, digest, port === undefined ? undefined : `port ${port}`, url];
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

/** The members that the row's impact counts are those that are admitted and muted as the whole issue is. */
function counts(member: AssessedMember, row: IssueRow): boolean {
  return member.isAdmitted === row.isAdmitted && member.isMuted === row.isMuted;
}

function impactedResources(members: readonly AssessedMember[], row: IssueRow): ImpactedResource[] {
  const byId = new Map<string, ImpactedResource>();
  for (const member of members) {
    const { finding, assessment } = member;
    const named = new Map(
      [finding.resource, ...finding.workloads, ...(finding.summary.path?.resources ?? [])].map(
        (each): [string, ResourceIdentity | ResourceContext] => [each.key, each],
      ),
    );
    for (const { resourceKey, name, environment, services } of assessment.deployments) {
      if (resourceKey === null) continue;
      const known = byId.get(resourceKey);
      byId.set(resourceKey, {
        id: resourceKey,
        kind: named.get(resourceKey)?.kind ?? finding.resource.kind,
        name: named.get(resourceKey)?.name ?? name,
        environment: known?.environment ?? environment,
        services: [...new Set([...(known?.services ?? []), ...services])].sort(),
        status: statusOf(member, row, known),
        findings: (known?.findings ?? 0) + 1,
        console: consoleLink(resourceKey),
      });
    }
  }
  return [...byId.values()];
}

/** Somebody works on it there as soon as somebody works on one of its findings since it was last back. */
function statusOf(
  { decisions: { startedAt }, reopenedAt }: AssessedMember,
  row: IssueRow,
  known: ImpactedResource | undefined,
): ImpactedResource['status'] {
  if (row.isMuted) return 'muted';
  if (row.status === 'snoozed') return 'snoozed';
  const isStarted = startedAt !== null && (reopenedAt ?? startedAt) <= startedAt;
  return isStarted ? 'in_progress' : (known?.status ?? 'open');
}
