import { digestOfText } from '#base/digest.ts';
import { spelledAdvisory } from '#domain/finding/advisory-name.ts';
import type { VexObservation } from '#domain/finding/observation.ts';
import { builtFrom, Catalogue, type CatalogueEntry, SOURCE_LABEL } from '#domain/resource/catalogue.ts';
import { describedPlace } from '#domain/resource/described-place.ts';
import { keysOfCode } from '#domain/resource/nameless-code.ts';
import { identifyResource } from '#domain/resource/resource-key.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import { NO_RESOURCES } from './rows-of-no-resource.ts';

/** What a scan of a catalogue moved. */
export interface MovedCatalogue {
  /** Entries of services are new, other ones, or gone. */
  readonly isMoved: boolean;
  /** Code whose files have other owners now, by the keys that findings in it have. */
  readonly repositories: readonly string[];
  /** What statements of VEX are about that came, changed or went, as they call it. */
  readonly advisories: readonly string[];
  /** Entries that their file no longer names. */
  readonly takenBack: number;
}

const NOTHING_MOVED: MovedCatalogue = { isMoved: false, repositories: [], advisories: [], takenBack: 0 };

interface StoredEntry {
  readonly file: string;
  readonly entity: string;
  readonly kind: 'service' | 'code-owners' | 'vex';
  readonly body: object;
}

interface MovedRow {
  readonly kind: StoredEntry['kind'];
  readonly repository: string | null;
  readonly advisory: string | null;
  readonly located: readonly { readonly repository: string }[] | null;
}

const MOVED = `kind, body ->> 'repository' as repository, body ->> 'advisory' as advisory, body -> 'codeLocations' as located`;

/**
 * Keeps the entries of service catalogues and the CODEOWNERS files that a scan tells. What a file that was read to its
 * end no longer names is taken back; with `--complete` also what the scope's other files said. A partial scan only adds.
 */
export async function saveCatalogue(
  connection: Connection,
  shard: bigint,
  scan: AppliedScan,
): Promise<MovedCatalogue> {
  const { request, scopeId, end, catalogueUnits } = scan;
  if (catalogueUnits.size === 0) return NOTHING_MOVED;
  const entries = entriesOf(scan);
  const values = [shard, request.source.id, scopeId, JSON.stringify(entries)];
  const located = await connection.query<Pick<MovedRow, 'located'>>(
    `select body -> 'codeLocations' as located from catalogue_entry where shard = $1 and source_id = $2 and scope_id = $3 and body ? 'codeLocations'`,
    values.slice(0, 3),
  );
  const came = await connection.query<MovedRow>(
    `insert into catalogue_entry (shard, source_id, scope_id, file, entity, kind, body)
     select $1, $2, $3, file, entity, kind, body from jsonb_to_recordset($4) as entry (file text, entity text, kind text, body jsonb)
     on conflict (shard, source_id, scope_id, file, entity) do update set body = excluded.body, is_retired = false
     where catalogue_entry.body is distinct from excluded.body or catalogue_entry.is_retired returning ${MOVED}`,
    values,
  );
  const isListed = end.coverage !== 'none';
  const gone = await connection.query<MovedRow>(
    `delete from catalogue_entry where shard = $1 and source_id = $2 and (
       scope_id = $3 and ($6 or kind = 'vex') and (file = any($5::text[]) or $7)
         and not exists (select from jsonb_to_recordset($4) as entry (file text, entity text) where entry.file = catalogue_entry.file and entry.entity = catalogue_entry.entity)
       or file = '' and exists (select from jsonb_array_elements($4) as entry where entry -> 'body' ->> 'service' = catalogue_entry.entity))
     returning ${MOVED}`,
    [...values, [...catalogueUnits], isListed, end.isDeclaredComplete],
  );
  const moved = [...came.rows, ...gone.rows];
  const isMoved = moved.some((row) => row.kind === 'service');
  // An entry that is another one now may have told of other repositories before.
  const told = [...moved, ...(isMoved ? located.rows : [])];
  return {
    isMoved,
    repositories: [
      ...new Set([
        ...moved.flatMap((row) => (row.repository === null ? [] : keysOfCode(row.repository))),
        ...told.flatMap((row) => (row.located ?? []).map(({ repository }) => `repo:${repository}`)),
      ]),
    ],
    advisories: [...new Set(moved.flatMap((row) => row.advisory ?? []))],
    takenBack: gone.rows.length,
  };
}

/** The last of equal ones counts. */
function entriesOf({ catalogue, request }: AppliedScan): readonly StoredEntry[] {
  const repository = identifyResource({ kind: 'repository', name: null }, request.naming).key;
  const entries = catalogue.map(({ unit, entry }): StoredEntry => {
    if (entry.kind === 'code-owners')
      return { file: unit, entity: '', kind: 'code-owners', body: { repository, ...entry.file } };
    if (entry.kind === 'vex') return { file: unit, kind: 'vex', ...keptStatement(entry) };
    const { kind: _kind, ...body } = entry;
    return { file: unit, entity: entry.entity, kind: 'service', body };
  });
  return [...new Map(entries.map((entry) => [`${entry.file}\n${entry.entity}`, entry])).values()];
}

/** One word about one product each, by what it is about. */
function keptStatement(entry: VexObservation): Pick<StoredEntry, 'entity' | 'body'> {
  const { product, status } = entry;
  const advisory = spelledAdvisory(entry.advisory.id);
  const within = entry.within ?? null;
  const { justification = null, statement = null, author = null, statedAt = null } = entry;
  return {
    entity: digestOfText(JSON.stringify([advisory, product, within])),
    body: { advisory, product, within, status, justification, statement, author, statedAt },
  };
}

export async function loadCatalogue(connection: Connection, shard: bigint): Promise<Catalogue> {
  const result = await connection.query<{ source_id: string; body: Omit<CatalogueEntry, 'sourceId'> }>(
    `select source_id, body from catalogue_entry where shard = $1 and kind = 'service' and not is_retired order by source_id, entity, scope_id, file`,
    [shard],
  );
  return new Catalogue(result.rows.map(({ source_id, body }) => ({ ...body, sourceId: source_id })));
}

/** Every resource may be what an entry is about. */
export async function allResourceKeys(connection: Connection, shard: bigint): Promise<readonly string[]> {
  const result = await connection.query<{ key: string }>(
    `select key from resource where shard = $1 and gone_at is null and type <> all($2::text[])`,
    [shard, NO_RESOURCES],
  );
  return result.rows.map(({ key }) => key);
}

/** What says by its labels to be built from one of these repositories, or is described by Terraform in one. */
export async function keysMadeFrom(
  connection: Connection,
  shard: bigint,
  repositories: readonly string[],
): Promise<readonly string[]> {
  if (repositories.length === 0) return [];
  const result = await connection.query<{
    key: string;
    tags: Readonly<Record<string, string>>;
    described_in: string | null;
  }>(
    `select key, tags, described_in from resource where shard = $1 and gone_at is null and (tags ? $2 or described_in like '%//%')`,
    [shard, SOURCE_LABEL],
  );
  return result.rows.flatMap(({ key, tags, described_in }) => {
    const { repository } = describedPlace(described_in ?? '');
    return repositories.includes(builtFrom(tags) ?? '') || repositories.includes(repository ?? '')
      ? [key]
      : [];
  });
}
