import type { JsonValue } from '#base/json-value.ts';

/** The one JSON value that a sample holds; undefined where it holds none, or several. */
export function jsonOf(bytes: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
