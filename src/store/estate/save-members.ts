import { identifyResource } from '#domain/resource/resource-key.ts';
import { membershipsOf } from '#domain/resource/scaling-group.ts';
import { NO_ENVIRONMENT, NOT_DESCRIBED } from '#domain/risk/deployment.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';

/**
 * Keeps which machines are members of which scaling groups. A group of which only its members tell has a row, so that
 * it can be asked about. Groups that gained or lost a member are `touched`.
 */
export async function saveMembers(
  connection: Connection,
  shard: bigint,
  { request, end, resources }: AppliedScan,
  touched: Set<string>,
): Promise<void> {
  const memberships = resources.flatMap(membershipsOf).map(({ member, group }) => {
    const { key, name } = identifyResource(group, request.naming);
    const { type, account, region } = group;
    return { from_key: identifyResource(member, request.naming).key, key, name, type, account, region };
  });
  if (memberships.length === 0) return;
  const values = [shard, JSON.stringify(memberships)];
  const mentioned = await connection.query<{ key: string }>(
    `insert into resource (shard, key, kind, type, name, account, region, tags, production, publicly_accessible, privileged_access)
     select distinct on (key) $1::bigint, key, 'cloud', type, name, account, region, '{}'::jsonb, $3::jsonb, $4::jsonb, $4::jsonb
     from ${TOLD} order by key, account nulls last on conflict (shard, key) do nothing returning key`,
    [...values, JSON.stringify(NO_ENVIRONMENT), JSON.stringify(NOT_DESCRIBED)],
  );
  const left = await connection.query<{ key: string }>(
    `delete from relation using (select from_key from ${TOLD} group by from_key) as told
     where relation.shard = $1 and relation.kind = 'part-of' and relation.from_key = told.from_key
       and not exists (select from ${TOLD} where row.from_key = relation.from_key and row.key = relation.to_key)
     returning relation.to_key as key`,
    values,
  );
  const joined = await connection.query<{ key: string }>(
    `insert into relation (shard, kind, from_key, to_key, digest, image_id, reference, source_id, seen_at)
     select distinct $1::bigint, 'part-of', from_key, key, '', '', '', $3, $4::timestamptz from ${TOLD} on conflict do nothing returning to_key as key`,
    [...values, request.source.id, new Date(end.reportAt)],
  );
  for (const { key } of [...mentioned.rows, ...left.rows, ...joined.rows]) touched.add(key);
}

const TOLD =
  'jsonb_to_recordset($2) as row (from_key text, key text, name text, type text, account text, region text)';
