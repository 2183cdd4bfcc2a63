import type { FeedStatus } from '#app/list-feeds.ts';
import { instantText } from '#base/instant.ts';
import type { Feed } from '#contract/feed.ts';

export function presentFeed({ id, title, state, contentAt, readAt, entries, sentence }: FeedStatus): Feed {
  return {
    id,
    name: title,
    state,
    asOf: contentAt === null ? null : instantText(contentAt),
    fetchedAt: readAt === null ? null : instantText(readAt),
    entries,
    sentence,
  };
}
