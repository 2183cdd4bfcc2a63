import { digestOfText } from '#base/digest.ts';
import { largest } from '#base/extremes.ts';
import { DAY_MS, type Instant } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import { aliasText, isHostName } from '#domain/resource/alias-text.ts';
import { identifyEndpoint, identifyResource, type ResourceIdentity } from '#domain/resource/resource-key.ts';
import { NO_ENVIRONMENT, NOT_DESCRIBED } from '#domain/risk/deployment.ts';
import { attackValidUntil } from '#domain/risk/under-attack.ts';
import { severityRank } from '#domain/severity/severity.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import type { Organisation } from '../organisation.ts';
import { estateOf } from './estate-of.ts';

const CHUNK = 1_000;
const NAMES_MAX = 100;

/** What changed with the signals of a scan. */
export interface SavedSignals {
  /** The names that they mean, for the inventory to say whose they are. */
  readonly names: ReadonlySet<string>;
}

/** Stores attacks that were observed, and which accounts, clusters and services their source looks at. */
export async function saveSignals(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  { request, end, signals }: AppliedScan,
  touched: Set<string>,
): Promise<SavedSignals> {
  const isEvents = request.scope.key.startsWith('events|');
  const places = new Set<string>();
  const names = new Set<string>();
  if (isEvents) {
    if (request.account !== null) places.add(request.account);
    if (request.naming.cluster !== null) places.add(`k8s:${request.naming.cluster}`);
    for (const service of request.services) places.add(`service:${service}`);
  }
  const rows: (SignalRow & Partial<ResourceIdentity> & { readonly estate: string | null })[] = [];
  for (const signal of signals) {
    const isWide = (signal.watches ?? 'account') === 'account';
    if (isWide && signal.account !== undefined) places.add(signal.account);
    const row = signalRow(signal, request.source.id, now);
    for (const resource of signal.resources) {
      const { key, kind, name } = identifyResource(resource, request.naming);
      const estate = estateOf(resource, signal.account ?? request.account, request.naming);
      if (isWide && estate !== null) places.add(estate);
      touched.add(key);
      rows.push({ ...row, key, kind, name, estate });
    }
    const meant = namesOf(signal);
    for (const name of meant) names.add(name);
    const services = signal.isOnService === true ? request.services : [];
    const keys = [
      ...meant.map((name) => `name:${name}`),
      ...(signal.isOnService === true ? meant.filter(isHostName).flatMap(endpointsOf) : []),
      ...services.map((service) => `service:${service}`),
    ];
    for (const key of keys) {
      touched.add(key);
      rows.push({ ...row, key, estate: null });
    }
  }
  const chunks = [true, false].flatMap((isAhead) => {
    const alike = rows.filter((row) => row.is_ahead === isAhead);
    return Array.from({ length: Math.ceil(alike.length / CHUNK) }, (_, index) => ({
      isAhead,
      chunk: JSON.stringify(alike.slice(index * CHUNK, (index + 1) * CHUNK)),
    }));
  });
  for (const { isAhead, chunk } of chunks) {
    await connection.query(
      `insert into resource (shard, key, kind, type, name, account, estate, tags, production, publicly_accessible, privileged_access)
       select distinct on (key) $1::bigint, key, kind, kind, name, account, estate, '{}'::jsonb, $3::jsonb, $4::jsonb, $4::jsonb
       from jsonb_to_recordset($2) as row (key text, kind text, name text, account text, estate text) where kind is not null order by key
       on conflict (shard, key) do nothing`,
      [organisation.shard, chunk, JSON.stringify(NO_ENVIRONMENT), JSON.stringify(NOT_DESCRIBED)],
    );
    await connection.query(
      `insert into signal (shard, resource_key, id, source_id, tool, rule, title, severity, first_at, last_at, stated_at, count, is_attack, is_on_service, account, details)
       select distinct on (key, id) $1::bigint, key, id, $3, tool, rule, title, severity, first_at, last_at, stated_at, count, is_attack, is_on_service, account, details
       from jsonb_to_recordset($2) as row (key text, id text, tool text, rule text, title text, severity smallint, first_at timestamptz, last_at timestamptz, stated_at timestamptz, count bigint, is_attack boolean, is_on_service boolean, account text, details jsonb)
       order by key, id, stated_at desc nulls last, last_at desc
       on conflict (shard, resource_key, id) do update set first_at = least(signal.first_at, excluded.first_at), last_at = ${isAhead ? 'signal.last_at' : 'greatest(signal.last_at, excluded.last_at)'},
         count = greatest(signal.count, excluded.count), stated_at = greatest(signal.stated_at, excluded.stated_at),
         is_attack = case when excluded.stated_at < signal.stated_at then signal.is_attack else excluded.is_attack end,
         severity = case when excluded.stated_at < signal.stated_at then signal.severity else excluded.severity end,
         title = case when excluded.stated_at < signal.stated_at then signal.title else excluded.title end,
         source_id = case when exists (select from source where source.organisation = $4 and source.id = signal.source_id and source.retired_at is not null) then excluded.source_id else signal.source_id end`,
      [organisation.shard, chunk, request.source.id, organisation.id],
    );
  }
  if (!isEvents && signals.length === 0) return { names };
  const newest = Math.max(largest(signals.map((signal) => signal.lastAt)) ?? 0, isEvents ? end.reportAt : 0);
  const at = Math.min(newest, now);
  const uncovered = await uncoveredPlaces(connection, organisation, now, [...places]);
  await connection.query(
    `insert into signal_coverage (organisation, source_id, place, at) select $1, $2, place, $4 from unnest($3::text[]) as covered (place)
     on conflict (organisation, source_id, place) do update set at = greatest(signal_coverage.at, excluded.at)`,
    [organisation.id, request.source.id, [...places], new Date(at)],
  );
  if (uncovered.length === 0 || !isCovering(at, now)) return { names };
  // That somebody looks now changes what is known about everything in these places.
  const covered = await connection.query<{ key: string }>(
    `select key from resource where shard = $1 and (estate = any($2::text[]) or account = any($2::text[])
       or exists (select from unnest(services) as own (service) where 'service:' || service = any($2::text[])))`,
    [organisation.shard, uncovered],
  );
  for (const row of covered.rows) touched.add(row.key);
  return { names };
}

