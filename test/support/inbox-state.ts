import type { TestInbox } from './test-inbox.ts';

/** All that a person could see, and how it is stored, without the moments of the imports. */
export async function inboxState({ database: { pool } }: TestInbox) {
  const findings = await pool.query<{ advisory: string | null; resource_key: string }>(
    'select fingerprint, issue_id, issue_key, advisory, resource_key, place, is_open, first_seen, closed_why, summary from finding order by fingerprint',
  );
  const issues = await pool.query(
    'select id, key, title, advisory, severity, risks_yes, risks_unknown, impact, rank, is_admitted, is_muted, status, open_findings, first_seen from issue order by id',
  );
  const sightings = await pool.query(
    'select scope_id, fingerprint, first_seen, gone_at from sighting order by scope_id, fingerprint',
  );
  const rekeyed = await pool.query('select own, fingerprint, identity from rekeyed order by own');
  return { findings: findings.rows, issues: issues.rows, sightings: sightings.rows, rekeyed: rekeyed.rows };
}
