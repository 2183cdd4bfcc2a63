import { PairNumbers } from '#base/pair-numbers.ts';
import { INTERESTING_ACTIONS } from './action-catalogue.ts';
import type { Certainty } from './certainty.ts';
import { witnessOf } from './glob-witness.ts';
import type { Relevant } from './rights.ts';

/** More than there are statements and words. */
const TOKENS = 2 ** 26;

/**
 * Answers that classes with the same statements share (attack-paths §3.2). What an answer rests on is a row of
 * tokens; rows are numbered as a tree, so that equal ones have one number and none is ever written out.
 */
export class SharedAnswers {
  /** Of questions about resources of which nobody has heard, and about any resource. */
  readonly every = new Map<number, Certainty>();
  readonly any = new Map<number, Certainty>();
  /** The statements of a row. */
  readonly relevant = new Map<number, Relevant>();
  readonly #witnesses = new Map<string, string | null | undefined>();
  readonly #steps = new PairNumbers();
  readonly #asked = new PairNumbers();
  readonly #words = new Map<string, number>();
  readonly #questions = new Map<string, number>(
    INTERESTING_ACTIONS.map(({ lower, index }): [string, number] => [lower, index]),
  );

  /** The number of a row with one token more; 0 is the empty row. */
  step(row: number, token: number): number {
    return this.#steps.of(row, token);
  }

  /** A text that all of the patterns match, as `witnessOf` finds it. */
  witness(patterns: readonly string[]): string | null | undefined {
    const key = patterns.join('\n');
    if (this.#witnesses.has(key)) return this.#witnesses.get(key);
    const witness = witnessOf(patterns);
    this.#witnesses.set(key, witness);
    return witness;
  }

  /** The token of a text; counted from the top, so that none is that of a statement. */
  word(text: string): number {
    let word = this.#words.get(text);
    if (word === undefined) {
      word = TOKENS - 1 - this.#words.size;
      this.#words.set(text, word);
    }
    return word;
  }

  /** The number of a question about the statements of a row. */
  question(row: number, text: string): number {
    let question = this.#questions.get(text);
    if (question === undefined) {
      question = this.#questions.size;
      this.#questions.set(text, question);
    }
    return this.#asked.of(row, question);
  }
}
