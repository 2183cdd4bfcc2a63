import { boundedKey, digestOfText } from '#base/digest.ts';
import type { Instant } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { ResourceObservation, SignalObservation } from '#domain/finding/observation.ts';
import { deriveEnvironment } from '#domain/resource/environment.ts';
import { parseImageName } from '#domain/resource/image-name.ts';
import { deriveOwner } from '#domain/resource/owner.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { identifyResource, type Naming, type ResourceIdentity } from '#domain/resource/resource-key.ts';
import { deriveServices } from '#domain/resource/service-name.ts';
import type { RiskVerdict } from '#domain/risk/detected-risk.ts';
import { unknownRisk } from '#domain/risk/detected-risk.ts';
import { severityRank } from '#domain/severity/severity.ts';
import type { Connection } from './database.ts';
import { evaluateEstates } from './evaluate-estates.ts';
import { refreshFindings } from './findings.ts';
import { dropGoneResources, type GoneResources } from './gone-resources.ts';
import type { AppliedScan } from './import/applied-scan.ts';
import { refreshImageScopes } from './import/image-scopes.ts';
import type { Organisation } from './organisation.ts';
import { NOT_DESCRIBED } from './resources.ts';

export interface AppliedEstate {
  /** The issues to assess anew. */
  readonly issueIds: ReadonlySet<string>;
  readonly gone: Pick<GoneResources, 'closed' | 'held' | 'heldWhy'>;
}

/** Stores resources, relations and signals of a scan, and evaluates the estates that they touch. */
export async function applyEstate(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  scan: AppliedScan,
): Promise<AppliedEstate> {
  const touched = new Set<string>();
  const estates = new Set<string>();
  const cluster = listedCluster(scan);
  if (cluster !== null) estates.add(cluster);
  await mentionResources(connection, organisation.shard, scan);
  await saveResources(connection, organisation, scan, touched, estates);
  if (cluster !== null) await saveCoverage(connection, organisation.shard, scan, cluster);
  const gone = await dropGoneResources(connection, organisation, scan, cluster, touched);
  const images = await saveRelations(connection, organisation, scan, touched);
  for (const image of gone.images) images.add(image);
  await saveSignals(connection, organisation, now, scan, touched);
  for (const key of await evaluateEstates(connection, organisation, estates)) touched.add(key);
  const issueIds = await issuesTouching(
    connection,
    organisation.shard,
    new Set([...touched, ...gone.images]),
  );
  for (const id of gone.issueIds) issueIds.add(id);
  for (const imageKey of images)
    for (const id of await recountImage(connection, organisation, imageKey, scan)) issueIds.add(id);
  return { issueIds, gone };
}

/** The cluster of which this scan is an inventory; null for any other scan. */
function listedCluster({ request, inventoryCovers }: AppliedScan): string | null {
  const cluster = request.scope.keys['cluster'];
  return cluster === undefined || inventoryCovers.size === 0 ? null : `k8s:${cluster}`;
}

/** Every resource that a finding names has a row, so that it can be asked about. */
async function mentionResources(
  connection: Connection,
  shard: bigint,
  { importId }: AppliedScan,
): Promise<void> {
  const verdict = JSON.stringify(NOT_DESCRIBED);
  await connection.query(
    `insert into resource (shard, key, kind, type, name, tags, production, publicly_accessible, privileged_access)
     select distinct on (resource_key) shard, resource_key, resource_kind, resource_kind, resource_name, '{}'::jsonb, $3::jsonb, $4::jsonb, $4::jsonb
     from stage_sighting where shard = $1 and import_id = $2 order by resource_key, seq
     on conflict (shard, key) do nothing`,
    [shard, importId, JSON.stringify(NO_ENVIRONMENT), verdict],
  );
}

const NO_ENVIRONMENT: RiskVerdict = unknownRisk('an environment: a tag, a namespace or --env');
const CHUNK = 1_000;

