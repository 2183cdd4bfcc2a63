import type { FindingType } from '#domain/finding/finding-type.ts';
import type { InboxFilter, IssueStatus } from '#domain/ports/inbox-store.ts';
import type { Pool } from './database.ts';
import { type IssueKind, isLookedAt, isOfFacets, isOfKinds } from './issue-kinds.ts';
import { searchWords } from './issue-search.ts';
import { JoinedTexts } from './joined-texts.ts';

/** More are searched by the database. */
const ISSUES_MAX = 300_000;
/** Whoever searches once or twice and ends, a command, is served sooner by the database. */
const SEARCHES_BEFORE = 2;

interface Entry {
  readonly id: string;
  readonly rank: bigint;
  readonly kind: number;
  readonly text: string;
}

interface IssueTextRow extends IssueKind {
  readonly id: string;
  readonly rank: bigint;
  readonly text: string;
}

/**
 * All issues that are not resolved, in the memory of this process, as far as a search by words and the counts
 * beside it look at them: a word that stands in most of a hundred thousand issues is then answered in
 * milliseconds. Each search first asks for the version of the inbox and reads what changed since, so that its
 * answer is as exact as the database's.
 */
export class IssueColumns {
  readonly #pool: Pool;
  readonly #shard: bigint;
  #searches = 0;
  /** Of the inbox as it is kept; null where nothing is. */
  #version: bigint | null = null;
  #kinds: IssueKind[] = [];
  readonly #numbers = new Map<string, number>();
  /** Highest rank first, of equal ones the larger id. */
  #entries: readonly Entry[] = [];
  /** Their texts; null until the next search. */
  #texts: JoinedTexts | null = null;
  /** Those with the words that were searched last, as far as somebody wanted them: page, counts and the choice of a facet follow each other. */
  #found: { readonly words: string; readonly entries: Entry[]; readonly rest: Iterator<number> } | null =
    null;
  #reading: Promise<void> = Promise.resolve();

  constructor(pool: Pool, shard: bigint) {
    this.#pool = pool;
    this.#shard = shard;
  }

  /** How many issues with the words of the filter there are of each kind, whatever its facets say; null where the database has to be asked. */
  async kindsWith(filter: InboxFilter): Promise<readonly (IssueKind & { readonly issues: bigint })[] | null> {
    if (!(await this.#isReady(filter))) return null;
    const counts = this.#kinds.map(() => 0);
    const isWanted = this.#kinds.map((kind) => isLookedAt(kind, filter));
    for (const { kind } of this.#withWords(filter.text))
      if (isWanted[kind] === true) counts[kind] = (counts[kind] as number) + 1;
    return this.#kinds.map((kind, index) => ({ ...kind, issues: BigInt(counts[index] as number) }));
  }

  /** The ids of the first issues of the filter behind a place of the list, in order; null where the database has to be asked. */
  async page(
    filter: InboxFilter,
    after: { readonly rank: bigint; readonly id: string } | null,
    limit: number,
  ): Promise<readonly string[] | null> {
    if (!(await this.#isReady(filter))) return null;
    const isWanted = this.#kinds.map((kind) => isLookedAt(kind, filter) && isOfFacets(kind, filter));
    const ids: string[] = [];
    for (const entry of this.#withWords(filter.text)) {
      if (ids.length >= limit) break;
      if (isWanted[entry.kind] !== true) continue;
      if (after === null || inOrder(after, entry) < 0) ids.push(entry.id);
    }
    return ids;
  }

  *#withWords(text: string | null): Iterable<Entry> {
    const words = searchWords(text);
    const name = words.join(' ');
    if (this.#found?.words !== name) {
      this.#texts ??= new JoinedTexts(this.#entries.map((entry) => entry.text));
      this.#found = { words: name, entries: [], rest: this.#texts.withWords(words) };
    }
    const { entries, rest } = this.#found;
    for (let at = 0; ; at++) {
      if (at === entries.length) {
        const next = rest.next();
        if (next.done === true) return;
        entries.push(this.#entries[next.value] as Entry);
      }
      yield entries[at] as Entry;
    }
  }

  async #isReady(filter: InboxFilter): Promise<boolean> {
    if (filter.statuses.includes('resolved') || !isOfKinds(filter.condition)) return false;
    if (this.#searches < SEARCHES_BEFORE) {
      this.#searches++;
      return false;
    }
    // One after the other: what two read at once would be put in twice.
    const reading = this.#reading.then(() => this.#catchUp());
    this.#reading = reading.catch(() => undefined);
    await reading;
    return this.#version !== null;
  }

  async #catchUp(): Promise<void> {
    const found = await this.#pool.query<{ version: bigint; forgotten: bigint }>({
      name: 'inbox-version',
      text: 'select version, forgotten from inbox_version where shard = $1',
      values: [this.#shard],
    });
    const { version, forgotten } = found.rows[0] ?? { version: 0n, forgotten: 0n };
    if (version === this.#version) return;
    const since = this.#version === null || forgotten > this.#version ? null : this.#version;
    // Read after the version: what changes in between is read once more.
    const rows = await this.#pool.query<IssueTextRow>({
      name: 'issue-columns',
      text: `select issue.id, rank, status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, text
        from issue join issue_text on issue_text.shard = issue.shard and issue_text.id = issue.id
        where issue.shard = $1 and issue_text.shard = $1 and (($2::bigint is null and status <> 'resolved') or version > $2) limit $3`,
      values: [this.#shard, since, ISSUES_MAX + 1],
    });
    if (rows.rows.length > ISSUES_MAX) {
      this.#forget();
      return;
    }
    if (since === null) this.#forget();
    this.#put(rows.rows);
    this.#version = this.#entries.length > ISSUES_MAX ? null : version;
  }

  #forget(): void {
    this.#version = null;
    this.#entries = [];
    this.#texts = null;
    this.#found = null;
    this.#kinds = [];
    this.#numbers.clear();
  }

  #put(rows: readonly IssueTextRow[]): void {
    const changed = new Set(rows.map((row) => row.id));
    const added = rows
      .filter((row) => row.status !== 'resolved')
      .map((row): Entry => ({ id: row.id, rank: row.rank, kind: this.#numberOf(row), text: row.text }))
      .sort(inOrder);
    this.#texts = null;
    this.#found = null;
    this.#entries = merged(
      this.#entries.filter((entry) => !changed.has(entry.id)),
      added,
    );
  }

  #numberOf({
    status,
    is_muted,
    is_admitted,
    type,
    severity,
    risks_yes,
    risks_unknown,
  }: IssueTextRow): number {
    const kind = {
      status,
      is_muted,
      is_admitted,
      type,
      severity,
      risks_yes,
      risks_unknown,
    } satisfies IssueKind;
    const name = Object.values<IssueStatus | FindingType | boolean | number>(kind).join('|');
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#kinds.push(kind) - 1;
      this.#numbers.set(name, number);
    }
    return number;
  }
}

/** Below 0 where `a` stands before `b`. */
function inOrder(a: Pick<Entry, 'rank' | 'id'>, b: Pick<Entry, 'rank' | 'id'>): number {
  if (a.rank !== b.rank) return a.rank > b.rank ? -1 : 1;
  return a.id === b.id ? 0 : a.id > b.id ? -1 : 1;
}

function merged(a: readonly Entry[], b: readonly Entry[]): readonly Entry[] {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  const all: Entry[] = [];
  let next = 0;
  for (const entry of a) {
    while (next < b.length && inOrder(b[next] as Entry, entry) < 0) all.push(b[next++] as Entry);
    all.push(entry);
  }
  while (next < b.length) all.push(b[next++] as Entry);
  return all;
}
