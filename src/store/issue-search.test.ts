import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { inTransaction } from './database.ts';
import { mergeSearchedTexts, postponeSearchedTexts, saveSearchedTexts } from './issue-search.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** So many pages the server lets wait by itself: four megabytes. */
const USUAL_PAGES = 512;
const ISSUES = Array.from({ length: 6_000 }, (_, index) => ({
  id: `issue-${index}`,
  title: `CVE-2026-${1_000 + index}: the ${index}th overflow of a buffer in the library that reads pictures of vehicles`,
  key: `library_vulnerability|CVE-2026-${1_000 + index}`,
}));

test('texts of a large change wait beside their index, are found there, and are put into it once', async () => {
  const { pool } = database;
  await inTransaction(pool, async (connection) => {
    await postponeSearchedTexts(connection);
    await saveSearchedTexts(connection, 1n, ISSUES);
  });
  const search = async () =>
    (await pool.query("select id from issue_text where shard = 1 and text like '%4711th overflow%'")).rows;
  expect(await search()).toEqual([{ id: 'issue-4711' }]);
  expect(await mergeSearchedTexts(pool)).toBeGreaterThan(USUAL_PAGES);
  expect(await search()).toEqual([{ id: 'issue-4711' }]);
  expect(await mergeSearchedTexts(pool)).toBe(0);
});
