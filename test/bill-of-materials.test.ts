import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { matchBoms } from '../src/app/match-boms.ts';
import { undoImport } from '../src/app/undo-import.ts';
import { updateFeed } from '../src/app/update-feed.ts';
import { DAY_MS } from '../src/base/instant.ts';
import { ghsa } from '../src/feeds/ghsa/ghsa.ts';
import { osv } from '../src/feeds/osv/osv.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

/** Bills of materials against what the feeds of advisories say of their packages (design: identity, scope). */
let inbox: TestInbox;

beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const RAILS = {
  id: 'GHSA-aaaa-bbbb-cccc',
  modified: '2026-09-01T00:00:00Z',
  published: '2026-09-01T00:00:00Z',
  aliases: ['CVE-2026-1001'],
  summary: 'Forged requests in rails',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N' }],
  affected: [
    {
      package: { ecosystem: 'RubyGems', name: 'rails' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '2.1.0' }, { fixed: '2.3.11' }] }],
    },
  ],
};
const LODASH = {
  ...RAILS,
  id: 'GHSA-dddd-eeee-ffff',
  aliases: [],
  summary: 'Polluted prototypes in lodash',
  affected: [
    {
      package: { ecosystem: 'npm', name: 'lodash' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '4.17.21' }] }],
    },
  ],
};

async function readFeed(feed: typeof osv, ...records: readonly unknown[]) {
  const text = records.map((record) => JSON.stringify(record)).join('\n');
  const open = async function* () {
    yield Buffer.from(text);
  };
  return updateFeed(inbox.ctx, { feed, files: [{ name: 'records.jsonl', open }], origin: 'test' });
}

function bom(name: string, ...purls: readonly string[]) {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    metadata: {
      timestamp: '2026-09-30T12:00:00Z',
      tools: [{ name: 'syft' }],
      component: { type: 'application', name, 'bom-ref': 'root' },
    },
    components: purls.map((purl) => ({ type: 'library', name: purl, purl, 'bom-ref': purl })),
  };
}

/** What is open: each issue with its sources and the packages that it is in. */
async function open(): Promise<readonly string[]> {
  const result = await inbox.database.pool.query<{ row: string }>(
    `select issue.advisory || ' ' || finding.resource_name || ' ' || finding.place as row
      from finding join issue on issue.shard = finding.shard and issue.id = finding.issue_id
      where finding.closed_at is null order by 1`,
  );
  return result.rows.map(({ row }) => row);
}

describe.each(['feed first', 'bill of materials first'])('%s', (order) => {
  test('a package in the range of an advisory is a finding, one outside is none', async () => {
    const report = bom('shop', 'pkg:gem/rails@2.3.10', 'pkg:gem/rails-i18n@2.3.10', 'pkg:npm/lodash@4.17.21');
    if (order === 'feed first') {
      await readFeed(ghsa, RAILS, LODASH);
      const result = await inbox.importReport(report);
      expect(result).toMatchObject({ format: 'cyclonedx', records: 0, findings: 0 });
      expect('sentences' in result && result.sentences.join(' ')).toContain(
        'Matched with advisories: 1 match.',
      );
    } else {
      await inbox.importReport(report);
      expect(await open()).toEqual([]);
      await readFeed(ghsa, RAILS, LODASH);
    }
    expect(await open()).toEqual(['CVE-2026-1001 shop gem/rails']);
    expect(await inbox.list()).toMatchObject([
      { title: 'CVE-2026-1001: Forged requests in rails', severity: 'critical' },
    ]);
  });
});

test('what both feeds say of one flaw is one finding, and a scanner that names it meets them', async () => {
  await inbox.importReport(bom('shop', 'pkg:gem/rails@2.3.10'));
  await readFeed(ghsa, RAILS);
  await readFeed(osv, { ...RAILS, id: 'OSV-2026-1', modified: '2026-09-02T00:00:00Z' });
  await inbox.importReport({
    ...bom('shop', 'pkg:gem/rails@2.3.10'),
    vulnerabilities: [{ id: 'CVE-2026-1001', affects: [{ ref: 'pkg:gem/rails@2.3.10' }] }],
  });
  expect(await open()).toEqual(['CVE-2026-1001 shop gem/rails']);
});

