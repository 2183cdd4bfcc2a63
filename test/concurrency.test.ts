import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changeAutomation } from '../src/app/change-automation.ts';
import { importReports } from '../src/app/import-reports.ts';
import { undoImport } from '../src/app/undo-import.ts';
import { updateFeed } from '../src/app/update-feed.ts';
import { DAY_MS, HOUR_MS } from '../src/base/instant.ts';
import { kev } from '../src/feeds/kev/kev.ts';
import { openBytes } from '../src/formats/reading/open-input.ts';
import { LOCK } from '../src/store/database.ts';
import { runImporter } from './support/kill-importers.ts';
import { kevCatalogue } from './support/other-reports.ts';
import { imported, inboxOn, NO_OPTIONS, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
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
      'select id, source_id, first_report_at, last_report_at, last_sha256, is_counting, retired_at is not null as is_retired from scope order by id',
    ),
    scans: await rows('select scope_id, sha256, counts from scan order by scope_id, sha256'),
    sources: await rows(
      'select id, retired_at is not null as is_retired, merged_into from source order by id',
    ),
    closed: await rows('select fingerprint, closed_why from finding where not is_open order by fingerprint'),
    resources: await rows('select key, gone_at is not null as is_gone from resource order by key'),
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

describe('what happens while a report is read ends as if it had come before it or after it', () => {
  const ROOT = 'registry.example.com/shop:1';
  const scan = (day: number, ...numbers: readonly number[]) =>
    imageReport({
      image: ROOT,
      digest: 'shop',
      at: START - (10 - day) * DAY_MS,
      vulnerabilities: flaws(30).filter((_, index) => numbers.includes(index)),
    });
  const RULES =
    'mute:\n  - { id: quiet, name: Quiet, for: [infrastructure_vulnerability], when: "cve:CVE-2026-1001", reason: no_fix }\n';
  const OTHERS: Record<string, (of: TestInbox) => Promise<unknown>> = {
    'an older report of the source': (of) => of.importReport(scan(3, 1, 9), { source: 'ci' }, 'older.json'),
    'a newer report of the source': (of) => of.importReport(scan(7, 1, 8), { source: 'ci' }, 'newer.json'),
    'the same report': (of) => of.importReport(scan(5, 1, 2, 5), { source: 'ci' }, 'same.json'),
    'a report of another source': (of) => of.importReport(scan(5, 1, 3), { source: 'night' }, 'other.json'),
    'the end of its source': (of) => of.ctx.sources.retire('ci', {}, 'anna'),
    'the end of another source': (of) => of.ctx.sources.retire('night', {}, 'anna'),
    'the return of another source': async (of) => {
      await of.ctx.sources.retire('night', {}, 'anna');
      await of.ctx.sources.restore('night', {}, 'anna');
    },
    'the return of its source': (of) => of.ctx.sources.restore('ci', {}, 'anna'),
    'its source goes into another': (of) => of.ctx.sources.merge('ci', 'night', 'anna'),
    'rules are put in force': (of) => changeAutomation(of.ctx, { what: 'file', text: RULES }),
    'what is old is deleted': (of) => of.ctx.retention.forget(),
    'a scan is taken back': async (of) => {
      const scans = await of.database.pool.query<{ id: string }>(
        "select id from scan where source_id = 'night' order by id desc limit 1",
      );
      return undoImport(of.ctx, { scanId: scans.rows[0]?.id ?? '' });
    },
    'an issue is muted': async (of) => {
      const found = await of.database.pool.query<{ id: string }>(
        `select id from issue where advisory = 'CVE-2026-1001'`,
      );
      return of.ctx.inbox.decide(
        found.rows[0]?.id ?? '',
        { kind: 'mute', isMuted: true, reason: 'accepted', until: null },
        'anna',
      );
    },
  };

  /** Two sources, one of which is about to report again. */
  async function reported(of: TestInbox): Promise<void> {
    await of.importReport(scan(1, 1, 2, 3, 4), { source: 'ci' }, 'first.json');
    of.clock.set(START + HOUR_MS);
    await of.importReport(scan(2, 1, 2, 4), { source: 'night' }, 'night.json');
    of.clock.set(START + 2 * HOUR_MS);
  }

  const imports = (of: TestInbox, arrived: () => Promise<void>) => {
    const texts = [scan(5, 1, 2, 5), report('other', 3)].map((each) => JSON.stringify(each));
    return importReports(
      {
        ...of.ctx,
        openInputs: async function* (path, name) {
          // The first file is read, and its scan open until the last one was.
          if (path === '1') await arrived();
          yield* openBytes(Buffer.from(texts[Number(path)] ?? ''), name);
        },
      },
      {
        files: texts.map((_, index) => ({ path: String(index), name: `${index}.json` })),
        options: { ...NO_OPTIONS, source: 'ci' },
      },
    );
  };

  test.each(Object.keys(OTHERS))('%s', async (name) => {
    const other = OTHERS[name] as (of: TestInbox) => Promise<unknown>;
    const prepare = async (of: TestInbox) => {
      await reported(of);
      if (name === 'the return of its source') await of.ctx.sources.retire('ci', {}, 'anna');
    };
    await prepare(inbox);
    const { pool } = inbox.database;
    const waiters = async () =>
      (
        await pool.query(
          `select pid from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`,
        )
      ).rowCount;
    let beside: Promise<unknown> = Promise.resolve();
    await imports(inbox, async () => {
      let isDone = false;
      beside = other(inbox).finally(() => {
        isDone = true;
      });
      while (!isDone && (await waiters()) === 0);
    });
    await beside;
    const orders = [
      await stateAfter(async (fresh) => {
        await prepare(fresh);
        await imports(fresh, async () => undefined);
        await other(fresh);
      }),
      await stateAfter(async (fresh) => {
        await prepare(fresh);
        await other(fresh);
        await imports(fresh, async () => undefined);
      }),
    ];
    const state = await stateOf(inbox);
    if (!orders.some((order) => isDeepStrictEqual(order, state))) expect(state).toEqual(orders[0]);
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
