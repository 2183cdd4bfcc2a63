import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepMapping, listMappings, removeMapping } from '../src/app/change-mappings.ts';
import { isImported } from '../src/app/import/import-result.ts';
import { importReports } from '../src/app/import-reports.ts';
import { runWatches } from '../src/app/run-watches.ts';
import { listWatches, watchLocation } from '../src/app/watch-location.ts';
import { NO_OPTIONS, openTestInbox, type TestInbox } from './support/test-inbox.ts';

/** Mappings that an organisation keeps by name. */
let inbox: TestInbox;
let folder: string;
beforeAll(async () => {
  inbox = await openTestInbox(Date.UTC(2026, 9, 1));
  folder = await mkdtemp(join(tmpdir(), 'mappings-'));
});
afterAll(async () => {
  await inbox.close();
  await rm(folder, { recursive: true });
});

const ACME = 'tool: Acme Scan\nfields: { title: message, severity: level, path: file }\n';
const REPORT = [{ message: 'Bad', level: 'high', file: 'a.js' }];

const findings = (result: Awaited<ReturnType<TestInbox['importReport']>>) =>
  isImported(result) ? [result.format, result.source, result.findings] : result.error.code;

test('one that is kept is used by its name, and with "when" by itself', async () => {
  await expect(inbox.importReport(REPORT, { mapping: 'acme' })).rejects.toMatchObject({
    code: 'not_found',
    message:
      'No mapping is kept as acme. "mappings list" prints those that are; "mappings apply FILE --name acme" keeps one.',
  });
  await keepMapping(inbox.ctx, { name: 'acme', text: ACME });
  expect(findings(await inbox.importReport(REPORT, { mapping: 'acme' }))).toEqual([
    'generic',
    'acme-scan',
    1,
  ]);
  expect(findings(await inbox.importReport(REPORT))).toBe('format_unknown');
  await keepMapping(inbox.ctx, { name: 'acme', text: `${ACME}when: [message, level, file]\n` });
  expect(findings(await inbox.importReport(REPORT))).toEqual(['generic', 'acme-scan', 1]);
  await keepMapping(inbox.ctx, { name: 'acme-2', text: `${ACME}when: message\n` });
  expect(findings(await inbox.importReport(REPORT))).toBe('format_ambiguous');
  expect(findings(await inbox.importReport(REPORT, { mapping: 'acme-2' }))).toEqual([
    'generic',
    'acme-scan',
    1,
  ]);
  await removeMapping(inbox.ctx, { name: 'acme-2' });
  expect((await listMappings(inbox.ctx)).map(({ name, tool }) => [name, tool])).toEqual([
    ['acme', 'Acme Scan'],
  ]);
  const events = await inbox.database.pool.query<{ verb: string; actor: string }>(
    "select verb, actor from event where subject like 'mapping:%' order by id",
  );
  expect(new Set(events.rows.map(({ verb }) => verb))).toEqual(new Set(['keep mapping', 'remove mapping']));
  expect(events.rows).toHaveLength(4);
});

test('a watched place names one; once it is gone the place says so, and reads again when it is back', async () => {
  const watch = (mapping: string) =>
    watchLocation(inbox.ctx, {
      location: folder,
      everyMinutes: 10,
      allowsPrivate: false,
      options: { ...NO_OPTIONS, mapping },
    });
  await expect(watch('nobody')).rejects.toMatchObject({ code: 'not_found' });
  await watch('acme');
  await writeFile(join(folder, 'a.json'), JSON.stringify(REPORT));
  const look = async () => {
    inbox.clock.set(inbox.clock.now() + 600_000);
    await runWatches(inbox.ctx, {
      lookAt: async () => ({
        is: 'new',
        mark: { etag: null, lastModified: null, digest: 'x' },
        files: [{ path: join(folder, 'a.json'), name: 'a.json' }],
        release: async () => undefined,
      }),
      importFiles: ({ files, options, actor }) => importReports({ ...inbox.ctx, actor }, { files, options }),
    });
    const last = (await listWatches(inbox.ctx))[0]?.last;
    return [last?.state, last?.sentence];
  };
  expect(await look()).toEqual(['read', '1 file read, 1 finding in it.']);
  await removeMapping(inbox.ctx, { name: 'acme' });
  expect(await look()).toEqual(['failed', expect.stringContaining('not_found: No mapping is kept as acme.')]);
  await keepMapping(inbox.ctx, { name: 'acme', text: ACME });
  expect(await look()).toEqual(['read', '1 file read, 1 finding in it.']);
});
