import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identityOf } from '#domain/finding/identify-finding.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { migrate } from '../migrate.ts';
import { organisationOf } from '../organisation.ts';
import { followAliases } from './follow-aliases.ts';

const FOLDER = new URL('../migrations/', import.meta.url);
const ARN = 'aws:arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:';
const WEB = `${ARN}:autoScalingGroupName/web`;

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase('template0');
});
afterEach(() => database.drop());

/** The schema as it was before scaling groups were known by their names. */
async function oldSchema() {
  const { pool } = database;
  await pool.query(
    'create table migration (number integer primary key, name text not null, applied_at timestamptz not null)',
  );
  const files = (await readdir(FOLDER)).filter((file) => file < '0013').sort();
  for (const file of files) {
    await pool.query(await readFile(new URL(file, FOLDER), 'utf8'));
    await pool.query('insert into migration values ($1, $2, now())', [Number(file.slice(0, 4)), file]);
  }
}

test('what was found on a group under the id in its ARN is about the group of that name after the upgrade', async () => {
  await oldSchema();
  const { pool } = database;
  const found = (id: string) => {
    const resource = { key: `${ARN}${id}:autoScalingGroupName/web`, kind: 'cloud', name: 'web' } as const;
    const check = { control: null, toolCheck: 'prowler:autoscaling_group_multiple_az', advisory: null };
    const rest = { place: '', secretHash: null, cwe: null, ordinal: 1 };
    return identityOf({ type: 'misconfiguration', ...check, resource, ...rest });
  };
  for (const [day, id] of ['a', 'b'].entries()) {
    const { fingerprint, issueId, issueKey, resource, toolCheck } = found(id);
    await pool.query(
      `insert into finding (shard, fingerprint, issue_id, issue_key, type, tool_check, resource_key, resource_kind, resource_name, place, is_open, first_seen, closed_at, closed_why, summary, likeness)
       values (1024, $1, $2, $3, 'misconfiguration', $4, $5, 'cloud', 'web', '', false, $6, $6, 'fixed', '{}', 0)`,
      [fingerprint, issueId, issueKey, toolCheck, resource.key, new Date(Date.UTC(2026, 0, 1 + day))],
    );
    await pool.query(
      `insert into decision (shard, fingerprint, kind, value, actor, at) values (1024, $1, 'mute', '{"isMuted": true, "reason": "known", "until": null}', 'ann', now())`,
      [fingerprint],
    );
    await pool.query(
      `insert into resource (shard, key, kind, type, name, tags, facts, seen_at, production, publicly_accessible, privileged_access) values (1024, $1, 'cloud', 'auto-scaling-group', 'web', '{}', $2, $3, '{}', '{}', '{}')`,
      [resource.key, { AutoScalingGroupName: id }, new Date(Date.UTC(2026, 0, 1 + day))],
    );
  }
  await migrate(pool);
  const organisation = organisationOf(1n);
  expect(await followAliases(pool, organisation, 0)).toBe(2);
  expect(await followAliases(pool, organisation, 0)).toBe(0);
  const findings = await pool.query('select fingerprint, resource_key, first_seen from finding');
  const { fingerprint } = identityOf({ ...found('a'), resource: { ...found('a').resource, key: WEB } });
  expect(findings.rows).toEqual([{ fingerprint, resource_key: WEB, first_seen: Date.UTC(2026, 0, 1) }]);
  const decisions = await pool.query("select fingerprint, value ->> 'isMuted' as muted from decision");
  expect(decisions.rows).toEqual([{ fingerprint, muted: 'true' }]);
  const resources = await pool.query(
    "select key, facts ->> 'AutoScalingGroupName' as described from resource",
  );
  expect(resources.rows).toEqual([{ key: WEB, described: 'b' }]);
});
