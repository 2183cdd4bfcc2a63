import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { InboxError } from '#base/inbox-error.ts';

type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What a report may grow to, and by what factor once it is larger than the second figure. */
const BYTES_MAX = 8 * 1024 ** 3;
const FACTOR_FREE_BYTES = 10 * 1024 ** 2;
const FACTOR_MAX = 200;
const CHUNK_BYTES = 256 * 1024;

/**
 * Turns the bytes of a file into those of its report: decompressed (gzip of one or several members,
 * zstd; each told by its first bytes, never by the name), without byte order mark, in UTF-8.
 *
 * Throws `report_broken` where compressed data is damaged or cut off, and `too_large` beyond 8 GB
 * or, above 10 MB, beyond 200 times the compressed size: a decompression bomb.
 */
export async function* decodeReport(source: ByteSource): AsyncGenerator<Uint8Array> {
  const { first, all } = await peek(source);
  const decompressor = decompressorFor(first);
  if (decompressor === null) yield* toUtf8(first, all);
  else {
    const inner = await peek(decompress(all, decompressor));
    yield* toUtf8(inner.first, inner.all);
  }
}

function decompressorFor(first: Uint8Array): Transform | null {
  if (startsWith(first, 0x1f, 0x8b)) return createGunzip({ chunkSize: CHUNK_BYTES });
  if (startsWith(first, 0x28, 0xb5, 0x2f, 0xfd)) return createZstdDecompress({ chunkSize: CHUNK_BYTES });
  return null;
}

async function* decompress(source: ByteSource, decompressor: Transform): AsyncGenerator<Uint8Array> {
  let read = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      read += chunk.length;
      yield chunk;
    }
  };
  pipeline(Readable.from(counted(), { objectMode: false, highWaterMark: CHUNK_BYTES }), decompressor, () => {
    // An error is met below, where the decompressor is read.
  });
  let written = 0;
  try {
    for await (const chunk of decompressor) {
      written += chunk.length;
      refuseBomb(read, written);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof InboxError) throw cause;
    throw new InboxError(
      'report_broken',
      'The compressed file is damaged or cut off; the report in it cannot be read to its end.',
      { cause },
    );
  }
}

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

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

async function* toUtf8(first: Uint8Array, all: ByteSource): AsyncGenerator<Uint8Array> {
  const { encoding, mark } = encodingOf(first);
  let skip = mark;
  if (encoding === 'utf-8') {
    for await (const chunk of all) {
      yield skip > 0 ? chunk.subarray(skip) : chunk;
      skip = 0;
    }
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of all) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

/** UTF-16 by its byte order mark, or by the zero beside the `{`, `[` or `<` that every report begins with. */
function encodingOf(first: Uint8Array): { readonly encoding: Encoding; readonly mark: number } {
  if (startsWith(first, 0xef, 0xbb, 0xbf)) return { encoding: 'utf-8', mark: 3 };
  if (startsWith(first, 0xff, 0xfe)) return { encoding: 'utf-16le', mark: 2 };
  if (startsWith(first, 0xfe, 0xff)) return { encoding: 'utf-16be', mark: 2 };
  for (const opening of [0x7b, 0x5b, 0x3c]) {
    if (startsWith(first, opening, 0)) return { encoding: 'utf-16le', mark: 0 };
    if (startsWith(first, 0, opening)) return { encoding: 'utf-16be', mark: 0 };
  }
  return { encoding: 'utf-8', mark: 0 };
}

function startsWith(bytes: Uint8Array, ...expected: readonly number[]): boolean {
  return expected.every((byte, i) => bytes[i] === byte);
}

/** The first four bytes (fewer at the end), and the whole stream with them. */
async function peek(
  source: ByteSource,
): Promise<{ readonly first: Uint8Array; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let first: Buffer = Buffer.alloc(0);
  let done = false;
  while (first.length < 4 && !done) {
    const next = await iterator.next();
    done = next.done === true;
    if (next.done !== true)
      first =
        first.length === 0
          ? Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length)
          : Buffer.concat([first, next.value]);
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    try {
      if (first.length > 0) yield first;
      while (!done) {
        const next = await iterator.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  };
  return { first, all: all() };
}
