import { foldText } from '#domain/query/folded-text.ts';
import type { Connection, Queryable } from './database.ts';

const WORDS_MAX = 8;
/** Behind `from issue`, whose shard is `$1`: the texts that the patterns of a search are for. */
export const JOINED_TEXTS =
  ' join issue_text on issue_text.shard = issue.shard and issue_text.id = issue.id and issue_text.shard = $1';

/** Stores what a search by words finds of these issues. */
export async function saveSearchedTexts(
  connection: Connection,
  shard: bigint,
  issues: readonly { readonly id: string; readonly title: string; readonly key: string }[],
): Promise<void> {
  if (issues.length === 0) return;
  await connection.query({
    name: 'save-issue-texts',
    text: `insert into issue_text (shard, id, text) select $1, id, text from unnest($2::text[], $3::text[]) as row (id, text)
      on conflict (shard, id) do update set text = excluded.text where issue_text.text <> excluded.text`,
    values: [shard, issues.map(({ id }) => id), issues.map(({ key, title }) => searchedText(title, key))],
  });
}

/**
 * Texts that this transaction stores wait beside their index until `mergeSearchedTexts`, or the server by itself, puts them in,
 * which takes time that whoever waits for the transaction need not wait for. A search looks through them meanwhile.
 */
export async function postponeSearchedTexts(connection: Connection): Promise<void> {
  await connection.query("set local gin_pending_list_limit = '1GB'");
}

/** Puts texts that wait beside their index into it, and answers how many pages they took; none where there is no index. */
export async function mergeSearchedTexts(db: Queryable): Promise<number> {
  const result = await db.query<{ pages: bigint }>(
    "select gin_clean_pending_list(indexrelid) as pages from pg_index where indexrelid = to_regclass('issue_text_words')",
  );
  return Number(result.rows[0]?.pages ?? 0);
}

/** What a search by words looks at, as it is stored: any word of a search stands in it as it is, in lower case. */
export function searchedText(title: string, key: string): string {
  return foldText(`${title}\n${key}`);
}

/** The words of a search, as they stand in the texts of issues that have them; none where nothing is searched. */
export function searchWords(text: string | null): readonly string[] {
  return (text ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX)
    .map(foldText);
}

/** The patterns of `like` that the text of an issue has to match, all of them. */
export function searchPatterns(text: string | null): readonly string[] {
  return searchWords(text).map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
}
