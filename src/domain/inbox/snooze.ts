import { type Instant, instantText } from '#base/instant.ts';
import { counted } from '#base/text.ts';
import { severityRank } from '../severity/severity.ts';
import type { IssueStand, Snooze } from './decisions.ts';

/** How an issue stands now, with what its snooze has to be held against. */
export interface SnoozedIssue extends Omit<IssueStand, 'attackPaths' | 'paths'> {
  /** The attack paths that lead through it. */
  readonly paths: readonly string[];
  /** Whether one of its findings is on a resource on which no snoozed one is. */
  readonly isOnNewResource: boolean;
  /** When a finding that was closed was last seen again; null: none of the open ones was ever closed. */
  readonly regressedAt: Instant | null;
}

/**
 * Why a snooze has ended, one sentence each in the words of a history; empty while it lasts. A date wakes at its
 * instant whatever happens before; *until it gets worse* wakes at a risk, a severity, a resource or a path that was
 * not there, and at a finding that is back.
 */
export function wakingReasons(snooze: Snooze, issue: SnoozedIssue, now: Instant): readonly string[] {
  const { until, worseThan: was, at } = snooze;
  const reasons = until !== null && until <= now ? [`it was snoozed until ${instantText(until)}`] : [];
  if (was === null) return reasons;
  if (severityRank(issue.severity) > severityRank(was.severity))
    reasons.push(`its severity is ${issue.severity}, it was ${was.severity}`);
  for (const risk of issue.risks)
    if (!was.risks.includes(risk)) reasons.push(`it has a new detected risk: ${risk}`);
  if (issue.resources > was.resources)
    reasons.push(`it is on ${issue.resources} resources, it was on ${was.resources}`);
  else if (issue.isOnNewResource) reasons.push('it is on a resource on which it was not');
  if (issue.paths.length > was.attackPaths)
    reasons.push(
      `${counted(issue.paths.length, 'attack path')} ${issue.paths.length === 1 ? 'leads' : 'lead'} through it, there ${was.attackPaths === 1 ? 'was' : 'were'} ${was.attackPaths}`,
    );
  else if (was.paths !== undefined && issue.paths.some((path) => was.paths?.includes(path) !== true))
    reasons.push('an attack path leads through it that did not');
  if (issue.regressedAt !== null && issue.regressedAt > at)
    reasons.push('one of its findings was fixed and is back');
  return reasons;
}
