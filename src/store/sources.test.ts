import { afterEach, beforeEach, expect, test } from 'vitest';
import { setSourceRhythm } from '#app/set-source-rhythm.ts';
import { DAY_MS, HOUR_MS } from '#base/instant.ts';
import type { SourceView } from '#domain/ports/source-store.ts';
import { ACCOUNT, prowlerReport, sarifReport } from '../../test/support/other-reports.ts';
import { imported, openTestInbox, START, type TestInbox } from '../../test/support/test-inbox.ts';
import { flaws, imageReport, type Vulnerability } from '../../test/support/trivy-report.ts';

let inbox: TestInbox;

beforeEach(async () => {
  inbox = await openTestInbox();
});

afterEach(() => inbox.close());

const report = (image: string, at: number, vulnerabilities: readonly Vulnerability[]) =>
  imageReport({ image: `registry.test/${image}:1`, digest: image, at, vulnerabilities });

async function onlySource(): Promise<SourceView> {
  const [source, ...others] = await inbox.ctx.sources.list();
  if (source === undefined || others.length > 0) throw new Error('there is one source');
  return source;
}

test('the last scan tells what all of its files held', async () => {
  const broken = { VulnerabilityID: 7 };
  const first = report('shop', START - HOUR_MS, flaws(3)) as {
    Results: { Vulnerabilities: unknown[] }[];
  };
  first.Results[0]?.Vulnerabilities.push(broken);
  const results = await inbox.importReports([first, report('shop', START - HOUR_MS, flaws(2, {}, 2))]);
  const read = results.map(imported);
  expect(read.map(({ records, findings, rejects }) => [records, findings, rejects.length])).toEqual([
    [4, 3, 1],
    [2, 2, 0],
  ]);
  expect((await onlySource()).lastScan).toMatchObject({
    files: ['report-1.json', 'report-2.json'],
    records: 6,
    findings: 5,
    rejects: 1,
    // A record that could not be read may be one that would be missed.
    isComplete: false,
  });
});

test('a scan of one file tells what is its own, where the file has several', async () => {
  const run = (name: string, results: number) => ({
    tool: { driver: { name, rules: [] } },
    results: Array.from({ length: results }, (_, index) => ({
      ruleId: `rule-${index}`,
      level: 'error',
      message: { text: 'Bad.' },
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'a.js' }, region: { startLine: index + 1 } } },
      ],
    })),
  });
  const sarif = { version: '2.1.0', runs: [run('one', 3), run('two', 1)] };
  expect(imported(await inbox.importReport(sarif)).findings).toBe(4);
  const sources = await inbox.ctx.sources.list();
  expect(sources.map(({ name, lastScan }) => [name, lastScan?.records, lastScan?.findings])).toEqual([
    ['one', 3, 3],
    ['two', 1, 1],
  ]);
});

test('held closings name the complete scan of their own scope, with all of its files', async () => {
  const many = flaws(60);
  imported(await inbox.importReport(report('shop', START - 5 * HOUR_MS, many), {}, 'first.json'));
  inbox.clock.set(START + 1_000);
  const [holding] = await inbox.importReports([
    report('shop', START - 3 * HOUR_MS, flaws(5)),
    report('shop', START - 3 * HOUR_MS, flaws(5, {}, 5)),
  ]);
  expect(imported(holding).complete).toBe(true);
  const { lastScan } = await onlySource();
  // A scan of another scope, and of the same a partial and an older one: none of them holds anything.
  const broken = JSON.stringify(report('shop', START - 2 * HOUR_MS, flaws(5))).slice(0, -3);
  expect(imported(await inbox.importReport(broken, {}, 'broken.json')).complete).toBe(false);
  imported(await inbox.importReport(report('other', START, flaws(1)), {}, 'other.json'));
  inbox.clock.set(START + HOUR_MS);
  imported(await inbox.importReport(report('shop', START - 4 * HOUR_MS, many), {}, 'older.json'));
  const { scopes } = await onlySource();
  const held = scopes.flatMap((scope) => scope.held);
  expect(held).toEqual([
    {
      count: 50,
      open: 60,
      since: START - 3 * HOUR_MS,
      why: expect.any(String),
      scanId: lastScan?.id,
      files: ['report-1.json', 'report-2.json'],
      flags: [],
    },
  ]);
});

