import type { Instant } from '#base/instant.ts';
import type { IssueStand } from '#domain/inbox/decisions.ts';
import { type Decisions, NO_DECISIONS } from '#domain/inbox/decisions.ts';
import type { IssueDecision } from '#domain/ports/inbox-store.ts';
import type { Queryable } from './database.ts';

/** How a decision is stored: one row per finding and kind, the newest word counts. */
type StoredDecision = {
  [Kind in IssueDecision['kind']]: {
    readonly kind: Kind;
    readonly value: StoredValue<Kind>;
  };
}[IssueDecision['kind']];

/** As it was decided, a mute with whether it ran out: nobody unmuted it then; a snooze until it gets worse with how the issue stood then. */
type StoredValue<Kind extends IssueDecision['kind']> = Kind extends 'snooze'
  ? { readonly isSnoozed: boolean; readonly until: Instant | null; readonly worseThan: IssueStand | null }
  : Kind extends 'mute'
    ? Omit<Extract<IssueDecision, { kind: Kind }>, 'kind'> & { readonly hasEnded?: boolean }
    : Omit<Extract<IssueDecision, { kind: Kind }>, 'kind'>;

type DecisionRow = StoredDecision & {
  readonly fingerprint: string;
  readonly actor: string;
  readonly at: Instant;
};

/** What was decided about each of these findings. */
export async function loadDecisions(
  db: Queryable,
  shard: bigint,
  fingerprints: readonly string[],
): Promise<(fingerprint: string) => Decisions> {
  const result = await db.query<DecisionRow>({
    name: 'decisions',
    text: 'select fingerprint, kind, value, actor, at from decision where shard = $1 and fingerprint = any($2::uuid[])',
    values: [shard, fingerprints],
  });
  const decisions = byFingerprint(result.rows);
  return (fingerprint) => decisions.get(fingerprint) ?? NO_DECISIONS;
}

/** What was decided about open findings of these issues; only those about which something was. */
export async function loadDecidedFindings(
  db: Queryable,
  shard: bigint,
  issueIds: readonly string[],
): Promise<ReadonlyMap<string, Decisions>> {
  const result = await db.query<DecisionRow>({
    name: 'decided-findings',
    text: `select decision.fingerprint, decision.kind, decision.value, decision.actor, decision.at
      from decision join finding on finding.shard = decision.shard and finding.fingerprint = decision.fingerprint
      where decision.shard = $1 and finding.issue_id = any($2::text[]) and finding.is_open`,
    values: [shard, issueIds],
  });
  return byFingerprint(result.rows);
}

function byFingerprint(rows: readonly DecisionRow[]): ReadonlyMap<string, Decisions> {
  return new Map(
    [...Map.groupBy(rows, (row) => row.fingerprint)].map(([fingerprint, own]) => [
      fingerprint,
      own.reduce(withDecision, NO_DECISIONS),
    ]),
  );
}

function withDecision(decisions: Decisions, row: DecisionRow): Decisions {
  switch (row.kind) {
    case 'mute':
      return row.value.isMuted
        ? {
            ...decisions,
            mute: { reason: row.value.reason, until: row.value.until, by: row.actor, at: row.at },
          }
        : row.value.hasEnded === true
          ? decisions
          : { ...decisions, isKeptUnmuted: true };
    case 'admit':
      return row.value.isAdmitted
        ? { ...decisions, admitted: { reason: row.value.reason, by: row.actor, at: row.at } }
        : decisions;
    case 'progress':
      return row.value.isStarted ? { ...decisions, startedAt: row.at } : decisions;
    case 'snooze':
      return row.value.isSnoozed
        ? { ...decisions, snooze: { until: row.value.until, worseThan: row.value.worseThan, at: row.at } }
        : decisions;
    case 'due':
      return { ...decisions, dueAt: row.value.at, hasNoDueDate: row.value.at === null };
    case 'team':
      return { ...decisions, team: row.value.team };
    case 'assign':
      return { ...decisions, assignee: row.value.assignee, hasNoAssignee: row.value.assignee === null };
  }
}

/** Stores one decision about the open findings of several issues; `stands` is how each stands now. */
export async function saveDecision(
  db: Queryable,
  shard: bigint,
  stands: ReadonlyMap<string, IssueStand>,
  { kind, ...value }: IssueDecision,
  actor: string,
  at: Instant,
): Promise<void> {
  const rows = [...stands].map(([issueId, stand]) => ({
    issue_id: issueId,
    value: storedValue(value, stand),
  }));
  await db.query(
    `insert into decision (shard, fingerprint, kind, value, actor, at)
     select $1, finding.fingerprint, $3, decided.value, $4, $5
     from jsonb_to_recordset($2) as decided (issue_id text, value jsonb)
     join finding on finding.shard = $1 and finding.issue_id = decided.issue_id and finding.is_open
     on conflict (shard, fingerprint, kind) do update set value = excluded.value, actor = excluded.actor, at = excluded.at`,
    [shard, JSON.stringify(rows), kind, actor, new Date(at)],
  );
}

function storedValue(value: Readonly<Record<string, unknown>>, stand: IssueStand): unknown {
  if (!('untilWorse' in value)) return value;
  const { untilWorse, ...rest } = value;
  return { ...rest, worseThan: untilWorse === true ? stand : null };
}

/** Takes back what has run its time of open findings of these issues, so that it ends once: `flag` is what held. */
export async function endDecisions(
  db: Queryable,
  shard: bigint,
  issueIds: readonly string[],
  { kind, flag }: { readonly kind: 'mute' | 'snooze'; readonly flag: 'isMuted' | 'isSnoozed' },
  at: Instant,
): Promise<ReadonlySet<string>> {
  if (issueIds.length === 0) return new Set();
  const ended = await db.query<{ issue_id: string }>(
    `update decision set value = decision.value || jsonb_build_object($4, false, 'hasEnded', true), actor = $5, at = $6
     from finding where decision.shard = $1 and finding.shard = $1 and finding.fingerprint = decision.fingerprint and finding.issue_id = any($2::text[])
       and finding.is_open and decision.kind = $3 and decision.value -> $4 = 'true'
       and ($3 <> 'mute' or (decision.value ->> 'until')::bigint <= $7)
     returning finding.issue_id`,
    [shard, issueIds, kind, flag, NOBODY, new Date(at), at],
  );
  return new Set(ended.rows.map((row) => row.issue_id));
}

/** Who does what nobody does: what time and facts turn by themselves. */
export const NOBODY = 'security-inbox';
