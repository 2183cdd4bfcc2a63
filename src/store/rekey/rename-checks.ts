import type { Instant } from '#base/instant.ts';
import type { CheckName, ObservedCheck } from '#domain/control/name-check.ts';
import { type FindingIdentity, identityOf } from '#domain/finding/identify-finding.ts';
import { refreshPaths } from '../attackpath/refresh-paths.ts';
import { type Connection, inTransaction, lockImports, type Pool } from '../database.ts';
import { recordEvent } from '../events.ts';
import { refreshFindings } from '../findings.ts';
import { forgetJournal } from '../import/scan-journal.ts';
import type { Organisation } from '../organisation.ts';
import { rollUpIssues } from '../roll-up.ts';
import type { Move } from './move.ts';
import { moveFindings } from './move-findings.ts';
import { type MovedSighting, moveSightings } from './move-sightings.ts';
import { IDENTITY_COLUMNS, type IdentityRow, identityOfRow, saveRekeyed } from './rekeyed.ts';
import { loadAliases } from './stored-aliases.ts';

/** The names of checks that a program ships with. */
export interface CheckNames {
  readonly version: string;
  nameOf(check: ObservedCheck): CheckName;
  /** Of a check of which nothing is known but what it meant. */
  renamed(known: CheckName): CheckName;
}

interface CheckRow extends IdentityRow {
  readonly scope_id: bigint;
  /** Of the sighting. */
  readonly own: string;
  /** Where it belongs. */
  readonly finding: string;
  readonly rule: string;
  readonly checks: readonly ObservedCheck[] | null;
}

const EVENT_MOVES_MAX = 50;

/**
 * Identifies stored findings anew where checks have other names or mean other controls than when they were identified,
 * as after a newer program starts: the result is as if the names had been known first (design: identity, aliases and
 * scope). Sightings get the fingerprints that reports have from now on, findings and decisions follow. One process does
 * it, in one transaction, and it is done once. Answers how many sightings moved.
 */
export async function followCheckNames(
  pool: Pool,
  organisation: Organisation,
  now: Instant,
  names: CheckNames,
): Promise<number> {
  const { rows } = await pool.query<{ check_names: string | null }>(KNOWN_NAMES, [organisation.id]);
  if (rows[0]?.check_names === names.version) return 0;
  return inTransaction(pool, async (connection) => {
    await lockImports(connection, organisation.id);
    const known = await connection.query<{ check_names: string | null }>(KNOWN_NAMES, [organisation.id]);
    const before = known.rows[0]?.check_names ?? null;
    if (before === names.version) return 0;
    const moved = await renameChecks(connection, organisation, now, names);
    await connection.query('update organisation set check_names = $2 where id = $1', [
      organisation.id,
      names.version,
    ]);
    if (moved.length > 0)
      recordEvent(connection, organisation.shard, {
        at: now,
        actor: 'program',
        verb: 're-key',
        subject: `organisation:${organisation.id}`,
        details: {
          checks: { from: before, to: names.version },
          moved: moved.length,
          findings: moved.slice(0, EVENT_MOVES_MAX),
        },
      });
    return moved.length;
  });
}

const KNOWN_NAMES = 'select check_names from organisation where id = $1';

