import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InboxError } from '#base/inbox-error.ts';
import type { Clock } from '#domain/ports/clock.ts';

/** A sender may think for a minute, and then has to keep up this pace; a stream that only trickles holds a socket and a file. */
const GRACE_MS = 60_000;
const BYTES_PER_MS_MIN = 64;

export interface UploadLimits {
  readonly folder: string;
  readonly maxBytes: number;
  readonly clock: Clock;
}

/**
 * Writes an upload to a file that only this user can read, hands its path over, and removes it when that
 * is done or has failed. Throws `too_large` and `timeout`.
 */
export async function withSpooledUpload<T>(body: Readable, { folder, maxBytes, clock }: UploadLimits, use: (path: string) => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `upload-${randomUUID()}`);
  try {
    await pipeline(body, limited(maxBytes, clock), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}

function limited(maxBytes: number, clock: Clock): Transform {
  const begunAt = clock.now();
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new InboxError('too_large', uploadTooLarge(maxBytes)));
      else if (clock.now() - begunAt > GRACE_MS + bytes / BYTES_PER_MS_MIN) done(new InboxError('timeout', 'The upload is slower than 64 KB a second. Import the file on the machine of the server.'));
      else done(null, chunk);
    },
  });
}

export function uploadTooLarge(maxBytes: number): string {
  return `The file is larger than ${Math.floor(maxBytes / 1024 ** 2)} MiB. Split the report, compress it, or import it on the machine of the server.`;
}