/** Those of the places at which no source of signals looked lately. */
async function uncoveredPlaces(
  connection: Connection,
  { id }: Organisation,
  now: Instant,
  places: readonly string[],
): Promise<readonly string[]> {
  const result = await connection.query<{ place: string; at: Instant }>(
    `select place, max(at) as at from signal_coverage where organisation = $1 and place = any($2::text[])
       and not exists (select from source where source.organisation = $1 and source.id = signal_coverage.source_id and source.retired_at is not null) group by place`,
    [id, places],
  );
  const looked = new Set(result.rows.filter((row) => isCovering(row.at, now)).map((row) => row.place));
  return places.filter((place) => !looked.has(place));
}

/** Whether the absence of attacks that was reported then still counts. */
function isCovering(at: Instant, now: Instant): boolean {
  return attackValidUntil([], [{ at }], now) !== null;
}

/** A host is also looked for under its name among what the inventory describes. */
function namesOf(signal: SignalObservation): readonly string[] {
  const hosts = signal.resources.flatMap((resource) =>
    resource.kind === 'host'
      ? [resource.name, ...(resource.instanceId === undefined ? [] : [resource.instanceId])]
      : [],
  );
  const names = [...(signal.names ?? []), ...hosts].slice(0, NAMES_MAX).map(aliasText);
  return [...new Set(names.filter((name) => name !== null))];
}

/** Scanners of running applications name the same host as an endpoint. */
function endpointsOf(host: string): readonly string[] {
  return [`https://${host}`, `http://${host}`].map((url) => identifyEndpoint(url).key);
}

interface SignalRow {
  readonly id: string;
  /** Its time lies more than a day in the future: it counts as seen when it was read first, however often it is read. */
  readonly is_ahead: boolean;
  readonly key?: string;
}

function signalRow(
  signal: SignalObservation,
  sourceId: string,
  now: Instant,
): SignalRow & Record<string, unknown> {
  // Events without an id of their own are counted by day (`SignalTally`).
  const id =
    signal.externalId ??
    digestOfText(
      JSON.stringify([
        sourceId,
        signal.tool,
        signal.rule,
        signal.isAttack,
        Math.floor(signal.lastAt / DAY_MS),
      ]),
    ).slice(0, 32);
  return {
    account: signal.account ?? null,
    is_ahead: signal.lastAt > now + DAY_MS,
    id: oneLine(id, 300),
    is_on_service: signal.isOnService === true,
    tool: signal.tool,
    rule: oneLine(signal.rule, 300),
    title: oneLine(signal.title, 300),
    severity: signal.severity === null ? null : severityRank(signal.severity),
    first_at: new Date(Math.min(signal.firstAt, now)).toISOString(),
    last_at: new Date(Math.min(signal.lastAt, now)).toISOString(),
    stated_at: signal.statedAt === undefined ? null : new Date(Math.min(signal.statedAt, now)).toISOString(),
    count: Math.max(1, Math.min(Number.MAX_SAFE_INTEGER, Math.trunc(signal.count) || 1)),
    is_attack: signal.isAttack,
    details: {
      techniques: signal.techniques ?? [],
      sourceAddress: signal.sourceAddress ?? null,
      region: signal.region ?? null,
    },
  };
}
