import type { IssueRow } from '../../../../src/contract/issue.ts';

/** A row for tests: admitted, of one resource, with what the test says about it. */
export function someIssue(id: string, change: Partial<IssueRow> = {}): IssueRow {
  return {
    id,
    key: id,
    title: id,
    type: 'secret',
    severity: 'high',
    score: null,
    risks: [],
    riskStates: {
      publicly_accessible: 'unknown',
      privileged_access: 'unknown',
      under_attack: 'unknown',
      exploit_available: 'no',
      in_production: 'unknown',
    },
    riskCount: 0,
    resources: 1,
    services: 0,
    impact: 1,
    admittedBy: ['default.secret'],
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
    ...change,
  };
}
