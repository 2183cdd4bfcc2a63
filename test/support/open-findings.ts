import type { TestInbox } from './test-inbox.ts';

/** One line per open finding, sorted: what is wrong, where in what. */
export async function openFindings({ database }: TestInbox): Promise<readonly string[]> {
  const result = await database.pool.query<{ name: string; subject: string; place: string }>(
    `select resource_name as name, coalesce(advisory, control, tool_check) as subject, place from finding where is_open`,
  );
  return result.rows
    .map(({ name, subject, place }) => [subject, name, place].filter((part) => part !== '').join(' '))
    .sort();
}

/** The advisories, controls or checks of the open findings, sorted. */
export async function openSubjects({ database }: TestInbox): Promise<readonly string[]> {
  const result = await database.pool.query<{ subject: string }>(
    'select coalesce(advisory, control, tool_check) as subject from finding where is_open',
  );
  return result.rows.map((row) => row.subject).sort();
}

/** How many sightings wait for a person. */
export async function heldSightings({ database }: TestInbox): Promise<number> {
  const result = await database.pool.query<{ count: bigint }>(
    'select count(*) from sighting where held_since is not null and gone_at is null',
  );
  return Number(result.rows[0]?.count);
}
