import { parseInstant } from '#base/instant.ts';
import { asNumber, type JsonObject } from '#base/json-value.ts';
import type { FeedItem, IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import { feedBroken, headText } from '../reading/feed-bytes.ts';
import { sliceFeed } from '../reading/feed-json.ts';
import { mapNvdRecord } from './map-nvd-record.ts';

const FORMAT = /"format"\s*:\s*"NVD_CVE"/;
const VERSION = /"version"\s*:\s*"2\.0"/;

/** NIST's National Vulnerability Database: pages of its API 2.0 and its yearly files, which look alike. */
export const nvd: IntelligenceFeed = {
  id: 'nvd',
  title: 'National Vulnerability Database',
  defaultUrl: 'https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-modified.json.gz',
  tellsChanges: true,
  licence: 'public domain (work of the US government)',
  claims: (head) => {
    const text = headText(head);
    return FORMAT.test(text) && VERSION.test(text);
  },
  read,
};

async function* read(input: AsyncIterable<Uint8Array>): AsyncGenerator<FeedItem> {
  let inPage = 0;
  let facts = 0;
  let records = 0;
  for await (const event of sliceFeed(input, { patterns: ['vulnerabilities.*'], documents: true })) {
    if (event.kind === 'close') {
      if (event.depth !== 0) continue;
      checkPage(event.value, inPage);
      inPage = 0;
      yield { kind: 'header', publishedAt: parseInstant(event.value.timestamp), version: null };
      continue;
    }
    inPage++;
    records++;
    if (event.kind === 'bad') {
      yield { kind: 'reject', at: event.path, code: 'not_json', message: `The record is ${event.message}.` };
      continue;
    }
    for (const item of mapNvdRecord(event.value, event.path)) {
      if (item.kind === 'record') facts++;
      yield item;
    }
  }
  if (records > 0 && facts === 0) throw feedBroken('None of the NVD records can be read.');
}

/** An empty page is right only where it says so: a question about a quiet day has no answer. */
function checkPage(page: JsonObject, records: number): void {
  if (page.format !== 'NVD_CVE')
    throw feedBroken('A page of the NVD API 2.0 was expected; its `format` is not NVD_CVE.');
  const total = asNumber(page.totalResults);
  if (records === 0 && total !== 0)
    throw feedBroken('The NVD page holds no record though it does not say that there are none.');
}
