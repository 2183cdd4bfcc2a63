import { Catalogue, type CatalogueEntry } from '#domain/resource/catalogue.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';

/**
 * Keeps the entries of service catalogues that a scan tells; a file is about its own entries only, so nothing goes.
 * True where one of them is new or says something else.
 */
export async function saveCatalogue(
  connection: Connection,
  shard: bigint,
  { catalogue, request }: AppliedScan,
): Promise<boolean> {
  if (catalogue.length === 0) return false;
  const entries = [...new Map(catalogue.map(({ kind: _kind, ...entry }) => [entry.service, entry])).values()];
  const result = await connection.query(
    `insert into catalogue_entry (shard, source_id, service, body)
     select $1, $2, value ->> 'service', value from jsonb_array_elements($3::jsonb)
     on conflict (shard, source_id, service) do update set body = excluded.body where catalogue_entry.body is distinct from excluded.body`,
    [shard, request.source.id, JSON.stringify(entries)],
  );
  return (result.rowCount ?? 0) > 0;
}

export async function loadCatalogue(connection: Connection, shard: bigint): Promise<Catalogue> {
  const result = await connection.query<{ source_id: string; body: Omit<CatalogueEntry, 'sourceId'> }>(
    'select source_id, body from catalogue_entry where shard = $1 order by source_id, service',
    [shard],
  );
  return new Catalogue(result.rows.map(({ source_id, body }) => ({ ...body, sourceId: source_id })));
}

/** Every resource may be what an entry is about. */
export async function allResourceKeys(connection: Connection, shard: bigint): Promise<readonly string[]> {
  const result = await connection.query<{ key: string }>(
    `select key from resource where shard = $1 and gone_at is null and type <> all($2::text[])`,
    [shard, ['inventory-coverage', 'inventory-listing', 'resource-part']],
  );
  return result.rows.map(({ key }) => key);
}
