import type { Instant } from '#base/instant.ts';
import type { FeedId } from '#domain/ports/intelligence-feed.ts';
import { SEVERITIES, severityRank } from '#domain/severity/severity.ts';
import type { Connection } from './database.ts';
import { NOBODY } from './decisions.ts';
import { recordEvents } from './events.ts';

/** How severe these issues are that are not resolved. */
export async function severitiesOf(
  connection: Connection,
  shard: bigint,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await connection.query<{ id: string; severity: number }>(
    `select id, severity from issue where shard = $1 and id = any($2::text[]) and status <> 'resolved'`,
    [shard, [...ids]],
  );
  return new Map(rows.map(({ id, severity }) => [id, severity]));
}

/** Puts down which of these issues a feed made more or less severe than they were (reference behaviour §14, 13). */
export async function tellFeedTurns(
  connection: Connection,
  shard: bigint,
  at: Instant,
  feed: FeedId,
  before: ReadonlyMap<string, number>,
): Promise<void> {
  const after = await severitiesOf(connection, shard, before.keys());
  const moved = [...after].filter(([id, severity]) => before.get(id) !== severity);
  recordEvents(
    connection,
    shard,
    moved.map(([id, severity]) => ({
      at,
      actor: NOBODY,
      verb: 'severity-by-feed',
      subject: `issue:${id}`,
      details: {
        kind: 'severity-by-feed',
        feed,
        changes: [{ field: 'severity', before: wordOf(before.get(id)), after: wordOf(severity) }],
      },
    })),
  );
}

function wordOf(rank: number | undefined): string | null {
  return SEVERITIES.find((severity) => severityRank(severity) === rank) ?? null;
}
