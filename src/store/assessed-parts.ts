import { ahead } from '#base/ahead.ts';
import type { IssueSettings } from '#domain/inbox/assess-issue.ts';
import { type AlikeIssue, type AlikeWorld, assessWorld, loadAlike } from './assess-alike.ts';
import type { Queryable } from './database.ts';
import { KeptSummaries } from './kept-summaries.ts';
import type { Organisation } from './organisation.ts';

const ISSUES_PER_CHUNK = 1_000;

/** Some issues, assessed, and those that have no open finding. */
interface AssessedPart {
  readonly loaded: readonly AlikeIssue[];
  readonly empty: readonly string[];
}

/** Assesses any number of issues, a part at a time; `isAhead`: what the next is assessed from is loaded meanwhile. */
export async function* assessedParts(
  db: Queryable,
  organisation: Organisation,
  settings: IssueSettings,
  issueIds: Iterable<string>,
  isAhead = false,
): AsyncGenerator<AssessedPart> {
  const parts = loadedParts(db, organisation, settings, issueIds);
  for await (const { world, empty } of isAhead ? ahead(parts) : parts)
    yield { loaded: world === null ? [] : await assessWorld(db, organisation, world), empty };
}

async function* loadedParts(
  db: Queryable,
  organisation: Organisation,
  settings: IssueSettings,
  issueIds: Iterable<string>,
): AsyncGenerator<{ readonly world: AlikeWorld | null; readonly empty: readonly string[] }> {
  const kept = new KeptSummaries();
  for (const chunk of chunksOf(issueIds)) {
    const empty = new Set(chunk);
    for await (const world of loadAlike(db, organisation, settings, chunk, kept)) {
      for (const { issue_id } of world.groups) empty.delete(issue_id);
      yield { world, empty: [] };
    }
    if (empty.size > 0) yield { world: null, empty: [...empty] };
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
