import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import type { ImportedFile } from '../src/app/import/import-result.ts';
import { HOUR_MS, type Instant } from '../src/base/instant.ts';
import { flaw, importOnDay, on, shop } from './support/days.ts';
import { openFindings, openSubjects } from './support/open-findings.ts';
import { sarifReport } from './support/other-reports.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';
import type { Vulnerability } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const importOn = (day: number, report: unknown, options?: Partial<ImportOptions>): Promise<ImportedFile> =>
  importOnDay(inbox, day, report, options);

/** Imports several reports with one command. */
async function importTogether(
  reports: readonly unknown[],
  options: Partial<ImportOptions> = {},
): Promise<readonly ImportedFile[]> {
  return (await inbox.importReports(reports, options)).map(imported);
}

describe('several entries of one report about one finding', () => {
  // One advisory in two versions of one package: two entries, one finding.
  const entry = (version: string, severity: string, fixed: string | null = null) =>
    flaw('CVE-2026-1234', { pkg: 'lib', version, severity, fixed });
  const A = entry('1.0', 'LOW', '1.1');
  const B = entry('2.0', 'CRITICAL');
  const sighting = async () =>
    (
      await inbox.database.pool.query(
        'select severity, is_fixable, occurrences, content from sighting where gone_at is null',
      )
    ).rows;

  test('are one sighting: the worst of them, with all locations', async () => {
    expect(await importOn(0, shop(0, 'a', [A, B]))).toMatchObject({
      findings: 2,
      created: 1,
      changed: 0,
      unchanged: 0,
    });
    expect(await sighting()).toMatchObject([
      {
        severity: 4,
        is_fixable: false,
        occurrences: 2,
        content: { severity: 'critical', locations: [{ version: '1.0' }, { version: '2.0' }] },
      },
    ]);
  });

  test('are the same in another order, and on the next import', async () => {
    await importOn(0, shop(0, 'a', [A, B]));
    const stored = await sighting();
    expect(await importOn(1, shop(1, 'a', [B, A]))).toMatchObject({ changed: 0, unchanged: 1 });
    expect(await importOn(2, shop(2, 'a', [A, B, A]))).toMatchObject({ changed: 0, unchanged: 1 });
    expect((await sighting()).map(({ content }) => content)).toEqual(stored.map(({ content }) => content));
  });

  test.each([
    ['behind', [A, B]],
    ['before', [B, A]],
  ])('where one comes %s that was stored alone, both are kept', async (_where, entries) => {
    await importOn(0, shop(0, 'a', [A]));
    expect(await importOn(1, shop(1, 'a', entries))).toMatchObject({ created: 0, changed: 1, unchanged: 0 });
    expect(await sighting()).toMatchObject([
      { content: { locations: [{ version: '1.0' }, { version: '2.0' }] } },
    ]);
    expect(await importOn(2, shop(2, 'a', [B]))).toMatchObject({ changed: 1 });
    expect(await sighting()).toMatchObject([
      { occurrences: 1, content: { locations: [{ version: '2.0' }] } },
    ]);
  });

  test('know nothing of what was closed long ago', async () => {
    await importOn(0, shop(0, 'a', [entry('0.1', 'CRITICAL')]));
    await importOn(1, shop(1, 'a', []));
    await importOn(2, shop(2, 'a', [A, A, B]));
    expect(await sighting()).toMatchObject([
      { content: { locations: [{ version: '1.0' }, { version: '2.0' }] } },
    ]);
  });

  test('in two files of one scan are counted at the first file', async () => {
    inbox.clock.set(on(0));
    await importTogether([shop(0, 'a', [A])]);
    inbox.clock.set(on(1));
    expect(await importTogether([shop(1, 'a', [A]), shop(1, 'a', [B])])).toMatchObject([
      { created: 0, changed: 1, unchanged: 0 },
      { created: 0, changed: 0, unchanged: 0 },
    ]);
  });
});

