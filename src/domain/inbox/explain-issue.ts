import { capital, counted } from '#base/text.ts';
import type { ModifiedSeverity } from '../automation/modify-severity.ts';
import { type RuleTrace, traceRules } from '../automation/trace-rules.ts';
import type { EffectiveControl } from '../control/effective-controls.ts';
import { isAboutControls } from '../finding/finding-type.ts';
import type { OwnerCandidate } from '../resource/owner.ts';
import type { FindingInput, Scoring } from '../risk/assess-finding.ts';
import { DETECTED_RISKS, type DetectedRisk, type RiskVerdict } from '../risk/detected-risk.ts';
import { likelihoodOf, severityOfLikelihood } from '../severity/likelihood-impact.ts';
import { providerWords } from '../severity/provider-words.ts';
import { compareSeverity, type Severity, severityOfScore } from '../severity/severity.ts';
import type { ConditionName, RuleVerdict } from './admission.ts';
import { type AssessedIssue, type AssessedMember, ownersOf } from './assess-issue.ts';

/** Why an issue is in the inbox or not, and why it stands where it stands. Made from the same data as the row. */
export interface IssueExplanation {
  readonly rank: {
    readonly severity: Severity;
    readonly riskCount: number;
    readonly impact: number;
    readonly sentence: string;
  };
  readonly score: ScoreExplanation;
  /** The control that the lead finding's severity comes from; null where it comes from elsewhere. */
  readonly control: EffectiveControl | null;
  readonly admission: { readonly admitted: boolean; readonly rules: readonly RuleExplanation[] };
  /** What the rules of the organisation make of the lead finding, by type; those without a rule are left out. */
  readonly automation: readonly RuleTrace[];
  readonly risks: readonly ({ readonly risk: DetectedRisk } & RiskVerdict)[];
  readonly lead: {
    readonly findingId: string;
    readonly resource: { readonly id: string; readonly kind: string; readonly name: string };
    readonly sentence: string;
  };
  /** Whose the lead finding may be, best first; empty when nothing tells. */
  readonly owners: readonly OwnerCandidate[];
}

export interface ScoreExplanation {
  readonly base: { readonly vector: string; readonly score: number; readonly provenance: string } | null;
  readonly steps: readonly {
    readonly metric: string;
    readonly from: string;
    readonly to: string;
    readonly effect: 'riskier' | 'safer' | 'neutral' | 'unknown';
    readonly reason: string;
  }[];
  readonly adjusted: { readonly vector: string; readonly score: number } | null;
  readonly severity: Severity;
  readonly sentence: string;
}

export interface RuleExplanation {
  readonly id: string;
  readonly title: string;
  readonly verdict: 'met' | 'not met' | 'unknown';
  readonly sentence: string;
  readonly missing: readonly string[];
}

/** Explains an issue from its assessment and the number of its open findings. */
export function explainIssue(issue: AssessedIssue, openFindings: number): IssueExplanation {
  const { lead, severity, riskCount, impact, resources, services } = issue;
  const { assessment, finding } = lead;
  return {
    rank: {
      severity,
      riskCount,
      impact,
      sentence: `${capital(severity)}, ${counted(riskCount, 'detected risk')}, ${counted(impact, 'impacted thing')} (${counted(resources, 'resource')}, ${counted(services, 'service')}).`,
    },
    score: explainCounted(lead),
    control: assessment.scoring.by === 'control' ? assessment.scoring.control : null,
    admission: { admitted: issue.isAdmitted, rules: explainRules(lead, issue.isAdmitted) },
    automation: traceOf(lead),
    risks: DETECTED_RISKS.map((risk) => ({ risk, ...assessment.risks[risk] })),
    lead: {
      findingId: finding.fingerprint,
      resource: { id: finding.resource.key, kind: finding.resource.kind, name: finding.resource.name },
      sentence: leadSentence(issue, openFindings),
    },
    owners: [...givenOwner(issue), ...ownersOf(lead).filter(({ name }) => name !== issue.teamByHand)],
  };
}

/** A person's word is the answer to whose an issue is. */
function givenOwner({ teamByHand }: AssessedIssue): readonly OwnerCandidate[] {
  return teamByHand === null
    ? []
    : [{ name: teamByHand, confidence: 1, reason: 'given to this team by hand' }];
}

/** Which rule of each type acts on a finding, and why the others before it do not. */
export function traceOf({
  finding,
  automation,
  decisions,
  dueAt,
  assessment: _,
}: AssessedMember): readonly RuleTrace[] {
  return traceRules(finding, automation, {
    isKeptUnmuted: decisions.isKeptUnmuted === true,
    isMuted: decisions.mute !== null,
    hasDueDate: decisions.dueAt !== null || decisions.hasNoDueDate === true,
    hasTeam: decisions.team != null,
    hasAssignee: decisions.assignee !== null || decisions.hasNoAssignee === true,
    dueAt,
  });
}