describe('it closes', () => {
  beforeEach(async () => {
    await readFeed(ghsa, RAILS, LODASH);
    await inbox.importReport(bom('shop', 'pkg:gem/rails@2.3.10', 'pkg:npm/lodash@4.17.20'));
    expect(await open()).toEqual(['CVE-2026-1001 shop gem/rails', 'GHSA-dddd-eeee-ffff shop npm/lodash']);
    inbox.clock.set(START + DAY_MS);
  });

  test('when the package leaves, and is back when it returns', async () => {
    await inbox.importReport(bom('shop', 'pkg:npm/lodash@4.17.20'));
    expect(await open()).toEqual(['GHSA-dddd-eeee-ffff shop npm/lodash']);
    inbox.clock.set(START + 2 * DAY_MS);
    await inbox.importReport(bom('shop', 'pkg:gem/rails@2.3.9', 'pkg:npm/lodash@4.17.20'));
    expect(await open()).toHaveLength(2);
  });

  test('when the package is brought up to date', async () => {
    await inbox.importReport(bom('shop', 'pkg:gem/rails@2.3.11', 'pkg:npm/lodash@4.17.20'));
    expect(await open()).toEqual(['GHSA-dddd-eeee-ffff shop npm/lodash']);
  });

  test('when the advisory is withdrawn, and not by an older version of it', async () => {
    const withdrawn = { ...RAILS, withdrawn: '2026-09-03T00:00:00Z' };
    await readFeed(ghsa, { ...withdrawn, modified: '2026-08-01T00:00:00Z' });
    expect(await open()).toHaveLength(2);
    await readFeed(ghsa, { ...withdrawn, modified: '2026-09-03T00:00:00Z' });
    expect(await open()).toEqual(['GHSA-dddd-eeee-ffff shop npm/lodash']);
  });

  test.each([
    ['the same feed', ghsa],
    ['the other feed, which has the record too', osv],
  ])(
    'when the advisory is withdrawn, and stays closed when an older copy of it is read in %s',
    async (_, feed) => {
      const withdrawn = { ...RAILS, withdrawn: '2026-09-03T00:00:00Z', modified: '2026-09-03T00:00:00Z' };
      await readFeed(osv, RAILS);
      await readFeed(feed, withdrawn);
      expect(await open()).toEqual(['GHSA-dddd-eeee-ffff shop npm/lodash']);
      await readFeed(feed, RAILS);
      expect(await open()).toEqual(['GHSA-dddd-eeee-ffff shop npm/lodash']);
      await inbox.importReport(bom('till', 'pkg:gem/rails@2.3.10'), {}, 'till.json');
      expect(await open()).toEqual(['GHSA-dddd-eeee-ffff shop npm/lodash']);
      // Whoever withdrew it takes that back.
      await readFeed(feed, { ...RAILS, modified: '2026-09-04T00:00:00Z' });
      expect(await open()).toEqual([
        'CVE-2026-1001 shop gem/rails',
        'CVE-2026-1001 till gem/rails',
        'GHSA-dddd-eeee-ffff shop npm/lodash',
      ]);
      const entries = await inbox.database.pool.query('select id, entries::int from feed order by id');
      expect(entries.rows).toContainEqual({ id: 'ghsa', entries: 2 });
    },
  );

  test('when the other feed, which never had the record, says that it is withdrawn', async () => {
    await readFeed(osv, { ...RAILS, withdrawn: '2026-09-03T00:00:00Z', modified: '2026-09-03T00:00:00Z' });
    expect(await open()).toEqual(['GHSA-dddd-eeee-ffff shop npm/lodash']);
  });

  test('not where another record of the same flaw says so still', async () => {
    const PYSEC = { ...RAILS, id: 'PYSEC-2026-9', aliases: ['CVE-2026-1001', RAILS.id] };
    await readFeed(osv, PYSEC);
    await readFeed(ghsa, { ...RAILS, withdrawn: '2026-09-03T00:00:00Z', modified: '2026-09-03T00:00:00Z' });
    expect(await open()).toHaveLength(2);
    await readFeed(osv, { ...PYSEC, withdrawn: '2026-09-05T00:00:00Z', modified: '2026-09-05T00:00:00Z' });
    expect(await open()).toEqual(['GHSA-dddd-eeee-ffff shop npm/lodash']);
  });

  test('when the advisory ends at an earlier version', async () => {
    const [affected] = RAILS.affected;
    const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '2.1.0' }, { fixed: '2.3.5' }] }];
    await readFeed(ghsa, { ...RAILS, modified: '2026-09-03T00:00:00Z', affected: [{ ...affected, ranges }] });
    expect(await open()).toEqual(['GHSA-dddd-eeee-ffff shop npm/lodash']);
  });

  test('when its source is retired', async () => {
    await inbox.ctx.sources.retire('syft', {}, 'ann');
    await matchBoms(inbox.ctx);
    expect(await open()).toEqual([]);
  });
});