test('a source that reported every night is overdue after two days of silence, the same report again included', async () => {
  const night = (day: number) => {
    inbox.clock.set(START + day * DAY_MS);
    return inbox.importReport(report('shop', inbox.clock.now(), flaws(1)), { source: 'ci' });
  };
  for (const day of [0, 1, 2, 3]) await night(day);
  expect(await onlySource()).toMatchObject({
    rhythm: { days: 2, from: 'learned' },
    lastReportAt: START + 3 * DAY_MS,
    isOverdue: false,
  });
  inbox.clock.set(START + 5 * DAY_MS + 1);
  expect((await onlySource()).isOverdue).toBe(true);
  const sighting = async () => {
    const [issue] = await inbox.list();
    const view = await inbox.ctx.inbox.view(issue?.id ?? '');
    return view?.findings[0]?.sightings[0];
  };
  expect(await sighting()).toMatchObject({ lastConfirmed: START + 3 * DAY_MS, isOverdue: true });
  await setSourceRhythm(inbox.ctx, { id: 'ci', days: 7 });
  expect(await onlySource()).toMatchObject({ rhythm: { days: 7, from: 'set' }, isOverdue: false });
  await setSourceRhythm(inbox.ctx, { id: 'ci', days: null });
  expect((await onlySource()).isOverdue).toBe(true);
  await inbox.ctx.sources.retire('ci', {}, 'tester');
  expect((await onlySource()).isOverdue).toBe(false);
});

test('a report that states no time and has not changed tells that its source lives', async () => {
  const same = sarifReport({
    repository: 'https://git.example.com/acme/shop',

    results: [{ rule: 'a' }],
  });
  for (const day of [0, 1, 2, 3]) {
    inbox.clock.set(START + day * DAY_MS);
    imported(await inbox.importReport(same, { source: 'ci' }));
  }
  expect(await onlySource()).toMatchObject({ lastReportAt: START + 3 * DAY_MS, rhythm: { days: 2 } });
});

test('what an inventory lacks too much of is held there, with the command that accepts it', async () => {
  const list = (count: number) => ({
    SecurityGroups: Array.from({ length: count }, (_, index) => ({ GroupId: `sg-${index}` })),
  });
  const options = { source: 'aws', account: ACCOUNT, region: 'eu-west-1' };
  await inbox.importReport(list(40), options, 'groups.json');
  const uid = (index: number) => `arn:aws:ec2:eu-west-1:${ACCOUNT}:security-group/sg-${index}`;
  await inbox.importReport(
    prowlerReport([{ uid: uid(5) }, { uid: uid(35) }]),
    { source: 'posture' },
    'prowler.json',
  );
  inbox.clock.set(START + DAY_MS);
  await inbox.importReport(list(10), options, 'groups.json');
  const held = async () =>
    (await inbox.ctx.sources.list()).flatMap((source) => source.scopes.flatMap((scope) => scope.held));
  expect(await held()).toMatchObject([
    {
      count: 1,
      open: 2,
      why: 'the inventory lacks 30 resources of 40, all of them security-group in eu-west-1',
      since: START + DAY_MS,
      files: ['groups.json'],
      flags: ['--source', 'aws', '--account', ACCOUNT, '--region', 'eu-west-1'],
    },
  ]);
  await inbox.importReport(list(10), { ...options, confirm: true }, 'groups.json');
  expect(await held()).toEqual([]);
});

test('what a scope shows is what its scans counted, and is counted anew where something else changed it', async () => {
  const counted = async () => {
    const kept = await inbox.database.pool.query<{ open: number; held: number }>(
      'select open, held from sighting_digest order by part desc limit 1',
    );
    const stored = await inbox.database.pool.query<{ open: number; held: number }>(
      'select count(*)::integer as open, count(held_since)::integer as held from sighting where gone_at is null',
    );
    const [scope] = (await onlySource()).scopes;
    const shown = {
      open: scope?.openSightings,
      held: scope?.held.reduce((sum, { count }) => sum + count, 0),
    };
    expect(shown).toEqual(stored.rows[0]);
    return { kept: kept.rows[0] ?? null, shown };
  };
  const agree = async () => {
    const { kept, shown } = await counted();
    expect(kept).toEqual(shown);
    return shown;
  };
  let at = START - 9 * HOUR_MS;
  const scan = async (vulnerabilities: readonly Vulnerability[]) => {
    at += HOUR_MS;
    return imported(await inbox.importReport(report('shop', at, vulnerabilities)));
  };
  await scan(flaws(60));
  expect(await agree()).toEqual({ open: 60, held: 0 });
  // Two come, one goes, one comes back.
  await scan([...flaws(59), ...flaws(2, {}, 70)]);
  expect(await agree()).toEqual({ open: 61, held: 0 });
  await scan([...flaws(60), ...flaws(2, {}, 70)]);
  expect(await agree()).toEqual({ open: 62, held: 0 });
  // Most of them vanish at once, and are held; some of those are seen again.
  await scan(flaws(5));
  expect(await agree()).toEqual({ open: 62, held: 57 });
  await scan(flaws(20));
  expect(await agree()).toEqual({ open: 62, held: 42 });
  const [scope] = (await onlySource()).scopes;
  expect(scope?.held).toMatchObject([{ count: 42, open: 62, why: expect.stringMatching(/./) }]);
  await inbox.database.pool.query('update sighting_digest set open = null, held = null');
  expect(await counted()).toEqual({ kept: { open: null, held: null }, shown: { open: 62, held: 42 } });
  await scan(flaws(62));
  expect(await agree()).toMatchObject({ held: 0 });
});
