import type { AutomationRule, NewAutomationRule } from '#domain/automation/automation-rule.ts';
import { type RuleChange, reachOf, ruleChanges } from '#domain/automation/rule-changes.ts';
import type {
  AutomationStore,
  RuleMatches,
  RulesPreview,
  RunningChange,
  TellProgress,
} from '#domain/ports/automation-store.ts';
import type { Clock } from '#domain/ports/clock.ts';
import { loadAutomationRules, saveAutomationRules } from './automation-rules.ts';
import { beginAlone, type Connection, inTransaction, type Pool, type Queryable } from './database.ts';
import { recordEvent } from './events.ts';
import { mergeSearchedTexts, postponeSearchedTexts } from './issue-search.ts';
import type { Organisation } from './organisation.ts';
import { previewRules } from './preview-rules.ts';
import { reachedIssues } from './reached-issues.ts';
import { rollUpIssues } from './roll-up.ts';
import { loadRunning, tellRunning } from './running-change.ts';
import { forgetPassedOver } from './wanted-tickets.ts';

/** A change of more issues puts what searches look at into its index once it is in force. */
const MANY_ISSUES = 5_000;

/** Others hear of a change of the rules whenever so much more of it is done. */
const SHARE_TOLD = 0.05;

/** The rules of organisations that act on findings, in PostgreSQL. */
export class PostgresAutomationStore implements AutomationStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  rules(): Promise<readonly AutomationRule[]> {
    return loadAutomationRules(this.#pool, this.#organisation);
  }

  async matches(): Promise<readonly RuleMatches[]> {
    const result = await this.#pool.query<{
      rule_id: string;
      taken_by: string;
      findings: number;
      issues: number;
    }>({
      name: 'rule-matches',
      text: `select rule_id, taken_by, sum(findings)::integer as findings, count(*)::integer as issues
        from rule_match where shard = $1 group by rule_id, taken_by order by rule_id, taken_by`,
      values: [this.#organisation.shard],
    });
    return result.rows.map(({ rule_id, taken_by, findings, issues }) => ({
      rule: rule_id,
      takenBy: taken_by === '' ? null : taken_by,
      findings,
      issues,
    }));
  }

  running(): Promise<RunningChange | null> {
    return loadRunning(this.#pool, this.#organisation);
  }

  async change(
    edit: (rules: readonly AutomationRule[]) => readonly NewAutomationRule[],
    actor: string,
    tell: TellProgress,
  ): Promise<readonly RuleChange[]> {
    const organisation = this.#organisation;
    const now = this.#clock.now();
    let isLarge = false;
    const work = async (connection: Connection) => {
      const before = await loadAutomationRules(connection, organisation);
      const edited = edit(before);
      const changes = ruleChanges(before, edited);
      if (changes.length === 0) return changes;
      const after = signed(edited, before, changes, actor, now);
      await saveAutomationRules(connection, organisation, after);
      await forgetPassedOver(connection, organisation.shard, after);
      for (const change of changes)
        recordEvent(connection, organisation.shard, {
          at: now,
          actor,
          verb: VERBS[change.what],
          subject: `rule:${change.id}`,
          details: { before: change.before, after: change.after },
        });
      const issues = await reachedIssues(connection, organisation, now, reachOf(before, after));
      isLarge = issues.length > MANY_ISSUES;
      if (isLarge) await postponeSearchedTexts(connection);
      let toldOthers = Number.NEGATIVE_INFINITY;
      const told = async (done: number) => {
        tell(done, issues.length);
        // Each time takes its turn between what is stored.
        if (done - toldOthers < issues.length * SHARE_TOLD) return;
        toldOthers = done;
        await tellRunning(connection, organisation, done, issues.length);
      };
      await told(0);
      await withReader(this.#pool, connection, (reader) =>
        rollUpIssues(connection, organisation, now, issues, told, { isRuleChange: true, reader }),
      );
      return changes;
    };
    const changes = await inTransaction(this.#pool, work, (connection) =>
      beginAlone(connection, organisation.id),
    );
    // The rules are in force already, and the server does it by itself where this does not come to its end.
    if (isLarge) void mergeSearchedTexts(this.#pool).catch(() => undefined);
    return changes;
  }

  preview(edit: (rules: readonly AutomationRule[]) => readonly NewAutomationRule[]): Promise<RulesPreview> {
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      const before = await loadAutomationRules(connection, this.#organisation);
      const edited = edit(before);
      const changes = ruleChanges(before, edited);
      const after = signed(edited, before, changes, '', now);
      return withReader(this.#pool, connection, (reader) =>
        previewRules(connection, this.#organisation, now, { before, after, changes }, reader),
      );
    });
  }
}

/**
 * Gives work on many issues a second connection for what it reads, where the pool has one to spare: whoever waited for it
 * with a transaction open might wait for somebody who waits for that.
 */
async function withReader<T>(
  pool: Pool,
  connection: Connection,
  work: (reader: Queryable) => Promise<T>,
): Promise<T> {
  const hasOneToSpare =
    pool.waitingCount === 0 && (pool.idleCount > 0 || pool.totalCount < (pool.options.max ?? 0));
  if (!hasOneToSpare) return work(connection);
  const reader = await pool.connect();
  try {
    return await work(reader);
  } finally {
    reader.release();
  }
}

const VERBS = {
  added: 'add rule',
  changed: 'change rule',
  removed: 'remove rule',
  moved: 'move rule',
} as const;

/** Rules as they are stored: what did not change keeps who changed it last. */
function signed(
  edited: readonly NewAutomationRule[],
  before: readonly AutomationRule[],
  changes: readonly RuleChange[],
  by: string,
  at: number,
): readonly AutomationRule[] {
  const known = new Map(before.map((rule) => [rule.id, rule]));
  const changed = new Set(changes.filter(({ what }) => what !== 'moved').map(({ id }) => id));
  return edited.map((rule) => {
    const old = known.get(rule.id);
    return old === undefined || changed.has(rule.id) ? { ...rule, by, at } : old;
  });
}
