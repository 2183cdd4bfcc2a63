import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { InboxError } from '#base/inbox-error.ts';
import type { XmlElement } from './xml-element.ts';

/**
 * What the slicer found, in document order. Paths are XPath: `/report/host[2]/item[5]`.
 *
 * - `element`: an element whose path is wanted, with all that stands in it. `parents` are the
 *   elements around it, outermost first, with the children read so far (wanted ones are never kept).
 * - `bad`: a wanted element that is too large to be read.
 * - `close`: an element around wanted ones has ended; it holds its other children and no text.
 */
export type XmlEvent =
  | {
      readonly kind: 'element';
      readonly pattern: number;
      readonly path: string;
      readonly value: XmlElement;
      readonly parents: readonly XmlElement[];
    }
  | { readonly kind: 'bad'; readonly pattern: number; readonly path: string; readonly message: string }
  | {
      readonly kind: 'close';
      readonly depth: number;
      readonly path: string;
      readonly value: XmlElement;
      readonly parents: readonly XmlElement[];
    };

export interface XmlSliceOptions {
  /** Paths of local names of the elements to deliver one by one, `*` for any name: `report/host/item`. */
  readonly records: readonly string[];
  /** Paths of elements around them that nobody reads. */
  readonly skip?: readonly string[];
}

const DEPTH_MAX = 128;
const ATTRIBUTES_MAX = 256;
const CHARACTERS_MAX = 64 * 1024 * 1024;
const ELEMENTS_MAX = 500_000;
const TOO_LARGE = '64 MB or 500,000 elements';
const PROLOG_CHARACTERS_MAX = 1024 * 1024;
const NAMESPACES_MAX = 256;
/** Of a document type: an entity, or a reference to one that could declare more. */
const DECLARES_ENTITY = /<!\s*ENTITY|%[\w:]/i;
/** Different names of siblings that are numbered. */
const NAMES_MAX = 10_000;

type Role = 'parent' | 'record' | 'kept' | 'skipped';
interface Verdict {
  readonly role: Role;
  readonly pattern: number;
}

const PARENT: Verdict = { role: 'parent', pattern: -1 };
const KEPT: Verdict = { role: 'kept', pattern: -1 };
const SKIPPED: Verdict = { role: 'skipped', pattern: -1 };

