import { setFlagsFromString } from 'node:v8';

let users = 0;

/**
 * Has the heap of this process collected while it is small, until all who asked have let it grow again: left to itself it grows to
 * several times what is used of it, half a gigabyte for a large report. All else is faster without.
 */
export function keepHeapLean(): { readonly letGrow: () => void } {
  if (users++ === 0) growBy(50);
  let isHeld = true;
  return {
    letGrow() {
      if (!isHeld) return;
      isHeld = false;
      // What the collector would choose by itself.
      if (--users === 0) growBy(0);
    },
  };
}

/** So much the heap may grow after each collection. */
function growBy(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
