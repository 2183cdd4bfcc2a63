import { oneLine } from '#base/text.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { deriveEnvironment } from '#domain/resource/environment.ts';
import { deriveOwner } from '#domain/resource/owner.ts';
import { identifyResource, type ResourceIdentity } from '#domain/resource/resource-key.ts';
import { deriveServices } from '#domain/resource/service-name.ts';
import { NO_ENVIRONMENT, NOT_DESCRIBED } from '#domain/risk/deployment.ts';
import type { RiskVerdict } from '#domain/risk/detected-risk.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import type { Organisation } from '../organisation.ts';
import { estateOf } from './estate-of.ts';

/** Every resource that a finding names has a row, so that it can be asked about. */
export async function mentionResources(
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

const CHUNK = 1_000;

export async function saveResources(
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
export async function saveCoverage(
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
      ? NO_ENVIRONMENT
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
