import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { undoImport } from '../src/app/undo-import.ts';
import type { InboxError } from '../src/base/inbox-error.ts';
import { DAY_MS, instantText } from '../src/base/instant.ts';
import { grypeReport } from './support/grype-report.ts';
import { inboxState } from './support/inbox-state.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { flaws, imageReport } from './support/trivy-report.ts';

let remembering: TestInbox;
let forgetting: TestInbox;
beforeAll(async () => {
  remembering = await openTestInbox();
  forgetting = await openTestInbox();
});
afterAll(async () => {
  await remembering.close();
  await forgetting.close();
});

/** What a scanner says of one advisory in one package, at one time or another. */
const words = fc.record({
  severity: fc.constantFrom('CRITICAL', 'LOW'),
  fixed: fc.constantFrom(null, '1.1'),
  /** Other names of the advisory, learned by the way. */
  vendor: fc.constantFrom(null, 'GHSA-2222-3333-4444', 'DSA-1'),
  /** A day of publication that has not come at the first scans and has at the last. */
  published: fc.constantFrom(null, 3),
});
type Words = typeof words extends fc.Arbitrary<infer T> ? T : never;

const IDS = ['CVE-2026-1001', 'CVE-2026-1002', 'GHSA-2222-3333-4444'] as const;
const PACKAGES = ['bash', 'zlib'] as const;
const FLAWS = IDS.flatMap((id) => PACKAGES.map((pkg) => ({ id, pkg })));

/** Which of its two wordings each flaw has in a scan, in which order; some are given twice, alike or not. */
const shown = fc
  .tuple(
    ...FLAWS.map(() => fc.constantFrom([], [0], [0], [0], [0], [1], [1], [0, 0], [0, 1])),
    fc.shuffledSubarray([...FLAWS.keys()], { minLength: FLAWS.length }),
  )
  .map((drawn) => {
    const order = drawn.at(-1) as number[];
    return order.flatMap((flaw) => (drawn[flaw] as number[]).map((wording) => ({ flaw, wording })));
  });
