import { isDeepStrictEqual } from 'node:util';
import { instantText } from '#base/instant.ts';
import {
  OUTSIDE_MACHINE_TYPES,
  type OutsideMachine,
  outsideMachines,
} from '#domain/exposure/aws-outside-machines.ts';
import { NO_ENVIRONMENT, NOT_DESCRIBED } from '#domain/risk/deployment.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { withCompleteLists } from './complete-lists.ts';
import { type DescribedBefore, ESTATE_COLUMNS, type EstateRow, estateResource } from './estate-row.ts';

/** What became of machines that no inventory has. */
export interface MovedMachines {
  /** Those that came or are told otherwise, with what was known of each before; null where it was not there. */
  readonly told: DescribedBefore;
  /** The accounts whose load balancers have them as targets. */
  readonly estates: ReadonlySet<string>;
  /** Keys of those that are no target any more, or at whose address an inventory has something now. */
  readonly left: readonly string[];
}

export const NO_MACHINES_MOVED: MovedMachines = { told: new Map(), estates: new Set(), left: [] };

const TYPE = 'outside-machine';

/**
 * Keeps the machines that load balancers of AWS reach by an address that no inventory has (attack-paths §2.3), of all
 * accounts at once: what one account describes may be at an address that another one names. Such a machine has a row only
 * as long as targets tell of it; those that a retired source told do not count.
 */
export async function saveOutsideMachines(
  connection: Connection,
  { id, shard }: Organisation,
): Promise<MovedMachines> {
  const rows = await connection.query<EstateRow & { readonly estate: string }>(
    `select estate, ${ESTATE_COLUMNS} from resource
     where shard = $1 and type = any($2::text[]) and facts is not null and gone_at is null and estate in
       (select estate from resource where shard = $1 and type in ('target-health', '${TYPE}') and facts is not null and gone_at is null
          and estate like 'aws:%' and (type = '${TYPE}' or facts ->> 'Id' ~ '^[0-9.]+$'))
       and not (type = 'target-health' and source_id in (select source.id from source where organisation = $3 and retired_at is not null))
     order by key`,
    [shard, [...OUTSIDE_MACHINE_TYPES, TYPE], id],
  );
  const known = await knownAddresses(
    connection,
    shard,
    rows.rows.flatMap(({ type, facts }) =>
      type === 'target-health' && typeof facts['Id'] === 'string' ? [facts['Id']] : [],
    ),
  );
  const told = new Map<string, EstateRow | null>();
  const estates = new Set<string>();
  const left: string[] = [];
  const saved: Record<string, unknown>[] = [];
  for (const [estate, ofEstate] of Map.groupBy(rows.rows, (row) => row.estate)) {
    const stored = new Map(ofEstate.flatMap((row) => (row.type === TYPE ? [[row.key, row]] : [])));
    const described = ofEstate.filter(({ type }) => type !== TYPE).map(estateResource);
    const machines = outsideMachines(await withCompleteLists(connection, shard, estate, described), known);
    for (const [key, machine] of machines) {
      const before = stored.get(key) ?? null;
      if (before !== null && isSame(machine, before)) continue;
      told.set(key, before);
      estates.add(estate);
      const { name, region, facts, provenance } = machine;
      saved.push({ key, name, region, estate, facts, source: provenance, seen: instantText(machine.seenAt) });
    }
    left.push(...[...stored.keys()].filter((key) => !machines.has(key)));
  }
  if (saved.length > 0)
    await connection.query(
      `insert into resource (shard, key, kind, type, name, region, estate, tags, facts, source_id, seen_at, captured_at, production, publicly_accessible, privileged_access)
       select $1, key, 'host', '${TYPE}', name, region, estate, '{}', facts, source, seen, seen, $3::jsonb, $4::jsonb, $4::jsonb
       from jsonb_to_recordset($2) as row (key text, name text, region text, estate text, facts jsonb, source text, seen timestamptz)
       on conflict (shard, key) do update set name = excluded.name, region = excluded.region, facts = excluded.facts,
         source_id = excluded.source_id, seen_at = excluded.seen_at, captured_at = excluded.captured_at`,
      [shard, JSON.stringify(saved), JSON.stringify(NO_ENVIRONMENT), JSON.stringify(NOT_DESCRIBED)],
    );
  if (left.length > 0)
    await connection.query('delete from resource where shard = $1 and key = any($2::text[])', [shard, left]);
  return { told, estates, left };
}

function isSame(machine: OutsideMachine, row: EstateRow): boolean {
  return (
    isDeepStrictEqual(machine.facts, row.facts) &&
    machine.region === row.region &&
    machine.seenAt === row.seen_at &&
    machine.provenance === row.source_id
  );
}

/** Those of some addresses that a machine, an interface or a running task in an account of AWS has, by its inventory. */
async function knownAddresses(
  connection: Connection,
  shard: bigint,
  addresses: readonly string[],
): Promise<ReadonlySet<string>> {
  if (addresses.length === 0) return new Set();
  const result = await connection.query<{ alias: string }>(
    `select distinct named.alias from resource_alias as named join resource on resource.shard = named.shard and resource.key = named.key
     where named.shard = $1 and named.alias = any($2::text[]) and named.until_at is null
       and resource.estate like 'aws:%' and resource.facts is not null and resource.gone_at is null
     union select detail ->> 'value' from resource, jsonb_path_query(facts, '$.attachments[*].details[*] ? (@.name == "privateIPv4Address")') as detail
     where shard = $1 and type = 'ecs-task' and estate like 'aws:%' and gone_at is null and facts ->> 'lastStatus' is distinct from 'STOPPED'
       and detail ->> 'value' = any($2::text[])`,
    [shard, addresses],
  );
  return new Set(result.rows.map(({ alias }) => alias));
}
