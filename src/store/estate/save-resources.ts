import { type Instant, instantTextOrNull } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { ORGANISATION_TYPES } from '#domain/privilege/aws/aws-organisation.ts';
import { describedText } from '#domain/resource/described-place.ts';
import { identifyResource, type ResourceIdentity } from '#domain/resource/resource-key.ts';
import { AWS_PRIVILEGE_TYPES } from '#domain/risk/aws-privileged-access.ts';
import { NO_ENVIRONMENT, NOT_DESCRIBED } from '#domain/risk/deployment.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import type { Organisation } from '../organisation.ts';
import { storedWords } from './declared-words.ts';
import { estateOf } from './estate-of.ts';
import type { DescribedBefore, EstateRow } from './estate-row.ts';
import { retoldParts } from './retold-parts.ts';

/** Kinds whose own name may tell of an environment; an image or a repository is deployed in many. */
const NAMED_PLACES = ['cloud', 'kubernetes', 'cluster', 'account', 'host', 'endpoint'];

/**
 * Every resource that a finding names has a row, so that it can be asked about. Those that are new are `touched` where
 * their name may tell where they belong.
 */
export async function mentionResources(
  connection: Connection,
  shard: bigint,
  { importId }: AppliedScan,
  touched: Set<string>,
): Promise<void> {
  const verdict = JSON.stringify(NOT_DESCRIBED);
  // A workload of which nothing was known but what it runs is now a place where that is deployed.
  const mentioned = await connection.query<{ key: string }>(
    `with mentioned as (insert into resource (shard, key, kind, type, name, tags, production, publicly_accessible, privileged_access)
     select distinct on (resource_key) shard, resource_key, resource_kind, resource_kind, resource_name, '{}'::jsonb, $3::jsonb, $4::jsonb, $4::jsonb
     from stage_sighting where shard = $1 and import_id = $2 order by resource_key, seq
     on conflict (shard, key) do nothing returning key, kind)
     select key from mentioned where kind = any($5::text[])
     union select mentioned.key from mentioned join relation on relation.shard = $1 and relation.kind = 'runs-image' and relation.from_key = mentioned.key`,
    [shard, importId, JSON.stringify(NO_ENVIRONMENT), verdict, NAMED_PLACES],
  );
  for (const { key } of mentioned.rows) touched.add(key);
}

const CHUNK = 1_000;
/** A scan that describes more than this has its accounts evaluated whole. */
const FOLLOWED_MAX = 200;
const PATH_MAX = 500;

/** Of these resources those that an inventory described: what another tool knew of them adds nothing. */
async function keysKnownFirstHand(
  connection: Connection,
  shard: bigint,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const result = await connection.query<{ key: string }>(
    `select key from resource where shard = $1 and key = any($2::text[]) and facts is not null and not is_second_hand`,
    [shard, keys],
  );
  return new Set(result.rows.map(({ key }) => key));
}

export interface SavedResources {
  readonly described: ReadonlySet<string>;
  /** Something is other than before on which privileges in AWS rest. */
  readonly movesPrivileges: boolean;
  /** Something is other than before of the organisation, whose policies hold in all accounts of AWS. */
  readonly movesOrganisation: boolean;
  /** By key; null where so much was described that nobody follows it. */
  readonly before: DescribedBefore | null;
}

/**
 * Stores what the scan describes, but for what it says to be deleted since. Of two inventories, and of two reports that
 * are none, the description stands that was made last, whichever is read last; so what was gone stays so where it was
 * described before. An inventory that tells the tags tells all of them: what they no longer say is gone. Other reports
 * tell some of them, or none, and only add.
 * Answers all that was described, and what of it is other than before; what is new or of another account or estate now
 * is `touched`.
 */
