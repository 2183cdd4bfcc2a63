/** A scope in one line: `cluster=edge-eu namespace=shop`; what has no key covers the whole source. */
export function scopeText(scope: Readonly<Record<string, string>>): string {
  const keys = Object.entries(scope);
  return keys.length === 0 ? 'the whole source' : keys.map(([key, value]) => `${key}=${value}`).join(' ');
}
