import { InboxError } from './inbox-error.ts';
import { type JsonObject, type JsonValue, readMembers } from './json-value.ts';
import { PathPlace, type Verdict } from './path-patterns.ts';
import { oneLine } from './text.ts';
import { type UnreadElement, type UnreadEvent, UnreadRun } from './unread-element.ts';

export interface SliceOptions {
  /** Paths of the values to deliver one by one, `*` for any key or index: `Results.*.Vulnerabilities.*`; `` for whole documents. */
  readonly patterns: readonly string[];
  /** Paths of members around them that nobody reads; they are passed over without being parsed. */
  readonly skip?: readonly string[];
  /** More than one JSON text may follow each other (JSON lines, concatenated pages). */
  readonly documents?: boolean;
  /** What follows the document is left unread: for who goes through a report twice, and meets it the second time, behind its entries. */
  readonly ignoresRest?: boolean;
  /** Asked of each element before it is parsed, once everything before it was delivered; one of which it says true is passed over. */
  readonly recall?: ((element: UnreadElement) => boolean) | undefined;
}

const ELEMENT_BYTES_MAX = 64 * 1024 * 1024;
const KEYS_REMEMBERED_MAX = 1_000;
const KEY_REMEMBERED_LENGTH_MAX = 100;
const ROOM_BYTES_MAX = 4 * 1024 * 1024;
const DEPTH_MAX = 64;

/** From here on a text is long: looking for its end takes one call instead of a look at each of its bytes. */
const LONG_TEXT_BYTES = 64;
const SHORT_TEXT_BYTES = 24;

interface Frame {
  /** Where it stands, as a person would write it: `Results[2].Vulnerabilities`. */
  readonly path: string;
  readonly isArray: boolean;
  readonly members: JsonObject;
  readonly depth: number;
  key: string;
  index: number;
  readonly place: PathPlace;
  /** What becomes of each of its elements; null where they are not all wanted one by one. */
  readonly each: Verdict | null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

/** What a byte outside of texts does. A look-up is much faster than comparisons. */
const TEXT = 1;
const MEMBER = 2;
const OPENS = 3;
const CLOSES = 4;
const DOES = new Uint8Array(256);
DOES[QUOTE] = TEXT;
DOES[COLON] = MEMBER;
for (const byte of [OPEN_OBJECT, OPEN_ARRAY]) DOES[byte] = OPENS;
for (const byte of [CLOSE_OBJECT, CLOSE_ARRAY]) DOES[byte] = CLOSES;

type State = 'value' | 'first-key' | 'key' | 'colon' | 'after-value' | 'scan' | 'scan-key';
const KEEP: Verdict = { kind: 'keep' };

/**
 * Cuts a JSON text of any size into the values that are wanted, without building the rest: memory
 * follows the largest single value, not the file. Push bytes in any chunks, then `end()`.
 * Throws `report_broken` with the byte offset where the text breaks and `report_too_deep`
 * beyond 64 levels; what was delivered before stays valid.
 */
export class JsonSlicer {
  readonly #root: PathPlace;
  readonly #documents: boolean;
  readonly #stack: Frame[] = [];
  /** Keys by how they are written, quotes and escapes included: the same few come again and again. */
  readonly #keys = new Map<string, string>();
  /** What the containers around the current value hold; null where they have changed. */
  #parents: readonly JsonObject[] | null = null;
  #pending: Buffer = Buffer.alloc(0);
  /** Where chunks are put together: used again and again, as a new piece of memory for each would be most of what there is to collect. */
  #room: Buffer = Buffer.alloc(0);
  #offset = 0;
  #state: State = 'value';
  #document = 0;
  readonly #scan = {
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
    this.#root = PathPlace.root(options.patterns, options.skip ?? []);
    this.#documents = options.documents ?? false;
  }

  /** True once a complete top-level value was read. */
  get sawDocument(): boolean {
    return this.#document > 0;
  }

