import { compareBytes } from './compare.ts';

/**
 * Each value once, in the order of its JSON text: the same for the same values in any order. Values are equal when
 * their JSON texts are, members in the same order.
 */
export function distinctValues<T>(values: readonly T[]): T[] {
  if (values.length < 2) return [...values];
  const byText = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...byText].sort(([a], [b]) => compareBytes(a, b)).map(([, value]) => value);
}