describe('decisions', () => {
  const report = (day: number, digest: string, more: Partial<Vulnerability> = {}) =>
    shop(day, digest, [flaw('CVE-2026-1', more)], `registry.example.com/shop:${day}`);
  const issueId = async () =>
    (await inbox.database.pool.query<{ id: string; is_muted: boolean }>('select id, is_muted from issue'))
      .rows[0];
  const mute = async (isMuted: boolean) =>
    inbox.ctx.inbox.decide(
      (await issueId())?.id ?? '',
      { kind: 'mute', isMuted, reason: 'accepted', until: null },
      'anna',
    );

  test('survive the re-import, the next image, the next version and the next scanner', async () => {
    await importOn(0, report(0, 'a'));
    await mute(true);
    await importOn(1, report(1, 'a', { title: 'Another title', severity: 'CRITICAL' }));
    await importOn(2, report(2, 'b', { version: '2.0' }));
    await importOn(3, report(3, 'c'), { source: 'another scanner' });
    expect(await openFindings(inbox)).toHaveLength(1);
    expect(await issueId()).toMatchObject({ is_muted: true });
    expect(await inbox.list()).toEqual([]);
  });

  test('survive a new line number, and a closing', async () => {
    const code = (day: number, line: number | null) =>
      sarifReport({
        repository: 'https://git.example.com/acme/shop',
        at: on(day),
        results: line === null ? [] : [{ rule: 'B104', line }],
      });
    await importOn(0, code(0, 10));
    await mute(true);
    await importOn(1, code(1, 90));
    expect(await issueId()).toMatchObject({ is_muted: true });
    await importOn(2, code(2, null));
    await importOn(3, code(3, 91));
    expect(await issueId()).toMatchObject({ is_muted: true });
  });

  test('what is suppressed in the tool arrives muted with its reason, once; a decision made here wins', async () => {
    const code = (day: number, suppressed?: string) =>
      sarifReport({
        repository: 'https://git.example.com/acme/shop',
        at: on(day),
        results: [{ rule: 'B104', line: day, ...(suppressed === undefined ? {} : { suppressed }) }],
      });
    await importOn(0, code(0, 'known and harmless'));
    expect(await openFindings(inbox)).toHaveLength(1);
    const decisions = await inbox.database.pool.query<{ value: unknown }>('select value from decision');
    expect(decisions.rows).toEqual([{ value: { isMuted: true, reason: 'known and harmless', until: null } }]);
    expect(await issueId()).toMatchObject({ is_muted: true });
    await mute(false);
    await importOn(1, code(1, 'another reason'));
    expect(await issueId()).toMatchObject({ is_muted: false });
  });

  test('two scanners: one finding, two pieces of evidence, open until both no longer show it', async () => {
    await importOn(0, shop(0, 'a', [flaw('CVE-2026-1')]), { source: 'nightly' });
    await importOn(0, shop(0, 'a', [flaw('CVE-2026-1', { severity: 'LOW' })]), { source: 'build' });
    const [row] = await inbox.list();
    const view = await inbox.ctx.inbox.view(row?.id ?? '');
    expect(view?.findings).toHaveLength(1);
    expect(view?.findings[0]?.sightings.map((each) => each.source)).toEqual(['build', 'nightly']);
    await importOn(1, shop(1, 'a', []), { source: 'nightly' });
    expect(await openFindings(inbox)).toHaveLength(1);
    await importOn(2, shop(2, 'a', []), { source: 'build' });
    expect(await openFindings(inbox)).toEqual([]);
  });

  test('the word of another source changes nothing on a re-import', async () => {
    const nightly = (day: number) => shop(day, 'a', [flaw('CVE-2026-1')]);
    await importOn(0, nightly(0), { source: 'nightly' });
    await importOn(1, shop(1, 'a', [flaw('CVE-2026-1', { severity: 'LOW', title: 'Other' })]), {
      source: 'build',
    });
    expect(await importOn(2, nightly(2), { source: 'nightly' })).toMatchObject({
      created: 0,
      changed: 0,
      unchanged: 1,
    });
  });
});

describe('what a person says about a report', () => {
  const code = (day: number) =>
    sarifReport({
      repository: 'https://git.example.com/acme/shop',
      at: on(day),
      results: [{ rule: 'B104' }],
    });
  const row = async () => (await inbox.list())[0];

  test('an environment and a service that are told later reach the findings that did not change', async () => {
    await importOn(0, code(0));
    expect(await row()).toMatchObject({ services: 0, riskStates: { in_production: 'unknown' } });
    await importOn(1, code(1), { environment: 'production', services: ['shop'], team: 'web' });
    expect(await row()).toMatchObject({ services: 1, team: 'web', riskStates: { in_production: 'yes' } });
  });

  test('so do they with the same bytes', async () => {
    await importOn(0, code(0));
    await importOn(1, code(0), { environment: 'staging' });
    expect(await row()).toMatchObject({ riskStates: { in_production: 'no' } });
    expect(await importOn(2, code(0), { environment: 'staging' })).toMatchObject({
      sentences: [expect.stringContaining('same bytes')],
    });
  });
});

