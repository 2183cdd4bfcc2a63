import { expect, test } from 'vitest';
import { imported, openTestInbox } from '../../../test/support/test-inbox.ts';
import { flaws, imageReport } from '../../../test/support/trivy-report.ts';
import { settleFindings } from './settle-findings.ts';

test('after an import of many findings everybody is known to see all of them, after one of few nothing is done', async () => {
  const inbox = await openTestInbox();
  const { pool } = inbox.database;
  imported(await inbox.importReport(imageReport({ image: 'shop:1', vulnerabilities: flaws(40) })));
  const seen = async () =>
    (
      await pool.query<{ pages: number; visible: number }>(
        "select relpages as pages, relallvisible as visible from pg_class where relname = 'finding'",
      )
    ).rows[0];
  const connection = await pool.connect();
  try {
    await settleFindings(connection, 40);
    expect((await seen())?.visible).toBe(0);
    // Nobody is known to see what is not forced to the disk yet.
    await connection.query('checkpoint');
    await settleFindings(connection, 20_000);
    const { pages, visible } = (await seen()) ?? { pages: 0, visible: 0 };
    expect(pages).toBeGreaterThan(0);
    expect(visible).toBe(pages);
  } finally {
    connection.release();
    await inbox.close();
  }
});
