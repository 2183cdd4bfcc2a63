import { hash64 } from '#base/digest.ts';
import type { Instant } from '#base/instant.ts';
import { type FindingIdentity, identityOf } from '#domain/finding/identify-finding.ts';
import { nameUnder } from '#domain/resource/local-name.ts';
import { refreshPaths } from '../attackpath/refresh-paths.ts';
import type { Connection } from '../database.ts';
import { giveInventoryCoverage } from '../estate/inventory-coverage.ts';
import { followCatalogue, giveCatalogue, type MovedEntries } from '../estate/move-catalogue.ts';
import { restoreInventory } from '../estate/move-inventory.ts';
import { placeResources } from '../estate/place-resources.ts';
import { recordEvent } from '../events.ts';
import { refreshFindings } from '../findings.ts';
import { eachOpenSighting, refreshImageScopes } from '../import/image-scopes.ts';
import { forgetJournal } from '../import/scan-journal.ts';
import { forgetDigests } from '../import/sighting-digest.ts';
import { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';
import { rollUpIssues } from '../roll-up.ts';
import { moveFindings } from './move-findings.ts';
import { moveLocalNames } from './move-local-names.ts';
import { IDENTITY_COLUMNS, type IdentityRow, identityOfRow, saveRekeyed } from './rekeyed.ts';
import { countAliasChange, loadAliases } from './stored-aliases.ts';

interface ScopeRow {
  readonly id: bigint;
  readonly key: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly image_key: string | null;
  readonly image_line: string | null;
}

/**
 * Makes one source of two, as if they had been one from the start: equal scopes become one, in which the
 * later report stands; what only the older one shows stays open until the scope is scanned again. Reports
 * that name the merged source belong to the other from now on. Answers how many scopes and findings moved.
 */
export async function mergeSources(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  { from, into, actor }: { readonly from: string; readonly into: string; readonly actor: string },
): Promise<{ readonly scopes: number; readonly findings: number }> {
  const { id, shard } = organisation;
  const renamed = await renamedIdentities(connection, shard, from, into);
  const scopes = await connection.query<ScopeRow>(
    'select id, key, keys, image_key, image_line from scope where organisation = $1 and source_id = $2',
    [id, from],
  );
  const moved: bigint[] = [];
  const images = new Set<string>();
  const entries: MovedEntries[] = [];
  for (const scope of scopes.rows) {
    const isLater = await isLaterThere(connection, organisation, scope, from, into);
    const target = await moveScope(connection, organisation, scope, from, into);
    await moveSightings(connection, shard, scope.id, target, renamed);
    entries.push(
      await giveCatalogue(
        connection,
        shard,
        { sourceId: from, scopeId: scope.id },
        { sourceId: into, scopeId: target, isLater },
      ),
    );
    await giveInventoryCoverage(
      connection,
      shard,
      { sourceId: from, scopeId: scope.id },
      { sourceId: into, scopeId: target },
    );
    moved.push(target);
    if (scope.image_key !== null) images.add(nameUnder(scope.image_key, from, into) ?? scope.image_key);
  }
  await connection.query(
    'delete from scope where organisation = $1 and source_id = $2 and not (id = any($3::bigint[]))',
    [id, from, moved],
  );
  const told = await moveLocalNames(connection, organisation, from, into);
  if (told.length > 0) await placeResources(connection, shard, new Set(), new Set(told));
  await countAliasChange(connection, organisation);
  const findings = await moveIdentities(connection, organisation, now, renamed);
  await connection.query(
    'update source set merged_into = $3 where organisation = $1 and (id = $2 or merged_into = $2)',
    [id, from, into],
  );
  await connection.query('update source set retired_at = null where organisation = $1 and id = $2', [
    id,
    into,
  ]);
  const issueIds = new Set<string>();
  const refresh = async (scopeId: bigint, why: string | null) => {
    for await (const chunk of eachOpenSighting(connection, shard, scopeId)) {
      const reasons = new Map(chunk.map((fingerprint) => [fingerprint, why ?? 'no longer reported']));
      const refreshed = await refreshFindings(connection, organisation, chunk, { at: now, why: reasons });
      for (const issueId of refreshed.issueIds) issueIds.add(issueId);
    }
  };
  for (const scopeId of moved) await refresh(scopeId, null);
  for (const image of images)
    for (const { scopeId, why } of await refreshImageScopes(connection, organisation, now, into, image))
      await refresh(scopeId, why);
  const owned = new IssueIds();
  owned.addAll(issueIds);
  await followCatalogue(connection, organisation, entries, owned);
  await restoreInventory(connection, organisation, now, { sourceId: into, scopeIds: moved }, owned);
  await rollUpIssues(connection, organisation, now, owned);
  await refreshPaths(connection, organisation, now);
  recordEvent(connection, shard, {
    at: now,
    actor,
    verb: 'merge source',
    subject: `source:${from}`,
    details: { into, scopes: moved.length, findings },
  });
  return { scopes: moved.length, findings };
}

interface Renamed {
  readonly own: FindingIdentity;
  readonly now: FindingIdentity;
  readonly finding: string;
}

/** The identities whose resource only this source knows under its name. */
async function renamedIdentities(
  connection: Connection,
  shard: bigint,
  from: string,
  into: string,
): Promise<readonly Renamed[]> {
  const pattern = `%:@${from}%`;
  const findings = await connection.query<IdentityRow & { readonly fingerprint: string }>(
    `select fingerprint, ${IDENTITY_COLUMNS} from finding where shard = $1 and resource_key like $2`,
    [shard, pattern],
  );
  const rekeyed = await connection.query<{ fingerprint: string; identity: IdentityRow }>(
    'select fingerprint, identity from rekeyed where shard = $1 and resource_key like $2',
    [shard, pattern],
  );
  const known = new Map<string, Renamed>();
  for (const { finding, row } of [
    ...findings.rows.map((row) => ({ finding: row.fingerprint, row })),
    ...rekeyed.rows.map(({ fingerprint, identity }) => ({ finding: fingerprint, row: identity })),
  ]) {
    const own = identityOfRow(row);
    const key = nameUnder(own.resource.key, from, into);
    if (key === null) continue;
    const name = own.resource.name.replace(new RegExp(` of ${from}$`), ` of ${into}`);
    known.set(own.fingerprint, {
      own,
      now: identityOf({ ...own, resource: { ...own.resource, key, name } }),
      finding,
    });
  }
  return [...known.values()];
}

/** Key and id of a scope under the other source. */
function targetOf(
  id: bigint,
  scope: ScopeRow,
  from: string,
  into: string,
): { readonly key: string; readonly target: bigint } {
  const key = scope.key
    .split('|')
    .map((part) => part.replace(/=(.*)$/, (_, value: string) => `=${nameUnder(value, from, into) ?? value}`))
    .join('|');
  return { key, target: BigInt.asUintN(62, hash64(`${id}|${into}|${key}`)) };
}

/** Whether the other source has the scope too, with a report that is not older. */
async function isLaterThere(
  connection: Connection,
  { id }: Organisation,
  scope: ScopeRow,
  from: string,
  into: string,
): Promise<boolean> {
  const { target } = targetOf(id, scope, from, into);
  const result = await connection.query(
    `select from scope as own, scope as other where own.organisation = $1 and own.id = $2 and other.organisation = $1 and other.id = $3
       and other.last_report_at >= own.last_report_at`,
    [id, scope.id, target],
  );
  return result.rowCount === 1;
}

/** The scope under the other source; answers its id. One that is there already goes on, with the times of both. */
async function moveScope(
  connection: Connection,
  { id }: Organisation,
  scope: ScopeRow,
  from: string,
  into: string,
): Promise<bigint> {
  const rename = (text: string) => nameUnder(text, from, into) ?? text;
  const { key, target } = targetOf(id, scope, from, into);
  await connection.query(
    `insert into scope (organisation, id, source_id, key, keys, image_key, image_line, image_digest, image_id, image_reference, environment, services, team,
       first_report_at, last_report_at, last_sha256, is_counting, retired_at)
     select organisation, $3, $4, $5, $6, $7, $8, image_digest, image_id, image_reference, environment, services, team,
       first_report_at, last_report_at, last_sha256, is_counting, retired_at from scope where organisation = $1 and id = $2
     on conflict (organisation, id) do update set
       first_report_at = least(scope.first_report_at, excluded.first_report_at), last_report_at = greatest(scope.last_report_at, excluded.last_report_at),
       last_sha256 = case when excluded.last_report_at > scope.last_report_at then excluded.last_sha256 else scope.last_sha256 end,
       environment = coalesce(scope.environment, excluded.environment), team = coalesce(scope.team, excluded.team),
       services = case when cardinality(scope.services) > 0 then scope.services else excluded.services end,
       retired_at = case when scope.retired_at is null or excluded.retired_at is null then null else greatest(scope.retired_at, excluded.retired_at) end`,
    [
      id,
      scope.id,
      target,
      into,
      key,
      JSON.stringify(
        Object.fromEntries(Object.entries(scope.keys).map(([name, value]) => [name, rename(value)])),
      ),
      scope.image_key === null ? null : rename(scope.image_key),
      scope.image_line === null ? null : rename(scope.image_line),
    ],
  );
  // What is kept of scans to take them back is of scopes that are no more.
  await connection.query(
    'update scan set source_id = $4, scope_id = $3, before = null where organisation = $1 and scope_id = any($2::bigint[])',
    [id, [scope.id, target], target, into],
  );
  return target;
}

/** In a scope of both the sighting of the later report stands, seen first when the first of them was. */
async function moveSightings(
  connection: Connection,
  shard: bigint,
  from: bigint,
  target: bigint,
  renamed: readonly Renamed[],
): Promise<void> {
  if (from === target) return;
  const names = JSON.stringify(
    renamed.map(({ own, now }) => ({ own: own.fingerprint, fingerprint: now.fingerprint })),
  );
  const NAMES = 'jsonb_to_recordset($4) as name (own uuid, fingerprint uuid)';
  await connection.query(
    `insert into sighting (shard, scope_id, fingerprint, content_hash, occurrences, cover, finding_class, severity, is_fixable, rule, checks, first_seen, changed_at, gone_at, gone_why, held_since, held_why, content)
     select $1, $3, coalesce(name.fingerprint, sighting.fingerprint), content_hash, occurrences, cover, finding_class, severity, is_fixable, rule, checks, first_seen, changed_at, gone_at, gone_why, held_since, held_why, content
     from sighting left join ${NAMES} on name.own = sighting.fingerprint where sighting.shard = $1 and sighting.scope_id = $2
     on conflict (shard, scope_id, fingerprint) do update set first_seen = least(sighting.first_seen, excluded.first_seen)`,
    [shard, from, target, names],
  );
  await connection.query(
    `update sighting set content_hash = other.content_hash, occurrences = other.occurrences, cover = other.cover, finding_class = other.finding_class, severity = other.severity,
       is_fixable = other.is_fixable, rule = other.rule, checks = other.checks, changed_at = other.changed_at, gone_at = other.gone_at, gone_why = other.gone_why,
       held_since = other.held_since, held_why = other.held_why, content = other.content
     from sighting as other left join ${NAMES} on name.own = other.fingerprint
     where other.shard = $1 and other.scope_id = $2 and sighting.shard = $1 and sighting.scope_id = $3 and sighting.fingerprint = coalesce(name.fingerprint, other.fingerprint)
       and coalesce(greatest(other.changed_at, other.gone_at), other.changed_at) > coalesce(greatest(sighting.changed_at, sighting.gone_at), sighting.changed_at)`,
    [shard, from, target, names],
  );
  await connection.query(
    `insert into sighting_cover (shard, scope_id, fingerprint, cover)
     select $1, $3, coalesce(name.fingerprint, sighting_cover.fingerprint), cover from sighting_cover left join ${NAMES} on name.own = sighting_cover.fingerprint
     where sighting_cover.shard = $1 and sighting_cover.scope_id = $2 on conflict do nothing`,
    [shard, from, target, names],
  );
  await connection.query(
    `insert into unlisted_unit (shard, scope_id, cover, looked_at) select shard, $3, cover, looked_at from unlisted_unit where shard = $1 and scope_id = $2
     on conflict (shard, scope_id, cover) do update set looked_at = greatest(unlisted_unit.looked_at, excluded.looked_at)`,
    [shard, from, target],
  );
  await forgetDigests(connection, shard, [from, target]);
  for (const table of ['sighting', 'sighting_cover', 'unlisted_unit', 'entry_memory'])
    await connection.query(`delete from ${table} where shard = $1 and scope_id = $2`, [shard, from]);
  await forgetJournal(connection, shard, [from, target], null);
}

/** Findings go where their sightings went. */
async function moveIdentities(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  renamed: readonly Renamed[],
): Promise<number> {
  const { shard } = organisation;
  const aliases = await loadAliases(connection, organisation);
  const targets = renamed.map((each) => ({ ...each, to: aliases.rekeyed(each.now) ?? each.now }));
  await connection.query('delete from rekeyed where shard = $1 and own = any($2::uuid[])', [
    shard,
    renamed.map(({ own }) => own.fingerprint),
  ]);
  await saveRekeyed(
    connection,
    shard,
    targets
      .filter(({ now: own, to }) => own.fingerprint !== to.fingerprint)
      .map(({ now: own, to }) => ({ own, finding: to })),
    new Date(now),
  );
  const moves = targets
    .filter(({ finding, to }) => finding !== to.fingerprint)
    .map(({ finding, now: own, to }) => ({
      from: finding,
      to,
      own: own.fingerprint,
      isMember: false,
      parting: null,
    }));
  await moveFindings(connection, organisation, now, moves);
  return moves.length;
}
