import { DAY_MS, dateText, type Instant } from '#base/instant.ts';
import type { FeedState } from '#domain/ports/feed-store.ts';
import type { FeedId, IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import { type AppContext, permit } from './context.ts';

export interface FeedStatus {
  readonly id: FeedId;
  readonly title: string;
  readonly state: 'fresh' | 'stale' | 'missing';
  readonly contentAt: Instant | null;
  readonly readAt: Instant | null;
  readonly entries: number;
  readonly origin: string | null;
  readonly sentence: string;
  /** The command that mends it; null where nothing has to be mended, as where an organisation keeps no list of its own. */
  readonly remedy: string | null;
}

/** After this the absence of an exploit in a feed proves nothing (DESIGN, unknown is not no). */
const FRESH_DAYS = 30;

/** The intelligence feeds and how old what they say is. */
export async function listFeeds(ctx: AppContext): Promise<readonly FeedStatus[]> {
  permit(ctx, 'read');
  const known = new Map((await ctx.feedStore.list()).map((state) => [state.id, state]));
  return ctx.feeds.map((feed) => feedStatus(feed, known.get(feed.id), ctx.clock.now()));
}

function feedStatus(
  { id, title, defaultUrl }: IntelligenceFeed,
  state: FeedState | undefined,
  now: Instant,
): FeedStatus {
  const remedy = `security-inbox feeds update ${id}`;
  if (state === undefined) {
    return {
      id,
      title,
      state: 'missing',
      contentAt: null,
      readAt: null,
      entries: 0,
      origin: null,
      sentence:
        defaultUrl === null
          ? 'None is listed. Read a list of your own with "feeds import FILE".'
          : `Never read: what it would say is unknown. Read it with "feeds update ${id}".`,
      remedy: defaultUrl === null ? null : remedy,
    };
  }
  // Each entry of a list of one's own has its end.
  const isFresh = defaultUrl === null || now - state.contentAt <= FRESH_DAYS * DAY_MS;
  const sentence = isFresh
    ? `As of ${dateText(state.contentAt)}.`
    : `As of ${dateText(state.contentAt)}: what it does not list counts as unknown. Read a newer one with "feeds update ${id}".`;
  return {
    id,
    title,
    state: isFresh ? 'fresh' : 'stale',
    contentAt: state.contentAt,
    readAt: state.readAt,
    entries: state.entries,
    origin: state.origin,
    sentence,
    remedy: isFresh ? null : remedy,
  };
}
