import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainIssue } from '../src/app/explain-issue.ts';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import type { ImportedFile } from '../src/app/import/import-result.ts';
import { flaw, importOnDay, on, SHOP, shop } from './support/days.ts';
import { openFindings, openSubjects } from './support/open-findings.ts';
import { podsReport, sarifReport } from './support/other-reports.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { flaws, imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const CLUSTER = { scope: { cluster: 'one' } };

const importOn = (day: number, report: unknown, options?: Partial<ImportOptions>): Promise<ImportedFile> =>
  importOnDay(inbox, day, report, options);

describe('images', () => {
  test('the base image is renewed and 200 of 240 are gone: closes at once, as replaced', async () => {
    const found = flaws(240);
    await importOn(0, shop(0, 'old', found));
    const renewed = await importOn(1, shop(1, 'new', found.slice(200), 'registry.example.com/shop:1.1'));
    expect(renewed).toMatchObject({ created: 0, closed: 200, held: 0 });
    expect(await openFindings(inbox)).toHaveLength(40);
    const closed = await inbox.database.pool.query(
      'select distinct closed_why from finding where not is_open',
    );
    expect(closed.rows).toEqual([{ closed_why: 'replaced by registry.example.com/shop:1.1' }]);
    expect(renewed.sentences[0]).toContain('200 closed (replaced by registry.example.com/shop:1.1)');
  });

  test('an older image that is scanned again is kept beside the newer one', async () => {
    await importOn(0, shop(0, 'old', [flaw('CVE-2026-1')]));
    await importOn(1, shop(1, 'new', [flaw('CVE-2026-2')], 'registry.example.com/shop:1.1'));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-2']);
    const back = await importOn(2, shop(2, 'old', [flaw('CVE-2026-1')]));
    expect(back).toMatchObject({ created: 0, regressed: 1, unchanged: 0 });
    expect(back.sentences[0]).toContain('1 regressed');
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
  });

  test('rolled back: the findings of the bad image go after 14 days', async () => {
    await importOn(0, shop(0, 'good', [flaw('CVE-2026-1')]));
    await importOn(1, shop(1, 'bad', [flaw('CVE-2026-2')], 'registry.example.com/shop:1.1'));
    await importOn(15, shop(15, 'good', [flaw('CVE-2026-1')]));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
    expect(await importOn(16, shop(16, 'good', [flaw('CVE-2026-1')]))).toMatchObject({ closed: 1 });
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1']);
  });

  test('one tag for two platforms, both nightly: two lines, both count', async () => {
    const nightly = (day: number, platform: 'amd64' | 'arm64', id: string) =>
      imageReport({
        image: SHOP,
        digest: `${platform}${day}`,
        platform,
        at: on(day),
        vulnerabilities: [flaw('CVE-2026-1'), flaw(id)],
      });
    for (const day of [0, 1]) {
      await importOn(day, nightly(day, 'amd64', 'CVE-2026-2'));
      await importOn(day, nightly(day, 'arm64', 'CVE-2026-3'));
    }
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2', 'CVE-2026-3']);
  });

  test('one digest under three tags: three scopes, one finding, open until all are clean', async () => {
    const tags = ['1.0', 'stable', 'latest'].map((tag) => `registry.example.com/shop:${tag}`);
    const scopes = () => inbox.database.pool.query('select id from scope');
    for (const tag of tags) await importOn(0, shop(0, 'same', [flaw('CVE-2026-1')], tag));
    expect(await openFindings(inbox)).toHaveLength(1);
    expect((await scopes()).rows).toHaveLength(3);
    for (const [index, tag] of tags.entries()) {
      const result = await importOn(index + 1, shop(index + 1, 'same', [], tag));
      expect(result.closed).toBe(index === 2 ? 1 : 0);
    }
    expect(await openFindings(inbox)).toEqual([]);
  });

  test('a line that was not scanned for 30 days while another was is no longer scanned', async () => {
    const branch = (day: number, name: string, id: string) =>
      imageReport({
        image: `registry.example.com/shop:${name}`,
        digest: `${name}${day}`,
        at: on(day),
        vulnerabilities: [flaw(id)],
      });
    await importOn(0, branch(0, 'feature', 'CVE-2026-1'));
    await importOn(30, branch(30, 'main', 'CVE-2026-2'));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
    expect(await importOn(31, branch(31, 'main', 'CVE-2026-2'))).toMatchObject({ closed: 1 });
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-2']);
    const closed = await inbox.database.pool.query('select closed_why from finding where not is_open');
    expect(closed.rows).toEqual([{ closed_why: 'no longer scanned' }]);
  });

  test('where the inventory says which images run, it decides', async () => {
    const pods = (digest: string) => podsReport([{ name: 'shop-0', image: SHOP, digest }]);
    await importOn(0, shop(0, 'old', [flaw('CVE-2026-1')]));
    await importOn(1, shop(1, 'new', [flaw('CVE-2026-2')], 'registry.example.com/shop:1.1'));
    await importOn(2, pods('old'));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1']);
    await importOn(3, pods('new'));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-2']);
  });

  test.each([[true], [false]])(
    'a name without registry is that of Docker Hub where the inventory runs it (scanned first: %s)',
    async (isScannedFirst) => {
      const scan = () => importOn(0, imageReport({ image: 'redis:7', at: on(0), vulnerabilities: flaws(1) }));
      const run = () =>
        importOn(
          0,
          podsReport([{ name: 'cache-0', image: 'redis:7', digest: 'a', labels: { env: 'production' } }]),
        );
      for (const step of isScannedFirst ? [scan, run] : [run, scan]) await step();
      await importOn(0, imageReport({ image: 'cart:1', at: on(0), vulnerabilities: flaws(1, {}, 1) }));
      const found = await inbox.database.pool.query('select resource_key from finding order by 1');
      expect(found.rows.map((row) => row.resource_key)).toEqual([
        'image:@trivy/cart',
        'image:docker.io/library/redis',
      ]);
      const states = (await inbox.list()).map((issue) => issue.riskStates.in_production).sort();
      expect(states).toEqual(['unknown', 'yes']);
    },
  );

  test('a workload that moves to another repository takes its risks with it', async () => {
    const run = (image: string, digest: string) =>
      podsReport([{ name: 'shop-0', image, digest, labels: { env: 'production' } }]);
    await importOn(0, shop(0, 'a', [flaw('CVE-2026-1')]));
    await importOn(1, run(SHOP, 'a'));
    expect((await inbox.list())[0]).toMatchObject({ riskStates: { in_production: 'yes' } });
    await importOn(2, run('registry.example.com/other:1', 'b'));
    expect((await inbox.list())[0]).toMatchObject({ riskStates: { in_production: 'unknown' } });
  });

  test('when no workload runs the repository any more, the times of its scans decide again', async () => {
    await importOn(0, shop(0, 'old', [flaw('CVE-2026-1')]));
    await importOn(1, shop(1, 'new', [flaw('CVE-2026-2')], 'registry.example.com/shop:1.1'));
    await importOn(2, podsReport([{ name: 'shop-0', image: SHOP, digest: 'old' }]));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1']);
    const elsewhere = { name: 'shop-0', image: 'registry.example.com/other:1', digest: 'b' };
    await importOn(3, podsReport([elsewhere]));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-2']);
  });

  test('an older image whose report arrives late is closed from the start, and can be looked at', async () => {
    await importOn(5, shop(4, 'new', [flaw('CVE-2026-1', { pkg: 'a' })], 'registry.example.com/shop:1.1'));
    await importOn(5, shop(3, 'old', [flaw('CVE-2026-1', { pkg: 'a' }), flaw('CVE-2026-1', { pkg: 'b' })]));
    expect(await openFindings(inbox)).toHaveLength(1);
    const view = await inbox.ctx.inbox.view((await inbox.list())[0]?.id ?? '');
    expect(view?.findings.map((each) => [each.isOpen, each.summary.title, each.closedWhy])).toEqual([
      [true, 'Flaw CVE-2026-1', null],
      [false, 'Flaw CVE-2026-1', 'replaced by registry.example.com/shop:1.1'],
    ]);
  });

  test('an old report of an image, arriving late, tells that another was newer all along', async () => {
    await importOn(9, shop(9, 'a', [flaw('CVE-2026-1')]));
    await importOn(9, shop(5, 'b', [flaw('CVE-2026-2')], 'registry.example.com/shop:1.1'));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1']);
    // Image a is older than b, and was scanned again: a rollback, both count.
    const late = await importOn(9, shop(1, 'a', [flaw('CVE-2026-3')]));
    expect(late.sentences[0]).toMatch(
      /^Older than the latest scan .* 1 regressed\. Regressed: Flaw CVE-2026-2\.$/,
    );
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
  });

  test('builds of branches that share a line are told apart by a key of their own', async () => {
    const build = (day: number, branch: string, id: string) =>
      importOn(day, shop(day, `${branch}${day}`, [flaw(id)], `registry.example.com/shop:${day}`), {
        scope: { branch },
      });
    await build(0, 'main', 'CVE-2026-1');
    await build(1, 'next', 'CVE-2026-2');
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
    await build(2, 'main', 'CVE-2026-3');
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-2', 'CVE-2026-3']);
  });
});

