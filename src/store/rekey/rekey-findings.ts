import type { Instant } from '#base/instant.ts';
import type { Aliases } from '#domain/finding/aliases.ts';
import type { FindingIdentity } from '#domain/finding/identify-finding.ts';
import type { ResourceIdentity } from '#domain/resource/resource-key.ts';
import type { Connection } from '../database.ts';
import { addIssuesTouching } from '../estate/add-issues-touching.ts';
import { addWordsOfOtherNames } from '../estate/declared-words.ts';
import { placeResources } from '../estate/place-resources.ts';
import { recordEvent } from '../events.ts';
import { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';
import { rollUpIssues } from '../roll-up.ts';
import type { Move, United } from './move.ts';
import { moveFindings } from './move-findings.ts';
import { IDENTITY_COLUMNS, type IdentityRow, identityOfRow, saveRekeyed } from './rekeyed.ts';

/** An identity that sightings have, and the finding to which they belong now. */
interface Owned {
  readonly own: FindingIdentity;
  readonly finding: string;
  readonly parting: Move['parting'];
}

const EVENT_MOVES_MAX = 50;

/**
 * Gives every sighting whose names have another name in use now to the finding of that name (design:
 * identity, aliases). `before` are the aliases under which the findings lie. Run again it changes nothing.
 * `keep` is told which findings are about to change. Answers how many identities moved.
 */
export async function rekeyFindings(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  before: Aliases,
  aliases: Aliases,
  actor: string,
  keep: (fingerprints: readonly string[]) => Promise<void> = async () => undefined,
): Promise<number> {
  const { shard } = organisation;
  const changed = aliases.changedFrom(before);
  if (changed.advisories.length === 0 && changed.resources.length === 0) return 0;
  const owned = [
    ...(await movedBefore(connection, shard, changed)),
    ...(await neverMoved(connection, shard, changed)),
  ];
  const moves: Move[] = [];
  const rekeyed: { own: FindingIdentity; finding: FindingIdentity }[] = [];
  const home: string[] = [];
  const renamed = new Map<string, ResourceIdentity>();
  for (const { own, finding, parting } of owned) {
    const to = aliases.rekeyed(own) ?? own;
    if (to.fingerprint === finding) continue;
    const isMember = aliases.isMember(own.resource);
    moves.push({ own: own.fingerprint, from: finding, to, isMember, parting });
    // Machines stay places of their own within their group, with what was said of each.
    if (!isMember && to.resource.key !== own.resource.key) renamed.set(own.resource.key, to.resource);
    if (to.fingerprint === own.fingerprint) home.push(own.fingerprint);
    else rekeyed.push({ own, finding: to });
  }
  if (moves.length === 0) return 0;
  await keep(moves.flatMap(({ from, to }) => [from, to.fingerprint]));
  await saveRekeyed(connection, shard, rekeyed, new Date(now));
  await connection.query('delete from rekeyed where shard = $1 and own = any($2::uuid[])', [shard, home]);
  await moveFindings(connection, organisation, now, moves);
  await carryWords(connection, organisation, now, renamed);
  recordEvent(connection, shard, {
    at: now,
    actor,
    verb: 're-key',
    subject: `organisation:${organisation.id}`,
    details: {
      moved: moves.length,
      advisories: changed.advisories.slice(0, EVENT_MOVES_MAX),
      resources: changed.resources.slice(0, EVENT_MOVES_MAX),
      findings: moves.slice(0, EVENT_MOVES_MAX).map(({ from, to }) => ({ from, to: to.fingerprint })),
    },
  });
  return moves.length;
}

/** What people said of things under another name stands behind what they said under the name in use. */
async function carryWords(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  renamed: ReadonlyMap<string, ResourceIdentity>,
): Promise<void> {
  if (renamed.size === 0) return;
  const { shard } = organisation;
  const keys = await addWordsOfOtherNames(connection, shard, renamed);
  if (keys.length === 0) return;
  const placed = await placeResources(connection, shard, new Set(), new Set(keys));
  const issueIds = new IssueIds();
  await addIssuesTouching(connection, organisation, new Set(placed.keys), issueIds, placed.leftServices);
  await rollUpIssues(connection, organisation, now, issueIds);
}

type Changed = ReturnType<Aliases['changedFrom']>;

async function movedBefore(
  connection: Connection,
  shard: bigint,
  changed: Changed,
): Promise<readonly Owned[]> {
  const result = await connection.query<{
    fingerprint: string;
    identity: IdentityRow;
    at: Instant;
    united: United | readonly never[];
  }>(
    'select fingerprint, identity, at, united from rekeyed where shard = $1 and (advisory = any($2::text[]) or resource_key = any($3::text[]))',
    [shard, changed.advisories, changed.resources],
  );
  return result.rows.map(({ fingerprint, identity, at, united }) => ({
    own: identityOfRow(identity),
    finding: fingerprint,
    parting: { since: at, united: 'own' in united ? united : null },
  }));
}

/** Findings that have sightings of their own fingerprint. */
async function neverMoved(
  connection: Connection,
  shard: bigint,
  changed: Changed,
): Promise<readonly Owned[]> {
  const result = await connection.query<IdentityRow & { readonly fingerprint: string }>(
    `select fingerprint, ${IDENTITY_COLUMNS} from finding
     where shard = $1 and (advisory = any($2::text[]) or resource_key = any($3::text[]))
       and not exists (select from rekeyed where rekeyed.shard = $1 and rekeyed.own = finding.fingerprint)
       and (exists (select from sighting where sighting.shard = $1 and sighting.fingerprint = finding.fingerprint)
         or not exists (select from rekeyed where rekeyed.shard = $1 and rekeyed.fingerprint = finding.fingerprint))`,
    [shard, changed.advisories, changed.resources],
  );
  return result.rows.map((row) => ({ own: identityOfRow(row), finding: row.fingerprint, parting: null }));
}
