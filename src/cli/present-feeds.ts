import type { UpdatedFeed } from '#app/update-feed.ts';
import { dateText } from '#base/instant.ts';
import { counted } from '#base/text.ts';
import type { Feed } from '#contract/feed.ts';
import type { Paint } from './paint.ts';
import { safe } from './terminal-text.ts';

/** The feeds and how old what they say is, as lines for a terminal. */
export function presentFeeds(feeds: readonly Feed[], paint: Paint): readonly string[] {
  return feeds.flatMap(({ id, name, state, entries, sentence }) => [
    `${paint.strong(safe(id))}  ${safe(name)}: ${state}, ${counted(entries, 'entry', 'entries')}`,
    `  ${safe(sentence)}`,
  ]);
}

/** What reading a feed changed, as one line. */
export function presentUpdatedFeed(
  { feed, entries, rejects, contentAt, changedAdvisories, changedIssues, gapSince }: UpdatedFeed,
  paint: Paint,
): string {
  const rejected = rejects === 0 ? '' : `, ${rejects} rejected`;
  const gap =
    gapSince === null
      ? ''
      : `. Nothing tells what changed after ${dateText(gapSince)} and before this file begins: until files of all that time are read, it stays as of then`;
  return `${paint.strong(safe(feed))}  as of ${dateText(contentAt)}: ${counted(entries, 'entry', 'entries')}${rejected}; ${counted(changedAdvisories, 'advisory', 'advisories')} and ${counted(changedIssues, 'issue')} changed${gap}`;
}
