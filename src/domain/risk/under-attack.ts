import { smallest } from '#base/extremes.ts';
import { DAY_MS, type Instant } from '#base/instant.ts';
import { assumedBy, isAssumed } from '../resource/assumed-join.ts';
import { type Evidence, type RiskVerdict, unknownRisk } from './detected-risk.ts';

/** Source page, detected risks. */
const ATTACK_WINDOW_DAYS = 15;
const EVIDENCE_MAX = 5;

/** An attack seen on a resource, as far as the verdict needs it. */
export interface AttackOnResource {
  readonly lastAt: Instant;
  /** `falco`, `guardduty`, `aws-waf`. */
  readonly tool: string;
  readonly rule: string;
  readonly title: string;
  readonly source: string;
  readonly count: number;
  /** The name by which the inventory knows the resource that the signal meant; null where it meant the resource itself. */
  readonly joinedBy: { readonly alias: string; readonly confidence: number } | null;
  /** It was aimed at this service, and the resource is a part of it; null where it was aimed at the resource. */
  readonly service: string | null;
}

/** The earliest instant that counts: an attack exactly 15 days ago still does, one a millisecond before no longer. */
export function attackWindowStart(now: Instant): Instant {
  return now - ATTACK_WINDOW_DAYS * DAY_MS;
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
  const since = attackWindowStart(now);
  const recent = attacks
    .filter((attack) => attack.lastAt >= since && attack.lastAt <= now)
    .toSorted((a, b) => b.lastAt - a.lastAt);
  if (recent.length > 0)
    return { state: 'yes', evidence: recent.slice(0, EVIDENCE_MAX).map(attackEvidence), missing: [] };
  const looked = coveredAt.filter(({ at }) => at >= since).toSorted((a, b) => b.at - a.at)[0];
  if (looked === undefined)
    return unknownRisk(
      'a source of attack signals that covers this resource and reported in the last 15 days ("security-inbox formats" lists the commands)',
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
  const since = attackWindowStart(now);
  const instants = [...attacks.map((attack) => attack.lastAt), ...coveredAt.map(({ at }) => at)];
  return smallest(
    instants
      .filter((at) => at >= since)
      // What a clock that is ahead saw counts from then on. At the end of the window it still does: the millisecond after, it does not.
      .map((at) => (at > now ? at : at + ATTACK_WINDOW_DAYS * DAY_MS + 1)),
  );
}

function attackEvidence({
  tool,
  rule,
  title,
  count,
  lastAt,
  source,
  joinedBy,
  service,
}: AttackOnResource): Evidence {
  const named = rule === title || title.includes(rule) ? '' : ` [${rule}]`;
  const times = count > 1 ? `, ${count} times` : '';
  const aim = service === null ? '' : `, on the service ${service}`;
  const join =
    joinedBy === null
      ? ''
      : isAssumed(joinedBy.confidence)
        ? assumedBy(joinedBy.alias)
        : `, known as ${joinedBy.alias}`;
  const what = title.replace(/\.+$/, '');
  return {
    sentence: `${what}${named}${times}, seen by ${tool}${aim}${join}.`,
    provenance: source,
    at: lastAt,
  };
}
