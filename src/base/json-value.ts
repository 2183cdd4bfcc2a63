/** A value as it came out of a JSON text: nothing about its shape is known. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** The value if it is an object (no array), else undefined. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
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

/** One of the characters of `__proto__`, written as an escape. */
const ESCAPED = /\\u00[567]/;

/** Some spelling of `__proto__` may be in the text. Plain search is much faster than the pattern. */
function mayNamePrototype(text: string): boolean {
  return text.includes('__proto__') || (text.includes('\\u00') && ESCAPED.test(text));
}

/** JSON.parse that drops `__proto__` keys, so that no report reaches a prototype. Throws SyntaxError as JSON.parse does. */
export function parseJson(text: string): JsonValue {
  return mayNamePrototype(text)
    ? (JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value)) as JsonValue)
    : (JSON.parse(text) as JsonValue);
}

const KEYS_MAX = 10_000;

/**
 * What a value is, in words that follow "is", where that makes it ambiguous or too wide to be read: a key that is given twice, of which `JSON.parse` silently
 * takes the last, or more than 10,000 keys in one object (reliability §6.1). Null for nothing of the kind.
 * `written` is the number of members in `text`, the text of `value`; the two differ where a key is repeated, or was
 * dropped because it would reach a prototype.
 */
function memberFault(value: JsonValue, written: number, text: string): string | null {
  const kept = countMembers(value, false);
  if (kept === TOO_MANY)
    return `too wide: one of its objects has more than ${KEYS_MAX.toLocaleString('en')} keys`;
  if (kept === written || countMembers(JSON.parse(text), false) === written) return null;
  return 'ambiguous: one of its objects gives a key twice';
}

const TOO_MANY = -1;
const NAMES_PROTOTYPE = -2;

/**
 * The value that a text of JSON spells, as `parseJson` answers it, and what `memberFault` finds in it; `written` is the number of
 * members in the text. Throws SyntaxError as JSON.parse does.
 */
export function readMembers(
  text: string,
  written: number,
): { readonly value: JsonValue; readonly fault: string | null } {
  const plain = JSON.parse(text) as JsonValue;
  if (isPlainlyWhole(plain, written)) return { value: plain, fault: null };
  const value = parseJson(text);
  return { value, fault: memberFault(value, written, text) };
}

/**
 * True for a value as `JSON.parse` gave it that holds as many members as were written, none of them called `__proto__`:
 * it is what `parseJson` answers, and `memberFault` finds nothing in it.
 */
export function isPlainlyWhole(value: JsonValue, written: number): boolean {
  return countMembers(value, true) === written;
}

/** The members of all objects in a value; negative where one has too many, or, where it has to be plain, where one is called `__proto__`. */
function countMembers(value: JsonValue, isPlain: boolean): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  let own = 0;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const each = value[i];
      if (typeof each !== 'object' || each === null) continue;
      const inner = countMembers(each, isPlain);
      if (inner < 0) return inner;
      count += inner;
    }
    return count;
  }
  // The names of an object are known with its shape; a list of them would be made anew for each.
  for (const key in value) {
    if (++own > KEYS_MAX) return TOO_MANY;
    if (isPlain && key === '__proto__') return NAMES_PROTOTYPE;
    const each = value[key];
    if (typeof each !== 'object' || each === null) continue;
    const inner = countMembers(each, isPlain);
    if (inner < 0) return inner;
    count += inner;
  }
  return count + own;
}

const UNSTORABLE = /\\u(?:0000|[dD][89a-fA-F])/;
/** A pair of halves, a half or a NUL, any other escape. */
const ESCAPE =
  /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(\\u(?:0000|[dD][89a-fA-F][\da-fA-F]{2}))|\\./g;

/** The same JSON with U+FFFD in the place of NUL and of half characters, neither of which PostgreSQL stores. */
export function storableJson(text: string): string {
  return UNSTORABLE.test(text)
    ? text.replace(ESCAPE, (escaped, unstorable) => (unstorable === undefined ? escaped : '\\ufffd'))
    : text;
}

/** The same value, `storableJson` as JSON: itself where nothing has to change. */
export function storable<T extends object>(value: T): T {
  const text = JSON.stringify(value);
  const clean = storableJson(text);
  return clean === text ? value : (JSON.parse(clean) as T);
}

/** What stands under a name anywhere within a value, in no particular order; without recursion, however deep it is. */
export function* membersNamed(within: JsonValue, name: string): Generator<JsonValue> {
  const open: JsonValue[] = [within];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Array.isArray(value)) {
      for (const each of value) open.push(each);
      continue;
    }
    for (const [own, member] of Object.entries(asObject(value) ?? {})) {
      if (member === undefined) continue;
      if (own === name) yield member;
      if (typeof member === 'object' && member !== null) open.push(member);
    }
  }
}
