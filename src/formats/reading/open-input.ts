import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { type InputLimits, USUAL_LIMITS } from '#domain/ports/input-limits.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { type ByteSource, decodeReport, decompressed, isZip } from './decode-report.ts';
import { isTar, openTar, TAR_BLOCK_BYTES } from './open-tar.ts';
import { openZip, type ZipSource } from './open-zip.ts';

const CHUNK_BYTES = 256 * 1024;
const NAME_LENGTH_MAX = 255;

/**
 * The reports in a file: one for a plain or compressed file, one per member of a zip or tar archive
 * (`archive.zip!member`), the tar compressed or not. Members are valid until the next one is asked for. Names are labels for
 * people; nothing is ever written, and no name is ever used as a path.
 *
 * Throws `not_found`, `report_broken` for a broken archive, `too_large` for one that is too large
 * or a decompression bomb. A member that is encrypted or damaged throws when it is opened, so that
 * the others can still be read.
 */
export async function* openInputs(
  path: string,
  displayName: string,
  limits: InputLimits = USUAL_LIMITS,
): AsyncGenerator<ReportInput> {
  const name = oneLine(displayName, NAME_LENGTH_MAX);
  if (isZip(await firstBytes(path, name))) yield* openZip({ path }, name, limits);
  else {
    const bytes = (): ByteSource => createReadStream(path, { highWaterMark: CHUNK_BYTES });
    yield* openStream(bytes, name, async () => (await stat(path)).size, limits);
  }
}

/** The same for bytes in memory. */
export async function* openBytes(
  bytes: Buffer,
  displayName: string,
  limits: InputLimits = USUAL_LIMITS,
): AsyncGenerator<ReportInput> {
  const name = oneLine(displayName, NAME_LENGTH_MAX);
  if (isZip(bytes)) yield* openZip({ bytes } satisfies ZipSource, name, limits);
  else
    yield* openStream(
      () => inChunks(bytes),
      name,
      async () => bytes.length,
      limits,
    );
}

/** What is read from its beginning to its end: a tar archive, else one report. */
async function* openStream(
  bytes: () => ByteSource,
  name: string,
  size: () => Promise<number>,
  limits: InputLimits,
): AsyncGenerator<ReportInput> {
  if (await beginsAsTar(bytes(), limits))
    yield* openTar(decompressed(bytes(), limits), name, await size(), limits);
  else yield { name, open: () => decodeReport(bytes(), limits) };
}

async function beginsAsTar(bytes: ByteSource, limits: InputLimits): Promise<boolean> {
  let first = Buffer.alloc(0);
  try {
    for await (const chunk of decompressed(bytes, limits)) {
      first = Buffer.concat([first, chunk]);
      if (first.length >= TAR_BLOCK_BYTES) break;
    }
  } catch {
    // What is damaged says so when it is opened as a report.
  }
  return isTar(first);
}

/** As a file would come: what is read of one piece of it is gone before the next one is looked at. */
function* inChunks(bytes: Buffer): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) yield bytes.subarray(from, from + CHUNK_BYTES);
}

async function firstBytes(path: string, name: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new InboxError('not_found', `"${name}" cannot be opened: ${reason(cause)}.`, { cause });
  }
}

function reason(cause: unknown): string {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read it';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return 'the system refused';
  }
}
