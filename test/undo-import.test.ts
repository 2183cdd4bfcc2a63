import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import type { ImportedFile } from '../src/app/import/import-result.ts';
import { undoImport } from '../src/app/undo-import.ts';
import { flaw, importOnDay, on, SHOP, shop } from './support/days.ts';
import { grypeReport } from './support/grype-report.ts';
import { inboxState } from './support/inbox-state.ts';
import { openSubjects } from './support/open-findings.ts';
import { podsReport } from './support/other-reports.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { muteIssue } from './support/triage.ts';
import { filesReport, flaws, type Vulnerability } from './support/trivy-report.ts';

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

async function lastScan(): Promise<string> {
  const { rows } = await inbox.database.pool.query<{ id: string }>('select max(id) as id from scan');
  return rows[0]?.id ?? '';
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
  expect(() => scanOf(inventory)).toThrow('no scan');
  await expect(undoImport(inbox.ctx, { scanId: await lastScan() })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(
      /^Scan \w+ is an inventory, .* Take the inventory of the same account or cluster anew/,
    ),
  });
  const flow = {
    timestamp: new Date(on(7)).toISOString(),
    event_type: 'flow',
    src_ip: '203.0.113.9',
    dest_ip: '10.0.0.5',
  };
  const alert = { signature_id: 7, gid: 1, signature: 'something', severity: 1 };
  const seen = [{ ...flow, event_type: 'alert', alert }, flow].map((event) => `${JSON.stringify(event)}\n`);
  const events = await importOn(7, seen.join(''));
  expect(() => scanOf(events)).toThrow('no scan');
  await expect(undoImport(inbox.ctx, { scanId: await lastScan() })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/is a stream of events, .* an attack counts for 15 days/),
  });
  for (const table of ['scan_change', 'scan_finding', 'scan_issue'])
    expect((await inbox.database.pool.query(`select from ${table}`)).rowCount).toBe(0);
});

test('a source that was retired since shows nothing: what the scan after it kept open closed then', async () => {
  await importOn(
    0,
    grypeReport({ image: SHOP, digest: 'a', at: on(0), matches: [{ id: 'CVE-2026-1000', pkg: 'lib0' }] }),
  );
  const scan = await importOn(1, shop(1, 'a', flaws(1, { purlType: 'npm' })));
  inbox.clock.set(on(2));
  await inbox.ctx.sources.retire('grype', {}, 'tester');
  inbox.clock.set(on(3));
  expect(await undoImport(inbox.ctx, { scanId: scanOf(scan) })).toMatchObject({ removed: 0, closed: 1 });
  const findings = await inbox.database.pool.query(
    "select closed_at, closed_why, reopened_at, summary -> 'sources' as sources from finding",
  );
  expect(findings.rows).toEqual([
    { closed_at: on(2), closed_why: 'its source was retired', reopened_at: null, sources: ['grype'] },
  ]);
});

/** All that a person could see, with the moments at which findings closed and what is known of sources and scopes. */
async function wholeState(inbox: TestInbox) {
  const rows = async (sql: string) => (await inbox.database.pool.query(sql)).rows;
  return {
    ...(await inboxState(inbox)),
    moments: await rows('select fingerprint, closed_at, reopened_at from finding order by fingerprint'),
    issues: await rows("select to_jsonb(issue) - 'valid_until' - 'version' as issue from issue order by id"),
    contents: await rows(
      'select to_jsonb(sighting) as sighting from sighting order by scope_id, fingerprint',
    ),
    covers: await rows('select scope_id, fingerprint, cover from sighting_cover order by 1, 2, 3'),
    scopes: await rows('select to_jsonb(scope) as scope from scope order by id'),
    sources: await rows('select id, name, retired_at, last_report_at, looks::text[] from source order by id'),
    scans: await rows('select id from scan order by id'),
  };
}

type State = Awaited<ReturnType<typeof wholeState>>;

const MILD = flaw('CVE-2026-9', { severity: 'LOW' });
const GRAVE = flaw('CVE-2026-9', { severity: 'CRITICAL', pkg: 'other', fixed: null });

const scanned = (image: 'a' | 'b', found: readonly Vulnerability[], late = 0, name = SHOP) => ({
  image,
  name,
  late,
  found: [...found],
});

/** What went wrong once. */
const KNOWN: Readonly<Record<string, readonly Step[]>> = {
  'what a closed finding says is that of the image that showed it last': [
    scanned('a', flaws(1)),
    scanned('a', []),
    scanned('b', flaws(1)),
  ],
  'a resolved issue shows how it stood last': [scanned('a', [MILD]), scanned('a', []), scanned('b', [GRAVE])],
  'an issue that was never open': [scanned('b', []), scanned('a', [MILD], 2.5), scanned('b', [MILD])],
  'an older report makes a finding older': [
    scanned('a', [MILD]),
    scanned('a', [MILD], 2.5, 'registry.example.com/shop:2.0'),
  ],
  'a finding that opens, older than its issue': [
    scanned('a', [MILD]),
    scanned('b', [GRAVE], 2.5),
    scanned('a', [GRAVE]),
  ],
  'an issue that was never open, of a finding that nothing touches': [
    scanned('b', [], 0, 'registry.example.com/bank:2'),
    scanned('a', [GRAVE], 2.5, 'registry.example.com/bank:2'),
    scanned('a', [MILD]),
  ],
  'a finding that one scan replaced and another closed': [
    scanned('a', [MILD]),
    scanned('b', []),
    scanned('a', []),
  ],
  'a finding that one image no longer shows, and that another one replaces': [
    scanned('b', [MILD]),
    scanned('b', []),
    { files: { 'a.lock': [] }, late: 0, team: null },
    scanned('a', []),
  ],
  'a source that its first scan made': [
    scanned('a', [MILD]),
    scanned('a', [MILD], 0, 'registry.example.com/bank:2'),
  ],
  'a retired source that two scans bring back': [
    scanned('a', [MILD]),
    { retire: 'trivy' },
    scanned('a', [MILD]),
    scanned('a', [MILD], 0, 'registry.example.com/bank:2'),
  ],
};

