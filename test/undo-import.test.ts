import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import type { ImportedFile } from '../src/app/import/import-result.ts';
import { muteIssue } from '../src/app/mute-issue.ts';
import { undoImport } from '../src/app/undo-import.ts';
import { flaw, importOnDay, on, shop } from './support/days.ts';
import { grypeReport } from './support/grype-report.ts';
import { inboxState } from './support/inbox-state.ts';
import { openSubjects } from './support/open-findings.ts';
import { podsReport } from './support/other-reports.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { filesReport, flaws } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

/** The id of the scan that an import answers with. */
function scanOf({ sentences }: ImportedFile): string {
  const id = /^Scan (\w+): "import undo \1"/.exec(sentences.at(-1) ?? '')?.[1];
  if (id === undefined) throw new Error(`no scan: ${sentences.join(' ')}`);
  return id;
}

const importOn = (day: number, report: unknown, options?: Partial<ImportOptions>) =>
  importOnDay(inbox, day, report, options);

test('what a scan created goes, what it closed is open again, what it changed says what was said before', async () => {
  await importOn(0, shop(0, 'a', [flaw('CVE-2026-1'), flaw('CVE-2026-2', { severity: 'LOW' })]));
  const [issue] = (await inbox.list()).filter((row) => row.key.endsWith('CVE-2026-1'));
  await muteIssue(inbox.ctx, { id: issue?.id ?? '', reason: 'not reachable', until: null });
  const before = await inboxState(inbox);
  const wrong = await importOn(
    1,
    shop(1, 'a', [flaw('CVE-2026-2', { severity: 'CRITICAL' }), flaw('CVE-2026-3')]),
  );
  expect(wrong).toMatchObject({ created: 1, changed: 1, closed: 1 });
  inbox.clock.set(on(2));
  expect(await undoImport(inbox.ctx, { scanId: scanOf(wrong) })).toMatchObject({
    removed: 1,
    reopened: 1,
    closed: 0,
  });
  expect(await inboxState(inbox)).toEqual(before);
  expect(await importOn(3, shop(1, 'a', [flaw('CVE-2026-3')]))).toMatchObject({ created: 1, closed: 2 });
});

test('decisions wait for their finding', async () => {
  const first = await importOn(0, shop(0, 'a', [flaw('CVE-2026-1')]));
  const [issue] = await inbox.list();
  await muteIssue(inbox.ctx, { id: issue?.id ?? '', reason: 'not reachable', until: null });
  await undoImport(inbox.ctx, { scanId: scanOf(first) });
  expect(await inboxState(inbox)).toEqual({ findings: [], issues: [], sightings: [], rekeyed: [] });
  expect(await inbox.ctx.sources.list()).toEqual([]);
  await importOn(1, shop(1, 'a', [flaw('CVE-2026-1')]));
  const rows = await inbox.database.pool.query('select is_muted from issue');
  expect(rows.rows).toEqual([{ is_muted: true }]);
});

test('only the latest scan of a scope, and the refusal names it; the audit trail keeps both', async () => {
  const first = await importOn(0, shop(0, 'a', flaws(2)));
  const second = await importOn(1, shop(1, 'a', flaws(1)));
  const other = await importOn(2, shop(2, 'b', flaws(3), 'registry.example.com/bank:1'));
  await expect(undoImport(inbox.ctx, { scanId: scanOf(first) })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`import undo ${scanOf(second)}`),
  });
  await undoImport(inbox.ctx, { scanId: scanOf(second) });
  await undoImport(inbox.ctx, { scanId: scanOf(first) });
  await expect(undoImport(inbox.ctx, { scanId: scanOf(first) })).rejects.toMatchObject({ code: 'not_found' });
  expect(await openSubjects(inbox)).toHaveLength(3);
  await undoImport(inbox.ctx, { scanId: scanOf(other) });
  const events = await inbox.database.pool.query("select verb from event where subject like 'scan:%'");
  expect(events.rows.map((row) => row.verb).sort()).toEqual([
    ...Array.from({ length: 3 }, () => 'import'),
    ...Array.from({ length: 3 }, () => 'undo import'),
  ]);
});

test('three scans of a scope can be taken back, an older one and an inventory cannot', async () => {
  const scans: string[] = [];
  for (let day = 0; day < 5; day++) scans.push(scanOf(await importOn(day, shop(day, 'a', flaws(day + 1)))));
  for (const scanId of scans.slice(2).reverse()) await undoImport(inbox.ctx, { scanId });
  expect(await openSubjects(inbox)).toHaveLength(2);
  await expect(undoImport(inbox.ctx, { scanId: scans[1] ?? '' })).rejects.toMatchObject({ code: 'conflict' });
  const inventory = await importOn(6, podsReport([]));
  await expect(undoImport(inbox.ctx, { scanId: scanOf(inventory) })).rejects.toMatchObject({
    code: 'conflict',
  });
  const changes = await inbox.database.pool.query('select from scan_change');
  expect(changes.rowCount).toBe(0);
});

type State = Awaited<ReturnType<typeof inboxState>>;

/** A resolved issue keeps the row that it had last, also one from a scan that was taken back. */
function withoutLastRows(state: State) {
  const issues = (state.issues as readonly { id: string; status: string }[]).map((issue) =>
    issue.status === 'resolved' ? { id: issue.id, status: issue.status } : issue,
  );
  return { ...state, issues };
}

const CLOSED_THEN_SHOWN_BY_ANOTHER_IMAGE = (['a', 'a', 'b'] as const).map((image, day) => ({
  image,
  found: day === 1 ? [] : [...flaws(1)],
}));

test('whatever was imported before, undo brings the state before back', async () => {
  const GHSA = 'GHSA-2222-3333-4444';
  const found = fc.subarray([...flaws(4), flaw('CVE-2026-9', { severity: 'LOW' })]);
  const step = fc.oneof(
    fc.record({ image: fc.constantFrom('a', 'b'), found }),
    fc.record({
      files: fc.dictionary(fc.constantFrom('a.lock', 'b.lock'), fc.subarray([...flaws(2)]), { minKeys: 1 }),
    }),
    fc.record({ related: fc.subarray(['CVE-2026-1000', 'CVE-2026-1001']) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 5 }), async (steps) => {
      const world = await openTestInbox();
      try {
        const undos: { scanId: string; before: State }[] = [];
        for (const [day, each] of steps.entries()) {
          const before = await inboxState(world);
          const [report, options] =
            'image' in each
              ? [shop(day, each.image, each.found), {}]
              : 'files' in each
                ? [filesReport('.', on(day), each.files), { source: 'shop' }]
                : [
                    grypeReport({
                      image: 'registry.example.com/shop:1.0',
                      digest: 'a',
                      at: on(day),
                      matches: [{ id: GHSA, related: each.related, pkg: 'lib0' }],
                    }),
                    {},
                  ];
          const result = await importOnDay(world, day, report, options);
          // What a report tells about names is true with or without its scan.
          if (!('related' in each)) undos.push({ scanId: scanOf(result), before });
          else undos.length = 0;
        }
        world.clock.set(on(20));
        for (const { scanId, before } of undos.slice(-3).reverse()) {
          await undoImport(world.ctx, { scanId });
          expect(withoutLastRows(await inboxState(world))).toEqual(withoutLastRows(before));
        }
      } finally {
        await world.close();
      }
    }),
    {
      numRuns: 6,
      seed: 20_261_128,
      // What a closed finding says is that of the image that showed it last.
      examples: [[CLOSED_THEN_SHOWN_BY_ANOTHER_IMAGE]],
    },
  );
});
