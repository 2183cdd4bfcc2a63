import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { updateFeed } from '../src/app/update-feed.ts';
import { DAY_MS } from '../src/base/instant.ts';
import { kev } from '../src/feeds/kev/kev.ts';
import { LOCK } from '../src/store/database.ts';
import { runImporter } from './support/kill-importers.ts';
import { kevCatalogue } from './support/other-reports.ts';
import { imported, inboxOn, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { flaws, imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const report = (image: string, count: number, title = 'A flaw') =>
  imageReport({
    image: `registry.example.com/${image}:1`,
    digest: image,
    at: START - DAY_MS,
    vulnerabilities: flaws(count, { title }),
  });

/** Everything that matters and does not tell who came first. */
async function stateOf({ database }: TestInbox): Promise<unknown> {
  const rows = async (sql: string) => (await database.pool.query(sql)).rows;
  return {
    findings: await rows(
      'select fingerprint, issue_id, is_open, first_seen, summary from finding order by fingerprint',
    ),
    sightings: await rows(
      'select scope_id, fingerprint, content_hash, occurrences, gone_at, held_since from sighting order by scope_id, fingerprint',
    ),
    issues: await rows(
      'select id, rank, title, risks_yes, impact, is_admitted, is_muted, status, open_findings from issue order by id',
    ),
    scopes: await rows(
      'select id, first_report_at, last_report_at, last_sha256, is_counting from scope order by id',
    ),
    scans: await rows('select scope_id, sha256, counts from scan order by scope_id, sha256'),
    stage: await rows('select import_id from stage_sighting'),
  };
}

/** The state after the same steps, one by one, in a database of their own. */
async function stateAfter(steps: (fresh: TestInbox) => Promise<void>): Promise<unknown> {
  const fresh = await openTestInbox();
  try {
    await steps(fresh);
    return await stateOf(fresh);
  } finally {
    await fresh.close();
  }
}

describe('two importers of one report at once', () => {
  test('in one process: one takes it in, the other finds it there', async () => {
    const results = (
      await Promise.all([
        inbox.importReport(report('shop', 300), { source: 'importer' }),
        inbox.importReport(report('shop', 300), { source: 'importer' }),
      ])
    ).map(imported);
    expect(results.map((each) => [each.created, each.unchanged]).sort()).toEqual([
      [0, 300],
      [300, 0],
    ]);
    expect(await stateOf(inbox)).toEqual(
      await stateAfter(
        async (fresh) => void (await fresh.importReport(report('shop', 300), { source: 'importer' })),
      ),
    );
  });

  test('in two processes: the same', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'two-importers-'));
    try {
      const path = join(folder, 'report.json');
      await writeFile(path, JSON.stringify(report('shop', 300)));
      const runs = await Promise.all([runImporter(inbox, [path], null), runImporter(inbox, [path], null)]);
      const results = runs.map((run) => imported(run?.results[0]));
      expect(results.map((each) => each.created + each.unchanged)).toEqual([300, 300]);
      expect(results.map((each) => each.created).sort()).toEqual([0, 300]);
      expect(await stateOf(inbox)).toEqual(
        await stateAfter(
          async (fresh) => void (await fresh.importReport(report('shop', 300), { source: 'importer' })),
        ),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test('a feed, a decision, sweeps and more importers than connections at once: none waits for ever, none undoes another', async () => {
  const images = Array.from({ length: 10 }, (_, index) => `app${index}`);
  const exploited = ['CVE-2026-1001', 'CVE-2026-1002'];
  const firstScan = async (of: TestInbox) =>
    void (await of.importReport(report('shop', 20), { environment: 'production' }));
  const readKev = (of: TestInbox) => {
    const bytes = Buffer.from(JSON.stringify(kevCatalogue(exploited)));
    return updateFeed(of.ctx, {
      feed: kev,
      files: [
        {
          name: 'kev.json',
          async *open() {
            yield bytes;
          },
        },
      ],
      origin: 'test',
    });
  };
  const muteFirst = async (of: TestInbox) => {
    const found = await of.database.pool.query<{ id: string }>(
      `select id from issue where advisory = 'CVE-2026-1019'`,
    );
    return of.ctx.inbox.decide(
      found.rows[0]?.id ?? '',
      { kind: 'mute', isMuted: true, reason: 'accepted', until: null },
      'anna',
    );
  };
  // None of these images has the flaw that is muted, so that the steps may come in any order.
  const importApp = (of: TestInbox, image: string) =>
    of.importReport(report(image, 15), { environment: 'production' }, `${image}.json`);
  const importShop = (of: TestInbox) =>
    of.importReport(report('shop', 20, 'Told otherwise'), { environment: 'production' }, 'shop.json');

  await firstScan(inbox);
  const program = inboxOn({ ...inbox.database });
  await Promise.all([
    ...images.map((image) => importApp(inbox, image)),
    importShop(program),
    readKev(inbox),
    muteFirst(inbox),
    ...Array.from({ length: 5 }, () => inbox.ctx.inbox.sweep()),
  ]);
  const expected = await stateAfter(async (fresh) => {
    await firstScan(fresh);
    await muteFirst(fresh);
    for (const image of images) await importApp(fresh, image);
    await importShop(fresh);
    await readKev(fresh);
  });
  expect(await stateOf(inbox)).toEqual(expected);
  const listed = await inbox.list();
  expect(listed).toHaveLength(19);
  expect(
    listed.filter((row) => row.riskStates.exploit_available === 'yes').map((row) => row.key.split('|')[1]),
  ).toEqual(expect.arrayContaining(exploited));
});

describe('whoever changes issues waits for who is at it', () => {
  const WRITERS: Record<string, (of: TestInbox) => Promise<unknown>> = {
    'an import': (of) => of.importReport(report('other', 3)),
    'a feed': (of) =>
      updateFeed(of.ctx, {
        feed: kev,
        files: [
          {
            name: 'kev.json',
            async *open() {
              yield Buffer.from(JSON.stringify(kevCatalogue(['CVE-2026-1000'])));
            },
          },
        ],
        origin: 'test',
      }),
    'a decision': async (of) =>
      of.ctx.inbox.decide(
        (await of.list())[0]?.id ?? '',
        { kind: 'mute', isMuted: true, reason: 'accepted', until: null },
        'anna',
      ),
    'the end of a source': (of) => of.ctx.sources.retire('trivy', {}, 'anna'),
  };

  test.each(Object.keys(WRITERS))('%s', async (name) => {
    await inbox.importReport(report('shop', 3));
    const { pool } = inbox.database;
    const writer = await pool.connect();
    await writer.query('begin');
    await writer.query('select pg_advisory_xact_lock($1, 1)', [LOCK.organisation]);
    let isDone = false;
    const work = WRITERS[name]?.(inbox).then(() => {
      isDone = true;
    });
    const waiters = async () =>
      (
        await pool.query(
          `select pid from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
        )
      ).rowCount;
    while (!isDone && (await waiters()) === 0);
    expect(isDone).toBe(false);
    expect(await inbox.ctx.inbox.sweep()).toBe(0);
    await writer.query('commit');
    writer.release();
    await work;
    expect(isDone).toBe(true);
  });
});

test('a sweep takes in what time has changed, and leaves the rest to the next when an import is at work', async () => {
  await inbox.importReport(report('shop', 5));
  const [row] = await inbox.list();
  await inbox.ctx.inbox.decide(
    row?.id ?? '',
    { kind: 'mute', isMuted: true, reason: 'later', until: START + DAY_MS },
    'anna',
  );
  expect(await inbox.list()).toHaveLength(4);
  inbox.clock.set(START + 2 * DAY_MS);
  let isImported = false;
  const importer = inbox.importReport(report('other', 300)).then(() => {
    isImported = true;
  });
  // Whichever of the two comes first assesses the issue anew, and neither waits for ever.
  while (!isImported && (await inbox.ctx.inbox.sweep()) === 0);
  await importer;
  await inbox.ctx.inbox.sweep();
  expect((await inbox.list()).map((each) => each.id)).toContain(row?.id);
  expect(await inbox.ctx.inbox.sweep()).toBe(0);
});
