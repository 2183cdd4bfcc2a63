import { type AddressSet, NO_ADDRESSES } from '#base/address-set.ts';
import { applyRules } from './ordered-rules.ts';
import { type Surface, sourcesOf } from './surface.ts';

/** Whom something lets through: for certain, and possibly if what is missing allows it. */
export interface Admitted {
  readonly certain: AddressSet;
  readonly possible: AddressSet;
  readonly missing: readonly string[];
}

/** A rule about senders. They differ where it is not certain whom it is for. */
export interface SenderRule {
  readonly action: 'allow' | 'deny';
  readonly certain: AddressSet;
  readonly possible: AddressSet;
}

/** All of these. */
export function admitted(senders: AddressSet): Admitted {
  return { certain: senders, possible: senders, missing: [] };
}

/** Nobody for certain, and all of these if what is missing says so. */
export function perhapsAdmitted(possible: AddressSet, missing: readonly string[]): Admitted {
  return { certain: NO_ADDRESSES, possible, missing };
}

/** Who gets past rules of which the first match decides. */
export function pastRules(
  rules: readonly SenderRule[],
  asked: AddressSet,
  isOpenElse: boolean,
): Omit<Admitted, 'missing'> {
  const everybody = request(asked);
  const { allowed, passed } = applyRules(
    rules.map(({ action, certain, possible }) => ({
      action,
      matches: { certain: request(certain), possible: request(possible) },
    })),
    { certain: everybody, possible: everybody },
  );
  return {
    certain: sourcesOf([...allowed.certain, ...(isOpenElse ? passed.certain : [])]),
    possible: sourcesOf([...allowed.possible, ...(isOpenElse ? passed.possible : [])]),
  };
}

/** Rules about requests name no port. */
function request(sources: AddressSet): readonly Surface[] {
  return [{ protocol: 'tcp', from: 443, to: 443, sources }];
}
