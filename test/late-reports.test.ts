import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { instantText } from '../src/base/instant.ts';
import { flaw, on } from './support/days.ts';
import { openSubjects } from './support/open-findings.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { filesReport } from './support/trivy-report.ts';

const LOCK = 'package-lock.json';
const NOW = on(60);

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox(NOW);
});
afterEach(() => inbox.close());

interface Report {
  readonly day: number;
  /** What its lock files lack, by number. */
  readonly files: Readonly<Record<string, readonly number[]>>;
  /** Of a source without a name it is a part, unless a person says otherwise. */
  readonly complete?: boolean;
}

async function take({ day, files, complete = false }: Report, into = inbox) {
  const targets = Object.entries(files).map(([file, flaws]) => [
    file,
    flaws.map((id) => flaw(`CVE-2026-${id}`)),
  ]);
  const options: Partial<ImportOptions> = { complete };
  return imported(await into.importReport(filesReport('.', on(day), Object.fromEntries(targets)), options));
}

const subjects = (...ids: readonly number[]) => ids.map((id) => `CVE-2026-${id}`);

describe('a part of what there is that arrives after a later part', () => {
  test('still tells what the later one did not show', async () => {
    await take({ day: 5, files: { [LOCK]: [2, 3] } });
    expect(await take({ day: 3, files: { [LOCK]: [1, 2] } })).toMatchObject({ created: 1, closed: 0 });
    expect(await openSubjects(inbox)).toEqual(subjects(1, 2, 3));
  });

  test('tells nothing of what a complete look since then closed or did not show', async () => {
    await take({ day: 1, files: { [LOCK]: [1] } });
    await take({ day: 5, files: { [LOCK]: [2] }, complete: true });
    await take({ day: 6, files: { [LOCK]: [3] } });
    expect(await take({ day: 3, files: { [LOCK]: [1, 4] } })).toMatchObject({ created: 0, regressed: 0 });
    expect(await openSubjects(inbox)).toEqual(subjects(2, 3));
  });
});

test('what an older report says to be fixed stays open where a later one still shows it', async () => {
  const config = (day: number, targets: Readonly<Record<string, 'FAIL' | 'PASS'>>) => ({
    SchemaVersion: 2,
    CreatedAt: instantText(on(day)),
    ArtifactName: '.',
    ArtifactType: 'filesystem',
    Results: Object.entries(targets).map(([Target, Status]) => ({
      Target,
      Class: 'config',
      Type: 'dockerfile',
      Misconfigurations: [{ ID: 'DS002', Title: 'Root', Severity: 'HIGH', Status, Message: 'Root' }],
    })),
  });
  const read = async (report: unknown) => imported(await inbox.importReport(report, { source: 'shop' }));
  await read(config(5, { Dockerfile: 'FAIL' }));
  // The other file was looked at by nobody since.
  expect(await read(config(3, { Dockerfile: 'PASS', 'web/Dockerfile': 'FAIL' }))).toMatchObject({
    created: 1,
    closed: 0,
  });
  expect(await openSubjects(inbox)).toHaveLength(2);
});

test('a complete look that arrives after a later part closes nothing of it', async () => {
  await take({ day: 5, files: { [LOCK]: [1] } });
  expect(await take({ day: 3, files: { [LOCK]: [2] }, complete: true })).toMatchObject({
    created: 1,
    closed: 0,
  });
  expect(await openSubjects(inbox)).toEqual(subjects(1, 2));
});

test('whatever order reports come in, nothing is closed that is open when they come in order', async () => {
  // Four at the most are open: of five a report closes none (held groups), and which report finds five depends on the order.
  const report: fc.Arbitrary<Omit<Report, 'day'>> = fc.record({
    files: fc.dictionary(fc.constantFrom('a', LOCK), fc.uniqueArray(fc.nat(1), { maxLength: 2 }), {
      minKeys: 1,
      noNullPrototype: true,
    }),
    complete: fc.boolean(),
  });
  const open = async (reports: readonly Report[]) => {
    const other = await openTestInbox(NOW);
    try {
      for (const each of reports) await take(each, other);
      return await openSubjects(other);
    } finally {
      await other.close();
    }
  };
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(report, { minLength: 2, maxLength: 5 })
        .map((reports) => reports.map((each, day): Report => ({ ...each, day })))
        .chain((reports) =>
          fc.tuple(fc.constant(reports), fc.shuffledSubarray(reports, { minLength: reports.length })),
        ),
      async ([reports, order]) => {
        expect(await open(order)).toEqual(expect.arrayContaining([...(await open(reports))]));
      },
    ),
    { numRuns: Number(process.env['LATE_RUNS'] ?? 5) },
  );
});