describe('time', () => {
  const REPOSITORY = 'https://git.example.com/acme/shop';
  const code = (rules: readonly string[], at?: Instant) =>
    sarifReport({
      repository: REPOSITORY,
      ...(at === undefined ? {} : { at }),
      results: rules.map((rule) => ({ rule, path: `${rule}.py` })),
    });

  test('an older report is history only', async () => {
    await importOn(5, code(['B1'], on(5)));
    const old = await importOn(6, code(['B2'], on(4)));
    expect(old).toMatchObject({ created: 0, closed: 0 });
    expect(old.sentences[0]).toContain('Older');
    expect(await openSubjects(inbox)).toEqual(['bandit:B1']);
    const scans = await inbox.database.pool.query('select id from scan');
    expect(scans.rows).toHaveLength(2);
  });

  test('the same bytes change nothing, and store nothing', async () => {
    await importOn(0, code(['B1', 'B2']));
    const again = await importOn(1, code(['B1', 'B2']));
    expect(again).toMatchObject({ created: 0, changed: 0, unchanged: 2, closed: 0 });
    const scans = await inbox.database.pool.query('select id from scan');
    expect(scans.rows).toHaveLength(1);
  });

  test('a reverted commit gives the bytes of before, and its regression opens', async () => {
    await importOn(0, code(['B1']));
    expect(await importOn(1, code([]))).toMatchObject({ closed: 1 });
    expect(await importOn(2, code(['B1']))).toMatchObject({ created: 0, regressed: 1 });
    expect(await openSubjects(inbox)).toEqual(['bandit:B1']);
  });

  test('a time before 2000 is none, one after the arrival is the arrival', async () => {
    await importOn(0, code(['B1'], on(3)));
    const lastCentury = Date.UTC(1999, 11, 31, 23, 59, 59);
    expect(await importOn(1, code(['B2'], lastCentury))).toMatchObject({ created: 1, closed: 1 });
    const scans = await inbox.database.pool.query<{ report_at: number }>(
      'select report_at from scan order by arrived_at',
    );
    expect(scans.rows.map((each) => each.report_at)).toEqual([on(0), on(1)]);
  });

  test('a source that is renamed keeps its findings', async () => {
    await importOn(0, code(['B1']), { source: 'ci' });
    await inbox.ctx.sources.rename('ci', 'Build', 'anna');
    expect(await importOn(1, code(['B1', 'B2']), { source: 'ci' })).toMatchObject({
      created: 1,
      unchanged: 1,
    });
    expect(await openFindings(inbox)).toHaveLength(2);
  });

  test('a source that was retired and reports again brings all of its findings back', async () => {
    await importOn(0, code(['B1', 'B2'], on(0)), { source: 'ci' });
    await inbox.ctx.sources.retire('ci', {}, 'anna');
    expect(await openFindings(inbox)).toEqual([]);
    await importOn(1, code(['B1', 'B2'], on(1)), { source: 'ci' });
    expect(await openFindings(inbox)).toHaveLength(2);
    await inbox.ctx.sources.retire('ci', {}, 'anna');
    expect(await importOn(2, code(['B1', 'B2'], on(1)), { source: 'ci' })).toMatchObject({ regressed: 2 });
    expect(await openFindings(inbox)).toHaveLength(2);
  });

  test('a report from before the latest one does not take up a source that was retired', async () => {
    await importOn(1, code(['B1', 'B2'], on(1)), { source: 'ci' });
    await inbox.ctx.sources.retire('ci', {}, 'anna');
    expect(await importOn(2, code(['B1', 'B3'], on(0)), { source: 'ci' })).toMatchObject({
      created: 0,
      regressed: 0,
    });
    expect(await openFindings(inbox)).toEqual([]);
    const [source] = await inbox.ctx.sources.list();
    expect(source).toMatchObject({ isRetired: true });
    expect(await importOn(3, code(['B1'], on(3)), { source: 'ci' })).toMatchObject({ regressed: 1 });
  });

  test('hours apart on one day are two scans of one scope', async () => {
    inbox.clock.set(on(0));
    await inbox.importReport(code(['B1', 'B2'], on(0) - 5 * HOUR_MS));
    expect(imported(await inbox.importReport(code(['B1'], on(0))))).toMatchObject({ closed: 1 });
  });
});
