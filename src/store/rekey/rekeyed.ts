import type { FindingType } from '#domain/finding/finding-type.ts';
import { type FindingIdentity, identityOf, markOf, partsOfMark } from '#domain/finding/identify-finding.ts';
import type { ResourceIdentity } from '#domain/resource/resource-key.ts';
import type { Queryable } from '../database.ts';

const CHUNK = 10_000;

/** The findings that these fingerprints of sightings belong to, where it is another than the one of the same fingerprint. */
export async function findingsOfSightings(
  db: Queryable,
  shard: bigint,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (fingerprints.length === 0) return found;
  const some = await db.query({
    name: 'any-rekeyed',
    text: 'select from rekeyed where shard = $1 limit 1',
    values: [shard],
  });
  if (some.rowCount === 0) return found;
  for (let from = 0; from < fingerprints.length; from += CHUNK) {
    const result = await db.query<{ own: string; fingerprint: string }>({
      name: 'findings-of-sightings',
      text: 'select own, fingerprint from rekeyed where shard = $1 and own = any($2::uuid[])',
      values: [shard, fingerprints.slice(from, from + CHUNK)],
    });
    for (const { own, fingerprint } of result.rows) found.set(own, fingerprint);
  }
  return found;
}

/** The fingerprints of sightings that belong to these findings beside those of the same fingerprint, with their finding. */
export async function sightingsOfFindings(
  db: Queryable,
  shard: bigint,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const result = await db.query<{ own: string; fingerprint: string }>({
    name: 'sightings-of-findings',
    text: 'select own, fingerprint from rekeyed where shard = $1 and fingerprint = any($2::uuid[])',
    values: [shard, fingerprints],
  });
  return new Map(result.rows.map((row) => [row.own, row.fingerprint]));
}

/** A sighting's fingerprint and the finding that an alias gives it to. */
export interface Rekeyed {
  readonly own: FindingIdentity;
  readonly finding: FindingIdentity;
}

/** Stores to which findings these identities belong. */
export async function saveRekeyed(
  db: Queryable,
  shard: bigint,
  rekeyed: readonly Rekeyed[],
  at: Date,
): Promise<void> {
  if (rekeyed.length === 0) return;
  const rows = rekeyed.map(({ own, finding }) => ({
    own: own.fingerprint,
    fingerprint: finding.fingerprint,
    advisory: own.advisory,
    resource_key: own.resource.key,
    identity: identityRow(own),
  }));
  await db.query(
    `insert into rekeyed (shard, own, fingerprint, advisory, resource_key, identity, at)
     select $1, own, fingerprint, advisory, resource_key, identity, $3 from jsonb_to_recordset($2) as row (own uuid, fingerprint uuid, advisory text, resource_key text, identity jsonb)
     on conflict (shard, own) do update set fingerprint = excluded.fingerprint, at = excluded.at where rekeyed.fingerprint <> excluded.fingerprint`,
    [shard, JSON.stringify(rows), at],
  );
}

/** An identity in columns. */
export interface IdentityRow {
  readonly type: FindingType;
  readonly advisory: string | null;
  readonly control: string | null;
  readonly tool_check: string | null;
  readonly resource_key: string;
  readonly resource_kind: ResourceIdentity['kind'];
  readonly resource_name: string;
  readonly place: string;
  readonly mark: string | null;
}

export const IDENTITY_COLUMNS =
  'type, advisory, control, tool_check, resource_key, resource_kind, resource_name, place, mark';

export function identityRow(identity: FindingIdentity): IdentityRow {
  return {
    type: identity.type,
    advisory: identity.advisory,
    control: identity.control,
    tool_check: identity.toolCheck,
    resource_key: identity.resource.key,
    resource_kind: identity.resource.kind,
    resource_name: identity.resource.name,
    place: identity.place,
    mark: markOf(identity),
  };
}

export function identityOfRow(row: IdentityRow): FindingIdentity {
  return identityOf({
    type: row.type,
    advisory: row.advisory,
    control: row.control,
    toolCheck: row.tool_check,
    resource: { key: row.resource_key, kind: row.resource_kind, name: row.resource_name },
    place: row.place,
    ...partsOfMark(row.mark),
  });
}