async function saveResources(
  connection: Connection,
  { shard }: Organisation,
  scan: AppliedScan,
  touched: Set<string>,
  estates: Set<string>,
): Promise<void> {
  const { request, end, resources } = scan;
  // Of several descriptions of one resource in a scan the last one with the most facts stands.
  const byKey = new Map<
    string,
    { readonly identity: ResourceIdentity; readonly observed: ResourceObservation }
  >();
  for (const observed of resources) {
    const identity = identifyResource(observed.resource, request.naming);
    const earlier = byKey.get(identity.key);
    byKey.set(identity.key, {
      identity,
      observed: earlier === undefined ? observed : mergeDescriptions(earlier.observed, observed),
    });
  }
  const rows = [...byKey.values()].map(({ identity, observed }) => {
    const account = observed.account ?? request.account;
    const estate = estateOf(observed.resource, account, request.naming);
    if (estate !== null && Object.keys(observed.facts).length > 0) estates.add(estate);
    touched.add(identity.key);
    return resourceRow(
      identity,
      observed,
      account,
      estate,
      request.environment,
      request.services,
      request.team,
    );
  });
  for (let from = 0; from < rows.length; from += CHUNK) {
    await connection.query(
      `insert into resource (shard, key, kind, type, name, account, region, estate, tags, facts, source_id, seen_at, environment, services, team, production, publicly_accessible, privileged_access)
       select $1, key, kind, type, name, account, region, estate, tags, facts, $3, $4, environment, services, team, production, $5::jsonb, $5::jsonb
       from jsonb_to_recordset($2) as row (key text, kind text, type text, name text, account text, region text, estate text, tags jsonb, facts jsonb, environment text, services text[], team text, production jsonb)
       on conflict (shard, key) do update set
         type = excluded.type, name = excluded.name, account = coalesce(excluded.account, resource.account), region = coalesce(excluded.region, resource.region),
         estate = coalesce(excluded.estate, resource.estate),
         tags = case when excluded.tags = '{}'::jsonb then resource.tags else excluded.tags end,
         facts = coalesce(excluded.facts, resource.facts), source_id = excluded.source_id, seen_at = excluded.seen_at, gone_at = null,
         environment = coalesce(excluded.environment, resource.environment),
         services = case when cardinality(excluded.services) = 0 then resource.services else excluded.services end,
         team = coalesce(excluded.team, resource.team),
         production = case when excluded.production ->> 'state' = 'unknown' then resource.production else excluded.production end`,
      [
        shard,
        JSON.stringify(rows.slice(from, from + CHUNK)),
        request.source.id,
        new Date(end.reportAt),
        JSON.stringify(NOT_DESCRIBED),
      ],
    );
  }
}

/** What a cluster's inventory looked at is kept beside its resources, so that their absence can be told from not having looked. */
async function saveCoverage(
  connection: Connection,
  shard: bigint,
  { request, end, inventoryCovers }: AppliedScan,
  estate: string,
): Promise<void> {
  await connection.query(
    `insert into resource (shard, key, kind, type, name, estate, tags, facts, source_id, seen_at, production, publicly_accessible, privileged_access)
     select $1, $3 || '#' || cover, 'inventory', 'inventory-coverage', cover, $3, '{}', jsonb_build_object('cover', cover), $4, $5, $6, $7, $7 from unnest($2::text[]) as listed (cover)
     on conflict (shard, key) do update set seen_at = excluded.seen_at, source_id = excluded.source_id`,
    [
      shard,
      [...inventoryCovers],
      estate,
      request.source.id,
      new Date(end.reportAt),
      JSON.stringify(NO_ENVIRONMENT),
      JSON.stringify(NOT_DESCRIBED),
    ],
  );
}

function mergeDescriptions(a: ResourceObservation, b: ResourceObservation): ResourceObservation {
  return { ...a, ...b, tags: { ...a.tags, ...b.tags }, facts: { ...a.facts, ...b.facts } };
}

/** The part of the estate that is evaluated together with a resource; null where nothing is evaluated. */
function estateOf(resource: ResourceDescription, account: string | null, naming: Naming): string | null {
  if (resource.kind === 'kubernetes')
    return identifyResource({ kind: 'cluster', cluster: resource.cluster }, naming).key;
  if (resource.kind === 'cluster') return identifyResource(resource, naming).key;
  if (resource.kind !== 'cloud' && resource.kind !== 'account') return null;
  const own = resource.account ?? account;
  return own === null || own === undefined ? null : `${resource.provider}:${own}`;
}

function resourceRow(
  identity: ResourceIdentity,
  observed: ResourceObservation,
  account: string | null,
  estate: string | null,
  environment: string | null,
  services: readonly string[],
  team: string | null,
): Record<string, unknown> {
  const tags = observed.tags ?? {};
  const namespace = observed.resource.kind === 'kubernetes' ? observed.resource.namespace : null;
  const cluster = observed.resource.kind === 'kubernetes' ? observed.resource.cluster : null;
  const derived = deriveEnvironment({ explicit: environment, tags, namespace, cluster });
  const production: RiskVerdict =
    derived.production === 'unknown'
      ? unknownRisk('an environment: a tag, a namespace or --env')
      : {
          state: derived.production,
          evidence: [
            {
              sentence: derived.evidence ?? `Environment ${derived.environment}.`,
              provenance: 'environment',
              at: null,
            },
          ],
          missing: [],
        };
  return {
    key: identity.key,
    kind: identity.kind,
    type: observed.type,
    name: oneLine(observed.name || identity.name, 300),
    account,
    region: observed.region ?? null,
    estate,
    tags,
    facts: Object.keys(observed.facts).length === 0 ? null : observed.facts,
    environment: derived.environment,
    services: deriveServices({ declared: services, tags }),
    team: team ?? deriveOwner({ tags }).owner,
    production,
  };
}