interface MutableElement {
  name: string;
  namespace: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

interface OpenElement {
  readonly element: MutableElement;
  readonly role: Role;
  readonly pattern: number;
  /** Which of its siblings of the same name this is, from 1. */
  readonly position: number;
  /** Of a parent: how many children of each name it had. */
  readonly seen: Map<string, number> | null;
  /** Addresses by prefix, the empty one for names without. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** What it holds in memory beside records, itself included. */
  characters: number;
  elements: number;
}

interface Weight {
  characters: number;
  elements: number;
}

/**
 * Cuts an XML text of any size into the elements that are wanted: memory follows the largest of
 * them, not the file. A document type is passed over, also one that declares its elements (Burp); one that declares
 * entities is refused, so no entity is ever expanded and nothing is ever fetched.
 * Throws `report_broken` with the line where the text breaks, `report_too_deep` beyond 128 levels and
 * `too_large` for more than 256 attributes of one element; what was delivered before stays valid.
 */
export async function* sliceXml(
  input: AsyncIterable<Uint8Array>,
  options: XmlSliceOptions,
): AsyncGenerator<XmlEvent> {
  const slicer = new XmlSlicer(options);
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  for await (const chunk of input) {
    decoder ??= new TextDecoder(declaredEncoding(chunk));
    yield* slicer.push(decoder.decode(chunk, { stream: true }));
    slicer.check();
  }
  yield* slicer.push(decoder?.decode() ?? '');
  slicer.check();
  yield* slicer.end();
  slicer.check();
}

/** Local name and namespace of the root of an XML text that may be cut off; null when it has none. Never throws. */
export function rootOfXml(text: string): { readonly name: string; readonly namespace: string } | null {
  const parser = new SaxesParser();
  let root: { name: string; namespace: string } | null = null;
  parser.on('error', () => {
    // What follows the root may be broken or cut off.
  });
  parser.on('opentag', (tag) => {
    root ??= named(tag.name, namespacesOf(tag, NO_NAMESPACES));
  });
  for (let from = 0; from < text.length && root === null; from += 4096)
    parser.write(text.slice(from, from + 4096));
  return root;
}

const NO_NAMESPACES: ReadonlyMap<string, string> = new Map();
const NO_ATTRIBUTES: Record<string, string> = Object.freeze(Object.create(null));

/** The namespaces within an element: those around it and those that it declares. */
function namespacesOf(tag: SaxesTagPlain, around: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  let own: Map<string, string> | null = null;
  for (const name in tag.attributes) {
    if (!name.startsWith('xmlns') || (name.length > 5 && name[5] !== ':')) continue;
    own ??= new Map(around);
    // Each element that declares one copies them all; no report declares hundreds.
    if (own.size < NAMESPACES_MAX) own.set(name.slice(6), tag.attributes[name] ?? '');
  }
  return own ?? around;
}

function named(
  name: string,
  namespaces: ReadonlyMap<string, string>,
): { readonly name: string; readonly namespace: string } {
  const colon = name.indexOf(':');
  return {
    name: name.slice(colon + 1),
    namespace: namespaces.get(colon < 0 ? '' : name.slice(0, colon)) ?? '',
  };
}

class XmlSlicer {
  readonly #parser = new SaxesParser();
  readonly #records: readonly (readonly string[])[];
  readonly #skip: readonly (readonly string[])[];
  readonly #stack: OpenElement[] = [];
  #events: XmlEvent[] = [];
  #failure: unknown = null;
  #read = 0;
  #lastEventAt = 0;
  #sawRoot = false;
  /** How many the open tag has so far. */
  #attributes = 0;
  /** The record that is open, and whether it was given up. */
  #record: (Weight & { tooLarge: boolean }) | null = null;
  /** What all open parents hold beside their records. */
  #beside: Weight = { characters: 0, elements: 0 };

