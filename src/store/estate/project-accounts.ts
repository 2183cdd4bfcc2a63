import type {
  InventoryListing,
  ResourceObservation,
  SignalObservation,
} from '#domain/finding/observation.ts';
import { type GoogleProject, googleProject } from '#domain/resource/google-project.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import type { Organisation } from '../organisation.ts';

const NUMBER = /^\d{1,20}$/;

/**
 * One project of Google Cloud is one account (attack-paths §1.1): what a scan files under the number of a project is filed
 * under its id, once any inventory told both; what was filed under the number before moves, and its keys are `touched`.
 */
export async function fileByProjectId(
  connection: Connection,
  organisation: Organisation,
  scan: AppliedScan,
  touched: Set<string>,
): Promise<AppliedScan> {
  const told = scan.resources.flatMap((observed) => googleProject(observed) ?? []);
  if (told.length > 0) for (const key of await moveToIds(connection, organisation, told)) touched.add(key);
  if (!isNumbered(scan)) return scan;
  const known = await connection.query<GoogleProject>({
    name: 'google-projects',
    text: `select facts ->> 'projectNumber' as number, facts ->> 'projectId' as id from resource
      where shard = $1 and type = 'gcp-project' and facts ->> 'projectNumber' <> '' and facts ->> 'projectId' <> ''`,
    values: [organisation.shard],
  });
  const ids = new Map([...known.rows, ...told].map(({ number, id }) => [number, id]));
  if (ids.size === 0) return scan;
  return {
    ...scan,
    resources: scan.resources.map((observed) => resourceById(observed, ids)),
    signals: scan.signals.map((signal) => signalById(signal, ids)),
    listings: scan.listings.map((listing) => listingById(listing, ids)),
  };
}

type Ids = ReadonlyMap<string, string>;

function isNumbered({ resources, signals, listings }: AppliedScan): boolean {
  return (
    listings.some(({ provider, account }) => provider === 'gcp' && NUMBER.test(account ?? '')) ||
    resources.some(({ resource, account }) => isGoogles(resource) && NUMBER.test(account ?? '')) ||
    signals.some((signal) => signal.resources.some(isGoogles) && NUMBER.test(signal.account ?? ''))
  );
}

function isGoogles(resource: ResourceDescription): boolean {
  return resource.kind === 'cloud' && resource.provider === 'gcp';
}

function resourceById(observed: ResourceObservation, ids: Ids): ResourceObservation {
  const id = isGoogles(observed.resource) ? ids.get(observed.account ?? '') : undefined;
  return id === undefined
    ? observed
    : { ...observed, account: id, resource: describedById(observed.resource, ids) };
}

function describedById(resource: ResourceDescription, ids: Ids): ResourceDescription {
  if (resource.kind !== 'cloud' || resource.provider !== 'gcp') return resource;
  const id = ids.get(resource.account ?? '');
  return id === undefined ? resource : { ...resource, account: id };
}

function signalById(signal: SignalObservation, ids: Ids): SignalObservation {
  const id = signal.resources.some(isGoogles) ? ids.get(signal.account ?? '') : undefined;
  return id === undefined
    ? signal
    : {
        ...signal,
        account: id,
        resources: signal.resources.map((resource) => describedById(resource, ids)),
      };
}

function listingById(listing: InventoryListing, ids: Ids): InventoryListing {
  const id = listing.provider === 'gcp' ? ids.get(listing.account ?? '') : undefined;
  return id === undefined ? listing : { ...listing, account: id };
}

/** What was filed under the numbers, as nobody had told the ids yet; answers the keys of its resources. */
async function moveToIds(
  connection: Connection,
  { id: organisation, shard }: Organisation,
  projects: readonly GoogleProject[],
): Promise<readonly string[]> {
  const names = [projects.map(({ number }) => number), projects.map(({ id }) => id)];
  const moved = await connection.query<{ key: string }>(
    `update resource set account = project.id, estate = 'gcp:' || project.id from ${PROJECTS}
     where shard = $1 and estate = 'gcp:' || project.number and coalesce(account, project.number) = project.number returning key`,
    [shard, ...names],
  );
  await connection.query(
    `with filed as (delete from inventory_coverage using ${PROJECTS}
       where shard = $1 and estate = 'gcp:' || project.number returning inventory_coverage.*, project.id)
     insert into inventory_coverage (shard, estate, place, type, source_id, scope_id, scan_id, collected_at, complete, held, held_of, held_since, held_why)
     select shard, 'gcp:' || id, place, type, source_id, scope_id, scan_id, collected_at, complete, held, held_of, held_since, held_why from filed
     on conflict (shard, estate, place, type, source_id) do nothing`,
    [shard, ...names],
  );
  await connection.query(
    `update signal set account = project.id from ${PROJECTS}, resource
     where signal.shard = $1 and signal.account = project.number and resource.shard = $1 and resource.key = signal.resource_key and resource.estate = 'gcp:' || project.id`,
    [shard, ...names],
  );
  await connection.query(
    `insert into signal_coverage (organisation, source_id, place, at)
     select organisation, source_id, replace(place, project.number, project.id), at from signal_coverage as filed
       join ${PROJECTS} on filed.place in (project.number, 'gcp:' || project.number)
     where organisation = $1
       and exists (select from signal_coverage as estate where estate.organisation = $1 and estate.source_id = filed.source_id and estate.place = 'gcp:' || project.number)
     on conflict (organisation, source_id, place) do update set at = greatest(signal_coverage.at, excluded.at)`,
    [organisation, ...names],
  );
  return moved.rows.map(({ key }) => key);
}

const PROJECTS = 'unnest($2::text[], $3::text[]) as project (number, id)';