describe('an image of which a manifest names the tag alone', () => {
  const TAG_ONLY = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'shop-0', namespace: 'shop', labels: { env: 'production' } },
    spec: { containers: [{ name: 'main', image: SHOP }] },
  };
  const manifest = () => importOn(1, { apiVersion: 'v1', kind: 'List', items: [TAG_ONLY] }, CLUSTER);
  const pods = (day: number, digest: string, image = SHOP) =>
    importOn(day, podsReport([{ name: 'shop-0', image, digest, labels: { env: 'production' } }]), CLUSTER);
  const scan = (day: number, digest: string, ...ids: readonly string[]) =>
    importOn(
      day,
      shop(
        day,
        digest,
        ids.map((id) => flaw(id)),
      ),
    );
  const inProduction = async () =>
    Object.fromEntries(
      (await inbox.list()).map(({ title, riskStates }) => [
        title.split(' ').at(-1),
        riskStates.in_production,
      ]),
    );

  test.each([[true], [false]])(
    'has the risks of what runs that tag, whatever digest its report tells (scanned first: %s)',
    async (isScannedFirst) => {
      const scanned = () => scan(1, 'a', 'CVE-2026-1');
      for (const step of isScannedFirst ? [scanned, manifest] : [manifest, scanned]) await step();
      expect(await inProduction()).toEqual({ 'CVE-2026-1': 'yes' });
      expect(await openSubjects(inbox)).toEqual(['CVE-2026-1']);
    },
  );

  test('tells with each risk that the tag is all that joins them, until a digest does', async () => {
    await manifest();
    await scan(1, 'a', 'CVE-2026-1');
    const [issue] = await inbox.list();
    const assumed = async () => {
      const { why } = await explainIssue(inbox.ctx, { id: issue?.id ?? '' });
      return (why?.risks ?? []).flatMap(({ risk, evidence }) =>
        evidence.some(({ sentence }) => sentence === `Assumed join: image tag ${SHOP}, no digest.`)
          ? [risk]
          : [],
      );
    };
    expect(await assumed()).toEqual(['in_production']);
    await pods(2, 'a');
    expect(await inProduction()).toEqual({ 'CVE-2026-1': 'yes' });
    expect(await assumed()).toEqual([]);
  });

  test('is `latest` where the manifest names none', async () => {
    const untagged = structuredClone(TAG_ONLY);
    for (const container of untagged.spec.containers) container.image = 'registry.example.com/shop';
    await importOn(1, { apiVersion: 'v1', kind: 'List', items: [untagged] }, CLUSTER);
    await importOn(1, shop(1, 'a', [flaw('CVE-2026-1')], 'registry.example.com/shop:latest'));
    await importOn(1, shop(1, 'b', [flaw('CVE-2026-2')]));
    expect(await inProduction()).toEqual({ 'CVE-2026-1': 'yes', 'CVE-2026-2': 'unknown' });
  });

  test('is not that of another tag', async () => {
    await manifest();
    await importOn(1, shop(1, 'a', [flaw('CVE-2026-1')], 'registry.example.com/shop:next'));
    expect(await inProduction()).toEqual({ 'CVE-2026-1': 'unknown' });
  });

  test('is the one that a pod of it is known to run, and no other, once a pod tells', async () => {
    await scan(0, 'a', 'CVE-2026-1');
    await manifest();
    expect(await inProduction()).toEqual({ 'CVE-2026-1': 'yes' });
    await pods(2, 'b');
    expect(await inProduction()).toEqual({ 'CVE-2026-1': 'unknown' });
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1']);
    await pods(3, 'a');
    expect(await inProduction()).toEqual({ 'CVE-2026-1': 'yes' });
  });

  test('is the newer one where the tag was given to another digest, and the older is closed as replaced', async () => {
    await manifest();
    await scan(1, 'a', 'CVE-2026-1', 'CVE-2026-2');
    expect(await scan(2, 'b', 'CVE-2026-2', 'CVE-2026-3')).toMatchObject({ created: 1, closed: 1 });
    expect(await inProduction()).toEqual({ 'CVE-2026-2': 'yes', 'CVE-2026-3': 'yes' });
  });
});

