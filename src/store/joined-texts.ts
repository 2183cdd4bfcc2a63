/**
 * Many texts as one string, so that a word that stands in few of them is found about as fast as memory is read. Words
 * hold no white space, so that none is found across the line end between two texts.
 */
export class JoinedTexts {
  readonly #joined: string;
  /** Where each text begins, and where one more would. */
  readonly #starts: Int32Array;

  constructor(texts: readonly string[]) {
    this.#joined = texts.join('\n');
    this.#starts = new Int32Array(texts.length + 1);
    let start = 0;
    for (let index = 0; index < texts.length; index++) {
      this.#starts[index] = start;
      start += (texts[index] as string).length + 1;
    }
    this.#starts[texts.length] = start;
  }

  /** The numbers of the texts with all of these words, in order, found one after the other; of all texts where there are no words. */
  *withWords(words: readonly string[]): Generator<number, undefined> {
    // Most likely the one that the fewest have.
    const [rarest = '', ...others] = words.toSorted((a, b) => b.length - a.length);
    const last = this.#starts.length - 1;
    let index = 0;
    while (index < last) {
      const found = this.#joined.indexOf(rarest, this.#starts[index]);
      if (found < 0) return;
      while ((this.#starts[index + 1] as number) <= found) index++;
      if (others.every((word) => this.#has(index, word))) yield index;
      index++;
    }
  }

  #has(index: number, word: string): boolean {
    return this.#joined.slice(this.#starts[index], this.#starts[index + 1]).includes(word);
  }
}
