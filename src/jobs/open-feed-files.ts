import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FeedFile } from '#app/update-feed.ts';
import { compareBytes } from '#base/compare.ts';
import { InboxError } from '#base/inbox-error.ts';

const ANSWER_WITHIN_MS = 60_000;

/** The members of an archive, or the one file that it is. */
type OpenMembers = (
  path: string,
  name: string,
) => AsyncIterable<{ readonly name: string; open(): AsyncIterable<Uint8Array> }>;

/**
 * The files at a file, folder (with all that lies below it) or http address, by name; a zip archive is its members in JSON behind each other.
 * Throws `not_found` and `feed_unreachable`.
 */
export async function openFeedFiles(
  location: string,
  request: typeof fetch,
  openMembers: OpenMembers,
): Promise<readonly FeedFile[]> {
  if (/^https?:\/\//i.test(location)) {
    const name = basename(new URL(location).pathname);
    return [
      {
        name,
        open: () =>
          isZip(name) ? unpacked(location, name, request, openMembers) : download(location, request),
      },
    ];
  }
  let isFolder: boolean;
  try {
    isFolder = (await stat(location)).isDirectory();
  } catch (cause) {
    throw new InboxError('not_found', `There is no file or folder ${location}.`, { cause });
  }
  const fileAt = (path: string): FeedFile => ({
    name: basename(path),
    open: () => (isZip(path) ? members(path, openMembers) : createReadStream(path)),
  });
  if (!isFolder) return [fileAt(location)];
  const entries = await readdir(location, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort(compareBytes)
    .map(fileAt);
}

function isZip(name: string): boolean {
  return /\.zip$/i.test(name);
}

async function* members(path: string, openMembers: OpenMembers): AsyncGenerator<Uint8Array> {
  for await (const member of openMembers(path, basename(path))) {
    // An archive of a repository holds its pages too.
    if (!/\.json$/i.test(member.name)) continue;
    yield* member.open();
    yield NEWLINE;
  }
}

const NEWLINE = Buffer.from('\n');

/** An archive is read from its end, so it has to lie on disk. */
async function* unpacked(
  address: string,
  name: string,
  request: typeof fetch,
  openMembers: OpenMembers,
): AsyncGenerator<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'security-inbox-feed-'));
  try {
    const path = join(folder, 'feed.zip');
    await pipeline(download(address, request), createWriteStream(path, { mode: 0o600 }));
    for await (const chunk of members(path, openMembers)) yield chunk;
  } catch (cause) {
    if (cause instanceof InboxError) throw cause;
    throw new InboxError('feed_broken', `The archive ${name} cannot be read; nothing of it was used.`, {
      cause,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* download(address: string, request: typeof fetch): AsyncGenerator<Uint8Array> {
  let answer: Response;
  try {
    answer = await request(address, {
      redirect: 'follow',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS * 10),
    });
  } catch (cause) {
    throw new InboxError(
      'feed_unreachable',
      `${address} does not answer. Without a network, download it elsewhere and read the file: feeds update --from FILE.`,
      { cause },
    );
  }
  if (!answer.ok || answer.body === null)
    throw new InboxError(
      'feed_unreachable',
      `${address} answers ${answer.status}; the feed's file was expected.`,
    );
  yield* answer.body;
}
