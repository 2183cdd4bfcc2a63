import type { Instant } from '#base/instant.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { IssueRow } from '#domain/ports/inbox-store.ts';

/** What the roll-up says of an issue, by the names of the columns that keep it. */
export interface RolledColumns {
  readonly title: string;
  readonly advisory: string | null;
  readonly severity: number;
  readonly score: number;
  readonly risks_yes: number;
  readonly risks_unknown: number;
  readonly risk_count: number;
  readonly resources: number;
  readonly services: number;
  readonly impact: number;
  readonly rank: bigint;
  readonly is_admitted: boolean;
  readonly admitted_by: readonly string[];
  readonly held_back_by: readonly string[];
  readonly is_muted: boolean;
  readonly status: IssueRow['status'];
  readonly snoozed_until: Instant | null;
  readonly regressed_at: Instant | null;
  readonly due_at: Instant | null;
  readonly assignee: string | null;
  readonly team: string | null;
  readonly lead: string;
  readonly open_findings: number;
  readonly valid_until: Instant | null;
  readonly service_names: readonly string[] | null;
  readonly accounts: readonly string[] | null;
}

export const ROLLED_COLUMNS = [
  'title',
  'advisory',
  'severity',
  'score',
  'risks_yes',
  'risks_unknown',
  'risk_count',
  'resources',
  'services',
  'impact',
  'rank',
  'is_admitted',
  'admitted_by',
  'held_back_by',
  'is_muted',
  'status',
  'snoozed_until',
  'regressed_at',
  'due_at',
  'assignee',
  'team',
  'lead',
  'open_findings',
  'valid_until',
  'service_names',
  'accounts',
] as const satisfies readonly (keyof RolledColumns)[];

/** An issue as it was rolled up. */
export interface RolledIssue extends RolledColumns {
  readonly id: string;
  readonly key: string;
  readonly type: FindingType;
  readonly first_seen: Instant;
}
