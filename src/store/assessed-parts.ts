import type { IssueSettings } from '#domain/inbox/assess-issue.ts';
import { type AlikeIssue, assessAlike } from './assess-alike.ts';
import type { Queryable } from './database.ts';
import { KeptSummaries } from './kept-summaries.ts';
import type { Organisation } from './organisation.ts';

const ISSUES_PER_CHUNK = 1_000;

/** Some issues, assessed, and those that have no open finding. */
interface AssessedPart {
  readonly loaded: readonly AlikeIssue[];
  readonly empty: readonly string[];
}

/** Assesses any number of issues, a part at a time. */
export async function* assessedParts(
  db: Queryable,
  organisation: Organisation,
  settings: IssueSettings,
  issueIds: Iterable<string>,
): AsyncGenerator<AssessedPart> {
  const kept = new KeptSummaries();
  for (const chunk of chunksOf(issueIds)) {
    const empty = new Set(chunk);
    for await (const loaded of assessAlike(db, organisation, settings, chunk, kept)) {
      for (const { id } of loaded) empty.delete(id);
      yield { loaded, empty: [] };
    }
    if (empty.size > 0) yield { loaded: [], empty: [...empty] };
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