export async function saveResources(
  connection: Connection,
  { shard }: Organisation,
  scan: AppliedScan,
  deleted: ReadonlyMap<string, Instant>,
  touched: Set<string>,
  estates: Set<string>,
): Promise<SavedResources> {
  const { request, end, resources } = scan;
  const inventory = request.scope.key.startsWith('inventory|') ? request.source.id : null;
  // Of several descriptions of one resource in a scan the last one with the most facts stands.
  const byKey = new Map<
    string,
    { readonly identity: ResourceIdentity; readonly observed: ResourceObservation }
  >();
  for (const observed of resources) {
    const identity = identifyResource(observed.resource, request.naming);
    if ((deleted.get(identity.key) ?? -1) >= (observed.capturedAt ?? end.reportAt)) continue;
    const earlier = byKey.get(identity.key);
    byKey.set(identity.key, {
      identity,
      observed: earlier === undefined ? observed : mergeDescriptions(earlier.observed, observed),
    });
  }
  const knownBetter = await keysKnownFirstHand(
    connection,
    shard,
    [...byKey].flatMap(([key, { observed }]) => (observed.isSecondHand === true ? [key] : [])),
  );
  const rows = [...byKey.values()].map(({ identity, observed }) => {
    const account = observed.account ?? request.account;
    const estate = estateOfObserved(observed, scan);
    const isKnownBetter = observed.isSecondHand === true && knownBetter.has(identity.key);
    if (isKnownBetter) return resourceRow(identity, { ...observed, facts: {} }, account, estate, scan);
    if (estate !== null && Object.keys(observed.facts).length > 0) estates.add(estate);
    return resourceRow(identity, observed, account, estate, scan);
  });
  const retold = await retoldParts(
    connection,
    shard,
    [...byKey].flatMap(([key, { observed }]) =>
      observed.type === 'resource-part'
        ? [{ key, estate: estateOfObserved(observed, scan), facts: observed.facts }]
        : [],
    ),
  );
  // Which of two answers counts moves more than either says by itself: all of it is judged anew.
  let movesPrivileges = retold.length > 0;
  let movesOrganisation = false;
  const before = rows.length <= FOLLOWED_MAX ? new Map<string, EstateRow | null>() : null;
  for (let from = 0; from < rows.length; from += CHUNK) {
    const values = [
      shard,
      JSON.stringify(rows.slice(from, from + CHUNK)),
      request.source.id,
      new Date(end.reportAt),
      inventory,
    ];
    const updated = await connection.query<{
      key: string;
      type: string;
      is_changed: boolean;
      before: JsonRow | null;
      moves_privileges: boolean;
    }>(
      `update resource set
         type = case when word.describes or resource.facts is null then row.type else resource.type end,
         name = case when word.describes or resource.facts is null then row.name else resource.name end,
         listed_by = case when row.facts is null or row.is_second_hand or word.stays_gone or $5 = any(resource.listed_by) then resource.listed_by else array_remove(resource.listed_by || $5, null) end,
         captured_at = greatest(resource.captured_at, case when row.facts is null then row.captured_at else word.at end),
         account = coalesce(row.account, resource.account), region = coalesce(row.region, resource.region),
         estate = coalesce(row.estate, resource.estate), facts = case when word.describes then row.facts else resource.facts end,
         is_second_hand = case when word.describes then row.is_second_hand else resource.is_second_hand end,
         described_in = coalesce(row.described_in, resource.described_in),
         gone_at = case when row.is_second_hand or word.stays_gone then resource.gone_at end,
         gone_with = case when row.is_second_hand or word.stays_gone then resource.gone_with end,
         gone_relations = case when row.is_second_hand or word.stays_gone then resource.gone_relations end,
         source_id = case when word.describes then $3 else coalesce(resource.source_id, $3) end,
         seen_at = case when word.describes then $4 else coalesce(resource.seen_at, $4) end,
         described_at = case when word.describes then word.at else resource.described_at end,
         declared = case when row.declared is null then resource.declared else coalesce(resource.declared, '{}') || row.declared end,
         ${TAGS_BY_TIME}
       from ${ROWS} join resource as before on before.shard = $1 and before.key = row.key
       cross join lateral (select coalesce(row.captured_at, $4::timestamptz) as at, row.facts is not null
         and not (before.facts is not null and before.is_second_hand = row.is_second_hand and coalesce(before.described_at, before.seen_at) > coalesce(row.captured_at, $4)) as describes,
         coalesce(before.gone_at > case when $8 then $4 else coalesce(row.captured_at, $4) end, false) as stays_gone) as word
       where resource.shard = $1 and resource.key = before.key
       returning resource.key, resource.type, (before.account, before.estate, before.region, before.tags) is distinct from (resource.account, resource.estate, resource.region, resource.tags) as is_changed,
         resource.estate like 'aws:%' and ${describedType('resource')} = any($6::text[]) and not (${isBesidePrivileges('before')} and ${isBesidePrivileges('resource')}) and (${privilegeFacts('before')} is distinct from ${privilegeFacts('resource')} or (before.type, before.account, before.estate, before.region, before.tags, before.name, before.gone_at)
           is distinct from (resource.type, resource.account, resource.estate, resource.region, resource.tags, resource.name, resource.gone_at)) as moves_privileges,
         case when $7 and before.facts is not null and before.gone_at is null then to_jsonb(before) end as before`,
      [...values, AWS_PRIVILEGE_TYPES, before !== null, end.coverage !== 'none'],
    );
    for (const { key, type, is_changed, moves_privileges, before: old } of updated.rows) {
      before?.set(key, old === null ? null : withInstants(old));
      if (is_changed) touched.add(key);
      if (moves_privileges) movesPrivileges = true;
      if (moves_privileges && ORGANISATION_TYPES.includes(type)) movesOrganisation = true;
    }
    const inserted = await connection.query<{ key: string; type: string; moves_privileges: boolean }>(
      `insert into resource (shard, key, kind, type, name, account, region, estate, tags, tags_at, tag_times, facts, described_at, source_id, seen_at, listed_by, captured_at, declared, is_second_hand, described_in, production, publicly_accessible, privileged_access)
       select $1, key, kind, type, name, account, region, estate, coalesce(tags, '{}'), case when facts is not null and tags is not null then coalesce(captured_at, $4) end,
         case when facts is null or is_second_hand then ${timesOf('row.tags', 'coalesce(row.captured_at, $4::timestamptz)')} end, facts, case when facts is not null then coalesce(captured_at, $4) end, $3, $4, case when facts is not null and not is_second_hand and $5::text is not null then array[$5] else '{}' end, coalesce(captured_at, $4), declared, is_second_hand, described_in, $7::jsonb, $6::jsonb, $6::jsonb
       from ${ROWS} on conflict (shard, key) do nothing
       returning key, type, estate like 'aws:%' and ${describedType('resource')} = any($8::text[]) and facts is not null and not ${isBesidePrivileges('resource')} as moves_privileges`,
      [...values, JSON.stringify(NOT_DESCRIBED), JSON.stringify(NO_ENVIRONMENT), AWS_PRIVILEGE_TYPES],
    );
    for (const { key, type, moves_privileges } of inserted.rows) {
      before?.set(key, null);
      touched.add(key);
      if (moves_privileges) movesPrivileges = true;
      if (moves_privileges && ORGANISATION_TYPES.includes(type)) movesOrganisation = true;
    }
  }
  return { described: new Set(byKey.keys()), movesPrivileges, movesOrganisation, before };
}

