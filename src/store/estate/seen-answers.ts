import type { Instant } from '#base/instant.ts';
import { asText, type JsonObject } from '#base/json-value.ts';
import type { SeenAnswer } from '#domain/exposure/seen-answer.ts';
import { isAssumed } from '#domain/resource/assumed-join.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import type { evaluatedWith } from './estate-of.ts';

/** Addresses and names of machines of which a scan says what answers there. */
export function addressesLookedAt({ resources }: AppliedScan): readonly string[] {
  return [
    ...new Set(
      resources.flatMap(({ type, facts }) =>
        type === 'host' ? [facts['Address'], facts['Host']].flatMap((name) => asText(name) ?? []) : [],
      ),
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

/**
 * What was seen to answer at the addresses of the resources of an estate, by their keys, and what machines with their addresses or
 * names say of their own ports. Where such a name is of two resources of one kind, it tells of neither.
 */
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
    sure: number;
  }>(
    `select r.key, h.facts, h.seen_at, h.source_id, a.sure from resource h
     join lateral (select key, max(confidence) as sure from resource_alias where shard = h.shard and alias in (h.facts ->> 'Address', h.facts ->> 'Host') and until_at is null group by key) a on true
     join resource r on r.shard = h.shard and r.key = a.key
     where h.shard = $1 and h.type = 'host' and h.facts ?| array['Address', 'Host'] and h.gone_at is null
       and not (h.facts ? 'Host' and exists (
         select 1 from resource_alias b join resource o on o.shard = b.shard and o.key = b.key
         where b.shard = h.shard and b.alias in (h.facts ->> 'Address', h.facts ->> 'Host') and b.until_at is null
           and o.key <> r.key and o.type = r.type and o.gone_at is null))
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
  sure,
}: {
  readonly facts: JsonObject;
  readonly seen_at: Instant;
  readonly source_id: string;
  readonly sure: number;
}): readonly SeenAnswer[] {
  const host = asText(facts['Host']);
  const address = host ?? asText(facts['Address']) ?? '';
  const told = {
    address,
    isFromInternet: facts['From'] === 'internet',
    ...(host === undefined ? {} : { isListed: true as const }),
    ...(isAssumed(sure) ? { isAssumed: true as const } : {}),
    at: seen_at,
    provenance: source_id,
  };
  const others: readonly SeenAnswer[] =
    facts['OtherTcp'] === 'closed' ? [{ ...told, protocol: 'tcp', port: 'others', isOpen: false }] : [];
  const named = Object.entries(facts).flatMap(([name, state]): readonly SeenAnswer[] => {
    const [, protocol, port] = PORT.exec(name) ?? [];
    if (protocol === undefined) return [];
    return [
      { ...told, protocol: protocol === 'udp' ? 'udp' : 'tcp', port: Number(port), isOpen: state === 'open' },
    ];
  });
  return [...named, ...others];
}
