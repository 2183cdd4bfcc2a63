import { InboxError } from './inbox-error.ts';
import { type JsonObject, type JsonValue, memberFault, parseJson } from './json-value.ts';
import { oneLine } from './text.ts';

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

/** A value whose path matches a pattern, before it is parsed. */
export interface UnreadElement {
  readonly kind: 'unread';
  readonly pattern: number;
  readonly path: string;
  /** As they stand in the text; good until the next chunk is pushed. */
  readonly bytes: Buffer;
  /** How many members its objects are written with. */
  readonly members: number;
  readonly parents: readonly JsonObject[];
}

export interface SliceOptions {
  /** Paths of the values to deliver one by one, `*` for any key or index: `Results.*.Vulnerabilities.*`; `` for whole documents. */
  readonly patterns: readonly string[];
  /** Paths of members around them that nobody reads; they are passed over without being parsed. */
  readonly skip?: readonly string[];
  /** More than one JSON text may follow each other (JSON lines, concatenated pages). */
  readonly documents?: boolean;
  /** Asked of each element before it is parsed, once everything before it was delivered; one of which it says true is passed over. */
  readonly recall?: ((element: UnreadElement) => boolean) | undefined;
}

type PendingEvent = Exclude<SliceEvent, { kind: 'element' }> | UnreadElement;

const ELEMENT_BYTES_MAX = 64 * 1024 * 1024;
const ROOM_BYTES_MAX = 4 * 1024 * 1024;
const DEPTH_MAX = 64;

interface Frame {
  readonly isArray: boolean;
  readonly members: JsonObject;
  readonly depth: number;
  key: string;
  index: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

type State = 'value' | 'first-key' | 'key' | 'colon' | 'after-value' | 'scan' | 'scan-key';
type Verdict =
  | { readonly kind: 'descend' | 'keep' | 'skip' }
  | { readonly kind: 'element'; readonly pattern: number };

const DESCEND: Verdict = { kind: 'descend' };
const KEEP: Verdict = { kind: 'keep' };
const SKIP: Verdict = { kind: 'skip' };

/**
 * Cuts a JSON text of any size into the values that are wanted, without building the rest: memory
 * follows the largest single value, not the file. Push bytes in any chunks, then `end()`.
 * Throws `report_broken` with the byte offset where the text breaks and `report_too_deep`
 * beyond 64 levels; what was delivered before stays valid.
 */
export class JsonSlicer {
  readonly #patterns: readonly (readonly string[])[];
  readonly #skip: readonly (readonly string[])[];
  readonly #documents: boolean;
  readonly #stack: Frame[] = [];
  readonly #path: string[] = [];
  #pending: Buffer = Buffer.alloc(0);
  /** Where chunks are put together: used again and again, as a new piece of memory for each would be most of what there is to collect. */
  #room: Buffer = Buffer.alloc(0);
  #offset = 0;
  #state: State = 'value';
  #document = 0;
  #scan = {
    start: 0,
    position: 0,
    depth: 0,
    inString: false,
    isContainer: false,
    isString: false,
    dropped: false,
    escaped: false,
    members: 0,
  };
  #verdict: Verdict = KEEP;
  #sawValue = false;
  #failure: InboxError | null = null;

  constructor(options: SliceOptions) {
    this.#patterns = options.patterns.map(segments);
    this.#skip = (options.skip ?? []).map(segments);
    this.#documents = options.documents ?? false;
  }

  /** True once a complete top-level value was read. */
  get sawDocument(): boolean {
    return this.#document > 0;
  }

