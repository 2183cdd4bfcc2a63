import type { Evidence, RiskVerdict } from './detected-risk.ts';

/**
 * The verdict on somebody who has P4 and no more, which shows as a badge and is no detected risk (attack-paths §3.3),
 * unless the organisation counts it: `verdict` tells what they may do, and what counts is added here.
 */
export function countedPrivilege({ evidence }: RiskVerdict, isCounted: boolean): RiskVerdict {
  return {
    state: isCounted ? 'yes' : 'no',
    evidence: [...evidence, isCounted ? COUNTS : COUNTS_NOT],
    missing: [],
  };
}

const COUNTS = setting('The organisation counts P4 as privileged access.');
const COUNTS_NOT = setting('P4 counts as no privileged access.');

function setting(sentence: string): Evidence {
  return { sentence, provenance: 'rules scoring', at: null };
}
