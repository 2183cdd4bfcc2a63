import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOUR_MS } from '#base/instant.ts';
import type { SourceView } from '#domain/ports/source-store.ts';
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
  const held = scopes.flatMap((scope) => scope.held ?? []);
  expect(held).toEqual([
    {
      count: 50,
      since: START - 3 * HOUR_MS,
      why: expect.any(String),
      scanId: lastScan?.id,
      files: ['report-1.json', 'report-2.json'],
    },
  ]);
});
