import { randomBytes } from 'node:crypto';
import { base32Hex } from '#base/digest.ts';
import type { Instant } from '#base/instant.ts';
import type { AutomationRule } from '#domain/automation/automation-rule.ts';
import type { AlikeIssue } from './assess-alike.ts';
import type { Connection } from './database.ts';
import { NOBODY } from './decisions.ts';
import { recordEvents } from './events.ts';

/** Whether issues are assessed because the rules are others now: what matches then was there before its rule. */
export interface TicketMoment {
  readonly now: Instant;
  readonly isRuleChange: boolean;
}

/**
 * Wants the tickets that rules ask for these issues, which were just assessed: one for each issue and rule, ever, in the
 * transaction that finds it. What matched when its rule was made is passed over, unless the rule asks for it too; once it
 * no longer matches, it is new when it does again. `empty`: issues without an open finding.
 */
export async function wantTickets(
  connection: Connection,
  shard: bigint,
  { now, isRuleChange }: TicketMoment,
  issues: readonly AlikeIssue[],
  empty: readonly string[],
): Promise<void> {
  if (issues.length + empty.length === 0) return;
  const asked = issues.map((issue) => ({ issue, rules: ticketRulesAsking(issue) }));
  await connection.query({
    name: 'forget-passed-over',
    text: `delete from delivery where shard = $1 and state = 'passed_over' and issue_id = any($2::text[])
      and not exists (select from jsonb_to_recordset($3) as matched (issue_id text, origin text) where matched.issue_id = delivery.issue_id and matched.origin = delivery.origin)`,
    values: [
      shard,
      [...issues.map(({ id }) => id), ...empty],
      JSON.stringify(
        issues.flatMap((issue) =>
          [...rulesMatching(issue)].map((rule) => ({ issue_id: issue.id, origin: `rule:${rule}` })),
        ),
      ),
    ],
  });
  const wanted = asked.flatMap(({ issue, rules }) =>
    rules.map(({ id, action }) => ({
      id: base32Hex(randomBytes(10)),
      issue_id: issue.id,
      origin: `rule:${id}`,
      receiver: action.receiver,
      state: isRuleChange && !action.existing ? 'passed_over' : 'waiting',
    })),
  );
  if (wanted.length === 0) return;
  const made = await connection.query<{ issue_id: string; origin: string; receiver: string }>({
    name: 'want-tickets',
    text: `with given as (select * from jsonb_to_recordset($2) as row (id text, issue_id text, origin text, receiver text, state text)),
        made as (insert into delivery (shard, id, kind, issue_id, origin, receiver, state, body, wanted_at, wanted_by, next_at, attempts)
          select $1, id, 'ticket', issue_id, origin, receiver, state, '{}', $3, $4, case when state = 'waiting' then $3::timestamptz end, 0 from given
          on conflict (shard, issue_id, origin) do nothing returning issue_id, origin, receiver, state)
      select issue_id, origin, receiver from made where state = 'waiting'`,
    values: [shard, JSON.stringify(wanted), new Date(now), NOBODY],
  });
  recordEvents(
    connection,
    shard,
    made.rows.map(({ issue_id, origin, receiver }) => ({
      at: now,
      actor: NOBODY,
      verb: 'delivery',
      subject: `issue:${issue_id}`,
      details: {
        kind: 'delivery',
        what: 'wanted',
        of: 'ticket',
        receiver,
        rule: origin.slice('rule:'.length),
      },
    })),
  );
}

/** What rules passed over that are in force no longer: one that comes back passes over what it finds then. */
export async function forgetPassedOver(
  connection: Connection,
  shard: bigint,
  rules: readonly AutomationRule[],
): Promise<void> {
  const inForce = rules.filter(({ action, isEnabled }) => action.type === 'ticket' && isEnabled);
  await connection.query(
    `delete from delivery where shard = $1 and state = 'passed_over' and origin like 'rule:%' and origin <> all($2::text[])`,
    [shard, inForce.map(({ id }) => `rule:${id}`)],
  );
}

/** The rules that ask for a ticket of an issue as it stands: one of its unmuted findings matches, and it is in the inbox where they ask for that. */
export function ticketRulesAsking({ assessed }: AlikeIssue): readonly AutomationRule<'ticket'>[] {
  if (assessed.isMuted || assessed.status === 'snoozed') return [];
  const rules = new Map<string, AutomationRule<'ticket'>>();
  for (const { automation, isMuted, isAdmitted } of assessed.members) {
    const { ticket } = automation;
    if (ticket !== null && !isMuted && (ticket.action.all || isAdmitted)) rules.set(ticket.id, ticket);
  }
  return [...rules.values()];
}

function rulesMatching({ assessed }: AlikeIssue): ReadonlySet<string> {
  return new Set(assessed.members.flatMap(({ automation }) => automation.ticket?.id ?? []));
}
