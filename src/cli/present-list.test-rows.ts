import type { RiskState } from '#contract/detected-risk.ts';
import { detectedRiskSchema, type RiskStates } from '#contract/detected-risk.ts';
import type { IssueRow } from '#contract/issue.ts';

/** A row of the wire for tests; what is not given is plain. The states are those of the five, in their order. */
export function testRow(
  given: Partial<IssueRow>,
  states: readonly RiskState[] = ['no', 'no', 'no', 'no', 'no'],
): IssueRow {
  const riskStates = Object.fromEntries(
    detectedRiskSchema.options.map((risk, index) => [risk, states[index] ?? 'no']),
  ) as RiskStates;
  const risks = detectedRiskSchema.options.filter((risk) => riskStates[risk] === 'yes');
  return {
    id: '0123456789abcdef',
    key: 'library_vulnerability|CVE-2021-44228',
    title: 'CVE-2021-44228: Log4Shell',
    type: 'library_vulnerability',
    severity: 'critical',
    score: 10,
    risks,
    riskStates,
    riskCount: risks.length,
    resources: 2,
    services: 1,
    impact: 3,
    admittedBy: ['default.library_vulnerability'],
    status: 'open',
    muted: false,
    dueAt: null,
    assignee: null,
    team: null,
    attackPaths: 0,
    snoozedUntil: null,
    firstSeen: '2026-06-01T00:00:00.000Z',
    regressedAt: null,
    tickets: [],
    ...given,
  };
}
