/** A value as it came out of a JSON text: nothing about its shape is known. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** The value if it is an object (no array), else undefined. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The value if it is an array, else an empty one: an absent list and a list of another shape hold nothing. */
export function asArray(value: unknown): readonly JsonValue[] {
  return Array.isArray(value) ? (value as JsonValue[]) : [];
}

/** The objects of an array; elements of another shape are left out. */
export function asObjects(value: unknown): readonly JsonObject[] {
  return asArray(value).filter((element): element is JsonObject => asObject(element) !== undefined);
}

/** The value if it is a text that is not empty, else undefined: absent and empty mean the same. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The texts of an array; a text alone counts as an array of one. */
export function asTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return asArray(value).filter((element): element is string => typeof element === 'string' && element !== '');
}

/** The value if it is a finite number, or a text that spells one, else undefined. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > 32 || !/^-?\d+(\.\d+)?$/.test(value)) return undefined;
  return Number(value);
}

/** The value if it is a boolean, else undefined. */
export function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** Follows keys into nested objects; undefined as soon as one is missing or no object. */
export function at(value: unknown, ...path: readonly string[]): JsonValue | undefined {
  let current: unknown = value;
  for (const key of path) {
    const object = asObject(current);
    if (object === undefined || !Object.hasOwn(object, key)) return undefined;
    current = object[key];
  }
  return current as JsonValue | undefined;
}

/** JSON.parse that drops `__proto__` keys, so that no report reaches a prototype. Throws SyntaxError as JSON.parse does. */
export function parseJson(text: string): JsonValue {
  return text.includes('__proto__') || text.includes('\\u005f')
    ? (JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value)) as JsonValue)
    : (JSON.parse(text) as JsonValue);
}