  /** Where the text breaks inside this chunk, what stood before is answered, and the next call throws. */
  push(chunk: Uint8Array): PendingEvent[] {
    if (this.#failure !== null) throw this.#failure;
    this.#pending = this.#behindPending(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    const events: PendingEvent[] = [];
    let consumed: number;
    try {
      consumed = this.#run(this.#pending, events);
    } catch (error) {
      if (!(error instanceof InboxError)) throw error;
      this.#failure = error;
      return events;
    }
    this.#offset += consumed;
    this.#pending = consumed === this.#pending.length ? Buffer.alloc(0) : this.#pending.subarray(consumed);
    this.#scan.start -= consumed;
    this.#scan.position -= consumed;
    return events;
  }

  /** What is pending and the chunk in one piece. */
  #behindPending(chunk: Buffer): Buffer {
    const kept = this.#pending.length;
    if (kept === 0) return chunk;
    const length = kept + chunk.length;
    const isTooLarge = this.#room.length > ROOM_BYTES_MAX && length * 4 < this.#room.length;
    const room = length > this.#room.length || isTooLarge ? Buffer.allocUnsafeSlow(length * 2) : this.#room;
    // It may lie in the same memory.
    if (room.buffer !== this.#pending.buffer || room.byteOffset !== this.#pending.byteOffset)
      room.set(this.#pending);
    room.set(chunk, kept);
    this.#room = room;
    return room.subarray(0, length);
  }

  end(): PendingEvent[] {
    if (this.#failure !== null) throw this.#failure;
    const events: PendingEvent[] = [];
    if (
      this.#state === 'scan' &&
      !this.#scan.isContainer &&
      !this.#scan.isString &&
      this.#stack.length === 0
    ) {
      this.#finishScan(this.#pending, this.#pending.length, events);
    }
    if (this.#stack.length > 0 || this.#state === 'scan' || this.#state === 'scan-key') {
      throw this.#broken(this.#pending.length, 'the text ends in the middle of a value; the file is cut off');
    }
    return events;
  }

  #run(buffer: Buffer, events: PendingEvent[]): number {
    let position = this.#state === 'scan' || this.#state === 'scan-key' ? this.#scan.position : 0;
    const length = buffer.length;
    while (position < length) {
      switch (this.#state) {
        case 'scan':
        case 'scan-key': {
          const end = this.#advance(buffer, position);
          if (end < 0) return this.#holdScan(length);
          if (this.#state === 'scan-key') this.#finishKey(buffer, end);
          else this.#finishScan(buffer, end, events);
          position = end;
          break;
        }
        default: {
          const byte = buffer[position] as number;
          if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
            position++;
            break;
          }
          position = this.#structure(byte, position, events);
        }
      }
    }
    return this.#state === 'scan' || this.#state === 'scan-key' ? this.#holdScan(length) : length;
  }

  /** Keeps the bytes of a value that is still open; drops them when nobody wants the value. */
  #holdScan(length: number): number {
    const scan = this.#scan;
    scan.position = length;
    if (!scan.dropped && length - scan.start > ELEMENT_BYTES_MAX) scan.dropped = true;
    if (scan.dropped || (this.#state === 'scan' && this.#verdict.kind === 'skip')) {
      scan.start = length;
      return length;
    }
    return scan.start;
  }

  #structure(byte: number, position: number, events: PendingEvent[]): number {
    const frame = this.#stack.at(-1);
    switch (this.#state) {
      case 'value': {
        if (byte === CLOSE_ARRAY && frame?.isArray === true && frame.index === 0)
          return this.#close(position, events);
        if (frame === undefined && this.#sawValue && !this.#documents) {
          throw this.#broken(position, 'text follows after the end of the JSON value');
        }
        return this.#beginValue(byte, position, frame);
      }
      case 'first-key':
      case 'key':
        if (byte === CLOSE_OBJECT && this.#state === 'first-key') return this.#close(position, events);
        if (byte !== QUOTE) throw this.#broken(position, 'a key in double quotes was expected');
        this.#state = 'scan-key';
        this.#scan = {
          start: position,
          position,
          depth: 0,
          inString: true,
          isContainer: false,
          isString: true,
          dropped: false,
          escaped: false,
          members: 0,
        };
        return position + 1;
      case 'colon':
        if (byte !== COLON) throw this.#broken(position, 'a colon was expected');
        this.#state = 'value';
        return position + 1;
      default: {
        if (frame === undefined) {
          this.#state = 'value';
          return position;
        }
        if (byte === COMMA) {
          this.#state = frame.isArray ? 'value' : 'key';
          frame.index++;
          return position + 1;
        }
        if (byte === (frame.isArray ? CLOSE_ARRAY : CLOSE_OBJECT)) return this.#close(position, events);
        throw this.#broken(
          position,
          `a comma or a closing ${frame.isArray ? 'bracket' : 'brace'} was expected`,
        );
      }
    }
  }

