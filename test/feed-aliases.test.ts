import { afterEach, beforeEach, expect, test } from 'vitest';
import { updateFeed } from '../src/app/update-feed.ts';
import type { IntelligenceFeed } from '../src/domain/ports/intelligence-feed.ts';
import { ghsa } from '../src/feeds/ghsa/ghsa.ts';
import { kev } from '../src/feeds/kev/kev.ts';
import { osv } from '../src/feeds/osv/osv.ts';
import { grypeReport } from './support/grype-report.ts';
import { kevCatalogue } from './support/other-reports.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { imageReport } from './support/trivy-report.ts';

/** Scanners that know a flaw by different names, which only a feed of advisories tells to be one (design: identity, aliases). */
let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const CVE = 'CVE-2026-1001';
const GHSA = 'GHSA-2234-fmw7-43wr';
const IMAGE = 'registry.example.com/cart:1';

const record = (id: string, more: object) =>
  JSON.stringify({
    id,
    modified: '2026-09-01T00:00:00Z',
    published: '2026-09-01T00:00:00Z',
    affected: [{ package: { ecosystem: 'npm', name: 'lodash' } }],
    ...more,
  });

function read(feed: IntelligenceFeed, text: string) {
  async function* open() {
    yield Buffer.from(text);
  }
  return updateFeed(inbox.ctx, { feed, files: [{ name: 'file', open }], origin: 'test' });
}

type Step = () => Promise<unknown>;
const byCve: Step = () =>
  inbox.importReport(
    imageReport({
      image: IMAGE,
      digest: 'cart',
      at: START,
      vulnerabilities: [{ id: CVE, pkg: 'lodash', purlType: 'npm' }],
    }),
    {},
    'trivy.json',
  );
const byGhsa: Step = () =>
  inbox.importReport(
    grypeReport({ image: IMAGE, digest: 'cart', at: START, matches: [{ id: GHSA, pkg: 'lodash' }] }),
    {},
    'grype.json',
  );
const exploited: Step = () => read(kev, JSON.stringify(kevCatalogue([CVE])));
const alias: Step = () => read(ghsa, record(GHSA, { aliases: [CVE] }));

/** The advisory of each open finding, with what is known of its exploit. */
async function known(): Promise<readonly string[]> {
  const findings = await inbox.database.pool.query<{ advisory: string }>(
    'select advisory from finding where is_open order by 1',
  );
  const rows = await inbox.list();
  return findings.rows.map(({ advisory }) => {
    const row = rows.find(({ key }) => key.includes(advisory));
    return `${advisory} ${row?.riskStates.exploit_available}`;
  });
}

test.each<[string, readonly Step[]]>([
  ['before both reports', [alias, exploited, byGhsa, byCve]],
  ['between them', [byGhsa, alias, byCve, exploited]],
  ['after both', [byCve, byGhsa, exploited, alias]],
  ['to a report that is alone', [byGhsa, exploited, alias, byCve]],
])('what a feed says to be one name is one finding, and KEV is about it: %s', async (_, steps) => {
  for (const step of steps) await step();
  expect(await known()).toEqual([`${CVE} yes`]);
});

const byPysec: Step = () =>
  inbox.importReport(
    grypeReport({
      image: IMAGE,
      digest: 'cart',
      at: START,
      matches: [{ id: 'PYSEC-2026-9', pkg: 'lodash' }],
    }),
    {},
    'grype.json',
  );
const third: Step = () => read(osv, record('PYSEC-2026-9', { aliases: [GHSA] }));

test.each<[string, readonly Step[]]>([
  ['after the reports', [byPysec, byCve, third, alias]],
  ['before them', [third, alias, byPysec, byCve]],
  ['before them, the other way round', [alias, third, byPysec, byCve]],
])('a name that leads to another over a third is followed: %s', async (_, steps) => {
  for (const step of steps) await step();
  expect(await known()).toEqual([`${CVE} unknown`]);
});

test.each([
  ['is related', { related: [CVE] }],
  ['is one of two of its names', { aliases: [CVE, 'CVE-2026-1002'] }],
])('what %s is no name of it', async (_, more) => {
  await byGhsa();
  await byCve();
  await read(ghsa, record(GHSA, more));
  expect(await known()).toHaveLength(2);
});
