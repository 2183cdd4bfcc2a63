import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { mergeSources } from '../src/app/merge-sources.ts';
import { restoreSource } from '../src/app/restore-source.ts';
import { retireSource } from '../src/app/retire-source.ts';
import { flaw, importOnDay, on, shop } from './support/days.ts';
import { inboxState } from './support/inbox-state.ts';
import { openSubjects } from './support/open-findings.ts';
import { sarifReport } from './support/other-reports.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { muteIssue } from './support/triage.ts';
import { filesReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const importOn = (day: number, report: unknown, options?: Partial<ImportOptions>) =>
  importOnDay(inbox, day, report, options);

const files = (day: number, ...ids: readonly string[]) =>
  filesReport('.', on(day), { 'package-lock.json': ids.map((id) => flaw(id)) });

test('two names of one origin become one source, as if it had been one from the start', async () => {
  const reports: readonly [unknown, string][] = [
    [files(0, 'CVE-2026-1', 'CVE-2026-2'), 'laptop'],
    [sarifReport({ results: [{ rule: 'B104' }] }), 'laptop'],
    [files(1, 'CVE-2026-1', 'CVE-2026-2', 'CVE-2026-3'), 'nightly'],
    [shop(1, 'a', [flaw('CVE-2026-4')]), 'laptop'],
    [shop(2, 'a', [flaw('CVE-2026-4')]), 'nightly'],
  ];
  for (const [day, [report, source]] of reports.entries()) await importOn(day, report, { source });
  expect(await openSubjects(inbox)).toHaveLength(7);
  await mergeSources(inbox.ctx, { id: 'laptop', into: 'nightly' });

  const one = await openTestInbox();
  try {
    for (const [day, [report]] of reports.entries())
      await importOnDay(one, day, report, { source: 'nightly' });
    expect(await inboxState(inbox)).toEqual(await inboxState(one));
  } finally {
    await one.close();
  }
  expect((await inbox.ctx.sources.list()).map((source) => source.id)).toEqual(['nightly']);
});

test('decisions go over; a report under the old name is of the merged source and closes there', async () => {
  await importOn(0, files(0, 'CVE-2026-1', 'CVE-2026-2'), { source: 'laptop' });
  for (const { id } of await inbox.list()) await muteIssue(inbox.ctx, { id, reason: 'known', until: null });
  await importOn(1, shop(1, 'a', [flaw('CVE-2026-4')]), { source: 'nightly' });
  expect(await mergeSources(inbox.ctx, { id: 'laptop', into: 'nightly' })).toEqual({
    scopes: 1,
    findings: 2,
  });
  const muted = await inbox.database.pool.query('select key from issue where is_muted order by key');
  expect(muted.rows).toHaveLength(2);
  expect(await importOn(3, files(3, 'CVE-2026-1'), { source: 'Laptop' })).toMatchObject({
    source: 'nightly',
    created: 0,
    unchanged: 1,
    closed: 1,
  });
  await expect(mergeSources(inbox.ctx, { id: 'laptop', into: 'nightly' })).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(mergeSources(inbox.ctx, { id: 'nightly', into: 'nightly' })).rejects.toMatchObject({
    code: 'usage',
  });
  const events = await inbox.database.pool.query("select details from event where verb = 'merge source'");
  expect(events.rows).toMatchObject([{ details: { into: 'nightly', scopes: 1, findings: 2 } }]);
});

test('what was retired can be taken back, whole or a scope of it', async () => {
  await importOn(0, shop(0, 'a', [flaw('CVE-2026-1')]), { source: 'nightly', scope: { part: 'a' } });
  await importOn(0, shop(0, 'b', [flaw('CVE-2026-2')]), { source: 'nightly', scope: { part: 'b' } });
  expect(await retireSource(inbox.ctx, { id: 'nightly', keys: {} })).toEqual({ scopes: 2, closed: 2 });
  expect(await restoreSource(inbox.ctx, { id: 'nightly', keys: { part: 'b' } })).toEqual({
    scopes: 1,
    reopened: 1,
  });
  expect(await openSubjects(inbox)).toEqual(['CVE-2026-2']);
  await expect(restoreSource(inbox.ctx, { id: 'nightly', keys: { part: 'b' } })).rejects.toMatchObject({
    code: 'not_found',
  });
});
