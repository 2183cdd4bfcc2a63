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

/** The columns with their types in the database. */
const TYPES = {
  title: 'text',
  advisory: 'text',
  severity: 'smallint',
  score: 'real',
  risks_yes: 'smallint',
  risks_unknown: 'smallint',
  risk_count: 'smallint',
  resources: 'integer',
  services: 'integer',
  impact: 'integer',
  rank: 'bigint',
  is_admitted: 'boolean',
  admitted_by: 'text[]',
  held_back_by: 'text[]',
  is_muted: 'boolean',
  status: 'text',
  snoozed_until: 'timestamptz',
  regressed_at: 'timestamptz',
  due_at: 'timestamptz',
  assignee: 'text',
  team: 'text',
  lead: 'uuid',
  open_findings: 'integer',
  valid_until: 'timestamptz',
  service_names: 'text[]',
  accounts: 'text[]',
} as const satisfies Record<keyof RolledColumns, string>;

export const ROLLED_COLUMNS = Object.keys(TYPES) as readonly (keyof RolledColumns)[];

/** What a rule, or a decision, changes of an issue whose findings stay as they are: they may be led by another one. */
export const RULED_COLUMNS = [
  'title',
  'lead',
  'severity',
  'score',
  'rank',
  'is_admitted',
  'admitted_by',
  'held_back_by',
  'is_muted',
  'status',
  'due_at',
  'assignee',
  'team',
  'valid_until',
] as const satisfies readonly (keyof RolledColumns)[];

/** Columns as a statement declares those of rows that it is given, each behind a prefix. */
export function declared(columns: readonly (keyof RolledColumns)[], prefix = ''): string {
  return columns.map((column) => `${prefix}${column} ${TYPES[column]}`).join(', ');
}

/** An issue as it was rolled up. */
export interface RolledIssue extends RolledColumns {
  readonly id: string;
  readonly key: string;
  readonly type: FindingType;
  readonly first_seen: Instant;
  /** What mends its lead, where that was read with it; absent where it was not. */
  readonly fix?: string | null;
}
