import { counted } from '#base/text.ts';
import type {
  AdmissionRule,
  Finding,
  IssueDetail,
  PackageUpgrade,
  RiskReason,
  RuleTrace,
  ScoreReason,
  Sighting,
} from '#contract/issue-detail.ts';
import type { Paint } from './paint.ts';
import { controlLines } from './present-controls.ts';
import { alsoFoundLine, pathLines } from './present-paths.ts';
import { safe } from './terminal-text.ts';
import { readable } from './words.ts';

/** More would hide the reasons above them; `--json` has all. */
const FINDINGS_SHOWN = 20;
const LOCATIONS_SHOWN = 3;

/** Why an issue is in the inbox or not and stands where it stands, as lines for a terminal. */
export function presentWhy(issue: IssueDetail, paint: Paint): readonly string[] {
  const { why } = issue;
  return [
    `${paint.severity(`${issue.severity}${issue.score === null ? '' : ` ${issue.score.toFixed(1)}`}`, issue.severity)}  ${paint.strong(safe(issue.title))}`,
    `${readable(issue.type)}, ${readable(issue.status)}${issue.muted ? ', muted' : ''}${issue.firstSeen === null ? '' : `, first seen ${day(issue.firstSeen)}`}`,
    `id ${safe(issue.id)}  key ${safe(issue.key)}`,
    ...issue.tickets.map(ticketLine),
    ...(issue.attackPath === null ? [] : section(paint, 'Attack path', pathLines(issue.attackPath))),
    ...(issue.attackPath !== null || issue.alsoFoundBy.length === 0
      ? []
      : section(paint, 'Attack path', issue.alsoFoundBy.map(alsoFoundLine))),
    ...section(paint, 'Rank', [safe(why.rank.sentence)]),
    ...section(paint, 'Score', scoreLines(why.score)),
    ...(why.control === null
      ? []
      : section(paint, `Control ${safe(why.control.id)}`, [
          safe(why.control.why),
          ...controlLines(why.control),
        ])),
    ...section(
      paint,
      why.admission.admitted ? 'Admission: in the inbox' : 'Admission: not admitted',
      why.admission.rules.flatMap(ruleLines),
    ),
    ...(why.automation.length === 0
      ? []
      : section(paint, 'Rules of the organisation', why.automation.flatMap(traceLines))),
    ...section(paint, 'Detected risks', why.risks.flatMap(riskLines)),
    ...section(
      paint,
      'Lead finding',
      why.lead === null
        ? ['None is open.']
        : [
            safe(why.lead.sentence),
            `${safe(why.lead.resource.name)} (${safe(why.lead.resource.kind)})  finding ${safe(why.lead.findingId)}`,
          ],
    ),
    ...(why.lead === null ? [] : section(paint, 'Owner', ownerLines(why.owners))),
    ...(issue.upgrades.length === 0 ? [] : section(paint, 'Fix', issue.upgrades.flatMap(upgradeLines))),
    ...section(paint, `Findings: ${issue.findings.length}`, findingsLines(issue.findings)),
  ];
}

function ticketLine({ receiver, state, key, url }: IssueDetail['tickets'][number]): string {
  switch (state) {
    case 'made':
      return `ticket ${safe(key ?? '')} in ${safe(receiver)}: ${safe(url ?? '')}`;
    case 'waiting':
      return `A ticket in ${safe(receiver)} waits to be made.`;
    case 'failed':
      return `A ticket in ${safe(receiver)} could not be made; "receivers list" says why.`;
  }
}

function ownerLines(owners: IssueDetail['why']['owners']): readonly string[] {
  if (owners.length === 0) return ['None known.'];
  return owners.map(
    ({ name, reason, confidence }) => `${safe(name)} (${safe(reason)}, confidence ${confidence})`,
  );
}

function section(paint: Paint, title: string, lines: readonly string[]): readonly string[] {
  return ['', paint.strong(title), ...lines.map((line) => `  ${line}`)];
}

function scoreLines({ base, steps, adjusted, sentence }: ScoreReason): readonly string[] {
  const lines = [safe(sentence)];
  if (base !== null)
    lines.push(`base      ${base.score.toFixed(1)}  ${safe(base.vector)}  (${safe(base.provenance)})`);
  for (const { metric, from, to, effect, reason } of steps) {
    const change = from === to || from === '' ? safe(to) : `${safe(from)} -> ${safe(to)}`;
    lines.push(`${effect.padEnd(8)}  ${safe(metric)} ${change}: ${safe(reason)}`);
  }
  if (adjusted !== null) lines.push(`adjusted  ${adjusted.score.toFixed(1)}  ${safe(adjusted.vector)}`);
  return lines;
}

