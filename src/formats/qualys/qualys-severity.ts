import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { Severity } from '#domain/severity/severity.ts';

const LEVELS: ReadonlyMap<string, Severity> = new Map([
  ['1', 'info'],
  ['2', 'low'],
  ['3', 'medium'],
  ['4', 'high'],
  ['5', 'critical'],
]);

/** The level of Qualys's numbers from 1 to 5; what was only gathered (`Ig`) is information, whatever its number. */
export function qualysSeverity(number: string | undefined, type: string | undefined): Severity | null {
  if (type !== undefined && /^(?:ig|info)/i.test(type)) return 'info';
  return LEVELS.get(number ?? '') ?? null;
}

/** The state of a detection: `Fixed` is its end, `Ignored` a person's decision. */
export function qualysState(status: string | undefined, isIgnored: boolean): ObservedState {
  if (status?.toLowerCase() === 'fixed')
    return { is: 'ended', why: 'Qualys says that it is fixed.', passed: false };
  return isIgnored ? { is: 'suppressed', reason: 'ignored in Qualys' } : OPEN;
}
