import { ORGANISATION_TYPES } from '#domain/privilege/aws/aws-organisation.ts';
import type { EstateResource } from '#domain/risk/estate.ts';
import type { Connection } from '../database.ts';
import { ESTATE_COLUMNS, type EstateRow, estateResource } from './estate-row.ts';

/** What accounts of AWS tell of the organisation, by the account that told it: it holds for all of them. */
export type OrganisationByAccount = ReadonlyMap<string, readonly EstateResource[]>;

export async function readOrganisation(
  connection: Connection,
  shard: bigint,
): Promise<OrganisationByAccount> {
  const result = await connection.query<EstateRow & { readonly estate: string }>(
    `select estate, ${ESTATE_COLUMNS}
     from resource where shard = $1 and estate like 'aws:%' and type = any($2::text[]) and facts is not null and gone_at is null order by key`,
    [shard, ORGANISATION_TYPES],
  );
  return new Map(
    [...Map.groupBy(result.rows, ({ estate }) => estate)].map(([estate, rows]) => [
      estate,
      rows.map(estateResource),
    ]),
  );
}

/** The accounts of AWS that were described: what is decided above them may change all of them. */
export async function awsEstates(connection: Connection, shard: bigint): Promise<readonly string[]> {
  const result = await connection.query<{ estate: string }>(
    `select distinct estate from resource where shard = $1 and estate like 'aws:%' and facts is not null and gone_at is null order by estate`,
    [shard],
  );
  return result.rows.map(({ estate }) => estate);
}
