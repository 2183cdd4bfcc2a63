import { compareBytes } from '#base/compare.ts';

/** Tags by their keys as they are compared. Clouds tell `Owner` from `owner`, and a resource may have both: small letters first. */
export function tagsByKey(
  tags: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly { readonly key: string; readonly value: string }[]> {
  const told = Object.entries(tags).map(([key, value]) => ({ key, value }));
  return Map.groupBy(
    told.sort((a, b) => compareBytes(b.key, a.key)),
    ({ key }) => tagKeyText(key),
  );
}

/** `owned-by`, `OwnedBy` and `owned_by` are one; keys with a domain keep their separators. */
export function tagKeyText(key: string): string {
  const lower = key.toLowerCase();
  return /[./:]/.test(lower) ? lower : lower.replace(/[-_ ]/g, '');
}
