import { type FeedList, feedListSchema } from '../../../../src/contract/feed.ts';
import { type MissingInputList, missingInputListSchema } from '../../../../src/contract/missing-input.ts';
import { type WatchBody, type WatchList, watchListSchema } from '../../../../src/contract/watch.ts';
import { post, readAs } from './call-api.ts';

/** Folders and addresses that the server looks at for reports. */
export function getWatches(signal: AbortSignal): Promise<WatchList> {
  return readAs(watchListSchema, '/watches', { signal });
}

export function addWatch(watch: WatchBody): Promise<WatchList> {
  return readAs(watchListSchema, '/watches', post(watch));
}

/** What it brought stays. */
export function removeWatch(id: string): Promise<WatchList> {
  return readAs(watchListSchema, '/watches/remove', post({ id }));
}

/** Inputs that nobody supplied and for want of which risks are unknown. */
export function getMissing(signal: AbortSignal): Promise<MissingInputList> {
  return readAs(missingInputListSchema, '/missing', { signal });
}

export function getFeeds(signal: AbortSignal): Promise<FeedList> {
  return readAs(feedListSchema, '/feeds', { signal });
}
