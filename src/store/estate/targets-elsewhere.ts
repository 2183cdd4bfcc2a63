import { TARGET_TYPES, type ToldTarget, targetsElsewhere } from '#domain/exposure/aws-targets-elsewhere.ts';
import type { Connection } from '../database.ts';
import { ESTATE_COLUMNS, type EstateRow, estateResource } from './estate-row.ts';

/** What load balancers have as targets by addresses of other accounts or on premises, by the account that they are in. */
export type TargetsByAccount = ReadonlyMap<string, readonly ToldTarget[]>;

/** Of all accounts of AWS; few register addresses, and only of those the rest is read. */
export async function readTargetsElsewhere(connection: Connection, shard: bigint): Promise<TargetsByAccount> {
  const result = await connection.query<EstateRow & { readonly estate: string }>(
    `select estate, ${ESTATE_COLUMNS} from resource
     where shard = $1 and type = any($2::text[]) and facts is not null and gone_at is null and estate in
       (select estate from resource where shard = $1 and type = 'target-health' and facts is not null and gone_at is null
          and estate like 'aws:%' and facts ->> 'Id' ~ '^[0-9a-f.:]+$')
     order by key`,
    [shard, TARGET_TYPES],
  );
  return new Map(
    [...Map.groupBy(result.rows, ({ estate }) => estate)].map(([estate, rows]) => [
      estate,
      targetsElsewhere(rows.map(estateResource)),
    ]),
  );
}