  #beginValue(byte: number, position: number, frame: Frame | undefined): number {
    if (frame !== undefined) this.#path[frame.depth] = frame.isArray ? String(frame.index) : frame.key;
    this.#path.length = this.#stack.length;
    const isContainer = byte === OPEN_OBJECT || byte === OPEN_ARRAY;
    const verdict = this.#judge();
    if (verdict.kind === 'descend' && isContainer) {
      if (this.#stack.length >= DEPTH_MAX) throw this.#tooDeep(position);
      this.#stack.push({
        isArray: byte === OPEN_ARRAY,
        members: {},
        depth: this.#stack.length,
        key: '',
        index: 0,
      });
      this.#state = byte === OPEN_ARRAY ? 'value' : 'first-key';
      return position + 1;
    }
    if (byte === COMMA || byte === COLON || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      throw this.#broken(position, 'a value was expected');
    }
    this.#verdict = verdict.kind === 'descend' ? KEEP : verdict;
    this.#state = 'scan';
    this.#scan = {
      start: position,
      position,
      depth: isContainer ? 1 : 0,
      inString: byte === QUOTE,
      isContainer,
      isString: byte === QUOTE,
      dropped: false,
      escaped: false,
      members: 0,
    };
    return position + 1;
  }

  /** Moves through the open value; answers the position after its end, or -1 when more bytes are needed. */
  #advance(buffer: Buffer, from: number): number {
    const scan = this.#scan;
    const length = buffer.length;
    let position = from;
    while (position < length) {
      if (scan.inString) {
        // An escape that ended the last chunk covers the first byte of this one.
        if (scan.escaped) {
          scan.escaped = false;
          position++;
        }
        while (position < length) {
          const byte = buffer[position];
          if (byte === QUOTE) break;
          position += byte === BACKSLASH ? 2 : 1;
        }
        if (position >= length) {
          scan.escaped = position > length;
          return -1;
        }
        scan.inString = false;
        position++;
        if (scan.isString) return position;
        continue;
      }
      if (!scan.isContainer) {
        const byte = buffer[position] as number;
        if (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT || byte <= 0x20) return position;
        position++;
        continue;
      }
      const byte = buffer[position++] as number;
      if (byte === QUOTE) scan.inString = true;
      else if (byte === COLON) scan.members++;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (++scan.depth + this.#stack.length > DEPTH_MAX) throw this.#tooDeep(position);
      } else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --scan.depth === 0) return position;
    }
    return -1;
  }

  #finishKey(buffer: Buffer, end: number): void {
    const frame = this.#stack.at(-1) as Frame;
    const raw = buffer.toString('utf8', this.#scan.start, end);
    try {
      frame.key = JSON.parse(raw) as string;
    } catch (cause) {
      throw this.#broken(this.#scan.start, 'a key is no valid JSON text', cause);
    }
    if (Object.hasOwn(frame.members, frame.key))
      throw this.#broken(this.#scan.start, `the key "${oneLine(frame.key, 100)}" is given twice`);
    this.#state = 'colon';
  }

  #finishScan(buffer: Buffer, end: number, events: PendingEvent[]): void {
    const verdict = this.#verdict;
    const scan = this.#scan;
    const frame = this.#stack.at(-1);
    this.#state = 'after-value';
    if (frame === undefined) this.#endDocument();
    if (verdict.kind === 'skip') return;
    if (scan.dropped) {
      if (verdict.kind === 'element')
        events.push({
          kind: 'bad',
          pattern: verdict.pattern,
          path: this.#where(),
          message: `larger than ${ELEMENT_BYTES_MAX / 1024 / 1024} MB`,
        });
      return;
    }
    if (verdict.kind === 'element') {
      events.push({
        kind: 'unread',
        pattern: verdict.pattern,
        path: this.#where(),
        bytes: buffer.subarray(scan.start, end),
        members: scan.members,
        parents: this.#stack.map((each) => each.members),
      });
      return;
    }
    let value: JsonValue;
    let fault: string | null;
    try {
      const text = buffer.toString('utf8', scan.start, end);
      value = parseJson(text);
      fault = memberFault(value, scan.members, text);
    } catch (cause) {
      throw this.#broken(scan.start, `"${this.#where()}" is no valid JSON`, cause);
    }
    if (fault !== null) throw this.#broken(scan.start, `"${this.#where()}": ${fault}`);
    if (frame !== undefined && !frame.isArray && frame.key !== '__proto__')
      (frame.members as Record<string, JsonValue>)[frame.key] = value;
  }

  #close(position: number, events: PendingEvent[]): number {
    const frame = this.#stack.pop() as Frame;
    this.#path.length = this.#stack.length;
    if (!frame.isArray) {
      events.push({
        kind: 'close',
        depth: frame.depth,
        path: this.#where(),
        value: frame.members,
        parents: this.#stack.map((each) => each.members),
      });
    }
    this.#state = 'after-value';
    if (this.#stack.length === 0) this.#endDocument();
    return position + 1;
  }

  #endDocument(): void {
    this.#sawValue = true;
    this.#document++;
  }

  #judge(): Verdict {
    const path = this.#path;
    for (const skipped of this.#skip)
      if (skipped.length === path.length && matches(skipped, path)) return SKIP;
    let descends = false;
    for (let i = 0; i < this.#patterns.length; i++) {
      const pattern = this.#patterns[i] as readonly string[];
      if (!matches(pattern, path)) continue;
      if (pattern.length === path.length) return { kind: 'element', pattern: i };
      descends = true;
    }
    return descends ? DESCEND : KEEP;
  }

  /** The place of the current value as a person would write it: `Results[2].Vulnerabilities[0]`. */
  #where(): string {
    let text = this.#documents ? `[${this.#document - (this.#stack.length === 0 ? 1 : 0)}]` : '';
    for (let i = 0; i < this.#path.length; i++) {
      const segment = this.#path[i] as string;
      if (this.#stack[i]?.isArray ?? false) text += `[${segment}]`;
      else text += text === '' ? segment : `.${segment}`;
    }
    return text;
  }

  #broken(position: number, sentence: string, cause?: unknown): InboxError {
    return new InboxError(
      'report_broken',
      `Not valid JSON at byte ${this.#offset + position}: ${sentence}.`,
      { cause },
    );
  }

  #tooDeep(position: number): InboxError {
    return new InboxError(
      'report_too_deep',
      `Nested deeper than ${DEPTH_MAX} levels at byte ${this.#offset + position}; no scanner writes that.`,
    );
  }
}

