import { distinctValues } from '#base/distinct-values.ts';
import { storableJson } from '#base/json-value.ts';
import type { ObservedCheck } from '#domain/control/name-check.ts';
import { likenessOf, summariseFinding } from '#domain/finding/finding-state.ts';
import { contentHash, contentText, mergeSightings, type SightingContent } from '#domain/finding/sighting.ts';
import { severityRank } from '#domain/severity/severity.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from './applied-scan.ts';
import { type CopyValue, copyInto, copyLine } from './copy-rows.ts';
import type { KnownSightings } from './known-sightings.ts';
import { STAGE_COLUMNS } from './stage.ts';

const CHUNK = 2_000;

type StageRow = Record<(typeof STAGE_COLUMNS)[number], unknown> & {
  fingerprint: string;
  content: SightingContent;
  checks: readonly ObservedCheck[] | null;
};

/**
 * Several entries of one scan about one finding are one sighting: their staged rows are replaced by the
 * merged one, or by none where that is what is stored already.
 */
export async function mergeRepeated(connection: Connection, shard: bigint, scan: AppliedScan): Promise<void> {
  const { known, importId } = scan;
  for (const indexes of repeatedChunks(known)) {
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
      const all = [...entries, ...(stored.get(fingerprint) ?? [])];
      const contents = all.map((row) => row.content);
      const content = mergeSightings(contents);
      const text = contentText(content);
      const hash = contentHash(text);
      known.markStaged(index, index >= known.knownCount || known.hashAt(index) !== hash);
      if (!known.isStaged(index)) continue;
      const summary = summariseFinding([scan.openSighting(content)]);
      const values: Partial<Record<(typeof STAGE_COLUMNS)[number], CopyValue>> = {
        file: known.fileAt(index),
        content: text,
        checks: first.checks === null ? null : checksText(all.map((row) => row.checks)),
        content_hash: hash,
        occurrences: contents.length,
        severity: content.severity === null ? null : severityRank(content.severity),
        is_fixable: content.fixable,
        summary: storableJson(JSON.stringify(summary)),
        likeness: likenessOf(summary),
      };
      merged.push(
        copyLine(
          STAGE_COLUMNS.map((column) =>
            column in values ? (values[column] as CopyValue) : (first[column] as CopyValue),
          ),
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

function* repeatedChunks(known: KnownSightings): Iterable<readonly number[]> {
  let chunk: number[] = [];
  for (let index = 0; index < known.size; index++) {
    if (!known.isAgain(index)) continue;
    chunk.push(index);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

type Stored = Pick<StageRow, 'content' | 'checks'>;

/** All checks of a sighting, as they are stored. */
export function checksText(checks: readonly (readonly ObservedCheck[] | null)[]): string {
  return storableJson(JSON.stringify(distinctValues(checks.flatMap((each) => each ?? []))));
}

/** What is stored of those whose first entry was just as stored, and therefore not staged. */
async function storedContents(
  connection: Connection,
  shard: bigint,
  { known, scopeId }: AppliedScan,
  indexes: readonly number[],
): Promise<ReadonlyMap<string, readonly Stored[]>> {
  const fingerprints = indexes
    .filter((index) => index < known.knownCount && known.isMatched(index))
    .map((index) => known.fingerprintAt(index));
  if (fingerprints.length === 0) return new Map();
  const result = await connection.query<Stored & { fingerprint: string }>(
    'select fingerprint, content, checks from sighting where shard = $1 and scope_id = $2 and fingerprint = any($3::uuid[])',
    [shard, scopeId, fingerprints],
  );
  return new Map(result.rows.map((row) => [row.fingerprint, [row]]));
}
