import { expect } from 'vitest';
import type { Connection, Pool } from '../../src/store/database.ts';
import { KnownSightings } from '../../src/store/import/known-sightings.ts';
import { readOpenSightings } from '../../src/store/import/read-known.ts';
import { SightingDigest } from '../../src/store/import/sighting-digest.ts';

/** What is kept beside issues and sightings, to count, to search and to compare them, is what somebody would write who looked at all of them. */
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
  const connection = await pool.connect();
  try {
    await expectDigests(connection);
  } finally {
    connection.release();
  }
}

async function expectDigests(connection: Connection): Promise<void> {
  const scopes = await connection.query<{ shard: bigint; scope_id: bigint }>(
    'select distinct shard, scope_id from sighting_digest order by scope_id',
  );
  for (const { shard, scope_id } of scopes.rows) {
    const stored = new KnownSightings();
    await readOpenSightings(connection, shard, scope_id, (each) => stored.addKnown(each));
    const digest = await SightingDigest.read(connection, shard, scope_id);
    expect(written(digest.sightings())).toEqual(written(stored));
    const counted = await connection.query<{ open: number; held: number }>(
      'select open, held from sighting_digest where shard = $1 and scope_id = $2 order by part desc limit 1',
      [shard, scope_id],
    );
    const held = Array.from({ length: stored.knownCount }, (_, index) => stored.isHeld(index));
    expect(counted.rows).toEqual([{ open: stored.knownCount, held: held.filter(Boolean).length }]);
  }
}

function written(known: KnownSightings | null): unknown {
  return Array.from({ length: known?.knownCount ?? 0 }, (_, index) => [
    known?.fingerprintAt(index),
    known?.hashAt(index),
    known?.coverAt(index),
    known?.traitsAt(index),
    known?.isMerged(index),
    known?.isHeld(index),
  ]).toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
