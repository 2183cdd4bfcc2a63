import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { instantText } from '../src/base/instant.ts';
import { on } from './support/days.ts';
import { openFindings } from './support/open-findings.ts';
import { prowlerReport } from './support/other-reports.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';

const NOW = on(60);

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox(NOW);
});
afterEach(() => inbox.close());

type Word = 'open' | 'ended';

/** What a report says, by name of what it is about. Its records have times of their own, which say nothing of the scan. */
interface Report {
  readonly day: number;
  readonly words: Readonly<Record<string, Word>>;
  readonly source: string;
}

/** A way to write down such a report: a list of what is checked, or a part of an export. */
interface Writing {
  readonly names: readonly string[];
  readonly write: (report: Report) => unknown;
  readonly options: Partial<ImportOptions>;
}

/** Of `trivy config`: each file that it looked at, with its checks. Of a named source it is all of these files. */
const config = (isNamed: boolean): Writing => ({
  names: ['Dockerfile 1', 'Dockerfile 2', 'web/Dockerfile 1'],
  write: ({ day, words }) => ({
    SchemaVersion: 2,
    CreatedAt: instantText(on(day)),
    ArtifactName: '.',
    ArtifactType: 'filesystem',
    Results: [...Map.groupBy(Object.entries(words), ([name]) => name.split(' ')[0])].map(
      ([Target, checks]) => ({
        Target,
        Class: 'config',
        Type: 'dockerfile',
        Misconfigurations: checks.map(([name, word]) => ({
          ID: `DS00${name.split(' ')[1]}`,
          Title: 'Root',
          Severity: 'HIGH',
          Status: word === 'open' ? 'FAIL' : 'PASS',
          Message: 'Root',
        })),
      }),
    ),
  }),
  options: isNamed ? { scope: { artifact: 'shop' } } : {},
});

/** Asset data of Qualys: detections with their own times, backwards, and what is fixed. */
const qualys: Writing = {
  names: ['QID-1', 'QID-2', 'QID-3'],
  write: ({ day, words }) =>
    `<?xml version="1.0"?><ASSET_DATA_REPORT><HEADER><GENERATION_DATETIME>${instantText(on(day))}</GENERATION_DATETIME></HEADER><HOST_LIST><HOST><IP>10.0.0.5</IP><DNS>shop01.example</DNS><VULN_INFO_LIST>${Object.entries(
      words,
    )
      .map(
        ([name, word]) =>
          `<VULN_INFO><QID>${name.slice('QID-'.length)}</QID><TYPE>Vuln</TYPE><LAST_FOUND>${instantText(on(50 - day))}</LAST_FOUND><VULN_STATUS>${word === 'open' ? 'Active' : 'Fixed'}</VULN_STATUS></VULN_INFO>`,
      )
      .join('')}</VULN_INFO_LIST></HOST></HOST_LIST></ASSET_DATA_REPORT>`,
  options: {},
};

async function take({ write, options }: Writing, report: Report, into = inbox) {
  return imported(
    await into.importReport(write(report), { ...options, ...(report.source && { source: report.source }) }),
  );
}

const COMPLETE = config(true);
const PART = config(false);
const WRITINGS = [
  ['a part of what there is', PART, ''],
  ['a feed', qualys, ''],
  ['all of some files', COMPLETE, 'shop'],
] as const;

