import { severityRank } from '../severity/severity.ts';
import type { Rankable } from './inbox-order.ts';

const IMPACT_MAX = (1n << 40n) - 1n;
const RISKS_MAX = 255n;

/**
 * The three keys of the inbox order in one number that sorts the same way:
 * `severity << 48 | risks << 40 | impact`. It fits a signed 64-bit column.
 */
export function packRank(item: Rankable): bigint {
  return (
    (BigInt(severityRank(item.severity)) << 48n) |
    (capped(item.riskCount, RISKS_MAX) << 40n) |
    capped(item.impact, IMPACT_MAX)
  );
}

function capped(count: number, max: bigint): bigint {
  const value = BigInt(Math.max(0, Math.trunc(count)));
  return value > max ? max : value;
}
