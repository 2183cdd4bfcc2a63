import { type Instant, instantTextOrNull } from '#base/instant.ts';
import { addLook, type SourceLooks } from '#domain/scan/source-rhythm.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { type LooksRow, looksOf } from '../source-looks.ts';

interface KeptSource extends LooksRow {
  readonly id: string;
  readonly report_at: Instant;
}

/**
 * When a source looked, and since when it is retired, as if a scan that is taken back had not been: what was known before
 * it, and each scan since. What later scans keep of the time before them follows, so that those can be taken back after it.
 */
export async function restoreSource(
  connection: Connection,
  { id }: Organisation,
  scanId: string,
  sourceId: string,
): Promise<void> {
  const kept = await connection.query<KeptSource>(
    `select scan.id, scan.report_at, source.last_report_at, coalesce(source.looks::text[], '{}') as looks
     from scan left join lateral jsonb_populate_record(null::source, nullif(scan.before -> 'source', 'null')) as source on true
     where scan.organisation = $1 and scan.source_id = $2 and scan.id >= $3 order by scan.id`,
    [id, sourceId, scanId],
  );
  const [undone, ...later] = kept.rows;
  if (undone?.id !== scanId) return;
  await restoreRetirement(connection, id, scanId, sourceId, later[0]?.id);
  let looks = looksOf(undone);
  const before: {
    readonly id: string;
    readonly last_report_at: string | null;
    readonly looks: readonly number[];
  }[] = [];
  for (const scan of later) {
    before.push({ id: scan.id, ...columnsOf(looks) });
    looks = addLook(looks, scan.report_at);
  }
  await connection.query(
    `update scan set before = jsonb_set(before, '{source}', (before -> 'source') || jsonb_build_object('last_report_at', row.last_report_at, 'looks', row.looks))
     from jsonb_to_recordset($2) as row (id text, last_report_at timestamptz, looks jsonb)
     where scan.organisation = $1 and scan.id = row.id and jsonb_typeof(scan.before -> 'source') = 'object'`,
    [id, JSON.stringify(before)],
  );
  await connection.query(
    'update source set last_report_at = row.last_report_at, looks = row.looks from jsonb_to_record($3) as row (last_report_at timestamptz, looks bigint[]) where organisation = $1 and id = $2',
    [id, sourceId, JSON.stringify(columnsOf(looks))],
  );
}

/** A scan brings a retired source back. Of several that did, it is the first one left that knows since when it was retired. */
async function restoreRetirement(
  connection: Connection,
  organisation: bigint,
  scanId: string,
  sourceId: string,
  next: string | undefined,
): Promise<void> {
  const isKept = `undone.organisation = $1 and undone.id = $2 and jsonb_typeof(undone.before -> 'source') = 'object'`;
  if (next === undefined)
    await connection.query(
      `update source set retired_at = kept.retired_at from scan as undone, jsonb_populate_record(null::source, undone.before -> 'source') as kept
       where ${isKept} and source.organisation = $1 and source.id = $3`,
      [organisation, scanId, sourceId],
    );
  else
    await connection.query(
      `update scan set before = jsonb_set(scan.before, '{source,retired_at}', undone.before -> 'source' -> 'retired_at') from scan as undone
       where ${isKept} and scan.organisation = $1 and scan.id = $3 and scan.before -> 'source' -> 'retired_at' = 'null'`,
      [organisation, scanId, next],
    );
}

function columnsOf(looks: SourceLooks | null) {
  return { last_report_at: instantTextOrNull(looks?.lastAt ?? null), looks: looks?.starts ?? [] };
}
