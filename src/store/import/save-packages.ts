import type { Instant } from '#base/instant.ts';
import { storableJson } from '#base/json-value.ts';
import type { ObservedPackage } from '#domain/finding/observation.ts';
import { packageKey } from '#domain/package/package-name.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import type { AppliedScan } from './applied-scan.ts';
import { copyInto, copyLine } from './copy-rows.ts';

const ROWS_MAX = 5_000;

/**
 * Keeps the packages that a bill of materials lists in the place of those that the one before listed, and asks for them to be
 * matched with the advisories where one of them moved. Nothing for a scan that lists none, or is older than the latest.
 */
export async function savePackages(
  connection: Connection,
  { shard }: Organisation,
  now: Instant,
  { bom, request, scopeId, end, isOld }: AppliedScan,
): Promise<void> {
  if (bom === null || isOld) return;
  await connection.query(
    `create temporary table stage_package (package text collate "C" not null, version text collate "C" not null, release text collate "C" not null, body jsonb not null) on commit drop`,
  );
  for (let from = 0; from < bom.packages.length; from += ROWS_MAX)
    await copyInto(
      connection,
      'stage_package',
      ['package', 'version', 'release', 'body'],
      bom.packages.slice(from, from + ROWS_MAX).map(rowOf),
    );
  const moved = await connection.query<{ count: bigint }>(
    `with staged as (select distinct on (package, version, release) package, version, release, body from stage_package order by package, version, release, body::text),
        gone as (delete from bom_package as listed where shard = $1 and scope_id = $2
          and not exists (select from staged where (staged.package, staged.version, staged.release) = (listed.package, listed.version, listed.release)) returning 1),
        saved as (insert into bom_package (shard, scope_id, package, version, release, body) select $1, $2, package, version, release, body from staged
          on conflict (shard, scope_id, package, version, release) do update set body = excluded.body where bom_package.body <> excluded.body returning 1)
      select (select count(*) from gone) + (select count(*) from saved) as count`,
    [shard, scopeId],
  );
  const hasMoved = Number(moved.rows[0]?.count ?? 0n) > 0;
  await connection.query(
    `insert into bom (shard, scope_id, source_id, request, resource, report_at, due_at) values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (shard, scope_id) do update set request = excluded.request, resource = excluded.resource, report_at = excluded.report_at,
        due_at = case when $8 or bom.request <> excluded.request or bom.resource <> excluded.resource then $7 else bom.due_at end`,
    [
      shard,
      scopeId,
      request.source.id,
      JSON.stringify({ ...request, flags: [] }),
      JSON.stringify(bom.resource),
      new Date(end.reportAt),
      new Date(now),
      hasMoved,
    ],
  );
}

function rowOf(listed: ObservedPackage): string {
  return copyLine([
    packageKey(listed.matched ?? listed.package),
    listed.version,
    listed.release,
    storableJson(JSON.stringify(listed)),
  ]);
}