  /** Where the text breaks inside this chunk, what stood before is answered, and the next call throws. */
  push(chunk: Uint8Array): UnreadEvent[] {
    if (this.#failure !== null) throw this.#failure;
    this.#pending = this.#behindPending(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    const events: UnreadEvent[] = [];
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

  end(): UnreadEvent[] {
    if (this.#failure !== null) throw this.#failure;
    const events: UnreadEvent[] = [];
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

  #run(buffer: Buffer, events: UnreadEvent[]): number {
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
          if (this.#state === 'value') position = this.#elements(buffer, position, events);
        }
      }
    }
    return this.#state === 'scan' || this.#state === 'scan-key' ? this.#holdScan(length) : length;
  }

  /**
   * Goes through the next elements of a list that are all wanted, as far as they lie in these bytes, as the loop does
   * that calls it, but without asking for each what becomes of it. Answers where it stopped.
   */
  #elements(buffer: Buffer, from: number, events: UnreadEvent[]): number {
    const frame = this.#stack.at(-1);
    if (frame === undefined || frame.each === null) return from;
    this.#verdict = frame.each;
    let position = from;
    while (true) {
      position = afterSpace(buffer, position);
      const byte = buffer[position];
      const isContainer = byte === OPEN_OBJECT || byte === OPEN_ARRAY;
      if (!isContainer && byte !== QUOTE) return position;
      this.#beginScan(position, isContainer, !isContainer);
      const end = this.#advance(buffer, position + 1);
      if (end < 0) {
        this.#state = 'scan';
        return buffer.length;
      }
      this.#deliver(buffer, end, events, frame);
      position = afterSpace(buffer, end);
      if (buffer[position] !== COMMA) {
        this.#state = 'after-value';
        return position;
      }
      frame.index++;
      position++;
    }
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

  #structure(byte: number, position: number, events: UnreadEvent[]): number {
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
        this.#beginScan(position, false, true);
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
    const place = frame === undefined ? this.#root : frame.place.of(frame.isArray ? frame.index : frame.key);
    const isContainer = byte === OPEN_OBJECT || byte === OPEN_ARRAY;
    const { verdict } = place;
    if (verdict.kind === 'descend' && isContainer) {
      if (this.#stack.length >= DEPTH_MAX) throw this.#tooDeep(position);
      this.#stack.push({
        path: this.#where(),
        isArray: byte === OPEN_ARRAY,
        members: {},
        depth: this.#stack.length,
        key: '',
        index: 0,
        place,
        each: byte === OPEN_ARRAY ? place.elements : null,
      });
      this.#parents = null;
      this.#state = byte === OPEN_ARRAY ? 'value' : 'first-key';
      return position + 1;
    }
    if (byte === COMMA || byte === COLON || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      throw this.#broken(position, 'a value was expected');
    }
    this.#verdict = verdict.kind === 'descend' ? KEEP : verdict;
    this.#state = 'scan';
    this.#beginScan(position, isContainer, byte === QUOTE);
    return position + 1;
  }

  #beginScan(position: number, isContainer: boolean, isString: boolean): void {
    const scan = this.#scan;
    scan.start = position;
    scan.position = position;
    scan.depth = isContainer ? 1 : 0;
    scan.inString = isString;
    scan.isContainer = isContainer;
    scan.isString = isString;
    scan.dropped = false;
    scan.escaped = false;
    scan.members = 0;
  }

  /** Moves through the open value; answers the position after its end, or -1 when more bytes are needed. */
  #advance(buffer: Buffer, from: number): number {
    const scan = this.#scan;
    if (scan.isString) return this.#endOfText(buffer, from);
    if (!scan.isContainer) {
      for (let position = from; position < buffer.length; position++) {
        const byte = buffer[position] as number;
        if (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT || byte <= 0x20) return position;
      }
      return -1;
    }
    const depthMax = DEPTH_MAX - this.#stack.length;
    let { depth, members } = scan;
    let position = scan.inString ? this.#endOfText(buffer, from) : from;
    while (position >= 0 && position < buffer.length) {
      const does = DOES[buffer[position++] as number];
      if (does === 0) continue;
      if (does === TEXT) {
        // Most texts are short: the call is only made for the others.
        const near = Math.min(buffer.length, position + SHORT_TEXT_BYTES);
        let inner = position;
        let at = buffer[inner] as number;
        while (inner < near && at !== QUOTE && at !== BACKSLASH) at = buffer[++inner] as number;
        position = inner < near && at === QUOTE ? inner + 1 : this.#endOfText(buffer, inner);
      } else if (does === MEMBER) members++;
      else if (does === OPENS) {
        if (++depth > depthMax) throw this.#tooDeep(position);
      } else if (--depth === 0) {
        scan.members = members;
        return position;
      }
    }
    scan.depth = depth;
    scan.members = members;
    return -1;
  }

  /** The position after the quote that ends the open text, or -1 when it is not in these bytes. */
  #endOfText(buffer: Buffer, from: number): number {
    const scan = this.#scan;
    const length = buffer.length;
    // An escape that ended the last chunk covers the first byte of this one.
    let position = scan.escaped ? from + 1 : from;
    scan.escaped = false;
    scan.inString = true;
    while (position < length) {
      const near = Math.min(length, position + LONG_TEXT_BYTES);
      while (position < near) {
        const byte = buffer[position];
        if (byte === QUOTE) {
          scan.inString = false;
          return position + 1;
        }
        position += byte === BACKSLASH ? 2 : 1;
      }
      if (position >= length) break;
      const quote = buffer.indexOf(QUOTE, position);
      const end = quote < 0 ? length : quote;
      let escapes = end;
      while (escapes > position && buffer[escapes - 1] === BACKSLASH) escapes--;
      const isEscaped = (end - escapes) % 2 === 1;
      if (quote >= 0 && !isEscaped) {
        scan.inString = false;
        return quote + 1;
      }
      position = isEscaped ? end + 1 : end;
    }
    scan.escaped = position > length;
    return -1;
  }

  #finishKey(buffer: Buffer, end: number): void {
    const frame = this.#stack.at(-1) as Frame;
    const raw = buffer.toString('utf8', this.#scan.start, end);
    frame.key = this.#keys.get(raw) ?? this.#readKey(raw);
    if (Object.hasOwn(frame.members, frame.key))
      throw this.#broken(this.#scan.start, `the key "${oneLine(frame.key, 100)}" is given twice`);
    this.#state = 'colon';
  }

  #readKey(raw: string): string {
    let key: string;
    try {
      key = JSON.parse(raw) as string;
    } catch (cause) {
      throw this.#broken(this.#scan.start, 'a key is no valid JSON text', cause);
    }
    if (this.#keys.size >= KEYS_REMEMBERED_MAX) this.#keys.clear();
    if (raw.length <= KEY_REMEMBERED_LENGTH_MAX) this.#keys.set(raw, key);
    return key;
  }

  #finishScan(buffer: Buffer, end: number, events: UnreadEvent[]): void {
    const frame = this.#stack.at(-1);
    this.#state = 'after-value';
    this.#deliver(buffer, end, events, frame);
    if (frame === undefined) this.#endDocument();
  }

  #deliver(buffer: Buffer, end: number, events: UnreadEvent[], frame: Frame | undefined): void {
    const verdict = this.#verdict;
    const scan = this.#scan;
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
      const { pattern } = verdict;
      const parents = this.#around();
      const index = frame?.isArray === true ? frame.index : null;
      let run = events.at(-1);
      if (run?.kind !== 'unread' || !run.goesOn(pattern, index, parents, end)) {
        const path = frame === undefined || index === null ? this.#where() : frame.path;
        run = new UnreadRun(pattern, path, index, parents, buffer);
        events.push(run);
      }
      run.add(scan.start, end, scan.members);
      return;
    }
    let value: JsonValue;
    let fault: string | null;
    try {
      ({ value, fault } = readMembers(buffer.toString('utf8', scan.start, end), scan.members));
    } catch (cause) {
      throw this.#broken(scan.start, `"${this.#where()}" is no valid JSON`, cause);
    }
    if (fault !== null) throw this.#broken(scan.start, `"${this.#where()}" is ${fault}`);
    if (frame !== undefined && !frame.isArray && frame.key !== '__proto__')
      (frame.members as Record<string, JsonValue>)[frame.key] = value;
  }

  #close(position: number, events: UnreadEvent[]): number {
    const frame = this.#stack.pop() as Frame;
    this.#parents = null;
    if (!frame.isArray) {
      events.push({
        kind: 'close',
        depth: frame.depth,
        path: frame.path,
        value: frame.members,
        parents: this.#around(),
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

  #around(): readonly JsonObject[] {
    this.#parents ??= this.#stack.map((each) => each.members);
    return this.#parents;
  }

  /** The place of the current value as a person would write it: `Results[2].Vulnerabilities[0]`. */
  #where(): string {
    const frame = this.#stack.at(-1);
    if (frame === undefined) return this.#documents ? `[${this.#document}]` : '';
    if (frame.isArray) return `${frame.path}[${frame.index}]`;
    return frame.path === '' ? frame.key : `${frame.path}.${frame.key}`;
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
      `Expected lists and objects in each other at most ${DEPTH_MAX} levels deep, found more at byte ${this.#offset + position}. No scanner writes that: look where the file comes from.`,
    );
  }
}

function afterSpace(buffer: Buffer, from: number): number {
  let position = from;
  let byte = buffer[position];
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = buffer[++position];
  return position;
}
