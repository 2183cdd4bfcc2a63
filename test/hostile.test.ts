import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { isImported } from '../src/app/import/import-result.ts';
import { prowlerReport, sarifReport } from './support/other-reports.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { imageReport } from './support/trivy-report.ts';

const HOSTILE = ['\u0000', '\ud800', '\udc00\ud800', '\t', '\r\n', '\\', '\\N', '\\.', '"', '{', "'; drop table finding; --", '__proto__', 'constructor', '\u202e', '\u0085', '😀', '|', '#', '%', '$1', 'é', '\uffff', 'x'.repeat(9_000)];
const text = fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 5 })), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));

/** Puts a hostile text into one of the texts of a report, chosen by number. */
function poison(report: unknown, choice: number, hostile: string): string {
  let texts = 0;
  JSON.stringify(report, (_key, value) => (typeof value === 'string' ? String(texts++) : value));
  let seen = 0;
  return JSON.stringify(report, (_key, value) => (typeof value === 'string' && seen++ === choice % texts ? hostile : value));
}

const REPORTS: Record<string, { readonly report: unknown; readonly options: Partial<ImportOptions> }> = {
  image: { report: imageReport({ image: 'registry.example.com/shop:1', digest: 'a', vulnerabilities: [{ id: 'CVE-2026-1' }, { id: 'CVE-2026-2', purlType: 'npm' }] }), options: {} },
  code: { report: sarifReport({ repository: 'https://git.example.com/acme/shop', branch: 'main', results: [{ rule: 'B1' }, { rule: 'B2', suppressed: 'accepted' }] }), options: {} },
  posture: { report: prowlerReport([{ bucket: 'a' }, { bucket: 'b' }]), options: { environment: 'production' } },
};

describe('hostile texts', () => {
  let inbox: TestInbox;
  beforeAll(async () => {
    inbox = await openTestInbox();
  });
  afterAll(() => inbox.close());

  test.each(Object.keys(REPORTS))('in a report about %s are taken in or refused, and are the same the next time', async (name) => {
    const { report, options } = REPORTS[name] as (typeof REPORTS)[string];
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(200), text, async (choice, hostile) => {
        const source = `${name}-${number++}`;
        const poisoned = poison(report, choice, hostile);
        const first = await inbox.importReport(poisoned, { ...options, source });
        if (!isImported(first)) return;
        const again = await inbox.importReport(`${poisoned} `, { ...options, source });
        expect(again).toMatchObject({ created: 0, changed: 0, regressed: 0, closed: 0, unchanged: first.created + first.changed + first.unchanged });
      }),
      { numRuns: 60 },
    );
  });
});
