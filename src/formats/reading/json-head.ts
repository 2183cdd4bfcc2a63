import { type JsonValue, parseJson } from '#base/json-value.ts';
import { closeJson, JSON_DEPTH_MAX } from './close-json.ts';

const SPACE = /\s*/y;
const LITERAL = /[-+.\w]+/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What is shorter may be broken off in its only member, of which every character tells something. */
const LONG_TEXT = 4_096;
const STARTS_VALUE = /^["{[\d-]|^(?:true|false|null)\b/;

/** What the beginning of a text holds of JSON: its first value, as far as it reaches. */
export interface JsonHead {
  readonly shape: 'json' | 'json-lines';
  readonly value: JsonValue;
}

/**
 * Reads the first JSON value of a text that may be cut off or broken at any place. Containers that
 * are still open there end, and what was not whole is left out. Null when the text is no JSON: it
 * begins with none, or breaks before the first whole value in it.
 */
export function describeJsonHead(text: string, start: number): JsonHead | null {
  return describeClosed(text, start) ?? describePiecemeal(text, start);
}

/** Nearly all heads, many times as fast; null for one that is no JSON as far as it reaches. */
function describeClosed(text: string, start: number): JsonHead | null {
  const closed = closeJson(text, start);
  if (closed === null || (closed.end === null && text.length < LONG_TEXT)) return null;
  try {
    const value = parseJson(closed.text);
    return { shape: closed.end === null ? 'json' : shapeBehind(text, closed.end), value };
  } catch {
    return null;
  }
}

function shapeBehind(text: string, end: number): JsonHead['shape'] {
  SPACE.lastIndex = end;
  SPACE.test(text);
  const from = SPACE.lastIndex;
  return STARTS_VALUE.test(text.slice(from, from + 8)) ? 'json-lines' : 'json';
}

function describePiecemeal(text: string, start: number): JsonHead | null {
  const reader = new HeadReader(text, start);
  const value = reader.readValue(0);
  if (value === undefined || reader.whole === 0) return null;
  if (reader.stopped) return { shape: 'json', value };
  return { shape: shapeBehind(text, reader.position), value };
}

class HeadReader {
  readonly #text: string;
  position: number;
  /** Values that were read to their end. */
  whole = 0;
  /** The text ended or broke inside the value; nothing behind is read. */
  stopped = false;

  constructor(text: string, position: number) {
    this.#text = text;
    this.position = position;
  }

  skipSpace(): number {
    const code = this.#text.charCodeAt(this.position);
    if (code > 0x20 && code < 0x7f) return this.position;
    SPACE.lastIndex = this.position;
    SPACE.test(this.#text);
    this.position = SPACE.lastIndex;
    return this.position;
  }

  /** The value that begins here; undefined, and `stopped`, where none can be read. */
  readValue(depth: number): JsonValue | undefined {
    const first = this.#text[this.skipSpace()];
    if (first === '{' || first === '[') {
      if (depth >= JSON_DEPTH_MAX) return this.#stop();
      return first === '{' ? this.#readObject(depth) : this.#readArray(depth);
    }
    return first === '"' ? this.#readText() : this.#readLiteral();
  }

  #readObject(depth: number): JsonValue {
    const members: Record<string, JsonValue> = {};
    this.position++;
    if (this.#takes('}')) return this.#finish(members);
    while (!this.stopped) {
      if (this.#text[this.skipSpace()] !== '"') break;
      const key = this.#readText(false);
      if (key === undefined || !this.#takes(':')) break;
      const value = this.readValue(depth + 1);
      if (value !== undefined && key !== '__proto__') members[key] = value;
      if (this.stopped) break;
      if (this.#takes('}')) return this.#finish(members);
      if (!this.#takes(',')) break;
    }
    this.stopped = true;
    return members;
  }

  #readArray(depth: number): JsonValue {
    const elements: JsonValue[] = [];
    this.position++;
    if (this.#takes(']')) return this.#finish(elements);
    while (!this.stopped) {
      const value = this.readValue(depth + 1);
      if (value !== undefined) elements.push(value);
      if (this.stopped) break;
      if (this.#takes(']')) return this.#finish(elements);
      if (!this.#takes(',')) break;
    }
    this.stopped = true;
    return elements;
  }

  #readText(isValue = true): string | undefined {
    const from = this.position;
    let end = from + 1;
    const { length } = this.#text;
    for (; end < length; end++) {
      const code = this.#text.charCodeAt(end);
      if (code === QUOTE) break;
      if (code === BACKSLASH) end++;
    }
    if (end >= length) return this.#stop();
    return this.#parse(from, end + 1, isValue) as string | undefined;
  }

  #readLiteral(): JsonValue | undefined {
    LITERAL.lastIndex = this.position;
    if (!LITERAL.test(this.#text)) return this.#stop();
    return this.#parse(this.position, LITERAL.lastIndex, true);
  }

  #parse(from: number, end: number, isValue: boolean): JsonValue | undefined {
    try {
      const value = JSON.parse(this.#text.slice(from, end)) as JsonValue;
      this.position = end;
      if (isValue) this.whole++;
      return value;
    } catch {
      return this.#stop();
    }
  }

  #takes(character: string): boolean {
    if (this.#text[this.skipSpace()] !== character) return false;
    this.position++;
    return true;
  }

  #finish(value: JsonValue): JsonValue {
    this.whole++;
    return value;
  }

  #stop(): undefined {
    this.stopped = true;
    return undefined;
  }
}
