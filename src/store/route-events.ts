import { type Instant, MINUTE_MS } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import { type Severity, severityRank } from '#domain/severity/severity.ts';
import type { Connection } from './database.ts';
import { NOBODY } from './decisions.ts';
import type { Organisation } from './organisation.ts';

/** More events than this are several messages, so that no receiver is sent one that it cannot take. */
const EVENTS_PER_DIGEST = 200;

/** What happened to an issue, as receivers are told it. */
interface HappenedEvent {
  readonly event: string;
  readonly issue_id: string;
  readonly body: JsonObject;
}

interface WantingRow {
  readonly name: string;
  readonly least_severity: Severity | null;
  readonly digest_minutes: number | null;
}

/** Makes of what happened, the oldest first, what each webhook that wants it is to be sent; the caller holds the lock of deliveries. */
export async function routeEvents(
  connection: Connection,
  { id, shard }: Organisation,
  now: Instant,
  happened: readonly HappenedEvent[],
): Promise<void> {
  const wanting = await connection.query<WantingRow>(
    `select name, least_severity, digest_minutes from receiver where organisation = $1 and kind = 'webhook' and wants_events order by name`,
    [id],
  );
  if (wanting.rows.length === 0) return;
  const known = await connection.query<{ id: string; severity: number }>(
    'select id, severity from issue where shard = $1 and id = any($2::text[])',
    [shard, happened.map(({ issue_id }) => issue_id)],
  );
  const severities = new Map(known.rows.map((row) => [row.id, row.severity]));
  for (const { name, least_severity: least, digest_minutes: minutes } of wanting.rows) {
    const from = least === null ? 0 : severityRank(least);
    // How bad an issue was that is gone nobody knows.
    const wanted = happened.filter(({ issue_id }) => (severities.get(issue_id) ?? from) >= from);
    if (minutes === null) await sendEach(connection, shard, name, now, wanted);
    else
      for (let first = 0; first < wanted.length; first += EVENTS_PER_DIGEST)
        await addToDigest(
          connection,
          shard,
          { name, now, due: now + minutes * MINUTE_MS },
          wanted.slice(first, first + EVENTS_PER_DIGEST),
        );
  }
}

async function sendEach(
  connection: Connection,
  shard: bigint,
  receiver: string,
  now: Instant,
  events: readonly HappenedEvent[],
): Promise<void> {
  await connection.query(
    `insert into delivery (shard, id, kind, issue_id, origin, receiver, state, body, wanted_at, wanted_by, next_at, attempts)
     select $1, event || '-' || $3::text, 'event', issue_id, 'event:' || event || ':' || $3::text, $3, 'waiting', body, $4, $5, $4, 0
     from jsonb_to_recordset($2) as row (event text, issue_id text, body jsonb)
     on conflict do nothing`,
    [shard, JSON.stringify(events), receiver, new Date(now), NOBODY],
  );
}

/** Into the newest digest, while it waits for its time, was never tried and has room; else into a new one. */
async function addToDigest(
  connection: Connection,
  shard: bigint,
  { name, now, due }: { readonly name: string; readonly now: Instant; readonly due: Instant },
  events: readonly HappenedEvent[],
): Promise<void> {
  const bodies = JSON.stringify(events.map(({ body }) => body));
  const added = await connection.query(
    `update delivery set body = jsonb_build_object('events', (body -> 'events') || $3::jsonb)
     where shard = $1 and id = (select id from delivery where shard = $1 and receiver = $2 and kind = 'event' and state = 'waiting' and attempts = 0 and issue_id = ''
         order by id desc limit 1)
       and jsonb_array_length(body -> 'events') + jsonb_array_length($3::jsonb) <= ${EVENTS_PER_DIGEST}`,
    [shard, name, bodies],
  );
  const [first] = events;
  if (added.rowCount !== 0 || first === undefined) return;
  await connection.query(
    `insert into delivery (shard, id, kind, issue_id, origin, receiver, state, body, wanted_at, wanted_by, next_at, attempts)
     values ($1, $2::text || '-' || $3::text, 'event', '', 'digest:' || $2::text || ':' || $3::text, $3, 'waiting', jsonb_build_object('events', $4::jsonb), $5, $6, $7, 0)
     on conflict do nothing`,
    [shard, first.event, name, bodies, new Date(now), NOBODY, new Date(due)],
  );
}
