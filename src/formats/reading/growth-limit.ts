import { InboxError } from '#base/inbox-error.ts';

/** What a report may grow to, and by what factor once it is larger than the second figure (reliability §6.1). */
const BYTES_MAX = 8 * 1024 ** 3;
const FACTOR_FREE_BYTES = 10 * 1024 ** 2;
const FACTOR_MAX = 200;

/** Throws `too_large` when `written` bytes out of `read` compressed ones are no report but a bomb. */
export function refuseBomb(read: number, written: number): void {
  if (written > BYTES_MAX)
    throw new InboxError(
      'too_large',
      'The report is larger than 8 GB decompressed. Split it and import the parts.',
    );
  if (written > FACTOR_FREE_BYTES && written > read * FACTOR_MAX) {
    throw new InboxError(
      'too_large',
      `The compressed file grows more than ${FACTOR_MAX} times; that is a decompression bomb, no report.`,
    );
  }
}

/**
 * What all members of one archive may grow to together, compressed ones and archives in it included: each may keep to
 * its own bound, and thousands of them still fill any disk.
 */
export class GrowthLimit {
  readonly #bytesMax: number;
  #total = 0;

  constructor(compressedBytes: number) {
    this.#bytesMax = Math.min(BYTES_MAX, FACTOR_MAX * compressedBytes + FACTOR_FREE_BYTES);
  }

  /** How the bytes of one member are counted. It may be read more than once, and counts once. */
  forMember(): (bytes: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
    let most = 0;
    const count = (read: number) => {
      if (read <= most) return;
      this.#total += read - most;
      most = read;
      if (this.#total > this.#bytesMax)
        throw new InboxError(
          'too_large',
          `The archive grows beyond 8 GB, or more than ${FACTOR_MAX} times; that is a decompression bomb, or more than one import. Unpack it and import the parts.`,
        );
    };
    return async function* (bytes) {
      let read = 0;
      for await (const chunk of bytes) {
        read += chunk.length;
        count(read);
        yield chunk;
      }
    };
  }
}
