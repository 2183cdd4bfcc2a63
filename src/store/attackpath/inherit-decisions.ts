import type { Instant } from '#base/instant.ts';
import type { AttackPath } from '#domain/attackpath/attack-path.ts';
import type { PathFinding } from '#domain/attackpath/path-finding.ts';
import { goingPart, type SucceedingPath, succeededPaths } from '#domain/attackpath/succeeded-paths.ts';
import { type DecisionWord, uniteDecisions } from '#domain/inbox/unite-decisions.ts';
import type { Connection } from '../database.ts';
import { recordEvent } from '../events.ts';

/** What is stored of paths, before they go, and of those that change the part that they lose: as if it were a path that goes. */
export async function goingPaths(
  connection: Connection,
  shard: bigint,
  gone: readonly string[],
  changed: readonly PathFinding[],
): Promise<readonly SucceedingPath[]> {
  const left = new Map(changed.map(({ identity, path }) => [identity.fingerprint, path.targets] as const));
  const fingerprints = [...gone, ...left.keys()];
  if (fingerprints.length === 0) return [];
  const result = await connection.query<{ fingerprint: string; body: AttackPath }>(
    'select fingerprint, body from attack_path where shard = $1 and fingerprint = any($2::uuid[]) order by fingerprint',
    [shard, fingerprints],
  );
  return result.rows.flatMap(
    ({ fingerprint, body }) => goingPart(succeeding(fingerprint, body), left.get(fingerprint) ?? []) ?? [],
  );
}

/**
 * Paths that come take over what people decided about those that go, or lose targets, as they come, over the same pivot to mostly the same targets:
 * its shape or its class of targets is another one, by other rules or by what is known of it. Those that go keep it too, for
 * when they are back, and what was decided about one that is back stands. What hid one that was less bad hides none that is worse. The history of the new issue says so.
 */
export async function inheritDecisions(
  connection: Connection,
  shard: bigint,
  now: Instant,
  coming: readonly PathFinding[],
  going: readonly SucceedingPath[],
): Promise<void> {
  if (coming.length === 0 || going.length === 0) return;
  const decided = await connection.query<DecisionWord & { fingerprint: string; issue_id: string }>(
    `select decision.fingerprint, finding.issue_id, decision.kind, value, actor, at from decision
     join finding on finding.shard = decision.shard and finding.fingerprint = decision.fingerprint
     where decision.shard = $1 and decision.fingerprint = any($2::uuid[])`,
    [shard, going.map((each) => each.fingerprint)],
  );
  if (decided.rows.length === 0) return;
  const words = Map.groupBy(decided.rows, (row) => row.fingerprint);
  for (const { identity, path } of coming) {
    const { fingerprints, isWorse } = succeededPaths(succeeding(identity.fingerprint, path), going);
    const sides = fingerprints.map((each) => words.get(each) ?? []);
    const taken = uniteDecisions(sides).filter(({ kind }) => !isWorse || !HIDING.has(kind));
    if (taken.length === 0) continue;
    await connection.query(
      `insert into decision (shard, fingerprint, kind, value, actor, at)
       select $1, $2, kind, value, actor, at from jsonb_to_recordset($3) as word (kind text, value jsonb, actor text, at timestamptz)
       on conflict (shard, fingerprint, kind) do nothing`,
      [
        shard,
        identity.fingerprint,
        JSON.stringify(taken.map(({ kind, value, actor, at }) => ({ kind, value, actor, at: new Date(at) }))),
      ],
    );
    recordEvent(connection, shard, {
      at: now,
      actor: 'attack paths',
      verb: 'inherit',
      subject: `issue:${identity.issueId}`,
      details: { kind: 'inherit', from: [...new Set(sides.flat().map((row) => row.issue_id))].sort() },
    });
  }
}

/** What takes a path out of sight. */
const HIDING: ReadonlySet<string> = new Set(['mute', 'snooze']);

function succeeding(
  fingerprint: string,
  { pivot, targets, severity }: Pick<AttackPath, 'pivot' | 'targets' | 'severity'>,
): SucceedingPath {
  return { fingerprint, pivot: pivot.key, targets, severity };
}
