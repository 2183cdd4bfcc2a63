import { type Instant, parseInstant } from '#base/instant.ts';
import { asObject, asText, asTexts, type JsonObject } from '#base/json-value.ts';
import type { FeedItem, IntelligenceFeed, ModuleFact } from '#domain/ports/intelligence-feed.ts';
import { cveId } from '../reading/cve-id.ts';
import { feedBroken, headText } from '../reading/feed-bytes.ts';
import { sliceFeed } from '../reading/feed-json.ts';

/** Rapid7's index of the modules of Metasploit: names and CVEs; no code and no text. */
export const metasploit: IntelligenceFeed = {
  id: 'metasploit',
  title: 'Metasploit modules',
  defaultUrl:
    'https://raw.githubusercontent.com/rapid7/metasploit-framework/master/db/modules_metadata_base.json',
  isDatedByEntries: true,
  licence: 'facts of a BSD-3-Clause repository: names, dates and CVE ids',
  claims: (head) => {
    const text = headText(head);
    return (
      text.trimStart().startsWith('{') && text.includes('"fullname"') && text.includes('"disclosure_date"')
    );
  },
  read,
};

async function* read(input: AsyncIterable<Uint8Array>): AsyncGenerator<FeedItem> {
  let modules = 0;
  let newest: Instant | null = null;
  for await (const event of sliceFeed(input, { patterns: ['*'] })) {
    if (event.kind === 'close') continue;
    if (event.kind === 'bad') {
      yield { kind: 'reject', at: event.path, code: 'not_json', message: `The module is ${event.message}.` };
      continue;
    }
    const module = asObject(event.value);
    const name = asText(module?.fullname);
    if (module === undefined || name === undefined) {
      const message = 'Expected a module with its `fullname`.';
      yield { kind: 'reject', at: event.path, code: 'missing_field', message };
      continue;
    }
    modules++;
    // `2020-10-02 17:38:06 +0000`
    const changed = parseInstant(asText(module.mod_time)?.replace(' +', '+'));
    if (changed !== null && changed > (newest ?? 0)) newest = changed;
    yield* mapModule(name, module);
  }
  if (modules === 0) throw feedBroken('The index of Metasploit holds no module that can be read.');
  yield { kind: 'header', publishedAt: newest, version: null };
}

/** Kinds of auxiliary modules that act on the target. Scanners look for a flaw, and the rest does without a target. */
const ACTING = /^auxiliary\/(?:admin|dos|gather|sqli|spoof|fileformat)\//;
const NAME = /^[a-z0-9_/.-]{1,200}$/i;

/** A fact for each CVE that a module names; none where it only scans, or needs a session already. */
export function mapModule(name: string, module: JsonObject): readonly ModuleFact[] {
  const isExploit = name.startsWith('exploit/');
  if (!NAME.test(name) || (!isExploit && !ACTING.test(name))) return [];
  const advisories = asTexts(module.references).slice(0, 200).map(cveId);
  return [...new Set(advisories)].flatMap((advisory) =>
    advisory === null ? [] : [{ kind: 'module', advisory, name, isExploit }],
  );
}
