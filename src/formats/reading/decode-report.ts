import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { InboxError } from '#base/inbox-error.ts';
import { type GrowthBounds, refuseBomb } from './growth-limit.ts';

export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const CHUNK_BYTES = 256 * 1024;

/**
 * Turns the bytes of a file into those of its report: decompressed (gzip of one or several members,
 * zstd; each told by its first bytes, never by the name), without byte order mark, in UTF-8.
 *
 * Throws `report_broken` where compressed data is damaged or cut off, `report_too_deep` where what was
 * compressed is compressed or an archive itself, and `too_large` beyond the bounds: a decompression bomb.
 */
export async function* decodeReport(source: ByteSource, bounds: GrowthBounds): AsyncGenerator<Uint8Array> {
  const { first, all } = await peek(source);
  const decompressor = decompressorFor(first);
  if (decompressor === null) yield* toUtf8(first, all);
  else {
    const inner = await peek(decompress(all, decompressor, bounds));
    refuseContainer(inner.first);
    yield* toUtf8(inner.first, inner.all);
  }
}

/** The bytes of a file, decompressed where they are compressed. Throws as `decodeReport`. */
export async function* decompressed(source: ByteSource, bounds: GrowthBounds): AsyncGenerator<Uint8Array> {
  const { first, all } = await peek(source);
  const decompressor = decompressorFor(first);
  yield* decompressor === null ? all : decompress(all, decompressor, bounds);
}

/** True for the first bytes of a zip archive, also of an empty one. */
export function isZip(first: Uint8Array): boolean {
  return startsWith(first, 0x50, 0x4b, 3, 4) || startsWith(first, 0x50, 0x4b, 5, 6);
}

function decompressorFor(first: Uint8Array): Transform | null {
  if (isGzip(first)) return createGunzip({ chunkSize: CHUNK_BYTES });
  if (isZstd(first)) return createZstdDecompress({ chunkSize: CHUNK_BYTES });
  return null;
}

function isGzip(first: Uint8Array): boolean {
  return startsWith(first, 0x1f, 0x8b);
}

function isZstd(first: Uint8Array): boolean {
  return startsWith(first, 0x28, 0xb5, 0x2f, 0xfd);
}

/** A compressed file is one report (design: `import --json`); one more layer is how bombs are built. */
function refuseContainer(first: Uint8Array): void {
  const found = isZip(first) ? 'an archive' : isGzip(first) || isZstd(first) ? 'a compressed file' : null;
  if (found === null) return;
  throw new InboxError(
    'report_too_deep',
    `The compressed file holds ${found}; a report is expected. Decompress it and import what is in it.`,
  );
}

async function* decompress(
  source: ByteSource,
  decompressor: Transform,
  bounds: GrowthBounds,
): AsyncGenerator<Uint8Array> {
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
      refuseBomb(read, written, bounds);
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
