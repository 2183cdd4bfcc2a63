/** Bytes from which on an array counts as large. */
const LARGE = 4 * 2 ** 20;

/**
 * As many zeros. Where they are many, they lie in memory that the collector of garbage does not count: a few ordinary
 * arrays of that size have it look through all that is alive, which may be millions of objects of whoever asks.
 */
export function int32s(length: number): Int32Array {
  const bytes = length * Int32Array.BYTES_PER_ELEMENT;
  return bytes < LARGE ? new Int32Array(length) : new Int32Array(new SharedArrayBuffer(bytes));
}

/** As `int32s`. */
export function uint8s(length: number): Uint8Array {
  return length < LARGE ? new Uint8Array(length) : new Uint8Array(new SharedArrayBuffer(length));
}

/** As `int32s`. */
export function float64s(length: number): Float64Array {
  const bytes = length * Float64Array.BYTES_PER_ELEMENT;
  return bytes < LARGE ? new Float64Array(length) : new Float64Array(new SharedArrayBuffer(bytes));
}
