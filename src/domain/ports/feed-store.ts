import type { Instant } from '#base/instant.ts';
import type { AdvisoryFact, FeedId } from './intelligence-feed.ts';

/** What is stored of a feed. */
export interface FeedState {
  readonly id: FeedId;
  /** File, folder or URL that it was read from; `snapshot` for what ships with the product. */
  readonly origin: string;
  readonly version: string | null;
  /** As of when its content is. */
  readonly contentAt: Instant;
  readonly readAt: Instant;
  readonly entries: number;
}

export interface FeedChange {
  readonly entries: number;
  /** Advisories about which something changed that an issue could rest on. */
  readonly changedAdvisories: number;
  readonly changedIssues: number;
}

/** A feed while it is read. Nothing of it counts before `commit` has answered. */
export interface FeedWriter {
  add(fact: AdvisoryFact): Promise<void> | void;
  /** `accept` is asked how many entries there would be, before anything counts; what it throws leaves all as it was. */
  commit(
    state: Omit<FeedState, 'entries'>,
    actor: string,
    accept?: (entries: number) => void,
  ): Promise<FeedChange>;
  abandon(): Promise<void>;
}

/** Keeps what the intelligence feeds say, and assesses anew the issues that it touches. */
export interface FeedStore {
  list(): Promise<readonly FeedState[]>;
  open(feed: FeedId): Promise<FeedWriter>;
}
