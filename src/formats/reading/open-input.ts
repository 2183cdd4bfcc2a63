import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { type InputLimits, USUAL_LIMITS } from '#domain/ports/input-limits.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { decodeReport, isZip } from './decode-report.ts';
import { openZip, type ZipSource } from './open-zip.ts';

const CHUNK_BYTES = 256 * 1024;
const NAME_LENGTH_MAX = 255;

/**
 * The reports in a file: one for a plain or compressed file, one per member of a zip archive
 * (`archive.zip!member`). Members are valid until the next one is asked for. Names are labels for
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
  else
    yield { name, open: () => decodeReport(createReadStream(path, { highWaterMark: CHUNK_BYTES }), limits) };
}

/** The same for bytes in memory. */
export async function* openBytes(
  bytes: Buffer,
  displayName: string,
  limits: InputLimits = USUAL_LIMITS,
): AsyncGenerator<ReportInput> {
  const name = oneLine(displayName, NAME_LENGTH_MAX);
  if (isZip(bytes)) yield* openZip({ bytes } satisfies ZipSource, name, limits);
  else yield { name, open: () => decodeReport(inChunks(bytes), limits) };
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