function segments(pattern: string): readonly string[] {
  return pattern === '' ? [] : pattern.split('.');
}

/** True where the path agrees with the beginning of the pattern. */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length < path.length) return false;
  for (let i = 0; i < path.length; i++) {
    const segment = pattern[i];
    if (segment !== '*' && segment !== path[i]) return false;
  }
  return true;
}

/** Parses an element. */
export function readElement({ pattern, path, bytes, members, parents }: UnreadElement): SliceEvent {
  let value: JsonValue;
  let message: string | null;
  try {
    const text = bytes.toString('utf8');
    value = parseJson(text);
    message = memberFault(value, members, text);
  } catch {
    return { kind: 'bad', pattern, path, message: 'no valid JSON' };
  }
  return message === null
    ? { kind: 'element', pattern, path, value, parents }
    : { kind: 'bad', pattern, path, message };
}

/** `JsonSlicer` over a stream of bytes, event by event. */
export async function* sliceJson(
  input: AsyncIterable<Uint8Array>,
  options: SliceOptions,
): AsyncGenerator<SliceEvent> {
  const slicer = new JsonSlicer(options);
  const { recall } = options;
  // `yield*` of an array would wait for a promise of each of its elements.
  for await (const chunk of input)
    for (const event of slicer.push(chunk))
      if (event.kind !== 'unread') yield event;
      else if (recall === undefined || !recall(event)) yield readElement(event);
  for (const event of slicer.end())
    if (event.kind !== 'unread') yield event;
    else if (recall === undefined || !recall(event)) yield readElement(event);
  if (!slicer.sawDocument)
    throw new InboxError('report_empty', 'The file holds no JSON value; a report was expected.');
}