function estateOfObserved(
  { resource, account }: ResourceObservation,
  { request }: AppliedScan,
): string | null {
  return estateOf(resource, account ?? request.account, request.naming);
}

/** A row as JSON, in which times are text. */
type JsonRow = Omit<EstateRow, 'seen_at' | 'described_at'> & {
  readonly seen_at: string;
  readonly described_at: string | null;
};

function withInstants(row: JsonRow): EstateRow {
  const { seen_at, described_at } = row;
  return {
    ...row,
    seen_at: Date.parse(seen_at),
    described_at: described_at === null ? null : Date.parse(described_at),
  };
}

/** What holds data: privileges rest on that it is there, its name and its tags, and on whom its own side lets or refuses. */
const STORES = `('s3-bucket', 'secret', 'dynamodb-table', 'kms-key')`;

/**
 * Whether facts of a store of data may change who is privileged: whatever a policy lets everybody do is nobody's privilege,
 * but of a key nothing is certain before its policy is described.
 */
function singlesOut(type: string, facts: string): string {
  return `(${type} = 'kms-key' and jsonb_exists(coalesce(${facts}, '{}'), 'Policy') or coalesce(${facts} ->> 'Policy', '') ~* '"Deny"|:iam::|:sts::|A[IR][DO]A[0-9A-Z]|"[0-9]{12}"|aws:(principal|user)|DataAccessPoint'
    or jsonb_path_exists(coalesce(${facts}, '{}'), '$.Grants[*].GranteePrincipal'))`;
}

