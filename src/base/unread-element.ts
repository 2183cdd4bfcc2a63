import { isPlainlyWhole, type JsonObject, type JsonValue, readMembers } from './json-value.ts';

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
export type UnreadEvent = Exclude<SliceEvent, { kind: 'element' }> | UnreadRun;

/** Of a longer run nothing is gained. */
const RUN_BYTES_MAX = 32 * 1024;

/**
 * Values whose paths match a pattern, one of them or neighbours in a list, before they are parsed. They are gone through
 * together, since an object or a call for each of them costs as much as a small entry.
 */
export class UnreadRun {
  readonly kind = 'unread';
  readonly pattern: number;
  readonly parents: readonly JsonObject[];
  readonly #buffer: Buffer;
  readonly #path: string;
  /** The place of the first in its list; null where it stands in none, and alone. */
  readonly #first: number | null;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #members: number[] = [];
  #membersTogether = 0;

  /** `path` is that of the list, or of the one value that stands in none. */
  constructor(
    pattern: number,
    path: string,
    first: number | null,
    parents: readonly JsonObject[],
    buffer: Buffer,
  ) {
    this.pattern = pattern;
    this.#path = path;
    this.#first = first;
    this.parents = parents;
    this.#buffer = buffer;
  }

  get length(): number {
    return this.#starts.length;
  }

  /** Where an element stands in the bytes, and how many members its objects are written with. */
  add(start: number, end: number, members: number): void {
    this.#starts.push(start);
    this.#ends.push(end);
    this.#members.push(members);
    this.#membersTogether += members;
  }

  /** True where a value of this pattern and place comes behind its last one, and nothing but a comma stands between. */
  goesOn(pattern: number, index: number | null, parents: readonly JsonObject[], end: number): boolean {
    return (
      index !== null &&
      this.#first !== null &&
      index === this.#first + this.length &&
      pattern === this.pattern &&
      parents === this.parents &&
      end - (this.#starts[0] as number) <= RUN_BYTES_MAX
    );
  }

  /** One after the other, each as it is before it is parsed. */
  *elements(): Generator<UnreadElement> {
    for (let i = 0; i < this.length; i++) yield this.#element(i);
  }

  /** All of them, parsed. */
  read(): readonly SliceEvent[] {
    const { length, pattern, parents } = this;
    const values = length === 1 ? null : this.#values();
    if (values === null) return Array.from({ length }, (_, i) => this.#element(i).read());
    return values.map((value, i) => ({ kind: 'element', pattern, path: this.#pathOf(i), value, parents }));
  }

  /** Null where one of them can't be parsed, or is not plainly what was written. */
  #values(): readonly JsonValue[] | null {
    const text = this.#buffer.toString('utf8', this.#starts[0], this.#ends.at(-1));
    try {
      const values = JSON.parse(`[${text}]`) as JsonValue[];
      // None has more members than were written, so that where all have as many each has.
      return values.length === this.length && isPlainlyWhole(values, this.#membersTogether) ? values : null;
    } catch {
      return null;
    }
  }

  #pathOf(i: number): string {
    return this.#first === null ? this.#path : `${this.#path}[${this.#first + i}]`;
  }

  #element(i: number): UnreadElement {
    const bytes = this.#buffer.subarray(this.#starts[i], this.#ends[i]);
    return new UnreadElement(this.pattern, this.#pathOf(i), this.parents, bytes, this.#members[i] as number);
  }
}

/** A value whose path matches a pattern, before it is parsed. */
export class UnreadElement {
  readonly pattern: number;
  readonly path: string;
  readonly parents: readonly JsonObject[];
  /** As they stand in the text; good until the next chunk is pushed. */
  readonly bytes: Buffer;
  readonly #members: number;

  constructor(pattern: number, path: string, parents: readonly JsonObject[], bytes: Buffer, members: number) {
    this.pattern = pattern;
    this.path = path;
    this.parents = parents;
    this.bytes = bytes;
    this.#members = members;
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }

  read(): SliceEvent {
    const { pattern, path, parents } = this;
    try {
      const { value, fault } = readMembers(this.text, this.#members);
      return fault === null
        ? { kind: 'element', pattern, path, value, parents }
        : { kind: 'bad', pattern, path, message: fault };
    } catch {
      return { kind: 'bad', pattern, path, message: 'no valid JSON' };
    }
  }
}

/**
 * Parses the elements among events, in order. `recall` is asked of each of them once everything before it was
 * delivered. Without it neighbours are parsed together, when the first of them is asked for.
 */
export function* readElements(
  events: readonly UnreadEvent[],
  recall: ((element: UnreadElement) => boolean) | undefined,
): Generator<SliceEvent> {
  for (const event of events) {
    if (event.kind !== 'unread') yield event;
    else if (recall === undefined) for (const each of event.read()) yield each;
    else for (const element of event.elements()) if (!recall(element)) yield element.read();
  }
}
