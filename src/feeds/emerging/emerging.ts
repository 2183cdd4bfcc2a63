import { type Instant, parseInstant } from '#base/instant.ts';
import { asObject, asText, type JsonObject, parseJson } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import { isCve, isGhsa, spelledAdvisory } from '#domain/finding/advisory-name.ts';
import type { EmergingFact, FeedItem, IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import { feedBroken, feedBytes, headText } from '../reading/feed-bytes.ts';

/**
 * A list of advisories that somebody calls emerging, each until a day: the organisation's own people, or whoever warns them
 * (DESIGN, default admission).
 */
export const emerging: IntelligenceFeed = {
  id: 'emerging',
  title: 'Emerging advisories',
  defaultUrl: null,
  licence: "the organisation's own",
  claims: (head) => /^\s*\{\s*(?:"updated"\s*:\s*"[^"]*"\s*,\s*)?"emerging"\s*:\s*\[/.test(headText(head)),
  read,
};

const REASON_MAX = 300;
/** People write it: a larger one is none. */
const BYTES_MAX = 8 * 1024 * 1024;

async function* read(input: AsyncIterable<Uint8Array>): AsyncGenerator<FeedItem> {
  const list = await objectOf(input);
  const entries = list.emerging;
  if (!Array.isArray(entries)) throw feedBroken('A list "emerging" was expected; the file has none.');
  for (const [index, entry] of entries.entries()) {
    const fact = mapEntry(asObject(entry) ?? {});
    if (fact !== null) yield fact;
    else {
      const message = 'Expected `advisory` to be a CVE or GHSA id, and `until` a day.';
      yield { kind: 'reject', at: `emerging[${index}]`, code: 'missing_field', message };
    }
  }
  yield { kind: 'header', publishedAt: parseInstant(list.updated), version: null };
}

async function objectOf(input: AsyncIterable<Uint8Array>): Promise<JsonObject> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of feedBytes(input)) {
    length += chunk.length;
    if (length > BYTES_MAX) throw feedBroken('A list of advisories was expected; the file is far larger.');
    chunks.push(chunk);
  }
  try {
    return (
      asObject(
        parseJson(
          Buffer.concat(chunks)
            .toString('utf8')
            .replace(/^\ufeff/, ''),
        ),
      ) ?? {}
    );
  } catch (cause) {
    throw feedBroken('The list is no JSON.', cause);
  }
}

/** Null where it names no advisory, or no end: what is listed for ever is no news. */
function mapEntry(entry: JsonObject): EmergingFact | null {
  const advisory = spelledAdvisory(asText(entry.advisory)?.slice(0, 64) ?? '');
  const until: Instant | null = parseInstant(entry.until);
  if (until === null || !(isCve(advisory) || isGhsa(advisory))) return null;
  const reason = oneLine(asText(entry.reason) ?? '', REASON_MAX);
  return { kind: 'emerging', advisory, until, reason: reason === '' ? null : reason };
}
