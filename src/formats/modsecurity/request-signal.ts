import type { Instant } from '#base/instant.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import { type RuleMatch, severityOfLevel, techniquesOf, whyNoAttack } from './rule-match.ts';

/** The signal of one request by the rule that it met. `hosts` are the names under which it was sent. */
export function requestSignal(
  match: RuleMatch,
  at: Instant,
  hosts: readonly (string | undefined)[],
  client: string | undefined,
): SignalObservation {
  const why = whyNoAttack(match);
  return {
    kind: 'signal',
    tool: 'modsecurity',
    rule: match.id,
    title: match.message,
    severity: severityOfLevel(match.level),
    firstAt: at,
    lastAt: at,
    count: 1,
    resources: [],
    names: [
      ...new Set(hosts.filter((host) => host !== undefined && host !== '' && host !== '_')),
    ] as string[],
    isOnService: true,
    watches: 'resources',
    techniques: techniquesOf(match.tags),
    sourceAddress: client,
    isAttack: why === null,
    ...(why === null ? {} : { whyNoAttack: why }),
  };
}
