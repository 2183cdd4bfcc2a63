import type { Instant } from '#base/instant.ts';
import { controlById } from '#domain/control/control-catalogue.ts';
import { impliedRisks } from '#domain/control/implied-risks.ts';
import type { ObservedCheck } from '#domain/control/name-check.ts';
import { withoutTool } from '#domain/control/tool-check.ts';
import type { FindingIdentity } from '#domain/finding/identify-finding.ts';
import {
  contentAsObserved,
  contentHash,
  contentText,
  mergeSightings,
  type SightingContent,
} from '#domain/finding/sighting.ts';
import { renamedCover } from '#domain/scan/cover-unit.ts';
import { severityRank } from '#domain/severity/severity.ts';
import type { Connection } from '../database.ts';
import { checksText } from '../import/merge-repeated.ts';
import { forgetDigests } from '../import/sighting-digest.ts';

/** A sighting that has another identity now, or several. */
export interface MovedSighting {
  readonly scopeId: bigint;
  /** Its fingerprint until now. */
  readonly own: string;
  /** The finding that it belonged to. */
  readonly finding: string;
  /** `tool:check` until now. */
  readonly rule: string;
  readonly targets: readonly {
    readonly identity: FindingIdentity;
    readonly checks: readonly ObservedCheck[] | null;
  }[];
}

interface StoredSighting {
  readonly scope_id: bigint;
  readonly fingerprint: string;
  readonly occurrences: number;
  readonly cover: bigint;
  readonly finding_class: string | null;
  readonly rule: string | null;
  readonly checks: readonly ObservedCheck[] | null;
  readonly first_seen: Instant;
  readonly changed_at: Instant;
  readonly gone_at: Instant | null;
  readonly gone_why: string | null;
  readonly held_since: Instant | null;
  readonly held_why: string | null;
  readonly content: SightingContent;
  readonly covers: readonly string[];
}

/**
 * Stores sightings under their new fingerprints. Two of one scope that become one are both seen where both were open:
 * then they are merged as if one report had shown them as one; else the later one stands, seen first when the first was.
 */
export async function moveSightings(
  connection: Connection,
  shard: bigint,
  moved: readonly MovedSighting[],
): Promise<void> {
  const keys = moved.flatMap(({ scopeId, own, targets }) =>
    [own, ...targets.map(({ identity }) => identity.fingerprint)].map((fingerprint) => ({
      scopeId,
      fingerprint,
    })),
  );
  await forgetDigests(connection, shard, [...new Set(moved.map(({ scopeId }) => scopeId))]);
  const values = [shard, keys.map((key) => String(key.scopeId)), keys.map((key) => key.fingerprint)];
  const NAMED = 'unnest($2::bigint[], $3::uuid[]) as named (scope_id, fingerprint)';
  const stored = await connection.query<StoredSighting>(
    `select distinct on (sighting.scope_id, sighting.fingerprint) sighting.scope_id, sighting.fingerprint, occurrences, cover, finding_class, rule, checks, first_seen, changed_at, gone_at, gone_why, held_since, held_why, content,
       array(select cover::text from sighting_cover where sighting_cover.shard = $1 and sighting_cover.scope_id = sighting.scope_id and sighting_cover.fingerprint = sighting.fingerprint) as covers
     from ${NAMED} join sighting on sighting.shard = $1 and sighting.scope_id = named.scope_id and sighting.fingerprint = named.fingerprint`,
    values,
  );
  const known = new Map(stored.rows.map((row) => [keyOf(row.scope_id, row.fingerprint), row]));
  const after = new Map<string, StoredSighting>();
  const goes = new Set(moved.map(({ scopeId, own }) => keyOf(scopeId, own)));
  for (const [key, row] of known) if (!goes.has(key)) after.set(key, row);
  for (const { scopeId, own, rule, targets } of moved) {
    const before = known.get(keyOf(scopeId, own));
    if (before === undefined) continue;
    for (const { identity, checks } of targets) {
      const key = keyOf(scopeId, identity.fingerprint);
      const row: StoredSighting = {
        ...before,
        fingerprint: identity.fingerprint,
        rule: identity.toolCheck,
        checks,
        ...renamedUnits(before, rule, identity, checks),
        content: impliedAnew(before.content, rule, before.checks, identity, checks),
      };
      const other = after.get(key);
      after.set(key, other === undefined ? row : united(row, other));
    }
  }
  for (const table of ['sighting_cover', 'sighting'])
    await connection.query(
      `delete from ${table} using ${NAMED} where ${table}.shard = $1 and ${table}.scope_id = named.scope_id and ${table}.fingerprint = named.fingerprint`,
      values,
    );
  const rows = [...after.values()].map((row) => {
    // What several entries were merged into has been stored before; what one said has not.
    const text = contentText(row.occurrences === 1 ? contentAsObserved(row.content) : row.content);
    return {
      ...row,
      scope_id: String(row.scope_id),
      cover: String(row.cover),
      content_hash: String(contentHash(text)),
      severity: row.content.severity === null ? null : severityRank(row.content.severity),
      is_fixable: row.content.fixable,
      checks: row.checks === null ? null : JSON.parse(checksText([row.checks])),
      first_seen: new Date(row.first_seen),
      changed_at: new Date(row.changed_at),
      gone_at: row.gone_at === null ? null : new Date(row.gone_at),
      held_since: row.held_since === null ? null : new Date(row.held_since),
    };
  });
  await connection.query(
    `insert into sighting (shard, scope_id, fingerprint, content_hash, occurrences, cover, finding_class, severity, is_fixable, rule, checks, first_seen, changed_at, gone_at, gone_why, held_since, held_why, content)
     select $1, scope_id, fingerprint, content_hash, occurrences, cover, finding_class, severity, is_fixable, rule, checks, first_seen, changed_at, gone_at, gone_why, held_since, held_why, content
     from jsonb_to_recordset($2) as row (scope_id bigint, fingerprint uuid, content_hash bigint, occurrences integer, cover bigint, finding_class text, severity smallint, is_fixable boolean, rule text, checks jsonb,
       first_seen timestamptz, changed_at timestamptz, gone_at timestamptz, gone_why text, held_since timestamptz, held_why text, content jsonb)`,
    [shard, JSON.stringify(rows)],
  );
  await connection.query(
    `insert into sighting_cover (shard, scope_id, fingerprint, cover) select $1, scope_id, fingerprint, unnest(covers)
     from jsonb_to_recordset($2) as row (scope_id bigint, fingerprint uuid, covers bigint[])`,
    [shard, JSON.stringify(rows)],
  );
}

