import { largest } from '#base/extremes.ts';
import type { Instant } from '#base/instant.ts';
import { addToList } from '#base/list-map.ts';
import { counted } from '#base/text.ts';
import type { ScanEnd } from '#domain/ports/import-store.ts';
import { identifyResource } from '#domain/resource/resource-key.ts';
import { isTooMuchGone } from '#domain/scan/closing.ts';
import type { Connection } from '../database.ts';
import { refreshFindings } from '../findings.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import { forgetDigests } from '../import/sighting-digest.ts';
import type { Organisation } from '../organisation.ts';
import type { HeldUnit, InventoryUnit } from './inventory-coverage.ts';

/** What vanished from a complete inventory of a cluster or account, or was said to be deleted. */
export interface GoneResources {
  readonly keys: readonly string[];
  /** The accounts and clusters that they were part of. */
  readonly estates: ReadonlySet<string>;
  /** Images that they ran. */
  readonly images: readonly string[];
  readonly issueIds: ReadonlySet<string>;
  /** Findings that closed with them. */
  readonly closed: readonly string[];
  /** Open findings of resources that stay until a person accepts that so many are gone; with the reason. */
  readonly held: readonly string[];
  readonly heldWhy: string | null;
  readonly heldBy: ReadonlyMap<InventoryUnit, HeldUnit>;
}

/** The resources that this scan says to be deleted, and when each of them was last seen to be. */
export function deletedResources({ gone, request, end }: AppliedScan): ReadonlyMap<string, Instant> {
  const byKey = Map.groupBy(gone, ({ resource }) => identifyResource(resource, request.naming).key);
  return new Map(
    [...byKey].map(([key, words]) => [
      key,
      largest(words.map(({ at }) => Math.min(at ?? end.reportAt, end.reportAt))) ?? end.reportAt,
    ]),
  );
}

/**
 * Takes leave of resources: of those that the inventory of their source no longer lists, though it listed
 * all of their type at their place, and no other source lists either, of those that a state of Terraform alone described and
 * such a list has not, and of those that it says to be deleted. Their findings close as
 * *resource gone*, and they run nothing any more. Where more than 30 % and more than 20 of a unit or of an
 * account or cluster would go at once, they stay until `--confirm` (design: identity, closing); what is said
 * to be deleted carries its own end.
 */
export async function dropGoneResources(
  connection: Connection,
  organisation: Organisation,
  scan: AppliedScan,
  units: readonly InventoryUnit[],
  deleted: ReadonlyMap<string, Instant>,
  seen: ReadonlySet<string>,
): Promise<GoneResources> {
  const dropped = await deletedBefore(connection, organisation.shard, deleted, seen);
  const goneAt = (key: string): Instant => deleted.get(key) ?? scan.end.reportAt;
  const heldBy = new Map<InventoryUnit, HeldUnit>();
  const held = new Set<string>();
  let heldWhy: string | null = null;
  const complete = units.filter((unit) => unit.complete === 'yes');
  for (const [estate, ofEstate] of Map.groupBy(complete, (unit) => unit.estate)) {
    const listed = await listedBefore(connection, organisation.shard, scan, estate, ofEstate);
    const ofUnit = new Map<InventoryUnit, string[]>();
    for (const [key, of] of listed) for (const unit of of) addToList(ofUnit, unit, key);
    const lacking = decideGone(listed, ofUnit, seen, scan.end);
    for (const key of await unlistedKeys(connection, organisation, scan, lacking.gone))
      dropped.set(key, estate);
    if (lacking.heldWhy.size === 0) continue;
    const open = await shownOf(connection, organisation, [...listed.keys()]);
    for (const [unit, why] of lacking.heldWhy) {
      const keys = ofUnit.get(unit) ?? [];
      const missing = keys.filter((key) => !seen.has(key) && !dropped.has(key));
      for (const key of missing)
        for (const fingerprint of open.get(key)?.findings ?? []) held.add(fingerprint);
      heldBy.set(unit, { held: countIn(open, missing), of: countIn(open, keys), why });
      heldWhy ??= why;
    }
  }
  const keys = [...dropped.keys()];
  const gone = await drop(connection, organisation, scan, keys, goneAt);
  return { ...gone, keys, estates: new Set(dropped.values()), held: [...held], heldWhy, heldBy };
}

