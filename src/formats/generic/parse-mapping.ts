import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { type Severity, severityOfWord } from '#domain/severity/severity.ts';
import { type FieldSource, MAPPED_FIELDS, type MappedField, type ReportMapping } from './report-mapping.ts';

const LENGTH_MAX = 64 * 1024;
const TEXT_MAX = 300;
const WHEN_MAX = 20;
const MEMBERS = ['tool', 'entries', 'when', 'fields', 'severities', 'state'];

/** A member of a map: its name, and the node behind it. */
interface Member {
  readonly name: string;
  readonly key: Node;
  readonly value: unknown;
}

/** Reads a mapping that a person wrote in YAML. Throws `usage` with the line and the column of what is wrong. */
export function parseMapping(text: string): ReportMapping {
  if (text.length > LENGTH_MAX)
    throw new InboxError('usage', 'The mapping is larger than 64 KB; none needs that.');
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    schema: 'core',
    customTags: [],
    merge: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error !== undefined) throw new MappingReader(lines).faultAt(error.pos[0], oneLine(error.message, 200));
  return new MappingReader(lines).read(document.contents);
}

class MappingReader {
  readonly #lines: LineCounter;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  read(root: ParsedNode | null): ReportMapping {
    const members = this.#members(root, root, 'The mapping', MEMBERS);
    const tool = this.#text(this.#required(members, 'tool', root), 'tool');
    const entries = members.get('entries');
    const when = members.get('when');
    const severities = members.get('severities');
    const state = members.get('state');
    return {
      tool,
      entries: entries === undefined ? null : this.#text(entries, 'entries'),
      when: when === undefined ? null : this.#when(when),
      fields: this.#fields(this.#required(members, 'fields', root)),
      severities: severities === undefined ? new Map() : this.#severities(severities),
      state: state === undefined ? null : this.#state(state),
    };
  }

  faultAt(offset: number, sentence: string): InboxError {
    const { line, col } = this.#lines.linePos(offset);
    return new InboxError('usage', `The mapping, line ${line}, column ${col}: ${sentence}`);
  }

  #fields(member: Member): ReadonlyMap<MappedField, FieldSource> {
    const fields = new Map<MappedField, FieldSource>();
    for (const field of this.#members(member.value, member.key, 'fields', MAPPED_FIELDS).values())
      fields.set(field.name as MappedField, this.#source(field));
    if (!fields.has('title') && !fields.has('advisory') && !fields.has('check'))
      throw this.#fault(member.key, 'fields need a title, an advisory or a check.');
    return fields;
  }

  #source(field: Member): FieldSource {
    const { value } = field;
    if (isSeq(value)) {
      const from = value.items.map((item) =>
        this.#scalar(item, field, `the members that ${field.name} may be in`),
      );
      if (from.length === 0) throw this.#fault(field.key, `${field.name} lists no member.`);
      return { from };
    }
    if (!isMap(value)) return { from: [this.#text(field, field.name)] };
    const constant = this.#members(value, field.key, field.name, ['value']).get('value');
    if (constant === undefined) throw this.#fault(field.key, `${field.name} needs a value.`);
    return { value: this.#text(constant, 'value') };
  }

  #severities(member: Member): ReadonlyMap<string, Severity> {
    const severities = new Map<string, Severity>();
    for (const each of this.#members(member.value, member.key, 'severities', null).values()) {
      const severity = severityOfWord(this.#text(each, each.name));
      if (severity === null)
        throw this.#fault(each.key, `${each.name} is to be critical, high, medium, low or info.`);
      severities.set(each.name.toLowerCase(), severity);
    }
    return severities;
  }

  #state(member: Member): ReportMapping['state'] {
    const members = this.#members(member.value, member.key, 'state', ['from', 'ended', 'suppressed']);
    return {
      from: this.#text(this.#required(members, 'from', member.key), 'from'),
      ended: this.#words(members.get('ended')),
      suppressed: this.#words(members.get('suppressed')),
    };
  }

  #when(member: Member): readonly string[] {
    const nodes = isSeq(member.value) ? member.value.items : [member.value];
    const names = nodes.map((node) => this.#scalar(node, member, 'when'));
    if (names.length === 0) throw this.#fault(member.key, 'when lists no member.');
    if (names.length > WHEN_MAX)
      throw this.#fault(member.key, `when lists more than ${WHEN_MAX} members; a few tell a report apart.`);
    return names;
  }

  #words(member: Member | undefined): ReadonlySet<string> {
    if (member === undefined) return new Set();
    const nodes = isSeq(member.value) ? member.value.items : [member.value];
    return new Set(nodes.map((node) => this.#scalar(node, member, member.name).toLowerCase()));
  }

  /** The members of a map, by name. `known`: what they may be called; null: anything. */
  #members(
    node: unknown,
    around: unknown,
    what: string,
    known: readonly string[] | null,
  ): ReadonlyMap<string, Member> {
    if (!isMap(node)) throw this.#fault(node ?? around, `${what} is to be a list of names and values.`);
    const members = new Map<string, Member>();
    for (const { key, value } of (node as YAMLMap).items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (known !== null && !known.includes(name))
        throw this.#fault(key, `"${oneLine(name, 60)}" is not known here. Known: ${known.join(', ')}.`);
      members.set(name, { name, key: key as Node, value });
    }
    return members;
  }

  #required(members: ReadonlyMap<string, Member>, name: string, around: unknown): Member {
    const member = members.get(name);
    if (member === undefined) throw this.#fault(around, `${name} is missing.`);
    return member;
  }

  #text(member: Member, what: string): string {
    return this.#scalar(member.value, member, what);
  }

  #scalar(node: unknown, member: Member, what: string): string {
    const value = isScalar(node) ? node.value : null;
    const text = value === null || value === undefined ? '' : String(value).trim();
    if (text === '') throw this.#fault(node ?? member.key, `${what} is to be a text.`);
    if (text.length > TEXT_MAX) throw this.#fault(node, `${what} is longer than ${TEXT_MAX} characters.`);
    return text;
  }

  #fault(node: unknown, sentence: string): InboxError {
    const range = (node as Partial<Node> | null)?.range;
    return this.faultAt(range?.[0] ?? 0, sentence);
  }
}
