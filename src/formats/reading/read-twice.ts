import type { ReportInput } from '#domain/ports/report-input.ts';

/** Of a file of this size what is read takes some 100 MB; a larger one is read again. */
const KEPT_BYTES_MAX = 16 * 1024 * 1024;

/**
 * What is read of a file that has to be gone through twice, because what stands at its end says how its beginning is
 * meant. The second time it comes from memory where the file is small, as nearly all are, so that it is parsed once.
 */
export class ReadTwice<T> {
  readonly #input: ReportInput;
  readonly #read: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<T>;
  #kept: readonly T[] | null = null;

  constructor(input: ReportInput, read: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<T>) {
    this.#input = input;
    this.#read = read;
  }

  async *all(): AsyncGenerator<T> {
    if (this.#kept !== null) {
      for (const item of this.#kept) yield item;
      return;
    }
    let read = 0;
    const counted = async function* (input: ReportInput): AsyncGenerator<Uint8Array> {
      for await (const chunk of input.open()) {
        read += chunk.length;
        yield chunk;
      }
    };
    let kept: T[] = [];
    for await (const item of this.#read(counted(this.#input))) {
      if (read <= KEPT_BYTES_MAX) kept.push(item);
      else if (kept.length > 0) kept = [];
      yield item;
    }
    if (read <= KEPT_BYTES_MAX) this.#kept = kept;
  }
}