/** Answers the images of which is now told where they run, or where no longer. */
async function saveRelations(
  connection: Connection,
  { shard }: Organisation,
  { request, end, relations }: AppliedScan,
  touched: Set<string>,
): Promise<Set<string>> {
  const images = new Set<string>();
  const rows = relations.map((relation) => {
    const from = identifyResource(relation.from, request.naming).key;
    // A runtime pulls a name without registry from Docker Hub.
    const to = identifyResource(
      relation.to.kind === 'image' ? { ...relation.to, inRegistry: true } : relation.to,
      request.naming,
    ).key;
    touched.add(from);
    if (relation.relation === 'runs-image') images.add(to);
    const image = relation.to.kind === 'image' ? relation.to : null;
    return {
      kind: relation.relation,
      from_key: from,
      to_key: to,
      digest: boundedKey(image?.digest ?? ''),
      image_id: boundedKey(image?.imageId ?? ''),
      reference: image === null ? '' : boundedKey(runtimeReference(image.reference)),
    };
  });
  if (rows.length === 0) return images;
  // What a workload runs is replaced as a whole, apart for those who know digests (pods) and those who know names only (their templates).
  const before = await connection.query<{ kind: string; to_key: string }>(
    `delete from relation using (select distinct kind, from_key, digest <> '' as has_digest from jsonb_to_recordset($2) as row (kind text, from_key text, digest text)) as told
     where relation.shard = $1 and relation.kind = told.kind and relation.from_key = told.from_key and (relation.digest <> '') = told.has_digest
     returning relation.kind, relation.to_key`,
    [shard, JSON.stringify(rows)],
  );
  for (const { kind, to_key } of before.rows) {
    if (kind !== 'runs-image') continue;
    touched.add(to_key);
    images.add(to_key);
  }
  await connection.query(
    `insert into relation (shard, kind, from_key, to_key, digest, image_id, reference, source_id, seen_at)
     select distinct $1::bigint, kind, from_key, to_key, digest, image_id, reference, $3, $4::timestamptz
     from jsonb_to_recordset($2) as row (kind text, from_key text, to_key text, digest text, image_id text, reference text)
     on conflict do nothing`,
    [shard, JSON.stringify(rows), request.source.id, new Date(end.reportAt)],
  );
  return images;
}

function runtimeReference(reference: string): string {
  const name = parseImageName(reference);
  if (name === null || name.tag === null) return '';
  const registry = name.registry ?? 'docker.io';
  const repository =
    name.registry === null && !name.repository.includes('/') ? `library/${name.repository}` : name.repository;
  return `${registry}/${repository}:${name.tag}`;
}

async function saveSignals(
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
  const newest = Math.max(...signals.map((signal) => signal.lastAt), isEvents ? end.reportAt : 0);
  await connection.query(
    `insert into signal_coverage (organisation, source_id, place, at) select $1, $2, place, $4 from unnest($3::text[]) as covered (place)
     on conflict (organisation, source_id, place) do update set at = greatest(signal_coverage.at, excluded.at)`,
    [organisation.id, request.source.id, [...places], new Date(Math.min(newest, now))],
  );
  // Coverage of an account or cluster changes what is known about everything in it.
  const covered = await connection.query<{ key: string }>(
    'select key from resource where shard = $1 and (estate = any($2::text[]) or account = any($2::text[]))',
    [organisation.shard, [...places]],
  );
  for (const row of covered.rows) touched.add(row.key);
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

/** Issues that hold a finding on one of these resources, or on an image that one of them runs. */
async function issuesTouching(
  connection: Connection,
  shard: bigint,
  keys: ReadonlySet<string>,
): Promise<Set<string>> {
  if (keys.size === 0) return new Set();
  const result = await connection.query<{ issue_id: string }>(
    `select distinct finding.issue_id from finding
     where finding.shard = $1 and finding.is_open and (
       finding.resource_key = any($2::text[])
       or finding.resource_key in (select relation.to_key from relation where relation.shard = $1 and relation.kind = 'runs-image' and relation.from_key = any($2::text[])))`,
    [shard, [...keys]],
  );
  return new Set(result.rows.map((row) => row.issue_id));
}

/** The inventory told which images run: which scans of them count is decided anew. */
async function recountImage(
  connection: Connection,
  organisation: Organisation,
  imageKey: string,
  { end }: AppliedScan,
): Promise<ReadonlySet<string>> {
  const sources = await connection.query<{ source_id: string }>(
    'select distinct source_id from scope where organisation = $1 and image_key = $2',
    [organisation.id, imageKey],
  );
  const issueIds = new Set<string>();
  for (const { source_id } of sources.rows) {
    const flipped = await refreshImageScopes(connection, organisation, source_id, imageKey);
    const refreshed = await refreshFindings(connection, organisation, [...flipped.keys()], {
      at: end.reportAt,
      why: flipped,
    });
    for (const id of refreshed.issueIds) issueIds.add(id);
  }
  return issueIds;
}
