import { type AddressSet, ALL_V4, ALL_V6, unionAddresses } from '#base/address-set.ts';
import type { EstateResource } from '../risk/estate.ts';
import { intersectSurfaces, type Surface } from './surface.ts';

/**
 * What a layer of the network lets through: for certain, and possibly if what is missing allows it.
 * What is certain is always possible too.
 */
export interface Passage {
  readonly certain: readonly Surface[];
  readonly possible: readonly Surface[];
  readonly missing: readonly string[];
  /** The descriptions that the answer rests on. */
  readonly rests: readonly EstateResource[];
  /** What a packet passes, in its order. */
  readonly via?: readonly string[];
  /** Sentences that belong beside the answer: an assumption, an appliance in between. */
  readonly notes?: readonly string[];
}

export const EVERYWHERE: AddressSet = unionAddresses(ALL_V4, ALL_V6);

/** A layer of which everything is known. */
export function settled(surfaces: readonly Surface[], ...rests: readonly EstateResource[]): Passage {
  return { certain: surfaces, possible: surfaces, missing: [], rests };
}

/** A layer that was not described: nothing is certain. */
export function unsettled(possible: readonly Surface[], ...missing: readonly string[]): Passage {
  return { certain: [], possible, missing, rests: [] };
}

/** Both layers, one behind the other. */
export function throughBoth(a: Passage, b: Passage): Passage {
  return {
    certain: intersectSurfaces(a.certain, b.certain),
    possible: intersectSurfaces(a.possible, b.possible),
    missing: [...a.missing, ...b.missing],
    rests: [...a.rests, ...b.rests],
    via: [...(a.via ?? []), ...(b.via ?? [])],
    notes: [...(a.notes ?? []), ...(b.notes ?? [])],
  };
}

/** Either of the two ways. */
export function throughEither(ways: readonly Passage[]): Passage {
  return {
    certain: ways.flatMap((way) => way.certain),
    possible: ways.flatMap((way) => way.possible),
    missing: ways.flatMap((way) => way.missing),
    rests: ways.flatMap((way) => way.rests),
    via: ways.flatMap((way) => way.via ?? []),
    notes: ways.flatMap((way) => way.notes ?? []),
  };
}
