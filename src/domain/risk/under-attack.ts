import { smallest } from '#base/extremes.ts';
import { DAY_MS, type Instant } from '#base/instant.ts';
import { type Evidence, type RiskVerdict, unknownRisk } from './detected-risk.ts';

/** Source page, detected risks. */
const ATTACK_WINDOW_DAYS = 15;
/** An attack seen on a resource, as far as the verdict needs it. */
export interface AttackOnResource {
  readonly lastAt: Instant;
  readonly title: string;
  readonly source: string;
  readonly count: number;
}

/**
 * Whether a resource was attacked in the last 15 days (source page, detected risks). *No* needs a source
 * of signals that covers the resource and reported within those days.
 */
export function underAttack(
  attacks: readonly AttackOnResource[],
  coveredAt: readonly { readonly source: string; readonly at: Instant }[],
  now: Instant,
): RiskVerdict {
  const since = now - ATTACK_WINDOW_DAYS * DAY_MS;
  const recent = attacks
    .filter((attack) => attack.lastAt >= since && attack.lastAt <= now)
    .toSorted((a, b) => b.lastAt - a.lastAt);
  if (recent.length > 0) {
    const evidence = recent.slice(0, 5).map(
      (attack): Evidence => ({
        sentence: attack.count > 1 ? `${attack.title} (${attack.count} times)` : attack.title,
        provenance: attack.source,
        at: attack.lastAt,
      }),
    );
    return { state: 'yes', evidence, missing: [] };
  }
  const looked = coveredAt.filter(({ at }) => at >= since).toSorted((a, b) => b.at - a.at)[0];
  if (looked === undefined)
    return unknownRisk(
      'a source of attack signals that covers this resource and reported in the last 15 days',
    );
  return {
    state: 'no',
    evidence: [
      {
        sentence: 'No attack on it was reported in the last 15 days.',
        provenance: looked.source,
        at: looked.at,
      },
    ],
    missing: [],
  };
}

/** When a verdict of `underAttack` may change by the passing of time alone; null when it may not. */
export function attackValidUntil(
  attacks: readonly AttackOnResource[],
  coveredAt: readonly { readonly at: Instant }[],
  now: Instant,
): Instant | null {
  const since = now - ATTACK_WINDOW_DAYS * DAY_MS;
  const instants = [...attacks.map((attack) => attack.lastAt), ...coveredAt.map(({ at }) => at)];
  const first = smallest(instants.filter((at) => at >= since));
  return first === null ? null : first + ATTACK_WINDOW_DAYS * DAY_MS;
}
