import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { undoImport } from '../src/app/undo-import.ts';
import type { InboxError } from '../src/base/inbox-error.ts';
import { DAY_MS, instantText } from '../src/base/instant.ts';
import { grypeReport } from './support/grype-report.ts';
import { inboxState } from './support/inbox-state.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

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

const flaw = fc.record({
  id: fc.constantFrom('CVE-2026-1001', 'GHSA-2222-3333-4444'),
  pkg: fc.constantFrom('bash', 'zlib'),
  severity: fc.constantFrom('CRITICAL', 'LOW'),
  fixed: fc.constantFrom(null, '1.1'),
  /** Other names of the advisory, learned by the way. */
  vendor: fc.constantFrom(null, 'GHSA-2222-3333-4444', 'DSA-1'),
  /** Some days of publication have not come at the first scan and have at the last. */
  published: fc.constantFrom(null, 3),
});
const secret = fc.record({ rule: fc.constantFrom('aws', 'slack'), line: fc.integer({ min: 1, max: 2 }) });

/** Entries may be given twice; those of a report that follows are some of the same, changed, or in another order. */
const scan = fc.record({
  /** Stands around the entries, and decides what they say. */
  release: fc.constantFrom('12', '12', '11'),
  targets: fc.array(
    fc.record({
      name: fc.constantFrom('a/package-lock.json', 'b/package-lock.json'),
      flaws: fc.array(flaw, { maxLength: 6 }),
      secrets: fc.array(secret, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  complete: fc.boolean(),
  undone: fc.constantFrom(false, false, false, false, true),
});
type Scan = typeof scan extends fc.Arbitrary<infer T> ? T : never;

const scans = fc.array(scan, { minLength: 2, maxLength: 3 }).chain((different) =>
  fc.array(
    fc
      .tuple(fc.constantFrom(...different), fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 4 }))
      .map(([each, order]) => ({ ...each, targets: each.targets.map((target) => inOrder(target, order)) })),
    { minLength: 4, maxLength: 6 },
  ),
);
const kinds = fc.constantFrom('image', 'image', 'files', 'grype');
type Kind = typeof kinds extends fc.Arbitrary<infer T> ? T : never;

function inOrder(target: Scan['targets'][number], order: readonly number[]): Scan['targets'][number] {
  return { ...target, flaws: order.flatMap((index) => target.flaws[index] ?? []) };
}

function reportOf(kind: Kind, { release, targets }: Scan, at: number): unknown {
  if (kind === 'grype')
    return grypeReport({
      image: 'registry.example.com/shop:1',
      at,
      matches: targets.flatMap(({ flaws }) =>
        flaws.map(({ id, pkg, vendor }) => ({ id, pkg, related: vendor === null ? [] : [vendor, id] })),
      ),
    });
  return {
    SchemaVersion: 2,
    CreatedAt: instantText(at),
    ArtifactName: kind === 'image' ? 'registry.example.com/shop:1' : '.',
    ArtifactType: kind === 'image' ? 'container_image' : 'filesystem',
    Metadata: { OS: { Family: 'debian', Name: release } },
    Results: targets.map(({ name, flaws, secrets }) => ({
      Target: name,
      Class: kind === 'image' ? 'os-pkgs' : 'lang-pkgs',
      Type: kind === 'image' ? 'debian' : 'npm',
      Vulnerabilities: flaws.map(({ id, pkg, severity, fixed, vendor, published }) => ({
        VulnerabilityID: id,
        ...(vendor === null ? {} : { VendorIDs: [vendor] }),
        PkgName: pkg,
        InstalledVersion: '1.0',
        ...(fixed === null ? {} : { FixedVersion: fixed }),
        Severity: severity,
        ...(published === null ? {} : { PublishedDate: instantText(START + published * DAY_MS) }),
      })),
      Secrets: secrets.map(({ rule, line }) => ({
        RuleID: rule,
        Title: rule,
        StartLine: line,
        Severity: 'HIGH',
      })),
    })),
  };
}

/** What an import answers and stores, but for what is drawn by chance. */
async function outcomeOf(inbox: TestInbox, kind: Kind, each: Scan, source: string, day: number) {
  inbox.clock.set(START + day * DAY_MS);
  const report = reportOf(kind, each, START + day * DAY_MS);
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

test('an import that remembers entries answers and stores what one does that reads all of them', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(kinds, scans, async (kind, all) => {
      const source = `run-${run++}`;
      for (const [day, each] of all.entries()) {
        await forgetting.database.pool.query('delete from entry_memory');
        const expected = await outcomeOf(forgetting, kind, each, source, day);
        expect(await outcomeOf(remembering, kind, each, source, day)).toEqual(expected);
      }
    }),
    // What fails leaves the two different: a smaller case could not be tried.
    { numRuns: 10, seed: 11, endOnFailure: true },
  );
});
