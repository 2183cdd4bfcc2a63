import type { Instant } from '#base/instant.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { IssueStand } from '#domain/inbox/decisions.ts';
import type { IssueRow } from '#domain/ports/inbox-store.ts';
import { DETECTED_RISKS } from '#domain/risk/detected-risk.ts';
import { SEVERITIES, type Severity } from '#domain/severity/severity.ts';
import type { RolledColumns } from './rolled-columns.ts';

/** What a row of the inbox is read from. */
export const ISSUE_COLUMNS = `issue.id, key, type, title, severity, score, risks_yes, risks_unknown, risk_count, resources, services, impact, rank, is_admitted, admitted_by, is_muted, status, snoozed_until, regressed_at, due_at, assignee, team, first_seen,
  (select count(*)::integer from attack_path_gate as gate where gate.shard = issue.shard and gate.issue_id = issue.id) as attack_paths,
  (select coalesce(jsonb_agg(jsonb_build_object('receiver', receiver, 'state', state, 'key', delivery.key, 'url', url) order by wanted_at, delivery.id), '[]') from delivery
    where delivery.shard = issue.shard and delivery.issue_id = issue.id and kind = 'ticket' and state in ('waiting', 'made', 'failed')) as tickets`;

export interface IssueRecord
  extends Omit<
    RolledColumns,
    'advisory' | 'held_back_by' | 'lead' | 'open_findings' | 'valid_until' | 'service_names' | 'accounts'
  > {
  readonly id: string;
  readonly key: string;
  readonly type: FindingType;
  readonly first_seen: Instant;
  readonly attack_paths: number;
  readonly tickets: IssueRow['tickets'];
}

/** How an issue stands, as far as it can get worse. */
export function standOf({ severity, riskStates, resources, attackPaths }: IssueRow): IssueStand {
  return {
    severity,
    risks: DETECTED_RISKS.filter((risk) => riskStates[risk] === 'yes'),
    resources,
    attackPaths,
  };
}

export function issueRow(record: IssueRecord): IssueRow {
  const riskStates = Object.fromEntries(
    DETECTED_RISKS.map((risk, index) => [
      risk,
      record.risks_yes & (1 << index) ? 'yes' : record.risks_unknown & (1 << index) ? 'unknown' : 'no',
    ]),
  ) as IssueRow['riskStates'];
  return {
    id: record.id,
    key: record.key,
    title: record.title,
    type: record.type,
    severity: SEVERITIES[SEVERITIES.length - 1 - record.severity] as Severity,
    score: Math.round(record.score * 10) / 10,
    riskStates,
    riskCount: record.risk_count,
    resources: record.resources,
    services: record.services,
    impact: record.impact,
    isAdmitted: record.is_admitted,
    admittedBy: record.admitted_by,
    status: record.status,
    isMuted: record.is_muted,
    snoozedUntil: record.snoozed_until,
    firstSeen: record.first_seen,
    regressedAt: record.regressed_at,
    dueAt: record.due_at,
    assignee: record.assignee,
    team: record.team,
    attackPaths: record.attack_paths,
    tickets: record.tickets,
    rank: record.rank,
  };
}
