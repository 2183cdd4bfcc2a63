import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { isImported } from '../src/app/import/import-result.ts';
import { prowlerReport, sarifReport } from './support/other-reports.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { imageReport } from './support/trivy-report.ts';

/** Longer than what an index of PostgreSQL takes, compressed too. */
const INCOMPRESSIBLE = Array.from({ length: 150 }, (_, index) =>
  createHash('sha256').update(String(index)).digest('hex'),
).join('');

const HOSTILE = [
  '\u0000',
  '\ud800',
  '\udc00\ud800',
  '\t',
  '\r\n',
  '\\',
  '\\N',
  '\\.',
  '"',
  '{',
  "'; drop table finding; --",
  '__proto__',
  'constructor',
  '\u202e',
  '\u0085',
  '😀',
  '|',
  '#',
  '%',
  '$1',
  'é',
  '\uffff',
  'x'.repeat(9_000),
  INCOMPRESSIBLE,
  '%00',
  '%ED%A0%80',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 5 })), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));

function countTexts(report: unknown): number {
  let texts = 0;
  JSON.stringify(report, (_key, value) => (typeof value === 'string' ? String(texts++) : value));
  return texts;
}

/** Puts a hostile text in the place of one of the texts of a report. */
function poison(report: unknown, place: number, hostile: string): string {
  const chosen = place % countTexts(report);
  let seen = 0;
  return JSON.stringify(report, (_key, value) =>
    typeof value === 'string' && seen++ === chosen ? hostile : value,
  );
}

const REPORTS: Record<string, { readonly report: unknown; readonly options: Partial<ImportOptions> }> = {
  image: {
    report: imageReport({
      image: 'registry.example.com/shop:1',
      digest: 'a',
      vulnerabilities: [{ id: 'CVE-2026-1' }, { id: 'CVE-2026-2', purlType: 'npm' }],
    }),
    options: {},
  },
  code: {
    report: sarifReport({
      repository: 'https://git.example.com/acme/shop',
      branch: 'main',
      results: [{ rule: 'B1' }, { rule: 'B2', suppressed: 'accepted' }],
    }),
    options: {},
  },
  posture: {
    report: prowlerReport([{ bucket: 'a' }, { bucket: 'b' }]),
    options: { environment: 'production' },
  },
};

describe('hostile texts', () => {
  let inbox: TestInbox;
  beforeAll(async () => {
    inbox = await openTestInbox();
  });
  afterAll(() => inbox.close());

  const names = Object.keys(REPORTS);
  let number = 0;

  /** Imports a poisoned report twice: what was taken in is the same the next time. */
  async function importTwice(name: string, place: number, hostile: string): Promise<void> {
    const { report, options } = REPORTS[name] as (typeof REPORTS)[string];
    const source = `source ${number++}`;
    const poisoned = poison(report, place, hostile);
    const first = await inbox.importReport(poisoned, { ...options, source });
    if (!isImported(first)) return;
    const again = await inbox.importReport(`${poisoned} `, { ...options, source });
    expect(again).toMatchObject({
      created: 0,
      changed: 0,
      regressed: 0,
      closed: 0,
      unchanged: first.created + first.changed + first.unchanged,
    });
  }

  test.each(names)('in every place of a report about %s are taken in or refused', async (name) => {
    const places = countTexts(REPORTS[name]?.report);
    for (let place = 0; place < places; place++)
      for (const hostile of ['\0\ud800%00', INCOMPRESSIBLE]) await importTwice(name, place, hostile);
  });

  test.each(names)('of all kinds in a report about %s are taken in or refused', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(200), text, (place, hostile) => importTwice(name, place, hostile)),
      { numRuns: 5 },
    );
  });
});
