import type { FeedFile } from '#app/update-feed.ts';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';

/** So much of a file is shown to the feeds. */
const HEAD_BYTES = 64 * 1024;

/**
 * Gives each file to the feed that claims it; files of one feed stay together, in their order. Throws
 * `feed_broken` for a file that none claims.
 */
export async function sortFeedFiles(
  feeds: readonly IntelligenceFeed[],
  files: readonly FeedFile[],
): Promise<ReadonlyMap<IntelligenceFeed, readonly FeedFile[]>> {
  const filesOf = new Map<IntelligenceFeed, FeedFile[]>();
  for (const file of files) {
    const head = await headOf(file);
    const feed = feeds.find((each) => each.claims(head, file.name));
    if (feed === undefined) {
      throw new InboxError(
        'feed_broken',
        `No feed knows the file "${oneLine(file.name, 120)}". Expected a file of ${feeds.map((each) => each.id).join(', ')}; "feeds update FEED --from" reads it as that.`,
      );
    }
    filesOf.set(feed, [...(filesOf.get(feed) ?? []), file]);
  }
  return filesOf;
}

/** Of several files those that the feed claims; where it claims none, all of them, for it to say what is wrong. */
export async function filesOfFeed(
  feed: IntelligenceFeed,
  files: readonly FeedFile[],
): Promise<readonly FeedFile[]> {
  if (files.length < 2) return files;
  const claimed: FeedFile[] = [];
  for (const file of files) if (feed.claims(await headOf(file), file.name)) claimed.push(file);
  return claimed.length > 0 ? claimed : files;
}

async function headOf(file: FeedFile): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of file.open()) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(chunks);
}
