import { createHash, type Hash, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InboxError } from '#base/inbox-error.ts';
import type { Clock } from '#domain/ports/clock.ts';

/** A sender may think for a minute, and then has to keep up this pace; a stream that only trickles holds a socket and a file. */
const GRACE_MS = 60_000;
const BYTES_PER_MS_MIN = 64;

export interface UploadLimits {
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Counts bytes that came against what their sender may send; throws when that is used up. */
  readonly count: (bytes: number) => void;
}

/** Refuses what says itself that it is too large, before a byte of it is taken. Throws `too_large`. */
export function checkDeclaredSize(contentLength: string | undefined, maxBytes: number): void {
  if (Number(contentLength ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

/**
 * Writes an upload to a file that only this user can read, hands its path and the SHA-256 of its bytes over, and removes
 * it when that is done or has failed. Throws `too_large`, `timeout` and `rate_limited`; the rest of the body is then left unread.
 */
export async function withSpooledUpload<T>(
  body: Readable,
  folder: string,
  limits: UploadLimits,
  use: (path: string, digest: Uint8Array) => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `upload-${randomUUID()}`);
  try {
    // Opened before anything can fail: a file that comes to be after it was removed would stay.
    const file = await open(path, 'wx', 0o600);
    const hash = createHash('sha256');
    await pipeline(limited(body, limits, hash), file.createWriteStream());
    return await use(path, hash.digest());
  } finally {
    await rm(path, { force: true });
  }
}

async function* limited(
  body: Readable,
  { maxBytes, clock, count }: UploadLimits,
  hash: Hash,
): AsyncGenerator<Buffer> {
  const begunAt = clock.now();
  let bytes = 0;
  // Destroying the body would close the connection, and the sender would never read why.
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    count(chunk.length);
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    if (clock.now() - begunAt > GRACE_MS + bytes / BYTES_PER_MS_MIN) {
      throw new InboxError(
        'timeout',
        'The upload is slower than 64 KB a second. Import the file on the machine of the server.',
      );
    }
    hash.update(chunk);
    yield chunk;
  }
}

function tooLarge(maxBytes: number): InboxError {
  const limit = maxBytes < 1024 ** 2 ? `${maxBytes} bytes` : `${Math.floor(maxBytes / 1024 ** 2)} MiB`;
  return new InboxError(
    'too_large',
    `The file is larger than ${limit}. Compress it, split the report, or import it on the machine of the server.`,
  );
}
