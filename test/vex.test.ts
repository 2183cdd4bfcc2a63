import { afterEach, beforeEach, expect, test } from 'vitest';
import { explainIssue } from '../src/app/explain-issue.ts';
import { restoreSource } from '../src/app/restore-source.ts';
import { retireSource } from '../src/app/retire-source.ts';
import { undoImport } from '../src/app/undo-import.ts';
import { presentIssueDetail } from '../src/contract/from-domain/present-issue-detail.ts';
import { flaw, importOnDay, on, shop } from './support/days.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { act } from './support/triage.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
  await importOnDay(
    inbox,
    0,
    shop(0, 'a', [
      flaw('CVE-2026-1', { pkg: 'openssl', version: '1.0' }),
      flaw('CVE-2026-2', { pkg: 'zlib' }),
    ]),
  );
});
afterEach(() => inbox.close());

const statement = (cve: string, status: string, product: string, day: number) => ({
  vulnerability: { name: cve },
  products: [{ '@id': product }],
  status,
  timestamp: new Date(on(day)).toISOString(),
  ...(status === 'not_affected' && { justification: 'vulnerable_code_not_in_execute_path' }),
});
/** A document of the vendor; of one name there is one at a time. */
const say = async (day: number, statements: readonly object[], name = 'vendor.vex.json') => {
  inbox.clock.set(on(day));
  const document = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `https://vendor.example.com/${day}`,
    author: 'vendor',
    timestamp: new Date(on(day)).toISOString(),
    version: day,
    statements,
  };
  return imported(await inbox.importReport(document, { source: 'vendor' }, name));
};
const NOT = statement('CVE-2026-1', 'not_affected', 'pkg:deb/debian/openssl', 1);
const seen = async () => (await inbox.list()).map(({ key }) => key.split('|')[1]).toSorted();
const idOf = async (cve: string) => {
  const { rows } = await inbox.database.pool.query<{ id: string }>(
    'select id from issue where advisory = $1',
    [cve],
  );
  return rows[0]?.id ?? '';
};
const ALL = ['CVE-2026-1', 'CVE-2026-2'];

test('what is not affected is muted with its justification, and goes with a document that no longer says so', async () => {
  expect((await say(1, [NOT])).sentences.join(' ')).toContain('1 statement of VEX was read');
  expect(await seen()).toEqual(['CVE-2026-2']);
  const { rows } = await inbox.database.pool.query('select count(*)::integer as count from decision');
  expect(rows).toEqual([{ count: 0 }]);
  await say(2, [statement('CVE-2026-2', 'fixed', 'pkg:deb/debian/zlib', 2)]);
  expect(await seen()).toEqual(['CVE-2026-1']);
  await say(3, []);
  expect(await seen()).toEqual(ALL);
});

test('what is affected or looked into is not, and a later word counts before an earlier one, of another document too', async () => {
  await say(1, [
    statement('CVE-2026-1', 'affected', 'pkg:deb/debian/openssl', 1),
    statement('CVE-2026-2', 'under_investigation', 'pkg:deb/debian/zlib', 1),
  ]);
  expect(await seen()).toEqual(ALL);
  await say(2, [statement('CVE-2026-1', 'not_affected', 'pkg:deb/debian/openssl', 2)], 'other.vex.json');
  expect(await seen()).toEqual(['CVE-2026-2']);
  await say(3, [statement('CVE-2026-1', 'affected', 'pkg:deb/debian/openssl', 3)]);
  expect(await seen()).toEqual(ALL);
});