async function renameChecks(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  names: CheckNames,
): Promise<readonly { readonly from: string; readonly to: string }[]> {
  const { shard } = organisation;
  const renamed = await renamedSightings(connection, shard, names);
  const unseen = await renamedUnseen(connection, shard, names);
  if (renamed.length === 0 && unseen.length === 0) return [];
  await moveSightings(connection, shard, renamed);
  const aliases = await loadAliases(connection, organisation);
  const inUse = (identity: FindingIdentity) => aliases.rekeyed(identity) ?? identity;
  await connection.query(
    `delete from rekeyed where shard = $1 and own = any($2::uuid[])
       and not exists (select from sighting where sighting.shard = $1 and sighting.fingerprint = rekeyed.own)`,
    [shard, renamed.map(({ own }) => own)],
  );
  await saveRekeyed(
    connection,
    shard,
    renamed
      .flatMap(({ targets }) => targets)
      .map(({ identity }) => ({ own: identity, finding: inUse(identity) }))
      .filter(({ own, finding }) => own.fingerprint !== finding.fingerprint),
    new Date(now),
  );
  const moves = new Map<string, Move>();
  for (const { finding: from, targets } of [...renamed, ...unseen])
    for (const { identity } of targets) {
      const to = inUse(identity);
      if (to.fingerprint !== from)
        moves.set(`${from} ${identity.fingerprint}`, {
          from,
          to,
          own: identity.fingerprint,
          isMember: false,
          parting: null,
        });
    }
  await moveFindings(connection, organisation, now, [...moves.values()]);
  const stayed = await spellAnew(connection, shard, [...renamed, ...unseen], inUse);
  const refreshed = await refreshFindings(connection, organisation, stayed, { at: now, why: new Map() });
  await rollUpIssues(connection, organisation, now, refreshed.issueIds);
  await refreshPaths(connection, organisation, now);
  const scopes = [...new Set(renamed.map((each) => each.scopeId))];
  await forgetJournal(connection, shard, scopes, null);
  await connection.query('delete from entry_memory where shard = $1 and scope_id = any($2::bigint[])', [
    shard,
    scopes,
  ]);
  // What is kept of their scans to take them back has other names.
  await connection.query(
    'update scan set before = null where organisation = $1 and scope_id = any($2::bigint[])',
    [organisation.id, scopes],
  );
  return [...moves.values()].map(({ from, to }) => ({ from, to: to.fingerprint }));
}

/** The sightings whose checks have another name or mean something else now. */
async function renamedSightings(
  connection: Connection,
  shard: bigint,
  names: CheckNames,
): Promise<readonly MovedSighting[]> {
  const kinds = await connection.query<CheckKind>(
    `select distinct rule, checks, type, control, tool_check from (${OWNED}) as owned`,
    [shard],
  );
  const changed = kinds.rows.filter((kind) => isChanged(kind, targetsOf(kind, names)));
  if (changed.length === 0) return [];
  const rows = await connection.query<CheckRow>(
    `select owned.* from (${OWNED}) as owned join jsonb_to_recordset($2) as kind (rule text, checks jsonb, type text, control text, tool_check text)
       on kind.rule = owned.rule and kind.type = owned.type and kind.checks is not distinct from owned.checks
       and kind.control is not distinct from owned.control and kind.tool_check is not distinct from owned.tool_check`,
    [shard, JSON.stringify(changed)],
  );
  return rows.rows.map((row) => ({
    scopeId: row.scope_id,
    own: row.own,
    finding: row.finding,
    rule: row.rule,
    targets: targetsOf(row, names).map(({ name, checks }) => ({
      identity: identityOf({ ...identityOfRow(row), ...name }),
      checks,
    })),
  }));
}

type CheckKind = Pick<CheckRow, 'rule' | 'checks' | 'type' | 'control' | 'tool_check'>;

/** Sightings of checks, with the identity that their fingerprint has. */
const OWNED = `select sighting.scope_id, sighting.fingerprint as own, coalesce(rekeyed.fingerprint, sighting.fingerprint) as finding, sighting.rule, sighting.checks,
    identity.type, identity.advisory, identity.control, identity.tool_check, identity.resource_key, identity.resource_kind, identity.resource_name, identity.place, identity.mark
  from sighting left join rekeyed on rekeyed.shard = sighting.shard and rekeyed.own = sighting.fingerprint
  join finding on finding.shard = sighting.shard and finding.fingerprint = coalesce(rekeyed.fingerprint, sighting.fingerprint)
  cross join lateral jsonb_to_record(coalesce(rekeyed.identity, jsonb_build_object('type', finding.type, 'control', finding.control, 'tool_check', finding.tool_check, 'resource_key', finding.resource_key,
    'resource_kind', finding.resource_kind, 'resource_name', finding.resource_name, 'place', finding.place, 'mark', finding.mark)))
    as identity (type text, advisory text, control text, tool_check text, resource_key text, resource_kind text, resource_name text, place text, mark text)
  where sighting.shard = $1 and sighting.rule like '%:%'`;

