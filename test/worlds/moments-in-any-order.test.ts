import { afterEach, expect, test } from 'vitest';
import { presentIssue } from '../../src/contract/from-domain/present-issue.ts';
import { openTestInbox, type TestInbox } from '../support/test-inbox.ts';
import { DECISIONS, FEEDS, NOW, REPORTS, run } from './moments/scans.ts';
import { EXPECTED_ROWS, toldRow } from './moments/told-row.ts';

let inbox: TestInbox;
afterEach(() => inbox.close());

test('reports backwards and each twice, and feeds after them, give what the table says', async () => {
  inbox = await openTestInbox(NOW);
  const backwards = REPORTS.toReversed().flatMap((step) => [step, step]);
  await run(inbox, [...DECISIONS, ...backwards, ...FEEDS.toReversed(), ...REPORTS, ...FEEDS]);
  const rows = (await inbox.list()).map(presentIssue).map(toldRow);
  expect(rows.sort()).toEqual([...EXPECTED_ROWS].sort());
});
