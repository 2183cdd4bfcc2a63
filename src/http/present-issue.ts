import type { InboxListing } from '#app/list-inbox.ts';
import { instantText } from '#base/instant.ts';
import { detectedRiskSchema } from '#contract/detected-risk.ts';
import type { InboxPage } from '#contract/inbox-page.ts';
import type { IssueRow } from '#contract/issue.ts';
import type { IssueRow as ListedIssue } from '#domain/ports/inbox-store.ts';
import { writeCursor } from './inbox-cursor.ts';

export function presentIssue(row: ListedIssue): IssueRow {
  return {
    id: row.id,
    key: row.key,
    title: row.title,
    type: row.type,
    severity: row.severity,
    score: row.score,
    risks: detectedRiskSchema.options.filter((risk) => row.riskStates[risk] === 'yes'),
    riskStates: row.riskStates,
    riskCount: row.riskCount,
    resources: row.resources,
    services: row.services,
    impact: row.impact,
    admittedBy: [...row.admittedBy],
    status: row.status,
    muted: row.isMuted,
    dueAt: row.dueAt === null ? null : instantText(row.dueAt),
    assignee: row.assignee,
    team: row.team,
    attackPaths: row.attackPaths,
  };
}

export function presentInboxPage({ items, next, totals, facets, holdingBack }: InboxListing): InboxPage {
  return {
    items: items.map(presentIssue),
    nextCursor: next === null ? null : writeCursor(next),
    total: totals.total,
    admittedTotal: totals.admitted,
    waiting: totals.waiting,
    holdingBack: [...holdingBack],
    facets,
  };
}
