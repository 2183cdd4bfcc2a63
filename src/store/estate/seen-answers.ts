import type { Instant } from '#base/instant.ts';
import { asText, type JsonObject } from '#base/json-value.ts';
import type { SeenAnswer } from '#domain/exposure/seen-answer.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import type { evaluatedWith } from './estate-of.ts';

/** Addresses of which a scan says what answers there. */
export function addressesLookedAt({ resources }: AppliedScan): readonly string[] {
  return [
    ...new Set(
      resources.flatMap(({ type, facts }) => (type === 'host' ? (asText(facts['Address']) ?? []) : [])),
    ),
  ];
}

/** The accounts and clusters in which something has one of these addresses. */
export async function estatesWithAddresses(
  connection: Connection,
  shard: bigint,
  addresses: readonly string[],
): Promise<readonly string[]> {
  if (addresses.length === 0) return [];
  const result = await connection.query<{ estate: string }>(
    `select distinct r.estate from resource_alias a join resource r on r.shard = a.shard and r.key = a.key
     where a.shard = $1 and a.until_at is null and a.alias = any($2::text[]) and r.estate is not null and r.gone_at is null order by r.estate`,
    [shard, addresses],
  );
  return result.rows.map(({ estate }) => estate);
}

const PORT = /^(tcp|udp)\/(\d{1,5})$/;

/** What was seen to answer at the addresses of the resources of an estate, by their keys. */
export async function answersIn(
  connection: Connection,
  shard: bigint,
  { estate, isPrefix }: ReturnType<typeof evaluatedWith>,
): Promise<ReadonlyMap<string, readonly SeenAnswer[]>> {
  const result = await connection.query<{
    key: string;
    facts: JsonObject;
    seen_at: Instant;
    source_id: string;
  }>(
    `select r.key, h.facts, h.seen_at, h.source_id from resource h
     join resource_alias a on a.shard = h.shard and a.alias = h.facts ->> 'Address' and a.until_at is null
     join resource r on r.shard = a.shard and r.key = a.key
     where h.shard = $1 and h.type = 'host' and h.facts ? 'Address' and h.gone_at is null
       and (r.estate = $2 or ($3 and starts_with(r.estate, $2))) order by r.key, h.key`,
    [shard, estate, isPrefix],
  );
  return new Map(
    [...Map.groupBy(result.rows, ({ key }) => key)].map(([key, rows]) => [key, rows.flatMap(answersOf)]),
  );
}

function answersOf({
  facts,
  seen_at,
  source_id,
}: {
  readonly facts: JsonObject;
  readonly seen_at: Instant;
  readonly source_id: string;
}): readonly SeenAnswer[] {
  const address = asText(facts['Address']) ?? '';
  return Object.entries(facts).flatMap(([name, state]): readonly SeenAnswer[] => {
    const [, protocol, port] = PORT.exec(name) ?? [];
    if (protocol === undefined) return [];
    return [
      {
        address,
        protocol: protocol === 'udp' ? 'udp' : 'tcp',
        port: Number(port),
        isOpen: state === 'open',
        isFromInternet: facts['From'] === 'internet',
        at: seen_at,
        provenance: source_id,
      },
    ];
  });
}