/** The units of coverage that are named after a check have its new name. */
function renamedUnits(
  before: StoredSighting,
  rule: string,
  identity: FindingIdentity,
  checks: readonly ObservedCheck[] | null,
): Pick<StoredSighting, 'cover' | 'covers'> {
  const to = identity.toolCheck ?? rule;
  const renames =
    checks === null || before.checks?.length !== checks.length
      ? [[rule, to] as const]
      : checks.map(({ check }, index) => [before.checks?.[index]?.check ?? rule, check] as const);
  const rename = (cover: bigint) =>
    renames.reduce((unit, [from, now]) => renamedCover(unit, withoutTool(from), withoutTool(now)), cover);
  return { cover: rename(before.cover), covers: before.covers.map((each) => String(rename(BigInt(each)))) };
}

function keyOf(scopeId: bigint, fingerprint: string): string {
  return `${scopeId} ${fingerprint}`;
}

function isShown({ gone_at, held_since }: StoredSighting): boolean {
  return gone_at === null && held_since === null;
}

function united(a: StoredSighting, b: StoredSighting): StoredSighting {
  const later = isLater(a, b) ? a : b;
  const units = [
    ...new Set([a, b].flatMap((each) => (each.covers.length > 0 ? each.covers : [String(each.cover)]))),
  ];
  const both = isShown(a) && isShown(b);
  return {
    ...later,
    first_seen: Math.min(a.first_seen, b.first_seen),
    ...(both
      ? {
          content: mergeSightings([a.content, b.content]),
          occurrences: a.occurrences + b.occurrences,
          checks: a.checks === null || b.checks === null ? later.checks : [...a.checks, ...b.checks],
          changed_at: Math.max(a.changed_at, b.changed_at),
          cover: BigInt(units.toSorted()[0] as string),
          covers: units.length > 1 ? units : [],
        }
      : {}),
  };
}

/** Which of two says what is so: one that is shown before one that is not, then the one that changed last. */
function isLater(a: StoredSighting, b: StoredSighting): boolean {
  if (isShown(a) !== isShown(b)) return isShown(a);
  return Math.max(a.changed_at, a.gone_at ?? 0) > Math.max(b.changed_at, b.gone_at ?? 0);
}

/** What a control implies names the check: the words of the old names go, those of the new ones come. */
function impliedAnew(
  content: SightingContent,
  rule: string,
  before: readonly ObservedCheck[] | null,
  identity: FindingIdentity,
  checks: readonly ObservedCheck[] | null,
): SightingContent {
  const old = new Set([rule, ...(before ?? []).map(({ check }) => check)]);
  const own = content.implies.filter(
    ({ sentence }) => ![...old].some((check) => sentence.endsWith(`(${check}).`)),
  );
  const control = identity.control === null ? null : controlById(identity.control);
  if (control === null || identity.type === 'iac_misconfiguration') return { ...content, implies: own };
  const named = checks === null ? [identity.toolCheck ?? rule] : checks.map(({ check }) => check);
  const implied = [...new Set(named)].flatMap((check) =>
    impliedRisks(control, check).map(({ risk, sentence }) => ({ risk, state: 'yes' as const, sentence })),
  );
  return { ...content, implies: [...own, ...implied] };
}
