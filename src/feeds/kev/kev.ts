import { parseInstant } from '#base/instant.ts';
import { asNumber, asObject, asText, type JsonObject } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import type { ExploitedFact, FeedItem, IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import { cveId } from '../reading/cve-id.ts';
import { feedBroken, headText } from '../reading/feed-bytes.ts';
import { sliceFeed } from '../reading/feed-json.ts';

/** CISA's catalogue of vulnerabilities that attackers are known to use. */
export const kev: IntelligenceFeed = {
  id: 'kev',
  title: 'CISA Known Exploited Vulnerabilities',
  defaultUrl: 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
  licence: 'CC0-1.0',
  claims: (head) => {
    const text = headText(head);
    return (
      text.trimStart().startsWith('{') &&
      text.includes('"catalogVersion"') &&
      // The schema that lies beside the catalogue names the same members.
      /"vulnerabilities"\s*:\s*\[/.test(text)
    );
  },
  read,
};

async function* read(input: AsyncIterable<Uint8Array>): AsyncGenerator<FeedItem> {
  let entries = 0;
  let facts = 0;
  let catalogue: JsonObject = {};
  for await (const event of sliceFeed(input, { patterns: ['vulnerabilities.*'] })) {
    if (event.kind === 'close') {
      if (event.depth === 0) catalogue = event.value;
      continue;
    }
    entries++;
    if (event.kind === 'bad') {
      yield { kind: 'reject', at: event.path, code: 'not_json', message: `The entry is ${event.message}.` };
      continue;
    }
    const fact = mapKevEntry(asObject(event.value) ?? {});
    if (fact === null) {
      const message = 'Expected `cveID` to be a CVE id.';
      yield { kind: 'reject', at: event.path, code: 'missing_field', message };
    } else {
      facts++;
      yield fact;
    }
  }
  checkCatalogue(catalogue, entries, facts);
  yield {
    kind: 'header',
    publishedAt: parseInstant(catalogue.dateReleased),
    version: asText(catalogue.catalogVersion)?.slice(0, 40) ?? null,
  };
}

function checkCatalogue(catalogue: JsonObject, entries: number, facts: number): void {
  const count = asNumber(catalogue.count);
  if (count === undefined) throw feedBroken('A KEV catalogue with its `count` was expected; it has none.');
  if (count !== entries)
    throw feedBroken(`The KEV catalogue says that it has ${count} entries and holds ${entries}.`);
  if (facts === 0) throw feedBroken('The KEV catalogue holds no entry that can be read.');
}

/** One entry of the catalogue; null when it names no CVE. */
export function mapKevEntry(entry: JsonObject): ExploitedFact | null {
  const advisory = cveId(entry.cveID);
  if (advisory === null) return null;
  return {
    kind: 'exploited',
    advisory,
    title: oneLine(asText(entry.vulnerabilityName) ?? advisory),
    dateAdded: parseInstant(entry.dateAdded),
    dueDate: parseInstant(entry.dueDate),
    ransomware: entry.knownRansomwareCampaignUse === 'Known' ? 'yes' : 'unknown',
  };
}
