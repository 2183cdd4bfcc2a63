import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FeedFile } from '#app/update-feed.ts';
import { compareBytes } from '#base/compare.ts';
import { InboxError } from '#base/inbox-error.ts';

const ANSWER_WITHIN_MS = 60_000;

/** The files at a file, folder or http address, by name. Throws `not_found` and `feed_unreachable`. */
export async function openFeedFiles(location: string, request: typeof fetch): Promise<readonly FeedFile[]> {
  if (/^https?:\/\//i.test(location))
    return [{ name: basename(new URL(location).pathname), open: () => download(location, request) }];
  let isFolder: boolean;
  try {
    isFolder = (await stat(location)).isDirectory();
  } catch (cause) {
    throw new InboxError('not_found', `There is no file or folder ${location}.`, { cause });
  }
  if (!isFolder) return [{ name: basename(location), open: () => createReadStream(location) }];
  const entries = await readdir(location, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort(compareBytes)
    .map((name) => ({ name, open: () => createReadStream(join(location, name)) }));
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
