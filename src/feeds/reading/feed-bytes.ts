import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { InboxError } from '#base/inbox-error.ts';

const GZIP_MAGIC = [0x1f, 0x8b];
// NVD's largest yearly file is below 0.3 GB; the whole of it in one file below 3 GB.
const FEED_BYTES_MAX = 8 * 1024 ** 3;

/** The bytes of a feed file, decompressed where they are gzip. Throws `feed_broken` for a damaged or endless file. */
export async function* feedBytes(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { head, all } = await peek(input);
  let total = 0;
  for await (const chunk of isGzip(head) ? gunzip(all) : all) {
    total += chunk.length;
    if (total > FEED_BYTES_MAX)
      throw feedBroken(`It is larger than ${FEED_BYTES_MAX / 1024 ** 3} GB unpacked; no feed is.`);
    yield chunk;
  }
}

/** The first bytes of a feed file as text, unpacked as far as they reach. Empty when they cannot be unpacked. */
export function headText(head: Uint8Array): string {
  let bytes = head;
  if (isGzip(head)) {
    try {
      bytes = gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 4 * 1024 * 1024 });
    } catch {
      return '';
    }
  }
  return Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '');
}

/** The error of a file that must not be applied. The sentence says what was expected and what was found. */
export function feedBroken(sentence: string, cause?: unknown): InboxError {
  return new InboxError('feed_broken', `${sentence} Nothing of it was used; download it again.`, { cause });
}

function isGzip(head: Uint8Array): boolean {
  return head[0] === GZIP_MAGIC[0] && head[1] === GZIP_MAGIC[1];
}

async function* gunzip(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpacked = pipeline(Readable.from(input), createGunzip(), () => {
    // The loop below meets the error.
  });
  try {
    for await (const chunk of unpacked) yield chunk as Uint8Array;
  } catch (cause) {
    throw feedBroken('The gzip file is damaged or cut off.', cause);
  }
}

/** The first two bytes, and the whole input again. */
async function peek(
  input: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const iterator = input[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let length = 0;
  while (length < GZIP_MAGIC.length) {
    const next = await iterator.next();
    if (next.done === true) break;
    read.push(next.value);
    length += next.value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* read;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head: Buffer.concat(read), all: all() };
}