const secret = fc.record({ rule: fc.constantFrom('aws', 'slack'), line: fc.integer({ min: 1, max: 2 }) });
const scan = fc.record({
  /** Stands around the entries, and decides what they say. */
  release: fc.constantFrom('12', '12', '12', '11'),
  targets: fc.array(
    fc.record({
      name: fc.constantFrom('a/package-lock.json', 'b/package-lock.json'),
      shown,
      secrets: fc.array(secret, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  complete: fc.boolean(),
  undone: fc.constantFrom(false, false, false, false, true),
});
type Scan = typeof scan extends fc.Arbitrary<infer T> ? T : never;

const histories = fc.record({
  kind: fc.constantFrom('image', 'image', 'files', 'grype'),
  words: fc.array(fc.tuple(words, words), { minLength: FLAWS.length, maxLength: FLAWS.length }),
  scans: fc.array(scan, { minLength: 4, maxLength: 5 }),
});
type History = typeof histories extends fc.Arbitrary<infer T> ? T : never;

function flawsOf({ words: all }: History, { shown: each }: Scan['targets'][number]) {
  return each.map(({ flaw, wording }) => ({
    ...(FLAWS[flaw] as (typeof FLAWS)[number]),
    ...(all[flaw]?.[wording] as Words),
  }));
}

function reportOf(history: History, { release, targets }: Scan, at: number): unknown {
  const { kind } = history;
  if (kind === 'grype')
    return grypeReport({
      image: 'registry.example.com/shop:1',
      at,
      matches: targets.flatMap((target) =>
        flawsOf(history, target).map(({ id, pkg, vendor }) => ({
          id,
          pkg,
          related: vendor === null ? [] : [vendor, id],
        })),
      ),
    });
  return {
    SchemaVersion: 2,
    CreatedAt: instantText(at),
    ArtifactName: kind === 'image' ? 'registry.example.com/shop:1' : '.',
    ArtifactType: kind === 'image' ? 'container_image' : 'filesystem',
    Metadata: { OS: { Family: 'debian', Name: release } },
    Results: targets.map((target) => ({
      Target: target.name,
      Class: kind === 'image' ? 'os-pkgs' : 'lang-pkgs',
      Type: kind === 'image' ? 'debian' : 'npm',
      Vulnerabilities: flawsOf(history, target).map(({ id, pkg, severity, fixed, vendor, published }) => ({
        VulnerabilityID: id,
        ...(vendor === null ? {} : { VendorIDs: [vendor] }),
        PkgName: pkg,
        InstalledVersion: '1.0',
        ...(fixed === null ? {} : { FixedVersion: fixed }),
        Severity: severity,
        ...(published === null ? {} : { PublishedDate: instantText(START + published * DAY_MS) }),
      })),
      Secrets: target.secrets.map(({ rule, line }) => ({
        RuleID: rule,
        Title: rule,
        StartLine: line,
        Severity: 'HIGH',
      })),
    })),
  };
}

/** What an import answers and stores, but for what is drawn by chance. */
async function outcomeOf(inbox: TestInbox, history: History, each: Scan, source: string, day: number) {
  inbox.clock.set(START + day * DAY_MS);
  const report = reportOf(history, each, START + day * DAY_MS);
  const result = await inbox.importReport(report, { source, complete: each.complete });
  const latest = await inbox.database.pool.query<{ id: string }>(
    'select id from scan where source_id = $1 order by id desc limit 1',
    [source],
  );
  const [last] = latest.rows;
  const undone =
    each.undone && last !== undefined
      ? await undoImport(inbox.ctx, { scanId: last.id }).then(
          ({ removed, reopened, closed }) => ({ removed, reopened, closed }),
          (error: InboxError) => error.code,
        )
      : null;
  const sightings = await inbox.database.pool.query(
    'select to_jsonb(sighting) as sighting from sighting order by scope_id, fingerprint',
  );
  const covers = await inbox.database.pool.query('select * from sighting_cover order by 1, 2, 3, 4');
  const answered = JSON.stringify(result).replaceAll(last?.id ?? '-', 'SCAN');
  return { answered, undone, ...(await inboxState(inbox)), stored: sightings.rows, covers: covers.rows };
}

test('an import that remembers entries and sightings answers and stores what one does that reads all of them', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const source = `run-${run++}`;
      for (const [day, each] of history.scans.entries()) {
        await forgetting.database.pool.query('delete from entry_memory');
        await forgetting.database.pool.query('delete from sighting_digest');
        const expected = await outcomeOf(forgetting, history, each, source, day);
        expect(await outcomeOf(remembering, history, each, source, day)).toEqual(expected);
      }
    }),
    // What fails leaves the two different: a smaller case could not be tried.
    { numRuns: 4, endOnFailure: true },
  );
});

test('what a report said two scans ago is a change again where the last scan said something else', async () => {
  const severities = ['HIGH', 'LOW', 'HIGH', 'HIGH'];
  const moved: unknown[] = [];
  for (const [index, severity] of severities.entries()) {
    remembering.clock.set(START + (20 + index) * DAY_MS);
    const report = imageReport({
      image: 'registry.example.com/back:1',
      at: START + (20 + index) * DAY_MS,
      // What most of a report still says is not put away with what it says no more.
      vulnerabilities: [{ id: 'CVE-2026-2001', severity }, ...flaws(4)],
    });
    const { created, changed, unchanged } = imported(await remembering.importReport(report));
    moved.push({ created, changed, unchanged });
  }
  expect(moved).toEqual([
    { created: 5, changed: 0, unchanged: 0 },
    { created: 0, changed: 1, unchanged: 4 },
    { created: 0, changed: 1, unchanged: 4 },
    { created: 0, changed: 0, unchanged: 5 },
  ]);
});
