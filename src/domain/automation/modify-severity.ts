import type { FindingType } from '../finding/finding-type.ts';
import type { Assessment } from '../risk/assess-finding.ts';
import { SEVERITIES, type Severity, severityRank, WORD_SCORE } from '../severity/severity.ts';
import type { ActionOf, AutomationRule } from './automation-rule.ts';

/** Types of which info is no severity: what is wrong in code or a secret is never nothing (reference behaviour §8.5). */
export const NEVER_INFO: readonly FindingType[] = ['code_vulnerability', 'secret', 'iac_misconfiguration'];

/** What a severity was before a rule modified it, and by which. */
export interface ModifiedSeverity {
  readonly rule: AutomationRule<'severity'>;
  readonly from: { readonly severity: Severity; readonly score: number };
}

/** Whether a person says how bad the advisory is: that counts in the end, whatever rules say (reference behaviour §4.6). */
export function isRatedByHand(scoring: Assessment['scoring']): boolean {
  return scoring.by === 'advisory' && scoring.rating?.severity != null;
}

/**
 * The severity that a rule gives; null where it would change nothing, which is no match (reference behaviour §8.5).
 * What nobody rated cannot be shifted, as there is nothing to shift from; it can be set. A person's word stays.
 */
export function severityBy(
  action: ActionOf<'severity'>,
  type: FindingType,
  { severity, scoring }: Pick<Assessment, 'severity' | 'scoring'>,
): Severity | null {
  if (isRatedByHand(scoring)) return null;
  const target = 'set' in action ? action.set : isRated(scoring) ? shifted(severity, action.shift) : severity;
  const lowest: Severity = NEVER_INFO.includes(type) ? 'low' : 'info';
  const given = severityRank(target) < severityRank(lowest) ? lowest : target;
  return given === severity ? null : given;
}

function isRated(scoring: Assessment['scoring']): boolean {
  if (scoring.by === 'advisory') return !scoring.adjusted.unrated;
  return scoring.by !== 'unrated' && scoring.by !== 'not security';
}

function shifted(severity: Severity, by: 'up_one' | 'down_one'): Severity {
  const place = SEVERITIES.indexOf(severity) + (by === 'up_one' ? -1 : 1);
  return SEVERITIES[Math.min(Math.max(place, 0), SEVERITIES.length - 1)] as Severity;
}

/** The assessment with another severity: its score is the middle of that band, and everything else stays. */
export function withSeverity(assessment: Assessment, severity: Severity): Assessment {
  return { ...assessment, severity, score: WORD_SCORE[severity] };
}
