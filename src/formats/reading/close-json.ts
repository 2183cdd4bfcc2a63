const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Levels of lists and objects in each other. */
export const JSON_DEPTH_MAX = 64;

/** The first value of a text, made whole. */
export interface ClosedJson {
  /** JSON, where the text is JSON as far as it reaches. */
  readonly text: string;
  /** Behind the value in the text that it was taken from; null where that ends in the middle of it. */
  readonly end: number | null;
}

/**
 * The first object or array of a text that may be cut off: up to the last element or member that is whole, with what is
 * open there closed. Null where there is none, nothing in it is whole, or it is nested deeper than 64 levels.
 */
export function closeJson(text: string, start: number): ClosedJson | null {
  const open: string[] = [];
  const { length } = text;
  let whole = -1;
  let isAnyWhole = false;
  let position = start;
  for (; position < length; position++) {
    switch (text.charCodeAt(position)) {
      case QUOTE:
        position = endOfText(text, position + 1);
        break;
      case COMMA:
        whole = position;
        isAnyWhole = true;
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        if (open.length === JSON_DEPTH_MAX) return null;
        open.push(text.charCodeAt(position) === OPEN_ARRAY ? ']' : '}');
        whole = position + 1;
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        open.pop();
        whole = position + 1;
        isAnyWhole = true;
        if (open.length === 0) return { text: text.slice(start, whole), end: whole };
        break;
    }
    if (open.length === 0) return null;
  }
  if (!isAnyWhole) return null;
  return { text: text.slice(start, whole) + open.reverse().join(''), end: null };
}

/** Whether lists and objects in a text of JSON, which may be cut off, stand in each other deeper than anything of it is read. */
export function isTooDeepJson(text: string): boolean {
  let depth = 0;
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) position = endOfText(text, position + 1);
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (++depth > JSON_DEPTH_MAX) return true;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth--;
  }
  return false;
}

/** The position of the quote that ends a text, or the end of all. */
function endOfText(text: string, from: number): number {
  for (let position = from; ; position++) {
    const quote = text.indexOf('"', position);
    if (quote < 0) return text.length;
    let escapes = quote;
    while (escapes > from && text.charCodeAt(escapes - 1) === BACKSLASH) escapes--;
    if ((quote - escapes) % 2 === 0) return quote;
    position = quote;
  }
}