/** The score as it counts: as it was computed, and what a rule made of it. */
function explainCounted({ assessment, automation, finding }: AssessedMember): ScoreExplanation {
  const { severity: modified } = automation;
  if (modified === null)
    return explainScore(assessment.scoring, assessment.severity, assessment.score, finding);
  const { from } = modified;
  const computed = explainScore(assessment.scoring, from.severity, from.score, finding);
  return {
    ...computed,
    steps: [...computed.steps, ruleStep(modified, assessment)],
    severity: assessment.severity,
    sentence: `${computed.sentence} The rule "${modified.rule.name}" makes it ${assessment.severity}.`,
  };
}

function ruleStep(
  { rule, from }: ModifiedSeverity,
  { severity, score }: AssessedMember['assessment'],
): ScoreExplanation['steps'][number] {
  return {
    metric: 'rule',
    from: `${from.severity} ${from.score.toFixed(1)}`,
    to: `${severity} ${score.toFixed(1)}`,
    effect: compareSeverity(severity, from.severity) < 0 ? 'riskier' : 'safer',
    reason: `${rule.name} (${rule.id})`,
  };
}

function leadSentence({ lead }: AssessedIssue, openFindings: number): string {
  const where = lead.assessment.deployment.name;
  if (openFindings === 1) return `Its only open finding, as it is deployed at ${where}.`;
  return `Of ${counted(openFindings, 'open finding')} the one that is worst, as it is deployed at ${where}.`;
}

/** What took it in stands first, then what may yet. */
const VERDICTS: readonly RuleVerdict['verdict'][] = ['met', 'unknown', 'not met'];

function explainRules(lead: AssessedMember, isAdmitted: boolean): readonly RuleExplanation[] {
  const { inbox } = lead.automation;
  const rules: readonly RuleExplanation[] = [
    ...(inbox === null
      ? []
      : [
          {
            id: inbox.id,
            title: inbox.name,
            verdict: 'met' as const,
            sentence: inbox.action.reason,
            missing: [],
          },
        ]),
    ...lead.verdicts
      .toSorted((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict))
      .map(explainRule),
  ];
  const { admitted } = lead.decisions;
  if (admitted !== null) {
    const reason = admitted.reason === null ? '' : `: ${admitted.reason}`;
    return [
      {
        id: 'by-hand',
        title: 'Taken in by hand',
        verdict: 'met',
        sentence: `By ${admitted.by}${reason}.`,
        missing: [],
      },
      ...rules,
    ];
  }
  if (rules.length === 0 && !isAdmitted)
    return [
      {
        id: 'none',
        title: 'No rule',
        verdict: 'not met',
        sentence: `No default rule is about findings of type ${lead.finding.type}.`,
        missing: [],
      },
    ];
  return rules;
}

function explainRule({ rule, verdict, failed, missing }: RuleVerdict): RuleExplanation {
  const sentence =
    verdict === 'met'
      ? rule.sentence
      : verdict === 'not met'
        ? `${rule.sentence} ${failsAt(failed.map(conditionWords))}`
        : `${rule.sentence} Nobody can tell: ${missing.map(conditionWords).join(', ')}.`;
  return {
    id: rule.id,
    title: rule.title,
    verdict,
    sentence,
    missing: missing.map((name) => SUPPLY[name] ?? conditionWords(name)),
  };
}

/** The first condition that fails, then the others. */
function failsAt([first = '', ...others]: readonly string[]): string {
  return `Fails at: ${first}${others.length === 0 ? '' : `; and at ${others.join(', ')}`}.`;
}

/** Why one finding is in the inbox, or the first condition that keeps it out of the rule that comes closest. */
export function admissionSentence({ verdicts, decisions, automation, isAdmitted }: AssessedMember): string {
  const met = verdicts.filter((each) => each.verdict === 'met').map(({ rule }) => rule.title);
  if (automation.inbox !== null) met.push(automation.inbox.name);
  if (decisions.admitted !== null) met.unshift('by hand');
  if (isAdmitted) return `In the inbox: ${met.join(', ')}.`;
  const closest = verdicts.toSorted(
    (a, b) => a.failed.length - b.failed.length || a.missing.length - b.missing.length,
  )[0];
  if (closest === undefined) return 'Not in the inbox: no rule is about findings of its type.';
  const at = [...closest.failed, ...closest.missing].map(conditionWords)[0] ?? '';
  const how = closest.failed.length > 0 ? 'fails at' : 'cannot be told for';
  return `Not in the inbox: "${closest.rule.title}" ${how}: ${at}.`;
}

/** Conditions whose short names are no words of the sentence. */
const WORDS: Partial<Record<ConditionName, string>> = {
  known_exploited: 'known to be exploited',
  published: 'day of publication',
  emerging: 'listed as emerging',
  curated_control: 'control of the curated set',
  active_secret: 'not known to be inactive',
};

function conditionWords(name: ConditionName): string {
  return WORDS[name] ?? readable(name);
}

/** What supplies a condition that no detected risk tells of. */
const SUPPLY: Partial<Record<ConditionName, string>> = {
  known_exploited: 'a reading of KEV of the last 30 days (feeds update kev)',
  published: 'the day on which the advisory was published (feeds update nvd)',
};

function readable(name: string): string {
  return name.replaceAll('_', ' ');
}

