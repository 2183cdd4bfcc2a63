import type { Instant } from '#base/instant.ts';
import { type Decisions, NO_DECISIONS } from '#domain/inbox/decisions.ts';
import type { IssueDecision } from '#domain/ports/inbox-store.ts';
import type { Queryable } from './database.ts';

/** How a decision is stored: one row per finding and kind, the newest word counts. */
type StoredDecision = {
  [Kind in IssueDecision['kind']]: {
    readonly kind: Kind;
    readonly value: Omit<Extract<IssueDecision, { kind: Kind }>, 'kind'>;
  };
}[IssueDecision['kind']];

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
        : { ...decisions, isKeptUnmuted: true };
    case 'admit':
      return row.value.isAdmitted
        ? { ...decisions, admitted: { reason: row.value.reason, by: row.actor, at: row.at } }
        : decisions;
    case 'due':
      return { ...decisions, dueAt: row.value.at, hasNoDueDate: row.value.at === null };
    case 'assign':
      return { ...decisions, assignee: row.value.assignee, hasNoAssignee: row.value.assignee === null };
  }
}

/** Stores one decision about several findings. */
export async function saveDecision(
  db: Queryable,
  shard: bigint,
  fingerprints: readonly string[],
  { kind, ...value }: IssueDecision,
  actor: string,
  at: Instant,
): Promise<void> {
  await db.query(
    `insert into decision (shard, fingerprint, kind, value, actor, at)
     select $1, fingerprint, $3, $4, $5, $6 from unnest($2::uuid[]) as decided (fingerprint)
     on conflict (shard, fingerprint, kind) do update set value = excluded.value, actor = excluded.actor, at = excluded.at`,
    [shard, fingerprints, kind, JSON.stringify(value), actor, new Date(at)],
  );
}
