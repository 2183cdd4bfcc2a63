import type { Connection } from '../database.ts';
import type { AppliedScan } from './applied-scan.ts';

/**
 * What people suppressed in a tool arrives muted with the tool's reason, once: where any decision about
 * muting was made here, also that it is not to be muted, that one stays (design: identity, closing). Who, when and until when
 * come along where the tool tells.
 */
export async function muteSuppressed(
  connection: Connection,
  shard: bigint,
  { importId, request, end }: AppliedScan,
): Promise<void> {
  await connection.query(
    `insert into decision (shard, fingerprint, kind, value, actor, at)
     select distinct on (shard, coalesce(finding, fingerprint)) shard, coalesce(finding, fingerprint), 'mute', jsonb_build_object('reason', content ->> 'suppressed', 'until', content -> 'history' -> 'until', 'isMuted', true)
         || case when content -> 'history' ->> 'because' is null then '{}' else jsonb_build_object('because', content -> 'history' -> 'because') end,
       coalesce(content -> 'history' ->> 'by' || ' (' || $3 || ')', $3), least($4, to_timestamp((content -> 'history' ->> 'at')::double precision / 1000))
     from stage_sighting where shard = $1 and import_id = $2 and content ->> 'suppressed' is not null
     order by shard, coalesce(finding, fingerprint), seq
     on conflict (shard, fingerprint, kind) do nothing`,
    [shard, importId, `source:${request.source.id}`, new Date(end.reportAt)],
  );
}
