import { contentHash, contentText, mergeSightings, type SightingContent } from '#domain/finding/sighting.ts';
import { severityRank } from '#domain/severity/severity.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from './applied-scan.ts';
import { type CopyValue, copyInto, copyLine } from './copy-rows.ts';
import { STAGE_COLUMNS } from './stage.ts';

const CHUNK = 2_000;

type StageRow = Record<(typeof STAGE_COLUMNS)[number], unknown> & {
  fingerprint: string;
  content: SightingContent;
};

/**
 * Several entries of one scan about one finding are one sighting: their staged rows are replaced by the
 * merged one, or by none where that is what is stored already.
 */
export async function mergeRepeated(connection: Connection, shard: bigint, scan: AppliedScan): Promise<void> {
  const { known, importId } = scan;
  const repeated: number[] = [];
  for (let index = 0; index < known.size; index++) if (known.isAgain(index)) repeated.push(index);
  for (let from = 0; from < repeated.length; from += CHUNK) {
    const indexes = repeated.slice(from, from + CHUNK);
    const fingerprints = indexes.map((index) => known.fingerprintAt(index));
    const staged = await connection.query<StageRow>(
      `select ${STAGE_COLUMNS.join(', ')} from stage_sighting where shard = $1 and import_id = $2 and fingerprint = any($3::uuid[]) order by seq`,
      [shard, importId, fingerprints],
    );
    const stored = await storedContents(connection, shard, scan, indexes);
    const rows = Map.groupBy(staged.rows, (row) => row.fingerprint);
    const merged: string[] = [];
    for (const index of indexes) {
      const fingerprint = known.fingerprintAt(index);
      const entries = rows.get(fingerprint) ?? [];
      const first = entries[0];
      if (first === undefined) continue;
      const contents = [...entries.map((row) => row.content), ...(stored.get(fingerprint) ?? [])];
      const content = mergeSightings(contents);
      const text = contentText(content);
      const hash = contentHash(text);
      if (index < known.knownCount && known.hashAt(index) === hash) continue;
      merged.push(
        copyLine(
          STAGE_COLUMNS.map((column) => columnValue(column, first, content, text, hash, contents.length)),
        ),
      );
    }
    await connection.query(
      'delete from stage_sighting where shard = $1 and import_id = $2 and fingerprint = any($3::uuid[])',
      [shard, importId, fingerprints],
    );
    if (merged.length > 0) await copyInto(connection, 'stage_sighting', STAGE_COLUMNS, merged);
  }
}

function columnValue(
  column: (typeof STAGE_COLUMNS)[number],
  row: StageRow,
  content: SightingContent,
  text: string,
  hash: bigint,
  occurrences: number,
): CopyValue {
  if (column === 'content') return text;
  if (column === 'content_hash') return hash;
  if (column === 'occurrences') return occurrences;
  if (column === 'severity') return content.severity === null ? null : severityRank(content.severity);
  if (column === 'is_fixable') return content.fixable;
  return row[column] as CopyValue;
}

/** What is stored of those whose first entry was just as stored, and therefore not staged. */
async function storedContents(
  connection: Connection,
  shard: bigint,
  { known, scopeId }: AppliedScan,
  indexes: readonly number[],
): Promise<ReadonlyMap<string, readonly SightingContent[]>> {
  const fingerprints = indexes
    .filter((index) => index < known.knownCount && known.isMatched(index))
    .map((index) => known.fingerprintAt(index));
  if (fingerprints.length === 0) return new Map();
  const result = await connection.query<{ fingerprint: string; content: SightingContent }>(
    'select fingerprint, content from sighting where shard = $1 and scope_id = $2 and fingerprint = any($3::uuid[])',
    [shard, scopeId, fingerprints],
  );
  return new Map(result.rows.map((row) => [row.fingerprint, [row.content]]));
}
