import type { Instant } from '#base/instant.ts';
import { gcpConditionHolds, subjectOf, subjectOfType } from '../exposure/gcp-condition.ts';
import type { GcpBinding } from '../exposure/gcp-estate.ts';
import { isTaggedSensitive } from '../resource/data-class.ts';
import type { RiskState } from '../risk/detected-risk.ts';
import type { EstateResource } from '../risk/estate.ts';
import { abilitiesOfRole, type GcpAbility } from './gcp-roles.ts';

/** What a binding under a condition still gives: for certain, perhaps, and roles that it lets give out that are worth nothing. */
export interface Conditioned {
  readonly certain: ReadonlySet<GcpAbility>;
  readonly unsure: ReadonlySet<GcpAbility>;
  readonly harmless: ReadonlySet<GcpAbility>;
}

/**
 * The abilities of a role as the condition of its binding leaves them (attack-paths §2.10). One over data stays where
 * the condition holds for most of the stores below, or for one that is tagged sensitive; giving out roles stays
 * where one of those is worth it.
 */
export function underCondition(
  abilities: ReadonlySet<GcpAbility>,
  { condition }: GcpBinding,
  at: Instant,
  storesOf: (
    ability: GcpAbility,
  ) => { readonly type: string; readonly stores: readonly EstateResource[] } | null,
  custom: ReadonlyMap<string, readonly string[]>,
): Conditioned {
  const holds = (subject: Parameters<typeof gcpConditionHolds>[1]): RiskState =>
    gcpConditionHolds(condition?.expression, subject);
  const always = holds({ at });
  if (always !== 'unknown')
    return { certain: always === 'yes' ? abilities : NONE, unsure: NONE, harmless: NONE };
  const answers = new Map<GcpAbility, RiskState>();
  for (const ability of abilities) {
    const data = storesOf(ability);
    if (ability === 'grants')
      answers.set(ability, holds({ at, mayGrant: (roles) => worthOf(roles, custom) }));
    else if (data === null) answers.set(ability, 'unknown');
    else if (data.stores.length === 0) answers.set(ability, holds(subjectOfType(data.type, at)));
    else
      answers.set(
        ability,
        ofMost(data.stores, (store) => holds(subjectOf(store, at))),
      );
  }
  const answered = (state: RiskState): ReadonlySet<GcpAbility> =>
    new Set([...abilities].filter((ability) => answers.get(ability) === state));
  const none = answered('no');
  return {
    certain: answered('yes'),
    unsure: answered('unknown'),
    harmless: none.has('grants') ? new Set<GcpAbility>(['grants']) : NONE,
  };
}

const NONE: ReadonlySet<GcpAbility> = new Set();

/** Roles that somebody gives himself in order to have everything. */
function worthOf(roles: readonly string[], custom: ReadonlyMap<string, readonly string[]>): RiskState {
  const given = roles.map((role) => abilitiesOfRole(role, custom));
  if (given.some((abilities) => abilities?.has('owns') === true || abilities?.has('grants') === true))
    return 'yes';
  return given.every(
    (abilities) => abilities !== undefined && [...abilities].every((each) => each === 'controls'),
  )
    ? 'no'
    : 'unknown';
}

function ofMost(stores: readonly EstateResource[], answer: (store: EstateResource) => RiskState): RiskState {
  const answers = stores.map((store) => ({ store, state: answer(store) }));
  const isEnough = (states: readonly RiskState[]): boolean => {
    const held = answers.filter(({ state }) => states.includes(state));
    return held.length * 2 > stores.length || held.some(({ store }) => isTaggedSensitive(store.tags));
  };
  if (isEnough(['yes'])) return 'yes';
  return isEnough(['yes', 'unknown']) ? 'unknown' : 'no';
}
