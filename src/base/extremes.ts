/** The smallest of any number of values, nulls left out; null of none. `Math.min(...values)` fails on a hundred thousand. */
export function smallest(values: Iterable<number | null>): number | null {
  let found: number | null = null;
  for (const value of values) if (value !== null && (found === null || value < found)) found = value;
  return found;
}

/** The largest of any number of values, nulls left out; null of none. */
export function largest(values: Iterable<number | null>): number | null {
  let found: number | null = null;
  for (const value of values) if (value !== null && (found === null || value > found)) found = value;
  return found;
}
