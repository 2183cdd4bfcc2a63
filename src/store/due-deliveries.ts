import { HOUR_MS, type Instant, instantText } from '#base/instant.ts';
import { counted } from '#base/text.ts';
import type { DeliveryKind } from '#domain/delivery/delivery.ts';
import { nextDay } from '#domain/delivery/next-attempt.ts';
import type { IssueStatus } from '#domain/ports/inbox-store.ts';
import { loadAutomationRules } from './automation-rules.ts';
import type { Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';

/** A delivery whose time has come, with how its issue stands. */
export interface DueRow {
  readonly id: string;
  readonly kind: DeliveryKind;
  readonly origin: string;
  readonly receiver: string;
  readonly counted_on: string | null;
  /** Null: there is no such issue any more. */
  readonly issue_status: IssueStatus | null;
  readonly is_muted: boolean;
}

/** What is to be done with it. */
export type Verdict =
  | { readonly is: 'take'; readonly receiver: string }
  /** As if it had never been wanted: it may be wanted again. */
  | { readonly is: 'drop' }
  | { readonly is: 'withdraw'; readonly sentence: string }
  /** With all that wait for the same. */
  | {
      readonly is: 'wait';
      readonly for: 'origin' | 'receiver';
      readonly until: Instant;
      readonly sentence: string;
    };

/** Whether it is still wanted, and whether it may be tried now. */
export async function judgeDelivery(
  db: Queryable,
  organisation: Organisation,
  row: DueRow,
  now: Instant,
): Promise<Verdict> {
  if (row.kind === 'event') return { is: 'take', receiver: row.receiver };
  const ofRule = row.origin.startsWith('rule:');
  const isGone = row.issue_status === null || row.issue_status === 'resolved';
  if (ofRule && (isGone || row.is_muted)) return { is: 'drop' };
  if (isGone) return { is: 'withdraw', sentence: 'The issue was resolved before.' };
  let receiver = row.receiver;
  if (ofRule) {
    const rules = await loadAutomationRules(db, organisation);
    const rule = rules.find(({ id }) => row.origin === `rule:${id}`);
    if (rule === undefined || !rule.isEnabled || rule.action.type !== 'ticket') return { is: 'drop' };
    receiver = rule.action.receiver;
    const today = instantText(now).slice(0, 10);
    // What was tried today already is counted.
    if (row.counted_on !== today) {
      const { perDay } = rule.action;
      const made = await db.query<{ count: number }>(
        'select count(*)::integer as count from delivery where shard = $1 and origin = $2 and counted_on = $3',
        [organisation.shard, row.origin, today],
      );
      if ((made.rows[0]?.count ?? 0) >= perDay)
        return {
          is: 'wait',
          for: 'origin',
          until: nextDay(now),
          sentence: `The rule has made its ${counted(perDay, 'ticket')} of the day; this one is made on another.`,
        };
    }
  }
  const known = await db.query('select from receiver where organisation = $1 and name = $2', [
    organisation.id,
    receiver,
  ]);
  return known.rowCount === 0
    ? {
        is: 'wait',
        for: ofRule ? 'origin' : 'receiver',
        until: now + HOUR_MS,
        sentence: `There is no receiver ${receiver}: "receivers add" makes one.`,
      }
    : { is: 'take', receiver };
}
