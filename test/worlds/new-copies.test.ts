import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainIssue } from '../../src/app/explain-issue.ts';
import { presentIssue } from '../../src/contract/from-domain/present-issue.ts';
import { presentIssueDetail } from '../../src/contract/from-domain/present-issue-detail.ts';
import { DETECTED_RISKS, type RiskState } from '../../src/domain/risk/detected-risk.ts';
import { tableRows } from '../support/by-hand-world.ts';
import { openTestInbox, type TestInbox } from '../support/test-inbox.ts';
import { imageReport } from '../support/trivy-report.ts';
import { CLUSTER, clusterReport, imageOf } from './moments/estate.ts';
import { at, COPIES, cveOf, FIRST, NUMBERS, REFUSED, REJECTED_ONCE_MORE } from './new-copies/feeds.ts';

const LETTER: Readonly<Record<RiskState, string>> = { yes: 'y', no: 'n', unknown: '?' };

let inbox: TestInbox;

beforeAll(async () => {
  inbox = await openTestInbox();
  for (const copy of FIRST) await copy(inbox);
  await inbox.importReport(clusterReport(), { scope: { cluster: CLUSTER } }, 'kubectl.json');
  await inbox.importReport(
    imageReport({
      image: imageOf('web'),
      digest: 'web',
      at: at(0),
      vulnerabilities: NUMBERS.map((number) => ({ id: cveOf(number), pkg: `lib${number}` })),
    }),
    {},
    'trivy.json',
  );
});

afterAll(() => inbox.close());

async function states(): Promise<ReadonlyMap<string, string>> {
  const rows = (await inbox.list()).map(presentIssue);
  return new Map(
    NUMBERS.map((number) => {
      const row = rows.find(({ title }) => title.includes(cveOf(number)));
      if (row === undefined) return [number, 'not listed'];
      const risks = DETECTED_RISKS.map((risk) => LETTER[row.riskStates[risk]]).join('');
      const rules = row.admittedBy.map((id) => id.replace('default.', '')).join(', ') || '-';
      return [number, `${row.score} ${risks} ${rules}`];
    }),
  );
}

async function exploitOf(number: string) {
  const row = (await inbox.list()).map(presentIssue).find(({ title }) => title.includes(cveOf(number)));
  const { why } = presentIssueDetail(await explainIssue(inbox.ctx, { id: row?.id ?? '' }));
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
    found.push([
      key,
      NUMBERS.flatMap((number) =>
        before.get(number) === after.get(number)
          ? []
          : `${number}: ${before.get(number)} -> ${after.get(number)}`,
      ),
    ]);
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