describe('timed reports', () => {
  const advisory = fc.subarray(['CVE-2026-1', 'CVE-2026-2', 'CVE-2026-3', 'CVE-2026-4']);
  const day = fc.integer({ min: 0, max: 60 });
  const ofImage = fc.record({
    is: fc.constant('image'),
    day,
    tag: fc.constantFrom('1.0', '1.1', '2.0', 'feature'),
    digest: fc.constantFrom('a', 'b', 'c'),
    ids: advisory,
  });
  const ofCode = fc.record({
    is: fc.constant('code'),
    day,
    tag: fc.constantFrom('main', 'next'),
    digest: fc.constant(''),
    ids: advisory,
  });
  // Of two reports of one scope and one instant nobody can say which is the later.
  const reports = fc.uniqueArray(fc.oneof({ weight: 3, arbitrary: ofImage }, ofCode), {
    minLength: 2,
    maxLength: 8,
    selector: ({ is, tag, digest, day }) => `${is} ${tag} ${digest} ${day}`,
  });
  type Draft = typeof reports extends fc.Arbitrary<(infer T)[]> ? T : never;

  const written = ({ is, day, tag, digest, ids }: Draft) =>
    is === 'image'
      ? shop(
          day,
          digest,
          ids.map((id) => flaw(id)),
          `registry.example.com/shop:${tag}`,
        )
      : sarifReport({
          repository: 'https://git.example.com/acme/shop',
          branch: tag,
          at: on(day),
          results: ids.map((rule) => ({ rule })),
        });

  async function openAfter(drafts: readonly Draft[]): Promise<readonly string[]> {
    const fresh = await openTestInbox(on(61));
    try {
      for (const draft of drafts) imported(await fresh.importReport(written(draft)));
      return await openFindings(fresh);
    } finally {
      await fresh.close();
    }
  }

  test('give the same open findings in whatever order they arrive', { timeout: 180_000 }, async () => {
    const orders = reports.chain((drafts) =>
      fc.shuffledSubarray(drafts, { minLength: drafts.length }).map((shuffled) => ({ drafts, shuffled })),
    );
    await fc.assert(
      fc.asyncProperty(orders, async ({ drafts, shuffled }) => {
        const inTime = drafts.toSorted((a, b) => a.day - b.day);
        expect(await openAfter(shuffled)).toEqual(await openAfter(inTime));
      }),
      { numRuns: 6 },
    );
  });
});
