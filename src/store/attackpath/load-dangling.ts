import { DANGLING_CONTROLS, type DanglingName } from '#domain/attackpath/dangling-steps.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { Connection } from '../database.ts';
import type { CappedRows } from './capped-rows.ts';

interface DanglingRow {
  readonly fingerprint: string;
  readonly issue_id: string;
  readonly resource_key: string;
  readonly resource_kind: DanglingName['resource']['kind'];
  readonly resource_name: string;
  readonly summary: FindingSummary;
}

const ROWS_MAX = 1_000;
/** Beside `is_open`, the words of the index `finding_dangling`. */
export const DANGLING = `control in (${DANGLING_CONTROLS.map((control) => `'${control}'`).join(', ')})`;

/** Open findings about names that lead to something that nobody has any more. */
export async function loadDangling(
  connection: Connection,
  shard: bigint,
  caps: CappedRows,
): Promise<readonly DanglingName[]> {
  const { rows } = await connection.query<DanglingRow>({
    name: 'dangling-names',
    text: `select fingerprint, issue_id, resource_key, resource_kind, resource_name, summary from finding
      where shard = $1 and is_open and ${DANGLING} order by fingerprint limit $2`,
    values: [shard, ROWS_MAX + 1],
  });
  return caps.take(rows, ROWS_MAX, 'names that point to nothing').map((row) => ({
    fingerprint: row.fingerprint,
    issueId: row.issue_id,
    resource: { key: row.resource_key, kind: row.resource_kind, name: row.resource_name },
    evidence: [
      {
        sentence: `${row.summary.title.replace(/\.+$/, '')}.`,
        provenance: row.summary.sources.join(', '),
        at: row.summary.publishedAt,
      },
    ],
  }));
}
