import type { Instant } from '#base/instant.ts';
import { addLook, type SourceLooks } from '#domain/scan/source-rhythm.ts';
import type { Connection } from './database.ts';
import type { Organisation } from './organisation.ts';

/** The columns of a source that tell when it looked. */
export interface LooksRow {
  readonly last_report_at: Instant | null;
  readonly looks: readonly string[];
}

export function looksOf({ last_report_at: lastAt, looks }: LooksRow): SourceLooks | null {
  return lastAt === null ? null : { lastAt, starts: looks.map(Number) };
}

/** Remembers that a source reported, as of the report's time. */
export async function noteLook(
  connection: Connection,
  { id }: Organisation,
  sourceId: string,
  at: Instant,
): Promise<void> {
  const before = await connection.query<LooksRow>({
    name: 'source-looks',
    text: 'select last_report_at, looks::text[] as looks from source where organisation = $1 and id = $2',
    values: [id, sourceId],
  });
  const [row] = before.rows;
  if (row === undefined) return;
  const { lastAt, starts } = addLook(looksOf(row), at);
  await connection.query({
    name: 'save-source-looks',
    text: 'update source set last_report_at = $3, looks = $4::bigint[] where organisation = $1 and id = $2',
    values: [id, sourceId, new Date(lastAt), starts],
  });
}
