import { useSyncExternalStore } from 'react';

/** How close the rows of the list stand. This browser keeps the choice. */
export type Density = 'compact' | 'usual' | 'roomy';

const KEPT = 'security-inbox.density';
const order: readonly Density[] = ['usual', 'compact', 'roomy'];
const listeners = new Set<() => void>();

/** The height of a row in rem; the same heights are in list.css. */
export const ROW_HEIGHTS: Readonly<Record<Density, number>> = { compact: 2, usual: 2.5, roomy: 3.5 };

/** The density that one more press leads to. */
export function nextDensity(density: Density): Density {
  return order[(order.indexOf(density) + 1) % order.length] as Density;
}

function kept(): Density {
  const word = localStorage.getItem(KEPT);
  return order.find((each) => each === word) ?? 'usual';
}

/** Shows a density, and keeps it. */
export function applyDensity(density: Density = kept()): void {
  document.documentElement.dataset.density = density;
  localStorage.setItem(KEPT, density);
  for (const listener of listeners) listener();
}

export function switchDensity(): void {
  applyDensity(nextDensity(kept()));
}

export function useDensity(): Density {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, kept);
}