interface Target {
  readonly name: CheckName;
  readonly checks: readonly ObservedCheck[] | null;
}

/** What the checks of a sighting are now: several where they were one and part. */
function targetsOf({ rule, checks, type, control }: CheckKind, names: CheckNames): readonly Target[] {
  if (checks === null || checks.length === 0)
    return [{ name: names.renamed({ type, control, toolCheck: rule }), checks: null }];
  const targets = new Map<string, Target & { readonly checks: readonly ObservedCheck[] }>();
  for (const check of checks) {
    const name = names.nameOf(check);
    const key = `${name.type}|${name.control ?? name.toolCheck}`;
    const known = targets.get(key);
    targets.set(key, {
      name: known?.name ?? name,
      checks: [...(known?.checks ?? []), { ...check, check: name.toolCheck }],
    });
  }
  return [...targets.values()];
}

function isChanged({ rule, checks, type, control }: CheckKind, targets: readonly Target[]): boolean {
  const [only, ...others] = targets;
  return (
    only === undefined ||
    others.length > 0 ||
    only.name.type !== type ||
    only.name.control !== control ||
    (checks === null || checks.length === 0
      ? only.name.toolCheck !== rule
      : (only.checks ?? []).some((check, index) => check.check !== checks[index]?.check))
  );
}

interface Unseen {
  readonly finding: string;
  readonly rule: string;
  readonly targets: readonly { readonly identity: FindingIdentity }[];
}

/** Closed findings of which no sighting is kept: what was decided about them waits for their return. */
async function renamedUnseen(
  connection: Connection,
  shard: bigint,
  names: CheckNames,
): Promise<readonly Unseen[]> {
  const result = await connection.query<IdentityRow & { readonly fingerprint: string }>(
    `select fingerprint, ${IDENTITY_COLUMNS} from finding where shard = $1 and tool_check is not null
       and not exists (select from sighting where sighting.shard = $1 and sighting.fingerprint = finding.fingerprint)
       and not exists (select from rekeyed where rekeyed.shard = $1 and rekeyed.fingerprint = finding.fingerprint)`,
    [shard],
  );
  return result.rows.flatMap((row) => {
    const own = identityOfRow(row);
    const { type, control, toolCheck } = own;
    if (toolCheck === null) return [];
    const name = names.renamed({ type, control, toolCheck });
    if (name.type === type && name.control === control && name.toolCheck === toolCheck) return [];
    return [
      { finding: row.fingerprint, rule: toolCheck, targets: [{ identity: identityOf({ ...own, ...name }) }] },
    ];
  });
}

/** Findings that were there already under their new name show the new spelling of their check. Answers which they are. */
async function spellAnew(
  connection: Connection,
  shard: bigint,
  renamed: readonly Unseen[],
  inUse: (identity: FindingIdentity) => FindingIdentity,
): Promise<readonly string[]> {
  const spelled = renamed.flatMap(({ rule, targets }) =>
    targets.map(({ identity }) => ({
      fingerprint: inUse(identity).fingerprint,
      rule,
      now: identity.toolCheck,
    })),
  );
  await connection.query(
    `update finding set tool_check = spelled.now from unnest($2::uuid[], $3::text[], $4::text[]) as spelled (fingerprint, rule, now)
     where finding.shard = $1 and finding.fingerprint = spelled.fingerprint and finding.tool_check = spelled.rule`,
    [
      shard,
      spelled.map((each) => each.fingerprint),
      spelled.map((each) => each.rule),
      spelled.map((each) => each.now),
    ],
  );
  return [...new Set(spelled.map((each) => each.fingerprint))];
}
