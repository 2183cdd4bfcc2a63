import { nameUnder } from '#domain/resource/local-name.ts';
import { keysOfCode } from '#domain/resource/nameless-code.ts';
import type { Connection } from '../database.ts';
import type { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';
import { addIssuesSpokenOf } from './add-issues-spoken-of.ts';
import { addIssuesTouching } from './add-issues-touching.ts';
import { placeResources } from './place-resources.ts';
import { allResourceKeys } from './save-catalogue.ts';

/** Entries that stopped or began to count, as far as their consequences go. */
export interface MovedEntries {
  readonly count: number;
  /** The code whose files have other owners by them, by the keys that findings in it have. */
  readonly repositories: readonly string[];
  /** What statements of VEX among them are about, as they call it. */
  readonly advisories: readonly string[];
  /** Those that say whose services are. */
  readonly services: number;
}

interface EntryRow {
  readonly kind: string;
  readonly repository: string | null;
  readonly advisory: string | null;
  readonly located: readonly { readonly repository: string }[] | null;
}

const MOVED = `kind, body ->> 'repository' as repository, body ->> 'advisory' as advisory, body -> 'codeLocations' as located`;

/** The entries of these scopes count no longer, or count again. */
export async function retireCatalogue(
  connection: Connection,
  shard: bigint,
  scopeIds: readonly bigint[],
  isRetired: boolean,
): Promise<MovedEntries> {
  const result = await connection.query<EntryRow>(
    `update catalogue_entry set is_retired = $3 where shard = $1 and scope_id = any($2::bigint[]) and is_retired <> $3 returning ${MOVED}`,
    [shard, scopeIds, isRetired],
  );
  return movedEntries(result.rows);
}

/** Puts the entries of a scope back as they were; `before` is what `jsonb_agg` of the rows gave, null for none. */
export async function restoreCatalogue(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
  scan: { readonly organisation: bigint; readonly id: string },
): Promise<MovedEntries> {
  const gone = await connection.query<EntryRow>(
    `delete from catalogue_entry where shard = $1 and scope_id = $2 returning ${MOVED}`,
    [shard, scopeId],
  );
  const came = await connection.query<EntryRow>(
    `insert into catalogue_entry select kept.* from scan, jsonb_populate_recordset(null::catalogue_entry, scan.before -> 'catalogue') as kept
     where scan.organisation = $1 and scan.id = $2 and jsonb_typeof(scan.before -> 'catalogue') = 'array' returning ${MOVED}`,
    [scan.organisation, scan.id],
  );
  return movedEntries([...gone.rows, ...came.rows]);
}

/**
 * Gives the entries of one scope to another one of another source. Of files that both name, those of the scope with the
 * later report stand.
 */
export async function giveCatalogue(
  connection: Connection,
  shard: bigint,
  from: { readonly sourceId: string; readonly scopeId: bigint },
  to: { readonly sourceId: string; readonly scopeId: bigint; readonly isLater: boolean },
): Promise<MovedEntries> {
  const taken = await connection.query<
    EntryRow & { file: string; entity: string; body: Record<string, unknown>; is_retired: boolean }
  >(
    `delete from catalogue_entry where shard = $1 and source_id = $2 and scope_id = $3 returning file, entity, body, is_retired, ${MOVED}`,
    [shard, from.sourceId, from.scopeId],
  );
  const files = [...new Set(taken.rows.map((row) => row.file))];
  const known = await connection.query<EntryRow & { file: string }>(
    `select file, ${MOVED} from catalogue_entry where shard = $1 and source_id = $2 and scope_id = $3 and file = any($4::text[])`,
    [shard, to.sourceId, to.scopeId, files],
  );
  if (!to.isLater)
    await connection.query(
      'delete from catalogue_entry where shard = $1 and source_id = $2 and scope_id = $3 and file = any($4::text[])',
      [shard, to.sourceId, to.scopeId, files],
    );
  const standing = new Set(to.isLater ? known.rows.map((row) => row.file) : []);
  const given = taken.rows
    .filter((row) => !standing.has(row.file))
    .map(({ repository, ...row }) => ({
      ...row,
      repository:
        repository === null ? null : (nameUnder(repository, from.sourceId, to.sourceId) ?? repository),
    }))
    .map((row) => ({
      ...row,
      body: row.repository === null ? row.body : { ...row.body, repository: row.repository },
    }));
  await connection.query(
    `insert into catalogue_entry (shard, source_id, scope_id, file, entity, kind, body, is_retired)
     select $1, $2, $3, file, entity, kind, body, is_retired from jsonb_to_recordset($4) as entry (file text, entity text, kind text, body jsonb, is_retired boolean)`,
    [shard, to.sourceId, to.scopeId, JSON.stringify(given)],
  );
  return movedEntries([...taken.rows, ...known.rows, ...given]);
}

function movedEntries(rows: readonly EntryRow[]): MovedEntries {
  const repositories = rows.flatMap((row) => [
    ...(row.repository === null ? [] : keysOfCode(row.repository)),
    ...(row.located ?? []).map(({ repository }) => `repo:${repository}`),
  ]);
  return {
    count: rows.length,
    repositories: [...new Set(repositories)],
    advisories: [...new Set(rows.flatMap((row) => row.advisory ?? []))],
    services: rows.filter((row) => row.kind !== 'vex').length,
  };
}

/** Derives anew whose resources and files are after entries moved, and adds the issues that this is about. */
export async function followCatalogue(
  connection: Connection,
  organisation: Organisation,
  moved: readonly MovedEntries[],
  issueIds: IssueIds,
): Promise<void> {
  const { shard } = organisation;
  await addIssuesSpokenOf(
    connection,
    organisation,
    moved.flatMap((each) => each.advisories),
    issueIds,
  );
  if (moved.every(({ services }) => services === 0)) return;
  const keys = new Set(await allResourceKeys(connection, shard));
  const placed = await placeResources(connection, shard, new Set(), keys);
  const repositories = moved.flatMap((each) => each.repositories);
  const touched = new Set([...placed.keys, ...repositories]);
  await addIssuesTouching(connection, organisation, touched, issueIds, placed.leftServices);
}
