import type { Connection } from '../database.ts';
import type { AppliedScan } from './applied-scan.ts';

const INSTANT = (member: string) =>
  `to_timestamp((content -> 'history' ->> '${member}')::double precision / 1000)`;

/**
 * What comes along with findings of a tool that keeps them: since when it knows them, and until when people promised to end them. A
 * due date is taken once: where anybody decided about it here, that stays. What they wrote are comments, each once: one that
 * was deleted here stays so.
 */
export async function takeOverHistory(
  connection: Connection,
  shard: bigint,
  { importId, scopeId, request, end }: AppliedScan,
): Promise<void> {
  await connection.query(
    `update sighting set first_seen = least(sighting.first_seen, ${INSTANT('firstSeenAt').replaceAll('content', 'staged.content')})
     from stage_sighting as staged where staged.shard = $1 and staged.import_id = $2 and staged.content -> 'history' ->> 'firstSeenAt' is not null
       and sighting.shard = staged.shard and sighting.scope_id = $3 and sighting.fingerprint = staged.fingerprint`,
    [shard, importId, scopeId],
  );
  await connection.query(
    `update finding set first_seen = least(finding.first_seen, ${INSTANT('firstSeenAt').replaceAll('content', 'staged.content')})
     from stage_sighting as staged where staged.shard = $1 and staged.import_id = $2 and staged.content -> 'history' ->> 'firstSeenAt' is not null
       and finding.shard = staged.shard and finding.fingerprint = coalesce(staged.finding, staged.fingerprint)`,
    [shard, importId],
  );
  await connection.query(
    `insert into decision (shard, fingerprint, kind, value, actor, at)
     select distinct on (shard, coalesce(finding, fingerprint)) shard, coalesce(finding, fingerprint), 'due', jsonb_build_object('at', content -> 'history' -> 'dueAt'), $3, $4
     from stage_sighting where shard = $1 and import_id = $2 and content -> 'history' ->> 'dueAt' is not null
     order by shard, coalesce(finding, fingerprint), seq
     on conflict (shard, fingerprint, kind) do nothing`,
    [shard, importId, `source:${request.source.id}`, new Date(end.reportAt)],
  );
  await connection.query(
    `insert into comment (shard, id, issue_id, author, at, text)
     select distinct on (id) shard, id, issue_id, author, at, text from (
       select staged.shard, 'n' || md5(concat_ws(E'\\n', staged.issue_id, $3::text, note ->> 'by', note ->> 'at', note ->> 'text')) as id, staged.issue_id,
         (note ->> 'by') || ' (' || $3 || ')' as author, coalesce(least($4, to_timestamp((note ->> 'at')::double precision / 1000)), $4) as at, note ->> 'text' as text
       from stage_sighting as staged cross join jsonb_array_elements(staged.content -> 'history' -> 'notes') as note
       where staged.shard = $1 and staged.import_id = $2 and jsonb_typeof(staged.content -> 'history' -> 'notes') = 'array') as noted
     on conflict (shard, id) do nothing`,
    [shard, importId, `source:${request.source.id}`, new Date(end.reportAt)],
  );
}
