import type { Instant } from '#base/instant.ts';
import { countImages, type ImageVerdict, type ScannedImage } from '#domain/scan/counting-images.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';

/** The columns of a scope of an image that say whether it counts. */
export interface ImageScopeRow {
  readonly id: bigint;
  readonly image_line: string;
  readonly image_digest: string | null;
  readonly image_id: string | null;
  readonly image_reference: string | null;
  readonly first_report_at: Instant;
  readonly last_report_at: Instant;
}

/** An image that the inventory runs. */
interface RunRow {
  readonly digest: string;
  readonly image_id: string;
}

/** Whether the image of a scope counts; why its findings close where it does not. */
export interface JudgedScope {
  readonly isCounting: boolean;
  readonly why: string;
}

/** A scope whose image began or ceased to count, and why its findings close if nothing else shows them. */
export interface FlippedScope {
  readonly scopeId: bigint;
  readonly why: string;
}

/** Decides anew which scanned images of one source and repository count, and answers those of which it changed. */
export async function refreshImageScopes(
  connection: Connection,
  { id, shard }: Organisation,
  now: Instant,
  sourceId: string,
  imageKey: string,
): Promise<readonly FlippedScope[]> {
  const scopes = await connection.query<ImageScopeRow & { readonly is_counting: boolean }>(
    `select id, image_line, image_digest, image_id, image_reference, first_report_at, last_report_at, is_counting
     from scope where organisation = $1 and source_id = $2 and image_key = $3 and retired_at is null`,
    [id, sourceId, imageKey],
  );
  if (scopes.rows.length === 0) return [];
  const judged = judgeImages(scopes.rows, await runningImages(connection, shard, imageKey));
  const flipped = scopes.rows.filter((row) => judged.get(row.id)?.isCounting !== row.is_counting);
  if (flipped.length === 0) return [];
  await connection.query(
    `update scope set is_counting = not is_counting, not_counting_since = case when is_counting then $3::timestamptz end
     where organisation = $1 and id = any($2::bigint[])`,
    [id, flipped.map((row) => row.id), new Date(now)],
  );
  return flipped.map((row) => ({ scopeId: row.id, why: judged.get(row.id)?.why ?? '' }));
}

/** The images of a repository that the inventory runs; none where it says nothing about it. */
export async function runningImages(
  connection: Connection,
  shard: bigint,
  imageKey: string,
): Promise<readonly RunRow[]> {
  const runs = await connection.query<RunRow>(
    `select distinct digest, image_id from relation where shard = $1 and kind = 'runs-image' and to_key = $2 and (digest <> '' or image_id <> '')`,
    [shard, imageKey],
  );
  return runs.rows;
}

/** Which of the scanned images of one source and repository count. */
export function judgeImages(
  scopes: readonly ImageScopeRow[],
  runs: readonly RunRow[],
): ReadonlyMap<bigint, JudgedScope> {
  const verdicts = countImages(
    scopes.map(
      (row): ScannedImage => ({
        scopeId: String(row.id),
        line: row.image_line,
        firstReportAt: row.first_report_at,
        lastReportAt: row.last_report_at,
        runs: runs.length === 0 ? null : runs.some((run) => isSameImage(run, row)),
      }),
    ),
  );
  return new Map(
    scopes.map((row) => {
      const verdict = verdicts.get(String(row.id));
      return [row.id, { isCounting: verdict?.is === 'counting', why: whyClosed(row, verdict, scopes) }];
    }),
  );
}

const CHUNK = 2_000;

/** The fingerprints of the open sightings of a scope, some at a time. */
export async function* eachOpenSighting(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
): AsyncIterable<readonly string[]> {
  let last = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const chunk = await connection.query<{ fingerprint: string }>({
      name: 'open-sightings-of-scope',
      text: `select fingerprint from sighting where shard = $1 and scope_id = $2 and fingerprint > $3 and gone_at is null order by fingerprint limit ${CHUNK}`,
      values: [shard, scopeId, last],
    });
    if (chunk.rows.length > 0) yield chunk.rows.map((row) => row.fingerprint);
    if (chunk.rows.length < CHUNK) return;
    last = (chunk.rows.at(-1) as { readonly fingerprint: string }).fingerprint;
  }
}

function whyClosed(
  scope: ImageScopeRow,
  verdict: ImageVerdict | undefined,
  scopes: readonly ImageScopeRow[],
): string {
  switch (verdict?.is) {
    case 'replaced': {
      const newer = scopes.find((each) => String(each.id) === verdict.by)?.image_reference ?? null;
      return newer === null || newer === scope.image_reference
        ? 'replaced by a newer image'
        : `replaced by ${newer}`;
    }
    case 'not running':
      return 'no workload runs this image any more';
    default:
      return 'no longer scanned';
  }
}

function isSameImage(run: RunRow, scope: ImageScopeRow): boolean {
  return (
    (run.digest !== '' && run.digest === scope.image_digest) ||
    (run.image_id !== '' && run.image_id === scope.image_id)
  );
}
