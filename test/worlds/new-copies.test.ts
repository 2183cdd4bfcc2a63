import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainIssue } from '../../src/app/explain-issue.ts';
import { sweepIssues } from '../../src/app/sweep-issues.ts';
import { presentIssue } from '../../src/contract/from-domain/present-issue.ts';
import { presentIssueDetail } from '../../src/contract/from-domain/present-issue-detail.ts';
import { DETECTED_RISKS, type RiskState } from '../../src/domain/risk/detected-risk.ts';
import { tableRows } from '../support/by-hand-world.ts';
import { openTestInbox, type TestInbox } from '../support/test-inbox.ts';
import { imageReport } from '../support/trivy-report.ts';
import { CLUSTER, clusterReport, imageOf } from './moments/estate.ts';
import {
  at,
  COPIES,
  type Copy,
  cveOf,
  FIRST,
  LATE_EPSS,
  NUMBERS,
  OLD,
  OLD_NUMBERS,
  REFUSED,
  REJECTED_ONCE_MORE,
  readAgain,
} from './new-copies/feeds.ts';

const LETTER: Readonly<Record<RiskState, string>> = { yes: 'y', no: 'n', unknown: '?' };

let inbox: TestInbox;

beforeAll(async () => {
  inbox = await openEstate(FIRST, NUMBERS);
});

afterAll(() => inbox.close());

/** An image with these flaws, which runs in production and is public. */
async function openEstate(copies: readonly Copy[], numbers: readonly string[]): Promise<TestInbox> {
  const inbox = await openTestInbox();
  for (const copy of copies) await copy(inbox);
  await inbox.importReport(clusterReport(), { scope: { cluster: CLUSTER } }, 'kubectl.json');
  await inbox.importReport(
    imageReport({
      image: imageOf('web'),
      digest: 'web',
      at: at(0),
      vulnerabilities: numbers.map((number) => ({ id: cveOf(number), pkg: `lib${number}` })),
    }),
    {},
    'trivy.json',
  );
  return inbox;
}

async function states(of = inbox, numbers = NUMBERS): Promise<ReadonlyMap<string, string>> {
  const rows = (await of.list()).map(presentIssue);
  return new Map(
    numbers.map((number) => {
      const row = rows.find(({ title }) => title.includes(cveOf(number)));
      if (row === undefined) return [number, 'not listed'];
      const risks = DETECTED_RISKS.map((risk) => LETTER[row.riskStates[risk]]).join('');
      const rules = row.admittedBy.map((id) => id.replace('default.', '')).join(', ') || '-';
      return [number, `${row.score} ${risks} ${rules}`];
    }),
  );
}

/** What changed from one look to another, as the tables tell it. */
function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  return [...after].flatMap(([number, state]) =>
    before.get(number) === state ? [] : `${number}: ${before.get(number)} -> ${state}`,
  );
}

async function whyOf(number: string, of = inbox) {
  const row = (await of.list()).map(presentIssue).find(({ title }) => title.includes(cveOf(number)));
  return presentIssueDetail(await explainIssue(of.ctx, { id: row?.id ?? '' })).why;
}

async function exploitOf(number: string) {
  const why = await whyOf(number);
  return why?.risks.find(({ risk }) => risk === 'exploit_available');
}

it('a new copy of a feed takes back what it no longer says, at once and without a scan', async () => {
  const rows = await tableRows(join(import.meta.dirname, 'new-copies', 'copies.md'));
  const found: unknown[] = [];
  const wanted: unknown[] = [];
  for (const [key, changes] of Map.groupBy(rows, ([day, copy]) => `${day} ${copy}`)) {
    const [day = '', name = ''] = changes[0] ?? [];
    inbox.clock.set(at(Number(day)));
    const before = await states();
    const refused = REFUSED[name];
    if (refused === undefined) await COPIES[name]?.(inbox);
    else await expect(refused(inbox), name).rejects.toMatchObject({ code: 'conflict' });
    const after = await states();
    found.push([key, changed(before, after)]);
    wanted.push([
      key,
      changes.flatMap(([, , number, from, to]) => (number === '-' ? [] : `${number}: ${from} -> ${to}`)),
    ]);
  }
  expect(found).toEqual(wanted);
});

it('a template that was renamed is linked by its new name', async () => {
  expect((await exploitOf('1004'))?.evidence).toMatchObject([
    { link: 'https://github.com/projectdiscovery/nuclei-templates/blob/main/http/cves/2026/second.yaml' },
  ]);
});

it('what NVD rejected is told to be rejected, whether an exploit is known or not', async () => {
  const last = async (number: string) => (await exploitOf(number))?.evidence.at(-1)?.sentence;
  const told = async () => [await last('1006'), await last('1007')];
  const rejected = 'NVD rejected this advisory.';
  // NVD took the first of them back.
  expect(await told()).toEqual([expect.stringContaining('NVD tags as an exploit'), rejected]);
  await REJECTED_ONCE_MORE(inbox);
  expect(await told()).toEqual([rejected, rejected]);
});

it('while no newer copy comes nothing is lowered by it, and what was is told to be stale', async () => {
  const offline = await openEstate(OLD, OLD_NUMBERS);
  const rows = await tableRows(join(import.meta.dirname, 'new-copies', 'old-feeds.md'));
  const found: unknown[] = [];
  const wanted: unknown[] = [];
  let last = await states(offline, OLD_NUMBERS);
  const look = async () => {
    await sweepIssues(offline.ctx);
    const now = await states(offline, OLD_NUMBERS);
    const moved = changed(last, now);
    last = now;
    return moved;
  };
  for (const [day = '', milliseconds = '', name, number, from, to] of rows) {
    const moment = at(Number(day)) + Number(milliseconds);
    offline.clock.set(moment - 1);
    const early = await look();
    offline.clock.set(moment);
    if (name === 'epss') await LATE_EPSS(offline);
    found.push([day, early, await look()]);
    wanted.push([day, [], number === '-' ? [] : [`${number}: ${from} -> ${to}`]]);
  }
  expect(found).toEqual(wanted);
  const score = (await whyOf('1202', offline))?.score;
  expect(score?.steps.map(({ reason }) => reason)).toContain(
    'EPSS is 0.2 % as of 2026-11-10: exploitation within 30 days is improbable.',
  );
  expect(score?.sentence).toContain('Stale since 2026-12-10: the feeds that say so are old.');
  await offline.close();
});

it.each([
  [2, 'no', null],
  [3, 'unknown', at(0)],
])(
  'NVD is as new as its last reading without a gap: a file that begins on day %d',
  async (first, state, gapSince) => {
    const opened = await openEstate(OLD, OLD_NUMBERS);
    opened.clock.set(at(20));
    const [nvdAgain, exploitdbAgain] = readAgain(first);
    expect(await nvdAgain?.(opened)).toMatchObject({ gapSince, contentAt: gapSince ?? at(20) });
    await exploitdbAgain?.(opened);
    opened.clock.set(at(31));
    await sweepIssues(opened.ctx);
    const exploit = (await whyOf('1203', opened))?.risks.find(({ risk }) => risk === 'exploit_available');
    expect(exploit?.state).toBe(state);
    await opened.close();
  },
);
