import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '#base/instant.ts';
import { addToList } from '#base/list-map.ts';
import {
  AWS_PRIVILEGE_TYPES,
  type KnownPrivileges,
  privilegesOf,
} from '#domain/risk/aws-privileged-access.ts';
import type { EstateResource, InventoryRisks } from '#domain/risk/estate.ts';
import { evaluateAwsPrivileges } from '#domain/risk/evaluate-aws-estate.ts';
import type { Connection } from '../database.ts';
import { withCompleteLists } from './complete-lists.ts';
import { ESTATE_COLUMNS, type EstateRow, estateResource } from './estate-row.ts';

interface Row extends EstateRow {
  readonly estate: string;
  readonly privileged_access: InventoryRisks['privilegedAccess'];
  readonly privilege: InventoryRisks['privilege'];
}

/** The identities of all accounts of AWS, and what acts as them. */
export interface AwsAccounts {
  readonly privileges: KnownPrivileges;
  readonly rows: ReadonlyMap<string, readonly Row[]>;
}

export async function readPrivileges(
  connection: Connection,
  shard: bigint,
  now: Instant,
): Promise<AwsAccounts> {
  const result = await connection.query<Row>(
    `select estate, ${ESTATE_COLUMNS}, privileged_access, privilege
     from resource where shard = $1 and estate like 'aws:%' and type = any($2::text[]) and facts is not null and gone_at is null order by key`,
    [shard, AWS_PRIVILEGE_TYPES],
  );
  const rows = new Map<string, Row[]>();
  for (const row of result.rows) addToList(rows, row.estate, row);
  const resources = await withCompleteLists(connection, shard, null, result.rows.map(resourceOf));
  return { privileges: privilegesOf(resources, now), rows };
}

/** Saves the privileges of the accounts that are not evaluated whole; answers the keys of what changed. */
export async function savePrivileges(
  connection: Connection,
  shard: bigint,
  { privileges, rows }: AwsAccounts,
  evaluated: ReadonlySet<string>,
): Promise<readonly string[]> {
  const changed = [...rows].flatMap(([estate, own]) => {
    if (evaluated.has(estate)) return [];
    const answers = evaluateAwsPrivileges(own.map(resourceOf), privileges);
    return own.flatMap((row) => {
      const answer = answers.get(row.key);
      if (answer === undefined) return [];
      const { verdict, privilege } = answer;
      return isDeepStrictEqual([verdict, privilege], [row.privileged_access, row.privilege])
        ? []
        : [{ key: row.key, privileged_access: verdict, privilege }];
    });
  });
  if (changed.length > 0)
    await connection.query(
      `update resource set privileged_access = row.privileged_access, privilege = row.privilege
       from jsonb_to_recordset($2) as row (key text, privileged_access jsonb, privilege jsonb)
       where resource.shard = $1 and resource.key = row.key`,
      [shard, JSON.stringify(changed)],
    );
  return changed.map(({ key }) => key);
}

function resourceOf(row: Row): EstateResource {
  // An account is evaluated under the name that it is filed under.
  return { ...estateResource(row), account: row.account ?? row.estate.slice('aws:'.length) };
}
