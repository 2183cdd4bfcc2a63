import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { explainIssue } from '../src/app/explain-issue.ts';
import { mergeSources } from '../src/app/merge-sources.ts';
import { undoImport } from '../src/app/undo-import.ts';
import { HOUR_MS, type Instant } from '../src/base/instant.ts';
import { flaw, importOnDay, on } from './support/days.ts';
import { type PostureResult, prowlerReport } from './support/other-reports.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { filesReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const WEST: PostureResult = { region: 'eu-west-1', bucket: 'west' };
const EAST: PostureResult = { region: 'us-east-1', bucket: 'east' };
const passed = (result: PostureResult): PostureResult => ({ ...result, bucket: 'kept', status: 'PASS' });

/** A report of these checks; each also passes somewhere, so that it tells which ones ran. */
const report = (...results: readonly PostureResult[]) =>
  prowlerReport(results.flatMap((result) => [result, passed(result)]));

/** The resources of open findings, each with the moment since which nobody looked at it. */
async function unlooked(world: TestInbox = inbox): Promise<Readonly<Record<string, Instant | null>>> {
  const told: Record<string, Instant | null> = {};
  for (const { id } of await world.list()) {
    const { findings } = await explainIssue(world.ctx, { id });
    for (const { isOpen, resourceName, sightings } of findings)
      if (isOpen) told[resourceName] = sightings[0]?.notLookedAtSince ?? null;
  }
  return told;
}

/** A scan of lock files, each with a flaw of its own. */
const locks = (at: Instant, names: readonly string[]) =>
  filesReport(
    '.',
    at,
    Object.fromEntries(names.map((name) => [`${name}.lock`, [flaw(`CVE-2026-${name.charCodeAt(0)}`)]])),
  );

/** The places of open findings, when they were last confirmed, and since when nobody looked. */
async function lockStates(world: TestInbox): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  for (const { id } of await world.list())
    for (const { isOpen, sightings } of (await explainIssue(world.ctx, { id })).findings)
      if (isOpen)
        for (const { locations, lastConfirmed, notLookedAtSince } of sightings)
          told.push([locations[0]?.path, lastConfirmed, notLookedAtSince]);
  return told.sort();
}

test('a check that did not run at a place shows since when, however often the others run', async () => {
  await importOnDay(inbox, 0, report(WEST, EAST));
  expect(await unlooked()).toEqual({ west: null, east: null });
  for (const day of [1, 2, 3]) {
    // The same bytes again would be no look of their own.
    const another = { ...passed(WEST), bucket: `of day ${day}` };
    expect(await importOnDay(inbox, day, report(WEST, another))).toMatchObject({
      created: 0,
      changed: 0,
      closed: 0,
      held: 0,
    });
    expect(await unlooked()).toEqual({ west: null, east: on(0) });
  }
  const [source] = await inbox.ctx.sources.list();
  expect(source?.scopes.map((scope) => scope.notLookedAt)).toEqual([{ open: 1, since: on(0) }]);
  await importOnDay(inbox, 4, report(EAST));
  expect(await unlooked()).toEqual({ west: on(3), east: null });
  await importOnDay(inbox, 5, report(WEST, EAST));
  expect(await unlooked()).toEqual({ west: null, east: null });
  expect((await inbox.ctx.sources.list())[0]?.scopes[0]?.notLookedAt).toBeNull();
});

test('another check of one place alone, and a report of failures alone, are no look', async () => {
  const other: PostureResult = { ...WEST, check: 's3_bucket_object_versioning', bucket: 'other' };
  await importOnDay(inbox, 0, report(WEST));
  await importOnDay(inbox, 1, report(other));
  expect(await unlooked()).toEqual({ west: on(0), other: null });
  await importOnDay(inbox, 2, prowlerReport([WEST]));
  expect(await unlooked()).toEqual({ west: null, other: on(1) });
  // With --complete every check of its places ran.
  expect(await importOnDay(inbox, 3, prowlerReport([WEST]), { complete: true })).toMatchObject({ closed: 1 });
  expect(await unlooked()).toEqual({ west: null });
});

test('regions that are scanned one after the other are one look', async () => {
  inbox.clock.set(on(0));
  await inbox.importReport(report(WEST));
  inbox.clock.set(on(0) + 2 * HOUR_MS);
  await inbox.importReport(report(EAST));
  expect(await unlooked()).toEqual({ west: null, east: null });
  inbox.clock.set(on(1));
  await inbox.importReport(report(EAST));
  expect(await unlooked()).toEqual({ west: on(0), east: null });
});

test('a lock file that is not scanned any more is last confirmed when it was', async () => {
  const options = { source: 'monorepo' };
  await importOnDay(inbox, 0, locks(on(0), ['a', 'b']), options);
  await importOnDay(inbox, 2, locks(on(2), ['a']), options);
  expect(await lockStates(inbox)).toEqual([
    ['a.lock', on(2), null],
    ['b.lock', on(0), on(0)],
  ]);
});

test('a scan that is taken back looked at nothing', async () => {
  await importOnDay(inbox, 0, report(WEST, EAST));
  const scanOf = ({ sentences }: { readonly sentences: readonly string[] }) =>
    /^Scan (\w+)/.exec(sentences.at(-1) ?? '')?.[1] ?? '';
  const second = scanOf(await importOnDay(inbox, 1, report(WEST)));
  const third = scanOf(await importOnDay(inbox, 2, report(EAST)));
  expect(await unlooked()).toEqual({ west: on(1), east: null });
  await undoImport(inbox.ctx, { scanId: third });
  expect(await unlooked()).toEqual({ west: null, east: on(0) });
  await undoImport(inbox.ctx, { scanId: second });
  expect(await unlooked()).toEqual({ west: null, east: null });
});

test('two sources that become one: what either did not look at', async () => {
  await importOnDay(inbox, 0, report(WEST, EAST), { source: 'old' });
  await importOnDay(inbox, 1, report(WEST), { source: 'old' });
  await importOnDay(inbox, 1, report({ ...WEST, region: 'eu-north-1', bucket: 'north' }), { source: 'new' });
  await mergeSources(inbox.ctx, { id: 'old', into: 'new' });
  expect(await unlooked()).toMatchObject({ east: on(0) });
});

test('it depends on the times of the reports, never on their order of arrival', async () => {
  const days = fc.array(fc.subarray(['a', 'b', 'c'], { minLength: 1 }), { minLength: 2, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      days.chain((scans) =>
        fc.tuple(fc.constant(scans), fc.shuffledSubarray([...scans.keys()], { minLength: scans.length })),
      ),
      async ([scans, order]) => {
        const states: unknown[] = [];
        for (const each of [[...scans.keys()], order]) {
          const world = await openTestInbox(on(10));
          try {
            for (const day of each)
              imported(
                await world.importReport(
                  locks(on(day), scans[day] ?? []),
                  { source: 'monorepo' },
                  `day-${day}.json`,
                ),
              );
            states.push(await lockStates(world));
          } finally {
            await world.close();
          }
        }
        expect(states[1]).toEqual(states[0]);
      },
    ),
    { numRuns: 4 },
  );
});