  constructor(options: XmlSliceOptions) {
    this.#records = options.records.map((path) => path.split('/'));
    this.#skip = (options.skip ?? []).map((path) => path.split('/'));
    this.#parser.on('error', (error) => {
      throw new InboxError(
        'report_broken',
        `Not well-formed XML at line ${error.message.replace(/^(\d+):(\d+): /, '$1, column $2: ')}`,
        { cause: error },
      );
    });
    this.#parser.on('doctype', (text) => this.#meetDoctype(text));
    this.#parser.on('opentagstart', () => {
      this.#attributes = 0;
    });
    this.#parser.on('attribute', () => this.#meetAttribute());
    this.#parser.on('opentag', (tag) => this.#open(tag));
    this.#parser.on('closetag', () => this.#close());
    this.#parser.on('text', (text) => this.#addText(text));
    this.#parser.on('cdata', (text) => this.#addText(text));
    this.#parser.on('comment', () => this.#meet());
  }

  /** Answers what stands in this text up to where it breaks; `check` then says that it does. */
  push(text: string): XmlEvent[] {
    return this.#collect(() => this.#write(text));
  }

  end(): XmlEvent[] {
    return this.#collect(() => {
      if (!this.#sawRoot)
        throw new InboxError('report_empty', 'The file holds no XML element; a report was expected.');
      this.#parser.close();
    });
  }

  /** Throws what broke the text, after what came before it was handed out. */
  check(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  #collect(read: () => void): XmlEvent[] {
    this.#events = [];
    try {
      read();
    } catch (failure) {
      this.#failure = failure;
    }
    return this.#events;
  }

  #write(text: string): void {
    this.#read += text.length;
    this.#parser.write(text);
    if (!this.#sawRoot && this.#read > PROLOG_CHARACTERS_MAX) {
      throw new InboxError(
        'report_broken',
        'No XML element within the first megabyte; a report begins sooner.',
      );
    }
    if (this.#read - this.#lastEventAt > CHARACTERS_MAX) {
      throw new InboxError(
        'too_large',
        'Expected texts, comments and tags of at most 64 MB, found a longer one. No scanner writes that: look where the file comes from.',
      );
    }
  }

  #meet(): void {
    this.#lastEventAt = this.#read;
  }

  #meetAttribute(): void {
    if (++this.#attributes <= ATTRIBUTES_MAX) return;
    throw new InboxError(
      'too_large',
      `Expected at most ${ATTRIBUTES_MAX} attributes of an element, found more at line ${this.#parser.line}. No scanner writes that: look where the file comes from.`,
    );
  }

  #meetDoctype(text: string): void {
    this.#meet();
    const subset = text.indexOf('[');
    if (subset < 0 || !DECLARES_ENTITY.test(text.slice(subset))) return;
    throw new InboxError(
      'report_broken',
      'The XML declares its own entities in a DOCTYPE. No report needs that and it is a known attack, so the file is not read. Look where it comes from, or take the declarations out.',
    );
  }

  #open(tag: SaxesTagPlain): void {
    this.#meet();
    this.#sawRoot = true;
    if (this.#stack.length >= DEPTH_MAX) {
      throw new InboxError(
        'report_too_deep',
        `Expected elements in each other at most ${DEPTH_MAX} levels deep, found more at line ${this.#parser.line}. No scanner writes that: look where the file comes from.`,
      );
    }
    const around = this.#stack.at(-1);
    const namespaces = namespacesOf(tag, around?.namespaces ?? NO_NAMESPACES);
    const { name, namespace } = named(tag.name, namespaces);
    const position = (around?.seen?.get(name) ?? 0) + 1;
    if (position > 1 || (around?.seen?.size ?? 0) < NAMES_MAX) around?.seen?.set(name, position);
    const { role, pattern } = this.#judge(name, around);
    const element: MutableElement = { name, namespace, attributes: NO_ATTRIBUTES, children: [], text: '' };
    const open: OpenElement = {
      element,
      role,
      pattern,
      position,
      seen: role === 'parent' ? new Map() : null,
      namespaces,
      characters: 0,
      elements: 0,
    };
    this.#stack.push(open);
    if (role === 'record') this.#record = { characters: 0, elements: 0, tooLarge: false };
    if (this.#keeps(open)) this.#weigh(open, this.#addAttributes(element, tag), 1);
  }

  /** Answers the number of characters that they hold. */
  #addAttributes(element: MutableElement, tag: SaxesTagPlain): number {
    let characters = 0;
    for (const name in tag.attributes) {
      if (element.attributes === NO_ATTRIBUTES) element.attributes = Object.create(null);
      const value = tag.attributes[name] ?? '';
      element.attributes[name] = value;
      characters += name.length + value.length;
    }
    return characters;
  }

  #addText(text: string): void {
    this.#meet();
    const open = this.#stack.at(-1);
    // Between the records of a parent stands only white space.
    if (open === undefined || open.role === 'parent' || !this.#keeps(open)) return;
    open.element.text += text;
    this.#weigh(open, text.length, 0);
  }

  #close(): void {
    this.#meet();
    const open = this.#stack.at(-1) as OpenElement;
    const { element, role, pattern } = open;
    element.text = element.text.trim();
    if (role === 'record') {
      const path = this.#where();
      if (this.#record?.tooLarge === true)
        this.#events.push({ kind: 'bad', pattern, path, message: `larger than ${TOO_LARGE}` });
      else this.#events.push({ kind: 'element', pattern, path, value: element, parents: this.#parents() });
      this.#record = null;
    } else if (role === 'parent') {
      this.#events.push({
        kind: 'close',
        depth: this.#stack.length - 1,
        path: this.#where(),
        value: element,
        parents: this.#parents(),
      });
      this.#beside.characters -= open.characters;
      this.#beside.elements -= open.elements;
    } else if (this.#keeps(open)) {
      const around = this.#stack.at(-2);
      around?.element.children.push(element);
      if (around !== undefined) add(around, open.characters, open.elements);
    }
    this.#stack.pop();
  }

  #keeps(open: OpenElement): boolean {
    return open.role !== 'skipped' && this.#record?.tooLarge !== true;
  }

  /** Keeps what is held in memory within bounds: a record that grows beyond them is dropped, a report is refused. */
  #weigh(open: OpenElement, characters: number, elements: number): void {
    const weight = this.#record ?? this.#beside;
    if (this.#record === null) add(open, characters, elements);
    add(weight, characters, elements);
    if (weight.characters <= CHARACTERS_MAX && weight.elements <= ELEMENTS_MAX) return;
    if (this.#record === null)
      throw new InboxError(
        'too_large',
        `What stands around the report's records is larger than ${TOO_LARGE}. Split the report and import the parts.`,
      );
    this.#record.tooLarge = true;
    for (const each of this.#stack) {
      if (each.role !== 'record' && each.role !== 'kept') continue;
      each.element.children = [];
      each.element.text = '';
    }
  }

  #judge(name: string, around: OpenElement | undefined): Verdict {
    if (around !== undefined && around.role !== 'parent') return around.role === 'skipped' ? SKIPPED : KEPT;
    const length = this.#stack.length + 1;
    const agrees = (path: readonly string[]): boolean => path.length >= length && this.#agrees(path, name);
    if (this.#skip.some((path) => path.length === length && agrees(path))) return SKIPPED;
    const pattern = this.#records.findIndex((path) => path.length === length && agrees(path));
    if (pattern >= 0) return { role: 'record', pattern };
    return this.#records.some(agrees) ? PARENT : KEPT;
  }

  #agrees(path: readonly string[], name: string): boolean {
    for (let i = 0; i < this.#stack.length; i++) {
      if (path[i] !== '*' && path[i] !== this.#stack[i]?.element.name) return false;
    }
    const last = path[this.#stack.length];
    return last === '*' || last === name;
  }

  #parents(): XmlElement[] {
    return this.#stack.slice(0, -1).map((open) => open.element);
  }

  /** The place of the current element as XPath writes it, with a number wherever siblings share a name. */
  #where(): string {
    let text = '';
    for (const [i, open] of this.#stack.entries())
      text += i === 0 ? `/${open.element.name}` : `/${open.element.name}[${open.position}]`;
    return text;
  }
}

function add(weight: Weight, characters: number, elements: number): void {
  weight.characters += characters;
  weight.elements += elements;
}

/** The encoding that the XML declaration names, where it is one that bytes can still be in; else UTF-8. */
function declaredEncoding(chunk: Uint8Array): string {
  const declaration = Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.byteLength, 200)).toString(
    'latin1',
  );
  const name =
    /^\s*<\?xml[^>]{0,150}?encoding\s*=\s*["']([\w.-]{1,40})["']/.exec(declaration)?.[1]?.toLowerCase() ??
    'utf-8';
  // UTF-16 was turned into UTF-8 where the file was opened; the declaration still says UTF-16.
  return name.startsWith('utf') || !KNOWN_ENCODINGS.has(name) ? 'utf-8' : name;
}

const KNOWN_ENCODINGS: ReadonlySet<string> = new Set([
  'iso-8859-1',
  'iso-8859-15',
  'windows-1252',
  'us-ascii',
  'windows-1251',
  'gbk',
  'gb2312',
  'big5',
  'shift_jis',
  'euc-jp',
  'euc-kr',
]);
