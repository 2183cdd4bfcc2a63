import { intersectSurfaces, type Surface, subtractSurface } from './surface.ts';

/** Packets of which it is certain, and of which it is possible, that something holds. Certain ones are possible too. */
export interface Packets {
  readonly certain: readonly Surface[];
  readonly possible: readonly Surface[];
}

/** One rule of a list in which the first match decides. `next` leaves the rest of the list to the layer behind it. */
export interface OrderedRule {
  readonly action: 'allow' | 'deny' | 'next';
  /** What it matches. They differ where its sources or targets cannot be told from the inventory. */
  readonly matches: Packets;
}

export interface RuleOutcome {
  readonly allowed: Packets;
  /** What no rule decided, or a rule handed on. Certain: it comes this far unless it was allowed already. */
  readonly passed: Packets;
}

/**
 * What a list of rules does with packets, the first match first: network ACLs, network security groups,
 * firewall policies. A rule of which it is not certain what it matches makes neither answer certain: a
 * packet is certainly allowed where no rule before could have denied it.
 */
export function applyRules(rules: readonly OrderedRule[], asked: Packets): RuleOutcome {
  const allowed = { certain: [] as Surface[], possible: [] as Surface[] };
  const handedOn = { certain: [] as Surface[], possible: [] as Surface[] };
  let sure = asked.certain;
  let maybe = asked.possible;
  for (const { action, matches } of rules) {
    if (action === 'deny') {
      sure = without(sure, matches.possible);
      maybe = without(maybe, matches.certain);
      continue;
    }
    const result = action === 'allow' ? allowed : handedOn;
    result.certain.push(...intersectSurfaces(sure, matches.certain));
    result.possible.push(...intersectSurfaces(maybe, matches.possible));
    // What may have been handed on is certain of nothing that the rest of the list says.
    sure = without(sure, action === 'allow' ? matches.certain : matches.possible);
    maybe = without(maybe, matches.certain);
  }
  return {
    allowed,
    passed: { certain: [...handedOn.certain, ...sure], possible: [...handedOn.possible, ...maybe] },
  };
}

function without(surfaces: readonly Surface[], taken: readonly Surface[]): readonly Surface[] {
  let rest = surfaces;
  for (const each of taken) rest = rest.flatMap((surface) => subtractSurface(surface, each));
  return rest;
}
