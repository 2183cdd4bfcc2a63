import type { AttackPath } from '#domain/attackpath/attack-path.ts';
import type { Queryable } from '../database.ts';

/** The risks of attack paths with their evidence, by the fingerprint of each. */
export async function loadPathRisks(
  db: Queryable,
  shard: bigint,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, AttackPath['risks']>> {
  if (fingerprints.length === 0) return new Map();
  const result = await db.query<{ fingerprint: string; risks: AttackPath['risks'] }>({
    name: 'risks-of-paths',
    text: "select fingerprint, body -> 'risks' as risks from attack_path where shard = $1 and fingerprint = any($2::uuid[])",
    values: [shard, fingerprints],
  });
  return new Map(result.rows.map((row) => [row.fingerprint, row.risks]));
}

/** What is told of the attack path that an issue is; null when it is not open. */
export async function loadPath(db: Queryable, shard: bigint, issueId: string): Promise<AttackPath | null> {
  const result = await db.query<{ body: AttackPath }>({
    name: 'path-of-issue',
    text: `select attack_path.body from finding join attack_path on attack_path.shard = finding.shard and attack_path.fingerprint = finding.fingerprint
      where finding.shard = $1 and finding.issue_id = $2 and finding.is_open limit 1`,
    values: [shard, issueId],
  });
  return result.rows[0]?.body ?? null;
}