/** Which of the resources that were listed before are gone, and for which units they are held, with the reason. */
function decideGone(
  listed: ReadonlyMap<string, ReadonlySet<InventoryUnit>>,
  ofUnit: ReadonlyMap<InventoryUnit, readonly string[]>,
  seen: ReadonlySet<string>,
  { isConfirmed, guard }: Pick<ScanEnd, 'isConfirmed' | 'guard'>,
): { readonly gone: readonly string[]; readonly heldWhy: ReadonlyMap<InventoryUnit, string> } {
  const missing = [...listed.keys()].filter((key) => !seen.has(key));
  const heldWhy = new Map<InventoryUnit, string>();
  if (isConfirmed) return { gone: missing, heldWhy };
  for (const [unit, keys] of ofUnit) {
    const lacks = keys.filter((key) => !seen.has(key)).length;
    if (isTooMuchGone(lacks, keys.length, guard)) heldWhy.set(unit, lackSentence(lacks, keys.length, unit));
  }
  const going = missing.filter((key) => ![...(listed.get(key) ?? [])].some((unit) => heldWhy.has(unit)));
  if (!isTooMuchGone(going.length, listed.size, guard)) return { gone: going, heldWhy };
  for (const [unit, keys] of ofUnit)
    if (!heldWhy.has(unit) && keys.some((key) => !seen.has(key)))
      heldWhy.set(unit, lackSentence(going.length, listed.size, null));
  return { gone: [], heldWhy };
}

function lackSentence(missing: number, of: number, unit: InventoryUnit | null): string {
  const where =
    unit === null ? '' : `, all of them ${unit.type}${unit.place === '' ? '' : ` in ${unit.place}`}`;
  return `the inventory lacks ${counted(missing, 'resource')} of ${of}${where}`;
}

/**
 * What the source's inventories listed in these units before and is still there, with the units of each resource; also what
 * nobody listed and a state of Terraform alone described, that was read before this one looked.
 */
async function listedBefore(
  connection: Connection,
  shard: bigint,
  { request, end }: AppliedScan,
  estate: string,
  units: readonly InventoryUnit[],
): Promise<ReadonlyMap<string, ReadonlySet<InventoryUnit>>> {
  const result = await connection.query<{ key: string; number: bigint }>(
    `select resource.key, unit.number from resource
     left join lateral regexp_match(resource.key, '/([^/]*)/([^/]*)/[^/]*$') as object (parts) on resource.kind = 'kubernetes'
     join unnest($4::text[], $5::text[], $6::text[], $7::text[]) with ordinality as unit (type, place, member, value, number)
       on unit.type = case resource.kind when 'kubernetes' then object.parts[1] else resource.type end
       and unit.place in ('', case resource.kind when 'kubernetes' then object.parts[2] else resource.region end)
       and (unit.member is null or resource.facts ->> unit.member = unit.value)
     where resource.shard = $1 and resource.estate = $2 and resource.kind in ('cloud', 'kubernetes')
       and ($3 = any(resource.listed_by) or (resource.is_second_hand and resource.described_in is not null and resource.described_at < $8))
       and resource.facts is not null and resource.gone_at is null`,
    [
      shard,
      estate,
      request.source.id,
      units.map((unit) => unit.type),
      units.map((unit) => unit.place),
      units.map((unit) => unit.within?.member ?? null),
      units.map((unit) => unit.within?.value ?? null),
      new Date(end.reportAt),
    ],
  );
  const listed = new Map<string, Set<InventoryUnit>>();
  for (const { key, number } of result.rows) {
    const of = listed.get(key) ?? new Set();
    of.add(units[Number(number) - 1] as InventoryUnit);
    listed.set(key, of);
  }
  return listed;
}

/** Of what the scan says to be deleted, that which was not described since; by key, with its account. */
async function deletedBefore(
  connection: Connection,
  shard: bigint,
  deleted: ReadonlyMap<string, Instant>,
  seen: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const words = [...deleted].filter(([key]) => !seen.has(key));
  if (words.length === 0) return new Map();
  const result = await connection.query<{ key: string; estate: string | null }>(
    `select resource.key, resource.estate from resource join unnest($2::text[], $3::timestamptz[]) as word (key, at) on word.key = resource.key
     where resource.shard = $1 and resource.gone_at is null and (resource.captured_at is null or resource.captured_at <= word.at)`,
    [shard, words.map(([key]) => key), words.map(([, at]) => new Date(at))],
  );
  return new Map(result.rows.map((row) => [row.key, row.estate ?? '']));
}

/** The sightings of one resource that are not gone, with the findings that they belong to. */
interface Shown {
  readonly findings: ReadonlySet<string>;
  readonly sightings: readonly string[];
}

/**
 * What is shown of each of these resources, under that name or another exact one. The machine of a scaling group has
 * sightings of its own, and the group none but those that are about itself: neither goes with the other.
 */