test('a feed that says nothing new of any package here moves nothing', async () => {
  await readFeed(ghsa, RAILS);
  await inbox.importReport(bom('shop', 'pkg:gem/rails@2.3.10'));
  const scans = () => inbox.database.pool.query('select id from scan');
  const before = (await scans()).rows.length;
  await readFeed(ghsa, RAILS, { ...LODASH, modified: '2026-09-09T00:00:00Z' });
  await readFeed(osv, LODASH);
  expect((await scans()).rows.length).toBe(before);
  expect(await inbox.ctx.boms.due()).toEqual([]);
});

test('packages of an operating system are matched by release, and by the source that they were built from', async () => {
  const ubuntu = {
    ...RAILS,
    id: 'UBUNTU-CVE-2026-7',
    aliases: [],
    upstream: ['CVE-2026-7007'],
    severity: [{ type: 'Ubuntu', score: 'medium' }],
    affected: [
      {
        package: { ecosystem: 'Ubuntu:22.04:LTS', name: 'wayland' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.20.0-1ubuntu0.1' }] }],
      },
    ],
  };
  await readFeed(osv, ubuntu);
  await inbox.importReport(
    bom(
      'base',
      'pkg:deb/ubuntu/libwayland-client0@1.20.0-1?arch=amd64&upstream=wayland&distro=ubuntu-22.04',
      'pkg:deb/ubuntu/libwayland-server0@1.20.0-1?arch=amd64&upstream=wayland&distro=ubuntu-20.04',
      'pkg:deb/ubuntu/libwayland-egl1@1.20.0-1ubuntu0.1?arch=amd64&upstream=wayland&distro=ubuntu-22.04',
    ),
  );
  expect(await open()).toEqual(['CVE-2026-7007 base deb/libwayland-client0']);
  expect(await inbox.list()).toMatchObject([{ type: 'infrastructure_vulnerability', severity: 'medium' }]);
});

test('the same packages in SPDX, as JSON and as tags, and in CycloneDX as XML', async () => {
  await readFeed(ghsa, RAILS);
  const purl = 'pkg:gem/rails@2.3.10';
  await inbox.importReport({
    spdxVersion: 'SPDX-2.3',
    name: 'one',
    creationInfo: { created: '2026-09-30T12:00:00Z', creators: ['Tool: syft-1.0'] },
    packages: [
      {
        name: 'rails',
        versionInfo: '2.3.10',
        externalRefs: [
          { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl },
        ],
      },
    ],
  });
  await inbox.importReport(
    `SPDXVersion: SPDX-2.3\nDocumentName: two\nCreator: Tool: syft-1.0\nCreated: 2026-09-30T12:00:00Z\nPackageName: rails\nPackageVersion: 2.3.10\nExternalRef: PACKAGE-MANAGER purl ${purl}\n`,
    {},
    'two.spdx',
  );
  await inbox.importReport(
    `<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><metadata><timestamp>2026-09-30T12:00:00Z</timestamp><component type="application"><name>three</name></component></metadata><components><component type="library"><name>rails</name><version>2.3.10</version><purl>${purl}</purl></component></components></bom>`,
    {},
    'three.xml',
  );
  expect(await open()).toEqual(['one', 'three', 'two'].map((name) => `CVE-2026-1001 ${name} gem/rails`));
});

test('a scan of the advisories can be taken back, and a report of the real feeds is read whole', async () => {
  await inbox.importReport(bom('shop', 'pkg:cargo/smallvec@0.6.9'));
  const records = readFileSync(join(import.meta.dirname, '../src/feeds/osv/samples/records.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const change = await readFeed(osv, ...records);
  expect(change).toMatchObject({ feed: 'osv', entries: 5, rejects: 0 });
  expect(await open()).toEqual(['CVE-2019-15551 shop cargo/smallvec']);
  const scan = await inbox.database.pool.query<{ id: string }>(
    "select id from scan where source_id = 'advisories'",
  );
  await undoImport(inbox.ctx, { scanId: scan.rows[0]?.id ?? '' });
  expect(await open()).toEqual([]);
});
