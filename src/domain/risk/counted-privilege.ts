import type { RiskVerdict } from './detected-risk.ts';

/** What verdicts on P4 end with: it shows as a badge and is no detected risk (attack-paths §3.3). */
export const IS_NO_RISK = ', which is no privileged access (P4)';
const COUNTS = ', which the organisation counts as privileged access (P4)';

/** The verdict on who has P4 and no more, of an organisation that counts that as privileged access. */
export function countedPrivilege({ evidence }: RiskVerdict): RiskVerdict {
  const counted = evidence.map((each) => ({ ...each, sentence: each.sentence.replace(IS_NO_RISK, COUNTS) }));
  return { state: 'yes', evidence: counted, missing: [] };
}
