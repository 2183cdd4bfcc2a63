import { getOrMake } from '#base/get-or-make.ts';
import { DAY_MS, type Instant } from '#base/instant.ts';
import type { EffectiveControls } from '../control/effective-controls.ts';
import type { FeedDates } from '../risk/advisory-facts.ts';
import type { Assessment, FindingInput } from '../risk/assess-finding.ts';
import type { DetectedRisk, RiskState } from '../risk/detected-risk.ts';
import { knownExploited } from '../risk/known-exploited.ts';
import { severityRank } from '../severity/severity.ts';
import type { AdmissionRule, Condition } from './admission-rule.ts';

/** What one rule says about one finding. */
export interface RuleVerdict {
  readonly rule: AdmissionRule;
  readonly verdict: 'met' | 'not met' | 'unknown';
  /** The conditions that are not met, and those that nobody can tell. A rule whose condition is unknown is not met. */
  readonly failed: readonly ConditionName[];
  readonly missing: readonly ConditionName[];
}

/** A condition's short name: what `holding back` is counted by. `no_rule`: no default rule is about this type. */
export type ConditionName =
  | DetectedRisk
  | 'severity'
  | 'known_exploited'
  | 'published'
  | 'emerging'
  | 'curated_control'
  | 'active_secret'
  | 'about_security'
  | 'no_rule';

interface Answer {
  readonly is: RiskState;
  /** Of what is not met; empty for what is. */
  readonly names: readonly ConditionName[];
}

const YES: Answer = { is: 'yes', names: [] };

/** What the rules look at beside the finding: what time it is, how old the feeds are, and the controls as they count for the organisation. */
interface RuleSettings {
  readonly now: Instant;
  readonly feeds: FeedDates;
  readonly controls: EffectiveControls;
}

/** Applies each rule that is about this type of finding. */
export function applyRules(
  rules: readonly AdmissionRule[],
  finding: FindingInput,
  assessment: Assessment,
  settings: RuleSettings,
): readonly RuleVerdict[] {
  const verdicts: RuleVerdict[] = [];
  for (const rule of rules) {
    if (!rule.types.includes(finding.type)) continue;
    const failed: ConditionName[] = [];
    const missing: ConditionName[] = [];
    for (const condition of rule.when) {
      const answered = answer(condition, finding, assessment, settings);
      (answered.is === 'no' ? failed : missing).push(...answered.names);
    }
    const verdict = failed.length > 0 ? 'not met' : missing.length > 0 ? 'unknown' : 'met';
    verdicts.push({ rule, verdict, failed, missing });
  }
  return verdicts;
}

function answer(
  condition: Condition,
  finding: FindingInput,
  assessment: Assessment,
  settings: RuleSettings,
): Answer {
  const { now, feeds, controls } = settings;
  switch (condition.fact) {
    case 'severity':
      return yesIf(severityRank(assessment.severity) >= severityRank(condition.atLeast), 'severity');
    case 'risk': {
      const { state } = assessment.risks[condition.risk];
      if (condition.is === 'not no') return yesIf(state !== 'no', condition.risk);
      return answerOf(state, condition.risk);
    }
    case 'known exploited':
      return answerOf(knownExploited(finding, feeds, now), 'known_exploited');
    case 'published': {
      const at = finding.advisory?.publishedAt ?? finding.summary.publishedAt;
      if (at === null) return answerOf('unknown', 'published');
      return yesIf(now - at <= condition.withinDays * DAY_MS, 'published');
    }
    case 'listed as emerging':
      return yesIf(
        finding.advisory?.emergingUntil != null && finding.advisory.emergingUntil > now,
        'emerging',
      );
    case 'control marked for the inbox':
      return yesIf(
        finding.control !== null && controls.get(finding.control)?.inbox === true,
        'curated_control',
      );
    case 'secret not known to be inactive':
      return yesIf(finding.summary.secretState !== 'inactive', 'active_secret');
    case 'about security':
      return yesIf(finding.summary.about === 'security', 'about_security');
    case 'any of': {
      const answers: Answer[] = [];
      for (const each of condition.conditions) {
        const answered = answer(each, finding, assessment, settings);
        if (answered.is === 'yes') return YES;
        answers.push(answered);
      }
      return unknownOf(answers) ?? { is: 'no', names: names(answers) };
    }
    case 'all of': {
      const answers = condition.conditions.map((each) => answer(each, finding, assessment, settings));
      const failed = answers.filter((each) => each.is === 'no');
      if (failed.length > 0) return { is: 'no', names: names(failed) };
      return unknownOf(answers) ?? YES;
    }
  }
}

function answerOf(state: RiskState, name: ConditionName): Answer {
  return state === 'yes' ? YES : getOrMake(ANSWERS[state], name, () => ({ is: state, names: [name] }));
}

/** A million findings are answered the same few things. */
const ANSWERS = { no: new Map<ConditionName, Answer>(), unknown: new Map<ConditionName, Answer>() };

function yesIf(holds: boolean, name: ConditionName): Answer {
  return answerOf(holds ? 'yes' : 'no', name);
}

/** All that nobody can tell, as each of it is missing; null where everything is told. */
function unknownOf(answers: readonly Answer[]): Answer | null {
  const unknown = answers.filter((each) => each.is === 'unknown');
  return unknown.length === 0 ? null : { is: 'unknown', names: names(unknown) };
}

function names(answers: readonly Answer[]): readonly ConditionName[] {
  return answers.flatMap((each) => each.names);
}
