import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InboxError } from '#base/inbox-error.ts';

const BYTES = 32;

/**
 * The key with which the values of secrets are hashed: made once per installation and kept beside the
 * data, readable by its owner only. Of several processes that start at once one makes it, all use it.
 */
export async function secretKeyOf(dataDirectory: string): Promise<Uint8Array> {
  const path = join(dataDirectory, 'secret.key');
  const known = await read(path);
  if (known !== null) return known;
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, randomBytes(BYTES), { mode: 0o600, flag: 'wx' });
  try {
    // A link fails where the name exists, so a key that another process has made is never replaced.
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const made = await read(path);
  if (made === null) throw new Error(`${path} was there and is gone`);
  return made;
}

async function read(path: string): Promise<Uint8Array | null> {
  let key: Buffer;
  try {
    key = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (key.length === BYTES) return key;
  throw new InboxError(
    'conflict',
    `${path} holds ${key.length} bytes, a key of ${BYTES} was expected. Restore it from a backup: secrets are identified with it.`,
  );
}
