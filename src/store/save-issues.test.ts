import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeAutomation } from '#app/change-automation.ts';
import { imported, openTestInbox, type TestInbox } from '../../test/support/test-inbox.ts';
import { imageReport } from '../../test/support/trivy-report.ts';

let inbox: TestInbox;

beforeAll(async () => {
  inbox = await openTestInbox();
  imported(
    await inbox.importReport(
      imageReport({
        image: 'registry.example.com/shop:1.0',
        digest: 'shop',
        vulnerabilities: [
          { id: 'CVE-2026-2000', pkg: 'liba', severity: 'HIGH', title: 'Overflow in liba' },
          { id: 'CVE-2026-2000', pkg: 'libb', severity: 'LOW', title: 'Leak in libb' },
        ],
      }),
      { environment: 'production' },
    ),
  );
});
afterAll(() => inbox.close());

const stored = async () => {
  const { rows } = await inbox.database.pool.query(
    'select title, fix, text from issue join issue_text using (shard, id)',
  );
  return rows;
};

test('an issue that a rule lets another finding lead is called, found and mended as that one, and as before once the rule is gone', async () => {
  const before = await stored();
  expect(before).toMatchObject([
    { title: 'CVE-2026-2000: Overflow in liba', fix: expect.stringMatching(/liba$/) },
  ]);
  const rule = 'id: r, name: R, for: [infrastructure_vulnerability], when: "title:overflow", reason: no_fix';
  await changeAutomation(inbox.ctx, { what: 'file', text: `mute: [{ ${rule} }]` });
  expect(await stored()).toMatchObject([
    {
      title: 'CVE-2026-2000: Leak in libb',
      fix: expect.stringMatching(/libb$/),
      text: expect.stringMatching(/^cve-2026-2000: leak in libb\n/),
    },
  ]);
  await changeAutomation(inbox.ctx, { what: 'file', text: 'mute: []' });
  expect(await stored()).toEqual(before);
});
