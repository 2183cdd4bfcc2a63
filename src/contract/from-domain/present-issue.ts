import { instantText, instantTextOrNull } from '#base/instant.ts';
import type { IssueRow as ListedIssue } from '#domain/ports/inbox-store.ts';
import { detectedRiskSchema, type RiskStates } from '../detected-risk.ts';
import type { IssueRow } from '../issue.ts';

/** A row as the wire has it: the members of `list --json`, in their order. */
export function presentIssue(row: ListedIssue): IssueRow {
  const { riskStates } = row;
  return {
    id: row.id,
    key: row.key,
    title: row.title,
    type: row.type,
    severity: row.severity,
    score: row.score,
    risks: detectedRiskSchema.options.filter((risk) => riskStates[risk] === 'yes'),
    riskStates: Object.fromEntries(
      detectedRiskSchema.options.map((risk) => [risk, riskStates[risk]]),
    ) as RiskStates,
    riskCount: row.riskCount,
    resources: row.resources,
    services: row.services,
    impact: row.impact,
    admittedBy: [...row.admittedBy],
    status: row.status,
    muted: row.isMuted,
    dueAt: instantTextOrNull(row.dueAt),
    assignee: row.assignee,
    team: row.team,
    attackPaths: row.attackPaths,
    snoozedUntil: instantTextOrNull(row.snoozedUntil),
    firstSeen: instantText(row.firstSeen),
    regressedAt: instantTextOrNull(row.regressedAt),
    tickets: row.tickets.map((ticket) => ({ ...ticket })),
  };
}
