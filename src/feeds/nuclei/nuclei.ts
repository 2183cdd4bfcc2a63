import { asObject, asText, type JsonObject } from '#base/json-value.ts';
import type { FeedItem, IntelligenceFeed, TemplateFact } from '#domain/ports/intelligence-feed.ts';
import { cveId } from '../reading/cve-id.ts';
import { feedBroken, headText } from '../reading/feed-bytes.ts';
import { sliceFeed } from '../reading/feed-json.ts';

/** ProjectDiscovery's list of the templates of Nuclei that are about a CVE: ids and paths; no template. */
export const nuclei: IntelligenceFeed = {
  id: 'nuclei',
  title: 'Nuclei templates',
  defaultUrl: 'https://raw.githubusercontent.com/projectdiscovery/nuclei-templates/main/cves.json',
  licence: 'facts of an MIT repository: CVE ids and paths',
  claims: (head) => {
    const text = headText(head);
    return /^\s*\[?\s*\{\s*"ID"\s*:\s*"/.test(text) && text.includes('"file_path"');
  },
  read,
};

async function* read(input: AsyncIterable<Uint8Array>): AsyncGenerator<FeedItem> {
  let facts = 0;
  for await (const event of sliceFeed(input, { patterns: [''], documents: true })) {
    if (event.kind === 'close') continue;
    if (event.kind === 'bad') {
      yield {
        kind: 'reject',
        at: event.path,
        code: 'not_json',
        message: `The template is ${event.message}.`,
      };
      continue;
    }
    const entry = asObject(event.value) ?? {};
    const path = asText(entry.file_path);
    if (asText(entry.ID) === undefined || path === undefined) {
      const message = 'Expected a template with `ID` and `file_path`.';
      yield { kind: 'reject', at: event.path, code: 'missing_field', message };
      continue;
    }
    const fact = mapTemplate(entry);
    if (fact === null) continue;
    facts++;
    yield fact;
  }
  if (facts === 0) throw feedBroken('The list of templates names no CVE.');
  // The list states no date: it is as old as its reading.
  yield { kind: 'header', publishedAt: null, version: null };
}

/** Folders whose templates send requests; those of `file`, `passive`, `dns` and `ssl` look at what is there. */
const SENDING = /^(?:http|network|javascript|code|headless|dast|cves)\//;
const PATH = /^[a-z0-9_./-]{1,200}\.ya?ml$/i;
/** Templates that read a version or a banner say so in their names. */
const LOOKING = /(?:\bdetect(?:ion|ed)?|\bversion check|\bfingerprint(?:ing)?|\bpanel)\s*$/i;

/** Null for a template that shows nothing, or is about no CVE. */
export function mapTemplate(entry: JsonObject): TemplateFact | null {
  const advisory = cveId(entry.ID);
  const path = asText(entry.file_path) ?? '';
  if (advisory === null || !PATH.test(path) || !SENDING.test(path) || path.includes('..')) return null;
  if (LOOKING.test(asText(asObject(entry.Info)?.Name) ?? '')) return null;
  return { kind: 'template', advisory, path };
}