/** What privileges rest on of a description: of a machine its role and whether it runs, of a function its role, of what holds data its key and whom it singles out, of anything else all. */
function privilegeFacts(row: string): string {
  const members = (...names: readonly string[]): string =>
    `jsonb_build_array(${names.map((name) => `${row}.facts -> '${name}'`).join(', ')})`;
  return `case when ${row}.type = 'ec2-instance' then ${members('InstanceId', 'State', 'IamInstanceProfile')}
    when ${row}.type = 'lambda-function' then ${members('FunctionName', 'FunctionArn', 'Role')}
    when ${row}.type in ${STORES} and not ${singlesOut(`${row}.type`, `${row}.facts`)} then ${members('KmsKeyId')}
    when ${row}.type in ${STORES} then ${members('Policy', 'Grants', 'KmsKeyId')} else ${row}.facts end`;
}

/** Whether an answer of its own, a policy or the address of a function, says nothing on which privileges rest. */
function isBesidePrivileges(row: string): string {
  return `(${row}.type = 'resource-part' and (${row}.facts ->> 'OfType' in ${STORES} and not ${singlesOut(`${row}.facts ->> 'OfType'`, `(${row}.facts -> 'Facts')`)}
    or ${row}.facts ->> 'OfType' = 'lambda-function' and not jsonb_exists(coalesce(${row}.facts -> 'Facts', '{}'), 'Role')))`;
}

/** The type that a row is about: lists and parts are of another one. */
function describedType(row: string): string {
  return `case ${row}.type when 'inventory-listing' then ${row}.facts ->> 'Of' when 'resource-part' then ${row}.facts ->> 'OfType' else ${row}.type end`;
}

/** Of each of these tags the time at which it was told. */
function timesOf(tags: string, at: string): string {
  return `coalesce((select jsonb_object_agg(told.key, ${at}) from jsonb_object_keys(${tags}) as told (key)), '{}')`;
}

/**
 * Tags that were told beside a description when this word was, or since, with their times. Those of a description of
 * second hand, which stand with its time, give way to what an inventory tells.
 */
const LATER = `select told.key, resource.tags -> told.key as value, told.at from jsonb_each_text(resource.tag_times) as told (key, at) where told.at::timestamptz >= word.at and not (resource.is_second_hand and not row.is_second_hand and told.at::timestamptz = resource.tags_at)`;
/** The description tells the tags, all of them; one by an inventory also where a report that knew less is newer. */
const TELLS_TAGS = `row.facts is not null and row.tags is not null and (resource.tags_at is null or word.at >= resource.tags_at or (resource.is_second_hand and not row.is_second_hand))`;
/** Some tags are told beside a description that is no newer; of second hand none where an inventory told them, which is all of them. */
const ADDS_TAGS = `row.tags is not null and (row.facts is null or row.is_second_hand) and (resource.tags_at is null or (word.at >= resource.tags_at and (resource.is_second_hand or not row.is_second_hand)))`;

