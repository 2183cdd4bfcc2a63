import type { Instant } from '#base/instant.ts';
import { type DecisionWord, uniteDecisions } from '#domain/inbox/unite-decisions.ts';
import type { Connection } from '../database.ts';
import type { Move, United } from './move.ts';

/**
 * Decisions follow their findings. Of findings that become one they are united, and what was decided of
 * each before is kept, so that they can part again: then what was decided since is said of both.
 */
export async function moveDecisions(
  connection: Connection,
  shard: bigint,
  moves: readonly Move[],
  emptied: ReadonlySet<string>,
): Promise<void> {
  const involved = [...new Set(moves.flatMap((move) => [move.from, move.to.fingerprint]))];
  const words = await wordsOf(connection, shard, involved);
  const existing = await connection.query<{ fingerprint: string }>(
    'select fingerprint from finding where shard = $1 and fingerprint = any($2::uuid[])',
    [shard, involved],
  );
  const exists = new Set(existing.rows.map((row) => row.fingerprint));
  // Decisions about a finding that went with its scan wait for its return.
  const before = (fingerprint: string) =>
    words.get(fingerprint) ?? (exists.has(fingerprint) ? ([] as readonly DecisionWord[]) : null);
  const after = new Map<string, readonly DecisionWord[]>();
  const united = new Map<string, United>();

  for (const { from, to, isMember, parting } of moves) {
    if (parting === null) continue;
    const now = words.get(from) ?? [];
    const { own = null, finding = null } = parting.united ?? {};
    const side = after.get(to.fingerprint) ?? before(to.fingerprint);
    const word = parted(now, own, parting.since);
    const isKept = isSilent({ words: word, isMember }, side);
    if (side === null) after.set(to.fingerprint, word);
    else after.set(to.fingerprint, isKept ? side : uniteDecisions([side, word]));
    if (!emptied.has(from)) after.set(from, parted(now, finding, parting.since));
  }
  for (const [to, group] of Map.groupBy(moves, (move) => move.to.fingerprint)) {
    const joining = group.filter((move) => move.parting === null);
    if (joining.length === 0) continue;
    const sides = [...Map.groupBy(joining, (move) => move.from)].map(([from, moved]) => ({
      words: before(from),
      isMember: moved.every((move) => move.isMember),
    }));
    const own = after.get(to) ?? before(to);
    const told = [own, ...sides.filter((side) => !isSilent(side, own)).map(({ words: said }) => said)].filter(
      (said) => said !== null,
    );
    after.set(to, told.length === 1 ? (told[0] as readonly DecisionWord[]) : uniteDecisions(told));
    for (const move of joining) united.set(move.own, { own: before(move.from), finding: own });
  }
  for (const fingerprint of emptied) after.set(fingerprint, []);
  await saveWords(connection, shard, after);
  await connection.query(
    `update rekeyed set united = row.united from jsonb_to_recordset($2) as row (own uuid, united jsonb) where rekeyed.shard = $1 and rekeyed.own = row.own`,
    [shard, JSON.stringify([...united].map(([own, value]) => ({ own, united: value })))],
  );
}

/** A machine that is new in a group had nothing decided of it: what was said of the group holds for it too. */
function isSilent(
  { words, isMember }: { readonly words: readonly DecisionWord[] | null; readonly isMember: boolean },
  ofGroup: readonly DecisionWord[] | null,
): boolean {
  return isMember && ofGroup !== null && ofGroup.length > 0 && words?.length === 0;
}

/** Of a finding that parts: what was decided since the findings became one, else what had been decided of this one before. */
function parted(
  now: readonly DecisionWord[],
  before: readonly DecisionWord[] | null,
  since: Instant,
): readonly DecisionWord[] {
  if (before === null) return now;
  const fresh = now.filter((word) => word.at > since);
  const kinds = new Set(fresh.map((word) => word.kind));
  return [...fresh, ...before.filter((word) => !kinds.has(word.kind))];
}

async function wordsOf(
  connection: Connection,
  shard: bigint,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, readonly DecisionWord[]>> {
  const result = await connection.query<DecisionWord & { readonly fingerprint: string }>(
    'select fingerprint, kind, value, actor, at from decision where shard = $1 and fingerprint = any($2::uuid[])',
    [shard, fingerprints],
  );
  const words = Map.groupBy(result.rows, (row) => row.fingerprint);
  return new Map(
    [...words].map(([fingerprint, rows]) => [
      fingerprint,
      rows.map(({ kind, value, actor, at }) => ({ kind, value, actor, at })),
    ]),
  );
}

async function saveWords(
  connection: Connection,
  shard: bigint,
  words: ReadonlyMap<string, readonly DecisionWord[]>,
): Promise<void> {
  const rows = [...words].flatMap(([fingerprint, each]) =>
    each.map((word) => ({ fingerprint, ...word, at: new Date(word.at) })),
  );
  await connection.query('delete from decision where shard = $1 and fingerprint = any($2::uuid[])', [
    shard,
    [...words.keys()],
  ]);
  await connection.query(
    `insert into decision (shard, fingerprint, kind, value, actor, at)
     select $1, fingerprint, kind, value, actor, at from jsonb_to_recordset($2) as word (fingerprint uuid, kind text, value jsonb, actor text, at timestamptz)`,
    [shard, JSON.stringify(rows)],
  );
}