/** Draws beyond what went wrong once; `PROPERTY_SEED=any` beside it draws others each time. */
const RUNS = process.env['UNDO_RUNS'];
const ORDERS = [
  [2, 1, 0],
  [0, 1, 2],
] as const;
const EXAMPLES = Object.values(KNOWN).flatMap((steps) => ORDERS.map((order) => ({ steps, order })));

const GHSA = 'GHSA-2222-3333-4444';
const found = fc.subarray([...flaws(4), ...flaws(1, { purlType: 'npm' }), MILD, GRAVE]);
const late = fc.constantFrom<number>(0, 0, 0, 2.5);
const name = fc.constantFrom<string>(SHOP, SHOP, 'registry.example.com/bank:2');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ image: fc.constantFrom('a', 'b'), name, late, found }) },
  {
    weight: 2,
    arbitrary: fc.record({
      late,
      team: fc.constantFrom(null, null, 'web'),
      files: fc.dictionary(fc.constantFrom('a.lock', 'b.lock'), fc.subarray([...flaws(2)]), { minKeys: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ related: fc.subarray(['CVE-2026-1000', 'CVE-2026-1001']) }) },
  { weight: 1, arbitrary: fc.record({ retire: fc.constantFrom('trivy', 'shop') }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Null of a step that is no import. */
async function takeStep(world: TestInbox, day: number, each: Step): Promise<ImportedFile | null> {
  if ('retire' in each) {
    world.clock.set(on(day));
    await world.ctx.sources.retire(each.retire, {}, 'tester');
    return null;
  }
  if ('related' in each) {
    const matches = [{ id: GHSA, related: each.related, pkg: 'lib0' }];
    return importOnDay(world, day, grypeReport({ image: SHOP, digest: 'a', at: on(day), matches }));
  }
  const at = day - each.late;
  if ('files' in each)
    return importOnDay(world, day, filesReport('.', on(at), each.files), { source: 'shop', team: each.team });
  return importOnDay(world, day, shop(at, each.image, each.found, each.name));
}

interface Undo {
  readonly day: number;
  readonly scanId: string;
  readonly scope: string;
  readonly before: State;
}

/** The last scans in this order, but of one scope the latest first. */
function inOrder(undos: readonly Undo[], order: readonly number[]): readonly Undo[] {
  const places = order.flatMap((index) => undos[index] ?? []);
  const left = Map.groupBy(undos, ({ scope }) => scope);
  return places.map(({ scope }) => left.get(scope)?.pop() as Undo);
}

/** What the steps of the other days give alone. What a report tells about names is true with or without its scan. */
async function stateWithout(steps: readonly Step[], days: ReadonlySet<number>): Promise<State> {
  const world = await openTestInbox();
  try {
    for (const [day, each] of steps.entries()) {
      if (days.has(day) && !('related' in each)) continue;
      const result = await takeStep(world, day, each);
      if (days.has(day) && result !== null) await undoImport(world.ctx, { scanId: scanOf(result) });
    }
    return await wholeState(world);
  } finally {
    await world.close();
  }
}

const withoutIds = (state: State) => ({ ...state, scans: state.scans.length });

test('whatever was imported, undo leaves what the scans that are left give, in whatever order scans are taken back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 2, maxLength: 6 }),
      fc.oneof(fc.constant([...ORDERS[0]]), fc.shuffledSubarray([0, 1, 2], { minLength: 3 })),
      async (steps, order) => {
        const world = await openTestInbox();
        try {
          let undos: Undo[] = [];
          for (const [day, each] of steps.entries()) {
            const before = await wholeState(world);
            const result = await takeStep(world, day, each);
            // Retiring is no scan, and is not taken back.
            if (result === null) undos = [];
            else if (result.sentences.some((sentence) => sentence.startsWith('Scan ')))
              undos.push({
                day,
                scanId: scanOf(result),
                scope: JSON.stringify([result.source, result.scope]),
                before,
              });
          }
          world.clock.set(on(20));
          const left = undos.slice(-3);
          const gone = new Set<number>();
          for (const { day, scanId } of inOrder(left, order)) {
            await undoImport(world.ctx, { scanId });
            gone.add(day);
            const state = await wholeState(world);
            const latest = left.at(-gone.size);
            const areLatest = left.slice(-gone.size).every((undo) => gone.has(undo.day));
            const areNamesLearned = [...gone].some((each) => 'related' in (steps[each] as Step));
            // The latest ones are gone: what there was before them is known.
            if (latest !== undefined && areLatest && !areNamesLearned) expect(state).toEqual(latest.before);
            else expect(withoutIds(state)).toEqual(withoutIds(await stateWithout(steps, gone)));
          }
        } finally {
          await world.close();
        }
      },
    ),
    {
      numRuns: EXAMPLES.length + Number(RUNS ?? 4),
      examples: EXAMPLES.map(({ steps, order }): [Step[], number[]] => [[...steps], [...order]]),
    },
  );
});
