import { DAY_MS, type Instant } from '#base/instant.ts';
import { type FindingType, isVulnerabilityOfComponent } from '../finding/finding-type.ts';
import type { Severity } from '../severity/severity.ts';
import type { ActionOf } from './automation-rule.ts';

/** What a due date counts from. */
export interface DueFacts {
  readonly type: FindingType;
  readonly severity: Severity;
  readonly firstSeen: Instant;
  /** When a fix was first known; null: there is none. */
  readonly fixSince: Instant | null;
  /** The date that KEV sets; null: it sets none. */
  readonly kevDueAt: Instant | null;
}

/**
 * When a finding is due by a rule, never counted from when the rule was made: a new rule can find old findings
 * overdue. Null where the severity has no days, and for a component without a fix where the days count from one
 * (reference behaviour §8.4 and §14, 7).
 */
export function dueByRule({ days, from }: ActionOf<'due_date'>, facts: DueFacts): Instant | null {
  const { type, severity, firstSeen, fixSince, kevDueAt } = facts;
  if (from === 'kev' && kevDueAt !== null) return kevDueAt;
  const count = days[severity];
  if (count === undefined) return null;
  const start = from === 'fix_available' && isVulnerabilityOfComponent(type) ? fixSince : firstSeen;
  return start === null ? null : start + count * DAY_MS;
}
