import type { RiskState } from '../risk/detected-risk.ts';

const TEXT_MAX = 10_000;
const DEPTH_MAX = 40;

const TOKENS = /\s+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|&&|\|\||!(?!=)|[()]|[^\s"'&|!()]+|./gs;

const AND = new Set(['&&', 'AND']);
const OR = new Set(['||', 'OR']);
const NOT = new Set(['!', 'NOT']);

/**
 * Whether a condition of a grant holds, where only some of what it compares is known: `and`, `or` and `not` over comparisons,
 * in the spellings of Google (CEL) and Azure. `decide` is asked about one comparison, as it is written but for single spaces. What cannot be
 * read is *unknown*.
 */
export function conditionAnswer(text: string, decide: (comparison: string) => RiskState): RiskState {
  if (text.length > TEXT_MAX) return 'unknown';
  const reader = new Reader(text.match(TOKENS) ?? [], decide);
  const answer = reader.anyOf(0);
  return reader.isAtEnd() ? answer : 'unknown';
}

class Reader {
  readonly #tokens: readonly string[];
  readonly #decide: (comparison: string) => RiskState;
  #at = 0;

  constructor(tokens: readonly string[], decide: (comparison: string) => RiskState) {
    this.#tokens = tokens.map((token) => (token.trim() === '' ? ' ' : token));
    this.#decide = decide;
  }

  isAtEnd(): boolean {
    return this.#next() === undefined;
  }

  anyOf(depth: number): RiskState {
    let answer = this.#allOf(depth);
    while (OR.has(this.#word())) {
      this.#at++;
      answer = either(answer, this.#allOf(depth));
    }
    return answer;
  }

  #allOf(depth: number): RiskState {
    let answer = this.#one(depth);
    while (AND.has(this.#word())) {
      this.#at++;
      answer = opposite(either(opposite(answer), opposite(this.#one(depth))));
    }
    return answer;
  }

  #one(depth: number): RiskState {
    if (NOT.has(this.#word())) {
      this.#at++;
      return depth < DEPTH_MAX ? opposite(this.#one(depth + 1)) : this.#skip();
    }
    if (this.#next() !== '(') return this.#decide(this.#comparison());
    if (depth >= DEPTH_MAX) return this.#skip();
    this.#at++;
    const answer = this.anyOf(depth + 1);
    const isClosed = this.#next() === ')';
    if (isClosed) this.#at++;
    // What goes on behind a group compares it with something.
    return isClosed && this.#isBetween() ? answer : this.#skip();
  }

  #skip(): RiskState {
    this.#comparison();
    return 'unknown';
  }

  /** The tokens up to what joins comparisons, outside of brackets. */
  #comparison(): string {
    let text = '';
    for (let open = 0; ; this.#at++) {
      const token = this.#tokens[this.#at];
      if (token === undefined) break;
      if (token !== ' ' && open === 0 && this.#isBetween()) break;
      if (token === '(') open++;
      else if (token === ')') open--;
      text += token;
    }
    return text.trim();
  }

  #isBetween(): boolean {
    const word = this.#word();
    return word === '' || word === ')' || AND.has(word) || OR.has(word);
  }

  /** The next token in capitals; empty at the end. */
  #word(): string {
    return this.#next()?.toUpperCase() ?? '';
  }

  #next(): string | undefined {
    while (this.#tokens[this.#at] === ' ') this.#at++;
    return this.#tokens[this.#at];
  }
}

function either(one: RiskState, other: RiskState): RiskState {
  if (one === 'yes' || other === 'yes') return 'yes';
  return one === 'no' && other === 'no' ? 'no' : 'unknown';
}

function opposite(answer: RiskState): RiskState {
  return answer === 'unknown' ? answer : answer === 'yes' ? 'no' : 'yes';
}
