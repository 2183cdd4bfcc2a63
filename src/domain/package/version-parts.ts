/** Compares two texts of digits of any length, and answers less than, equal to or more than 0. */
export function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+(?=\d)/, '');
  const right = b.replace(/^0+(?=\d)/, '');
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}

/** Compares the parts of two versions in order by `compare`; a missing part is `missing`. */
export function compareParts(
  a: readonly string[],
  b: readonly string[],
  missing: string,
  compare: (left: string, right: string) => number,
): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = compare(a[index] ?? missing, b[index] ?? missing);
    if (order !== 0) return order;
  }
  return 0;
}

export function isDigits(text: string): boolean {
  return /^\d+$/.test(text);
}

/** Orders texts by their characters. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
