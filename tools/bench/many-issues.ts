import type { Pool } from '../../src/store/database.ts';

/**
 * Makes an inbox of `count` issues by copying those that are there under other ids and advisories, with ranks
 * that go up and down as theirs do: for reading pages. Their findings are not copied.
 */
export async function copyIssues(pool: Pool, count: number): Promise<void> {
  const copies = `from issue, generate_series(1, $1::integer / (select count(*) from issue)::integer) as copy where length(issue.id) = 16`;
  const id = `issue.id || lpad(copy::text, 4, '0')`;
  const key = `issue.key || copy`;
  await pool.query(
    `insert into issue_text (shard, id, text) select issue.shard, ${id}, lower(title || E'\\n' || ${key}) ${copies}`,
    [count],
  );
  await pool.query(
    `insert into issue select (jsonb_populate_record(issue, jsonb_build_object('id', ${id}, 'key', ${key}, 'rank', rank + copy % 100))).* ${copies}`,
    [count],
  );
  await pool.query('delete from issue where length(id) = 16');
  await pool.query('delete from issue_text where length(id) = 16');
  await pool.query('delete from issue_tally');
  await pool.query(
    `insert into issue_tally select shard, status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, case when is_admitted then '{}' else held_back_by end as held_back_by, count(*), sum(open_findings)
     from issue group by 1, 2, 3, 4, 5, 6, 7, 8, 9`,
  );
  await pool.query('update inbox_version set version = version + 1, forgotten = version + 1');
  await pool.query('vacuum analyze');
}
