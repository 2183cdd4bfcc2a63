import { InboxError } from '#base/inbox-error.ts';
import type { SliceOptions } from '#base/json-slicer.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { SliceEvent } from '#base/unread-element.ts';
import { feedBroken, feedBytes } from './feed-bytes.ts';

/** `sliceJson` over a feed file, plain or gzip; what breaks the JSON breaks the feed. */
export async function* sliceFeed(
  input: AsyncIterable<Uint8Array>,
  options: SliceOptions,
): AsyncGenerator<SliceEvent> {
  try {
    yield* sliceJson(feedBytes(input), options);
  } catch (cause) {
    if (!(cause instanceof InboxError) || cause.code === 'feed_broken') throw cause;
    throw feedBroken(cause.message, cause);
  }
}
