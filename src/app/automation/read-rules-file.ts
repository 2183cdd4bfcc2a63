import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, Scalar } from 'yaml';
import { InboxError } from '#base/inbox-error.ts';
import { parseInstant } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import {
  DUE_FROM,
  MUTE_REASONS,
  type NewAutomationRule,
  RULE_TYPES,
  type RuleAction,
  type RuleType,
  SHIFTS,
} from '#domain/automation/automation-rule.ts';
import { ruleFaults } from '#domain/automation/rule-faults.ts';
import { FINDING_TYPES } from '#domain/finding/finding-type.ts';
import { SEVERITIES } from '#domain/severity/severity.ts';

/** What a rules file says: the rules, and which types it speaks of, an empty list among them. */
export interface RulesFile {
  readonly rules: readonly NewAutomationRule[];
  readonly types: ReadonlySet<RuleType>;
}

/** One thing that is wrong with a rules file, counted from 1. */
export interface FileFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const LENGTH_MAX = 1024 * 1024;

/**
 * Reads a rules file (docs/reference/rules.md). Throws `usage` with everything that is wrong in it, each with line and
 * column, as `faults` in its details.
 */
export function readRulesFile(text: string): RulesFile {
  return new RulesReader(text).read();
}

/** Members that every rule has, and those of its action. */
const COMMON = ['id', 'name', 'for', 'when', 'enabled'] as const;
const OF_ACTION: Readonly<Record<RuleType, readonly string[]>> = {
  severity: ['set', 'shift'],
  mute: ['reason', 'until', 'description'],
  due_date: ['days', 'from'],
  inbox: ['reason'],
  assign: ['team', 'person'],
  ticket: ['receiver', 'per_day', 'existing', 'all', 'close'],
};

type Place = Node | Pair | number | null | undefined;

interface ReadRule {
  readonly rule: NewAutomationRule;
  readonly node: Node;
  readonly members: ReadonlyMap<string, Node | null>;
}

class RulesReader {
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #faults: FileFault[] = [];

  constructor(text: string) {
    if (text.length > LENGTH_MAX) throw new InboxError('too_large', 'A rules file has at most 1 MB.');
    this.#text = text;
  }

