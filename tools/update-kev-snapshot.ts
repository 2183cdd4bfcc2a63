/**
 * Remakes the KEV catalogue that ships with the program from a downloaded one:
 *
 *     node tools/update-kev-snapshot.ts known_exploited_vulnerabilities.json
 *
 * The snapshot is itself a catalogue that the feed reads, with the four members that matter.
 */
import { createReadStream, writeFileSync } from 'node:fs';
import { argv, exit, stderr, stdout } from 'node:process';
import { constants, gzipSync } from 'node:zlib';
import { dateText, instantText } from '#base/instant.ts';
import type { ExploitedFact, FeedHeader } from '#domain/ports/intelligence-feed.ts';
import { kev } from '#feeds/kev/kev.ts';
import { KEV_SNAPSHOT } from '#feeds/kev/kev-snapshot.ts';

const [path] = argv.slice(2);
if (path === undefined) {
  stderr.write(
    'Name the downloaded catalogue: node tools/update-kev-snapshot.ts known_exploited_vulnerabilities.json\n',
  );
  exit(64);
}

const facts: ExploitedFact[] = [];
let header: FeedHeader | null = null;
for await (const item of kev.read(createReadStream(path))) {
  if (item.kind === 'exploited') facts.push(item);
  else if (item.kind === 'header') header = item;
  else throw new Error(`The catalogue has an entry that cannot be read: ${JSON.stringify(item)}`);
}
if (header === null || header.publishedAt === null)
  throw new Error('The catalogue does not say when it was released.');

const catalogue = {
  title: 'CISA Catalog of Known Exploited Vulnerabilities',
  catalogVersion: header.version,
  dateReleased: instantText(header.publishedAt),
  count: facts.length,
  vulnerabilities: facts.map((fact) => ({
    cveID: fact.advisory,
    vulnerabilityName: fact.title,
    dateAdded: fact.dateAdded === null ? undefined : dateText(fact.dateAdded),
    knownRansomwareCampaignUse: fact.ransomware === 'yes' ? 'Known' : 'Unknown',
  })),
};
const bytes = gzipSync(JSON.stringify(catalogue), { level: constants.Z_BEST_COMPRESSION });
writeFileSync(KEV_SNAPSHOT, bytes);
stdout.write(`${facts.length} entries of version ${header.version}, ${bytes.length} bytes.\n`);
