import type { Instant } from '#base/instant.ts';
import { type Alias, Aliases } from '#domain/finding/aliases.ts';
import type { ResourceIdentity } from '#domain/resource/resource-key.ts';
import type { Queryable } from '../database.ts';
import type { Organisation } from '../organisation.ts';

interface AliasRow {
  readonly kind: Alias['kind'];
  readonly name: string;
  readonly target: string;
  readonly target_kind: ResourceIdentity['kind'] | null;
  readonly target_name: string | null;
}

/** All aliases that stand. */
export async function loadAliases(db: Queryable, { id }: Organisation): Promise<Aliases> {
  const result = await db.query<AliasRow>({
    name: 'aliases',
    text: 'select kind, name, target, target_kind, target_name from alias where organisation = $1 and withdrawn_at is null',
    values: [id],
  });
  return new Aliases(result.rows.map(aliasOf));
}

function aliasOf(row: AliasRow): Alias {
  if (row.kind === 'advisory') return { kind: 'advisory', name: row.name, target: row.target };
  return {
    kind: row.kind,
    name: row.name,
    target: { key: row.target, kind: row.target_kind ?? 'host', name: row.target_name ?? row.target },
  };
}

/** A number that changes with every change of the aliases. */
export async function aliasVersion(db: Queryable, { id }: Organisation): Promise<bigint> {
  const result = await db.query<{ alias_version: bigint }>({
    name: 'alias-version',
    text: 'select alias_version from organisation where id = $1',
    values: [id],
  });
  return result.rows[0]?.alias_version ?? 0n;
}

export async function countAliasChange(db: Queryable, { id }: Organisation): Promise<void> {
  await db.query('update organisation set alias_version = alias_version + 1 where id = $1', [id]);
}

/** Stores those that are new; one that a person withdrew stays withdrawn. Answers how many were new. */
export async function saveAliases(
  db: Queryable,
  organisation: Organisation,
  aliases: readonly Alias[],
  origin: string,
  at: Instant,
): Promise<number> {
  const rows = aliases.map((alias) =>
    alias.kind === 'advisory'
      ? { kind: alias.kind, name: alias.name, target: alias.target, target_kind: null, target_name: null }
      : {
          kind: alias.kind,
          name: alias.name,
          target: alias.target.key,
          target_kind: alias.target.kind,
          target_name: alias.target.name,
        },
  );
  const result = await db.query(
    `insert into alias (organisation, kind, name, target, target_kind, target_name, origin, learned_at)
     select distinct on (kind, name, target) $1::bigint, kind, name, target, target_kind, target_name, $3, $4::timestamptz
     from jsonb_to_recordset($2) as learned (kind text, name text, target text, target_kind text, target_name text)
     order by kind, name, target
     on conflict (organisation, kind, name, target) do nothing`,
    [organisation.id, JSON.stringify(rows), origin, new Date(at)],
  );
  const count = result.rowCount ?? 0;
  if (count > 0) await countAliasChange(db, organisation);
  return count;
}
