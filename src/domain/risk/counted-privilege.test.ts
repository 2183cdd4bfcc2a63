import { expect, test } from 'vitest';
import { countedPrivilege } from './counted-privilege.ts';
import type { RiskVerdict } from './detected-risk.ts';

test.each([
  [true, 'yes', 'The organisation counts P4 as privileged access.'],
  [false, 'no', 'P4 counts as no privileged access.'],
])('the control plane, where it counts: %s', (isCounted, state, sentence) => {
  const may = { sentence: 'ada may stop the audit trail (P4).', provenance: 'aws-cli', at: 1 };
  const verdict: RiskVerdict = { state: 'no', evidence: [may], missing: [] };
  expect(countedPrivilege(verdict, isCounted)).toEqual({
    state,
    evidence: [may, { sentence, provenance: 'rules scoring', at: null }],
    missing: [],
  });
});