async function shownOf(
  connection: Connection,
  { id, shard }: Organisation,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Shown>> {
  const result = await connection.query<{ key: string; sightings: string[]; findings: string[] }>(
    `with owned as (
       select resource_key as key, fingerprint as own, fingerprint as finding from finding
       where shard = $1 and resource_key = any($2::text[]) and is_open and not exists (select from rekeyed where rekeyed.shard = $1 and rekeyed.own = finding.fingerprint)
       union select resource_key, own, fingerprint from rekeyed where shard = $1 and resource_key = any($2::text[])
       union select named.target, rekeyed.own, rekeyed.fingerprint
         from (select name, min(target collate "C") as target from alias where organisation = $3 and kind = 'resource' and withdrawn_at is null group by name having count(*) = 1) as named
         join rekeyed on rekeyed.shard = $1 and rekeyed.resource_key = named.name where named.target = any($2::text[]))
     select owned.key, array_agg(distinct owned.own::text) as sightings, array_agg(distinct owned.finding::text) as findings
     from owned join finding on finding.shard = $1 and finding.fingerprint = owned.finding and finding.is_open
     where exists (select from sighting where sighting.shard = $1 and sighting.fingerprint = owned.own and sighting.gone_at is null) group by owned.key`,
    [shard, keys, id],
  );
  return new Map(
    result.rows.map(({ key, sightings, findings }) => [key, { findings: new Set(findings), sightings }]),
  );
}

/** Takes these resources from the list of the source; answers those that no other source lists that is not retired. */
async function unlistedKeys(
  connection: Connection,
  { id, shard }: Organisation,
  { request }: AppliedScan,
  keys: readonly string[],
): Promise<readonly string[]> {
  const result = await connection.query<{ key: string; is_listed: boolean }>(
    `update resource set listed_by = array_remove(listed_by, $3) where shard = $1 and key = any($2::text[])
     returning key, exists (select from source where source.organisation = $4 and source.id = any(resource.listed_by) and source.retired_at is null) as is_listed`,
    [shard, keys, request.source.id, id],
  );
  return result.rows.flatMap((row) => (row.is_listed ? [] : [row.key]));
}

function countIn(open: ReadonlyMap<string, Shown>, keys: readonly string[]): number {
  return new Set(keys.flatMap((key) => [...(open.get(key)?.findings ?? [])])).size;
}

async function drop(
  connection: Connection,
  organisation: Organisation,
  { end }: AppliedScan,
  keys: readonly string[],
  goneAt: (key: string) => Instant,
): Promise<Pick<GoneResources, 'images' | 'issueIds' | 'closed'>> {
  if (keys.length === 0) return { images: [], issueIds: new Set(), closed: [] };
  const { shard } = organisation;
  const at = new Date(end.reportAt);
  const shown = [...(await shownOf(connection, organisation, keys)).values()];
  const fingerprints = [...new Set(shown.flatMap(({ findings }) => [...findings]))];
  const sightings = shown.flatMap((each) => each.sightings);
  const runs = await connection.query<{ to_key: string }>(
    `delete from relation where shard = $1 and from_key = any($2::text[]) returning to_key`,
    [shard, keys],
  );
  await connection.query(
    `update resource set gone_at = gone.at, gone_with = null, gone_relations = null, listed_by = '{}' from unnest($2::text[], $3::timestamptz[]) as gone (key, at)
     where resource.shard = $1 and resource.key = gone.key`,
    [shard, keys, keys.map((key) => new Date(goneAt(key)))],
  );
  await connection.query(
    `update sighting set gone_at = $3, gone_why = 'resource gone', held_since = null, held_why = null
     where shard = $1 and fingerprint = any($2::uuid[]) and gone_at is null`,
    [shard, sightings, at],
  );
  // Whoever shows them again, if with the very same bytes, opens them again.
  const scopes = await connection.query<{ id: bigint }>(
    `update scope set last_sha256 = null where organisation = $1 and id in
       (select sighting.scope_id from sighting where sighting.shard = $2 and sighting.fingerprint = any($3::uuid[])) returning id`,
    [organisation.id, shard, sightings],
  );
  await forgetDigests(
    connection,
    shard,
    scopes.rows.map((row) => row.id),
  );
  const refreshed = await refreshFindings(connection, organisation, fingerprints, {
    at: end.reportAt,
    why: new Map(fingerprints.map((fingerprint) => [fingerprint, 'resource gone'])),
  });
  return {
    images: [...new Set(runs.rows.map((row) => row.to_key))],
    issueIds: refreshed.issueIds,
    closed: fingerprints.filter((fingerprint) => !refreshed.open.has(fingerprint)),
  };
}
