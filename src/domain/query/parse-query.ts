import type { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { allOf, anyOf, EVERYTHING, type Operator, type Query, type QueryValue, termOf } from './query.ts';
import { type QueryPlace, queryError } from './query-error.ts';
import {
  namesBeforeColon,
  QUERY_FIELDS,
  type QueryField,
  type QueryFieldName,
  queryField,
  RULE_FIELDS,
  riskOfPath,
} from './query-fields.ts';
import { type QueryText, readPhrase, readWord } from './query-text.ts';
import { readComparison, readRange, readValue } from './query-values.ts';

/** The longest text of a query, in UTF-16 units. */
export const QUERY_LENGTH_MAX = 2_000;
/** How deep brackets, and signs that deny, stand in each other (reliability §6.1, filter depth). */
const DEPTH_MAX = 5;
const CONDITIONS_MAX = 100;
/** Each looks through all findings. */
const CONDITIONS_ON_FINDINGS_MAX = 8;

const UNREADABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  /[\u0000-\u0008\u000e-\u001f\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const FIELD = /(@[\w.-]+|[A-Za-z_]+):/y;
const OPERATOR = />=|<=|>|<|=/y;
const SPACE = /\s/;
const NAMES_ON_FINDINGS = QUERY_FIELDS.filter(({ of }) => of === 'findings').map(({ name }) => name);

/**
 * Reads a text of the query language; an empty one asks for everything. Throws `usage` with the place in its details
 * (docs/reference/query-language.md). What stands side by side has to hold together, but choices of one field are
 * alternatives: `severity:high severity:low`.
 */
export function parseQuery(text: string): Query {
  return read(text, null);
}

/**
 * Reads the condition of a rule: the same language about one finding, with the fields that only rules have. `refuse`
 * says why a field cannot stand there; null: it can. Throws `usage` with the place, as `parseQuery` does.
 */
export function parseCondition(text: string, refuse: (field: QueryField) => string | null): Query {
  return read(text, refuse);
}

type Refuse = (field: QueryField) => string | null;

function read(text: string, refuse: Refuse | null): Query {
  if (text.length > QUERY_LENGTH_MAX)
    throw queryError(`A query has at most ${QUERY_LENGTH_MAX} characters; this one has ${text.length}.`, {
      from: QUERY_LENGTH_MAX,
      to: text.length,
    });
  const unreadable = UNREADABLE.exec(text);
  if (unreadable !== null)
    throw queryError('There is a sign in the query that is no text. Take it out.', {
      from: unreadable.index,
      to: unreadable.index + 1,
    });
  return new Parser(text, refuse).whole();
}

/** Whether choices of the field that stand side by side are alternatives. */
function isAlternative(name: QueryFieldName): boolean {
  const field = queryField(name);
  return field?.kind === 'choice' && field.list === 'any';
}

/** A condition, and whether it stands there by itself: not negated, in brackets or made of several. */
interface Member {
  readonly query: Query;
  readonly isPlain: boolean;
}

class Parser {
  readonly #text: string;
  /** Null: it is no condition of a rule. */
  readonly #refuse: Refuse | null;
  #at = 0;
  readonly #depths = { brackets: 0, denials: 0 };
  #conditions = 0;
  #onFindings = 0;

  constructor(text: string, refuse: Refuse | null) {
    this.#text = text;
    this.#refuse = refuse;
  }

  whole(): Query {
    this.#space();
    if (this.#isEnd()) return EVERYTHING;
    const query = this.#any(null);
    if (!this.#isEnd())
      throw queryError('Nothing is open that this bracket closes. Take it out, or put it in quotes.', {
        from: this.#at,
        to: this.#at + 1,
      });
    return query;
  }

  /** Conditions with OR between them; values of the field, where one is given. */
  #any(field: QueryField | null): Query {
    const of = [this.#all(field)];
    while (this.#takeOperator('OR')) of.push(this.#all(field));
    return anyOf(of);
  }

  #all(field: QueryField | null): Query {
    const of = [this.#beside(field)];
    while (this.#takeOperator('AND')) of.push(this.#beside(field));
    return allOf(of);
  }

  /** Conditions that stand side by side. */
  #beside(field: QueryField | null): Query {
    const members: Query[] = [];
    const choices = new Map<string, number>();
    do {
      const { query, isPlain } = this.#member(field);
      const name = isPlain && query.is === 'term' && isAlternative(query.field) ? query.field : null;
      const before = name === null ? undefined : choices.get(name);
      if (before === undefined) {
        if (name !== null) choices.set(name, members.length);
        members.push(query);
      } else members[before] = anyOf([members[before] as Query, query]);
    } while (this.#hasMember());
    return allOf(members);
  }

  #hasMember(): boolean {
    return !this.#isEnd() && this.#text[this.#at] !== ')' && !this.#isAt('AND') && !this.#isAt('OR');
  }

  #member(field: QueryField | null): Member {
    const member = this.#memberHere(field);
    this.#space();
    return member;
  }

  #memberHere(field: QueryField | null): Member {
    const from = this.#at;
    if (this.#takeOperator('NOT') || this.#takeMinus()) {
      const of = this.#nested('denials', from, () => this.#member(field).query);
      return { query: { is: 'not', of }, isPlain: false };
    }
    if (!this.#hasMember()) throw this.#missing(field);
    if (this.#text[from] !== '(') return this.#condition(field);
    return { query: this.#bracket(() => this.#any(field)), isPlain: false };
  }

  #bracket(read: () => Query): Query {
    const from = this.#at;
    this.#at++;
    this.#space();
    const query = this.#nested('brackets', from, read);
    if (this.#text[this.#at] !== ')')
      throw queryError('This bracket is not closed. Close it, or put it in quotes.', { from, to: from + 1 });
    this.#at++;
    this.#space();
    return query;
  }

  #nested(what: 'brackets' | 'denials', from: number, read: () => Query): Query {
    if (++this.#depths[what] > DEPTH_MAX)
      throw queryError(`Conditions are nested at most ${DEPTH_MAX} deep.`, { from, to: from + 1 });
    const query = read();
    this.#depths[what]--;
    return query;
  }

  #condition(of: QueryField | null): Member {
    const from = this.#at;
    if (of !== null) return this.#term(of, from);
    FIELD.lastIndex = from;
    const name = FIELD.exec(this.#text)?.[1];
    if (name === undefined) {
      const { parts } = this.#readText('');
      this.#count({ from, to: this.#at }, false);
      const said = parts.filter((part) => part !== '');
      return { query: said.length === 0 ? EVERYTHING : { is: 'words', parts: said }, isPlain: true };
    }
    this.#at += name.length + 1;
    const risk = riskOfPath(name);
    if (risk !== undefined) return this.#riskByPath(name, risk);
    const field = queryField(name);
    if (field === undefined) throw this.#noField(name, from);
    const refused = this.#refusalOf(field);
    if (refused !== null) throw queryError(refused, { from, to: from + name.length });
    if (this.#text[this.#at] === '(') return { query: this.#bracket(() => this.#any(field)), isPlain: false };
    return this.#term(field, from);
  }

  /** `@risk.is_…:true`, as other products have it. */
  #riskByPath(name: string, risk: string): Member {
    const text = this.#readText('');
    const word = text.parts.join('*').toLowerCase();
    if (word !== 'true' && word !== 'false') throw queryError(`${name} is true or false.`, text);
    this.#count(text, false);
    const query = termOf('risk', [{ is: 'choice', word: risk }]);
    return word === 'true' ? { query, isPlain: true } : { query: { is: 'not', of: query }, isPlain: false };
  }

  /** The values of a field, commas between them. */
  #term(field: QueryField, from: number): Member {
    const values: QueryValue[] = [];
    let isMore = true;
    while (isMore) {
      if (!this.#isEnd() && !SPACE.test(this.#here()) && !',)'.includes(this.#here())) {
        const start = this.#at;
        values.push(...this.#value(field));
        this.#count({ from: start, to: this.#at }, this.#refuse === null && field.of === 'findings');
      }
      isMore = this.#here() === ',';
      if (!isMore) continue;
      this.#at++;
      this.#space();
    }
    if (values.length === 0)
      throw queryError(`"${field.name}:" needs a value, such as ${field.example}.`, { from, to: this.#at });
    this.#space();
    return { query: termOf(field.name, values), isPlain: true };
  }

  #value(field: QueryField): readonly QueryValue[] {
    if (this.#here() === '[') return this.#range(field);
    OPERATOR.lastIndex = this.#at;
    const operator = OPERATOR.exec(this.#text)?.[0] as Operator | undefined;
    if (operator === undefined) return readValue(field, this.#readText(','));
    this.#at += operator.length;
    const text = this.#readText(',');
    if (text.from === text.to)
      throw queryError(`A value has to follow ${operator}, such as ${field.example}.`, {
        from: text.from - operator.length,
        to: text.to,
      });
    return readComparison(field, operator, text);
  }

  #range(field: QueryField): readonly QueryValue[] {
    const start = this.#at;
    this.#at++;
    const ends: QueryText[] = [];
    for (const next of ['TO', ']']) {
      this.#space();
      ends.push(this.#readText(']'));
      this.#space();
      if (!this.#text.startsWith(next, this.#at) || ends.at(-1)?.from === ends.at(-1)?.to)
        throw queryError(`A range is written [least TO greatest], such as ${field.name}:[7 TO 9].`, {
          from: start,
          to: Math.max(this.#at, start + 1),
        });
      this.#at += next.length;
    }
    return readRange(field, ends[0] as QueryText, ends[1] as QueryText);
  }

  #readText(ends: string): QueryText {
    const text =
      this.#here() === '"' ? readPhrase(this.#text, this.#at) : readWord(this.#text, this.#at, ends);
    this.#at = text.to;
    return text;
  }

  #count(place: QueryPlace, isOnFindings: boolean): void {
    if (++this.#conditions > CONDITIONS_MAX)
      throw queryError(`A query has at most ${CONDITIONS_MAX} words and values.`, place);
    if (isOnFindings && ++this.#onFindings > CONDITIONS_ON_FINDINGS_MAX)
      throw queryError(
        `A query has at most ${CONDITIONS_ON_FINDINGS_MAX} values of ${NAMES_ON_FINDINGS.join(', ')} together.`,
        place,
      );
  }

  #takeOperator(operator: string): boolean {
    if (!this.#isAt(operator)) return false;
    this.#at += operator.length;
    this.#space();
    return true;
  }

  /** Whether the operator stands here, and is no beginning of a word. */
  #isAt(operator: string): boolean {
    const after = this.#text[this.#at + operator.length];
    return (
      this.#text.startsWith(operator, this.#at) &&
      (after === undefined || SPACE.test(after) || '()"'.includes(after))
    );
  }

  #takeMinus(): boolean {
    const after = this.#text[this.#at + 1];
    if (this.#here() !== '-' || after === undefined || SPACE.test(after) || after === ')') return false;
    this.#at++;
    return true;
  }

  #missing(field: QueryField | null): InboxError {
    const found = this.#isEnd()
      ? 'the query ends'
      : `"${this.#here() === ')' ? ')' : this.#word()}" stands there`;
    const expected =
      field === null ? 'a word, a phrase in quotes, field:value or a bracket' : `a value of ${field.name}`;
    return queryError(`Expected ${expected}, but ${found}.`, {
      from: this.#at,
      to: Math.min(this.#at + 1, this.#text.length),
    });
  }

  #refusalOf(field: QueryField): string | null {
    if (this.#refuse !== null) return this.#refuse(field);
    return field.of === 'rules'
      ? `${field.name} is asked for by rules only, as lists do not keep it of each finding.`
      : null;
  }

  #noField(name: string, from: number): InboxError {
    const { to } = readWord(this.#text, from, '');
    const isInRule = this.#refuse !== null;
    const fields = (
      isInRule
        ? [...QUERY_FIELDS, ...RULE_FIELDS].filter((field) => this.#refusalOf(field) === null)
        : QUERY_FIELDS
    )
      .map((field) => field.name)
      .join(', ');
    return queryError(
      `There is no field "${oneLine(name, 40)}": the fields are ${fields}. To search for the text itself, put it in quotes: '"${oneLine(this.#text.slice(from, to), 60)}"'.`,
      { from, to: from + name.length },
      { found: name, expected: namesBeforeColon(isInRule) },
    );
  }

  #word(): string {
    return this.#text.startsWith('OR', this.#at) ? 'OR' : 'AND';
  }

  #here(): string {
    return this.#text[this.#at] ?? '';
  }

  #space(): void {
    while (this.#at < this.#text.length && SPACE.test(this.#here())) this.#at++;
  }

  #isEnd(): boolean {
    return this.#at >= this.#text.length;
  }
}