function ruleLines({ id, title, verdict, sentence, missing }: AdmissionRule): readonly string[] {
  const lines = [`${verdict.padEnd(7)}  ${safe(title)} (${safe(id)})`, `         ${safe(sentence)}`];
  if (missing.length > 0) lines.push(`         missing: ${missing.map((each) => safe(each)).join(', ')}`);
  return lines;
}

function traceLines({ type, rule, sentence, passedOver }: RuleTrace): readonly string[] {
  return [
    `${readable(type)}: ${rule === null ? '' : `${safe(rule.name)} (${safe(rule.id)}). `}${safe(sentence)}`,
    ...passedOver.map((each) => `         not ${safe(each.name)} (${safe(each.id)}): ${safe(each.sentence)}`),
  ];
}

function riskLines({ risk, state, evidence, missing }: RiskReason): readonly string[] {
  const lines = [`${state.padEnd(7)}  ${readable(risk)}`];
  for (const { sentence, provenance, at, link } of evidence) {
    lines.push(`         ${safe(sentence)} (${safe(provenance)}${at === null ? '' : `, ${day(at)}`})`);
    if (link !== null && !sentence.includes(link)) lines.push(`         ${safe(link, 2_000)}`);
  }
  for (const each of missing) lines.push(`         missing: ${safe(each)}`);
  return lines;
}

/** From which versions to which, and the lines that do it. */
function upgradeLines({ name, ecosystem, steps, to, commands }: PackageUpgrade): readonly string[] {
  const goal = to === null ? 'no version is known to mend all of it' : `to ${safe(to)} or later`;
  return [
    `${safe(name)} (${safe(ecosystem)}): ${goal}`,
    ...steps.map(
      (step) =>
        `    ${step.from === null ? 'unknown version' : safe(step.from)} -> ${step.to === null ? 'no fix known' : safe(step.to)}, ${counted(step.findings, 'finding')}`,
    ),
    ...(steps.some((step) => step.to !== null) ? commands.map((command) => `    ${safe(command)}`) : []),
  ];
}

function findingsLines(findings: readonly Finding[]): readonly string[] {
  const shown = findings.slice(0, FINDINGS_SHOWN).flatMap(findingLines);
  const rest = findings.length - FINDINGS_SHOWN;
  return rest > 0 ? [...shown, `and ${rest} more; --json has all of them.`] : shown;
}

function findingLines(finding: Finding): readonly string[] {
  const score = finding.score === null ? '' : ` ${finding.score.toFixed(1)}`;
  const lines = [
    `${finding.state.padEnd(6)}  ${finding.severity}${score}  ${safe(finding.resource.name)} (${safe(finding.resource.kind)})`,
  ];
  if (finding.environment !== null) lines.push(`        environment: ${safe(finding.environment)}`);
  if (finding.services.length > 0)
    lines.push(`        services: ${finding.services.map((each) => safe(each)).join(', ')}`);
  if (finding.admission !== null) lines.push(`        ${safe(finding.admission)}`);
  if (finding.fix !== null) lines.push(`        fix: ${safe(finding.fix)}`);
  if (finding.mutedReason !== null) lines.push(`        muted: ${safe(finding.mutedReason)}`);
  return [...lines, ...finding.sightings.map((sighting) => `        ${sightingLine(sighting)}`)];
}

function sightingLine({
  source,
  scope,
  firstSeen,
  lastConfirmed,
  overdue,
  notLookedAtSince,
  goneAt,
  locations,
}: Sighting): string {
  const parts = [
    `seen by ${safe(source)}`,
    ...Object.entries(scope).map(([key, value]) => `${safe(key)}=${safe(value)}`),
    `since ${day(firstSeen)}`,
  ];
  if (overdue && lastConfirmed !== null)
    parts.push(`last confirmed ${day(lastConfirmed)} (its source is overdue)`);
  if (notLookedAtSince !== null) parts.push(`not looked at since ${day(notLookedAtSince)}`);
  if (goneAt !== null) parts.push(`gone ${day(goneAt)}`);
  const places = locations.slice(0, LOCATIONS_SHOWN).map((each) => safe(each));
  const more = locations.length - LOCATIONS_SHOWN;
  if (more > 0) places.push(`and ${counted(more, 'more place', 'more places')}`);
  return places.length === 0 ? parts.join(' ') : `${parts.join(' ')}: ${places.join(', ')}`;
}

/** The UTC date of an ISO text. */
function day(instant: string): string {
  return instant.slice(0, 10);
}