  read(): RulesFile {
    const document = parseDocument(this.#text, {
      schema: 'core',
      customTags: [],
      resolveKnownTags: false,
      merge: false,
      lineCounter: this.#lines,
      prettyErrors: false,
      logLevel: 'silent',
    });
    for (const error of document.errors) this.#fault(error.pos[0], `The file is no YAML: ${error.message}.`);
    this.#refuse();
    const types = new Set<RuleType>();
    const read: ReadRule[] = [];
    const whole = document.contents as Node | null;
    if (whole === null)
      this.#fault(0, `The file is empty: expected ${RULE_TYPES.join(', ')}, each with a list.`);
    for (const [key, value, place] of this.#membersOf(whole)) {
      const type = RULE_TYPES.find((each) => each === key);
      if (type === undefined) {
        this.#fault(place, `"${oneLine(key, 40)}" is no type of rule: expected ${RULE_TYPES.join(', ')}.`);
        continue;
      }
      types.add(type);
      if (value === null || (isScalar(value) && value.value === null)) continue;
      if (isSeq(value)) read.push(...value.items.flatMap((item) => this.#rule(type, item as Node)));
      else this.#fault(value, `"${type}" takes a list of rules.`);
    }
    this.#refuse();
    for (const fault of ruleFaults(read.map(({ rule }) => rule))) {
      const { node, members } = read[fault.index] as ReadRule;
      const at = { id: 'id', name: 'name', types: 'for', query: 'when', action: '' }[fault.at];
      const place = members.get(at) ?? node;
      const from = fault.queryPlace === undefined ? 0 : offsetIn(place, fault.queryPlace.from);
      this.#fault((place.range?.[0] ?? 0) + from, fault.message);
    }
    this.#refuse();
    return { rules: read.map(({ rule }) => rule), types };
  }

  #rule(type: RuleType, node: Node): readonly ReadRule[] {
    const before = this.#faults.length;
    const members = new Map<string, Node | null>();
    const known = [...COMMON, ...OF_ACTION[type]];
    for (const [key, value, place] of this.#membersOf(node)) {
      if (!known.includes(key))
        this.#fault(place, `A rule on ${type} has no "${oneLine(key, 40)}": expected ${known.join(', ')}.`);
      members.set(key, value);
    }
    const text = (key: string) => this.#textOf(members.get(key), key, node);
    const findingTypes = this.#list(members.get('for'), node).flatMap((each) =>
      this.#choice(each, FINDING_TYPES, 'type of finding'),
    );
    const rule: NewAutomationRule = {
      id: text('id') ?? '',
      name: oneLine(text('name') ?? '', 200),
      isEnabled: this.#yesOrNo(members, 'enabled', true),
      findingTypes: [...new Set(findingTypes)],
      query: members.has('when') ? (text('when') ?? '').trim() : '',
      action: this.#action(type, members, node),
    };
    return this.#faults.length > before ? [] : [{ rule, node, members }];
  }

  #action(type: RuleType, members: ReadonlyMap<string, Node | null>, node: Node): RuleAction {
    const text = (key: string) =>
      members.has(key) ? (this.#textOf(members.get(key), key, node)?.trim() ?? null) : null;
    const choice = <T extends string>(key: string, of: readonly T[], what: string): T =>
      this.#choice(members.get(key) ?? node, of, what)[0] ?? (of[0] as T);
    switch (type) {
      case 'severity': {
        if (members.has('set') === members.has('shift'))
          this.#fault(node, 'A rule on severity has either "set" or "shift".');
        return members.has('shift')
          ? { type, shift: choice('shift', SHIFTS, 'shift') }
          : { type, set: choice('set', SEVERITIES, 'severity') };
      }
      case 'mute':
        return {
          type,
          reason: choice('reason', MUTE_REASONS, 'reason to mute'),
          until: this.#instant(text('until'), members.get('until')),
          description: textOrNull(oneLine(text('description') ?? '', 500)),
        };
      case 'due_date':
        return {
          type,
          days: this.#days(members.get('days')),
          from: members.has('from') ? choice('from', DUE_FROM, 'start of the days') : 'first_seen',
        };
      case 'inbox':
        return { type, reason: oneLine(text('reason') ?? '', 500) };
      case 'assign':
        return {
          type,
          team: textOrNull(oneLine(text('team') ?? '', 200)),
          person: textOrNull(oneLine(text('person') ?? '', 200)),
        };
      case 'ticket':
        return {
          type,
          receiver: text('receiver') ?? '',
          perDay: this.#number(members.get('per_day'), 'per_day', node),
          existing: this.#yesOrNo(members, 'existing', false),
          all: this.#yesOrNo(members, 'all', false),
          ...(this.#yesOrNo(members, 'close', true) ? {} : { keepsOpen: true }),
        };
    }
  }

  #days(node: Node | null | undefined): Readonly<Record<string, number>> {
    if (node === null || node === undefined) return {};
    return Object.fromEntries(
      this.#membersOf(node).flatMap(([key, value, place]) => {
        if (!(SEVERITIES as readonly string[]).includes(key)) {
          this.#fault(place, `"${oneLine(key, 40)}" is no severity: expected ${SEVERITIES.join(', ')}.`);
          return [];
        }
        if (isScalar(value) && typeof value.value === 'number') return [[key, value.value]];
        this.#fault(value ?? place, 'Days are a number.');
        return [];
      }),
    );
  }

  #instant(text: string | null, node: Node | null | undefined): number | null {
    if (text === null) return null;
    const at = parseInstant(text);
    if (at === null)
      this.#fault(node, `"${oneLine(text, 40)}" is no time: expected 2027-01-31 or 2027-01-31T12:00:00Z.`);
    return at;
  }

  #choice<T extends string>(node: Node, of: readonly T[], what: string): readonly T[] {
    const word = isScalar(node) ? node.value : null;
    const found = of.find((each) => each === word);
    if (found !== undefined) return [found];
    const said = typeof word === 'string' ? `"${oneLine(word, 40)}" is no ${what}` : `A ${what} is missing`;
    this.#fault(node, `${said}: expected ${of.join(', ')}.`);
    return [];
  }

  #list(node: Node | null | undefined, rule: Node): readonly Node[] {
    if (isSeq(node)) return node.items as Node[];
    if (isScalar(node) && typeof node.value === 'string') return [node];
    this.#fault(node ?? rule, 'A rule says under "for" which types of findings it is about, as a list.');
    return [];
  }

  #yesOrNo(members: ReadonlyMap<string, Node | null>, key: string, unsaid: boolean): boolean {
    const node = members.get(key);
    if (node === undefined) return unsaid;
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    this.#fault(node, `"${key}" is true or false.`);
    return unsaid;
  }

  #number(node: Node | null | undefined, key: string, rule: Node): number {
    if (isScalar(node) && typeof node.value === 'number') return node.value;
    this.#fault(node ?? rule, node === undefined ? `A rule needs "${key}".` : `"${key}" takes a number.`);
    return 1;
  }

  #textOf(node: Node | null | undefined, key: string, rule: Node): string | null {
    if (isScalar(node)) {
      if (typeof node.value === 'string') return node.value;
      // A number or a date is a text that needs no quotes.
      if (typeof node.value === 'number' && typeof node.source === 'string') return node.source;
    }
    this.#fault(node ?? rule, node === undefined ? `A rule needs "${key}".` : `"${key}" takes a text.`);
    return null;
  }

  #membersOf(node: Node | null): readonly (readonly [string, Node | null, Place])[] {
    if (node === null) return [];
    if (!isMap(node)) {
      this.#fault(node, 'Here members with names were expected, such as id: lower-staging.');
      return [];
    }
    return node.items.flatMap(({ key, value }) => {
      if (isScalar(key) && typeof key.value === 'string')
        return [[key.value, value as Node | null, key] as const];
      this.#fault(isScalar(key) ? key : node, 'Names of members are plain texts.');
      return [];
    });
  }

  #fault(place: Place, message: string): void {
    const offset = typeof place === 'number' ? place : ((place as Node | null | undefined)?.range?.[0] ?? 0);
    const { line, col } = this.#lines.linePos(offset);
    this.#faults.push({ line: Math.max(line, 1), column: Math.max(col, 1), message });
  }

  #refuse(): void {
    const [first, ...others] = this.#faults;
    if (first === undefined) return;
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    throw new InboxError('usage', `Line ${first.line}, column ${first.column}: ${first.message}${more}`, {
      details: { faults: this.#faults },
    });
  }
}

function textOrNull(text: string): string | null {
  return text === '' ? null : text;
}

/** Where in a value a place of its text is: behind a quote, and only where the text stands there as it is. */
function offsetIn(node: Node, at: number): number {
  if (!isScalar(node) || node.source !== node.value) return 0;
  if (node.type === Scalar.PLAIN) return at;
  return node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE ? at + 1 : 0;
}