function explainScore(
  scoring: Scoring,
  severity: Severity,
  score: number,
  finding: FindingInput,
): ScoreExplanation {
  const plain = (sentence: string): ScoreExplanation => ({
    base: null,
    steps: [],
    adjusted: null,
    severity,
    sentence,
  });
  switch (scoring.by) {
    case 'advisory': {
      const { adjusted, staleSince, rating, basis } = scoring;
      const provider =
        scoring.provider === 'person' ? `${rating?.by}` : scoring.provider && providerWords(scoring.provider);
      const computed = basis === 'base' ? severityOfScore(adjusted.base) : adjusted.severity;
      const steps = [
        ...adjusted.factors.map(({ metric, key, from, to, effect, sentence }) => ({
          metric: metric ?? readable(key),
          from,
          to,
          effect,
          reason: sentence,
        })),
        ...(rating?.severity == null ? [] : [severityStep(computed, rating.severity, rating)]),
      ];
      const said =
        rating === null
          ? ''
          : rating.severity === null
            ? ` The vector is the choice of ${rating.by}: ${rating.reason}.`
            : ` ${rating.by} made it ${rating.severity}: ${rating.reason}.`;
      const stale =
        staleSince === null
          ? ''
          : ` Stale since ${new Date(staleSince).toISOString().slice(0, 10)}: the feeds that say so are old.`;
      if (adjusted.baseVector === null) {
        const sentence = adjusted.unrated
          ? `Unrated: no source gives a vector or a word, so it counts as ${computed}.${stale}${said}`
          : `No vector; ${provider ?? 'the scanner'} says ${computed}.${stale}${said}`;
        return { ...plain(sentence), steps };
      }
      return {
        base: { vector: adjusted.baseVector, score: adjusted.base, provenance: provider ?? 'unknown' },
        steps,
        adjusted:
          adjusted.adjustedVector === null
            ? null
            : { vector: adjusted.adjustedVector, score: adjusted.adjusted },
        severity,
        sentence:
          basis === 'base'
            ? `${adjusted.base.toFixed(1)} from ${provider ?? 'unknown'}: ${computed}. The organisation counts base scores; adjusted it would be ${adjusted.adjusted.toFixed(1)}.${stale}${said}`
            : `${adjusted.base.toFixed(1)} from ${provider ?? 'unknown'}, ${adjusted.adjusted.toFixed(1)} here: ${computed}.${stale}${said}`,
      };
    }
    case 'control': {
      return { ...plain(controlSentence(scoring.control)), steps: controlSteps(scoring.control) };
    }
    case 'word':
      return plain(
        `The scanner says ${scoring.word}, which stands for ${score.toFixed(1)}.${unmapped(finding)}`,
      );
    case 'path':
      return plain(`${capital(severity)}: ${scoring.why}`);
    case 'unrated':
      return plain(`Unrated: no source rates it, so it counts as medium.${unmapped(finding)}`);
    case 'not security':
      return plain('The rule that found it says that it is not about security: info.');
  }
}

function likelihoodWords({ likelihood: { vector, accessibility } }: EffectiveControl): string {
  return readable(likelihoodOf(vector, accessibility));
}

function controlSentence(control: EffectiveControl): string {
  const { severity, impact, edit } = control;
  const { vector, accessibility } = control.likelihood;
  const needs = `${likelihoodWords(control)} (${readable(vector)}, ${accessibility}), with ${impact} impact`;
  if (edit === null) return `${capital(severity)}: ${needs}.`;
  const by = `changed here by ${edit.by}: ${edit.reason}`;
  return `${capital(severity)}${edit.severity === null ? '' : ' as the organisation says'}: ${needs}; ${by}.`;
}

function controlSteps(control: EffectiveControl): ScoreExplanation['steps'] {
  const { vector, accessibility } = control.likelihood;
  const computed = severityOfLikelihood(likelihoodOf(vector, accessibility), control.impact);
  return [
    {
      metric: 'likelihood',
      from: `${readable(vector)}, ${accessibility}`,
      to: likelihoodWords(control),
      effect: 'neutral',
      reason: 'What an attacker needs, and whether the resource can be reached by all.',
    },
    {
      metric: 'impact',
      from: '',
      to: control.impact,
      effect: 'neutral',
      reason: 'How far it reaches when it is abused.',
    },
    ...(control.edit?.severity == null ? [] : [severityStep(computed, control.severity, control.edit)]),
  ];
}

/** Somebody of the organisation has the last word. */
function severityStep(
  from: Severity,
  to: Severity,
  { reason, by }: { readonly reason: string; readonly by: string },
): ScoreExplanation['steps'][number] {
  const compared = compareSeverity(to, from);
  const effect = compared === 0 ? 'neutral' : compared < 0 ? 'riskier' : 'safer';
  return { metric: 'severity', from, to, effect, reason: `${reason} (${by})` };
}

/** Says of a check why its severity is not ours. */
function unmapped({ type, toolCheck }: FindingInput): string {
  if (toolCheck === null || !isAboutControls(type)) return '';
  const tool = toolCheck.slice(0, toolCheck.indexOf(':'));
  return ` The severity is the scanner's own (${tool}): no control of ours maps to ${toolCheck}.`;
}
