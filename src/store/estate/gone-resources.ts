import { counted } from '#base/text.ts';
import type { Connection } from '../database.ts';
import { refreshFindings } from '../findings.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import type { Organisation } from '../organisation.ts';

/** What vanished from a complete inventory of a cluster. */
export interface GoneResources {
  readonly keys: readonly string[];
  /** Images that they ran. */
  readonly images: readonly string[];
  readonly issueIds: ReadonlySet<string>;
  /** Findings that closed with them. */
  readonly closed: number;
  /** Open findings of resources that stay until a person accepts that so many are gone; with the reason. */
  readonly held: number;
  readonly heldWhy: string | null;
}

const NOTHING_GONE: GoneResources = {
  keys: [],
  images: [],
  issueIds: new Set(),
  closed: 0,
  held: 0,
  heldWhy: null,
};

const GUARD_SHARE = 0.3;
const GUARD_MIN = 20;

/**
 * Takes leave of the objects of a cluster that its inventory no longer lists, though it looked at their
 * kind and namespace: their findings close as *resource gone*, and they run nothing any more. Where more
 * than 30 % and more than 20 of them would go at once, they stay until `--confirm` (design: identity, closing).
 */
export async function dropGoneResources(
  connection: Connection,
  organisation: Organisation,
  scan: AppliedScan,
  estate: string | null,
  seen: ReadonlySet<string>,
): Promise<GoneResources> {
  const { shard } = organisation;
  const { end, request } = scan;
  if (estate === null || end.coverage === 'none') return NOTHING_GONE;
  const listed = await connection.query<{ key: string }>(
    `select key from resource, regexp_match(key, '/([^/]*)/([^/]*)/[^/]*$') as parts
     where shard = $1 and estate = $2 and kind = 'kubernetes' and source_id = $3 and facts is not null and gone_at is null
       and (parts[1] = any($4::text[]) or parts[1] || '/' || parts[2] = any($4::text[]))`,
    [shard, estate, request.source.id, [...scan.inventoryCovers]],
  );
  const keys = listed.rows.map((row) => row.key).filter((key) => !seen.has(key));
  if (keys.length === 0) return NOTHING_GONE;
  const findings = await connection.query<{ fingerprint: string }>(
    'select fingerprint from finding where shard = $1 and resource_key = any($2::text[]) and is_open',
    [shard, keys],
  );
  const fingerprints = findings.rows.map((row) => row.fingerprint);
  if (!end.isConfirmed && keys.length > GUARD_MIN && keys.length > GUARD_SHARE * listed.rows.length) {
    const heldWhy = `the inventory lacks ${counted(keys.length, 'resource')} of ${listed.rows.length}`;
    return { ...NOTHING_GONE, held: fingerprints.length, heldWhy };
  }
  const at = new Date(end.reportAt);
  const runs = await connection.query<{ to_key: string }>(
    `delete from relation where shard = $1 and from_key = any($2::text[]) returning to_key`,
    [shard, keys],
  );
  await connection.query('update resource set gone_at = $3 where shard = $1 and key = any($2::text[])', [
    shard,
    keys,
    at,
  ]);
  await connection.query(
    `update sighting set gone_at = $3, gone_why = 'resource gone', held_since = null, held_why = null
     where shard = $1 and fingerprint = any($2::uuid[]) and gone_at is null`,
    [shard, fingerprints, at],
  );
  const refreshed = await refreshFindings(connection, organisation, fingerprints, {
    at: end.reportAt,
    why: new Map(fingerprints.map((fingerprint) => [fingerprint, 'resource gone'])),
  });
  return {
    keys,
    images: [...new Set(runs.rows.map((row) => row.to_key))],
    issueIds: refreshed.issueIds,
    closed: fingerprints.length - refreshed.open.size,
    held: 0,
    heldWhy: null,
  };
}
