import { type RefObject, useLayoutEffect, useRef } from 'react';

/** Something that can be done by the palette alone, as it has a name that a person gave it. */
export interface Offer {
  readonly id: string;
  readonly words: string;
  readonly group: string;
  readonly act: () => void;
}

const offering = new Set<RefObject<readonly Offer[]>>();

/** Of everything that is in the page. */
export function availableOffers(): readonly Offer[] {
  return [...offering].flatMap(({ current }) => current);
}

/** Offers these in the palette while mounted. */
export function useOffers(offers: readonly Offer[]): void {
  const current = useRef(offers);
  useLayoutEffect(() => {
    current.current = offers;
  });
  useLayoutEffect(() => {
    offering.add(current);
    return () => {
      offering.delete(current);
    };
  }, []);
}
