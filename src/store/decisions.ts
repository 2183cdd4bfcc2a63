import type { Instant } from '#base/instant.ts';
import { type Decisions, NO_DECISIONS } from '#domain/inbox/decisions.ts';
import type { Queryable } from './database.ts';

/** How a decision is stored: one row per finding and kind, the newest word counts. */
export type StoredDecision =
  | {
      readonly kind: 'mute';
      readonly value: { readonly isMuted: boolean; readonly reason: string; readonly until: Instant | null };
    }
  | {
      readonly kind: 'admit';
      readonly value: { readonly isAdmitted: boolean; readonly reason: string | null };
    }
  | { readonly kind: 'due'; readonly value: { readonly at: Instant | null } }
  | { readonly kind: 'assign'; readonly value: { readonly assignee: string | null } };

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
  const decisions = new Map(
    [...Map.groupBy(result.rows, (row) => row.fingerprint)].map(([fingerprint, rows]) => [
      fingerprint,
      rows.reduce(withDecision, NO_DECISIONS),
    ]),
  );
  return (fingerprint) => decisions.get(fingerprint) ?? NO_DECISIONS;
}

function withDecision(decisions: Decisions, row: DecisionRow): Decisions {
  switch (row.kind) {
    case 'mute':
      return row.value.isMuted
        ? {
            ...decisions,
            mute: { reason: row.value.reason, until: row.value.until, by: row.actor, at: row.at },
          }
        : decisions;
    case 'admit':
      return row.value.isAdmitted
        ? { ...decisions, admitted: { reason: row.value.reason, by: row.actor, at: row.at } }
        : decisions;
    case 'due':
      return { ...decisions, dueAt: row.value.at };
    case 'assign':
      return { ...decisions, assignee: row.value.assignee };
  }
}

/** Stores one decision about several findings. */
export async function saveDecision(
  db: Queryable,
  shard: bigint,
  fingerprints: readonly string[],
  decision: StoredDecision,
  actor: string,
  at: Instant,
): Promise<void> {
  await db.query(
    `insert into decision (shard, fingerprint, kind, value, actor, at)
     select $1, fingerprint, $3, $4, $5, $6 from unnest($2::uuid[]) as decided (fingerprint)
     on conflict (shard, fingerprint, kind) do update set value = excluded.value, actor = excluded.actor, at = excluded.at`,
    [shard, fingerprints, decision.kind, JSON.stringify(decision.value), actor, new Date(at)],
  );
}