/**
 * Whatever order reports are read in: the newest description that tells tags tells all of them, and what reports told
 * beside it at that time or since is added, of each tag its newest word.
 */
const TAGS_BY_TIME = `tags = case
           when ${TELLS_TAGS} then row.tags || coalesce((select jsonb_object_agg(later.key, later.value) from (${LATER}) as later), '{}')
           when ${ADDS_TAGS} then resource.tags || row.tags || coalesce((select jsonb_object_agg(later.key, later.value) from (${LATER}) as later), '{}')
           else resource.tags end,
         tags_at = case when ${TELLS_TAGS} then word.at when word.describes and resource.is_second_hand and not row.is_second_hand then null else resource.tags_at end,
         tag_times = case
           when ${TELLS_TAGS} then case when row.is_second_hand then ${timesOf('row.tags', 'word.at')} else '{}' end || coalesce((select jsonb_object_agg(later.key, later.at) from (${LATER}) as later), '{}')
           when ${ADDS_TAGS} then coalesce(resource.tag_times, '{}') || ${timesOf('row.tags', 'word.at')} || coalesce((select jsonb_object_agg(later.key, later.at) from (${LATER}) as later), '{}')
           else resource.tag_times end`;

const ROWS =
  'jsonb_to_recordset($2) as row (key text, kind text, type text, name text, account text, region text, estate text, tags jsonb, facts jsonb, captured_at timestamptz, declared jsonb, is_second_hand boolean, described_in text)';

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
     on conflict (shard, key) do update set seen_at = excluded.seen_at, source_id = excluded.source_id, gone_at = null, gone_with = null`,
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
  if (a.isSecondHand === true && b.isSecondHand !== true) return mergeDescriptions(b, a);
  if (b.isSecondHand === true && a.isSecondHand !== true) {
    // Whoever knows but the tags describes nothing that facts of second hand would have to give way to.
    if (Object.keys(a.facts).length === 0)
      return { ...b, tags: { ...b.tags, ...a.tags }, describedIn: a.describedIn ?? b.describedIn };
    return {
      ...a,
      ...(a.tags === undefined && b.tags !== undefined ? { tags: b.tags } : {}),
      describedIn: a.describedIn ?? b.describedIn,
    };
  }
  // The later description stands, where the report tells which one that is.
  if ((a.capturedAt ?? 0) > (b.capturedAt ?? 0)) return mergeDescriptions(b, a);
  const tags = a.tags === undefined && b.tags === undefined ? {} : { tags: { ...a.tags, ...b.tags } };
  return { ...a, ...b, ...tags, facts: { ...a.facts, ...b.facts } };
}

function resourceRow(
  identity: ResourceIdentity,
  observed: ResourceObservation,
  account: string | null,
  estate: string | null,
  {
    declared: words,
    request: {
      naming: { repository },
    },
  }: Pick<AppliedScan, 'declared' | 'request'>,
): Record<string, unknown> {
  const declared = storedWords(words);
  return {
    key: identity.key,
    kind: identity.kind,
    type: observed.type,
    name: oneLine(observed.name || identity.name, 300),
    account,
    region: observed.region ?? null,
    estate,
    tags: observed.tags ?? null,
    declared: Object.keys(declared).length === 0 ? null : declared,
    facts: Object.keys(observed.facts).length === 0 ? null : observed.facts,
    captured_at: instantTextOrNull(observed.capturedAt ?? null),
    is_second_hand: observed.isSecondHand === true,
    described_in:
      observed.describedIn === undefined
        ? null
        : describedText(observed.describedIn, repository).slice(0, PATH_MAX),
  };
}