test('CSAF says it as well, and takes it back', async () => {
  const csaf = (list: string, more: object = {}) => ({
    document: {
      category: 'csaf_vex',
      csaf_version: '2.0',
      title: 'Of OpenSSL in what we ship',
      publisher: { category: 'vendor', name: 'Vendor', namespace: 'https://vendor.example.com' },
      tracking: {
        id: 'VENDOR-1',
        status: 'final',
        version: '1',
        initial_release_date: '2026-10-02T00:00:00Z',
        current_release_date: '2026-10-02T00:00:00Z',
        revision_history: [{ number: '1', date: '2026-10-02T00:00:00Z', summary: 'First' }],
      },
    },
    product_tree: {
      full_product_names: [
        {
          product_id: 'openssl',
          name: 'OpenSSL',
          product_identification_helper: { purl: 'pkg:deb/debian/openssl' },
        },
      ],
    },
    vulnerabilities: [{ cve: 'CVE-2026-1', product_status: { [list]: ['openssl'] }, ...more }],
  });
  inbox.clock.set(on(1));
  const flags = [{ label: 'vulnerable_code_not_in_execute_path', product_ids: ['openssl'] }];
  const read = imported(
    await inbox.importReport(csaf('known_not_affected', { flags }), { source: 'vendor' }, 'vendor.csaf.json'),
  );
  expect(read).toMatchObject({ format: 'csaf', rejects: [] });
  expect(await seen()).toEqual(['CVE-2026-2']);
  const told = presentIssueDetail(await explainIssue(inbox.ctx, { id: await idOf('CVE-2026-1') }));
  expect(JSON.stringify(told)).toContain('not affected: vulnerable code not in execute path (VEX of vendor)');
  imported(await inbox.importReport(csaf('under_investigation'), { source: 'vendor' }, 'vendor.csaf.json'));
  expect(await seen()).toEqual(ALL);
});

test('CycloneDX says it as well, of what other scanners show, and takes it back', async () => {
  const bom = (analysis: object) => ({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { timestamp: new Date(on(1)).toISOString() },
    vulnerabilities: [{ id: 'CVE-2026-1', affects: [{ ref: 'pkg:deb/debian/openssl' }], analysis }],
  });
  inbox.clock.set(on(1));
  const not = { state: 'not_affected', justification: 'code_not_reachable' };
  const read = imported(await inbox.importReport(bom(not), { source: 'vendor' }, 'vendor.cdx.json'));
  expect(read.sentences.join(' ')).toContain('1 statement of VEX was read');
  expect(await seen()).toEqual(['CVE-2026-2']);
  imported(await inbox.importReport(bom({ state: 'in_triage' }), { source: 'vendor' }, 'vendor.cdx.json'));
  expect(await seen()).toContain('CVE-2026-1');
});

test('a finding that comes later is muted as it comes; one of another version is not', async () => {
  await say(1, [statement('CVE-2026-3', 'not_affected', 'pkg:deb/debian/curl@8.0', 1)]);
  await importOnDay(inbox, 2, shop(2, 'a', [flaw('CVE-2026-3', { pkg: 'curl', version: '8.0' })]));
  expect(await seen()).toEqual([]);
  await importOnDay(inbox, 3, shop(3, 'a', [flaw('CVE-2026-3', { pkg: 'curl', version: '8.1' })]));
  expect(await seen()).toEqual(['CVE-2026-3']);
});

test('a person comes before it, either way', async () => {
  await act(inbox.ctx, await idOf('CVE-2026-2'), {
    do: 'mute',
    reason: 'mine',
    because: 'other',
    until: null,
  });
  await say(1, [NOT, statement('CVE-2026-2', 'affected', 'pkg:deb/debian/zlib', 1)]);
  expect(await seen()).toEqual([]);
  await act(inbox.ctx, await idOf('CVE-2026-1'), { do: 'unmute' });
  expect(await seen()).toEqual(['CVE-2026-1']);
});

test('it goes with its source and with its import, and comes back with the source', async () => {
  // Another source has something to say all the while.
  const others = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://other.example.com',
    author: 'o',
    version: 1,
  };
  const about = statement('CVE-2026-9', 'not_affected', 'pkg:npm/x', 1);
  imported(await inbox.importReport({ ...others, statements: [about] }, { source: 'other' }));
  const said = await say(1, [NOT]);
  await retireSource(inbox.ctx, { id: 'vendor', keys: {} });
  expect(await seen()).toEqual(ALL);
  await restoreSource(inbox.ctx, { id: 'vendor', keys: {} });
  expect(await seen()).toEqual(['CVE-2026-2']);
  const scanId = /^Scan (\w+):/.exec(said.sentences.at(-1) ?? '')?.[1] ?? '';
  await undoImport(inbox.ctx, { scanId });
  expect(await seen()).toEqual(ALL);
});
