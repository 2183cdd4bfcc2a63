import type { FeedItem } from '#domain/ports/intelligence-feed.ts';
import { feedBroken, headText } from './feed-bytes.ts';
import { sliceFeed } from './feed-json.ts';
import { mapOsvRecord } from './osv-record.ts';

/** The id that a file of records in the form of OSV begins with; undefined for any other file. */
export function firstOsvId(head: Uint8Array): string | undefined {
  const text = headText(head).trimStart();
  if (!text.startsWith('{') || !/"(?:affected|withdrawn)"\s*:/.test(text) || !/"modified"\s*:/.test(text))
    return undefined;
  return (
    /^\{\s*(?:"schema_version"\s*:\s*"[^"]*"\s*,\s*)?(?:"modified"\s*:\s*"[^"]*"\s*,\s*)?(?:"published"\s*:\s*"[^"]*"\s*,\s*)*"id"\s*:\s*"([A-Za-z][\w.:-]{2,99})"/.exec(
      text,
    )?.[1] ?? /"id"\s*:\s*"([A-Z][A-Za-z]*-[\w.:-]{2,99})"/.exec(text)?.[1]
  );
}

/**
 * Records in the form of OSV, one or several behind each other. They state no time of their own as a whole: a record replaces what
 * was known of it where it is not older.
 */
export async function* readOsv(input: AsyncIterable<Uint8Array>): AsyncGenerator<FeedItem> {
  let records = 0;
  let facts = 0;
  for await (const event of sliceFeed(input, { patterns: [''], documents: true })) {
    if (event.kind === 'close') continue;
    records++;
    if (event.kind === 'bad') {
      yield {
        kind: 'reject',
        at: event.path || 'record',
        code: 'not_json',
        message: `The record is ${event.message}.`,
      };
      continue;
    }
    for (const item of mapOsvRecord(event.value, event.path)) {
      if (item.kind !== 'reject') facts++;
      yield item;
    }
  }
  if (records === 0 || facts === 0) throw feedBroken('None of the advisories can be read.');
  yield { kind: 'header', publishedAt: null, version: null };
}
