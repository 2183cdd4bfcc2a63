import { smallest } from '#base/extremes.ts';
import { InboxError } from '#base/inbox-error.ts';
import { DAY_MS, dateText, type Instant } from '#base/instant.ts';
import { counted } from '#base/text.ts';
import type { FeedChange, FeedWriter } from '#domain/ports/feed-store.ts';
import type { IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import { type AppContext, permit } from './context.ts';
import { matchBoms } from './match-boms.ts';

/** A file of a feed, wherever it lies. */
export interface FeedFile {
  readonly name: string;
  open(): AsyncIterable<Uint8Array>;
}

export interface UpdatedFeed extends FeedChange {
  readonly feed: string;
  readonly files: readonly string[];
  readonly rejects: number;
  readonly contentAt: Instant;
  /** From when on nothing was read until the first change that the files tell; null where there is no such gap. */
  readonly gapSince: Instant | null;
}

/** A feed of at least so many entries of which a file would leave less than half is not taken for all of it. */
const MANY = 100;

/** The publishers of changes are never still for longer. */
const QUIET_DAYS = 2;

/**
 * Reads the files of one feed and puts them in the place of what was known. Nothing is applied before
 * all of them were read to their end; a file older than what is known is refused, and so is one that would take away more than half
 * of what is known, unless that is confirmed: it may be a part. What a publisher has now of a feed that is dated by
 * its entries is not older where it lacks the newest of them: that one was taken out.
 */
export async function updateFeed(
  ctx: AppContext,
  input: {
    readonly feed: IntelligenceFeed;
    readonly files: readonly FeedFile[];
    readonly origin: string;
    readonly isConfirmed?: boolean;
  },
): Promise<UpdatedFeed> {
  permit(ctx, 'administer');
  const { feed, files, origin, isConfirmed = false } = input;
  const known = (await ctx.feedStore.list()).find((state) => state.id === feed.id);
  const writer = await ctx.feedStore.open(feed.id);
  let reading: Reading;
  try {
    reading = await readAll(feed, files, writer);
    const readAt = ctx.clock.now();
    const fileAt = Math.min(reading.publishedAt ?? readAt, readAt);
    const gapSince = gapBefore(feed, reading, known?.contentAt);
    // What happened in a gap nobody read, so the silence of the feed is worth no more than before.
    const contentAt = gapSince ?? fileAt;
    if (known !== undefined && contentAt < known.contentAt && !isCurrent(feed, origin)) {
      throw new InboxError(
        'conflict',
        `This ${feed.title} is of ${dateText(contentAt)}, older than what is known (${dateText(known.contentAt)}). Nothing was changed; read a newer file.`,
      );
    }
    const change = await writer.commit(
      { id: feed.id, origin, version: reading.version, contentAt, readAt },
      ctx.actor.name,
      (entries) => {
        if (!isConfirmed && known !== undefined) refusePart(feed, known.entries, entries);
      },
    );
    await matchBoms(ctx);
    return {
      ...change,
      feed: feed.id,
      files: files.map((file) => file.name),
      rejects: reading.rejects,
      contentAt,
      gapSince,
    };
  } catch (error) {
    await writer.abandon().catch(() => {
      // The writer is gone already when it was its commit that failed.
    });
    throw error;
  }
}

function refusePart({ title }: IntelligenceFeed, known: number, entries: number): void {
  if (known < MANY || entries * 2 >= known) return;
  throw new InboxError(
    'conflict',
    `This ${title} would leave ${counted(entries, 'entry', 'entries')} of ${known}: it may be a part of the feed, and what it lacks would be taken for gone. Nothing was changed; read all of the feed, or add --confirm where it really shrank.`,
  );
}

/** When a feed was read last, where the files begin to tell only later what changed. */
function gapBefore(
  { tellsChanges }: IntelligenceFeed,
  { firstChangeAt }: Reading,
  knownAt: Instant | undefined,
): Instant | null {
  if (tellsChanges !== true || firstChangeAt === null || knownAt === undefined) return null;
  return firstChangeAt > knownAt + QUIET_DAYS * DAY_MS ? knownAt : null;
}

function isCurrent({ isDatedByEntries, defaultUrl }: IntelligenceFeed, origin: string): boolean {
  return isDatedByEntries === true && origin === defaultUrl;
}

interface Reading {
  /** The earliest change that a record tells. */
  readonly firstChangeAt: Instant | null;
  readonly publishedAt: Instant | null;
  readonly version: string | null;
  readonly rejects: number;
}

async function readAll(
  feed: IntelligenceFeed,
  files: readonly FeedFile[],
  writer: FeedWriter,
): Promise<Reading> {
  let publishedAt: Instant | null = null;
  let version: string | null = null;
  let rejects = 0;
  let firstChangeAt: Instant | null = null;
  for (const file of files) {
    for await (const item of feed.read(file.open())) {
      if (item.kind === 'header') {
        publishedAt = Math.max(publishedAt ?? 0, item.publishedAt ?? 0) || null;
        version = item.version ?? version;
      } else if (item.kind === 'reject') rejects++;
      else {
        if (item.kind === 'record') firstChangeAt = smallest([firstChangeAt, item.modifiedAt]);
        await writer.add(item);
      }
    }
  }
  return { publishedAt, version, rejects, firstChangeAt };
}