describe.each(WRITINGS)('%s', (_, writing, source) => {
  const [first = '', second = ''] = writing.names;
  const report = (day: number, words: Report['words']): Report => ({ day, words, source });

  test('that is older and says that something has ended closes nothing that a newer one shows', async () => {
    await take(writing, report(5, { [first]: 'open', [second]: 'open' }));
    expect(await take(writing, report(3, { [first]: 'ended', [second]: 'ended' }))).toMatchObject({
      closed: 0,
    });
    expect(await openFindings(inbox)).toHaveLength(2);
  });

  test('that is older and shows something opens nothing that a newer one says to have ended', async () => {
    await take(writing, report(5, { [first]: 'ended', [second]: 'open' }));
    expect(await take(writing, report(3, { [first]: 'open', [second]: 'open' }))).toMatchObject({
      created: 0,
      regressed: 0,
    });
    expect(await openFindings(inbox)).toHaveLength(1);
    // Nor what had ended again before it ended once more.
    await take(writing, report(6, { [second]: 'ended' }));
    await take(writing, report(8, { [second]: 'ended' }));
    expect(await take(writing, report(7, { [second]: 'open' }))).toMatchObject({ created: 0, regressed: 0 });
    expect(await openFindings(inbox)).toEqual([]);
  });

  test('says so of its own source alone', async () => {
    await take(writing, { ...report(3, { [first]: 'open' }), source: 'left' });
    expect(await take(writing, { ...report(5, { [first]: 'ended' }), source: 'right' })).toMatchObject({
      closed: 0,
    });
    expect(await openFindings(inbox)).toHaveLength(1);
    expect(await take(writing, { ...report(6, { [first]: 'ended' }), source: 'left' })).toMatchObject({
      closed: 1,
    });
  });
});

test('a report that states no time is of when it is read, whatever its records say', async () => {
  const told = (status: 'PASS' | 'FAIL', at: number) =>
    (prowlerReport([{ status }]) as readonly object[]).map((each) => ({ ...each, time: at / 1_000 }));
  imported(await inbox.importReport(told('FAIL', on(20))));
  inbox.clock.set(NOW + 1);
  expect(imported(await inbox.importReport(told('PASS', on(10))))).toMatchObject({ closed: 1 });
});

async function openAfter(writing: Writing, reports: readonly Report[]): Promise<readonly string[]> {
  const other = await openTestInbox(NOW);
  try {
    for (const each of reports) await take(writing, each, other);
    return await openFindings(other);
  } finally {
    await other.close();
  }
}

/** Several reports of two sources in order of their times, and the order in which they arrive. */
function histories(writing: Writing, sources: readonly string[]) {
  const words = fc.dictionary(
    fc.constantFrom(...writing.names),
    fc.constantFrom<Word>('open', 'ended', 'ended'),
    { minKeys: 1, noNullPrototype: true },
  );
  return fc
    .array(fc.record({ words, source: fc.constantFrom(...sources) }), { minLength: 2, maxLength: 5 })
    .map((reports) => reports.map((each, day): Report => ({ ...each, day })))
    .chain((reports) =>
      fc.tuple(fc.constant(reports), fc.shuffledSubarray(reports, { minLength: reports.length })),
    );
}

const RUNS = { numRuns: Number(process.env['LATE_RUNS'] ?? 4) };

test('reports of all of some files give the same open findings in whatever order they arrive', async () => {
  await fc.assert(
    fc.asyncProperty(histories(COMPLETE, ['left', 'right']), async ([reports, order]) => {
      expect(await openAfter(COMPLETE, order)).toEqual(await openAfter(COMPLETE, reports));
    }),
    RUNS,
  );
});

/**
 * A part says nothing of what it does not show, so whether one that was read before it still showed what it says to have
 * ended is not known: that stays open.
 */
function mayStay(order: readonly Report[], name: string): boolean {
  return order.some(
    (ending, at) =>
      ending.words[name] === 'ended' &&
      order.slice(0, at).some((each) => each.source === ending.source && each.day > ending.day),
  );
}

test.each([
  ['parts', PART],
  ['feeds', qualys],
])(
  'of %s, what ends in the last word of all stays closed in whatever order they arrive',
  async (_, writing) => {
    const nameOf = (line: string) =>
      writing.names.find((name) =>
        name.startsWith('QID') ? line.startsWith(name) : isAt(line, name.split(' ')),
      );
    await fc.assert(
      fc.asyncProperty(histories(writing, ['', 'named']), async ([reports, order]) => {
        const inTime = await openAfter(writing, reports);
        const after = await openAfter(writing, order);
        expect(after).toEqual(expect.arrayContaining([...inTime]));
        for (const line of after.filter((each) => !inTime.includes(each)))
          expect({ line, mayStay: mayStay(order, nameOf(line) ?? '') }).toEqual({ line, mayStay: true });
      }),
      RUNS,
    );
  },
);

function isAt(line: string, [path = '', check = '']: readonly string[]): boolean {
  return line.includes(check) && line.split(/[ |]/).includes(path);
}
