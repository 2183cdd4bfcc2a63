import { isPlainlyWhole, type JsonObject, type JsonValue, memberFault, parseJson } from './json-value.ts';

/**
 * What the slicer found, in document order.
 *
 * - `element`: a value whose path matches a pattern, parsed. `parents` are the containers around it,
 *   outermost first, with the members read so far (matching elements are never kept in them).
 * - `bad`: a value whose path matches a pattern and that could not be parsed.
 * - `close`: a container around matching values has ended; `value` holds its other members.
 */
export type SliceEvent =
  | {
      readonly kind: 'element';
      readonly pattern: number;
      readonly path: string;
      readonly value: JsonValue;
      readonly parents: readonly JsonObject[];
    }
  | { readonly kind: 'bad'; readonly pattern: number; readonly path: string; readonly message: string }
  | {
      readonly kind: 'close';
      readonly depth: number;
      readonly path: string;
      readonly value: JsonObject;
      readonly parents: readonly JsonObject[];
    };

/** What the slicer found, its elements not yet parsed. */
export type UnreadEvent = Exclude<SliceEvent, { kind: 'element' }> | UnreadElement;

/** Where an element stands in the bytes, and what was counted there. */
interface Cut {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
  readonly members: number;
  /** Its place in the list that holds it; null where none does. */
  readonly index: number | null;
}

/** A value whose path matches a pattern, before it is parsed. */
export class UnreadElement {
  readonly kind = 'unread';
  readonly pattern: number;
  readonly path: string;
  readonly parents: readonly JsonObject[];
  readonly #cut: Cut;

  constructor(pattern: number, path: string, parents: readonly JsonObject[], cut: Cut) {
    this.pattern = pattern;
    this.path = path;
    this.parents = parents;
    this.#cut = cut;
  }

  /** As they stand in the text; good until the next chunk is pushed. */
  get bytes(): Buffer {
    const { buffer, start, end } = this.#cut;
    return buffer.subarray(start, end);
  }

  get text(): string {
    return this.textTo(this);
  }

  /** How many members its objects are written with. */
  get members(): number {
    return this.#cut.members;
  }

  /** From its beginning to the end of a later one. */
  textTo(last: UnreadElement): string {
    return this.#cut.buffer.toString('utf8', this.#cut.start, last.#cut.end);
  }

  bytesTo(last: UnreadElement): number {
    return last.#cut.end - this.#cut.start;
  }

  /** True where nothing but a comma stands between this one and that one. */
  isBefore(next: UnreadElement): boolean {
    const { index } = this.#cut;
    return index !== null && next.#cut.index === index + 1 && next.parents === this.parents;
  }
}

/**
 * Parses the elements among events, in order. `recall` is asked of each of them once everything before it was
 * delivered. Without it neighbours are parsed together, since a call costs as much as a small entry.
 */
export function* readElements(
  events: readonly UnreadEvent[],
  recall: ((element: UnreadElement) => boolean) | undefined,
): Generator<SliceEvent> {
  for (let i = 0; i < events.length; i++) {
    const event = events[i] as UnreadEvent;
    if (event.kind !== 'unread') yield event;
    else if (recall !== undefined) {
      if (!recall(event)) yield readElement(event);
    } else {
      const run = [event];
      let last = event;
      for (let next = events[i + 1]; next?.kind === 'unread'; next = events[i + 1]) {
        if (!last.isBefore(next) || event.bytesTo(next) > RUN_BYTES_MAX) break;
        run.push(next);
        last = next;
        i++;
      }
      yield* readRun(run, event, last);
    }
  }
}

const RUN_BYTES_MAX = 32 * 1024;

function* readRun(
  run: readonly UnreadElement[],
  first: UnreadElement,
  last: UnreadElement,
): Generator<SliceEvent> {
  const values = run.length === 1 ? null : listOf(first.textTo(last));
  for (let i = 0; i < run.length; i++) {
    const element = run[i] as UnreadElement;
    yield values?.length === run.length ? checked(element, values[i] as JsonValue) : readElement(element);
  }
}

/** Null where one of them can't be parsed. */
function listOf(text: string): JsonValue[] | null {
  try {
    return JSON.parse(`[${text}]`) as JsonValue[];
  } catch {
    return null;
  }
}

/** Parses an element. */
function readElement(element: UnreadElement): SliceEvent {
  try {
    return checked(element, JSON.parse(element.text));
  } catch {
    const { pattern, path } = element;
    return { kind: 'bad', pattern, path, message: 'no valid JSON' };
  }
}

/** An element of a value as `JSON.parse` gave it. */
function checked(element: UnreadElement, parsed: JsonValue): SliceEvent {
  const { pattern, path, parents, members } = element;
  if (isPlainlyWhole(parsed, members)) return { kind: 'element', pattern, path, value: parsed, parents };
  const { text } = element;
  const value = parseJson(text);
  const message = memberFault(value, members, () => text);
  return message === null
    ? { kind: 'element', pattern, path, value, parents }
    : { kind: 'bad', pattern, path, message };
}
