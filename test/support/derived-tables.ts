import { expect } from 'vitest';
import type { Pool } from '../../src/store/database.ts';

/** What is kept beside the issues, to count and to search them, is what somebody would write who looked at all of them. */
export async function expectDerivedTables(pool: Pool): Promise<void> {
  const kinds = 'shard, status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown';
  const read = async (sql: string) => (await pool.query(sql)).rows;
  expect(
    await read(
      `select ${kinds}, held_back_by, issues, open_findings from issue_tally order by ${kinds}, held_back_by`,
    ),
  ).toEqual(
    await read(
      `select shard, status collate "C" as status, is_muted, is_admitted, type collate "C" as type, severity, risks_yes, risks_unknown, held_back_by, count(*) as issues, sum(open_findings) as open_findings
       from (select shard, status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, case when is_admitted then '{}' else held_back_by end as held_back_by, open_findings from issue) as issue
       group by ${kinds}, held_back_by order by shard, status collate "C", is_muted, is_admitted, type collate "C", severity, risks_yes, risks_unknown, held_back_by`,
    ),
  );
  const issues = await pool.query<{ id: string; title: string; key: string }>(
    'select id, title, key from issue order by id',
  );
  expect(await read('select id, text from issue_text order by id')).toEqual(
    issues.rows.map(({ id, title, key }) => ({ id, text: `${title}\n${key}`.toLowerCase() })),
  );
}
