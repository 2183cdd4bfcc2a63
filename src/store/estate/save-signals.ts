import { digestOfText } from '#base/digest.ts';
import { largest } from '#base/extremes.ts';
import type { Instant } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import { identifyResource, type ResourceIdentity } from '#domain/resource/resource-key.ts';
import { NO_ENVIRONMENT, NOT_DESCRIBED } from '#domain/risk/deployment.ts';
import { attackValidUntil } from '#domain/risk/under-attack.ts';
import { severityRank } from '#domain/severity/severity.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import type { Organisation } from '../organisation.ts';
import { estateOf } from './estate-of.ts';

const CHUNK = 1_000;

/** Stores attacks that were observed, and which accounts, clusters and services their source looks at. */
export async function saveSignals(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  { request, end, signals }: AppliedScan,
  touched: Set<string>,
): Promise<void> {
  const isEvents = request.scope.key.startsWith('events|');
  const places = new Set<string>();
  if (isEvents) {
    if (request.account !== null) places.add(request.account);
    if (request.naming.cluster !== null) places.add(`k8s:${request.naming.cluster}`);
    for (const service of request.services) places.add(`service:${service}`);
  }
  const rows = signals.flatMap((signal) => {
    if (signal.account !== undefined) places.add(signal.account);
    return signal.resources.map((resource) => {
      const identity = identifyResource(resource, request.naming);
      const estate = estateOf(resource, signal.account ?? request.account, request.naming);
      if (estate !== null) places.add(estate);
      touched.add(identity.key);
      return signalRow(identity, signal, estate, now);
    });
  });
  for (let from = 0; from < rows.length; from += CHUNK) {
    const chunk = JSON.stringify(rows.slice(from, from + CHUNK));
    await connection.query(
      `insert into resource (shard, key, kind, type, name, account, estate, tags, production, publicly_accessible, privileged_access)
       select distinct on (key) $1::bigint, key, kind, kind, name, account, estate, '{}'::jsonb, $3::jsonb, $4::jsonb, $4::jsonb
       from jsonb_to_recordset($2) as row (key text, kind text, name text, account text, estate text) order by key
       on conflict (shard, key) do nothing`,
      [organisation.shard, chunk, JSON.stringify(NO_ENVIRONMENT), JSON.stringify(NOT_DESCRIBED)],
    );
    await connection.query(
      `insert into signal (shard, resource_key, id, source_id, tool, rule, title, severity, first_at, last_at, count, is_attack, details)
       select distinct on (key, id) $1::bigint, key, id, $3, tool, rule, title, severity, first_at, last_at, count, is_attack, details
       from jsonb_to_recordset($2) as row (key text, id text, tool text, rule text, title text, severity smallint, first_at timestamptz, last_at timestamptz, count bigint, is_attack boolean, details jsonb)
       order by key, id, last_at desc
       on conflict (shard, resource_key, id) do update set first_at = least(signal.first_at, excluded.first_at), last_at = greatest(signal.last_at, excluded.last_at),
         count = greatest(signal.count, excluded.count), is_attack = excluded.is_attack, severity = excluded.severity, title = excluded.title`,
      [organisation.shard, chunk, request.source.id],
    );
  }
  if (!isEvents && signals.length === 0) return;
  const newest = Math.max(largest(signals.map((signal) => signal.lastAt)) ?? 0, isEvents ? end.reportAt : 0);
  const at = Math.min(newest, now);
  const uncovered = await uncoveredPlaces(connection, organisation, now, [...places]);
  await connection.query(
    `insert into signal_coverage (organisation, source_id, place, at) select $1, $2, place, $4 from unnest($3::text[]) as covered (place)
     on conflict (organisation, source_id, place) do update set at = greatest(signal_coverage.at, excluded.at)`,
    [organisation.id, request.source.id, [...places], new Date(at)],
  );
  if (uncovered.length === 0 || !isCovering(at, now)) return;
  // That somebody looks now changes what is known about everything in these places.
  const covered = await connection.query<{ key: string }>(
    `select key from resource where shard = $1 and (estate = any($2::text[]) or account = any($2::text[])
       or exists (select from unnest(services) as own (service) where 'service:' || service = any($2::text[])))`,
    [organisation.shard, uncovered],
  );
  for (const row of covered.rows) touched.add(row.key);
}

/** Those of the places at which no source of signals looked lately. */
async function uncoveredPlaces(
  connection: Connection,
  { id }: Organisation,
  now: Instant,
  places: readonly string[],
): Promise<readonly string[]> {
  const result = await connection.query<{ place: string; at: Instant }>(
    'select place, max(at) as at from signal_coverage where organisation = $1 and place = any($2::text[]) group by place',
    [id, places],
  );
  const looked = new Set(result.rows.filter((row) => isCovering(row.at, now)).map((row) => row.place));
  return places.filter((place) => !looked.has(place));
}

/** Whether the absence of attacks that was reported then still counts. */
function isCovering(at: Instant, now: Instant): boolean {
  return attackValidUntil([], [{ at }], now) !== null;
}

function signalRow(
  identity: ResourceIdentity,
  signal: SignalObservation,
  estate: string | null,
  now: Instant,
): Record<string, unknown> {
  // An event without an id of its own is told apart by everything that it says.
  const id =
    signal.externalId ??
    digestOfText(
      JSON.stringify([signal.tool, signal.rule, signal.title, signal.firstAt, signal.lastAt]),
    ).slice(0, 32);
  return {
    key: identity.key,
    kind: identity.kind,
    name: identity.name,
    account: signal.account ?? null,
    estate,
    id: oneLine(id, 300),
    tool: signal.tool,
    rule: oneLine(signal.rule, 300),
    title: oneLine(signal.title, 300),
    severity: signal.severity === null ? null : severityRank(signal.severity),
    first_at: new Date(Math.min(signal.firstAt, now)).toISOString(),
    last_at: new Date(Math.min(signal.lastAt, now)).toISOString(),
    count: Math.max(1, Math.min(Number.MAX_SAFE_INTEGER, Math.trunc(signal.count) || 1)),
    is_attack: signal.isAttack,
    details: {
      techniques: signal.techniques ?? [],
      sourceAddress: signal.sourceAddress ?? null,
      region: signal.region ?? null,
    },
  };
}
