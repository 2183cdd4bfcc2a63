import { ahead } from '#base/ahead.ts';
import type { IssueSettings } from '#domain/inbox/assess-issue.ts';
import {
  type AlikeIssue,
  type AlikeWorld,
  assessWorld,
  type KnownIssues,
  loadAlike,
  withToldLeads,
} from './assess-alike.ts';
import type { Queryable } from './database.ts';
import { KeptSummaries } from './kept-summaries.ts';
import type { Organisation } from './organisation.ts';
import { loadStoredIssues } from './stored-issues.ts';

const ISSUES_PER_CHUNK = 1_000;

/** Some issues, assessed, and those that have no open finding. */
export interface AssessedPart {
  readonly loaded: readonly AlikeIssue[];
  readonly empty: readonly string[];
  /** How they were stored when they were loaded. */
  readonly stored: KnownIssues['stored'];
}

interface PartsOptions {
  /** Each step of the next part is begun with while whoever asked works on one. */
  readonly isAhead?: boolean;
  /** The findings are as they were when the issues were stored; what is decided and ruled about them may be new. */
  readonly areFindingsSame?: boolean;
}

/** Assesses any number of issues, a part at a time. */
export async function* assessedParts(
  db: Queryable,
  organisation: Organisation,
  settings: IssueSettings,
  issueIds: Iterable<string>,
  { isAhead = false, areFindingsSame = false }: PartsOptions = {},
): AsyncGenerator<AssessedPart> {
  const begun = <T>(values: AsyncIterable<T>) => (isAhead ? ahead(values) : values);
  const worlds = begun(loadedParts(db, organisation, settings, issueIds, areFindingsSame));
  for await (const { world, loaded, ...part } of begun(assessEach(worlds)))
    yield { ...part, loaded: world === null ? [] : await withToldLeads(db, organisation, loaded, world) };
}

interface LoadedPart extends Omit<AssessedPart, 'loaded'> {
  readonly world: AlikeWorld | null;
}

async function* assessEach(parts: AsyncIterable<LoadedPart>): AsyncGenerator<LoadedPart & AssessedPart> {
  for await (const part of parts)
    yield { ...part, loaded: part.world === null ? [] : await assessWorld(part.world) };
}

async function* loadedParts(
  db: Queryable,
  organisation: Organisation,
  settings: IssueSettings,
  issueIds: Iterable<string>,
  areFindingsSame: boolean,
): AsyncGenerator<LoadedPart> {
  const kept = new KeptSummaries();
  for (const chunk of chunksOf(issueIds)) {
    const empty = new Set(chunk);
    const stored = await loadStoredIssues(db, organisation.shard, chunk);
    const known = { stored, areFindingsSame };
    for await (const world of loadAlike(db, organisation, settings, chunk, kept, known)) {
      for (const { issue_id } of world.groups) empty.delete(issue_id);
      yield { world, empty: [], stored };
    }
    if (empty.size > 0) yield { world: null, empty: [...empty], stored };
  }
}

export function* chunksOf(ids: Iterable<string>): Iterable<readonly string[]> {
  let chunk: string[] = [];
  for (const id of ids) {
    chunk.push(id);
    if (chunk.length < ISSUES_PER_CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
