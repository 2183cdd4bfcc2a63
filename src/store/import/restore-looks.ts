import { type Instant, instantTextOrNull } from '#base/instant.ts';
import { addLook, type SourceLooks } from '#domain/scan/source-rhythm.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { type LooksRow, looksOf } from '../source-looks.ts';

interface KeptLooks extends LooksRow {
  readonly id: string;
  readonly report_at: Instant;
}

/**
 * When a source looked, as if a scan that is taken back had not been: what was known before it, and each scan since.
 * What later scans keep of the time before them follows, so that those can be taken back after it.
 */
export async function restoreLooks(
  connection: Connection,
  { id }: Organisation,
  scanId: string,
  sourceId: string,
): Promise<void> {
  const kept = await connection.query<KeptLooks>(
    `select scan.id, scan.report_at, source.last_report_at, coalesce(source.looks::text[], '{}') as looks
     from scan left join lateral jsonb_populate_record(null::source, nullif(scan.before -> 'source', 'null')) as source on true
     where scan.organisation = $1 and scan.source_id = $2 and scan.id >= $3 order by scan.id`,
    [id, sourceId, scanId],
  );
  const [undone, ...later] = kept.rows;
  if (undone?.id !== scanId) return;
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

function columnsOf(looks: SourceLooks | null) {
  return { last_report_at: instantTextOrNull(looks?.lastAt ?? null), looks: looks?.starts ?? [] };
}
