import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { forgetOld } from '../src/app/forget-old.ts';
import { LOCK } from '../src/store/database.ts';
import { flaw, importOnDay, on, shop } from './support/days.ts';
import { openSubjects } from './support/open-findings.ts';
import { sarifReport } from './support/other-reports.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { muteIssue } from './support/triage.ts';
import { flaws } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const count = async (table: string, where = 'true'): Promise<number> => {
  const result = await inbox.database.pool.query<{ count: bigint }>(
    `select count(*) from ${table} where ${where}`,
  );
  return Number(result.rows[0]?.count);
};
const forget = (at: number): Promise<number> => {
  inbox.clock.set(at);
  return forgetOld(inbox.ctx);
};
const code = (day: number, ...rules: readonly string[]) =>
  sarifReport({
    repository: 'https://git.example.com/acme/shop',
    branch: 'main',
    at: on(day),
    results: rules.map((rule) => ({ rule })),
  });
const NEWER = 'registry.example.com/shop:1.1';

describe('sightings of an image that does not count', () => {
  beforeEach(async () => {
    await importOnDay(inbox, 0, shop(0, 'old', [flaw('CVE-2026-1'), flaw('CVE-2026-2')]));
    await importOnDay(inbox, 1, shop(1, 'new', [flaw('CVE-2026-2')], NEWER));
  });

  test('are deleted 30 days after it ceased to, and not before', async () => {
    expect(await forget(on(31) - 1)).toBe(0);
    expect(await count('sighting')).toBe(3);
    expect(await forget(on(31))).toBe(2);
    expect(await count('sighting')).toBe(1);
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-2']);
    // The finding itself is history still, and what was said of it.
    expect(await count('finding')).toBe(2);
    expect(await forget(on(31))).toBe(0);
  });

  test('come back with the image', async () => {
    await forget(on(40));
    await importOnDay(inbox, 41, shop(41, 'old', [flaw('CVE-2026-1')]));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1']);
    // The other one was not scanned since, and has ceased to count in its turn.
    expect(await forget(on(71) - 1)).toBe(0);
    expect(await forget(on(71))).toBe(1);
  });

  test('stay while an import runs that may show them', async () => {
    const importer = await inbox.database.pool.connect();
    await importer.query('select pg_advisory_lock($1, 1)', [LOCK.importer]);
    const during = await forget(on(50));
    await importer.query('select pg_advisory_unlock($1, 1)', [LOCK.importer]);
    importer.release();
    expect(during).toBe(0);
    expect(await forget(on(50))).toBe(2);
  });
});

describe('what closed', () => {
  const muted = async () => {
    const [issue] = await inbox.list();
    await muteIssue(inbox.ctx, { id: issue?.id ?? '', reason: 'known', until: null });
  };

  test('is kept for 400 days with what was decided, and its decision holds when it comes back', async () => {
    await importOnDay(inbox, 0, code(0, 'a'), { source: 'ci' });
    await muted();
    await importOnDay(inbox, 1, code(1), { source: 'ci' });
    await forget(on(401) - 1);
    expect([await count('finding'), await count('decision')]).toEqual([1, 1]);
    await importOnDay(inbox, 401, code(401, 'a'), { source: 'ci' });
    expect(await inbox.list()).toEqual([]);
    expect(await count('issue', 'is_muted')).toBe(1);
  });

  test('is deleted then, with its sightings, its decisions and its issue', async () => {
    await importOnDay(inbox, 0, code(0, 'a', 'b'), { source: 'ci' });
    await muted();
    await importOnDay(inbox, 1, code(1, 'b'), { source: 'ci' });
    expect(await count('finding')).toBe(2);
    expect(await forget(on(401))).toBeGreaterThan(0);
    expect([await count('finding'), await count('sighting'), await count('issue')]).toEqual([1, 1, 1]);
    expect(await count('decision', 'fingerprint not in (select fingerprint from finding)')).toBe(0);
  });

  test('leaves open findings alone, however old', async () => {
    await importOnDay(inbox, 0, code(0, 'a'), { source: 'ci' });
    await muted();
    await forget(on(2_000));
    expect([await count('finding'), await count('sighting'), await count('decision')]).toEqual([1, 1, 1]);
  });
});

test('signals, scans and history go after 400 days, the latest scan of each scope stays', async () => {
  await importOnDay(inbox, 0, code(0, 'a'), { source: 'ci' });
  await importOnDay(inbox, 1, code(1, 'a', 'b'), { source: 'ci' });
  await inbox.database.pool.query(
    `insert into signal (shard, resource_key, id, source_id, tool, rule, title, first_at, last_at, count, is_attack, details)
     select 1024, 'r', day::text, 's', 't', 'r', 'x', at, at, 1, true, '{}' from unnest($1::timestamptz[]) with ordinality as signal (at, day)`,
    [[new Date(on(0)), new Date(on(1))]],
  );
  expect(await count('event')).toBe(2);
  await forget(on(400) - 1);
  expect([await count('signal'), await count('scan'), await count('event')]).toEqual([2, 2, 2]);
  await forget(on(400) + 1);
  // One event tells what was deleted.
  expect([await count('signal'), await count('scan'), await count('event')]).toEqual([1, 1, 2]);
  await forget(on(900));
  expect([await count('signal'), await count('scan')]).toEqual([0, 1]);
});

test('what was said of data goes with its resource, and where none has it 400 days after its source was heard last', async () => {
  const said = (source: string, key: string) =>
    inbox.database.pool.query(
      `insert into data_clue (shard, resource_key, source_id, id, body) values (1024, $2, $1, 'c', '{}')`,
      [source, key],
    );
  const left = async () =>
    (await inbox.database.pool.query('select resource_key from data_clue order by 1')).rows.map(
      (row) => row.resource_key,
    );
  await importOnDay(inbox, 0, code(0, 'a'), { source: 'silent' });
  await importOnDay(inbox, 0, code(0, 'a'), { source: 'loud' });
  await importOnDay(inbox, 1, code(1, 'a'), { source: 'loud' });
  await inbox.database.pool.query(
    `insert into resource (shard, key, kind, type, name, tags, gone_at, production, publicly_accessible, privileged_access)
     select 1024, key, 'cloud', 's3-bucket', key, '{}', gone_at, '{}', '{}', '{}' from (values ('gone', $1::timestamptz), ('there', null)) as row (key, gone_at)`,
    [new Date(on(0))],
  );
  for (const key of ['name:waits', 'there']) await said('silent', key);
  for (const key of ['name:told', 'gone']) await said('loud', key);
  await forget(on(400) - 1);
  expect(await left()).toEqual(['gone', 'name:told', 'name:waits', 'there']);
  await forget(on(400) + 1);
  expect(await left()).toEqual(['name:told', 'there']);
});

test('several processes delete everything exactly once, in batches', async () => {
  await importOnDay(inbox, 0, shop(0, 'old', flaws(4_500)));
  await importOnDay(inbox, 1, shop(1, 'new', [], NEWER));
  inbox.clock.set(on(31));
  const batches: number[] = [];
  while ((await count('sighting')) > 0)
    batches.push(...(await Promise.all(Array.from({ length: 3 }, () => inbox.ctx.retention.forget()))));
  expect(batches.filter((each) => each > 0).sort()).toEqual([2_000, 2_000, 500].sort());
  const told = await inbox.database.pool.query<{ sum: bigint }>(
    "select sum((details ->> 'sightings')::bigint)::bigint from event where verb = 'forget'",
  );
  expect(told.rows[0]?.sum).toBe(4_500n);
});
