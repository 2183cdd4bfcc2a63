import { InboxError } from '#base/inbox-error.ts';
import type { InputLimits } from '#domain/ports/input-limits.ts';

/** What a report may grow to, and by what factor beyond the first 10 MB (reliability §6.1). */
export type GrowthBounds = Pick<InputLimits, 'unpacked-mb' | 'unpacked-times'>;

const MB = 1024 ** 2;
const FACTOR_FREE_BYTES = 10 * MB;

/** Throws `too_large` when `written` bytes out of `read` compressed ones are no report but a bomb. */
export function refuseBomb(read: number, written: number, bounds: GrowthBounds): void {
  if (written > bounds['unpacked-mb'] * MB)
    throw new InboxError(
      'too_large',
      `The report is larger than ${sizeText(bounds)} decompressed. Split it and import the parts, or raise unpacked-mb of SECURITY_INBOX_LIMITS.`,
    );
  if (written > FACTOR_FREE_BYTES && written > read * bounds['unpacked-times']) {
    throw new InboxError(
      'too_large',
      `The compressed file grows more than ${bounds['unpacked-times']} times; that is how decompression bombs are built. If you know where it comes from, decompress it and import that, or raise unpacked-times of SECURITY_INBOX_LIMITS.`,
    );
  }
}

function sizeText({ 'unpacked-mb': mb }: GrowthBounds): string {
  return mb % 1024 === 0 ? `${mb / 1024} GB` : `${mb} MB`;
}

/**
 * What all members of one archive may grow to together, compressed ones and archives in it included: each may keep to
 * its own bound, and thousands of them still fill any disk.
 */
export class GrowthLimit {
  readonly #bounds: GrowthBounds;
  readonly #bytesMax: number;
  #total = 0;

  constructor(compressedBytes: number, bounds: GrowthBounds) {
    this.#bounds = bounds;
    this.#bytesMax = Math.min(
      bounds['unpacked-mb'] * MB,
      bounds['unpacked-times'] * compressedBytes + FACTOR_FREE_BYTES,
    );
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
          `The archive grows beyond ${sizeText(this.#bounds)}, or more than ${this.#bounds['unpacked-times']} times; that is a decompression bomb, or more than one import. Unpack it and import the parts, or raise unpacked-mb or unpacked-times of SECURITY_INBOX_LIMITS.`,
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
